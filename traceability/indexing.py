"""From an entry to the rows by which it is found: the writing half of `tables`.

`index_statement` is the only way that a statement reaches the derived tables; the journal calls it when an
entry is new, `rebuild` and the audit when it is old, and all three must end with the same rows.
"""

from base64 import b64decode
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, select, update

from ledger.canonical import instant_text
from ledger.dsse import key_id
from ledger.entry import Entry
from traceability import running, subjects, tables
from traceability.events import Event, followup, partner
from traceability.measuring import Measures
from traceability.question import insertion
from traceability.reading import Reader
from traceability.recollection import past_statement
from traceability.rows import Rows, add_flags, add_items, add_own
from traceability.statement import Statement


def index_statement(
    connection: Connection,
    *,
    index: int,
    recorded_at: str,
    statement: Statement,
    source: str,
    rules: str,
    flags: Sequence[dict[str, Any]],
) -> Rows | None:
    """Write every derived row that the entry at *index* gives, but for its subjects and what it adds up to.

    Returns the rows that count; none where the entry was void before it came.
    """
    event = statement.event
    told = effective(event)
    rows = Rows(index, statement, Measures(connection, statement.by, told))
    void_by = _declared_void(connection, index, statement)
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
        void_by=void_by,
    )
    if told is not None:
        add_own(told, rows)
        add_items(told, rows)
    add_flags(flags, told, rows)
    if void_by is not None:
        rows.leave_out(tables.running.flow)
    rows.write(connection)
    return rows if void_by is None else None


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
    standing = and_(found, table.c.void_by.is_(None))
    entries = (
        connection.execute(select(table.c.entry).where(standing).order_by(table.c.entry)).scalars().all()
    )
    connection.execute(update(table).where(standing).values(void_by=index))
    running.take_back(connection, entries)


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


def index_subjects(connection: Connection, index: int, leaf: bytes, touched: frozenset[str]) -> None:
    """Note that the entry at *index* is now the newest of each subject that it touches."""
    if touched:
        rows = [{"subject": each, "entry": index, "leaf": leaf} for each in sorted(touched)]
        insertion(tables.subject).write(connection, rows)


def index_entry(reader: Reader, entry: Entry) -> None:
    """Write the derived rows of *entry*, whatever it records; what it makes void is void already."""
    record, connection = entry.record, reader.connection
    if record["kind"] == "statement":
        statement = Statement.parse(record["statement"])
        index_recorded(reader, statement, record, index=entry.index, recorded_at=entry.at, leaf=entry.leaf)
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


def index_recorded(
    reader: Reader,
    statement: Statement,
    record: Mapping[str, Any],
    *,
    index: int,
    recorded_at: str,
    leaf: bytes,
) -> None:
    """Write the derived rows of *statement*, which the entry at *index* with this *leaf* records."""
    about = subjects_of(reader, statement, tuple(each["key"] for each in record["sigs"]))
    rows = index_statement(
        reader.connection,
        index=index,
        recorded_at=recorded_at,
        statement=statement,
        source=record["ruling"]["source"],
        rules=record["ruling"]["rules"],
        flags=record["ruling"]["flags"],
    )
    own = subjects.statement(statement.digest)
    index_subjects(reader.connection, index, leaf, about.touched | {own})
    if rows is not None:
        running.add(reader.connection, rows, about.touched, instant_text(statement.event.at))


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
