"""The mark that the log has reached, kept outside its database, so that an older database cannot pass for it.

    instance/high-water        the last sealed note, as it was signed
    instance/high-water.lock   held while it is replaced

Each checkpoint is written here before anybody is told of it. A restored backup, or a disk that lost its last
writes, then falls short of the mark, and the log refuses to sign a second history. The file must not be part
of the backup that holds the database.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from ledger.checkpoint import Checkpoint
from ledger.errors import Unsafe
from ledger.note import Note


class HighWater(Protocol):
    """Where the mark is kept."""

    def read(self) -> Note | None:
        """Return the highest note that was kept, or None if there never was one."""

    def raise_to(self, note: Note) -> None:
        """Keep *note* durably unless a larger one is kept already.

        MUST have it on stable storage before returning; MUST raise `Unsafe` if it holds another text of its
        size.
        """


class FileHighWater:
    """The mark in a file, for a log whose processes share one machine."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> Note | None:
        """Return the note in the file; `Malformed` if the file holds something else."""
        try:
            return Note.parse(self._path.read_bytes())
        except FileNotFoundError:
            return None

    def raise_to(self, note: Note) -> None:
        """Replace the file by *note* unless it holds a larger one already."""
        with self._locked():
            kept = self.read()
            if kept is None or _is_higher(note, kept):
                self._replace(note.bytes())

    @contextmanager
    def _locked(self) -> Iterator[None]:
        # The lock has a file of its own: the mark itself is replaced, and a lock would stay with the old one.
        with self._path.with_name(self._path.name + ".lock").open("wb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _replace(self, spelt: bytes) -> None:
        # 1. The new mark is durable beside the old. A crash here leaves the old one standing.
        beside = self._path.with_name(self._path.name + ".new")
        with beside.open("wb") as file:
            file.write(spelt)
            file.flush()
            os.fdatasync(file.fileno())
        # 2. It takes the old one's name at once, whole.
        beside.replace(self._path)
        # 3. The name itself is durable only when its folder is.
        folder = os.open(self._path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _is_higher(note: Note, kept: Note) -> bool:
    new, old = Checkpoint.parse(note.text), Checkpoint.parse(kept.text)
    if new.origin != old.origin or (new.size == old.size and new != old):
        raise Unsafe("the mark holds another history", facts={"size": old.size, "origin": old.origin})
    return new.size > old.size
