"""One party, one lot, one record of the division, each with all that belongs to it."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Any

from flask import render_template, request
from sqlalchemy import func, select

from ledger.canonical import decimal_text
from traceability import goods, holdings, own_records, report, subjects, tables, tracing
from traceability.errors import Breach, Unknown
from traceability.events import Event, followup
from traceability.genealogy import Genealogy
from traceability.past import KnownLot
from traceability.reading import Reader
from traceability.recall import Reach, reach
from traceability.scope import Scope
from traceability.telling import of_goods
from web.access import me
from web.facts import format_fact
from web.problems import Sentence, tell_breaches
from web.regulator.lists import lot_number, product_name, resolution_badge, state_badges
from web.regulator.room import (
    OFFICES,
    Parties,
    blueprint,
    division_name,
    own_lot,
    own_party,
    own_record,
    parties,
    scope_of,
    shopper_path,
)
from web.services import services

LATEST = 100
"""How many records one page shows; the shopper's page and the export have all."""


@dataclass(frozen=True, slots=True)
class Line:
    """A lot in the list of a trace: its share where one can be told, and whether its page may be opened."""

    lot: str
    product: str
    share: str
    is_own: bool


@dataclass(frozen=True, slots=True)
class Trace:
    """Where a lot came from, what was made of it, and whom a recall of it would reach."""

    back: list[Line]
    forward: list[Line]
    reach: Reach


def trace(reader: Reader, lot: str) -> Trace:
    """Return the lines of *lot* in both directions, by what is recorded and not void."""
    connection = reader.connection
    behind = Genealogy(tracing.flows(connection, lot, back=True))
    back, forward = behind.back(lot), tracing.forward(connection, lot)
    shares = {each: format_fact("share", part) for each, part in behind.shares(lot).items()}
    lines = {each.lot: each for each in _lines(reader, {*back, *forward}, shares)}
    reached = reach(lot, of_goods(reader, [lot, *forward]))
    return Trace([lines[each] for each in back], [lines[each] for each in forward], reached)


def _lines(reader: Reader, lots: set[str], shares: Mapping[str, str]) -> Iterator[Line]:
    scope, connection = scope_of(reader), reader.connection
    for each in sorted(lots):
        row = _row_of(reader, each)
        product = "" if row is None else product_name(row)
        yield Line(each, product, shares.get(each, ""), report.has_lot(connection, scope, each))


@blueprint.get("/lot")
@OFFICES
def lot() -> str:
    """Show one lot: its state, who holds it, its records, where it came from and where it went."""
    with services().reading() as reader:
        name = own_lot(reader, request.args.get("lot", ""))
        known = goods.known_lot(reader.connection, name)
        if known is None:
            raise Unknown("lot", name)
        row = _row_of(reader, name)
        return render_template(
            "regulator/lot.html",
            lot=name,
            number=lot_number,
            known=known,
            row=row,
            product="" if row is None else product_name(row),
            badges=() if row is None else state_badges(row),
            stock=_stock(known, "" if row is None else row.piece or "piece"),
            trace=trace(reader, name),
            records=_records(reader, report.records_about(name)),
            path=shopper_path,
            parties=parties(reader),
            may_recall=me().role == "regulator",
        )


def place_name(place: str, called: Parties) -> str:
    """Return a destination as people say it: an address, or the name of the party that was named instead."""
    return called.names.get(place.removeprefix(subjects.party("")), place)


def _row_of(reader: Reader, name: str) -> Any:
    listed = report.lots(Scope(None)).subquery()
    return reader.connection.execute(select(listed).where(listed.c.lot == name)).first()


def _stock(known: KnownLot, piece: str) -> list[tuple[str, str]]:
    return [(party, amount(known, left, piece)) for party, left in sorted(known.stock.items()) if left]


def amount(known: KnownLot, much: Decimal, piece: str) -> str:
    """Return an amount of a lot in the lot's own measure."""
    if known.measure == "pieces":
        return format_fact("pieces", much, unit=piece or "piece")
    return format_fact("mass", much)


def _records(reader: Reader, query: Any) -> list[Any]:
    return list(reader.connection.execute(query.limit(LATEST)))


@blueprint.get("/party/<party>")
@OFFICES
def party(party: str) -> str:
    """Show one party: who it is, what it holds, and what it has said."""
    with services().reading() as reader:
        row = own_party(reader, party)
        return render_template(
            "regulator/party.html",
            row=row,
            name=holdings.party_name(reader, services().sealed, party),
            division=division_name(row.division),
            prefixes=holdings.prefixes(reader, party),
            keys=_keys(reader, party),
            lots=_held(reader, party),
            records=_records(reader, report.records_of(party)),
            total=_count(reader, party),
            number=lot_number,
            parties=parties(reader),
        )


def _keys(reader: Reader, name: str) -> list[Any]:
    table = tables.party_key
    return list(reader.connection.execute(select(table).where(table.c.party == name).order_by(table.c.entry)))


def _count(reader: Reader, name: str) -> int:
    said = tables.statement
    query = select(func.count()).select_from(said).where(said.c.by == name)
    return int(reader.connection.execute(query).scalar_one())


def _held(reader: Reader, name: str) -> list[tuple[str, str]]:
    """Return each lot of which *name* has something, with how much."""
    rows = reader.connection.execute(report.holdings(name))
    found = []
    for held, moves in groupby(rows, key=lambda row: row.lot):
        left = sum((Decimal(move.change) for move in moves), Decimal(0))
        if left:
            found.append((held, _measured(reader, held, left)))
    return found


def _measured(reader: Reader, name: str, much: Decimal) -> str:
    row = _row_of(reader, name)
    if row is None:
        return decimal_text(much)
    if row.measure == "pieces":
        return format_fact("pieces", much, unit=row.piece or "piece")
    return format_fact("mass", much)


@blueprint.get("/record/<int:index>")
@OFFICES
def record(index: int) -> str:
    """Show one record: who said what when, what the rules remarked, and what others said of it."""
    with services().reading() as reader:
        row = own_record(reader, index)
        flags = _flags(reader, index)
        event = own_records.opened(reader, services().sealed, reader.statement(index))
        return render_template(
            "regulator/record.html",
            row=row,
            flags=flags,
            badge=resolution_badge,
            lots=_lots_of(reader, index),
            note=_note(event),
            followups=_records(reader, report.records_about(subjects.statement(row.digest))),
            number=lot_number,
            path=shopper_path,
            parties=parties(reader),
            is_held=any(flag.level == "hold" and not flag.resolved for flag, _ in flags),
            is_own=me().party in {row.by, row.claimed_by},
            is_regulator=me().role == "regulator",
        )


def _flags(reader: Reader, index: int) -> list[tuple[Any, Sentence]]:
    query = report.flags(Scope(None)).where(tables.flag.c.entry == index)
    return [(row, _sentence(json.loads(row.told))) for row in reader.connection.execute(query)]


def _sentence(flag: Mapping[str, Any]) -> Sentence:
    facts = tuple((name, str(value)) for name, value in flag["facts"].items())
    (told,) = tell_breaches([Breach(flag["rule"], flag["clause"], facts, flag["level"])])
    return told


def _lots_of(reader: Reader, index: int) -> list[tuple[str, bool]]:
    """Return the lots that a record is about, and whether the page of each may be opened."""
    about = tables.subject
    said = select(about.c.subject).where(about.c.entry == index).order_by(about.c.subject)
    scope, connection = scope_of(reader), reader.connection
    found: Iterable[str] = connection.execute(said).scalars().all()
    lots = [each for each in found if connection.execute(select(report.is_lot(each))).scalar()]
    return [(each, report.has_lot(connection, scope, each)) for each in lots]


def _note(event: Event) -> str | None:
    """Return the words that explain a later fact, unless they were erased: they are written for an office."""
    kinds = (followup.Corrected, followup.Recalled, followup.HoldResolved)
    return event.note if isinstance(event, kinds) and isinstance(event.note, str) else None
