"""A copy of a log, audited from its files alone: no instance, no database, nobody's word but the policy's.

    1  checkpoint             every key that the policy lists has signed it, and the quorum has seen it
    2  files, entries, root   each tile and bundle proven under the checkpoint before it is believed
    3  entry by entry         places, links and times
    4  authors                every signature, by the keys that the log itself grants
    5  links and verdicts     decided once more in a scratch database

The tables that an instance derives or keeps are not there, and the report does not name them. Rule sets come
from the copy too: an entry names the digest, so they cannot be others.
"""

import errno
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

from sqlalchemy import Column, Connection, LargeBinary, MetaData, Table, bindparam, select

from ledger.authorship import Keyring
from ledger.checkpoint import Checkpoint
from ledger.crew import Crew, suitable
from ledger.entry import BEFORE_THE_FIRST, Entry
from ledger.errors import LedgerError, NotProven
from ledger.finding import Finding
from ledger.keys_told import KeysTold, Signatures, tells_of_keys
from ledger.merkle import Hash, leaf_hash
from ledger.note import Note, verified
from ledger.policy import Policy
from ledger.proven import ProvenTree, verified_entries
from ledger.source import Absent, Source
from ledger.trust import check_log, check_quorum
from traceability.audit import Progress, Report
from traceability.events import may_state
from traceability.limits import RuleSet
from traceability.replay import Replay, scratch_engine
from traceability.rule_copies import MANIFEST, files_of
from traceability.tables import Position

AT_ONCE = 2048

_metadata = MetaData()
_proven = Table(
    "scratch_entry",
    _metadata,
    Column("place", Position, primary_key=True, autoincrement=False),
    Column("bytes", LargeBinary, nullable=False),
)
_ENTRY = select(_proven.c.bytes).where(_proven.c.place == bindparam("at"))


@dataclass(frozen=True)
class Copy:
    """The copy that is audited, and what the auditor brought: *kept* is a checkpoint from earlier."""

    source: Source
    policy: Policy
    now: datetime
    kept: Note | None = None


def audit_copy(
    copy: Copy, progress: Progress = lambda _step, _done, _total: None, *, workers: int | None = 1
) -> Report:
    """Check everything that can be checked of *copy*.

    Raises `OSError` where it cannot be reached or nothing is there.
    """
    report = Report(0, None, "policy", {"entries": 0})
    try:
        note = _shown(copy.source)
        checkpoint = Checkpoint.parse(note.text)
    except LedgerError as why:
        wrong = Finding("checkpoint-not-believed", "checkpoint", None, {"reason": why.reason})
        report.findings.append(wrong)
        return report
    report.findings += _about_note(note, copy)
    if any(finding.what == "checkpoint-not-believed" for finding in report.findings):
        return report
    report.size, report.root = checkpoint.size, checkpoint.root
    try:
        report.findings += _about_kept(checkpoint, copy)
        _read(copy, checkpoint, report, progress, suitable(checkpoint.size) if workers is None else workers)
    except LedgerError as why:
        where = str(why.facts.get("path", "tile"))
        report.findings.append(Finding("copy-altered", where, None, {"reason": why.reason}))
    return report


def _shown(source: Source) -> Note:
    try:
        return Note.parse(source.read("checkpoint"))
    except Absent as absent:
        raise FileNotFoundError(errno.ENOENT, "there is no checkpoint", absent.path) from None


def _about_note(note: Note, copy: Copy) -> Iterator[Finding]:
    try:
        check_log(note, copy.policy)
    except LedgerError as why:
        yield Finding("checkpoint-not-believed", "checkpoint", None, {"reason": why.reason})
        return
    try:
        check_quorum(note, copy.policy, copy.now)
    except LedgerError as why:
        yield Finding("quorum-not-met", "checkpoint", None, {"witnesses": 0, **why.facts})


def _about_kept(checkpoint: Checkpoint, copy: Copy) -> Iterator[Finding]:
    if copy.kept is None:
        return
    since = Checkpoint.parse(copy.kept.text)
    facts: dict[str, str | int] = {"mark": since.size, "size": checkpoint.size}
    if since.origin != checkpoint.origin:
        yield Finding("not-an-extension", "since", None, {"origin": since.origin, **facts})
    elif not ProvenTree(checkpoint, copy.source.read).begins_with(since):
        shorter = since.size > checkpoint.size
        reason = "the log is shorter" if shorter else "the log has another root"
        yield Finding("not-an-extension", "since", None, {"reason": reason, **facts})


def _about_signer(copy: Copy, told: KeysTold) -> Iterator[Finding]:
    """Look whether this log signed the kept checkpoint, with a key that it has or, as it tells, had."""
    if copy.kept is None:
        return
    since = Checkpoint.parse(copy.kept.text)
    trusted = copy.policy.keys_of(since.origin)
    schedule = told.schedule_for(trusted)
    keys = trusted if schedule is None else schedule.every()
    try:
        signed = bool(verified(copy.kept, keys))
    except LedgerError:
        signed = False
    if not signed:
        facts: dict[str, str | int] = {"mark": since.size, "reason": "another key signed it"}
        yield Finding("not-an-extension", "since", None, facts)


def _read(copy: Copy, checkpoint: Checkpoint, report: Report, progress: Progress, workers: int) -> None:
    """Read all entries: proven here, their authors checked by others, then replayed here in their order."""
    engine = scratch_engine()
    try:
        _metadata.create_all(engine)
        with engine.begin() as scratch, Crew(workers) as processes:
            shelf = CopiedRules(copy.source)
            replay = Replay(checkpoint.origin, shelf, scratch, _proven_entry, signatures=False)
            chain = _Chain(scratch, replay)
            portions = _Portions(copy.source, checkpoint)
            progress("copy", 0, checkpoint.size)
            for found in processes.map(_checked, None, portions.each()):
                portion = portions.waiting.popleft()
                report.findings += sorted([*found, *chain.follow(portion)], key=lambda each: each.index or 0)
                report.checked["entries"] += len(portion.entries)
                report.checked["statements"] = replay.statements
                progress("copy", report.checked["entries"], checkpoint.size)
        if portions.broken is not None:
            raise portions.broken
        report.findings += _about_signer(copy, portions.told)
    finally:
        engine.dispose()


@dataclass(frozen=True, slots=True)
class Portion:
    """Entries one behind the other, and the keys that the log has granted up to the last of them."""

    start: int
    entries: list[bytes]
    ring: Keyring


class _Portions:
    """All entries, portion by portion; those that were given away and not replayed yet are *waiting*."""

    def __init__(self, source: Source, checkpoint: Checkpoint) -> None:
        self._source = source
        self._checkpoint = checkpoint
        self.told = KeysTold(Keyring(checkpoint.origin))
        self.waiting: deque[Portion] = deque()
        self.broken: LedgerError | None = None

    def each(self) -> Iterator[Portion]:
        """Yield them; where a file is not what the checkpoint commits to, end there and remember why."""
        start = 0
        entries = verified_entries(self._source, self._checkpoint)
        while portion := self._taken(entries):
            for index, spelt in enumerate(portion, start):
                if tells_of_keys(spelt):
                    self.told.admit(index, spelt)
            self.waiting.append(Portion(start, portion, self.told.ring.copy()))
            yield self.waiting[-1]
            start += len(portion)

    def _taken(self, entries: Iterator[tuple[int, bytes]]) -> list[bytes]:
        taken: list[bytes] = []
        try:
            taken.extend(spelt for _, spelt in islice(entries, AT_ONCE))
        except LedgerError as why:
            self.broken = why
        return taken


def _checked(_: None, portion: Portion) -> list[Finding]:
    """Check the authors' signatures; what is no entry is for `_Chain` to name."""
    look = Signatures(portion.ring, may_state)
    found: list[Finding] = []
    for index, spelt in enumerate(portion.entries, portion.start):
        try:
            found += look(index, Entry.parse(spelt).record)
        except LedgerError:
            continue
    return found


@dataclass
class _Chain:
    """Entries in their order, each after the one before it."""

    scratch: Connection
    replay: Replay
    _prev: Hash | None = field(default=BEFORE_THE_FIRST)
    _at: str = ""

    def follow(self, portion: Portion) -> Iterator[Finding]:
        """Yield what does not agree in *portion*."""
        rows = [
            {"place": index, "bytes": spelt} for index, spelt in enumerate(portion.entries, portion.start)
        ]
        self.scratch.execute(_proven.insert(), rows)
        for index, spelt in enumerate(portion.entries, portion.start):
            where = f"entry {index}"
            try:
                entry = Entry.parse(spelt)
            except LedgerError as why:
                yield Finding("entry-not-readable", where, index, {"reason": why.reason})
                self._prev = leaf_hash(spelt)
                continue
            if entry.index != index or entry.prev != self._prev:
                yield Finding("chain-broken", where, index)
            if entry.at < self._at:
                yield Finding("time-reversed", where, index, {"at": entry.at})
            self._prev, self._at = leaf_hash(spelt), entry.at
            yield from self.replay.follow(entry, self._prev)


def _proven_entry(scratch: Connection, index: int) -> Entry:
    found = scratch.execute(_ENTRY, {"at": index}).scalar()
    if found is None:
        raise NotProven("the log holds no such entry", facts={"index": index})
    return Entry.parse(bytes(found))


class CopiedRules:
    """The rule sets that travel with a copy, each checked against the digest that names it."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._loaded: dict[str, RuleSet] = {}

    def get(self, digest: str) -> RuleSet:
        """Return the rule set with this digest; `NotProven` where it is missing or was changed."""
        if digest not in self._loaded:
            files = files_of(digest, self._file)
            del files[MANIFEST]
            rules = RuleSet.load(files)
            if rules.digest != digest:
                raise NotProven("a rule set has another digest than the log names", facts={"digest": digest})
            self._loaded[digest] = rules
        return self._loaded[digest]

    def _file(self, digest: str, name: str, _sha256: str) -> bytes:
        try:
            return self._source.read(f"rules/{digest}/{name}")
        except Absent as absent:
            facts = {"path": absent.path}
            raise NotProven("a rule set or one of its files is missing", facts=facts) from None
