"""What an office states itself: holds resolved, records confirmed, lots recalled, parties registered.

Each form carries the id of its future statement, so that sending it twice records it once. Whether the office
may say so of this party, lot or record is asked before anything else; the rules ask once more.
"""

import re
import threading
from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from ledger.errors import LedgerError
from traceability import report
from traceability.errors import Invalid, NotAllowed, Problem, TraceError
from traceability.events import Event
from traceability.events.registry import PartyRegistered
from traceability.reading import Reader
from traceability.scope import Scope, covers
from traceability.vocabulary import divisions
from web.access import me
from web.filing import lot_typed
from web.forms import Form
from web.language import N_, gettext
from web.problems import tell
from web.recording import Answer, Given, blank, event_of, filled, submitted, typed
from web.regulator.lists import lot_number
from web.regulator.looking import place_name, trace
from web.regulator.room import (
    OFFICES,
    ONLY_REGULATORS,
    area,
    blueprint,
    division_name,
    own_lot,
    own_party,
    own_record,
    parties,
    shopper_path,
    typed_lot,
)
from web.services import services
from web.words import choices

PARTY = re.compile(r"(?=.{1,30}$)[a-z0-9](?:-?[a-z0-9])*")
PERSONAL = frozenset({"farm", "household", "stall"})
"""Whose name is that of a person."""

DETAILS = (
    "uscc",
    "laboratory_mark",
    "township",
    "department",
    "market",
    "permit",
    "representative",
    "contact",
)
LEVELS = ("1", "2", "3")
CAUSES = ("failed-test", "banned-pesticide", "interval-broken", "contamination", "mislabelled", "other")

# One at a time: between "is this name free?" and the grant of its key nobody else may take it.
_registering = threading.Lock()


@dataclass(frozen=True, slots=True)
class Target:
    """The record that a form is about."""

    index: int
    digest: str
    kind: str
    by: str


def _target(index: int) -> Target:
    with services().reading() as reader:
        row = own_record(reader, index)
    return Target(index, row.digest, row.kind, row.by)


def _record_page(_digest: str = "", *, index: int) -> str:
    return url_for("regulator.record", index=index)


# A hold is resolved; a record is confirmed.


@blueprint.get("/record/<int:index>/resolve")
@ONLY_REGULATORS
def resolve(index: int) -> str:
    """Show the form by which a second party says that it looked into a hold."""
    return _about_record("regulator/resolve.html", _target(index), blank())


@blueprint.post("/record/<int:index>/resolve")
@ONLY_REGULATORS
def submit_resolve(index: int) -> Answer:
    """Record that the hold was looked into."""
    target = _target(index)
    return submitted(
        lambda values: _resolved(target, values),
        lambda form: _about_record("regulator/resolve.html", target, form),
        lambda _digest: _record_page(index=index),
    )


def _resolved(target: Target, values: dict[str, str]) -> Event:
    # Without a word on what was found, nobody can judge the judgement.
    if not values.get("note"):
        raise Invalid(Problem("note", "missing"))
    return event_of("hold-resolved", values, {"target": target.digest, "note": values["note"]})


@blueprint.get("/record/<int:index>/confirm")
@OFFICES
def confirm(index: int) -> str:
    """Show the question whether a record is right."""
    return _about_record("regulator/confirm.html", _target(index), blank())


@blueprint.post("/record/<int:index>/confirm")
@OFFICES
def submit_confirm(index: int) -> Answer:
    """Record that a second party found it right."""
    target = _target(index)
    return submitted(
        lambda values: event_of("confirmed", values, {"target": target.digest}),
        lambda form: _about_record("regulator/confirm.html", target, form),
        lambda _digest: _record_page(index=index),
    )


def _about_record(template: str, target: Target, form: Form) -> str:
    with services().reading() as reader:
        return render_template(template, form=form, target=target, parties=parties(reader))


# A lot is recalled.


@blueprint.get("/recall")
@ONLY_REGULATORS
def recall() -> str:
    """Show whom a recall would reach, and the form that orders it; first of all ask for the lot."""
    return _recall_form(request.args.get("lot", ""), blank())


@blueprint.post("/recall")
@ONLY_REGULATORS
def submit_recall() -> Answer:
    """Record the recall of a lot, once it has been shown whom it would reach."""
    lot = lot_typed(request.form.get("lot", ""))
    try:
        with services().reading() as reader:
            _may_recall(reader, lot)
    except Invalid as error:
        told = tell(error)
        return _recall_form("", Form(typed(request.form), told)), told.status
    if "look" in request.form:
        return _recall_form(lot, Form({**typed(request.form), "lot": lot}))
    return submitted(
        _recalled, lambda form: _recall_form(lot, form), lambda _digest: url_for("regulator.lot", lot=lot)
    )


def _may_recall(reader: Reader, lot: str) -> None:
    if not lot:
        raise Invalid(Problem("lot", "missing"))
    if lot == request.args.get("lot"):
        own_lot(reader, lot)
    else:
        typed_lot(reader, lot)


def _recalled(values: dict[str, str]) -> Event:
    return event_of("recalled", values, filled(values, "lot", "level", "cause", "note"))


def _recall_form(lot: str, form: Form) -> str:
    with services().reading() as reader:
        return render_template(
            "regulator/recall.html",
            form=form,
            lot=lot,
            number=lot_number,
            path=shopper_path,
            # Whom it reaches is shown before it can be signed.
            trace=trace(reader, own_lot(reader, lot)) if lot else None,
            parties=parties(reader),
            place_name=place_name,
            levels=[pair for pair in choices("level") if pair[0] in LEVELS],
            causes=[pair for pair in choices("cause") if pair[0] in CAUSES],
        )


# A prefix is licensed.


@blueprint.get("/party/<party>/prefix")
@OFFICES
def prefix(party: str) -> str:
    """Show the form by which a licence of GS1 is registered."""
    return _prefix_form(party, blank())


@blueprint.post("/party/<party>/prefix")
@OFFICES
def submit_prefix(party: str) -> Answer:
    """Record that the party holds the licence."""
    with services().reading() as reader:
        own_party(reader, party)

    def told(values: dict[str, str]) -> Event:
        return event_of("prefix-licensed", values, {"party": party, **filled(values, "prefix", "document")})

    return submitted(
        told, lambda form: _prefix_form(party, form), lambda _digest: url_for("regulator.party", party=party)
    )


def _prefix_form(party: str, form: Form) -> str:
    with services().reading() as reader:
        row = own_party(reader, party)
    return render_template("regulator/prefix.html", form=form, row=row)


# A party is registered.


@blueprint.get("/register")
@OFFICES
def register() -> str:
    """Show the form by which an organisation joins."""
    return _register_form(blank())


@blueprint.post("/register")
@OFFICES
def submit_register() -> Answer:
    """Give the organisation a key in the platform's custody, and record who it is."""
    values = typed(request.form)
    try:
        return registered(party_of(values))
    except (TraceError, LedgerError) as error:
        told = tell(error)
        return _register_form(Form(values, told)), told.status


def registered(event: PartyRegistered) -> Response:
    """Give the party of *event* a key and record the event, or neither; raises where its name is taken."""
    shared = services()
    with _registering:
        with shared.reading() as reader:
            is_free = not report.has_party(reader.connection, Scope(None), event.party)
        if not is_free:
            raise Invalid(Problem("party", "party-taken", (("value", event.party),)))
        # Before the key is made, for a key without a party would stay.
        shared.journal.platform_key(me().party)
        shared.register_party(event, by=me().party)
    flash(gettext(N_("已登记 %(party)s，密钥由平台代管。请平台运营方为它开通登录账号。"), party=event.party))
    return redirect(url_for("regulator.party", party=event.party))


def party_of(values: dict[str, str], kind: str = "party-registered") -> PartyRegistered:
    """Return the registration (or proposal) that a form tells; a name that is a person's is sealed."""
    given: Given = filled(values, "party", "role", "division", *DETAILS)
    given["private_name" if values.get("role") in PERSONAL else "name"] = values.get("name", "")
    given |= {"restricted": True} if values.get("restricted") else {}
    given |= {"commodities": values["commodities"].split("|")} if values.get("commodities") else {}
    problems = list(_problems(values))
    try:
        event = event_of(kind, values, given)
    except Invalid as error:
        problems += [_at_name(each) for each in error.problems]
    if problems:
        raise Invalid(*{(each.where, each.code): each for each in problems}.values())
    if not isinstance(event, PartyRegistered):
        raise TypeError(event.kind)
    if event.role == "regulator" and me().role != "operator" and event.division == me().division:
        # A second regulator of one's own making could stand in for the second party of a hold.
        raise NotAllowed("same-division", division=division_name(event.division))
    return event


def _problems(values: dict[str, str]) -> list[Problem]:
    party, role, division = (values.get(name, "") for name in ("party", "role", "division"))
    found = []
    if party and not PARTY.fullmatch(party):
        found.append(Problem("party", "party-form", (("value", party[:40]),)))
    if role == "operator":
        found.append(Problem("role", "not-in-list", (("found", role),)))
    if division and division not in dict(divisions_here()):
        found.append(Problem("division", "not-in-list", (("found", division[:40]),)))
    return found


def _at_name(problem: Problem) -> Problem:
    where = "name" if problem.where == "private_name" else problem.where
    return Problem(where, problem.code, problem.facts)


def divisions_here() -> list[tuple[str, str]]:
    """Return the divisions within the asking office's own, as a form offers them."""
    here = area()
    return [(code, division_name(code)) for code in divisions() if covers(here, code)]


def _register_form(form: Form) -> str:
    roles = [(code, text) for code, text in choices("role") if code != "operator"]
    return render_template("regulator/register.html", form=form, roles=roles, divisions=divisions_here())
