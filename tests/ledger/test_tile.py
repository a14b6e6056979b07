"""A tree can be cut into tiles, found by their paths, and proven from them alone."""

from collections.abc import Callable
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import Malformed, NotProven
from ledger.merkle import (
    Hash,
    check_consistency,
    check_inclusion,
    leaf_hash,
    prove_consistency,
    prove_inclusion,
    root_of,
)
from ledger.tile import (
    FULL,
    LONGEST_ENTRY,
    Bundle,
    Tile,
    bundles_of,
    format_bundle,
    node_reader,
    parse_bundle,
    parse_tile,
    remembering,
    tiles_of,
)
from tests.verdicts import is_proven

SIZES = [1, 255, 256, 257, 300, 511, 512, 65_536, 65_537, 70_000]
EDGES = {
    0,
    1,
    255,
    256,
    257,
    287,
    288,
    295,
    296,
    299,
    511,
    65_279,
    65_280,
    65_535,
    65_536,
    69_887,
    69_888,
    69_999,
}


@cache
def leaves(size: int) -> list[Hash]:
    return [leaf_hash(str(index).encode()) for index in range(size)]


def edges(size: int) -> list[int]:
    return sorted(index for index in EDGES | {size - 1} if index < size)


@cache
def rows(size: int) -> list[list[Hash]]:
    """All hashes of each tile level, by the definition: level n holds the roots of 256^n leaves each."""
    found = [leaves(size)]
    while len(found[-1]) >= FULL:
        below = found[-1]
        found.append([root_of(below[at : at + FULL]) for at in range(0, len(below) // FULL * FULL, FULL)])
    return found


def tiles(size: int) -> Callable[[Tile], bytes]:
    """A store that holds exactly the tiles of the tree of *size*."""
    served = set(tiles_of(size))

    def read_tile(tile: Tile) -> bytes:
        assert tile in served
        start = tile.index * FULL
        return b"".join(rows(size)[tile.level][start : start + tile.width])

    return read_tile


@pytest.mark.parametrize(
    ("tile", "path"),
    [
        (Tile(0, 0), "tile/0/000"),
        (Tile(0, 999), "tile/0/999"),
        (Tile(0, 1000), "tile/0/x001/000"),
        (Tile(63, 1_234_067, 1), "tile/63/x001/x234/067.p/1"),
        (Tile(2, 0, 255), "tile/2/000.p/255"),
        (Tile(0, 2**63 - 1), "tile/0/x009/x223/x372/x036/x854/x775/807"),
    ],
)
def test_a_tile_has_one_path(tile: Tile, path: str) -> None:
    assert (tile.path(), Tile.parse(path)) == (path, tile)


@pytest.mark.parametrize(
    ("bundle", "path"),
    [
        (Bundle(0), "tile/entries/000"),
        (Bundle(1000, 7), "tile/entries/x001/000.p/7"),
        (Bundle(1_234_067, 255), "tile/entries/x001/x234/067.p/255"),
    ],
)
def test_a_bundle_has_one_path(bundle: Bundle, path: str) -> None:
    assert (bundle.path(), Bundle.parse(path)) == (path, bundle)


@given(st.integers(0, 63), st.integers(0, 2**63 - 1), st.integers(1, FULL))
def test_every_path_can_be_read_again(level: int, index: int, width: int) -> None:
    tile, bundle = Tile(level, index, width), Bundle(index, width)

    assert (Tile.parse(tile.path()), Bundle.parse(bundle.path())) == (tile, bundle)


NUMBERS = [
    "",
    "0",
    "00",
    "0000",
    "x000/001",
    "x001",
    "x1/000",
    "001/000",
    "x001/x000",
    "x001/1000",
    "X001/000",
    "000/",
    "/000",
    "000.p/0",
    "000.p/256",
    "000.p/257",
    "000.p/07",
    "000.p/",
    "000.p/+7",
    "000.p",
    "000.p/7/",
    "-01",
    "００１",
    "000\n",
    "000.p/7\n",
    "x009/x223/x372/x036/x854/x775/808",
    "x999/" * 30 + "000",
    "../000",
    "000?",
]


@pytest.mark.parametrize("number", NUMBERS)
def test_other_spellings_of_a_number_are_refused(number: str) -> None:
    with pytest.raises(Malformed):
        Tile.parse(f"tile/0/{number}")
    with pytest.raises(Malformed):
        Bundle.parse(f"tile/entries/{number}")


@pytest.mark.parametrize(
    "path",
    [
        "tile/64/000",
        "tile/00/000",
        "tile/-1/000",
        "tile/+1/000",
        "tile//000",
        "tile/0",
        "/tile/0/000",
        "tiles/0/000",
    ],
)
def test_other_spellings_of_a_level_are_refused(path: str) -> None:
    with pytest.raises(Malformed):
        Tile.parse(path)


@pytest.mark.parametrize(
    "path", ["", "000", "entries/000", "tile/entries", "tile/0/000", "/tile/entries/000"]
)
def test_other_addresses_are_none_of_a_bundle(path: str) -> None:
    with pytest.raises(Malformed):
        Bundle.parse(path)


@pytest.mark.parametrize(
    ("level", "index", "width"), [(-1, 0, 1), (64, 0, 1), (0, -1, 1), (0, 2**63, 1), (0, 0, 0), (0, 0, 257)]
)
def test_a_tile_outside_the_specification_is_refused(level: int, index: int, width: int) -> None:
    with pytest.raises(Malformed):
        Tile(level, index, width)


def test_a_tree_of_256_has_a_full_tile_and_its_root_above() -> None:
    assert [tile.path() for tile in tiles_of(256)] == ["tile/0/000", "tile/1/000.p/1"]


def test_a_tree_of_70_000_has_the_tiles_that_the_specification_counts() -> None:
    expected = [Tile(0, index) for index in range(273)] + [Tile(0, 273, 112)]
    expected += [Tile(1, 0), Tile(1, 1, 17), Tile(2, 0, 1)]

    assert list(tiles_of(70_000)) == expected
    assert list(bundles_of(70_000)) == [Bundle(index) for index in range(273)] + [Bundle(273, 112)]


def test_a_tree_without_entries_has_no_tile() -> None:
    assert (list(tiles_of(0)), list(bundles_of(0))) == ([], [])


@pytest.mark.parametrize("size", SIZES)
def test_entries_are_proven_from_tiles_alone(size: int) -> None:
    root = root_of(leaves(size))
    for index in edges(size):
        proof = prove_inclusion(node_reader(tiles(size), size), index=index, size=size)

        assert is_proven(check_inclusion, proof, size=size, root=root, index=index, leaf=leaves(size)[index])


@pytest.mark.parametrize("size", SIZES)
def test_growth_is_proven_from_tiles_alone(size: int) -> None:
    root = root_of(leaves(size))
    for old in {index + 1 for index in edges(size)}:
        proof = prove_consistency(node_reader(tiles(size), size), old=old, size=size)

        old_root = root_of(leaves(size)[:old])
        assert is_proven(check_consistency, proof, old=old, old_root=old_root, size=size, root=root)


def test_tiles_of_a_larger_tree_prove_a_smaller_one() -> None:
    # Partial tiles may be gone once the full one stands; a reader at the larger size needs none of them.
    proof = prove_inclusion(node_reader(tiles(70_000), 70_000), index=7, size=300)

    root, leaf = root_of(leaves(300)), leaves(300)[7]
    assert is_proven(check_inclusion, proof, size=300, root=root, index=7, leaf=leaf)


@pytest.mark.parametrize(("level", "index"), [(0, 300), (0, -1), (-1, 0), (8, 1), (9, 0), (200, 0)])
def test_a_node_outside_the_tree_is_not_read(level: int, index: int) -> None:
    read = node_reader(tiles(300), 300)

    with pytest.raises(NotProven):
        read(level, index)


@pytest.mark.parametrize(
    ("size", "index"), [(300, 256), (300, 288), (300, 299), (70_000, 69_888), (70_000, 69_999)]
)
def test_an_entry_forged_together_with_its_hash_is_not_proven(size: int, index: int) -> None:
    forged = leaf_hash(b"forged")

    def read_tile(tile: Tile) -> bytes:
        return tiles(size)(tile).replace(leaves(size)[index], forged)

    proof = prove_inclusion(node_reader(read_tile, size), index=index, size=size)

    with pytest.raises(NotProven):
        check_inclusion(proof, size=size, root=root_of(leaves(size)), index=index, leaf=forged)


@pytest.mark.parametrize("index", [0, 255, 256, 511])
def test_a_tile_swapped_with_its_neighbour_proves_nothing(index: int) -> None:
    def read_tile(tile: Tile) -> bytes:
        return tiles(512)(Tile(0, tile.index ^ 1) if tile.level == 0 else tile)

    proof = prove_inclusion(node_reader(read_tile, 512), index=index, size=512)

    for leaf in (leaves(512)[index], leaves(512)[index ^ FULL]):
        with pytest.raises(NotProven):
            check_inclusion(proof, size=512, root=root_of(leaves(512)), index=index, leaf=leaf)


@pytest.mark.parametrize(
    ("length", "accepted"), [(44 * 32, True), (45 * 32, False), (43 * 32, False), (44 * 32 + 1, False)]
)
def test_a_tile_has_the_width_that_it_is_asked_for(*, length: int, accepted: bool) -> None:
    try:
        found = len(parse_tile(bytes(length), 44))
    except Malformed:
        found = 0

    assert found == (44 if accepted else 0)


def test_a_partial_tile_longer_than_its_width_is_refused() -> None:
    read = node_reader(lambda tile: tiles(300)(tile) + bytes(32), 300)

    with pytest.raises(Malformed):
        prove_inclusion(read, index=299, size=300)


@given(st.lists(st.binary(max_size=40), max_size=FULL))
def test_a_bundle_is_read_as_it_was_written(entries: list[bytes]) -> None:
    joined = format_bundle(entries)

    assert parse_bundle(joined, len(entries)) == entries


def test_a_bundle_is_lengths_and_entries() -> None:
    assert format_bundle([b"", b"rice", bytes(258)]) == b"\0\0\0\x04rice\x01\x02" + bytes(258)


@pytest.mark.parametrize(
    "joined",
    [
        b"",
        b"\0",
        b"\0\x02ab",
        b"\0\x02ab\0\x03cd",
        b"\0\x02ab\0\x02cd\0",
        b"\0\x02ab\0\x02cd\0\0",
        b"\0\x02ab\0",
        b"\xff\xffab\0\x02cd",
    ],
)
def test_a_bundle_with_bytes_missing_or_left_over_is_refused(joined: bytes) -> None:
    assert parse_bundle(b"\0\x02ab\0\x02cd", 2) == [b"ab", b"cd"]
    with pytest.raises(Malformed):
        parse_bundle(joined, 2)


def test_an_entry_has_at_most_65_535_bytes() -> None:
    longest = bytes(LONGEST_ENTRY)

    assert parse_bundle(format_bundle([longest]), 1) == [longest]
    with pytest.raises(Malformed):
        format_bundle([longest + b"x"])


def test_a_node_is_asked_for_once() -> None:
    asked: list[tuple[int, int]] = []

    def read(level: int, index: int) -> bytes:
        asked.append((level, index))
        return bytes([level, index])

    known = remembering(read, {})

    answers = [known(3, 7), known(3, 7), known(4, 7)]

    assert (answers, asked) == ([b"\x03\x07", b"\x03\x07", b"\x04\x07"], [(3, 7), (4, 7)])


def test_what_is_remembered_stays_small() -> None:
    nodes: dict[tuple[int, int], bytes] = {}
    known = remembering(lambda _level, index: index.to_bytes(3), nodes)
    most = 0

    for index in range(2**16 + 5):
        known(0, index)
        most = max(most, len(nodes))

    assert (most, len(nodes)) == (2**16, 5)
