"""From an entry to the rows by which it is found: the writing half of `tables`.

`index_statement` is the only way that a statement reaches the derived tables; the journal calls it when an
entry is new, `rebuild` and the audit when it is old, and all three must end with the same rows.
"""

import hashlib
import json
from base64 import b64decode
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import singledispatch
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, and_, select, update

from ledger import canonical
from ledger.canonical import decimal_text, instant_text
from ledger.dsse import key_id
from ledger.entry import Entry
from traceability import occurrence, subjects, tables
from traceability.events import Event, field, followup, movement, partner, processing, quality, registry
from traceability.measuring import Measures
from traceability.quantity import Amount
from traceability.reading import Reader
from traceability.recollection import past_statement
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
            connection.execute(table.insert(), rows)


def lot_hash(lot: str) -> str:
    """Return the hex digits that a lot's short code is cut from."""
    return hashlib.sha256(b"jizihao/short/v1\0" + lot.encode()).hexdigest()


def index_statement(
    connection: Connection,
    *,
    index: int,
    recorded_at: str,
    statement: Statement,
    source: str,
    rules: str,
    flags: Sequence[dict[str, Any]],
) -> None:
    """Write every derived row that the entry at *index* gives, but for its subjects."""
    event = statement.event
    told = effective(event)
    rows = Rows(index, statement, Measures(connection, statement.by, told))
    rows.add(
        tables.statement,
        by=statement.by,
        claimed_by=statement.claimed_by,
        statement_id=statement.id,
        digest=statement.digest,
        kind=event.kind,
        effective_kind=None if told is None else told.kind,
        source=source,
        rules=rules,
        at=instant_text(event.at),
        recorded_at=recorded_at,
        event_id=event.event_id if isinstance(event, partner.PartnerClaimed) else None,
        target=getattr(event, "target", None) if event.kind in AIMED else None,
        void_by=_declared_void(connection, index, statement),
    )
    if told is not None:
        _index(told, rows)
        _add_items(told, rows)
    _add_flags(flags, told, rows)
    rows.write(connection)


def effective(event: Event) -> Event | None:
    """Return the event that counts: a correction counts as what it puts in place, if anything."""
    return event.replacement if isinstance(event, followup.Corrected) else event


def make_void(connection: Connection, statement: Statement, index: int) -> None:
    """Mark as void what the entry at *index* withdraws: a correction's target, or a partner's event.

    It stands before the rules, so that they see the past without it.
    """
    event, table = statement.event, tables.statement
    if isinstance(event, followup.Corrected):
        found = table.c.digest == event.target
    elif isinstance(event, partner.PartnerClaimed) and event.error is not None:
        found = _claims_of(statement, event.event_id)
    else:
        return
    connection.execute(update(table).where(found, table.c.void_by.is_(None)).values(void_by=index))


def _claims_of(statement: Statement, event_id: str) -> ColumnElement[bool]:
    table = tables.statement
    # Nobody may withdraw another's claim by repeating its eventID.
    return and_(
        table.c.event_id == event_id,
        table.c.by == statement.by,
        table.c.claimed_by.is_not_distinct_from(statement.claimed_by),
    )


def _declared_void(connection: Connection, index: int, statement: Statement) -> int | None:
    """Return the entry by which a partner's event is void from birth: a declaration may come first."""
    event = statement.event
    if not isinstance(event, partner.PartnerClaimed):
        return None
    if event.error is not None:
        return index
    declared = tables.declaration
    return connection.execute(
        select(declared.c.entry)
        .where(
            declared.c.event_id == event.event_id,
            declared.c.by == statement.by,
            declared.c.claimed_by.is_not_distinct_from(statement.claimed_by),
        )
        .order_by(declared.c.entry)
        .limit(1)
    ).scalar()


def _add_flags(flags: Sequence[dict[str, Any]], told: Event | None, rows: Rows) -> None:
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


def _add_items(told: Event, rows: Rows) -> None:
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
def _index(event: Event, rows: Rows) -> None:
    """Add the rows that only this kind of event has; most kinds have none."""


@_index.register
def _(event: registry.PartyRegistered, rows: Rows) -> None:
    rows.add(
        tables.party,
        party=event.party,
        role=event.role,
        division=event.division,
        name=event.name,
        uscc=event.uscc,
    )


@_index.register
def _(event: registry.PrefixLicensed, rows: Rows) -> None:
    rows.add(tables.prefix, prefix=event.prefix, party=event.party)


@_index.register
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


@_index.register
def _(event: registry.MemberRegistered, rows: Rows) -> None:
    rows.add(tables.member, member=event.member, party=rows.statement.by)


@_index.register
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


@_index.register
def _(event: registry.RulesAdopted, rows: Rows) -> None:
    rows.add(tables.rule_set, version=event.version, digest=event.digest)


@_index.register
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


@_index.register
def _(event: field.Harvested, rows: Rows) -> None:
    _add_lot(rows, event.lot, event.product, "harvested")
    rows.move(event.lot, rows.holder, "born", rows.amount(event.lot, event.amount))
    for share in event.plots:
        amount = decimal_text(rows.amount(event.lot, share.amount))
        rows.add(tables.harvest, plot=share.plot, lot=event.lot, day=event.day.isoformat(), amount=amount)


@_index.register
def _(event: processing.UntracedReceived, rows: Rows) -> None:
    _add_lot(rows, event.lot, event.product, "untraced")
    rows.move(event.lot, rows.holder, "born", rows.amount(event.lot, event.amount))


@_index.register
def _(event: processing.Processed, rows: Rows) -> None:
    for part in event.inputs:
        rows.move(part.lot, rows.holder, "consumed", -rows.amount(part.lot, part.amount))
    for made in event.outputs:
        _add_lot(rows, made.lot, made.product, event.process, by_product=made.by_product)
        rows.move(made.lot, rows.holder, "born", rows.amount(made.lot, made.amount))


@_index.register
def _(event: processing.CodesIssued, rows: Rows) -> None:
    pack = decimal_text(rows.amount(event.lot, event.pack))
    rows.add(tables.code_issue, lot=event.lot, first=event.first, packs=event.count, pack=pack)


@_index.register
def _(event: processing.CodesVoided, rows: Rows) -> None:
    rows.add(tables.code_void, lot=event.lot, first=event.first, packs=event.count)


@_index.register
def _(event: movement.Shipped, rows: Rows) -> None:
    rows.add(tables.shipment, digest=rows.statement.digest, by=rows.holder, handover=event.handover)
    for part in event.parts:
        rows.move(part.lot, rows.holder, "shipped", -rows.amount(part.lot, part.amount))


@_index.register
def _(event: movement.Received, rows: Rows) -> None:
    rows.add(tables.receipt, shipment=event.shipment, by=rows.holder)
    for part in event.parts:
        rows.move(part.lot, rows.holder, "received", rows.amount(part.lot, part.amount))


@_index.register
def _(event: movement.Retailed, rows: Rows) -> None:
    rows.move(event.lot, rows.holder, "retailed", -rows.amount(event.lot, event.amount))


@_index.register
def _(event: quality.Inspected, rows: Rows) -> None:
    rows.add(
        tables.inspection,
        lot=event.lot,
        by=rows.statement.by,
        purpose=event.purpose,
        sampled_on=event.sampled_on.isoformat(),
        verdict=event.verdict,
    )


@_index.register
def _(event: quality.CertificateIssued, rows: Rows) -> None:
    rows.add(tables.certificate, lot=event.lot, number=event.number)


@_index.register
def _(event: followup.Recalled, rows: Rows) -> None:
    rows.add(tables.recall, lot=event.lot, level=event.level, cause=event.cause)


@_index.register
def _(event: followup.HoldResolved, rows: Rows) -> None:
    rows.add(tables.resolution, target=event.target, by=rows.statement.by)


@_index.register
def _(event: followup.Erased, rows: Rows) -> None:
    for each in event.fields:
        rows.add(tables.erasure, target=event.target, field=each, done=event.done)


@_index.register
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


def index_subjects(connection: Connection, index: int, leaf: bytes, touched: frozenset[str]) -> None:
    """Note that the entry at *index* is now the newest of each subject that it touches."""
    if touched:
        rows = [{"subject": each, "entry": index, "leaf": leaf} for each in sorted(touched)]
        connection.execute(tables.subject.insert(), rows)


def index_entry(reader: Reader, entry: Entry) -> None:
    """Write the derived rows of *entry*, whatever it records; what it makes void is void already."""
    record, connection = entry.record, reader.connection
    if record["kind"] == "statement":
        _index_statement_entry(reader, entry)
    else:
        connection.execute(
            tables.key_record.insert().values(entry=entry.index, kind=record["kind"], leaf=entry.leaf)
        )
    if record["kind"] == "log-opened":
        opened = {"entry": entry.index, "version": "opening", "digest": record["opening"]["rules"]}
        connection.execute(tables.rule_set.insert().values(**opened))
    elif record["kind"] == "key":
        _index_grant(connection, entry)
    elif record["kind"] == "revocation":
        keys, ended = tables.party_key, record["revocation"]["key"]
        connection.execute(update(keys).where(keys.c.key_id == ended).values(revoked_by=entry.index))
        index_subjects(connection, entry.index, entry.leaf, frozenset({subjects.key(ended)}))


def _index_statement_entry(reader: Reader, entry: Entry) -> None:
    record = entry.record
    statement = Statement.parse(record["statement"])
    about = subjects_of(reader, statement, tuple(each["key"] for each in record["sigs"]))
    index_statement(
        reader.connection,
        index=entry.index,
        recorded_at=entry.at,
        statement=statement,
        source=record["ruling"]["source"],
        rules=record["ruling"]["rules"],
        flags=record["ruling"]["flags"],
    )
    own = subjects.statement(statement.digest)
    index_subjects(reader.connection, entry.index, entry.leaf, about.touched | {own})


def subjects_of(reader: Reader, statement: Statement, key_ids: tuple[str, ...]) -> subjects.Subjects:
    """Return what *statement* touches and refers to, what its target touches included."""
    target = getattr(statement.event, "target", None) if statement.event.kind in AIMED else None
    known = None if target is None else past_statement(reader, target)
    about = None if known is None else (known.by, known.event)
    return subjects.of_statement(statement.by, statement.event, key_ids, about)


AIMED = ("corrected", "confirmed", "hold-resolved", "erased")
"""The kinds whose `target` is the digest of another statement."""


def _index_grant(connection: Connection, entry: Entry) -> None:
    grant = entry.record["grant"]
    public = b64decode(grant["key"])
    connection.execute(
        tables.party_key.insert().values(
            entry=entry.index,
            key_id=key_id(public),
            party=grant["party"],
            role=grant["role"],
            custody=grant["custody"],
            public=public,
        )
    )
    index_subjects(connection, entry.index, entry.leaf, key_subjects(grant))


def key_subjects(grant: Mapping[str, Any]) -> frozenset[str]:
    """Return the subjects that a key entry touches: the key, and the one that it replaces."""
    replaced = [grant["replaces"]] if "replaces" in grant else []
    return frozenset(subjects.key(each) for each in (key_id(b64decode(grant["key"])), *replaced))
