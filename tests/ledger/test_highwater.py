import multiprocessing
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ledger.checkpoint import Checkpoint
from ledger.errors import Malformed, Unsafe
from ledger.highwater import HEADER, SLOT_LENGTH, SLOT_STARTS, FileHighWater
from ledger.note import Ed25519Signer, Note, signed
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


def fail(*_: object) -> None:
    raise OSError("the disk has failed")


def test_a_flush_that_fails_leaves_the_old_mark(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mark = FileHighWater(tmp_path / "mark")
    mark.raise_to(note(5))

    with monkeypatch.context() as failing:
        failing.setattr(os, "fdatasync", fail)
        with pytest.raises(OSError, match="failed"):
            mark.raise_to(note(6))
    kept = mark.read()
    mark.raise_to(note(6))

    assert (kept, mark.read()) == (note(5), note(6))


@pytest.mark.parametrize("step", ["fsync", "replace"])
@pytest.mark.parametrize("before", [b"", note(4).bytes()], ids=["nothing", "bare note"])
def test_a_file_that_cannot_be_made_leaves_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, before: bytes
) -> None:
    mark = FileHighWater(tmp_path / "mark")
    if before:
        (tmp_path / "mark").write_bytes(before)
    kept = mark.read()

    with monkeypatch.context() as failing:
        failing.setattr(os if step == "fsync" else Path, step, fail)
        with pytest.raises(OSError, match="failed"):
            mark.raise_to(note(5))

    assert FileHighWater(tmp_path / "mark").read() == kept
    mark.raise_to(note(5))
    assert FileHighWater(tmp_path / "mark").read() == note(5)


def test_the_folder_is_flushed_with_a_new_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    flushed: list[str] = []

    def see(file: int) -> None:
        flushed.append(Path(f"/proc/self/fd/{file}").readlink().name)

    monkeypatch.setattr(os, "fsync", see)
    FileHighWater(tmp_path / "mark").raise_to(note(5))

    assert flushed == ["mark.new", tmp_path.name]


def test_each_mark_after_the_first_is_flushed_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mark = FileHighWater(tmp_path / "mark")
    mark.raise_to(note(1))
    flushed: list[int] = []
    monkeypatch.setattr(os, "fdatasync", flushed.append)

    for size in range(2, 12):
        mark.raise_to(note(size))

    assert len(flushed) == 10


def test_what_another_wrote_is_flushed_before_the_other_slot_is_touched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mark = FileHighWater(tmp_path / "mark")
    mark.raise_to(note(1))
    FileHighWater(tmp_path / "mark").raise_to(note(2))
    found: list[Note | None] = []
    monkeypatch.setattr(os, "fdatasync", lambda _: found.append(FileHighWater(tmp_path / "mark").read()))

    mark.raise_to(note(3))

    assert found == [note(2), note(3)]


@pytest.fixture(scope="module")
def torn(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, bytes, bytes]:
    """A file with the marks 5 and 6; its bytes, and those that it has once 7 is in the place of 5."""
    path = tmp_path_factory.mktemp("mark") / "mark"
    mark = FileHighWater(path)
    for size in (5, 6):
        mark.raise_to(note(size, bytes([size]) * 32))
    before = path.read_bytes()
    mark.raise_to(note(7, bytes([7]) * 32))
    return path, before, path.read_bytes()


def differing(before: bytes, after: bytes) -> list[int]:
    return [place for place, pair in enumerate(zip(before, after, strict=True)) if pair[0] != pair[1]]


def test_a_write_torn_at_any_byte_leaves_the_old_mark(torn: tuple[Path, bytes, bytes]) -> None:
    path, before, after = torn
    places = differing(before, after)
    found = set()

    for place in range(places[0], places[-1] + 1):
        for half in (after[:place] + before[place:], before[: place + 1] + after[place + 1 :]):
            path.write_bytes(half)
            kept = FileHighWater(path).read()
            assert kept is not None
            found.add((Checkpoint.parse(kept.text).size, half == after))

    assert (places[0], places[-1] < SLOT_STARTS[1]) == (SLOT_STARTS[0], True)
    # The larger mark is believed only when all of it is there; the one before the old one never again.
    assert found == {(6, False)}


def test_any_bent_byte_of_both_slots_is_no_mark(torn: tuple[Path, bytes, bytes]) -> None:
    path, _, after = torn
    lengths = (36 + len(note(7).bytes()), 36 + len(note(6).bytes()))

    for step in range(max(lengths)):
        bent = bytearray(after)
        for start, length in zip(SLOT_STARTS, lengths, strict=True):
            bent[start + min(step, length - 1)] ^= 1
        path.write_bytes(bent)
        with pytest.raises(Malformed):
            FileHighWater(path).read()
        with pytest.raises(Malformed):
            FileHighWater(path).raise_to(note(8))


def test_after_a_torn_write_the_torn_slot_is_written_again(torn: tuple[Path, bytes, bytes]) -> None:
    path, before, after = torn
    middle = SLOT_STARTS[0] + 50
    path.write_bytes(after[:middle] + before[middle:])
    mark = FileHighWater(path)

    for size in (7, 8, 9):
        mark.raise_to(note(size))

    assert FileHighWater(path).read() == note(9)
    assert len(path.read_bytes()) == len(before)


@pytest.mark.parametrize("size", [4, 5])
def test_a_bare_note_is_read_and_taken_over(tmp_path: Path, size: int) -> None:
    path = tmp_path / "mark"
    path.write_bytes(note(5).bytes())
    mark = FileHighWater(path)
    bare = mark.read()

    mark.raise_to(note(size))
    kept = mark.read()
    mark.raise_to(note(6))

    assert (bare, kept, mark.read()) == (note(5), note(5), note(6))
    assert path.read_bytes().startswith(HEADER)


def test_a_bare_note_of_another_history_is_not_taken_over(tmp_path: Path) -> None:
    path = tmp_path / "mark"
    path.write_bytes(note(5, b"\1" * 32).bytes())

    with pytest.raises(Unsafe):
        FileHighWater(path).raise_to(note(5))

    assert path.read_bytes() == note(5, b"\1" * 32).bytes()


def test_a_bare_note_written_by_hand_while_we_run_is_seen(tmp_path: Path) -> None:
    mark = FileHighWater(tmp_path / "mark")
    mark.raise_to(note(5))
    (tmp_path / "by hand").write_bytes(note(7).bytes())
    (tmp_path / "by hand").replace(tmp_path / "mark")

    found = mark.read()
    mark.raise_to(note(6))

    assert (found, mark.read()) == (note(7), note(7))


def signed_by_many(signers: int) -> Note:
    """Return a note with a line of each of so many signers."""
    text = Checkpoint(ORIGIN, 5, bytes(32)).text()
    names = [f"{number:04}" + "x" * 200 for number in range(signers)]
    return signed(text, *(Ed25519Signer(name, bytes([number]) * 32) for number, name in enumerate(names)))


def test_a_note_that_fits_no_slot_is_refused(tmp_path: Path) -> None:
    fits = max(count for count in range(101) if len(signed_by_many(count or 1).bytes()) <= SLOT_LENGTH - 36)
    mark = FileHighWater(tmp_path / "mark")

    mark.raise_to(signed_by_many(fits))

    assert mark.read() == signed_by_many(fits)
    with pytest.raises(Malformed):
        FileHighWater(tmp_path / "another").raise_to(signed_by_many(fits + 1))


@pytest.mark.parametrize("content", [b"", b"hello", HEADER, HEADER + bytes(2 * SLOT_LENGTH)])
def test_a_file_that_is_no_mark_is_malformed(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "mark").write_bytes(content)

    with pytest.raises(Malformed):
        FileHighWater(tmp_path / "mark").read()


def test_many_raise_it_at_once(tmp_path: Path) -> None:
    sizes = [*range(1, 65)]

    with ThreadPoolExecutor(16) as threads:
        list(threads.map(lambda size: FileHighWater(tmp_path / "mark").raise_to(note(size)), sizes))

    assert FileHighWater(tmp_path / "mark").read() == note(64)


def raise_in_process(path: str, sizes: list[int]) -> None:
    mark = FileHighWater(Path(path))
    for size in sizes:
        mark.raise_to(note(size))


@pytest.mark.parametrize("bare", [b"", note(1).bytes()], ids=["nothing", "bare note"])
def test_processes_raise_it_at_once(tmp_path: Path, bare: bytes) -> None:
    if bare:
        (tmp_path / "mark").write_bytes(bare)
    spawn = multiprocessing.get_context("spawn")
    processes = [
        spawn.Process(target=raise_in_process, args=(str(tmp_path / "mark"), [*range(first, 100, 3)]))
        for first in (2, 3, 4)
    ]

    for process in processes:
        process.start()
    seen = [FileHighWater(tmp_path / "mark").read() for _ in range(500)]
    for process in processes:
        process.join(60)

    sizes = [0 if each is None else Checkpoint.parse(each.text).size for each in seen]
    assert [process.exitcode for process in processes] == [0, 0, 0]
    assert FileHighWater(tmp_path / "mark").read() == note(99)
    assert sizes == sorted(sizes)
