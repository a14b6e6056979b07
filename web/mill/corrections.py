"""What a party said wrongly, set right by a later statement: the earlier one stays, and is void.

    /corrections             my own statements, the newest first
    /corrections/<digest>    one of them: it never happened, or what is right instead

The form of a correction has a field for each value of the statement, by its path: "inputs.0.amount.kg".
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, is_dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from flask import Blueprint, render_template, request, url_for

from ledger.canonical import decimal_text
from traceability import own_records
from traceability.codec import members
from traceability.errors import Invalid, Problem
from traceability.events import Event
from traceability.events.fact import SHANGHAI, Sealed
from traceability.events.movement import Shipped
from traceability.events.registry import Role
from traceability.own_records import Said
from web import handover, paging
from web.access import me, require
from web.forms import Form
from web.recording import STATEMENT, Answer, Given, blank, event_of, filled, nested, submitted
from web.services import services
from web.words import VOCABULARIES, choices, word

PAGE = 50
FINAL = frozenset({"corrected", "erased", "codes-issued", "codes-voided", "rules-adopted", "log-opened"})
"""What is not corrected: codes are voided instead, and a correction is corrected by a new statement."""
KEPT = frozenset({"handover", "token", "shipment", "kind", "clerk", "zone"})
"""Fields that a correction does not offer to change."""


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a statement as a form shows it: its path, its name, its text, and what may stand there."""

    path: str
    name: str
    text: str
    options: tuple[tuple[str, str], ...] = ()


def add_to(room: Blueprint, *roles: Role) -> None:
    """Give *room* the pages of corrections, for people of *roles*."""
    guard = require(*roles)
    room.add_url_rule("/corrections", "corrections", guard(corrections))
    room.add_url_rule("/corrections/<digest>", "correction", guard(correction))
    room.add_url_rule(
        "/corrections/<digest>", "submit_correction", guard(submit_correction), methods=["POST"]
    )


def corrections() -> str:
    """Show the statements of the asking party, fifty at a time."""
    with services().reading() as reader:
        found = own_records.entries(reader, me().party, limit=PAGE + 1, before=paging.before())
    older = found[PAGE - 1].entry if len(found) > PAGE else None
    return render_template("mill/corrections.html", entries=found[:PAGE], older=older, final=FINAL)


def correction(digest: str) -> str:
    """Show one of one's own statements and the form that corrects it."""
    said, event = _mine(digest)
    return _page(said, event, blank())


def submit_correction(digest: str) -> Answer:
    """Record a correction."""
    said, event = _mine(digest)
    return submitted(
        lambda values: _corrected(said, event, values),
        lambda form: _page(said, event, form),
        lambda _digest: url_for(f"{request.blueprint}.corrections"),
        is_closed_up=False,
    )


def _mine(digest: str) -> tuple[Said, Event]:
    """Return a statement of the asking party with what it sealed; raises `Unknown` or `NotAllowed`."""
    shared = services()
    with shared.reading() as reader:
        said = own_records.entry(reader, me().party, digest)
        return said, own_records.opened(reader, shared.sealed, reader.statement(said.entry))


def _page(said: Said, event: Event, form: Form) -> str:
    return render_template(
        "mill/correction.html",
        said=said,
        form=form,
        values=[_value(path, text) for path, text in _leaves(event, "") if path.split(".")[-1] not in KEPT],
        is_final=said.kind in FINAL or said.void_by is not None,
    )


def _value(path: str, content: Any) -> Value:
    field = path.rsplit(".", maxsplit=1)[-1]
    options = choices(field) if isinstance(content, str) and content in VOCABULARIES.get(field, {}) else []
    if isinstance(content, bool):
        options = [("true", "✓"), ("false", "✗")]
    return Value(path, _name(path), _text(content), tuple(options))


def _name(path: str) -> str:
    """Return what a value is called: in a row, with the group and number of the row before it."""
    steps = path.split(".")
    *_, last = (step for step in steps if not step.isdigit())
    is_in_row = len(steps) > 2 and steps[1].isdigit()
    return (f"{word('field', steps[0])} {int(steps[1]) + 1} · " if is_in_row else "") + word("field", last)


def _text(content: Any) -> str:
    match content:
        case bool():
            return str(content).lower()
        case Decimal():
            return decimal_text(content)
        case datetime():
            return content.astimezone(SHANGHAI).isoformat(timespec="seconds")
    return str(content)


def _leaves(part: Any, path: str) -> Iterator[tuple[str, Any]]:
    """Yield each value of an event with its path; what is absent, or sealed and gone, is left out."""
    if is_dataclass(part) and not isinstance(part, Sealed):
        for member in members(type(part)):
            yield from _leaves(getattr(part, member.name), f"{path}.{member.name}".lstrip("."))
    elif isinstance(part, tuple):
        for number, each in enumerate(part):
            yield from _leaves(each, f"{path}.{number}")
    elif part is not None and not isinstance(part, Sealed):
        yield path, part


def _corrected(said: Said, event: Event, values: Mapping[str, str]) -> Event:
    given: Given = {"target": said.digest, **filled(values, "reason", "note")}
    if values.get("reason") == "incorrect":
        given["replacement"] = _replacement(event, values)
    try:
        return event_of("corrected", {}, given)
    except Invalid as error:
        # The form has the values of the replacement at the paths that they have in the first statement.
        raise Invalid(*(_at_its_value(each) for each in error.problems)) from error


def _at_its_value(problem: Problem) -> Problem:
    return Problem("value." + problem.where.removeprefix("replacement."), problem.code, problem.facts)


def _replacement(event: Event, values: Mapping[str, str]) -> Given:
    """Return what is said instead: the first statement's values, those that were typed in their places."""
    said: dict[str, Any] = {}
    for path, content in _leaves(event, ""):
        typed = values.get(f"value.{path}")
        text = _text(content) if typed is None or path.split(".")[-1] in KEPT else typed
        if text:
            said[path] = text == "true" if isinstance(content, bool) else text
    if isinstance(event, Shipped):
        # A note is printed anew, with the word that belongs to the correction's own statement.
        word = handover.token_of(services().settings, values[STATEMENT])
        said["handover"] = handover.digest_of(word)
    return {"kind": event.kind, **nested(said), "clerk": me().name}
