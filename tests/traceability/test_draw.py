"""Lots drawn from a seed: the same for everybody, fair to each, and in the vectors that others may use."""

import json
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ledger.checkpoint import Checkpoint
from traceability.draw import Numbers, commitment_of, draw, pool_of, seed_of
from traceability.events.credit import DrawAnnounced, Drawn, PoolGroup

VECTORS = json.loads((Path(__file__).parents[2] / "data" / "vectors" / "draw.json").read_text("utf-8"))
SEED = bytes(range(32))


def announced(count: int = 2, each: int = 1, weight: int = 8) -> DrawAnnounced:
    return DrawAnnounced(
        at=datetime(2026, 9, 1, tzinfo=UTC),
        division="220182",
        roles=("cooperative", "processor"),
        pool=(PoolGroup("A", 1, ("heitu", "xinfeng")), PoolGroup("D", weight, ("mifang",))),
        inspectors=("E01", "E02", "E03"),
        count=count,
        each=each,
        seed_size=100,
    )


@pytest.mark.parametrize("vector", VECTORS["draws"], ids=lambda vector: vector["name"])
def test_a_draw_is_that_of_the_vectors(vector: dict[str, object]) -> None:
    told = vector["announced"]
    assert isinstance(told, dict)
    pool = tuple(PoolGroup(each["grade"], each["weight"], tuple(each["parties"])) for each in told["pool"])
    event = DrawAnnounced(
        at=datetime(2026, 9, 1, tzinfo=UTC),
        division="220182",
        roles=("cooperative",),
        pool=pool,
        inspectors=tuple(told["inspectors"]),
        count=told["count"],
        each=told["each"],
        seed_size=int(str(vector["size"])),
    )
    checkpoint = Checkpoint(
        str(vector["origin"]), int(str(vector["size"])), bytes.fromhex(str(vector["root"]))
    )
    word = vector.get("word")

    seed = seed_of(checkpoint, str(vector["announcement"]), None if word is None else str(word))

    assert seed.hex() == vector["seed"]
    assert [[each.party, list(each.inspectors)] for each in draw(seed, event)] == vector["drawn"]


@pytest.mark.parametrize("vector", VECTORS["numbers"], ids=lambda vector: str(vector["bound"]))
def test_numbers_are_those_of_the_vectors(vector: dict[str, object]) -> None:
    numbers, bound = Numbers(bytes.fromhex(str(vector["seed"]))), int(str(vector["bound"]))
    wanted = vector["numbers"]
    assert isinstance(wanted, list)

    found = [numbers.below(bound) for _ in wanted]

    assert found == wanted


def test_nobody_is_drawn_twice() -> None:
    drawn = draw(SEED, announced(count=3, each=3))

    assert sorted(each.party for each in drawn) == ["heitu", "mifang", "xinfeng"]
    assert {each.inspectors for each in drawn} == {("E01", "E02", "E03")}


def test_another_size_root_announcement_or_word_is_another_seed() -> None:
    checkpoint = Checkpoint("a.example/log", 100, bytes(32))
    others = [
        seed_of(Checkpoint("a.example/log", 101, bytes(32)), "ab"),
        seed_of(Checkpoint("a.example/log", 100, b"\1" * 32), "ab"),
        seed_of(Checkpoint("b.example/log", 100, bytes(32)), "ab"),
        seed_of(checkpoint, "ac"),
        seed_of(checkpoint, "ab", "word"),
    ]

    seeds = {seed_of(checkpoint, "ab"), *others}

    assert len(seeds) == 6


def test_who_has_eight_lots_is_first_eight_times_in_ten() -> None:
    first = Counter(draw(seed.to_bytes(32), announced(count=1))[0] for seed in range(2000))
    by_party: Counter[str] = Counter()
    for each, count in first.items():
        by_party[each.party] += count

    assert 1540 < by_party["mifang"] < 1660
    assert 150 < by_party["heitu"] < 250
    assert 150 < by_party["xinfeng"] < 250


def test_a_word_beyond_the_last_whole_multiple_is_skipped() -> None:
    # Of 2^64 words, a bound of 2^63 + 1 leaves out almost half: the naive remainder would not.
    bound = (1 << 63) + 1
    numbers = Numbers(SEED)

    found = [numbers.below(bound) for _ in range(50)]

    assert max(found) < bound
    assert len(set(found)) == 50


def test_a_pool_is_sorted_by_grade_and_party() -> None:
    pool = pool_of([("xinfeng", "B"), ("heitu", "A"), ("anda", "B")], {"A": 1, "B": 2})

    assert pool == (PoolGroup("A", 1, ("heitu",)), PoolGroup("B", 2, ("anda", "xinfeng")))


def test_the_word_is_not_told_by_its_commitment() -> None:
    assert commitment_of("三更灯火") != commitment_of("三更灯火 ")
    assert len(commitment_of("三更灯火")) == 64


def test_a_drawn_party_has_its_inspectors_sorted() -> None:
    assert all(
        each == Drawn(each.party, tuple(sorted(each.inspectors))) for each in draw(SEED, announced(3, 2))
    )
