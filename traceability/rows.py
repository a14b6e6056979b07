"""The rows that one event gives: what each kind of event means to those who search for it."""

import hashlib
import json
from collections.abc import Sequence
from decimal import Decimal
from functools import singledispatch
from typing import Any

from sqlalchemy import Connection, Table

from ledger import canonical
from ledger.canonical import decimal_text, instant_text
from traceability import occurrence, tables
from traceability.events import Event, field, followup, movement, partner, processing, quality, registry
from traceability.measuring import Measures
from traceability.quantity import Amount
from traceability.question import insertion
from traceability.statement import Statement

EXTERNAL = "external"
"""Who holds what a partner's document speaks of, when the document does not say."""


class Rows:
    """The rows that one entry gives, collected by table and written together."""

    def __init__(self, index: int, statement: Statement, measures: Measures) -> None:
        self.index = index
        self.statement = statement
        self.measures = measures
        self.holder = statement.claimed_by or statement.by
        self._rows: dict[Table, list[dict[str, Any]]] = {}

    def add(self, table: Table, **values: Any) -> None:
        """Add a row; a table with ordinals numbers its rows from 0."""
        rows = self._rows.setdefault(table, [])
        row = {"entry": self.index, **values}
        if "ordinal" in table.c:
            row["ordinal"] = len(rows)
        rows.append(row)

    def move(self, lot: str, party: str, why: str, change: Decimal) -> None:
        """Add to (or take from) what *party* holds of *lot*, in the lot's measure."""
        self.add(tables.stock, lot=lot, party=party, why=why, change=decimal_text(change))

    def amount(self, lot: str, amount: Amount) -> Decimal:
        """Return *amount* in the measure of *lot*; nothing where no weight of a piece links the two."""
        measured = self.measures.amount_of(lot, amount)
        return Decimal(0) if measured is None else measured

    def write(self, connection: Connection) -> None:
        """Insert everything."""
        for table, rows in self._rows.items():
            insertion(table).write(connection, rows)


def lot_hash(lot: str) -> str:
    """Return the hex digits that a lot's short code is cut from."""
    return hashlib.sha256(b"jizihao/short/v1\0" + lot.encode()).hexdigest()


def add_flags(flags: Sequence[dict[str, Any]], told: Event | None, rows: Rows) -> None:
    """Add a row for each flag and each lot that it falls on."""
    own = lots_of(told)
    for each in flags:
        for lot in each.get("lots") or own or [None]:
            rows.add(
                tables.flag,
                rule=each["rule"],
                level=each["level"],
                lot=lot,
                told=canonical.dumps(each).decode(),
            )


def lots_of(event: Event | None) -> tuple[str, ...]:
    """Return the lots that a flag of *event* falls on: those that come out of it, else those it is about."""
    match event:
        case processing.Processed():
            return tuple(made.lot for made in event.outputs)
        case processing.Packed() | processing.Unpacked() | movement.Shipped() | movement.Received():
            return tuple(part.lot for part in event.parts)
        case partner.PartnerClaimed():
            items = event.outputs or (*event.objects, *event.children)
            return tuple(item.uri for item in items)
        case _:
            found = getattr(event, "lot", None)
            return () if found is None else (found,)


def add_items(told: Event, rows: Rows) -> None:
    """Add what went in, came out, or was handled, so that a lot's past and future are found by its name."""
    seen = occurrence.occurrence_of(told, index=rows.index)
    if seen is None:
        return
    for part, items in (("input", seen.inputs), ("output", seen.outputs), ("object", seen.objects)):
        for each in items:
            rows.add(tables.item, part=part, uri=each.uri)
    if seen.parent is not None:
        rows.add(tables.item, part="parent", uri=seen.parent)


def _add_lot(rows: Rows, lot: str, product: str | None, how: str, *, by_product: bool = False) -> None:
    rows.add(
        tables.lot,
        lot=lot,
        maker=rows.holder,
        product_party=None if product is None else rows.statement.by,
        product=product,
        measure=rows.measures.scale(lot).measure,
        how=how,
        by_product=by_product,
        at=instant_text(rows.statement.event.at),
        hash=lot_hash(lot),
    )


@singledispatch
def add_own(event: Event, rows: Rows) -> None:
    """Add the rows that only this kind of event has; some kinds have none."""


@add_own.register
def _(event: registry.PartyRegistered, rows: Rows) -> None:
    rows.add(
        tables.party,
        party=event.party,
        role=event.role,
        division=event.division,
        name=event.name,
        uscc=event.uscc,
    )


@add_own.register
def _(event: registry.PrefixLicensed, rows: Rows) -> None:
    rows.add(tables.prefix, prefix=event.prefix, party=event.party)


@add_own.register
def _(event: registry.ProductRegistered, rows: Rows) -> None:
    rows.add(
        tables.product,
        party=rows.statement.by,
        product=event.product,
        name=event.name,
        name_en=event.name_en,
        commodity=event.commodity,
        measure=event.measure,
        piece=event.piece,
        piece_kg=None if event.piece_kg is None else decimal_text(event.piece_kg),
        gtin=event.gtin,
    )


@add_own.register
def _(event: registry.MemberRegistered, rows: Rows) -> None:
    rows.add(tables.member, member=event.member, party=rows.statement.by)


@add_own.register
def _(event: registry.PlotRegistered, rows: Rows) -> None:
    rows.add(
        tables.plot,
        plot=event.plot,
        party=rows.statement.by,
        member=event.member,
        commodity=event.commodity,
        division=event.division,
        area_ha=None if event.area_ha is None else decimal_text(event.area_ha),
        bags=event.bags,
        planted=event.planted,
    )


@add_own.register
def _(event: registry.RulesAdopted, rows: Rows) -> None:
    rows.add(tables.rule_set, version=event.version, digest=event.digest)


@add_own.register
def _(event: field.Treated, rows: Rows) -> None:
    rows.add(
        tables.treatment,
        plot=event.plot,
        name=event.name,
        substances=json.dumps(event.substances, ensure_ascii=False),
        day=event.day.isoformat(),
        interval_days=event.interval_days,
        registration=event.registration,
    )


@add_own.register
def _(event: field.Harvested, rows: Rows) -> None:
    _add_lot(rows, event.lot, event.product, "harvested")
    rows.move(event.lot, rows.holder, "born", rows.amount(event.lot, event.amount))
    for share in event.plots:
        amount = decimal_text(rows.amount(event.lot, share.amount))
        rows.add(tables.harvest, plot=share.plot, lot=event.lot, day=event.day.isoformat(), amount=amount)


@add_own.register
def _(event: processing.UntracedReceived, rows: Rows) -> None:
    _add_lot(rows, event.lot, event.product, "untraced")
    rows.move(event.lot, rows.holder, "born", rows.amount(event.lot, event.amount))


@add_own.register
def _(event: processing.Processed, rows: Rows) -> None:
    for part in event.inputs:
        rows.move(part.lot, rows.holder, "consumed", -rows.amount(part.lot, part.amount))
    for made in event.outputs:
        _add_lot(rows, made.lot, made.product, event.process, by_product=made.by_product)
        rows.move(made.lot, rows.holder, "born", rows.amount(made.lot, made.amount))


@add_own.register
def _(event: processing.CodesIssued, rows: Rows) -> None:
    pack = decimal_text(rows.amount(event.lot, event.pack))
    rows.add(tables.code_issue, lot=event.lot, first=event.first, packs=event.count, pack=pack)


@add_own.register
def _(event: processing.CodesVoided, rows: Rows) -> None:
    rows.add(tables.code_void, lot=event.lot, first=event.first, packs=event.count)


@add_own.register
def _(event: movement.Shipped, rows: Rows) -> None:
    rows.add(tables.shipment, digest=rows.statement.digest, by=rows.holder, handover=event.handover)
    for part in event.parts:
        rows.move(part.lot, rows.holder, "shipped", -rows.amount(part.lot, part.amount))


@add_own.register
def _(event: movement.Received, rows: Rows) -> None:
    rows.add(tables.receipt, shipment=event.shipment, by=rows.holder)
    for part in event.parts:
        rows.move(part.lot, rows.holder, "received", rows.amount(part.lot, part.amount))


@add_own.register
def _(event: movement.Retailed, rows: Rows) -> None:
    rows.move(event.lot, rows.holder, "retailed", -rows.amount(event.lot, event.amount))


@add_own.register
def _(event: quality.Inspected, rows: Rows) -> None:
    rows.add(
        tables.inspection,
        lot=event.lot,
        by=rows.statement.by,
        purpose=event.purpose,
        sampled_on=event.sampled_on.isoformat(),
        verdict=event.verdict,
    )


@add_own.register
def _(event: quality.CertificateIssued, rows: Rows) -> None:
    rows.add(tables.certificate, lot=event.lot, number=event.number)


@add_own.register
def _(event: followup.Recalled, rows: Rows) -> None:
    rows.add(tables.recall, lot=event.lot, level=event.level, cause=event.cause)


@add_own.register
def _(event: followup.HoldResolved, rows: Rows) -> None:
    rows.add(tables.resolution, target=event.target, by=rows.statement.by)


@add_own.register
def _(event: followup.Erased, rows: Rows) -> None:
    for each in event.fields:
        rows.add(tables.erasure, target=event.target, field=each, done=event.done)


@add_own.register
def _(event: partner.PartnerClaimed, rows: Rows) -> None:
    if event.error is not None:
        by = rows.statement
        rows.add(tables.declaration, by=by.by, claimed_by=by.claimed_by, event_id=event.event_id)
        return
    holder = rows.holder if rows.statement.claimed_by else EXTERNAL
    for each in event.inputs:
        rows.move(each.uri, holder, "consumed", -(rows.measures.quantity_of(each) or Decimal(0)))
    born = event.objects if event.type == "ObjectEvent" and event.action == "ADD" else event.outputs
    for each in born:
        _add_lot(rows, each.uri, None, "claimed")
        rows.move(each.uri, holder, "born", rows.measures.quantity_of(each) or Decimal(0))
