"""Where a log's files are put for everybody: a place in which nothing that stands is ever changed.

    tile/…, rules/…     written once; the same bytes again are welcome, other bytes are refused
    checkpoint          replaced, by one who has seen the one before it, when all that it covers is durable
    policy              replaced; nothing rests on it

A folder also holds `.lock`, so that one process at a time writes, and `.unfinished`, where files grow before
they get their names: a crash leaves nothing half-written under a name that somebody reads.
"""

import fcntl
import os
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from ledger.errors import Conflict, Malformed
from ledger.source import Absent, DirectorySource, check_path

CHECKPOINT = "checkpoint"
REPLACEABLE = frozenset({CHECKPOINT, "policy"})
IMMUTABLE = "public, max-age=31536000, immutable"
NOT_KEPT = "no-store"

_TYPES = {".csv": "text/csv; charset=utf-8", ".json": "application/json"}
_TEXT = "text/plain; charset=utf-8"
_OCTETS = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Seen:
    """A checkpoint as it stood in its place, and the mark by which the place knows whether it still does."""

    content: bytes
    mark: str


class Outlet(Protocol):
    """A place where the files of a log are put. Any thread may read and put."""

    def read(self, path: str) -> bytes:
        """Return what stands under *path*; raise `Absent` or `OSError`."""

    def put(self, path: str, content: bytes) -> bool:
        """Write *content* once; `Conflict` if other bytes stand there, false if the same bytes do."""

    def settle(self) -> None:
        """Return once everything that was put or read is durable under its name."""

    def seen(self) -> Seen | None:
        """Return the checkpoint that stands here, if any."""

    def replace(self, path: str, content: bytes, seen: Seen | None = None) -> None:
        """Replace `policy`, or `checkpoint` if it is still the one *seen*; `Conflict` if it is not."""

    def close(self) -> None:
        """Let go of the place."""


def content_type(path: str) -> str:
    """Return what kind of file stands under *path*, as c2sp.org/tlog-tiles asks for it."""
    if path in REPLACEABLE:
        return _TEXT
    return _OCTETS if path.startswith("tile/") else _TYPES.get(Path(path).suffix, _TEXT)


def cache_control(path: str) -> str:
    """Return how long others may keep what stands under *path*."""
    return NOT_KEPT if path in REPLACEABLE else IMMUTABLE


class DirectoryOutlet:
    """A folder, such as a web server shows. One process at a time writes into it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._unfinished = folder / ".unfinished"
        self._source = DirectorySource(folder)
        made = [each for each in (folder, *folder.parents) if not each.exists()]
        # Folders with names in them that may not be on the disk yet.
        self._unsettled: set[Path] = {folder, *(each.parent for each in made)}
        self._unfinished.mkdir(parents=True, exist_ok=True)
        self._lock = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(self._lock)
            raise Conflict("somebody else is writing into this folder", facts={"path": str(folder)}) from None
        for left in self._unfinished.iterdir():
            left.unlink()

    def read(self, path: str) -> bytes:
        """Return the bytes of a file; whoever builds on it wants its name to be durable too."""
        content = self._source.read(path)
        self._unsettled.add((self.folder / path).parent)
        return content

    def has(self, path: str) -> bool:
        """Say whether there is a file, whatever its bytes."""
        return (self.folder / path).is_file()

    def put(self, path: str, content: bytes) -> bool:
        """Write *content* under a name that nothing has yet; `Conflict` if something else has it."""
        check_path(path)
        try:
            self._check_same(path, content)
        except Absent:
            return self._write_new(path, content)
        return False

    def _write_new(self, path: str, content: bytes) -> bool:
        target = self._prepared(path)
        written = self._written(content)
        try:
            # Unlike a rename, a link never takes the place of anything.
            os.link(written, target)
        except FileExistsError:
            self._check_same(path, content)
            return False
        finally:
            written.unlink()
        return True

    def _check_same(self, path: str, content: bytes) -> None:
        if self.read(path) != content:
            raise Conflict("other bytes stand under this path", facts={"path": path})

    def mend(self, path: str, content: bytes) -> bool:
        """Write *content*, which is proven to belong under *path*, in the place of whatever stands there."""
        check_path(path)
        with suppress(Absent, Malformed):
            if self.read(path) == content:
                return False
        self._move(path, content)
        return True

    def settle(self) -> None:
        """Make the names of all files durable."""
        # A folder's own name stands in the folder above it.
        inside = {above for folder in self._unsettled for above in (folder, *folder.parents)}
        for folder in {each for each in inside if each.is_relative_to(self.folder)} | self._unsettled:
            _make_durable(folder)
        self._unsettled.clear()

    def seen(self) -> Seen | None:
        """Return the checkpoint, marked by its own bytes."""
        try:
            content = self.read(CHECKPOINT)
        except Absent:
            return None
        return Seen(content, "")

    def replace(self, path: str, content: bytes, seen: Seen | None = None) -> None:
        """Replace a file at one stroke; a checkpoint only if it is the one that was *seen*."""
        _check_replaceable(path)
        if path == CHECKPOINT and self.seen() != seen:
            raise Conflict("another checkpoint stands here than the one that was read", facts={"path": path})
        self._move(path, content)
        self.settle()

    def close(self) -> None:
        """Let the next process write."""
        os.close(self._lock)

    def _prepared(self, path: str) -> Path:
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        self._unsettled.add(target.parent)
        return target

    def _move(self, path: str, content: bytes) -> None:
        target = self._prepared(path)
        self._written(content).replace(target)

    def _written(self, content: bytes) -> Path:
        """Write *content* to the disk under a name of its own."""
        number, name = tempfile.mkstemp(dir=self._unfinished)
        path = Path(name)
        try:
            with open(number, "wb") as file:  # noqa: PTH123 -- it is open already
                file.write(content)
                file.flush()
                os.fchmod(number, 0o644)
                os.fsync(number)
        except BaseException:
            path.unlink()
            raise
        return path


def _check_replaceable(path: str) -> None:
    if path not in REPLACEABLE:
        raise Conflict("this path is written once", facts={"path": path})


def _make_durable(folder: Path) -> None:
    number = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(number)
    finally:
        os.close(number)
