"""What does not agree: the log with its own hashes, with what an auditor kept, and with all that rests on it.

    1  every stored byte hashed again: entries, chain, tiles, root, checkpoint       ledger.fsck
    2  every signature, link and verdict, decided once more                          replay
    3  every derived row compared with the one that the entries give                 replay
    4  every kept row under its seal; every sealed value by its digest               here

The page and the terminal call the one function here. It changes nothing. Where an entry was altered, steps 2
and 3 would speak of the same damage a thousand times; they are then reported as not done.
"""

from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, MetaData, Table, inspect, select
from sqlalchemy.exc import SQLAlchemyError

from ledger import fsck, shelf, store, trust
from ledger.canonical import instant_of
from ledger.checkpoint import Checkpoint
from ledger.entry import Entry
from ledger.errors import LedgerError
from ledger.finding import Finding
from ledger.fsck import Findings
from ledger.keys import VerifierKey
from ledger.merkle import Hash
from ledger.note import Note
from ledger.policy import Policy
from ledger.vantage import legibly
from traceability import kept, tables
from traceability.disclosure import SealedValue
from traceability.events import may_state
from traceability.reading import stored_entry
from traceability.replay import Replay, compared, in_order, scratch_engine, sealed, stored_entries
from traceability.rule_shelf import RuleShelf

Progress = Callable[[str, int, int], None]
"""Called with the step, how much of it is done, and how much there is."""

CHUNK = 256

WITNESSES_LAG = timedelta(minutes=10)
"""How old an entry may grow before enough witnesses have seen a checkpoint over it."""

BESIDE_THE_BYTES = frozenset(
    {"cosignature-altered", "guard-missing", "key-change-unseen", "not-an-extension", "published-altered"}
)
"""Findings of step 1 that leave the entries readable, so that the later steps still have something to say."""


@dataclass
class Report:
    """What an audit found. *checked* counts what each step looked at; a step that was not done is absent."""

    size: int
    root: bytes | None
    trusted_from: str
    checked: dict[str, int] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        """Whether nothing disagrees."""
        return not self.findings

    def json(self) -> dict[str, Any]:
        """Return the answer for machines."""
        return {
            "sound": self.sound,
            "size": self.size,
            "root": None if self.root is None else b64encode(self.root).decode(),
            "trusted_from": self.trusted_from,
            "checked": self.checked,
            "findings": [_finding_json(each) for each in self.findings],
        }


def _finding_json(finding: Finding) -> dict[str, Any]:
    told: dict[str, Any] = {"what": finding.what, "where": finding.where}
    if finding.index is not None:
        told["index"] = finding.index
    return told | ({"facts": dict(finding.facts)} if finding.facts else {})


@dataclass(frozen=True)
class Subject:
    """The instance that is audited. *policy* and *since* are the auditor's own where there is a choice."""

    engine: Engine
    origin: str
    policy: Policy
    shelf: RuleShelf
    kept_key: bytes
    kept_tables: Sequence[MetaData]
    since: Checkpoint | None = None
    trusted_from: str = "instance"
    now: datetime | None = None

    @property
    def keys(self) -> tuple[VerifierKey, ...]:
        """Return the keys that lines of checkpoints are checked with: the log's and its witnesses'."""
        witnesses = (key for key, _ in self.policy.witnesses.values())
        return (*self.policy.keys_of(self.origin), *witnesses)


def audit(
    subject: Subject,
    progress: Progress = lambda _step, _done, _total: None,
    *,
    workers: int | None = 1,
    incremental: bool = False,
) -> Report:
    """Check everything that can be checked of *subject*; read-only. *workers* is as `ledger.fsck` has it.

    *incremental* takes the tree below `since` from that checkpoint. What needs every entry from the first,
    links, verdicts and derived rows, is then not done.
    """
    log = fsck.fsck(
        subject.engine,
        origin=subject.origin,
        keys=subject.keys,
        since=subject.since,
        progress=lambda done, total: progress("log", done, total),
        workers=workers,
        authors=may_state,
        incremental=incremental,
    )
    checked = {"entries": log.size - log.vouched}
    if log.vouched:
        checked["entries_vouched"] = log.vouched
    report = Report(log.size, log.root, subject.trusted_from, checked, list(log.found))
    with store.snapshot(subject.engine) as connection, legibly(connection):
        report.findings += _unknown_tables(connection, subject)
        report.findings += _quorum(connection, subject)
        if all(finding.what in BESIDE_THE_BYTES for finding in log.found):
            if incremental:
                report.findings += log.examined
            else:
                _check_meaning(connection, subject, report, log, progress)
        report.findings += _check_kept(connection, subject, report, progress)
    return report


def _unknown_tables(connection: Connection, subject: Subject) -> Iterator[Finding]:
    known = (store.metadata, tables.metadata, *subject.kept_tables)
    names = {table.name for metadata in known for table in metadata.sorted_tables}
    for name in sorted(set(inspect(connection).get_table_names()) ^ names):
        yield Finding("table-unknown" if name not in names else "table-missing", name)


def _quorum(connection: Connection, subject: Subject) -> Iterator[Finding]:
    """Look whether enough witnesses have seen what was published; they may lag behind, but not for long."""
    try:
        newest = shelf.latest_published(connection)
        if newest is None or _is_seen(newest, subject):
            return
        seen = next(
            (note for note in shelf.cosigned_notes(connection, most=CHUNK) if _is_seen(note, subject)), None
        )
        if seen is not None and not _is_late(connection, Checkpoint.parse(seen.text).size, subject.now):
            return
        names = set(trust.cosigned(newest, subject.policy))
    except LedgerError:
        return  # a note or an entry that does not hold is a finding of ledger.fsck already
    yield Finding("quorum-not-met", "ledger_published", None, {"witnesses": len(names)})


def _is_seen(note: Note, subject: Subject) -> bool:
    return subject.policy.quorum_met(set(trust.cosigned(note, subject.policy)))


def _is_late(connection: Connection, seen: int, now: datetime | None) -> bool:
    """Whether the first entry that the quorum has not seen was recorded a while before *now*."""
    if now is None:
        return True
    (unseen,) = shelf.checked_entries(connection, seen, seen + 1)
    return instant_of(Entry.parse(unseen).at) < now - WITNESSES_LAG


def _check_meaning(
    connection: Connection, subject: Subject, report: Report, log: Findings, progress: Progress
) -> None:
    engine = scratch_engine()
    try:
        with engine.begin() as scratch:
            replay = Replay(
                subject.origin,
                subject.shelf,
                scratch,
                lambda _, index: stored_entry(connection, index),
                signatures=False,
            )
            found = [
                *log.examined,
                *_replayed(stored_entries(connection, log.size), replay, log.size, progress),
            ]
            report.findings += sorted(found, key=lambda finding: finding.index or 0)
            report.checked["statements"] = replay.statements
            report.findings += compared(
                connection, scratch, report=lambda done, total: progress("rows", done, total)
            )
            report.checked["derived_tables"] = len(tables.metadata.sorted_tables)
            report.findings += _check_sealed(connection, scratch)
            report.checked["sealed_fields"] = replay.sealed_fields
    finally:
        engine.dispose()


def _replayed(
    entries: Iterable[tuple[Entry, Hash]], replay: Replay, size: int, progress: Progress
) -> Iterator[Finding]:
    progress("replay", 0, size)
    for done, (entry, leaf) in enumerate(entries, 1):
        yield from replay.follow(entry, leaf)
        if done % CHUNK == 0 or done == size:
            progress("replay", done, size)


def _check_sealed(connection: Connection, scratch: Connection) -> Iterator[Finding]:
    """Compare what opens sealed fields with the digests in the log, both ways."""
    opening = connection.execution_options(yield_per=CHUNK).execute(in_order(connection, kept.sealed_value))
    sealing = scratch.execution_options(yield_per=CHUNK).execute(in_order(scratch, sealed))
    for value, told in _paired(iter(opening), iter(sealing)):
        row = value if value is not None else told
        where = f"sealed_value statement_id={row.statement_id} pointer={row.pointer}"
        if (what := _wrong_with(value, told)) is not None:
            yield Finding(what, where)


def _paired(ours: Iterator[Any], theirs: Iterator[Any]) -> Iterator[tuple[Any, Any]]:
    """Yield the rows of two ordered results that have one place, or None where one of both has none."""
    one, other = next(ours, None), next(theirs, None)
    while one is not None or other is not None:
        here, there = _place(one), _place(other)
        yield one if here <= there else None, other if there <= here else None
        if here <= there:
            one = next(ours, None)
        if there <= here:
            other = next(theirs, None)


def _place(row: Any) -> tuple[bool, str, str]:
    """Return where a row stands in the order: behind all others if there is none."""
    return (True, "", "") if row is None else (False, str(row.statement_id), str(row.pointer))


def _wrong_with(value: Any, told: Any) -> str | None:
    """Return what is wrong with the *value* behind a sealed field, by what the log has *told* of it."""
    if told is None:
        return "sealed-value-stray"
    if value is None:
        return None if told.erased else "sealed-value-missing"
    try:
        digest = SealedValue(value.statement_id, value.pointer, bytes(value.salt), value.value).digest
    except (LedgerError, TypeError):
        return "sealed-value-altered"
    if digest != bytes(told.digest):
        return "sealed-value-altered"
    return "sealed-value-not-erased" if told.erased else None


def _check_kept(
    connection: Connection, subject: Subject, report: Report, progress: Progress
) -> Iterator[Finding]:
    """Check the seal of every kept row."""
    every = [table for metadata in subject.kept_tables for table in metadata.sorted_tables]
    report.checked["kept_rows"] = 0
    for done, table in enumerate(every, 1):
        if inspect(connection).has_table(table.name):
            yield from _check_kept_table(connection, subject, report, table)
        progress("kept", done, len(every))


def _check_kept_table(
    connection: Connection, subject: Subject, report: Report, table: Table
) -> Iterator[Finding]:
    try:
        for row in connection.execution_options(yield_per=CHUNK).execute(select(table)):
            report.checked["kept_rows"] += 1
            if not kept.row_holds(subject.kept_key, table.name, row._asdict()):
                yield Finding("kept-row-altered", f"{table.name} {_named(table, row)}")
    except (SQLAlchemyError, LedgerError, TypeError, ValueError) as error:
        # What somebody has put there is not even of the column's kind.
        yield Finding("kept-row-altered", table.name, None, {"reason": str(error)})


def _named(table: Table, row: Any) -> str:
    return " ".join(f"{column.name}={row._mapping[column.name]}" for column in table.primary_key.columns)
