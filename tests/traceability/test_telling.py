"""Tracing reads what still stands in the log; places are told as long as somebody may know them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import world
from tests.world import PADDY_LOT, PLOT, RICE_LOT, World
from traceability.telling import occurrences


@pytest.fixture
def made(tmp_path: Path) -> Iterator[World]:
    with world.opened(tmp_path) as opened:
        opened.whole_chain()
        yield opened


def told(made: World) -> list[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    """Return kind, lots and destinations of each occurrence."""
    with made.services.reading() as reader:
        return [
            (
                each.kind,
                tuple(item.uri for item in (*each.inputs, *each.outputs, *each.objects)),
                each.destinations,
            )
            for each in occurrences(reader)
        ]


def test_what_happened_to_goods_is_told_in_the_order_of_the_log(made: World) -> None:
    found = told(made)

    assert [(kind, lots) for kind, lots, _ in found if kind in {"birth", "transformation"}] == [
        ("birth", (PADDY_LOT,)),
        ("transformation", (PADDY_LOT, RICE_LOT, "/lot/mifang/bran/B-1")),
    ]


def test_a_destination_is_opened(made: World) -> None:
    assert {places for _, _, places in told(made) if places} == {("虚构仓库",)}


@pytest.mark.parametrize("done", ["hidden", "erased"])
def test_a_destination_that_was_hidden_or_erased_is_left_out(made: World, done: str) -> None:
    shipment = made.statement_of("shipped").digest
    before = len(told(made))
    made.say("heitu", "erased", target=shipment, fields=["/destination", "/to"], done=done, cause="order")

    after = told(made)

    assert {places for _, _, places in after} == {()}
    assert len(after) == before


def test_what_was_withdrawn_happened_to_nobody(made: World) -> None:
    before = told(made)
    extra = made.say(
        "heitu",
        "harvested",
        lot="/lot/heitu/paddy/26-B",
        product="paddy",
        amount={"kg": "10"},
        plots=[{"plot": PLOT, "amount": {"kg": "10"}}],
    )
    between = told(made)

    made.say("heitu", "corrected", target=extra.digest, reason="did-not-occur")

    assert len(between) == len(before) + 1
    assert told(made) == before
