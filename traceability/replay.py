"""The log read again from its first entry: the derived tables rebuilt, and each decision made once more.

An old entry goes the way of a new one (`judging`, `indexing`), in a scratch database that begins empty.
Nothing is read from the derived tables that it is compared with. Each entry depends on those before it, so
this goes one after another; signatures, which do not, may have been checked by others already.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Engine,
    LargeBinary,
    MetaData,
    Select,
    Table,
    Text,
    bindparam,
    collate,
    create_engine,
    event,
    select,
    text,
)
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import StaticPool

from ledger import authorship, keys_told, store
from ledger.entry import Entry
from ledger.errors import LedgerError, Malformed, NotProven
from ledger.finding import Finding
from ledger.merkle import Hash, leaf_hash
from ledger.rotation import KeySchedule
from traceability import indexing, judging, tables
from traceability.disclosure import sealed_fields
from traceability.errors import Refused, TraceError
from traceability.events import followup, may_state
from traceability.limits import RuleSet
from traceability.reading import ReadEntry, Reader
from traceability.statement import Signed, Statement

_CACHE_KIBIBYTES = 65_536
_AT_ONCE = 256


class RuleSets(Protocol):
    """Where rule sets are found by the digests that entries name."""

    def get(self, digest: str) -> RuleSet:
        """Return the rule set with this digest, or raise `NotProven`."""


@dataclass
class Replay:
    """The second telling of a log, entry by entry."""

    origin: str
    shelf: RuleSets
    connection: Connection
    read_entry: ReadEntry
    signatures: bool = True
    statements: int = 0
    sealed_fields: int = 0

    def __post_init__(self) -> None:
        self._reader = Reader(self.connection, self.read_entry)
        self._ring = authorship.Keyring(self.origin)
        self._log_keys: KeySchedule | None = None

    def follow(self, entry: Entry, leaf: Hash | None = None) -> Iterator[Finding]:
        """Index *entry*, whose *leaf* may be known, and yield what does not agree with those before it."""
        where = f"entry {entry.index}"
        try:
            yield from self._check_keys(entry, where)
            if entry.record["kind"] == "statement":
                yield from self._follow_statement(entry, where, leaf)
            else:
                yield from self._check_key_links(entry, where)
                indexing.index_entry(self._reader, entry)
        except (LedgerError, TraceError, LookupError, TypeError, ValueError, SQLAlchemyError) as error:
            # Whoever wrote such an entry past the journal must not thereby end the audit.
            yield Finding("entry-not-readable", where, entry.index, {"reason": str(error)})

    def _check_keys(self, entry: Entry, where: str) -> Iterator[Finding]:
        try:
            self._ring.admit(entry.record, entry.index)
            self._follow_log_keys(entry)
        except LedgerError as error:
            yield Finding("key-entry-wrong", where, entry.index, {"reason": str(error)})

    def _follow_log_keys(self, entry: Entry) -> None:
        """Take over the log's own keys from its opening, and each change of them, or raise."""
        if entry.index == 0:
            self._log_keys = KeySchedule.opened(self.origin, entry.record)
        elif self._log_keys is not None:
            self._log_keys.admit(entry.record, entry.index)

    def _check_key_links(self, entry: Entry, where: str) -> Iterator[Finding]:
        wanted = judging.links(self.connection, entry.record["links"])
        if entry.record["links"] != wanted:
            yield Finding("links-differ", where, entry.index)

    def _follow_statement(self, entry: Entry, where: str, leaf: Hash | None) -> Iterator[Finding]:
        record = entry.record
        if self.signatures:
            yield from keys_told.Signatures(self._ring, may_state)(entry.index, record)
        statement = Statement.parse(record["statement"])
        self.statements += 1
        self._note_sealed(statement)
        yield from self._decided_again(entry, statement, where)
        indexing.index_recorded(
            self._reader,
            statement,
            record,
            index=entry.index,
            recorded_at=entry.at,
            leaf=leaf or entry.leaf,
        )

    def _decided_again(self, entry: Entry, statement: Statement, where: str) -> Iterator[Finding]:
        again = self._again(entry, statement)
        if isinstance(again, Finding):
            yield again
            return
        if entry.record["links"] != again["links"]:
            yield Finding("links-differ", where, entry.index)
        if entry.record["ruling"] != again["ruling"]:
            yield Finding("verdict-differs", where, entry.index)

    def _again(self, entry: Entry, statement: Statement) -> dict[str, Any] | Finding:
        """Return the record that the journal would write now in the place of this one."""
        ruling, where = entry.record["ruling"], f"entry {entry.index}"
        if judging.rules_in_force(self.connection) != ruling["rules"]:
            return Finding("rule-set-differs", where, entry.index)
        try:
            return judging.record_of(
                self._reader,
                Signed(statement, tuple(entry.record["sigs"])),
                source=ruling["source"],
                rule_set=self.shelf.get(ruling["rules"]),
                index=entry.index,
                recorded_at=entry.at,
            )
        except Refused as refused:
            return Finding("verdict-differs", where, entry.index, {"refused": str(refused)})
        except NotProven as error:
            return Finding("rule-set-missing", where, entry.index, {"reason": str(error)})

    def _note_sealed(self, statement: Statement) -> None:
        found = sealed_fields(statement.event)
        self.sealed_fields += len(found)
        if found:
            rows = [
                {"statement_id": statement.id, "pointer": pointer, "digest": sealed.digest}
                for pointer, sealed in found.items()
            ]
            self.connection.execute(_SEAL, rows)
        if isinstance(statement.event, followup.Erased) and statement.event.done == "erased":
            for pointer in statement.event.fields:
                self.connection.execute(_ERASE, {"target": statement.event.target, "at": pointer})


scratch_metadata = MetaData()
sealed = Table(
    "scratch_sealed",
    scratch_metadata,
    Column("statement_id", Text, primary_key=True),
    Column("pointer", Text, primary_key=True),
    Column("digest", LargeBinary, nullable=False),
    Column("erased", Boolean, nullable=False, default=False),
)
"""Every sealed field that the entries hold, and whether a later one erased it."""

_SEAL = sealed.insert().prefix_with("OR REPLACE", dialect="sqlite")
_ERASE = (
    sealed.update()
    .where(
        sealed.c.statement_id
        == select(tables.statement.c.statement_id)
        .where(tables.statement.c.digest == bindparam("target"))
        .scalar_subquery(),
        sealed.c.pointer == bindparam("at"),
    )
    .values(erased=True)
)


def scratch_engine() -> Engine:
    """Return an empty database with the derived tables; it is gone once it is disposed of.

    SQLite keeps a database without a name in its cache, and beyond that in a file that nobody else sees.
    """
    engine = create_engine(
        "sqlite://",
        creator=lambda: sqlite3.connect("", check_same_thread=False, cached_statements=2_000),
        poolclass=StaticPool,
    )
    event.listen(engine, "connect", _prepare_scratch)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    tables.metadata.create_all(engine)
    scratch_metadata.create_all(engine)
    return engine


def _prepare_scratch(raw: sqlite3.Connection, _record: object) -> None:
    # The driver's own transaction control would commit behind our back.
    raw.isolation_level = None
    # Nobody will ever want to go back, nor find it after a crash.
    for pragma in ("journal_mode = OFF", "synchronous = OFF", f"cache_size = -{_CACHE_KIBIBYTES}"):
        raw.execute(f"PRAGMA {pragma}").close()


def stored_entries(connection: Connection, size: int) -> Iterator[tuple[Entry, Hash]]:
    """Yield the first *size* entries and their leaves; `NotProven` where one is missing."""
    query = select(store.entries.c.index, store.entries.c.bytes).where(
        store.entries.c.index >= bindparam("start"), store.entries.c.index < bindparam("end")
    )
    for start in range(0, size, _AT_ONCE):
        end = min(start + _AT_ONCE, size)
        rows = connection.execute(query.order_by(store.entries.c.index), {"start": start, "end": end}).all()
        if [row[0] for row in rows] != list(range(start, end)):
            raise NotProven("the log holds no such entry", facts={"index": start})
        yield from ((Entry.parse(spelt), leaf_hash(spelt)) for spelt in (bytes(row[1]) for row in rows))


def rebuild(connection: Connection, entries: Iterable[Entry], read_entry: ReadEntry) -> int:
    """Empty the derived tables and fill them from *entries*; return how many there were.

    Raises `Malformed` at an entry that is no record of ours.
    """
    for table in reversed(tables.metadata.sorted_tables):
        connection.execute(table.delete())
    reader, count = Reader(connection, read_entry), 0
    for entry in entries:
        record = entry.record
        if record["kind"] == "statement":
            indexing.make_void(connection, Statement.parse(record["statement"]), entry.index)
        elif record["kind"] not in {"log-opened", "log-keys", "key", "revocation"}:
            raise Malformed("a record of an unknown kind", facts={"index": entry.index})
        indexing.index_entry(reader, entry)
        count += 1
    return count


def compared(
    live: Connection, scratch: Connection, *, report: Callable[[int, int], None]
) -> Iterator[Finding]:
    """Yield, for each derived table, the first row of *live* that is not the one that the entries give."""
    every = tables.metadata.sorted_tables
    for done, table in enumerate(every, 1):
        report(done, len(every))
        if (finding := difference(live, scratch, table)) is not None:
            yield finding


def difference(live: Connection, scratch: Connection, table: Table) -> Finding | None:
    """Return the first row of *table* in *live* that is not the one in *scratch*, or None."""
    # Two SQLite files are compared as they stand: 2 would pass for true where a column type reads it.
    as_it_stands = {live.dialect.name, scratch.dialect.name} == {"sqlite"}
    key = [column.name for column in table.primary_key.columns]
    here, there = (_rows(connection, table, as_it_stands) for connection in (live, scratch))
    return _first_difference(table.name, key, here, there)


def _rows(connection: Connection, table: Table, as_it_stands: bool) -> Iterable[Any]:
    streamed = connection.execution_options(yield_per=1000)
    query = in_order(connection, table)
    if as_it_stands:
        return streamed.execute(text(str(query.compile(dialect=connection.dialect))))
    return streamed.execute(query)


def in_order(connection: Connection, table: Table) -> Select[Any]:
    """Select all rows of *table* in an order that is the same in every database."""
    # Two databases sort letters alike only by their bytes.
    bytewise = "C" if connection.dialect.name == "postgresql" else "BINARY"
    order = sorted(table.primary_key.columns, key=lambda column: column.name != "entry")
    spelled = [collate(each, bytewise) if isinstance(each.type, Text) else each for each in order]
    return select(table).order_by(*spelled)


def _first_difference(name: str, key: list[str], here: Iterable[Any], there: Iterable[Any]) -> Finding | None:
    ours, theirs = iter(here), iter(there)
    while True:
        found, wanted = next(ours, None), next(theirs, None)
        if found is None and wanted is None:
            return None
        if found is None or wanted is None or _values(found) != _values(wanted):
            row = found if found is not None else wanted
            named = " ".join(f"{column}={row._mapping[column]}" for column in key)  # type: ignore[union-attr]  # one of both is a row
            columns = {} if found is None or wanted is None else _columns(found, wanted)
            index = row._mapping.get("entry")  # type: ignore[union-attr]  # as above
            return Finding("row-differs", f"{name} {named}", index, columns)


def _values(row: Any) -> list[tuple[type, Any]]:
    """Return the values with their kinds: 1, true and 1.0 are equal to Python, and different things."""
    values = (bytes(each) if isinstance(each, memoryview) else each for each in row)
    return [(type(each), each) for each in values]


def _columns(found: Any, wanted: Any) -> dict[str, str | int]:
    wrong = [
        name
        for name, one, other in zip(found._mapping, _values(found), _values(wanted), strict=True)
        if one != other
    ]
    return {"columns": ", ".join(wrong)}
