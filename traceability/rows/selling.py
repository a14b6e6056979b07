"""The rows of markets, listings and exports."""

from ledger.canonical import decimal_text, instant_text
from traceability.events import selling
from traceability.rows.writing import Rows, add_own
from traceability.tables import selling as selling_tables


@add_own.register
def _(event: selling.StallRegistered, rows: Rows) -> None:
    rows.add(selling_tables.stall, market=rows.statement.by, stall=event.stall, vendor=event.vendor)


@add_own.register
def _(event: selling.StallEnded, rows: Rows) -> None:
    rows.add(selling_tables.stall_end, market=rows.statement.by, stall=event.stall, end_cause=event.end_cause)


@add_own.register
def _(event: selling.EntryChecked, rows: Rows) -> None:
    rows.add(
        selling_tables.entry_check,
        market=rows.statement.by,
        stall=event.stall,
        lot=event.lot,
        commodity=event.commodity,
        origin_division=event.origin_division,
        amount=None if event.amount.kg is None else decimal_text(event.amount.kg),
        pieces=None if event.amount.pieces is None else str(event.amount.pieces),
        presented=event.presented,
        certificate=event.certificate_state,
        rapid_test=event.rapid_test,
        decision=event.decision,
        refusal_reasons=" ".join(event.refusal_reasons),
        day=event.day.isoformat(),
        at=instant_text(event.at),
    )


@add_own.register
def _(event: selling.SpotChecked, rows: Rows) -> None:
    rows.add(
        selling_tables.spot_check,
        market=rows.statement.by,
        stall=event.stall,
        sample=event.sample,
        item=event.item,
        lot=event.lot,
        commodity=event.commodity,
        passed=event.passed,
        day=event.day.isoformat(),
    )


@add_own.register
def _(event: selling.OnlineListed, rows: Rows) -> None:
    rows.add(
        selling_tables.listing,
        listing=event.listing,
        by=rows.holder,
        lot=event.lot,
        platform=event.platform,
    )


@add_own.register
def _(event: selling.ListingEnded, rows: Rows) -> None:
    rows.add(selling_tables.listing_end, listing=event.listing, end_cause=event.end_cause)


@add_own.register
def _(event: selling.ExportDeclared, rows: Rows) -> None:
    amount = rows.amount(event.lot, event.amount)
    rows.count(selling_tables.export_account(event.lot), amount)
    rows.add(
        selling_tables.export,
        lot=event.lot,
        by=rows.holder,
        country=event.country,
        amount=decimal_text(amount),
        domestic_lot=event.domestic_lot,
        day=event.day.isoformat(),
    )
