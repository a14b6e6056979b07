"""The rows that the life of pack codes gives."""

from traceability.events import processing, release
from traceability.rows.writing import Rows, add_own, lot_hash
from traceability.tables import release as tables


def add_binding(event: processing.CodesIssued, rows: Rows) -> None:
    """Add what an issue says of its codes besides: that they sleep, and on which labels they stand."""
    if event.asleep:
        rows.add(tables.code_sleep, lot=event.lot, first=event.first, packs=event.count)
    if event.roll is not None:
        rows.add(
            tables.code_binding,
            roll=event.roll,
            first=event.roll_first,
            packs=event.count,
            lot=event.lot,
            lot_first=event.first,
        )


@add_own.register
def _(event: release.CodesPrepared, rows: Rows) -> None:
    rows.add(
        tables.code_blank,
        roll=event.roll,
        party=rows.holder,
        product=event.product,
        hash=lot_hash(event.roll),
        first=event.first,
        packs=event.count,
    )


@add_own.register
def _(event: release.CodesActivated, rows: Rows) -> None:
    rows.add(
        tables.code_activation,
        lot=event.lot,
        by=rows.holder,
        ground=event.ground,
        first=event.first,
        packs=event.count,
    )


@add_own.register
def _(event: release.CodesSold, rows: Rows) -> None:
    rows.add(tables.code_sale, lot=event.lot, by=rows.holder, first=event.first, packs=event.count)


@add_own.register
def _(event: release.CodesRecalled, rows: Rows) -> None:
    rows.add(
        tables.code_recall,
        lot=event.lot,
        level=event.level,
        cause=event.cause,
        first=event.first,
        packs=event.count,
    )


@add_own.register
def _(event: release.ScansCounted, rows: Rows) -> None:
    rows.add(tables.scan_digest, day=event.day.isoformat(), scans=event.scans, root=event.root)
