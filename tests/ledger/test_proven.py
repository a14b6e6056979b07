"""What is read from a place that nobody trusts: all of it if it is whole, and no byte of it if it is bent."""

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.checkpoint import Checkpoint
from ledger.errors import LedgerError, Malformed, NotProven
from ledger.merkle import EMPTY_ROOT
from ledger.proven import AHEAD, ProvenTree, edge_of, verified_entries
from ledger.tile import Bundle, Tile, tiles_of
from tests.static_log import ORIGIN, Served, forged, log_of

SIZES = (0, 1, 255, 256, 257, 300, 512, 1000)
TWO_LEVELS = 65_536 + 300


def read_all(files: dict[str, bytes], size: int, checkpoint: Checkpoint | None = None) -> list[bytes]:
    found = verified_entries(Served(files), checkpoint or log_of(size).checkpoint())
    return [entry for _, entry in found]


@pytest.mark.parametrize("size", [*SIZES, 70_000])
def test_a_whole_log_is_read_whole(size: int) -> None:
    log = log_of(size)

    found = list(verified_entries(Served(log.files()), log.checkpoint()))

    assert found == list(enumerate(log.entries))


@pytest.mark.parametrize(
    ("start", "end"), [(0, 1), (255, 257), (256, 512), (299, 300), (300, 300), (100, None)]
)
def test_a_part_is_read_from_the_bundles_that_hold_it(start: int, end: int | None) -> None:
    log = log_of(1000)
    served = Served(log.files())

    found = list(verified_entries(served, log.checkpoint(), start, end))

    last = 1000 if end is None else end
    assert found == [(index, log.entries[index]) for index in range(start, last)]
    wanted = {Bundle(n, min(256, 1000 - n * 256)).path() for n in range(start // 256, -(-last // 256))}
    assert {path for path in served.asked if path.startswith("tile/entries/")} == wanted


def test_entries_of_an_earlier_checkpoint_are_read_from_what_took_its_place() -> None:
    log = log_of(1000)

    # The pieces of the tree of 300 that have become full since are there in full alone.
    files = {"tile/1/000.p/1": log.files(300)["tile/1/000.p/1"], **log.files()}

    assert "tile/0/001.p/44" not in files
    assert read_all(files, 300, log.checkpoint(300)) == list(log.entries[:300])


def test_no_more_is_asked_for_than_a_few_pieces_ahead() -> None:
    log = log_of(TWO_LEVELS)
    served = Served(log.files())

    found = verified_entries(served, log.checkpoint())
    next(found)
    asked = len(served.asked)
    found.close()  # type: ignore[attr-defined]  # it is a generator

    assert asked <= AHEAD + len(edge_of(TWO_LEVELS)) + 3


@pytest.mark.parametrize("size", [300, TWO_LEVELS])
def test_no_bit_of_any_file_may_be_another(size: int) -> None:
    log = log_of(size)
    files = log.files()
    for path in sorted({*(tile.path() for tile in tiles_of(size)), "tile/entries/000"})[
        :: 1 if size < 999 else 60
    ]:
        for place in {0, len(files[path]) - 1}:
            bent = bytearray(files[path])
            bent[place] ^= 1

            with pytest.raises(LedgerError) as refused:
                read_all({**files, path: bytes(bent)}, size)

            assert path in str(refused.value.facts["path"])


@given(size=st.integers(1, 800), data=st.data())
@settings(max_examples=60)
def test_whatever_is_bent_is_refused(size: int, data: st.DataObject) -> None:
    log = log_of(800)
    files = log.files(size)
    path = data.draw(st.sampled_from(sorted(set(files) - {"checkpoint"})))
    place, change = data.draw(st.integers(0, len(files[path]) - 1)), data.draw(st.integers(1, 255))
    bent = bytearray(files[path])
    bent[place] ^= change

    with pytest.raises(LedgerError) as refused:
        read_all({**files, path: bytes(bent)}, size, log.checkpoint(size))

    assert path in str(refused.value.facts["path"])


@pytest.mark.parametrize("size", [300, 70_000])
@pytest.mark.parametrize("place", [0, 31, 32, 40, 43])
def test_an_entry_forged_together_with_its_hash_is_refused(size: int, place: int) -> None:
    """CVE-2026-56865: several subtrees of the right edge share one tile, and only some were checked."""
    log = log_of(size)
    number, width = size // 256, size % 256

    bent = forged(log.files(), Tile(0, number, width), Bundle(number, width), place)

    with pytest.raises(NotProven, match="edge") as refused:
        read_all(bent, size)
    assert f"tile/0/{number:03}.p/{width}" in str(refused.value.facts["path"])


@pytest.mark.parametrize("number", [0, 7, 255, 272])
def test_an_entry_forged_together_with_its_hash_in_a_full_tile_is_refused(number: int) -> None:
    log = log_of(70_000)

    bent = forged(log.files(), Tile(0, number), Bundle(number), 17)

    with pytest.raises(NotProven) as refused:
        list(verified_entries(Served(bent), log.checkpoint(), number * 256, number * 256 + 256))
    assert refused.value.facts["path"] == Tile(0, number).path()


@pytest.mark.parametrize("kind", ["tile/0/", "tile/entries/"])
def test_neighbours_may_not_change_places(kind: str) -> None:
    files = log_of(1000).files()

    swapped = {**files, f"{kind}000": files[f"{kind}001"], f"{kind}001": files[f"{kind}000"]}

    with pytest.raises(NotProven) as refused:
        read_all(swapped, 1000)
    assert refused.value.facts["path"] == f"{kind}000"


@pytest.mark.parametrize(
    "path", ["tile/0/000", "tile/0/001.p/44", "tile/1/000.p/1", "tile/entries/000", "tile/entries/001.p/44"]
)
@pytest.mark.parametrize(("end", "more"), [(None, b"\0"), (None, bytes(32)), (-1, b""), (0, b"")])
def test_nothing_may_be_longer_or_shorter(path: str, end: int | None, more: bytes) -> None:
    files = log_of(300).files()

    with pytest.raises(Malformed) as refused:
        read_all({**files, path: files[path][:end] + more}, 300)

    assert refused.value.facts["path"] == path


@pytest.mark.parametrize("path", ["tile/0/000", "tile/0/001.p/44", "tile/1/000.p/1", "tile/entries/001.p/44"])
def test_a_file_that_is_missing_is_named(path: str) -> None:
    files = log_of(300).files()
    del files[path]

    with pytest.raises(NotProven, match="missing") as refused:
        read_all(files, 300)

    assert refused.value.facts["path"] == path


def test_another_root_is_not_reached() -> None:
    log = log_of(300)

    with pytest.raises(NotProven):
        read_all(log.files(), 300, Checkpoint(ORIGIN, 300, hashlib.sha256(b"").digest()))


@pytest.mark.parametrize("size", [255, 257, 299, 301])
def test_another_size_is_not_reached(size: int) -> None:
    log = log_of(300)

    with pytest.raises(LedgerError):
        read_all(log.files(), 300, Checkpoint(ORIGIN, size, log.checkpoint().root))


def test_an_empty_tree_has_the_empty_root() -> None:
    assert read_all({}, 0, Checkpoint(ORIGIN, 0, EMPTY_ROOT)) == []
    with pytest.raises(NotProven):
        read_all({}, 0, Checkpoint(ORIGIN, 0, bytes(32)))


@pytest.mark.parametrize("size", SIZES)
def test_a_tree_begins_with_each_of_its_own_and_with_no_other(size: int) -> None:
    log = log_of(1000)
    tree = ProvenTree(log.checkpoint(), Served(log.files()).read)
    mine, other = log.checkpoint(size), log_of(1000, "other").checkpoint(size)

    assert tree.begins_with(mine)
    assert tree.begins_with(other) == (size == 0)


def test_a_tree_does_not_begin_with_a_larger_one() -> None:
    tree = ProvenTree(log_of(300).checkpoint(), Served(log_of(300).files()).read)

    with pytest.raises(NotProven):
        tree.check_begins_with(log_of(1000).checkpoint(301))


def test_the_first_place_that_has_a_piece_gives_it() -> None:
    log = log_of(300)
    here, there = (
        Served({"tile/0/000": log.files()["tile/0/000"], "tile/entries/000": b"junk"}),
        Served(log.files()),
    )
    brought: dict[str, bytes] = {}
    tree = ProvenTree(log.checkpoint(), here.read, there.read)
    tree.keep_in(brought.__setitem__)

    entries = tree.bundle(0)

    assert entries == list(log.entries[:256])
    assert sorted(brought) == ["tile/0/001.p/44", "tile/1/000.p/1", "tile/entries/000"]
    assert "tile/0/000" not in there.asked
