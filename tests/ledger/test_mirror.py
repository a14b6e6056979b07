"""A copy of somebody else's log: all of it if it is what was signed, and otherwise not one entry more."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ledger.checkpoint import Checkpoint
from ledger.cosignature import Ed25519Cosigner
from ledger.errors import Conflict, LedgerError, Malformed, NotProven
from ledger.filling import Filled
from ledger.mirror import kept_policy, mirror
from ledger.note import Ed25519Signer, signed, with_lines
from ledger.outlet import DirectoryOutlet
from ledger.policy import Group, Policy
from ledger.source import DirectorySource
from ledger.tile import Bundle, Tile
from tests.static_log import ORIGIN, POLICY, SIGNER, Served, StaticLog, forged, log_of

NOW = datetime(2026, 9, 21, 8, tzinfo=UTC)


@pytest.fixture
def copy(tmp_path: Path) -> Iterator[DirectoryOutlet]:
    with closing(DirectoryOutlet(tmp_path / "copy")) as outlet:
        yield outlet


def bring(copy: DirectoryOutlet, files: dict[str, bytes], policy: Policy = POLICY) -> Filled:
    return mirror(Served(files), copy, policy, NOW)


def files_in(copy: DirectoryOutlet) -> dict[str, bytes]:
    found = (path.relative_to(copy.folder).as_posix() for path in copy.folder.rglob("*") if path.is_file())
    return {path: copy.read(path) for path in found if not path.startswith(".")}


def state(size: int, log: StaticLog | None = None) -> dict[str, bytes]:
    return {**(log or log_of(size)).files(size), "policy": POLICY.text().encode()}


@pytest.mark.parametrize("size", [0, 1, 255, 256, 257, 300, 70_000])
def test_a_copy_is_the_log_file_by_file(copy: DirectoryOutlet, size: int) -> None:
    bring(copy, log_of(size).files())

    assert files_in(copy) == state(size)


def test_a_copy_grows_with_its_log_and_fetches_what_is_new(copy: DirectoryOutlet) -> None:
    log = log_of(1000)
    bring(copy, log.files(300))
    served = Served(log.files())

    filled = mirror(served, copy, POLICY, NOW)

    assert files_in(copy) == {**log.files(300), **state(1000, log)}
    assert (filled.before, filled.checkpoint.size) == (300, 1000)
    assert not {"tile/0/000", "tile/entries/000"} & set(served.asked)


def test_nothing_new_is_little_to_ask_for(copy: DirectoryOutlet) -> None:
    bring(copy, log_of(1000).files())
    served = Served(log_of(1000).files())

    filled = mirror(served, copy, POLICY, NOW)

    assert (filled.before, filled.files) == (1000, 0)
    assert not [path for path in served.asked if path.startswith("tile/entries/")]


def test_a_copy_is_a_log_to_copy_from(copy: DirectoryOutlet, tmp_path: Path) -> None:
    bring(copy, log_of(300).files())

    with closing(DirectoryOutlet(tmp_path / "second")) as second:
        mirror(DirectorySource(copy.folder), second, POLICY, NOW)

        assert files_in(second) == files_in(copy)


def test_progress_counts_entries(copy: DirectoryOutlet) -> None:
    told: list[tuple[int, int]] = []

    mirror(
        Served(log_of(300).files()), copy, POLICY, NOW, progress=lambda done, all_: told.append((done, all_))
    )

    assert told == [(256, 300), (300, 300)]


# Whom to believe.


def test_the_policy_is_kept_and_never_taken_from_the_log(copy: DirectoryOutlet) -> None:
    assert kept_policy(copy) is None

    bring(copy, {**log_of(3).files(), "policy": b"quorum none\n"})

    assert kept_policy(copy) == POLICY


def test_another_key_is_not_believed(copy: DirectoryOutlet) -> None:
    log = log_of(3)
    stranger = Ed25519Signer(ORIGIN, hashlib.sha256(b"stranger").digest())

    with pytest.raises(NotProven) as refused:
        bring(copy, {**log.files(), "checkpoint": log.note(3, stranger)})

    assert refused.value.facts["path"] == "checkpoint"
    assert files_in(copy) == {}


def test_a_bent_checkpoint_is_not_believed(copy: DirectoryOutlet) -> None:
    files = log_of(3).files()
    note = files["checkpoint"]
    for place in range(len(note)):
        bent = note[:place] + bytes([note[place] ^ 1]) + note[place + 1 :]

        with pytest.raises(LedgerError) as refused:
            bring(copy, {**files, "checkpoint": bent})

        assert refused.value.facts["path"] == "checkpoint"
    assert files_in(copy) == {}


def test_a_log_without_a_checkpoint_is_not_believed(copy: DirectoryOutlet) -> None:
    with pytest.raises(NotProven, match="no checkpoint"):
        bring(copy, {})


def test_a_checkpoint_that_too_few_have_seen_is_not_believed(copy: DirectoryOutlet) -> None:
    witnesses = [Ed25519Cosigner(name, hashlib.sha256(name.encode()).digest()) for name in ("w.a", "w.b")]
    both = Policy(
        logs=POLICY.logs,
        witnesses={each.key.name: (each.key, None) for each in witnesses},
        groups={"both": Group(2, ("w.a", "w.b"))},
        quorum="both",
    )
    log = log_of(3)

    for seen_by in ([], witnesses[:1]):
        with pytest.raises(NotProven, match="witnesses"):
            bring(copy, {**log.files(), "checkpoint": cosigned(log, seen_by)}, both)
    bring(copy, {**log.files(), "checkpoint": cosigned(log, witnesses)}, both)

    assert kept_policy(copy) == both


def cosigned(log: StaticLog, witnesses: list[Ed25519Cosigner]) -> bytes:
    note = signed(log.checkpoint().text(), SIGNER)
    lines = (each.cosign(note.text, int(NOW.timestamp())) for each in witnesses)
    return with_lines(note, *lines).bytes()


# What was promised before.


def test_an_older_checkpoint_is_refused(copy: DirectoryOutlet) -> None:
    log = log_of(1000)
    bring(copy, log.files())

    with pytest.raises(NotProven, match="older") as refused:
        bring(copy, log.files(999))

    assert refused.value.facts == {"seen": 1000, "shown": 999, "path": "checkpoint"}
    assert files_in(copy) == state(1000, log)


@pytest.mark.parametrize("size", [299, 300, 600])
def test_a_fork_is_refused_and_both_notes_are_kept(copy: DirectoryOutlet, size: int) -> None:
    mine, other = log_of(300), log_of(600, "other")
    bring(copy, mine.files())

    with pytest.raises(NotProven, match="fork") as refused:
        bring(copy, other.files(size))

    evidence = str(refused.value.facts["evidence"]).split(", ")
    assert {path: copy.read(path) for path in evidence} == dict(
        zip(evidence, (mine.note(), other.note(size)), strict=True)
    )
    assert files_in(copy) == {**state(300), **{path: copy.read(path) for path in evidence}}
    assert all(path.startswith("fork-") for path in evidence)


def test_a_kept_checkpoint_that_is_none_is_named(copy: DirectoryOutlet) -> None:
    copy.replace("checkpoint", b"not a note")

    with pytest.raises(Malformed) as refused:
        bring(copy, log_of(3).files())

    assert refused.value.facts["path"] == "checkpoint"


def test_a_folder_holds_one_log(copy: DirectoryOutlet) -> None:
    bring(copy, log_of(3).files())
    signer = Ed25519Signer("other.test", hashlib.sha256(b"other").digest())
    policy = Policy(logs=((signer.key, None),), witnesses={}, groups={})
    note = signed(Checkpoint("other.test", 3, log_of(3).checkpoint().root).text(), signer).bytes()

    with pytest.raises(Conflict):
        bring(copy, {**log_of(3).files(), "checkpoint": note}, policy)

    assert files_in(copy) == state(3)


# What is not as it was signed.

Files = dict[str, bytes]


def flipped(path: str) -> Callable[[Files], Files]:
    return lambda files: {**files, path: files[path][:-1] + bytes([files[path][-1] ^ 1])}


def swapped(one: str, other: str) -> Callable[[Files], Files]:
    return lambda files: {**files, one: files[other], other: files[one]}


def resized(path: str, end: int | None, more: bytes) -> Callable[[Files], Files]:
    return lambda files: {**files, path: files[path][:end] + more}


def without(path: str) -> Callable[[Files], Files]:
    return lambda files: {each: content for each, content in files.items() if each != path}


def with_forged(tile: Tile, bundle: Bundle, place: int) -> Callable[[Files], Files]:
    return lambda files: forged(files, tile, bundle, place)


@pytest.mark.parametrize(
    ("bend", "named"),
    [
        (flipped("tile/entries/001"), "tile/entries/001"),
        (flipped("tile/entries/003.p/232"), "tile/entries/003.p/232"),
        (flipped("tile/0/001"), "tile/0/001"),
        (flipped("tile/0/003.p/232"), "tile/0/003.p/232"),
        (flipped("tile/1/000.p/3"), "tile/1/000.p/3"),
        (with_forged(Tile(0, 1), Bundle(1), 9), "tile/0/001"),
        (with_forged(Tile(0, 3, 232), Bundle(3, 232), 200), "tile/0/003.p/232"),
        (swapped("tile/0/001", "tile/0/002"), "tile/0/001"),
        (swapped("tile/entries/001", "tile/entries/002"), "tile/entries/001"),
        (resized("tile/0/003.p/232", None, bytes(32)), "tile/0/003.p/232"),
        (resized("tile/entries/002", None, b"\0"), "tile/entries/002"),
        (resized("tile/entries/002", -1, b""), "tile/entries/002"),
        (without("tile/entries/002"), "tile/entries/002"),
    ],
)
@pytest.mark.parametrize("held", [0, 300])
def test_what_is_bent_stops_the_copy_where_it_was(
    copy: DirectoryOutlet, held: int, bend: Callable[[Files], Files], named: str
) -> None:
    log = log_of(1000)
    bring(copy, log.files(held))
    before = copy.read("checkpoint")

    with pytest.raises(LedgerError) as refused:
        bring(copy, bend(log.files()))

    assert named in str(refused.value.facts["path"])
    assert copy.read("checkpoint") == before


def test_what_has_rotted_is_mended_once_the_checkpoint_is_set_aside(copy: DirectoryOutlet) -> None:
    log = log_of(1000)
    bring(copy, log.files())
    rotten = ("tile/entries/001", "tile/0/002", "tile/1/000.p/3")
    for path in rotten:
        (copy.folder / path).write_bytes(b"rotten")
    (copy.folder / "checkpoint").rename(copy.folder / "aside")
    served = Served(log.files())

    filled = mirror(served, copy, POLICY, NOW)

    assert files_in(copy) == {**state(1000, log), "aside": log.note()}
    assert filled.files == len(rotten)
    assert {path for path in served.asked if ".p/" not in path} == {"checkpoint", *rotten[:2]}


# Interrupted.


class Killed(Exception):
    """The process ends here."""


def test_a_kill_at_any_question_is_gone_on_from(tmp_path: Path) -> None:
    log = log_of(1000)
    steps = len(counted(tmp_path / "counted", log).asked)
    for step in range(steps):
        with closing(DirectoryOutlet(tmp_path / str(step))) as copy:
            bring(copy, log.files(300))
            with pytest.raises(Killed):
                mirror(dying(log, step), copy, POLICY, NOW)
            assert copy.read("checkpoint") == log.note(300)
            held = {path for path in files_in(copy) if path.startswith(("tile/0/0", "tile/entries/"))}
            served = Served(log.files())

            mirror(served, copy, POLICY, NOW)

            assert files_in(copy) == {**log.files(300), **state(1000, log)}
            # What was there and full is proven from the disk, not fetched again.
            assert not {path for path in held if ".p/" not in path} & set(served.asked)


def counted(folder: Path, log: StaticLog) -> Served:
    served = Served(log.files())
    with closing(DirectoryOutlet(folder)) as copy:
        bring(copy, log.files(300))
        mirror(served, copy, POLICY, NOW)
    return served


def dying(log: StaticLog, step: int) -> Served:
    def die(_path: str) -> None:
        if len(served.asked) > step:
            raise Killed

    served = Served(log.files(), before=die)
    return served


@pytest.mark.parametrize(
    "path", ["tile/0/000", "tile/0/003.p/232", "tile/1/000.p/3", "tile/entries/001", "tile/entries/003.p/232"]
)
@pytest.mark.parametrize("junk", [b"", b"junk", bytes(8192)])
def test_what_a_crash_left_under_a_name_is_not_believed(
    copy: DirectoryOutlet, path: str, junk: bytes
) -> None:
    copy.put(path, junk)

    bring(copy, log_of(1000).files())

    assert files_in(copy) == state(1000)


def test_a_copy_damaged_since_is_found_when_it_is_built_on(copy: DirectoryOutlet) -> None:
    """What the new tree needs of the old is read again and set right; the rest is for an audit to find."""
    log = log_of(1000)
    bring(copy, log.files(300))
    copy.mend("tile/0/000", bytes(8192))

    bring(copy, log.files())

    assert copy.read("checkpoint") == log.note(1000)
