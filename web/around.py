"""What stands around a lot: the product it is of, the container it is in, a place.

    /01/<gtin> · /product/<party>/<product>    a product, and its lots
    /00/<sscc>                                 a container: what is in it now, and what happened to it
    /414/<gln> · /place/<id>                   a place: who trades where is sealed, so that nothing is told

No proof stands on these pages; those of the lots, to which they lead, have them.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from flask import Blueprint, Response, abort, make_response, render_template, request
from sqlalchemy import ColumnElement
from werkzeug.wrappers import Response as AnyResponse

from traceability import gs1, tables
from traceability.chronicle import Chronicle, Record, told_events, voids
from traceability.containers import contents
from traceability.errors import Invalid, Unknown
from traceability.events.partner import PartnerClaimed
from traceability.events.processing import Packed, Unpacked
from traceability.gs1.link import percent_encode
from traceability.occurrence import Occurrence, occurrence_of
from traceability.reading import Reader
from web import refusals, representations
from web.chapters import page_of, shown
from web.forms import Form
from web.problems import tell
from web.services import services

blueprint = Blueprint("around", __name__)

MOST_LOTS = 100
"""How many lots of a product its page lists, the newest first."""


@dataclass(frozen=True, slots=True)
class Moment:
    """What happened to a container: in words, when, and in which entry."""

    index: int
    kind: str
    at: str
    party: str


@blueprint.get("/01/<gtin>")
def gs1_product(gtin: str) -> AnyResponse:
    """Show a product that is named by a GTIN."""
    uri = _named(f"/01/{percent_encode(gtin)}")
    return _product(uri, f"/01/{gtin}", tables.product.c.gtin == gtin)


@blueprint.get("/product/<party>/<product>")
def own_product(party: str, product: str) -> AnyResponse:
    """Show a party's product."""
    table = tables.product
    uri = f"/product/{party}/{product}"
    return _product(uri, uri, (table.c.party == party) & (table.c.product == product))


def _product(uri: str, path: str, wanted: ColumnElement[bool]) -> AnyResponse:
    form = representations.wanted(request.args.get("linkType"), request.accept_mimetypes)
    if form is None or form == "application/ld+json":
        abort(404)
    with services().reading() as reader:
        found = reader.connection.execute(tables.standing(tables.product, wanted)).all()
        if not found:
            raise Unknown("product", path)
        product = found[-1]
        if form == "application/linkset+json":
            base_url = services().base_url
            return representations.linkset_document(
                uri, path, title=product.name, base_url=base_url, has_events=False
            )
        lots = _lots_of(reader, product.party, product.product)
        maker = _party_name(reader, product.party)
    return _with_vary(render_template("around/product.html", product=product, lots=lots, maker=maker))


def _lots_of(reader: Reader, party: str, product: str) -> list[tuple[str, str, str, bool]]:
    """Return path, number and time of each lot of a product, and whether it is recalled."""
    lot, recall = tables.lot, tables.recall
    of = (lot.c.product_party == party, lot.c.product == product)
    query = tables.standing(lot, *of).order_by(None).order_by(lot.c.entry.desc()).limit(MOST_LOTS)
    recalled = {row.lot for row in reader.connection.execute(tables.standing(recall))}
    return [
        (page_of(row.lot), shown("lot", row.lot), shown("instant", row.at), row.lot in recalled)
        for row in reader.connection.execute(query)
    ]


def _party_name(reader: Reader, party: str) -> str:
    table = tables.party
    rows = reader.connection.execute(tables.standing(table, table.c.party == party)).all()
    return (rows[-1].name if rows else None) or party


@blueprint.get("/00/<sscc>")
def container(sscc: str) -> AnyResponse:
    """Show what is in a container now, and what was recorded of it."""
    uri = _named(f"/00/{percent_encode(sscc)}")
    with services().reading() as reader:
        chronicle = Chronicle(reader)
        if not chronicle.about(uri):
            raise Unknown("container", sscc)
        lots = contents(uri, _occurrences(chronicle, uri))
        inside = [(page_of(lot), shown("lot", lot)) for lot in sorted(lots)]
        moments = list(_moments(reader, chronicle, uri))
    return _with_vary(render_template("around/container.html", sscc=sscc, inside=inside, moments=moments))


def _occurrences(chronicle: Chronicle, container: str) -> list[Occurrence]:
    """Return what still stands of a container and of every container that was ever in it."""
    names = [container]
    found: dict[int, Record] = {}
    for name in names:
        for record in map(chronicle.at, chronicle.about(name)):
            found[record.index] = record
            names += [each for each in _inner(record) if each not in names]
    void = voids(found.values())
    told = [
        occurrence_of(record.statement.event, event_id=str(index), index=index)
        for index, record in found.items()
        if record.statement is not None and index not in void
    ]
    return [each for each in told if each is not None]


def _inner(record: Record) -> Iterator[str]:
    for event in told_events(record):
        if isinstance(event, Packed | Unpacked):
            yield from event.containers
        elif isinstance(event, PartnerClaimed) and event.type == "AggregationEvent":
            yield from (item.uri for item in event.objects + event.children)


def _moments(reader: Reader, chronicle: Chronicle, uri: str) -> Iterable[Moment]:
    records = [chronicle.at(index) for index in chronicle.about(uri)]
    void = voids(records)
    for record in records:
        index, statement = record.index, record.statement
        if statement is not None and index not in void:
            yield Moment(
                index,
                statement.event.kind,
                shown("instant", statement.event.at),
                _party_name(reader, statement.by),
            )


@blueprint.get("/414/<gln>")
def gs1_place(gln: str) -> AnyResponse:
    """Say what is public of a place that is named by a GLN."""
    _named(f"/414/{percent_encode(gln)}")
    return _place(gln)


@blueprint.get("/place/<place>")
def own_place(place: str) -> AnyResponse:
    """Say what is public of a place of our own address space."""
    _named(f"/place/{place}")
    return _place(place)


def _place(name: str) -> AnyResponse:
    # Known and unknown places get the same answer: another one would tell who trades where.
    return _with_vary(render_template("around/place.html", name=name, form=Form({})))


@blueprint.errorhandler(Invalid)
def not_a_code(error: Invalid) -> Response:
    """Answer an address that names nothing at all: it is not found, and this is why."""
    status = 400 if refusals.for_a_program() else 404
    return refusals.answer(replace(tell(error), status=status))


def _named(path: str) -> str:
    return gs1.parse(path, services().base_url).uri


def _with_vary(page: str) -> Response:
    response = make_response(page)
    response.vary.add("Accept")
    return response
