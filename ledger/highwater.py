"""The mark that the log has reached, kept outside its database, so that an older database cannot pass for it.

    instance/high-water        byte
            0   "\\0high-water 1\\n", written once: this file holds two slots
         4096   slot 0  ┐ SHA-256 of what follows || u32 length of the note || the note, as it was signed
        20480   slot 1  ┘

Each checkpoint is written here before anybody is told of it. A restored backup, or a disk that lost its last
writes, then falls short of the mark, and the log refuses to sign a second history. The file must not be part
of the backup that holds the database.

The slots are written in turn, in place: one write and one flush for each mark. Of the slots whose hash is
right the one with the larger checkpoint is the mark. A torn write spoils the slot that was to be replaced,
never the other. A file that holds a bare note, as somebody may write by hand after a loss, is read as well;
the next mark replaces it.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple, Protocol

from ledger.checkpoint import Checkpoint
from ledger.errors import Malformed, Unsafe
from ledger.note import Note

HEADER = b"\0high-water 1\n"
"""What no note begins with: NUL is not allowed in one."""

# A slot never shares a page with the header or with the other slot, so that no torn write can reach them.
SLOT_STARTS = (4096, 20480)
SLOT_LENGTH = 16384
_FILE_LENGTH = SLOT_STARTS[1] + SLOT_LENGTH
_DIGEST_LENGTH = 32
_NOTE_START = _DIGEST_LENGTH + 4
_LONGEST_NOTE = SLOT_LENGTH - _NOTE_START


class HighWater(Protocol):
    """Where the mark is kept."""

    def read(self) -> Note | None:
        """Return the highest note that was kept, or None if there never was one."""

    def raise_to(self, note: Note) -> None:
        """Keep *note* durably unless a larger one is kept already.

        MUST have it, or the larger one, on stable storage before returning; MUST raise `Unsafe` if it holds
        another text of its size.
        """


class _Mark(NamedTuple):
    """A note that was found, what it says, and in which slot: None in a file that holds a bare note."""

    note: Note
    checkpoint: Checkpoint
    slot: int | None


class FileHighWater:
    """The mark in a file, for a log whose processes share one machine."""

    def __init__(self, path: Path) -> None:
        self._path = path
        # The note that this process itself saw flushed to the disk last.
        self._flushed: Note | None = None
        # Those two read last, by their bytes: they are asked for before each group of entries and after it.
        self._parsed: dict[bytes, tuple[Note, Checkpoint]] = {}

    def read(self) -> Note | None:
        """Return the note in the file; `Malformed` if the file holds something else."""
        found = self._read()
        return None if found is None else found.note

    def raise_to(self, note: Note) -> None:
        """Write *note* into the slot of the smaller mark unless the file holds a larger one already."""
        if self._raised_in_place(note):
            return
        # There is no file with slots yet. Who makes it holds a lock of its own: the file's would go with it.
        with _locked(self._path.with_name(f"{self._path.name}.lock"), os.O_RDWR | os.O_CREAT):
            if not self._raised_in_place(note):
                self._create(note, self._read())

    def _read(self) -> _Mark | None:
        try:
            file = os.open(self._path, os.O_RDONLY)
        except FileNotFoundError:
            return None
        try:
            with suppress(Malformed):
                return self._mark_in(file)
            # Without the lock both slots may have been caught while they were written, one after the other.
            fcntl.flock(file, fcntl.LOCK_SH)
            return self._mark_in(file)
        finally:
            os.close(file)

    def _raised_in_place(self, note: Note) -> bool:
        """Raise the mark in the file that stands, and return whether it has slots to do that in."""
        try:
            with _locked(self._path, os.O_RDWR) as file:
                if not _stands_at(self._path, file):
                    return self._raised_in_place(note)
                kept = self._mark_in(file)
                if kept.slot is not None:
                    self._raise(file, kept, note)
                return kept.slot is not None
        except FileNotFoundError:
            return False

    def _raise(self, file: int, kept: _Mark, note: Note) -> None:
        # 1. What stands is on the disk. Somebody may have written it and been killed before it was: a power
        #    cut during step 2 could then cost both slots.
        if kept.note != self._flushed:
            os.fdatasync(file)
            self._flushed = kept.note
        if not _is_higher(note, kept):
            return
        spelt, start = note.bytes(), SLOT_STARTS[0 if kept.slot else 1]
        try:
            # 2. The new mark goes into the other slot. A crash here leaves that slot torn, and the old mark
            #    stands; nobody has been told of the new one. Or it leaves it whole: it is sealed, so it may.
            _write(file, _slot_bytes(spelt), start)
            # 3. It is on the disk. A crash after this leaves the new mark.
            os.fdatasync(file)
        except OSError:
            # Whether it is on the disk nobody can say, and a second flush would not tell. So it is taken
            # back, and the next mark is written and flushed in its place.
            with suppress(OSError):
                _write(file, bytes(_DIGEST_LENGTH), start)
            raise
        self._flushed = note
        self._remember(spelt, note)

    def _create(self, note: Note, bare: _Mark | None) -> None:
        """Make the file with slots, for the first mark or in the place of a *bare* note."""
        highest = note if bare is None or _is_higher(note, bare) else bare.note
        slot = _slot_bytes(highest.bytes())
        beside = self._path.with_name(f"{self._path.name}.new")
        # 1. The whole file is durable beside its place. A crash here leaves things as they were; the next
        #    mark writes it again.
        with beside.open("wb") as file:
            file.write(HEADER.ljust(SLOT_STARTS[0], b"\0") + slot)
            file.write(bytes(_FILE_LENGTH - file.tell()))
            file.flush()
            os.fsync(file.fileno())
        # 2. It takes its name at once, whole: before there was a bare note or nothing, now there is the mark.
        beside.replace(self._path)
        # 3. The name is durable only when its folder is. A crash before may leave the name as it was.
        _flush_folder(self._path.parent)
        self._flushed = highest

    def _mark_in(self, file: int) -> _Mark:
        """Return the mark that *file* holds in either form, or raise `Malformed`."""
        if os.pread(file, len(HEADER), 0) != HEADER:
            return _Mark(*self._remember(os.pread(file, _FILE_LENGTH, 0)), None)
        slots = (_note_in(os.pread(file, SLOT_LENGTH, start)) for start in SLOT_STARTS)
        found = [_Mark(*self._remember(spelt), slot) for slot, spelt in enumerate(slots) if spelt is not None]
        if not found:
            raise Malformed("neither slot of the high-water mark is whole")
        return max(found, key=lambda mark: mark.checkpoint.size)

    def _remember(self, spelt: bytes, note: Note | None = None) -> tuple[Note, Checkpoint]:
        """Return what the bytes *spelt* say, which are those of *note* if it is given."""
        found = self._parsed.get(spelt)
        if found is None:
            note = note or Note.parse(spelt)
            found = (note, Checkpoint.parse(note.text))
            self._parsed = dict([*self._parsed.items(), (spelt, found)][-2:])
        return found


@contextmanager
def _locked(path: Path, flags: int) -> Iterator[int]:
    """Open the file at *path*, and hold its lock against everybody else who asks for it."""
    file = os.open(path, flags, 0o644)
    try:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield file
    finally:
        os.close(file)


def _stands_at(path: Path, file: int) -> bool:
    """Whether *file* is still what is found at *path*: it may have been replaced while we waited for it."""
    return os.path.samestat(path.stat(), os.fstat(file))


def _flush_folder(path: Path) -> None:
    folder = os.open(path, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _write(file: int, joined: bytes, start: int) -> None:
    if os.pwrite(file, joined, start) != len(joined):
        raise OSError("the mark was written in part only")


def _slot_bytes(spelt: bytes) -> bytes:
    if len(spelt) > _LONGEST_NOTE:
        raise Malformed("the note is too long for the mark", facts={"bytes": len(spelt)})
    content = len(spelt).to_bytes(4) + spelt
    return sha256(content).digest() + content


def _note_in(slot: bytes) -> bytes | None:
    """Return the note in *slot*, None if the slot is torn or was never written."""
    end = _NOTE_START + int.from_bytes(slot[_DIGEST_LENGTH:_NOTE_START])
    whole = sha256(slot[_DIGEST_LENGTH:end]).digest() == slot[:_DIGEST_LENGTH]
    return slot[_NOTE_START:end] if whole else None


def _is_higher(note: Note, kept: _Mark) -> bool:
    new, old = Checkpoint.parse(note.text), kept.checkpoint
    if new.origin != old.origin or (new.size == old.size and new != old):
        raise Unsafe("the mark holds another history", facts={"size": old.size, "origin": old.origin})
    return new.size > old.size
