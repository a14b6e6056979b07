"""What does not agree: the log with its own hashes, with what an auditor kept, and with all that rests on it.

    1  every stored byte hashed again: entries, chain, tiles, root, checkpoint       ledger.fsck
    2  every signature, link and verdict, decided once more                          replay
    3  every derived row compared with the one that the entries give                 replay
    4  every kept row under its seal; every sealed value by its digest               here

The page and the terminal call the one function here. It changes nothing. Where an entry was altered, steps 2
and 3 would speak of the same damage a thousand times; they are then reported as not done.
"""

from base64 import b64encode
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Engine, MetaData, Table, inspect, select

from ledger import fsck, shelf, store
from ledger.checkpoint import Checkpoint
from ledger.errors import LedgerError
from ledger.fsck import Finding
from ledger.keys import VerifierKey
from ledger.note import verified
from ledger.policy import Policy
from traceability import kept, tables
from traceability.disclosure import SealedValue
from traceability.reading import stored_entry
from traceability.replay import Replay, compared, scratch_engine
from traceability.rule_shelf import RuleShelf

Progress = Callable[[str, int, int], None]
"""Called with the step, how much of it is done, and how much there is."""

CHUNK = 256

BESIDE_THE_BYTES = frozenset(
    {"guard-missing", "not-an-extension", "published-altered", "cosignature-altered"}
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

    @property
    def keys(self) -> tuple[VerifierKey, ...]:
        """Return the keys that lines of checkpoints are checked with: the log's and its witnesses'."""
        witnesses = (key for key, _ in self.policy.witnesses.values())
        return (*self.policy.keys_of(self.origin), *witnesses)


def audit(subject: Subject, progress: Progress = lambda _step, _done, _total: None) -> Report:
    """Check everything that can be checked of *subject*; read-only."""
    log = fsck.fsck(
        subject.engine,
        origin=subject.origin,
        keys=subject.keys,
        since=subject.since,
        progress=lambda done, total: progress("log", done, total),
    )
    report = Report(log.size, log.root, subject.trusted_from, {"entries": log.size}, list(log.found))
    with store.snapshot(subject.engine) as connection:
        report.findings += _unknown_tables(connection, subject)
        report.findings += _quorum(connection, subject)
        if all(finding.what in BESIDE_THE_BYTES for finding in log.found):
            _check_meaning(connection, subject, report, progress)
        report.findings += _check_kept(connection, subject, report, progress)
    return report


def _unknown_tables(connection: Connection, subject: Subject) -> Iterator[Finding]:
    known = (store.metadata, tables.metadata, *subject.kept_tables)
    names = {table.name for metadata in known for table in metadata.sorted_tables}
    for name in sorted(set(inspect(connection).get_table_names()) ^ names):
        yield Finding("table-unknown" if name not in names else "table-missing", name)


def _quorum(connection: Connection, subject: Subject) -> Iterator[Finding]:
    """Look whether enough witnesses have seen the latest published checkpoint."""
    try:
        note = shelf.latest_published(connection)
        seen = set() if note is None else set(verified(note, subject.keys))
    except LedgerError:
        return  # a note that does not hold is a finding of ledger.fsck already
    if note is None:
        return
    names = {name for name, (key, _) in subject.policy.witnesses.items() if key in seen}
    if not subject.policy.quorum_met(names):
        yield Finding("quorum-not-met", "ledger_published", None, {"witnesses": len(names)})


def _check_meaning(connection: Connection, subject: Subject, report: Report, progress: Progress) -> None:
    engine = scratch_engine()
    try:
        with engine.begin() as scratch:
            replay = Replay(
                subject.origin, subject.shelf, scratch, lambda _, index: stored_entry(connection, index)
            )
            report.findings += _replayed(connection, replay, report.size, progress)
            report.checked["statements"] = replay.statements
            report.findings += compared(
                connection, scratch, report=lambda done, total: progress("rows", done, total)
            )
            report.checked["derived_tables"] = len(tables.metadata.sorted_tables)
            report.findings += _check_sealed(connection, replay)
            report.checked["sealed_fields"] = len(replay.sealed)
    finally:
        engine.dispose()


def _replayed(connection: Connection, replay: Replay, size: int, progress: Progress) -> Iterator[Finding]:
    for start in range(0, size, CHUNK):
        for index in range(start, min(start + CHUNK, size)):
            yield from replay.follow(stored_entry(connection, index))
        progress("replay", min(start + CHUNK, size), size)


def _check_sealed(connection: Connection, replay: Replay) -> Iterator[Finding]:
    """Compare what opens sealed fields with the digests in the log, both ways."""
    found: set[tuple[str, str]] = set()
    for row in connection.execute(select(kept.sealed_value)):
        name = (row.statement_id, row.pointer)
        where = f"sealed_value statement_id={row.statement_id} pointer={row.pointer}"
        value = SealedValue(row.statement_id, row.pointer, bytes(row.salt), row.value)
        found.add(name)
        if name not in replay.sealed:
            yield Finding("sealed-value-stray", where)
        elif value.digest != replay.sealed[name]:
            yield Finding("sealed-value-altered", where)
        elif name in replay.erased:
            yield Finding("sealed-value-not-erased", where)
    for statement_id, pointer in sorted(set(replay.sealed) - found - replay.erased):
        yield Finding("sealed-value-missing", f"sealed_value statement_id={statement_id} pointer={pointer}")


def _check_kept(
    connection: Connection, subject: Subject, report: Report, progress: Progress
) -> Iterator[Finding]:
    """Check the seal of every kept row."""
    every = [table for metadata in subject.kept_tables for table in metadata.sorted_tables]
    checked = 0
    for done, table in enumerate(every, 1):
        if not inspect(connection).has_table(table.name):
            continue
        for row in connection.execute(select(table)):
            checked += 1
            if not kept.row_holds(subject.kept_key, table.name, row._asdict()):
                yield Finding("kept-row-altered", f"{table.name} {_named(table, row)}")
        progress("kept", done, len(every))
    report.checked["kept_rows"] = checked


def _named(table: Table, row: Any) -> str:
    return " ".join(f"{column.name}={row._mapping[column.name]}" for column in table.primary_key.columns)
