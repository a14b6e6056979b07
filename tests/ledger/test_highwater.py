import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ledger.checkpoint import Checkpoint
from ledger.errors import Malformed, Unsafe
from ledger.highwater import FileHighWater
from ledger.note import Note, signed
from tests.logs import ORIGIN, SIGNER


def note(size: int, root: bytes = bytes(32), origin: str = ORIGIN) -> Note:
    return signed(Checkpoint(origin, size, root).text(), SIGNER)


def test_nothing_is_kept_at_first(tmp_path: Path) -> None:
    mark = FileHighWater(tmp_path / "mark")

    assert mark.read() is None


def test_the_mark_only_rises(tmp_path: Path) -> None:
    mark = FileHighWater(tmp_path / "mark")

    for size in (3, 5, 4, 5):
        mark.raise_to(note(size))

    assert mark.read() == note(5)
    assert FileHighWater(tmp_path / "mark").read() == note(5)


@pytest.mark.parametrize("other", [note(5, b"\1" * 32), note(6, origin="another.example/log")])
def test_another_history_is_refused(tmp_path: Path, other: Note) -> None:
    mark = FileHighWater(tmp_path / "mark")
    mark.raise_to(note(5))

    with pytest.raises(Unsafe):
        mark.raise_to(other)

    assert mark.read() == note(5)


def test_a_crash_before_the_name_changes_leaves_the_old_mark(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mark = FileHighWater(tmp_path / "mark")
    mark.raise_to(note(5))

    def fail(_: int) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(os, "fdatasync", fail)
    with pytest.raises(OSError, match="no space"):
        mark.raise_to(note(6))

    assert mark.read() == note(5)


def test_a_file_that_is_no_note_is_malformed(tmp_path: Path) -> None:
    (tmp_path / "mark").write_bytes(b"hello")

    with pytest.raises(Malformed):
        FileHighWater(tmp_path / "mark").read()


def test_many_raise_it_at_once(tmp_path: Path) -> None:
    sizes = [*range(1, 65)]

    with ThreadPoolExecutor(16) as threads:
        list(threads.map(lambda size: FileHighWater(tmp_path / "mark").raise_to(note(size)), sizes))

    assert FileHighWater(tmp_path / "mark").read() == note(64)
