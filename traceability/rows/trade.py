"""The rows of registrations, crops, goods, moves and what later facts say of them."""

import json
from decimal import Decimal

from ledger.canonical import decimal_text, instant_text
from traceability import tables
from traceability.events import Event, field, followup, movement, partner, processing, registry
from traceability.rows.inputs import add_moves
from traceability.rows.making import add_throughput
from traceability.rows.moving import add_differences, add_journey
from traceability.rows.parties import add_details
from traceability.rows.release import add_binding
from traceability.rows.writing import Rows, add_own, lot_hash
from traceability.tables.trade import reaped_account

EXTERNAL = "external"
"""Who holds what a partner's document speaks of, when the document does not say."""


def _add_lot(
    rows: Rows, event: Event, lot: str, product: str | None, how: str, *, by_product: bool = False
) -> None:
    rows.add(
        tables.lot,
        lot=lot,
        maker=rows.holder,
        product_party=None if product is None else rows.statement.by,
        product=product,
        measure=rows.measures.scale(lot).measure,
        how=how,
        by_product=by_product,
        # A lot that a correction tells of was born when the correction says, not when it was made.
        at=instant_text(event.at),
        hash=lot_hash(lot),
    )


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
    add_details(event, rows)


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
        gi=event.gi,
        high_standard=event.high_standard,
        cultivation=event.cultivation,
        township=event.township,
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
        day=event.last_day.isoformat(),
        interval_days=event.interval_days,
        registration=event.registration,
    )
    add_moves(event, rows)


@add_own.register
def _(event: field.Harvested, rows: Rows) -> None:
    _add_lot(rows, event, event.lot, event.product, "harvested")
    rows.move(event.lot, rows.holder, "born", rows.amount(event.lot, event.amount))
    day, measure = event.day, rows.measures.scale(event.lot).measure
    for share in event.plots:
        amount = rows.amount(event.lot, share.amount)
        of_plot = {"plot": share.plot, "lot": event.lot, "day": day.isoformat()}
        rows.add(tables.harvest, **of_plot, amount=decimal_text(amount))
        rows.count(reaped_account(share.plot, day.year, measure), amount)


@add_own.register
def _(event: processing.UntracedReceived, rows: Rows) -> None:
    _add_lot(rows, event, event.lot, event.product, "untraced")
    rows.move(event.lot, rows.holder, "born", rows.amount(event.lot, event.amount))


@add_own.register
def _(event: processing.Processed, rows: Rows) -> None:
    for part in event.inputs:
        rows.move(part.lot, rows.holder, "consumed", -rows.amount(part.lot, part.amount))
    for made in event.outputs:
        _add_lot(rows, event, made.lot, made.product, event.process, by_product=made.by_product)
        rows.move(made.lot, rows.holder, "born", rows.amount(made.lot, made.amount))
    add_throughput(event, rows)


@add_own.register
def _(event: processing.CodesIssued, rows: Rows) -> None:
    pack = decimal_text(rows.amount(event.lot, event.pack))
    rows.add(tables.code_issue, lot=event.lot, first=event.first, packs=event.count, pack=pack)
    add_binding(event, rows)


@add_own.register
def _(event: processing.CodesVoided, rows: Rows) -> None:
    rows.add(tables.code_void, lot=event.lot, first=event.first, packs=event.count)


@add_own.register
def _(event: movement.Shipped, rows: Rows) -> None:
    rows.add(tables.shipment, digest=rows.statement.digest, by=rows.holder, handover=event.handover)
    for part in event.parts:
        rows.move(part.lot, rows.holder, "shipped", -rows.amount(part.lot, part.amount))
    add_journey(event, rows)


@add_own.register
def _(event: movement.Received, rows: Rows) -> None:
    rows.add(tables.receipt, shipment=event.shipment, by=rows.holder)
    for part in event.parts:
        rows.move(part.lot, rows.holder, "received", rows.amount(part.lot, part.amount))
    add_differences(event, rows)


@add_own.register
def _(event: movement.Retailed, rows: Rows) -> None:
    rows.move(event.lot, rows.holder, "retailed", -rows.amount(event.lot, event.amount))


@add_own.register
def _(event: followup.Recalled, rows: Rows) -> None:
    rows.add(tables.recall, lot=event.lot, level=event.level, cause=event.cause)


@add_own.register
def _(event: followup.Confirmed, rows: Rows) -> None:
    rows.add(tables.confirmation, target=event.target, by=rows.statement.by)


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
        _add_lot(rows, event, each.uri, None, "claimed")
        rows.move(each.uri, holder, "born", rows.measures.quantity_of(each) or Decimal(0))
