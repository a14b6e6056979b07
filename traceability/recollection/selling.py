"""What the rules of selling may know: open stalls, certificates of a lot, refusals at a gate, listings."""

from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy import Connection, bindparam

from traceability import goods, running, tables
from traceability.events import movement, selling
from traceability.past import KnownLot, Past
from traceability.past.selling import PastListing, SellingPast
from traceability.question import Question
from traceability.recollection.trade import Asked
from traceability.tables import selling as selling_tables

_STALL, _STALL_END = (
    Question(
        tables.standing(table, table.c.market == bindparam("market"), table.c.stall == bindparam("stall"))
    )
    for table in (selling_tables.stall, selling_tables.stall_end)
)
_SOLD_AT = Question(
    tables.standing(selling_tables.stall, selling_tables.stall.c.vendor == bindparam("vendor"))
)
_LAST_CHECK = Question(
    tables.standing(
        selling_tables.entry_check,
        selling_tables.entry_check.c.market == bindparam("market"),
        selling_tables.entry_check.c.lot == bindparam("lot"),
    )
    .order_by(None)
    .order_by(selling_tables.entry_check.c.entry.desc())
    .limit(1)
)
_CERTIFICATE = Question(
    tables.standing(tables.certificate, tables.certificate.c.lot == bindparam("lot")).limit(1)
)
_LISTING, _LISTING_END = (
    Question(tables.standing(table, table.c.listing == bindparam("listing")).limit(1))
    for table in (selling_tables.listing, selling_tables.listing_end)
)


def recollect(asked: Asked, past: Past) -> Past:
    """Return *past* with what the rules of selling need for this kind of event."""
    match asked.event:
        case selling.StallRegistered() | selling.StallEnded():
            known = SellingPast(stall_open=is_open(asked.connection, asked.by, asked.event.stall))
        case selling.EntryChecked() | selling.SpotChecked():
            known = SellingPast(
                stall_open=is_open(asked.connection, asked.by, asked.event.stall),
                certified=_certified(asked.connection, asked.event.lot),
            )
        case selling.OnlineListed():
            known = SellingPast(
                certified=_certified(asked.connection, asked.event.lot),
                listing=_listing(asked.connection, asked.event.listing),
            )
        case selling.ExportDeclared():
            account = selling_tables.export_account(asked.event.lot)
            known = SellingPast(exported=running.total(asked.connection, account))
            past = replace(past, lots=_with_domestic(asked.connection, past, asked.event))
        case selling.ListingEnded():
            known = SellingPast(listing=_listing(asked.connection, asked.event.listing))
        case movement.Received():
            lots = tuple(part.lot for part in asked.event.parts)
            known = _at_the_gate(asked.connection, asked.by, lots)
        case movement.Retailed():
            known = _at_the_gate(asked.connection, asked.by, (asked.event.lot,))
        case _:
            return past
    return replace(past, selling=known)


def _with_domestic(
    connection: Connection, past: Past, event: selling.ExportDeclared
) -> Mapping[str, KnownLot]:
    """Return the lots of *past*, and the one at home that an export is held against."""
    name = event.domestic_lot
    known = None if name is None else goods.known_lot(connection, name)
    return past.lots if known is None else {**past.lots, known.lot: known}


def is_open(connection: Connection, market: str, stall: str) -> bool:
    """Tell whether a stall has a vendor: it was registered after it last ended."""
    opened = _STALL.rows(connection, market=market, stall=stall)
    ended = _STALL_END.rows(connection, market=market, stall=stall)
    return bool(opened) and (not ended or ended[-1].entry < opened[-1].entry)


def _certified(connection: Connection, lot: str | None) -> bool:
    return lot is not None and _CERTIFICATE.first(connection, lot=lot) is not None


def _at_the_gate(connection: Connection, by: str, lots: tuple[str, ...]) -> SellingPast:
    """Return which markets, that of the speaker and those it sells at, last refused one of these lots."""
    stalls = {(row.market, row.stall) for row in _SOLD_AT.rows(connection, vendor=by)}
    markets = {market for market, stall in stalls if is_open(connection, market, stall)}
    refused = {
        (market, lot)
        for market in {by, *markets}
        for lot in set(lots)
        if (last := _LAST_CHECK.first(connection, market=market, lot=lot)) is not None
        and last.decision == "refused"
    }
    return SellingPast(refused_at=frozenset(refused))


def _listing(connection: Connection, name: str) -> PastListing | None:
    row = _LISTING.first(connection, listing=name)
    if row is None:
        return None
    ended = _LISTING_END.first(connection, listing=name) is not None
    return PastListing(name, row.by, row.lot, ended)
