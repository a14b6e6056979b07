"""Every entry of every small tree is proven, and no bent proof is."""

import json
from base64 import b64decode
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.errors import LedgerError, Malformed, NotProven
from ledger.merkle import (
    EMPTY_ROOT,
    Frontier,
    Hash,
    check_consistency,
    check_inclusion,
    leaf_hash,
    node_hash,
    prove_consistency,
    prove_inclusion,
    root_of,
)
from tests.verdicts import is_proven

VECTORS = Path(__file__).resolve().parents[2] / "data" / "vectors" / "ledger"
MOST = 300
LEAVES = [leaf_hash(str(index).encode()) for index in range(MOST)]


@cache
def mth(start: int, end: int) -> Hash:
    """The definition of RFC 6962 section 2.1, word by word."""
    if start == end:
        return sha256(b"").digest()
    if end - start == 1:
        return LEAVES[start]
    split = 1
    while split * 2 < end - start:
        split *= 2
    return sha256(b"\x01" + mth(start, start + split) + mth(start + split, end)).digest()


def read(level: int, index: int) -> Hash:
    return mth(index << level, (index + 1) << level)


def vectors(name: str) -> list[Any]:
    cases: list[Any] = json.loads((VECTORS / name).read_text(encoding="utf-8"))["cases"]
    return cases


def hashes(texts: list[str]) -> list[Hash]:
    return [b64decode(text) for text in texts]


def flipped(value: Hash) -> Hash:
    return bytes([value[0] ^ 1]) + value[1:]


def bent_ones(proof: tuple[Hash, ...]) -> list[tuple[Hash, ...]]:
    """Each step flipped, each step missing, a spare one before, after, and the order reversed."""
    flips = [(*proof[:step], flipped(honest), *proof[step + 1 :]) for step, honest in enumerate(proof)]
    gaps = [proof[:step] + proof[step + 1 :] for step in range(len(proof))]
    spare = [(EMPTY_ROOT, *proof), (*proof, EMPTY_ROOT)]
    turned = [proof[::-1]] if proof[::-1] != proof else []
    return flips + gaps + spare + turned


@pytest.mark.parametrize("case", vectors("roots.json"), ids=lambda case: len(case["entries"]))
def test_the_shared_trees_have_their_known_roots(case: Any) -> None:
    leaves = [leaf_hash(b64decode(entry)) for entry in case["entries"]]

    root = root_of(leaves)

    assert root == b64decode(case["root"])


def test_leaves_and_nodes_are_hashed_apart() -> None:
    left, right = LEAVES[:2]

    assert leaf_hash(left + right) != node_hash(left, right)


def test_every_tree_has_the_root_of_the_definition_however_it_is_hashed() -> None:
    frontier = Frontier.empty()
    for size in range(MOST + 1):
        expected = mth(0, size)

        assert (root_of(LEAVES[:size]), frontier.root()) == (expected, expected)
        assert Frontier.read(read, size) == frontier
        assert Frontier.from_bytes(size, frontier.to_bytes()) == frontier
        if size < MOST:
            frontier = frontier.appended(LEAVES[size])


@pytest.mark.parametrize(("size", "nodes"), [(1, 0), (0, 1), (3, 1), (4, 2), (-1, 1)])
def test_a_frontier_must_have_a_node_for_each_bit_of_its_size(size: int, nodes: int) -> None:
    with pytest.raises(Malformed):
        Frontier.from_bytes(size, EMPTY_ROOT * nodes)


@pytest.mark.parametrize("length", [31, 33, 63])
def test_a_frontier_must_be_made_of_whole_hashes(length: int) -> None:
    with pytest.raises(Malformed):
        Frontier.from_bytes(1, bytes(length))


def test_every_entry_of_every_small_tree_is_proven() -> None:
    for size in range(1, 70):
        for index in range(size):
            proof = prove_inclusion(read, index=index, size=size)

            assert is_proven(
                check_inclusion, proof, size=size, root=mth(0, size), index=index, leaf=LEAVES[index]
            )


def test_every_small_tree_is_proven_to_begin_with_every_smaller_one() -> None:
    for size in range(1, 70):
        for old in range(1, size + 1):
            proof = prove_consistency(read, old=old, size=size)

            assert is_proven(
                check_consistency, proof, old=old, old_root=mth(0, old), size=size, root=mth(0, size)
            )


@settings(max_examples=150, deadline=None)
@given(size=st.integers(1, MOST), chosen=st.integers(0, MOST - 1))
def test_an_entry_is_proven_and_no_bent_proof_of_it_is(size: int, chosen: int) -> None:
    index = chosen % size
    leaf, root = LEAVES[index], mth(0, size)

    proof = prove_inclusion(read, index=index, size=size)

    check_inclusion(proof, size=size, root=root, index=index, leaf=leaf)
    for bent in bent_ones(proof):
        with pytest.raises(NotProven):
            check_inclusion(bent, size=size, root=root, index=index, leaf=leaf)
    for elsewhere in {0, index - 1, index + 1, index ^ 1, size - 1, size, size + 1, -1} - {index}:
        with pytest.raises(NotProven):
            check_inclusion(proof, size=size, root=root, index=elsewhere, leaf=leaf)
    with pytest.raises(NotProven):
        check_inclusion(proof, size=size, root=root, index=index, leaf=flipped(leaf))
    with pytest.raises(NotProven):
        check_inclusion(proof, size=size, root=flipped(root), index=index, leaf=leaf)


@settings(max_examples=150, deadline=None)
@given(size=st.integers(2, MOST), chosen=st.integers(0, MOST - 1))
def test_growth_is_proven_and_no_bent_proof_of_it_is(size: int, chosen: int) -> None:
    old = chosen % (size - 1) + 1
    old_root, root = mth(0, old), mth(0, size)

    proof = prove_consistency(read, old=old, size=size)

    check_consistency(proof, old=old, old_root=old_root, size=size, root=root)
    for bent in bent_ones(proof):
        with pytest.raises(NotProven):
            check_consistency(bent, old=old, old_root=old_root, size=size, root=root)
    for first, second in ((flipped(old_root), root), (old_root, flipped(root)), (root, old_root)):
        with pytest.raises(NotProven):
            check_consistency(proof, old=old, old_root=first, size=size, root=second)
    with pytest.raises(NotProven):
        check_consistency(proof, old=size, old_root=root, size=old, root=old_root)


@pytest.mark.parametrize(
    ("size", "index", "proven"), [(1, 0, True), (0, 0, False), (5, 4, True), (5, 5, False), (5, -1, False)]
)
def test_only_entries_of_the_tree_can_be_proven(*, size: int, index: int, proven: bool) -> None:
    try:
        prove_inclusion(read, index=index, size=size)
    except NotProven:
        found = False
    else:
        found = True

    assert found is proven


@pytest.mark.parametrize(("old", "size"), [(0, 0), (0, 5), (6, 5), (-1, 5)])
def test_growth_leads_from_a_tree_with_entries_to_one_no_smaller(old: int, size: int) -> None:
    with pytest.raises(NotProven):
        prove_consistency(read, old=old, size=size)
    with pytest.raises(NotProven):
        check_consistency([], old=old, old_root=EMPTY_ROOT, size=size, root=EMPTY_ROOT)


@pytest.mark.parametrize(
    ("proof", "root", "proven"),
    [((), mth(0, 5), True), ((), flipped(mth(0, 5)), False), ((EMPTY_ROOT,), mth(0, 5), False)],
)
def test_two_roots_of_one_size_are_a_fork(*, proof: tuple[Hash, ...], root: Hash, proven: bool) -> None:
    found = is_proven(check_consistency, proof, old=5, old_root=mth(0, 5), size=5, root=root)

    assert found is proven


@pytest.mark.parametrize("length", [0, 31, 33])
def test_every_hash_of_a_proof_is_32_bytes(length: int) -> None:
    odd = bytes(length)

    with pytest.raises(NotProven):
        check_inclusion([odd], size=2, root=mth(0, 2), index=0, leaf=LEAVES[0])
    with pytest.raises(NotProven):
        check_inclusion([], size=1, root=odd, index=0, leaf=odd)
    with pytest.raises(NotProven):
        check_consistency([odd], old=1, old_root=mth(0, 1), size=2, root=mth(0, 2))


@pytest.mark.parametrize("case", vectors("inclusion.json"), ids=lambda case: case["about"])
def test_the_shared_inclusion_proofs_get_their_verdict(case: Any) -> None:
    try:
        check_inclusion(
            hashes(case["proof"]),
            size=case["size"],
            root=b64decode(case["root"]),
            index=case["index"],
            leaf=b64decode(case["leaf"]),
        )
    except LedgerError:
        proven = False
    else:
        proven = True

    assert proven is case["proven"]


@pytest.mark.parametrize("case", vectors("consistency.json"), ids=lambda case: case["about"])
def test_the_shared_consistency_proofs_get_their_verdict(case: Any) -> None:
    try:
        check_consistency(
            hashes(case["proof"]),
            old=case["old"],
            old_root=b64decode(case["oldRoot"]),
            size=case["size"],
            root=b64decode(case["root"]),
        )
    except LedgerError:
        proven = False
    else:
        proven = True

    assert proven is case["proven"]


@given(st.lists(st.integers(0, 40), max_size=6), st.integers(1, 4))
def test_a_frontier_grows_by_many_leaves_as_by_one_after_another(counts: list[int], height: int) -> None:
    frontier = one_by_one = Frontier.empty()
    leaves: list[bytes] = []
    for count in counts:
        more = [leaf_hash(b"%d" % number) for number in range(len(leaves), len(leaves) + count)]
        complete = range(len(leaves) >> height, len(leaves) + count >> height)
        leaves += more
        for leaf in more:
            one_by_one = one_by_one.appended(leaf)

        frontier, roots = frontier.grown(more, height=height)

        assert frontier == one_by_one
        assert roots == [root_of(leaves[index << height : index + 1 << height]) for index in complete]
