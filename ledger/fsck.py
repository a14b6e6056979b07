"""Every hash of the log computed again from the stored bytes, and compared with everything that was stored.

    bytes → leaf → chain        each entry, against its row, its tile and the next entry
    leaves → tiles → root       every full tile, against its row
    root → note → signature     the sealed head, each published note, and a checkpoint that the reader kept

Several processes each read a stretch (`segment`); here the stretches are joined, and what does not fit is
judged entry by entry. Findings name the first row that differs. Nothing is repaired. Whoever holds the log's
key and its database can rewrite it all consistently: only a checkpoint kept elsewhere (*since*) shows that.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any

from sqlalchemy import Engine

from ledger import crew, store, suspicion
from ledger.authorship import MayState
from ledger.checkpoint import Checkpoint
from ledger.crew import Crew
from ledger.entry import BEFORE_THE_FIRST
from ledger.errors import Malformed, NotProven
from ledger.finding import Finding, Findings
from ledger.growing import Growing, where_they_part
from ledger.keys import VerifierKey
from ledger.keys_told import KeysTold, Signatures, keys_told
from ledger.marks import Mark, Signers, blob, hashes_in
from ledger.merkle import Hash, root_of
from ledger.segment import Ground, Run, Segment, Surveyed, segments_of, survey
from ledger.suspicion import Row, Verdict
from ledger.tile import FULL
from ledger.vantage import Vantage, View

__all__ = ["Finding", "Findings", "Progress", "fsck"]

Progress = Callable[[int, int], None]


def fsck(
    engine: Engine,
    *,
    origin: str,
    keys: Iterable[VerifierKey],
    since: Checkpoint | None = None,
    progress: Progress = lambda _done, _total: None,
    workers: int | None = 1,
    form: bool = True,
    authors: MayState | None = None,
    incremental: bool = False,
) -> Findings:
    """Inspect every stored byte of the log *origin*, whose keys are those of that name among *keys*.

    *since* is a checkpoint that the reader kept, its signature checked. Other *keys* are of witnesses.
    *workers* processes share the work; None: as many as are worth it. Without *form* an entry's hash and head
    are checked, but not that the rest of it is well-formed. With *authors*, which says what a role may state,
    the signatures of statements are checked too; what is wrong with them stands in `examined`.

    *incremental*: the reader vouches for the tree under *since*. The rows of its tiles must lead to its root;
    the bytes of entries are read from its last full tile on.
    """
    every = tuple(keys)
    own = tuple(key for key in every if key.name == origin)
    signers = Signers(origin, own, tuple(key for key in every if key.name != origin))
    with store.snapshot(engine) as connection:
        vantage = Vantage.of(connection)
        kept = () if since is None else (since.size,)
        vouched = since.size - since.size % FULL if since is not None and incremental else 0
        ground = Ground(vantage, signers, form, None, kept, vouched)
        with vantage.opened() as view:
            inspection = _Inspection(view, ground, since)
            for name in store.missing_guards(connection):
                inspection.add_finding("guard-missing", f"trigger {name}")
            inspection.run(workers, authors, progress)
    # The entry that was altered comes before what follows from it.
    found = sorted(inspection.found, key=lambda finding: finding.index is None)
    tree = inspection.tree
    return Findings(tree.size, tree.root(), tuple(found), tuple(inspection.examined), min(vouched, tree.size))


class _Inspection:
    """One pass over one snapshot."""

    def __init__(self, view: View, ground: Ground, since: Checkpoint | None) -> None:
        self._view = view
        self._ground = ground
        self._since = None if since is None else Mark("since", since.size, since)
        self.found: list[Finding] = []
        self.examined: list[Finding] = []
        self.tree = Growing()
        # The roots of the full tiles of each level that have not filled a tile of the next.
        self._pending: dict[int, list[Hash | None]] = {}
        self._prev: Hash | None = BEFORE_THE_FIRST
        self._at = ""
        self._signed: Checkpoint | None = None
        self._marks: deque[Mark] = deque()

    def run(self, workers: int | None, authors: MayState | None, progress: Progress) -> None:
        """Fill `found` and `tree`."""
        head = self._view.row("SELECT size, frontier, note FROM ledger_head")
        size = self._likely_size(head)
        many = crew.suitable(size) if workers is None else workers
        with Crew(many) as processes:
            if self._ground.form:
                told = keys_told(
                    self._ground.vantage, processes, self._ground.signers.origin, self._cut(size, many)
                )
                self._learn(told, authors)
            size = self._inspect_head(head)
            progress(0, size)
            for surveyed in processes.map(survey, self._ground, self._cut(size, many)):
                self._join(surveyed)
                progress(self.tree.size, size)
        self._pass_marks()
        self._inspect_rest(size)
        if head is not None:
            self._inspect_root(blob(head[1]))

    def _cut(self, size: int, workers: int) -> Iterator[Segment]:
        found = self._view.row("SELECT coalesce(max(size), 0) FROM ledger_published")
        return segments_of(size, workers=workers, published=0 if found is None else found[0])

    def _learn(self, told: KeysTold, authors: MayState | None) -> None:
        """Go on with the keys that the log tells of: its own at each size, and those of authors."""
        signers = self._ground.signers
        self._ground = replace(
            self._ground,
            signers=replace(signers, schedule=told.schedule_for(signers.own)),
            examine=None if authors is None else Signatures(told.ring, authors),
        )

    def add_finding(self, what: str, where: str, index: int | None = None, /, **facts: str | int) -> None:
        """Note that something does not agree."""
        self.found.append(Finding(what, where, index, facts))

    # The head, before the entries: what size and root were signed.

    def _likely_size(self, row: tuple[Any, ...] | None) -> int:
        """Return the signed size, or else how many entries there are."""
        try:
            if row is not None:
                return self._ground.signers.checkpoint(blob(row[2]), every=False).size
        except (Malformed, NotProven):
            pass
        return self._count("ledger_entry")

    def _inspect_head(self, row: tuple[Any, ...] | None) -> int:
        """Return the size to inspect: the signed one, or else how many entries there are."""
        if row is None:
            if count := self._count("ledger_entry"):
                self.add_finding("head-missing", "ledger_head")
            return count
        try:
            self._signed = self._ground.signers.checkpoint(blob(row[2]), every=False)
        except (Malformed, NotProven) as why:
            self.add_finding("head-altered", "ledger_head", column="note", reason=why.reason)
            return self._count("ledger_entry")
        if row[0] != self._signed.size:
            self.add_finding("head-altered", "ledger_head", column="size")
        return self._signed.size

    def _count(self, table: str, where: str = "", *values: int) -> int:
        found = self._view.row(f"SELECT count(*) FROM {table}{where}", *values)  # noqa: S608 -- our own names
        return 0 if found is None else int(found[0])

    # Stretches, joined in their order.

    def _join(self, surveyed: Surveyed) -> None:
        """Go on over one segment: its runs as they are, what lies between them entry by entry."""
        self._add_marks(surveyed)
        self.examined += surveyed.examined
        for run in surveyed.runs:
            self._judge_until(run.start)
            self._join_run(run)
        self._judge_until(surveyed.segment.end)

    def _add_marks(self, surveyed: Surveyed) -> None:
        marks, segment = surveyed.marks, surveyed.segment
        if self._since is not None and segment.after < self._since.size <= segment.to:
            # sorted() keeps the order of equals: what was published at this size comes first.
            marks = sorted([*marks, self._since], key=lambda mark: mark.size)
            self._since = None
        self._marks += marks

    def _join_run(self, run: Run) -> None:
        if not self._follows(run):
            self._judge_until(min(run.start + FULL, run.end))
        skipped = (self.tree.size - run.start) // FULL
        for root in run.roots[skipped:]:
            self._pass_inside(run)
            self.tree.append_block(root)
            self._inspect_above(0, self.tree.size // FULL - 1, root)
        if self.tree.size < run.end:
            self._pass_inside(run)
            self.tree.append_rest(run.end, run.rest)
        self._pass_marks()
        self._prev, self._at = run.last, run.last_at

    def _follows(self, run: Run) -> bool:
        if run.prev is None:
            return True
        return self._prev in (None, run.prev) and run.first_at >= self._at

    # The checkpoints that the tree must have passed through, in the order of their sizes.

    def _pass_inside(self, run: Run) -> None:
        """Compare the marks that lie within the next block of *run* with the tree up to there."""
        self._pass_marks()
        while self._marks and self._marks[0].size < min(self.tree.size + FULL, run.end):
            mark = self._marks.popleft()
            self._compare(mark, mark.size, self.tree.root_with(mark.size, run.inside[mark.size]))

    def _pass_marks(self) -> None:
        """Compare the marks that the tree has reached; at the end of the log, all of them."""
        while self._marks and self._marks[0].size <= self.tree.size:
            self._compare(self._marks.popleft(), self.tree.size, self.tree.root())

    def _compare(self, mark: Mark, size: int, root: Hash | None) -> None:
        self.found += mark.found
        checkpoint = mark.checkpoint
        if checkpoint is None:
            return
        facts: dict[str, str | int] = {"mark": mark.size, "size": size}
        if checkpoint.origin != self._ground.signers.origin:
            self.add_finding("not-an-extension", mark.where, origin=checkpoint.origin)
        elif mark.size > size:
            self.add_finding("not-an-extension", mark.where, reason="the log is shorter", **facts)
        elif mark.size == size and root not in (None, checkpoint.root):
            self.add_finding("not-an-extension", mark.where, reason="the log has another root", **facts)

    # Entries that do not fit, one after another.

    def _judge_until(self, end: int) -> None:
        while self.tree.size < end:
            start = self.tree.size
            self._judge_block(start, min(start + FULL - start % FULL, end))

    def _judge_block(self, start: int, end: int) -> None:
        """Judge the entries from *start* to before *end*, which fill one tile or are the last."""
        row = self._tile_row(0, start // FULL) if end - start == FULL else None
        leaves: list[Hash | None] = []
        for verdict in self._verdicts(start, end, () if row is None else hashes_in(row[0])):
            leaves.append(verdict.leaf)
            self.tree.append(verdict.leaf)
            self._pass_marks()
        if len(leaves) == FULL:
            self._inspect_tile(0, start // FULL, leaves)

    def _verdicts(self, start: int, end: int, claimed: tuple[Hash, ...]) -> Iterator[Verdict]:
        found = self._view.rows(
            'SELECT "index", bytes, leaf FROM ledger_entry'
            ' WHERE "index" >= ? AND "index" <= ? ORDER BY "index"',
            start,
            end,
        )
        rows = {index: Row(index, blob(spelt), blob(leaf)) for index, spelt, leaf in found}
        missing = 0
        for index in range(start, end):
            tile_leaf = claimed[index - start] if claimed else None
            verdict = suspicion.judge(index, rows, tile_leaf, self._sealed)
            # One finding for a run of missing entries: its first.
            missing = missing + 1 if verdict.what == suspicion.MISSING else 0
            if verdict.what is not None and missing <= 1:
                self.add_finding(verdict.what, f"ledger_entry index={index}", index)
            self._follow(index, rows.get(index), verdict)
            yield verdict

    def _follow(self, index: int, row: Row | None, verdict: Verdict) -> None:
        """Compare the link and the time of an entry whose bytes are not in doubt with the entry before."""
        entry = None if row is None else row.entry
        if entry is not None and verdict.what in (None, suspicion.LEAF):
            if self._prev is not None and entry.prev != self._prev:
                self.add_finding("chain-broken", f"ledger_entry index={index}", index)
            if entry.at < self._at:
                self.add_finding("time-reversed", f"ledger_entry index={index}", index, at=entry.at)
            self._at = entry.at
        self._prev = verdict.leaf

    def _sealed(self, leaf: Hash, following: Hash | None) -> bool | None:
        """Whether *leaf*, and the one *following* it if any, complete the tree that was signed."""
        frontier, signed = self.tree.frontier(), self._signed
        if frontier is None or signed is None:
            return None
        frontier = frontier.appended(leaf)
        if following is not None:
            frontier = frontier.appended(following)
        return frontier.root() == signed.root if frontier.size == signed.size else None

    # Tiles.

    def _inspect_tile(self, level: int, number: int, leaves: list[Hash | None]) -> None:
        """Compare a full tile with its row, and the tile above it once that is full."""
        known = [leaf for leaf in leaves if leaf is not None]
        row, where = self._tile_row(level, number), f"ledger_tile level={level} index={number}"
        if row is None:
            self.add_finding("tile-missing", where)
        root = root_of(known) if len(known) == FULL else None
        if row is not None and root is not None:
            if blob(row[0]) != b"".join(known):
                self.add_finding("tile-altered", where, column="hashes")
            if blob(row[1]) != root:
                self.add_finding("tile-altered", where, column="root")
        self._inspect_above(level, number, root)

    def _inspect_above(self, level: int, number: int, root: Hash | None) -> None:
        above = self._pending.setdefault(level, [])
        above.append(root)
        if len(above) == FULL:
            del self._pending[level]
            self._inspect_tile(level + 1, number // FULL, above)

    def _tile_row(self, level: int, number: int) -> tuple[Any, ...] | None:
        query = 'SELECT hashes, root FROM ledger_tile WHERE level = ? AND "index" = ?'
        return self._view.row(query, level, number)

    # What is left when all entries are read.

    def _inspect_rest(self, size: int) -> None:
        for mark in self._marks:
            self._compare(mark, self.tree.size, self.tree.root())
        if self._since is not None:
            self._compare(self._since, self.tree.size, self.tree.root())
        if beyond := self._count("ledger_entry", ' WHERE "index" >= ?', size):
            self.add_finding("entries-unsealed", f"ledger_entry index={size}", size, count=beyond)
        if stray := self._count("ledger_entry", ' WHERE "index" < 0'):
            self.add_finding("entries-unsealed", "ledger_entry", count=stray)
        self._inspect_key_changes()
        wanted = sum(size // FULL**level for level in range(1, 8))
        if (spare := self._count("ledger_tile") - wanted) > 0:
            self.add_finding("tile-unexpected", "ledger_tile", count=spare)

    def _inspect_key_changes(self) -> None:
        """Look whether the world saw each change of the log's own keys while old and new keys both signed."""
        schedule = self._ground.signers.schedule
        changes = () if schedule is None else schedule.changes
        for begun, ended in zip(changes[::2], changes[1::2], strict=False):
            if not self._count("ledger_published", " WHERE size > ? AND size <= ?", begun, ended):
                self.add_finding("key-change-unseen", f"ledger_entry index={begun}", begun)

    def _inspect_root(self, kept: bytes) -> None:
        """Compare the root of the entries with the signed one, and the kept frontier with both."""
        frontier, signed = self.tree.frontier(), self._signed
        if frontier is None or signed is None or frontier.size != signed.size:
            return
        if frontier.root() == signed.root:
            if kept != frontier.to_bytes():
                self.add_finding("head-altered", "ledger_head", column="frontier")
            return
        first, last = where_they_part(frontier, kept, signed)
        what = suspicion.ENTRY if first == last else "entries-altered"
        self.add_finding(what, f"ledger_entry index={first}", first, last=last)
