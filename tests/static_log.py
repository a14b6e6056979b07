"""A log as files in memory, as an honest server would show it, which tests bend before they serve it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256

from ledger.checkpoint import Checkpoint
from ledger.merkle import Hash, leaf_hash, root_of
from ledger.note import Ed25519Signer, Signer, signed
from ledger.policy import Policy
from ledger.source import Absent
from ledger.tile import FULL, Bundle, Tile, bundles_of, format_bundle, parse_bundle, tiles_of

ORIGIN = "log.test/2026"
SIGNER = Ed25519Signer(ORIGIN, sha256(b"static log").digest())
POLICY = Policy(logs=((SIGNER.key, None),), witnesses={}, groups={})


@dataclass(frozen=True)
class StaticLog:
    """So many entries, and every tile over them."""

    entries: tuple[bytes, ...]

    @property
    def leaves(self) -> tuple[Hash, ...]:
        return _leaves(self.entries)

    def checkpoint(self, size: int | None = None) -> Checkpoint:
        count = len(self.entries) if size is None else size
        return Checkpoint(ORIGIN, count, root_of(self.leaves[:count]))

    def note(self, size: int | None = None, *signers: Signer) -> bytes:
        return signed(self.checkpoint(size).text(), *(signers or (SIGNER,))).bytes()

    def files(self, size: int | None = None) -> dict[str, bytes]:
        """Return path and bytes of every file of the tree of *size*, the checkpoint among them."""
        count = len(self.entries) if size is None else size
        rows = _rows(self.entries[:count])
        found = {"checkpoint": self.note(count)}
        for tile in tiles_of(count):
            first = tile.index * FULL
            found[tile.path()] = b"".join(rows[tile.level][first : first + tile.width])
        for bundle in bundles_of(count):
            first = bundle.index * FULL
            found[bundle.path()] = format_bundle(self.entries[first : first + bundle.width])
        return found


@dataclass
class Served:
    """A source that shows files from memory and remembers what it was asked for."""

    files: dict[str, bytes]
    asked: list[str] = field(default_factory=list)
    before: Callable[[str], None] = lambda _path: None

    def read(self, path: str) -> bytes:
        self.asked.append(path)
        self.before(path)
        try:
            return self.files[path]
        except KeyError:
            raise Absent(path) from None

    def close(self) -> None:
        """Nothing is held open."""


@lru_cache(maxsize=8)
def log_of(size: int, name: str = "entry") -> StaticLog:
    """Return a log of *size* entries of different lengths."""
    return StaticLog(tuple(f"{name} {index} {'.' * (index % 50)}".encode() for index in range(size)))


@lru_cache(maxsize=8)
def _leaves(entries: tuple[bytes, ...]) -> tuple[Hash, ...]:
    return tuple(leaf_hash(entry) for entry in entries)


def _rows(entries: tuple[bytes, ...]) -> list[Sequence[Hash]]:
    """Return the hashes of each level of tiles: the leaves, the roots over 256 of them, and so on."""
    rows: list[Sequence[Hash]] = [_leaves(entries)]
    while len(rows[-1]) >= FULL:
        below = rows[-1]
        full = range(0, len(below) - FULL + 1, FULL)
        rows.append([root_of(below[start : start + FULL]) for start in full])
    return rows


def forged(files: dict[str, bytes], tile: Tile, bundle: Bundle, place: int) -> dict[str, bytes]:
    """Return *files* with one entry replaced, and its hash in the tile beside it made to fit."""
    entries = parse_bundle(files[bundle.path()], bundle.width)
    entries[place] = b"forged"
    hashes = bytearray(files[tile.path()])
    hashes[place * 32 : place * 32 + 32] = leaf_hash(b"forged")
    return {**files, bundle.path(): format_bundle(entries), tile.path(): bytes(hashes)}
