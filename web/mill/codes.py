"""One lot of one's own: what is known of it, the codes of its packs, and their labels to print.

    /lot?lot=…              what is here, what stands in its way, codes issued
    POST /codes             issue codes: so many packs of so much
    POST /codes/void        codes that count no longer
    /labels.pdf?lot=…&first=…&count=…   sheets of A4, at most `MOST` labels each time
    /label.svg?lot=…        one label, to look at

Codes are counted against what is left of the lot; each issue is a record of its own.
"""

from typing import get_args

from flask import Blueprint, Response, render_template, request, url_for

from qr import label as qr_label
from traceability import holdings, own_records
from traceability.errors import Invalid, Problem
from traceability.events import Event
from traceability.events.fact import legal_day
from traceability.events.processing import VoidCause
from traceability.events.registry import Role
from traceability.holdings import CodeRange, Lot
from web import code_rooms, labels
from web.access import me, require
from web.forms import Form
from web.recording import Answer, Given, blank, event_of, filled, submitted
from web.services import services
from web.words import word

MOST = 480
"""Labels of one file: twenty sheets."""


def add_to(room: Blueprint, *roles: Role) -> None:
    """Give *room* the pages of a lot and its codes, for people of *roles*."""
    guard = require(*roles)
    room.add_url_rule("/lot", "lot", guard(lot))
    room.add_url_rule("/codes", "submit_codes", guard(submit_codes), methods=["POST"])
    room.add_url_rule("/codes/void", "submit_void", guard(submit_void), methods=["POST"])
    room.add_url_rule("/labels.pdf", "labels_pdf", guard(labels_pdf))
    room.add_url_rule("/label.svg", "label_svg", guard(label_svg))


def lot() -> str:
    """Show one lot of the party's own."""
    return _page(_asked_for(), blank(), blank())


def submit_codes() -> Answer:
    """Issue codes for packs of a lot."""
    found = _asked_for()
    return submitted(
        lambda values: _issued(found, values),
        lambda form: _page(found, form, blank()),
        lambda _digest: url_for(f"{request.blueprint}.lot", lot=found.lot, _anchor="codes"),
    )


def submit_void() -> Answer:
    """Void codes of a lot."""
    found = _asked_for()
    return submitted(
        lambda values: event_of(
            "codes-voided", values, {"lot": found.lot, **filled(values, "first", "count", "cause")}
        ),
        lambda form: _page(found, blank(), form),
        lambda _digest: url_for(f"{request.blueprint}.lot", lot=found.lot, _anchor="codes"),
    )


def _asked_for() -> Lot:
    """Return the lot that the request names; raises `Unknown`, or `NotAllowed` for one of others."""
    with services().reading() as reader:
        return holdings.lot(reader, me().party, request.values.get("lot", ""))


def _issued(found: Lot, values: dict[str, str]) -> Event:
    unit = "kg" if found.measure == "mass" else "pieces"
    given: Given = {"lot": found.lot, "first": found.known.next_code, **filled(values, "count")}
    if values.get("pack"):
        given["pack"] = {unit: values["pack"]}
    if values.get("asleep"):
        given["asleep"] = True
    given |= filled(values, "roll_first")
    if values.get("roll") and found.goods is not None:
        given["roll"] = code_rooms.roll_name(values["roll"], found.goods.product)
    return event_of("codes-issued", values, given)


def _page(found: Lot, form: Form, void_form: Form) -> str:
    with services().reading() as reader:
        return render_template(
            "mill/lot.html",
            lot=found,
            form=form,
            void_form=void_form,
            address=labels.address(services(), found.lot),
            issues=holdings.issues(reader, found.lot),
            voids=holdings.voids(reader, found.lot),
            entries=own_records.entries(reader, me().party, about=found.lot),
            names=holdings.names(reader),
            is_sample=labels.of(services(), reader, found.lot).sample,
            void_causes=[(cause, word("cause", cause)) for cause in get_args(VoidCause)],
            most=MOST,
        )


def labels_pdf() -> Response:
    """Print the labels of an issue, or of a part of it."""
    found = _asked_for()
    first, count = _number("first", 0), _number("count", MOST)
    with services().reading() as reader:
        issue = _issue_with(holdings.issues(reader, found.lot), first, count)
        run = labels.of(services(), reader, found.lot)
        pages = run.labels(first, count, issue.pack, legal_day(issue.recorded_at))
        content = qr_label.sheet_pdf(pages, made_at=services().clock())
    name = f"labels-{first}-{first + count - 1}.pdf"
    return Response(
        content, mimetype="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}"'}
    )


def label_svg() -> Response:
    """Draw the first label of an issue, or that of the lot itself where no codes are issued."""
    found = _asked_for()
    with services().reading() as reader:
        run, issues = labels.of(services(), reader, found.lot), holdings.issues(reader, found.lot)
        newest = issues[0] if issues else None
        drawn = run.label(
            newest.first if newest else None,
            newest.pack if newest else None,
            legal_day(newest.recorded_at) if newest else None,
        )
    return Response(qr_label.label_svg(drawn), mimetype="image/svg+xml")


def _issue_with(issues: list[CodeRange], first: int, count: int) -> CodeRange:
    """Return the issue that holds all of these codes, or raise `Invalid`."""
    for each in issues:
        if each.first <= first and first + count <= each.first + each.count:
            return each
    raise Invalid(Problem("first", "codes-not-of-one-issue"))


def _number(name: str, least: int) -> int:
    """Return a number of the address, or raise `Invalid`."""
    text = request.args.get(name, "")
    if not (text.isascii() and text.isdigit()) or len(text) > 12:
        raise Invalid(Problem(name, "not-a-whole-number", (("found", text[:20]),)))
    found = int(text)
    if name == "count" and not 0 < found <= least:
        raise Invalid(Problem(name, "too-many", (("most", str(least)),)))
    return found
