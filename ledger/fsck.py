"""Every hash of the log computed again from the stored bytes, and compared with everything that was stored.

    bytes → leaf → chain        each entry, against its row, its tile and the next entry
    leaves → tiles → root       every full tile, against its row
    root → note → signature     the sealed head, each published note, and a checkpoint that the reader kept

Findings name the first row that differs. Nothing is repaired; the whole run reads one snapshot. Whoever
holds the log's key and its database can rewrite all of this consistently: only a checkpoint kept elsewhere
(*since*) shows that.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Engine, text

from ledger import store, suspicion
from ledger.checkpoint import Checkpoint
from ledger.entry import BEFORE_THE_FIRST
from ledger.errors import Malformed, NotProven
from ledger.keys import ED25519, Signature, VerifierKey
from ledger.merkle import Frontier, Hash, root_of
from ledger.note import Note, verified, with_lines
from ledger.suspicion import Row, Verdict
from ledger.tile import FULL, parse_tile

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that does not agree: what, in which row, and the facts."""

    what: str
    where: str
    index: int | None = None
    facts: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Findings:
    """What an inspection found, and the tree that it saw; the root is None where entries are missing."""

    size: int
    root: Hash | None
    found: tuple[Finding, ...]

    @property
    def sound(self) -> bool:
        """Whether everything agrees."""
        return not self.found


def fsck(
    engine: Engine,
    *,
    origin: str,
    keys: Iterable[VerifierKey],
    since: Checkpoint | None = None,
    progress: Progress = lambda _done, _total: None,
) -> Findings:
    """Inspect every stored byte of the log *origin*, whose keys are those of that name among *keys*.

    *since* is a checkpoint that the reader kept, its signature checked. Other *keys* are of witnesses.
    """
    with store.snapshot(engine) as connection:
        inspection = _Inspection(connection, origin, tuple(keys), since)
        inspection.run(progress)
    tree = inspection.tree
    # The entry that was altered comes before what follows from it.
    found = sorted(inspection.found, key=lambda finding: finding.index is None)
    return Findings(tree.size, tree.root(), tuple(found))


@dataclass(slots=True)
class _Tree:
    """The tree as it is believed so far; *frontier* is None once a leaf is unknown."""

    frontier: Frontier | None = field(default_factory=Frontier.empty)
    size: int = 0

    def append(self, leaf: Hash | None) -> None:
        self.size += 1
        self.frontier = None if leaf is None or self.frontier is None else self.frontier.appended(leaf)

    def root(self) -> Hash | None:
        return None if self.frontier is None else self.frontier.root()


class _Inspection:
    """One pass over one snapshot."""

    def __init__(
        self,
        connection: Connection,
        origin: str,
        keys: tuple[VerifierKey, ...],
        since: Checkpoint | None,
    ) -> None:
        self._connection = connection
        self._origin = origin
        self._keys = keys
        self._own = tuple(key for key in keys if key.name == origin)
        self._since = since
        self.found: list[Finding] = []
        self.tree = _Tree()
        # The roots of the full tiles of each level that have not filled a tile of the next.
        self._pending: dict[int, list[Hash]] = {}
        self._tiles = 0
        self._prev: Hash | None = BEFORE_THE_FIRST
        self._at = ""
        self._signed: Checkpoint | None = None

    def run(self, progress: Progress) -> None:
        """Fill `found` and `tree`."""
        for name in store.missing_guards(self._connection):
            self._find("guard-missing", f"trigger {name}")
        head = self._rows("SELECT size, frontier, note FROM ledger_head")
        size = self._inspect_head_note(head[0] if head else None)
        marks = self._marks()
        mark = next(marks, None)
        progress(0, size)
        for start in range(0, size, FULL):
            leaves: list[Hash | None] = []
            for verdict in self._block(start, min(start + FULL, size)):
                leaves.append(verdict.leaf)
                self.tree.append(verdict.leaf)
                while mark is not None and mark[1].size <= self.tree.size:
                    self._compare(*mark)
                    mark = next(marks, None)
            if len(leaves) == FULL:
                self._inspect_tile(0, start // FULL, leaves)
            progress(self.tree.size, size)
        while mark is not None:
            self._compare(*mark)
            mark = next(marks, None)
        self._inspect_rest(size)
        if head:
            self._inspect_root(_blob(head[0].frontier))

    # The head, before the entries: what size and root were signed.

    def _inspect_head_note(self, row: Any) -> int:
        """Return the size to inspect: the signed one, or else the best that can be had."""
        count = self._rows('SELECT coalesce(max("index") + 1, 0) AS size FROM ledger_entry')[0].size
        if row is None:
            if count:
                self._find("head-missing", "ledger_head")
            return int(count)
        try:
            checkpoint = self._own_checkpoint(_blob(row.note), every=False)
        except (Malformed, NotProven) as why:
            self._find("head-altered", "ledger_head", column="note", reason=why.reason)
            return int(count)
        if row.size != checkpoint.size:
            self._find("head-altered", "ledger_head", column="size")
        self._signed = checkpoint
        return checkpoint.size

    def _own_checkpoint(self, spelt: bytes, *, every: bool) -> Checkpoint:
        """Read a note of this log, signed with one Ed25519 key of it, or with every key that it has."""
        note = Note.parse(spelt)
        checkpoint = Checkpoint.parse(note.text)
        signers = set(verified(note, self._own))
        wanted = set(self._own) if every else {key for key in self._own if key.kind == ED25519}
        if checkpoint.origin != self._origin or not signers & wanted or (every and signers != wanted):
            raise NotProven("not signed by this log", facts={"origin": checkpoint.origin})
        return checkpoint

    # The checkpoints that the tree must have passed through, in the order of their sizes.

    def _marks(self) -> Iterator[tuple[str, Checkpoint]]:
        """Yield each published checkpoint, and among them the one that the reader kept."""
        since = self._since
        for row in self._pages("SELECT size, note FROM ledger_published WHERE size > :after ORDER BY size"):
            checkpoint = self._published(row.size, _blob(row.note))
            if since is not None and row.size > since.size:
                yield "since", since
                since = None
            if checkpoint is not None:
                yield f"ledger_published size={row.size}", checkpoint
        if since is not None:
            yield "since", since

    def _pages(self, query: str) -> Iterator[Any]:
        after = -1
        while rows := self._rows(f"{query} LIMIT {FULL}", after=after):
            yield from rows
            after = rows[-1].size

    def _published(self, size: int, spelt: bytes) -> Checkpoint | None:
        where = f"ledger_published size={size}"
        try:
            checkpoint = self._own_checkpoint(spelt, every=True)
        except (Malformed, NotProven) as why:
            self._find("published-altered", where, column="note", reason=why.reason)
            return None
        if checkpoint.size != size:
            self._find("published-altered", where, column="size")
            return None
        self._inspect_cosignatures(size, Note.parse(spelt))
        return checkpoint

    def _inspect_cosignatures(self, size: int, note: Note) -> None:
        rows = self._rows("SELECT name, line FROM ledger_cosignature WHERE size = :size", size=size)
        for row in rows:
            try:
                line = Signature.parse(str(row.line))
                verified(with_lines(note, line), self._keys)
                if row.name != f"{line.name}+{line.key_id.hex()}":
                    raise Malformed("kept under another name")
            except (Malformed, NotProven) as why:
                where = f"ledger_cosignature size={size} name={row.name}"
                self._find("cosignature-altered", where, reason=why.reason)

    def _compare(self, where: str, mark: Checkpoint) -> None:
        """Compare the tree, as it now is, with a checkpoint that it must equal or have passed."""
        root = self.tree.root()
        facts: dict[str, str | int] = {"mark": mark.size, "size": self.tree.size}
        if mark.origin != self._origin:
            self._find("not-an-extension", where, origin=mark.origin)
        elif mark.size > self.tree.size:
            self._find("not-an-extension", where, reason="the log is shorter", **facts)
        elif mark.size == self.tree.size and root not in (None, mark.root):
            self._find("not-an-extension", where, reason="the log has another root", **facts)

    # Entries.

    def _block(self, start: int, end: int) -> Iterator[Verdict]:
        """Judge the entries from *start* to before *end*, which fill one tile or are the last."""
        found = self._rows(
            'SELECT "index", bytes, leaf FROM ledger_entry'
            ' WHERE "index" >= :start AND "index" <= :end ORDER BY "index"',
            start=start,
            end=end,
        )
        rows = {index: Row(index, _blob(spelt), _blob(leaf)) for index, spelt, leaf in found}
        tile = self._tile_row(0, start // FULL) if end - start == FULL else None
        claimed = _hashes(tile.hashes) if tile is not None else ()
        missing = 0
        for index in range(start, end):
            tile_leaf = claimed[index - start] if claimed else None
            verdict = suspicion.judge(index, rows, tile_leaf, self._sealed)
            # One finding for a run of missing entries: its first.
            missing = missing + 1 if verdict.what == suspicion.MISSING else 0
            if verdict.what is not None and missing <= 1:
                self._find(verdict.what, f"ledger_entry index={index}", index)
            self._follow(index, rows.get(index), verdict)
            yield verdict

    def _follow(self, index: int, row: Row | None, verdict: Verdict) -> None:
        """Compare the link and the time of an entry whose bytes are not in doubt with the entry before."""
        entry = None if row is None else row.entry
        if entry is not None and verdict.what in (None, suspicion.LEAF):
            if self._prev is not None and entry.prev != self._prev:
                self._find("chain-broken", f"ledger_entry index={index}", index)
            if entry.at < self._at:
                self._find("time-reversed", f"ledger_entry index={index}", index, at=entry.at)
            self._at = entry.at
        self._prev = verdict.leaf

    def _sealed(self, leaf: Hash, following: Hash | None) -> bool | None:
        """Whether *leaf*, and the one *following* it if any, complete the tree that was signed."""
        frontier, signed = self.tree.frontier, self._signed
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
        self._tiles += 1
        if row is None:
            self._find("tile-missing", where)
        if len(known) < FULL:
            return
        root = root_of(known)
        if row is not None and _blob(row.hashes) != b"".join(known):
            self._find("tile-altered", where, column="hashes")
        if row is not None and _blob(row.root) != root:
            self._find("tile-altered", where, column="root")
        above = self._pending.setdefault(level, [])
        above.append(root)
        if len(above) == FULL:
            self._inspect_tile(level + 1, number // FULL, [*above])
            above.clear()

    def _tile_row(self, level: int, number: int) -> Any:
        rows = self._rows(
            'SELECT hashes, root FROM ledger_tile WHERE level = :level AND "index" = :number',
            level=level,
            number=number,
        )
        return rows[0] if rows else None

    # What is left when all entries are read.

    def _inspect_rest(self, size: int) -> None:
        beyond = self._rows('SELECT count(*) AS n FROM ledger_entry WHERE "index" >= :size', size=size)[0].n
        if beyond:
            self._find("entries-unsealed", f"ledger_entry index={size}", size, count=int(beyond))
        stray = self._rows('SELECT count(*) AS n FROM ledger_entry WHERE "index" < 0')[0].n
        tiles = self._rows("SELECT count(*) AS n FROM ledger_tile")[0].n
        if stray:
            self._find("entries-unsealed", "ledger_entry", count=int(stray))
        if tiles > self._tiles:
            self._find("tile-unexpected", "ledger_tile", count=int(tiles - self._tiles))

    def _inspect_root(self, kept: bytes) -> None:
        """Compare the root of the entries with the signed one, and the kept frontier with both."""
        frontier, signed = self.tree.frontier, self._signed
        if frontier is None or signed is None or frontier.size != signed.size:
            return
        if frontier.root() == signed.root:
            if kept != frontier.to_bytes():
                self._find("head-altered", "ledger_head", column="frontier")
            return
        first, last = _where_they_part(frontier, kept, signed)
        what = suspicion.ENTRY if first == last else "entries-altered"
        self._find(what, f"ledger_entry index={first}", first, last=last)

    def _rows(self, query: str, **values: int) -> list[Any]:
        # Read as they stand: a column type would stumble over what somebody has put there.
        return list(self._connection.execute(text(query), values))

    def _find(self, what: str, where: str, index: int | None = None, /, **facts: str | int) -> None:
        self.found.append(Finding(what, where, index, facts))


def _where_they_part(frontier: Frontier, kept: bytes, signed: Checkpoint) -> tuple[int, int]:
    """Return the first and last entry of the first subtree that is not the one that was signed."""
    try:
        sealed = Frontier.from_bytes(signed.size, kept)
    except Malformed:
        return 0, signed.size - 1
    # Only if the kept frontier leads to the signed root does it say anything.
    if sealed.root() != signed.root:
        return 0, signed.size - 1
    start, rest = 0, signed.size
    for mine, theirs in zip(frontier.nodes, sealed.nodes, strict=True):
        width = 1 << rest.bit_length() - 1
        if mine != theirs:
            return start, start + width - 1
        start, rest = start + width, rest - width
    return 0, signed.size - 1


def _hashes(stored: Any) -> tuple[Hash, ...]:
    try:
        return parse_tile(_blob(stored), FULL)
    except Malformed:
        return ()


def _blob(stored: Any) -> bytes:
    """Return what is stored as bytes, whatever somebody has put there."""
    return bytes(stored) if isinstance(stored, bytes | memoryview) else str(stored).encode()
