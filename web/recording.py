"""From a form to the log: what was typed becomes a statement, once, however often it is sent.

    "inputs.0.lot": "…"      →   {"inputs": [{"lot": "…"}]}      names are paths, rows count from 0
    "2026-09-21T08:00"       →   2026-09-21T08:00+08:00          forms have the clock of Shanghai
    no time at all           →   now

A form carries the id of its future statement in the hidden field `statement`: sent twice, it finds itself
recorded. What a person typed comes back with whatever is wrong, rows that were left empty closed up.
"""

import re
from collections.abc import Callable, Mapping
from itertools import count
from typing import Any

from flask import flash, redirect, request
from werkzeug.wrappers import Response

from ledger.errors import LedgerError
from traceability import schema
from traceability.errors import Breach, Invalid, Problem, TraceError
from traceability.events import Event
from traceability.events.fact import SHANGHAI
from traceability.statement import new_id
from web.access import me
from web.forms import Form
from web.language import gettext
from web.problems import tell, tell_breaches
from web.services import services
from web.signing import sign

Given = dict[str, Any]
Answer = str | Response | tuple[str, int]

STATEMENT = "statement"

SPARE = 3
"""How many empty rows stand ready on a form, below those that were filled in."""

_OF_FORM = frozenset({"csrf_token", "action"})
_ID = re.compile(r"urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
_ROW = re.compile(r"([a-z_]+)\.([0-9]{1,3})\.(.+)")
_MAKES_A_ROW = frozenset({"lot", "amount", "number", "analyte", "value", "passed"})
_LOCAL = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2})?")


def blank(**values: str) -> Form:
    """Return a form that nobody has filled in yet, with the id of its future statement."""
    return Form({STATEMENT: new_id(), **values})


def typed(form: Mapping[str, str], *, is_closed_up: bool = True) -> dict[str, str]:
    """Return what was typed, trimmed; rows in which nothing was typed are gone, the others count from 0.

    What a page fills in by itself (a unit, a product) makes no row; only the members of `_MAKES_A_ROW` do.
    """
    values = {name: text.strip() for name, text in form.items() if name not in _OF_FORM}
    if not _ID.fullmatch(values.get(STATEMENT, "")):
        values[STATEMENT] = new_id()
    return _closed_up(values) if is_closed_up else values


def _closed_up(values: Mapping[str, str]) -> dict[str, str]:
    numbers: dict[tuple[str, int], int] = {}
    for group, row in sorted(_rows_in(values)):
        numbers[group, row] = sum(1 for each in numbers if each[0] == group)
    found: dict[str, str] = {}
    for name, text in values.items():
        row_name = _ROW.fullmatch(name)
        if row_name is None:
            found[name] = text
        elif (number := numbers.get((row_name[1], int(row_name[2])))) is not None:
            found[f"{row_name[1]}.{number}.{row_name[3]}"] = text
    return found


def _rows_in(values: Mapping[str, str]) -> set[tuple[str, int]]:
    named = ((_ROW.fullmatch(name), text) for name, text in values.items())
    return {
        (row[1], int(row[2])) for row, text in named if row is not None and row[3] in _MAKES_A_ROW and text
    }


def rows(values: Mapping[str, str], group: str) -> list[dict[str, str]]:
    """Return the rows of *group* as they were typed, without what is empty."""
    found: dict[int, dict[str, str]] = {}
    for name, text in values.items():
        row = _ROW.fullmatch(name)
        if row is not None and row[1] == group:
            found.setdefault(int(row[2]), {})
            if text:
                found[int(row[2])][row[3]] = text
    return [found[number] for number in sorted(found)]


def row_count(form: Form, group: str) -> int:
    """Return how many rows of *group* stand on *form*, counted up to the first that is empty."""
    return next(
        number
        for number in count()
        if not any(form.value(f"{group}.{number}.{member}") for member in _MAKES_A_ROW)
    )


def filled(values: Mapping[str, str], *names: str) -> Given:
    """Return those of *names* in which something was typed."""
    return {name: values[name] for name in names if values.get(name)}


def nested(values: Mapping[str, Any]) -> Given:
    """Return values by path as the objects and lists that the paths describe; rows stand in their order."""
    found: Given = {}
    for path, content in values.items():
        *steps, last = path.split(".")
        place = found
        for step in steps:
            place = place.setdefault(step, {})
        place[last] = content
    return {name: _listed(content) for name, content in found.items()}


def _listed(content: Any) -> Any:
    if not isinstance(content, dict):
        return content
    inner = {name: _listed(each) for name, each in content.items()}
    if all(name.isdigit() for name in inner):
        return [inner[name] for name in sorted(inner, key=int)]
    return inner


def amount(text: str | None, measure: str) -> Given:
    """Return {"amount": …} in the *measure* of its lot; nothing where nothing was typed."""
    if not text:
        return {}
    return {"amount": {"kg": text} if measure == "mass" else {"pieces": text}}


def event_of(kind: str, values: Mapping[str, str], given: Given) -> Event:
    """Return the event that a form tells, at the time that was typed or else now; `Invalid` names fields."""
    moment = values.get("at") or services().clock().astimezone(SHANGHAI).isoformat()
    if _LOCAL.fullmatch(moment):
        moment += "+08:00"
    try:
        return schema.load(kind, {"at": moment, "clerk": me().name, **given})
    except Invalid as error:
        raise Invalid(*map(_at_its_field, error.problems)) from error


def _at_its_field(problem: Problem) -> Problem:
    """Return *problem* at the field that a form has: one for an amount, whatever it is counted in."""
    return Problem(re.sub(r"\.(kg|pieces)$", "", problem.where), problem.code, problem.facts)


def record(event: Event, statement_id: str) -> str:
    """State *event* for whoever has signed in, tell them what the rules remarked, and return its digest.

    What was recorded under this id already is not recorded again.
    """
    done = sign(services(), me().party, event, statement_id, is_whole=False)
    if done.was_known:
        flash(gettext("这张表单已经登记为第 %(index)s 条，没有重复登记。", index=done.index))
        return done.digest
    flash(gettext("已登记为账本第 %(index)s 条。", index=done.index))
    for sentence in tell_breaches(map(_breach, done.flags)):
        flash(gettext("提示：%(text)s", text=sentence.text))
    return done.digest


def _breach(flag: Mapping[str, Any]) -> Breach:
    return Breach(flag["rule"], flag["clause"], tuple(flag["facts"].items()), flag["level"])


def submitted(
    tell_event: Callable[[dict[str, str]], Event],
    page: Callable[[Form], str],
    onward: Callable[[str], str],
    *,
    is_closed_up: bool = True,
) -> Answer:
    """Record what the form of this request tells and go on, or show it again with all that was typed.

    *tell_event* makes the event of the values; *onward* gives the address after it from its digest. A form
    whose rows must keep their numbers is not closed up.
    """
    values = typed(request.form, is_closed_up=is_closed_up)
    try:
        digest = record(tell_event(values), values[STATEMENT])
    except (TraceError, LedgerError) as error:
        told = tell(error)
        return page(Form(values, told)), told.status
    return redirect(onward(digest))
