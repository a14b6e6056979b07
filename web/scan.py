"""The shopper's page: one lot, everything that is known of it, and what the shopper's own browser can prove.

    /01/<gtin>/10/<lot>[/21/<serial>]        a lot under a licensed GTIN
    /lot/<party>/<product>/<lot>[/<serial>]  another lot
    /short/<code>                            the short code printed below the QR code

Whole without JavaScript: it then says that the server vouches. What the page shows comes from the entries,
but for its head, which comes from the searchable copy; a browser compares both with the proven bytes.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, jsonify, redirect, render_template, request
from flask_limiter.util import get_remote_address
from markupsafe import Markup
from sqlalchemy import Table, select
from werkzeug.wrappers import Response as AnyResponse

from ledger.canonical import instant_text
from qr import code, short
from qr.code import Issue, is_issued
from qr.errors import NotIssued
from traceability import gs1, judging, recollection, story, tables
from traceability.epcis import write
from traceability.errors import Invalid, Unknown
from traceability.events import registry
from traceability.reading import Reader
from traceability.story import Chapter, Story
from web import chapters, lot_head, proofs, reports
from web.access import limiter
from web.database import Services
from web.facts import format_fact
from web.forms import Form
from web.language import current
from web.problems import tell
from web.services import services

blueprint = Blueprint("scan", __name__)

REPORT_LIMITS = "5 per minute; 30 per day"


@dataclass(frozen=True, slots=True)
class Told:
    """One chapter as the template shows it; one whose record cannot be believed has no kind."""

    chapter: Chapter
    kind: str
    facts: list[chapters.Fact]
    results: list[list[chapters.Fact]]
    by: chapters.Fact | None
    claimed: chapters.Fact | None
    recorded: chapters.Fact | None
    flags: list[str]


@blueprint.get("/01/<gtin>/10/<lot>")
@blueprint.get("/01/<gtin>/10/<lot>/21/<serial>")
def gs1_lot(gtin: str, lot: str, serial: str | None = None) -> AnyResponse:
    """Show a lot that is named by a GTIN."""
    return _answer(_named(f"/01/{gtin}/10/{lot}"), serial)


@blueprint.get("/lot/<party>/<product>/<lot>")
@blueprint.get("/lot/<party>/<product>/<lot>/<serial>")
def own_lot(party: str, product: str, lot: str, serial: str | None = None) -> AnyResponse:
    """Show a lot that is named in our own address space."""
    return _answer(_named(f"/lot/{party}/{product}/{lot}"), serial)


@blueprint.get("/short/<typed>")
def short_code(typed: str) -> AnyResponse:
    """Go to the lot whose short code was typed."""
    found = short.read_short(typed)
    with services().reading() as reader:
        for lot in _lots_like(reader, found):
            return redirect(address(lot))
    raise Unknown("code", found)


@blueprint.post("/report")
@limiter.limit(REPORT_LIMITS, key_func=get_remote_address)
def report() -> tuple[str, int]:
    """Keep what a shopper reports of a lot, and give a number by which it can be asked after."""
    lot, text = request.form.get("lot", ""), request.form.get("text", "")
    shared = services()
    with shared.reading() as reader:
        if recollection.known_lot(reader.connection, lot) is None:
            raise Unknown("lot", lot)
    try:
        number = reports.keep(shared.engine, shared.kept_key, lot=lot, text=text, at=shared.clock())
    except Invalid as error:
        told = tell(error)
        return render_template("scan/report.html", lot=lot, number=None, form=Form(request.form, told)), 422
    return render_template("scan/report.html", lot=lot, number=number, form=Form({})), 201


def address(lot: str) -> str:
    """Return the path of a lot's page."""
    return lot.removeprefix("https://id.gs1.org")


def _named(path: str) -> str:
    return gs1.parse(path, services().base_url).uri


def _lots_like(reader: Reader, found: str) -> list[str]:
    """Return the lots whose short code is *found*: its symbols begin the hash that each lot's row has."""
    symbols = found.replace("-", "")[:-1]
    bits = "".join(f"{code.ALPHABET.index(symbol):05b}" for symbol in symbols)
    start = f"{int(bits[: len(bits) // 4 * 4], 2):0{len(bits) // 4}x}"
    lot = tables.lot
    rows = reader.connection.execute(
        select(lot.c.lot).where(lot.c.hash.startswith(start)).order_by(lot.c.entry)
    )
    return [row.lot for row in rows if short.short_code(row.lot, len(symbols)) == found]


def _answer(lot: str, serial: str | None) -> AnyResponse:
    shared = services()
    with shared.reading() as reader:
        rules = shared.shelf.get(judging.rules_in_force(reader.connection) or "")
        told = story.tell(reader, lot, rules)
        if serial is not None:
            _check_serial(shared, reader, lot, serial)
        wanted = request.accept_mimetypes.best_match(
            ["text/html", "application/ld+json", "application/json"], default="text/html"
        )
        if wanted == "application/ld+json":
            return _epcis(told)
        if wanted == "application/json":
            return jsonify(_document(told))
        page = _page(shared, reader, told, serial)
    response = Response(page)
    response.headers["Vary"] = "Accept, Accept-Language, Cookie"
    return response


def _check_serial(shared: Services, reader: Reader, lot: str, serial: str) -> None:
    """Raise `NotIssued` unless this very pack's code was issued for the lot and is not voided."""
    index = code.index_of(shared.settings.serial_key, lot, serial)
    issues, voided = (
        [
            Issue(row.first, row.packs)
            for row in reader.connection.execute(recollection.standing(table, table.c.lot == lot))
        ]
        for table in (tables.code_issue, tables.code_void)
    )
    if not is_issued(index, issues, voided):
        raise NotIssued("the code was never issued, or it was voided", facts={"lot": lot})


def _ranges(reader: Reader, table: Table, lot: str) -> list[Issue]:
    rows = reader.connection.execute(recollection.standing(table, table.c.lot == lot))
    return [Issue(row.first, row.packs) for row in rows]


def _page(shared: Services, reader: Reader, told: Story, serial: str | None) -> str:
    names = _names(told)
    units = chapters.units_of(told)
    return render_template(
        "scan/lot.html",
        story=told,
        head=lot_head.facts(reader, told, names),
        chapters=[_told(chapter, units, names) for chapter in told.chapters],
        serial=serial,
        short=short.short_code(told.lot),
        bundle=_script(proofs.bundle(shared, reader, told, current())),
        form=Form({}),
    )


def _script(value: Any) -> Markup:
    # Inside a script element only "<" can end it, and JSON may spell it as an escape.
    spelled = json.dumps(value, ensure_ascii=True).replace("<", "\\u003c")
    return Markup(spelled)  # noqa: S704 -- escaped for the one place where it stands


def _names(told: Story) -> Mapping[str, chapters.Fact]:
    """Return the name of each party of the page, as its registration has it; a sealed name shows the id."""
    names: dict[str, chapters.Fact] = {}
    for record in told.support:
        statement = record.statement
        if statement is not None and isinstance(statement.event, registry.PartyRegistered):
            event = statement.event
            field, text = ("name", event.name) if event.name else ("party", event.party)
            names[event.party] = chapters.Fact("", record.index, f"/statement/event/{field}", "text", text)
    return names


def _told(chapter: Chapter, units: dict[str, str], names: Mapping[str, chapters.Fact]) -> Told:
    statement, entry = chapter.record.statement, chapter.record.entry
    if statement is None or entry is None:
        return Told(chapter, "", [], [], None, None, None, [])
    index = chapter.record.index
    claimed, recorded = instant_text(statement.event.at), entry.at
    flags = entry.record["ruling"]["flags"]
    return Told(
        chapter=chapter,
        kind=statement.event.kind,
        facts=chapters.facts_of(chapter, units),
        results=chapters.results_of(chapter),
        by=names.get(statement.by) or chapters.Fact("", index, "/statement/by", "party", statement.by),
        claimed=chapters.Fact("", index, f"{chapters.EVENT}/at", "instant", format_fact("instant", claimed)),
        recorded=chapters.Fact("", index, "@at", "instant", format_fact("instant", recorded)),
        flags=[flag["rule"] for flag in flags],
    )


def _document(told: Story) -> dict[str, Any]:
    """Return the story for programs."""
    return {
        "lot": gs1.address(told.lot, services().base_url),
        "certificate": told.certificate,
        "tests": told.tests,
        "holds": list(told.known.holds),
        "untraced": told.known.untraced,
        "recalls": [{"index": each.index, "level": each.level, "cause": each.cause} for each in told.recalls],
        "records": [
            {
                "index": each.record.index,
                "subject": each.subject,
                "void_by": each.void_by,
                "record": each.record.entry.record,
            }
            for each in told.chapters
            if each.record.entry is not None
        ],
    }


def _epcis(told: Story) -> Response:
    """Return the standing events of the story as an EPCIS 2.0 document; places stay sealed."""
    base_url = services().base_url
    events = []
    for chapter in told.chapters:
        statement = chapter.record.statement
        if statement is None or chapter.void_by is not None:
            continue
        name = getattr(statement.event, "event_id", statement.id)
        made = write.event_of(statement.event, event_id=name, base_url=base_url)
        if made is not None:
            events.append(made)
    document = write.document(events, base_url=base_url, created=services().clock())
    response = jsonify(document)
    response.content_type = "application/ld+json"
    return response
