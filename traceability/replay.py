"""The log read again from its first entry: the derived tables rebuilt, and each decision made once more.

An old entry goes the way of a new one (`judging`, `indexing`), in a scratch database that begins empty.
Nothing is read from the derived tables that it is compared with.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Engine, Table, Text, collate, create_engine, event, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import StaticPool

from ledger import authorship
from ledger.entry import Entry
from ledger.errors import LedgerError, Malformed, NotProven
from ledger.fsck import Finding
from traceability import indexing, judging, tables
from traceability.disclosure import sealed_fields
from traceability.errors import Refused, TraceError
from traceability.events import followup, may_state
from traceability.reading import ReadEntry, Reader
from traceability.rule_shelf import RuleShelf
from traceability.statement import Signed, Statement


@dataclass
class Replay:
    """The second telling of a log, entry by entry."""

    origin: str
    shelf: RuleShelf
    connection: Connection
    read_entry: ReadEntry
    sealed: dict[tuple[str, str], bytes] = field(default_factory=dict)
    erased: set[tuple[str, str]] = field(default_factory=set)
    statements: int = 0

    def __post_init__(self) -> None:
        self._reader = Reader(self.connection, self.read_entry)
        self._ring = authorship.Keyring(self.origin)

    def follow(self, entry: Entry) -> Iterator[Finding]:
        """Index *entry* and yield what does not agree with the entries before it."""
        where = f"entry {entry.index}"
        try:
            yield from self._check(entry, where)
            indexing.index_entry(self._reader, entry)
        except (LedgerError, TraceError, LookupError, TypeError, ValueError, SQLAlchemyError) as error:
            # Whoever wrote such an entry past the journal must not thereby end the audit.
            yield Finding("entry-not-readable", where, entry.index, {"reason": str(error)})

    def _check(self, entry: Entry, where: str) -> Iterator[Finding]:
        try:
            self._ring.admit(entry.record, entry.index)
        except LedgerError as error:
            yield Finding("key-entry-wrong", where, entry.index, {"reason": str(error)})
        if entry.record["kind"] == "statement":
            yield from self._check_statement(entry, where)
        else:
            yield from self._check_key_links(entry, where)

    def _check_key_links(self, entry: Entry, where: str) -> Iterator[Finding]:
        wanted = judging.links(self.connection, entry.record["links"])
        if entry.record["links"] != wanted:
            yield Finding("links-differ", where, entry.index)

    def _check_statement(self, entry: Entry, where: str) -> Iterator[Finding]:
        record = entry.record
        try:
            authorship.check_statement(
                record, self._ring.grant, origin=self.origin, index=entry.index, may_state=may_state
            )
        except LedgerError as error:
            yield Finding("signature-wrong", where, entry.index, {"reason": str(error), **error.facts})
        statement = Statement.parse(record["statement"])
        self.statements += 1
        self._note_sealed(statement)
        again = self._again(entry, statement)
        if isinstance(again, Finding):
            yield again
            return
        if record["links"] != again["links"]:
            yield Finding("links-differ", where, entry.index)
        if record["ruling"] != again["ruling"]:
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
        for pointer, sealed in sealed_fields(statement.event).items():
            self.sealed[statement.id, pointer] = sealed.digest
        if isinstance(statement.event, followup.Erased) and statement.event.done == "erased":
            table = tables.statement
            target = self.connection.execute(
                select(table.c.statement_id).where(table.c.digest == statement.event.target)
            ).scalar()
            self.erased |= {(str(target), each) for each in statement.event.fields}


def scratch_engine() -> Engine:
    """Return an empty database in memory with the derived tables; dispose of it when done."""
    engine = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
    # The driver's own transaction control would commit behind our back.
    event.listen(engine, "connect", lambda raw, _: setattr(raw, "isolation_level", None))
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    tables.metadata.create_all(engine)
    return engine


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
        elif record["kind"] not in {"log-opened", "key", "revocation"}:
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
        key = [column.name for column in table.primary_key.columns]
        here, there = (_in_order(connection, table) for connection in (live, scratch))
        if (finding := _first_difference(table.name, key, here, there)) is not None:
            yield finding


def _in_order(connection: Connection, table: Table) -> Iterable[Any]:
    # Two databases sort letters alike only by their bytes.
    bytewise = "C" if connection.dialect.name == "postgresql" else "BINARY"
    order = sorted(table.primary_key.columns, key=lambda column: column.name != "entry")
    spelled = [collate(each, bytewise) if isinstance(each.type, Text) else each for each in order]
    return connection.execution_options(yield_per=1000).execute(select(table).order_by(*spelled))


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


def _values(row: Any) -> tuple[Any, ...]:
    return tuple(bytes(each) if isinstance(each, bytes | memoryview) else each for each in row)


def _columns(found: Any, wanted: Any) -> dict[str, str | int]:
    wrong = [
        name
        for name, one, other in zip(found._mapping, _values(found), _values(wanted), strict=True)
        if one != other
    ]
    return {"columns": ", ".join(wrong)}
