"""The shopper's page: one lot, everything that is known of it, and what the shopper's own browser can prove.

    /01/<gtin>/10/<lot>[/21/<serial>]        a lot under a licensed GTIN
    /lot/<party>/<product>/<lot>[/<serial>]  another lot
    /short/<code>                            the short code printed below the QR code
    …?proofs=1[&since=<size>]                its proofs alone, which any page of any site may fetch

Whole without JavaScript: it then says that the server vouches. What the page shows comes from the entries,
but for its head, which comes from the searchable copy; a browser compares both with the proven bytes.
"""

import json
from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, abort, jsonify, make_response, redirect, render_template, request
from flask_limiter.util import get_remote_address
from markupsafe import Markup
from sqlalchemy import select
from werkzeug.wrappers import Response as AnyResponse

from ledger.errors import LedgerError
from qr import code, short
from qr.errors import NotIssued
from traceability import gs1, story, tables
from traceability.errors import Invalid, Unknown
from traceability.events.fact import legal_day
from traceability.goods import known_lot
from traceability.gs1.link import percent_encode
from traceability.limits import RuleSet
from traceability.reading import Reader
from traceability.story import Story
from web import (
    lot_head,
    lot_marks,
    lot_origin,
    lot_schemes,
    packs,
    proofs,
    refusals,
    representations,
    shopper_says,
    showing,
    storybook,
)
from web.access import limiter
from web.database import Services
from web.forms import Form
from web.language import current
from web.problems import tell
from web.services import services

blueprint = Blueprint("scan", __name__)

REPORT_LIMITS = "5 per minute; 30 per day"
LARGEST = 2**53
"""Browsers count exactly to here."""
MOST_LISTED = 30
"""How many lots a page lists one below the other."""


@blueprint.get("/01/<gtin>/10/<path:rest>")
def gs1_lot(gtin: str, rest: str) -> AnyResponse:
    """Show a lot that is named by a GTIN; a slash in its number comes here decoded."""
    lot, _, serial = rest.rpartition("/21/") if "/21/" in rest else (rest, "", "")
    return _answer(_named(f"/01/{gtin}/10/{percent_encode(lot)}"), serial or None)


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
            # What was asked of the code is asked of the lot: a form, or proofs since a size.
            query = request.query_string.decode("ascii", "ignore")
            return redirect(address(lot) + (f"?{query}" if query else ""))
    raise Unknown("lot", found)


@blueprint.post("/report")
@limiter.limit(REPORT_LIMITS, key_func=get_remote_address)
def report() -> tuple[str, int]:
    """Record what a shopper reports of a lot, and give a number by which it can be asked after."""
    lot, text = request.form.get("lot", ""), request.form.get("text", "")
    shared = services()
    with shared.reading() as reader:
        if not _is_told(reader, lot):
            raise Unknown("lot", lot)
    try:
        number = shopper_says.report(shared, lot=lot, complaint=request.form.get("complaint", ""), text=text)
    except Invalid as error:
        told = tell(error)
        return render_template("scan/report.html", lot=lot, number=None, form=Form(request.form, told)), 422
    return render_template("scan/report.html", lot=lot, number=number, form=Form({})), 201


@blueprint.after_request
def open_to_every_site(response: Response) -> Response:
    """Let a verifier on another site read the proofs, or why there are none: everything in them is public."""
    if _wants_proofs():
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Cache-Control"] = "no-cache"
    return response


@blueprint.errorhandler(Invalid)
def not_a_code(error: Invalid) -> Response:
    """Answer an address that names nothing at all: it is not found, and this is why."""
    status = 400 if refusals.for_a_program() else 404
    return refusals.answer(replace(tell(error), status=status))


@blueprint.errorhandler(NotIssued)
def not_issued(error: NotIssued) -> Response:
    """Answer for a pack that nobody issued: it may be a copy, and can be reported."""
    if refusals.for_a_program():
        return refusals.answer(tell(error))
    lot = str(error.facts.get("lot", ""))
    # Codes of recalled goods are often voided; whoever holds such a pack must hear of the recall first.
    with services().reading() as reader:
        known = known_lot(reader.connection, lot)
    page = render_template(
        "scan/not-issued.html",
        lot=lot,
        address=address(lot),
        is_recalled=known is not None and known.recalled,
        form=Form({}),
    )
    return make_response(page, 404)


def address(lot: str) -> str:
    """Return the path of a lot's page."""
    return lot.removeprefix("https://id.gs1.org")


def _named(path: str) -> str:
    return gs1.parse(path, services().base_url).uri


def _is_told(reader: Reader, lot: str) -> bool:
    table = tables.subject
    return reader.connection.execute(select(table).where(table.c.subject == lot).limit(1)).first() is not None


def _lots_like(reader: Reader, found: str) -> list[str]:
    """Return the lots whose short code is *found*: its symbols begin the hash that each lot's row has."""
    symbols = found.replace("-", "")[:-1]
    bits = "".join(f"{code.ALPHABET.index(symbol):05b}" for symbol in symbols)
    start = f"{int(bits[: len(bits) // 4 * 4], 2):0{len(bits) // 4}x}"
    lot, roll = tables.lot, tables.release.code_blank
    named = [
        select(name).where(table.c.hash.startswith(start)).order_by(table.c.entry)
        for name, table in ((lot.c.lot, lot), (roll.c.roll, roll))
    ]
    rows = [each for query in named for each in reader.connection.execute(query).scalars()]
    return [each for each in rows if short.short_code(each, len(symbols)) == found]


def _answer(lot: str, serial: str | None) -> AnyResponse:
    """Return the lot in the form that was asked for; a pack that nobody issued has none."""
    shared = services()
    form = _wanted()
    if form is None:
        abort(404)
    with shared.reading() as reader:
        goods = None if serial is None else packs.standing_on(shared, reader, lot, serial)
        if goods is not None:
            return _to_the_goods(*goods)
        told = story.tell(reader, lot, _rules(shared, reader))
        if serial is not None:
            packs.index_of(shared, reader, lot, serial)
        response = _in_form(form, shared, reader, told, serial)
    response.vary.add("Accept")
    return response


def _wanted() -> representations.Wanted | None:
    if _wants_proofs():
        return representations.PROOFS
    return representations.wanted(request.args.get("linkType"), request.accept_mimetypes)


def _wants_proofs() -> bool:
    return request.args.get("proofs") == "1" or representations.PROOFS in request.accept_mimetypes.values()


def _since() -> int | None:
    """Return the size of the log that the asker saw before, if it says one."""
    told = request.args.get("since", "")
    return int(told) if told.isascii() and told.isdecimal() and 0 < int(told) < LARGEST else None


def _in_form(
    form: representations.Wanted, shared: Services, reader: Reader, told: Story, serial: str | None
) -> Response:
    if form == "application/json":
        pack = None if serial is None else packs.for_programs(shared, reader, told, serial)
        return representations.story_document(told, shared.base_url, pack)
    if form == "application/ld+json":
        return representations.epcis_document(told, shared)
    if form == representations.PROOFS:
        return _proofs(shared, reader, told)
    path = address(told.lot)
    names = storybook.names_of(told)
    head = lot_head.of(reader, told, names)
    if form == "application/linkset+json":
        title = told.lot if head.name is None else head.name.text
        return representations.linkset_document(told.lot, path, title=title, base_url=shared.base_url)
    response = make_response(_page(shared, reader, told, head=head, names=names, serial=serial))
    linkset = f'<{shared.base_url}{path}?linkType=linkset>; rel="linkset"; type="application/linkset+json"'
    response.headers["Link"] = linkset
    return response


def _proofs(shared: Services, reader: Reader, told: Story) -> Response:
    response = jsonify(proofs.proofs(shared, reader, told, since=_since()))
    response.content_type = representations.PROOFS
    return response


def _rules(shared: Services, reader: Reader) -> RuleSet | None:
    try:
        return shared.rules(reader)
    except LedgerError:
        # What is required cannot be said without the rules; what is recorded can.
        return None


def _to_the_goods(lot: str, serial: str) -> AnyResponse:
    """Go on from a label that was printed before its goods to the page of the pack that it stands on."""
    query = request.query_string.decode("ascii", "ignore")
    return redirect(address(lot) + _pack_of(lot, serial) + (f"?{query}" if query else ""))


def _pack_of(lot: str, serial: str) -> str:
    # A pack under a GTIN is named by GS1's application identifier 21, one of ours by a further part.
    return f"/21/{serial}" if lot.startswith("https://") else f"/{serial}"


def _page(
    shared: Services,
    reader: Reader,
    told: Story,
    *,
    head: lot_head.Head,
    names: storybook.Names,
    serial: str | None,
) -> str:
    chapters = storybook.told_chapters(told, names)
    parts = {part: [each for each in chapters if each.chapter.part == part] for part in story.PARTS}
    bundle = proofs.bundle(shared, reader, told, current())
    pack = None
    if serial is not None:
        index = packs.index_of(shared, reader, told.lot, serial)
        packs.count(shared, told.lot, index)
        pack = packs.of(reader, told, serial, index, rules=_rules(shared, reader), names=names)
    return render_template(
        "scan/lot.html",
        story=told,
        head=head,
        parts=parts,
        shown={each.chapter.record.index for each in chapters},
        altered=[each.index for each in told.records if not each.is_readable],
        recalls=storybook.recall_facts(told),
        packs_called=storybook.packs_called(told),
        test=storybook.test_fact(told),
        certificate=storybook.certificate_fact(told),
        schemes=lot_schemes.of(reader, told.lot, legal_day(shared.clock())),
        marks=lot_marks.of(shared, reader, told, _rules(shared, reader)),
        mark_name=lot_marks.name_of,
        blend=storybook.parts_of(told),
        beyond=storybook.beyond_of(told),
        most_listed=MOST_LISTED,
        page_of=address,
        behind=_behind(shared, reader, told),
        fields=storybook.fields_of(told),
        serial=serial,
        pack=pack,
        short=short.short_code(told.lot),
        policy=shared.policy.digest().hex()[:16],
        verifier=_verifier_of(shared, told.lot, serial),
        modules=proofs.modules(),
        seen=showing.count_of(bundle.get("checkpoint", ""), shared.policy),
        bundle=_script(bundle),
        form=Form({}),
    )


def _behind(shared: Services, reader: Reader, told: Story) -> lot_origin.Behind:
    rules, today = _rules(shared, reader), legal_day(shared.clock())
    return lot_origin.behind(reader, told.lot, rules, today, is_whole=not told.beyond)


def _verifier_of(shared: Services, lot: str, serial: str | None) -> str:
    """Return the address at which somebody else checks this very pack, "" where nobody does."""
    if not shared.settings.verifier_url:
        return ""
    pack = "" if serial is None else _pack_of(lot, serial)
    return f"{shared.settings.verifier_url}/#{shared.base_url}{address(lot)}{pack}"


def _script(value: Any) -> Markup:
    # Inside a script element only "<" can end it, and JSON may spell it as an escape.
    spelled = json.dumps(value, ensure_ascii=True).replace("<", "\\u003c")
    return Markup(spelled)  # noqa: S704 -- escaped for the one place where it stands
