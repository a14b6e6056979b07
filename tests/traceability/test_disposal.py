"""Recalled goods that are destroyed are off the stock of whoever had them, as far as anybody says so."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests import world
from tests.world import RICE_LOT, World
from traceability import goods, recall_clocks, tables
from traceability.errors import Refused
from traceability.reading import stored_entry
from traceability.replay import difference, rebuild, scratch_engine

FULL = Decimal(3300)


@pytest.fixture
def told(tmp_path: Path) -> Iterator[World]:
    with world.opened(tmp_path) as opened:
        opened.whole_chain()
        opened.hand_over(RICE_LOT, "300", by="mifang", to="chaoshi")
        yield opened


@pytest.fixture
def recall(told: World) -> str:
    digest = told.say("mifang", "recalled", lot=RICE_LOT, level=2, cause="other").digest
    told.say("mifang", "recall-started", recall=digest)
    return digest


def stock(told: World) -> dict[str, Decimal]:
    with told.services.reading() as reader:
        known = goods.known_lot(reader.connection, RICE_LOT)
    assert known is not None
    return {party: amount for party, amount in known.stock.items() if amount}


def dispose(told: World, by: str, recall: str, amount: str, from_stock: str = "", **more: Any) -> str:
    given = {"recall": recall, "lot": RICE_LOT, "amount": {"kg": amount}, "disposal": "destroyed", **more}
    booked = {"from_stock": {"kg": from_stock}} if from_stock else {}
    return told.say(by, "recall-disposed", **given, **booked).digest


def test_what_is_told_to_have_lain_there_is_off_the_stock_of_that_party_alone(
    told: World, recall: str
) -> None:
    told.say("mifang", "recall-recovered", recall=recall, lot=RICE_LOT, amount={"kg": "100"})
    dispose(told, "chaoshi", recall, "300", "300")
    dispose(told, "mifang", recall, "500", "400")

    found = stock(told)
    with told.services.reading() as reader:
        begun = recall_clocks.recall(reader.connection, recall)
        assert begun is not None
        (line,) = recall_clocks.progress(reader.connection, begun)

    assert found == {"mifang": FULL - 300 - 400}
    assert (line.disposed, line.recovered) == (Decimal(800), Decimal(100))
    assert line.held == (("mifang", FULL - 700),)


def test_who_does_not_tell_keeps_its_stock_and_recovered_goods_move_none(told: World, recall: str) -> None:
    told.say("mifang", "recall-recovered", recall=recall, lot=RICE_LOT, amount={"kg": "100"})
    dispose(told, "mifang", recall, "100")

    assert stock(told) == {"mifang": FULL - 300, "chaoshi": Decimal(300)}


def test_a_disposal_that_is_void_gives_the_stock_back(told: World, recall: str) -> None:
    digest = dispose(told, "chaoshi", recall, "300", "200")
    told.say("chaoshi", "corrected", target=digest, reason="did-not-occur", note="手误")

    assert stock(told) == {"mifang": FULL - 300, "chaoshi": Decimal(300)}


@pytest.mark.parametrize(("kg", "rules"), [("100", []), ("100.001", ["mass-balance"])])
def test_the_rest_is_all_that_can_still_be_destroyed(
    told: World, recall: str, kg: str, rules: list[str]
) -> None:
    dispose(told, "chaoshi", recall, "200", "200")
    found: list[str] = []

    try:
        dispose(told, "chaoshi", recall, kg, kg)
    except Refused as refused:
        found = [each.rule for each in refused.breaches if each.rule == "mass-balance"]

    assert found == rules


def test_a_receipt_is_not_withdrawn_once_its_goods_are_destroyed(told: World, recall: str) -> None:
    with told.services.reading() as reader:
        arrived = tables.standing(tables.stock, tables.stock.c.why == "received")
        received = reader.statement(max(row.entry for row in reader.connection.execute(arrived)))
    dispose(told, "chaoshi", recall, "300", "300")

    with pytest.raises(Refused):
        told.say("chaoshi", "corrected", target=received.digest, reason="did-not-occur", note="手误")

    assert stock(told) == {"mifang": FULL - 300}


def test_the_entries_give_every_row_again(told: World, recall: str) -> None:
    told.say("mifang", "recall-recovered", recall=recall, lot=RICE_LOT, amount={"kg": "100"})
    undone = dispose(told, "chaoshi", recall, "300", "200")
    dispose(told, "mifang", recall, "500", "400")
    told.say("chaoshi", "corrected", target=undone, reason="did-not-occur", note="手误")
    engine = scratch_engine()
    entries = [each.entry for each in told.services.log.entries(0, told.services.log.size())]

    with engine.connect() as again, told.services.reading() as reader:
        rebuild(again, entries, lambda _, index: stored_entry(reader.connection, index))
        found = [difference(reader.connection, again, table) for table in tables.metadata.sorted_tables]

    engine.dispose()
    assert [each for each in found if each is not None] == []
