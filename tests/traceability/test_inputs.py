"""What is bought, used and left, in a real instance."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests import world
from tests.world import PLOT, World
from traceability import input_stock
from traceability.errors import Refused
from traceability.past.inputs import Account

CODE = "1" + "190153" + "1" + "011" + "5" + "0" * 15 + "12345"


@pytest.fixture
def made(tmp_path: Path) -> Iterator[World]:
    with world.opened(tmp_path) as found:
        found.at("2026-07-01T08:00:00+08:00")
        yield found


def buys(made: World, amount: str = "2", unit: str = "kg", **told: Any) -> Any:
    fields = {"name": "虚构牌吡虫啉", "category": "pesticide", **told}
    return made.say("heitu", "input-bought", amount=amount, unit=unit, **fields)


def sprays(made: World, amount: str = "500", unit: str = "g", **told: Any) -> Any:
    fields = {"name": "虚构牌吡虫啉", "substances": ["吡虫啉"], "interval_days": 14, "plot": PLOT, **told}
    return made.say("heitu", "treated", amount=amount, unit=unit, **fields)


def account(made: World) -> Account:
    with made.services.reading() as reader:
        return input_stock.account(reader.connection, "heitu", "虚构牌吡虫啉", "kg")


def flags(recorded: Any) -> list[str]:
    return [flag["rule"] for flag in recorded.flags]


def test_what_is_left_is_what_was_bought_without_what_was_used(made: World) -> None:
    buys(made)
    sprays(made)
    sprays(made, "300")

    assert account(made) == Account("kg", bought=Decimal(2), used=Decimal("0.8"))


def test_the_last_gram_is_there_and_the_next_warns(made: World) -> None:
    buys(made, "500", "g")

    last, next_one = sprays(made, "0.5", "kg"), sprays(made, "0.001", "g")

    assert (flags(last), flags(next_one)) == ([], ["input-not-bought"])


def test_what_was_there_before_is_told_once(made: World) -> None:
    told = {"name": "虚构牌吡虫啉", "category": "pesticide", "unit": "g"}
    made.say("heitu", "input-adjusted", change="700", why="had-before", **told)
    made.say("heitu", "input-adjusted", change="-200", why="spilt", **told)

    assert (flags(sprays(made)), account(made).on_hand) == ([], Decimal(0))


def test_a_purchase_that_is_void_was_never_on_the_shelf(made: World) -> None:
    bought = buys(made)
    made.say("heitu", "corrected", target=bought.digest, reason="did-not-occur")

    assert (account(made), flags(sprays(made))) == (Account("kg"), ["input-not-bought"])


def test_a_use_that_is_put_right_counts_as_it_is_now(made: World) -> None:
    buys(made, "500", "g")
    used = sprays(made)
    spray = {"plot": PLOT, "name": "虚构牌吡虫啉", "substances": ["吡虫啉"], "interval_days": 14, "unit": "g"}
    at = made.clock.now.isoformat()

    right = made.say(
        "heitu",
        "corrected",
        target=used.digest,
        reason="incorrect",
        replacement={"kind": "treated", "at": at, "amount": "450", **spray},
    )

    assert (flags(right), account(made).used) == ([], Decimal("0.45"))


def test_more_than_the_label_of_the_purchase_allows_is_refused(made: World) -> None:
    buys(made, dose_most="20", dose_unit="克/亩")
    sprays(made, dose="20", dose_unit="克/亩")

    with pytest.raises(Refused) as refused:
        sprays(made, dose="20.1", dose_unit="克/亩")

    assert [breach.rule for breach in refused.value.breaches] == ["over-dose"]


def test_a_label_code_of_two_products_is_noticed(made: World) -> None:
    first = buys(made, label_code=CODE)
    second = made.say(
        "heitu",
        "input-bought",
        name="别的农药",
        category="pesticide",
        amount="1",
        unit="kg",
        label_code=CODE,
    )

    assert (flags(first), flags(second)) == ([], ["label-code-copied"])


def test_the_newest_label_is_told_so_that_nobody_types_it_twice(made: World) -> None:
    buys(made, substances=["吡虫啉"], registration="PD20190153", label_code=CODE, interval_days=14)

    with made.services.reading() as reader:
        by_name = input_stock.label_of(reader.connection, "heitu", "虚构牌吡虫啉")
        by_code = input_stock.label_under(reader.connection, "heitu", CODE)
        another = input_stock.label_under(reader.connection, "mifang", CODE)

    assert by_name is not None
    assert (by_name.substances, by_name.registration, by_name.interval_days) == (
        ("吡虫啉",),
        "PD20190153",
        14,
    )
    assert (by_code, another) == (by_name, None)


def test_a_harvest_waits_from_the_last_day_of_a_treatment(made: World) -> None:
    sprays(made, last_on="2026-07-03")
    made.at("2026-07-16T12:00:00+08:00")
    with pytest.raises(Refused) as refused:
        made.harvest()
    made.at("2026-07-17T12:00:00+08:00")
    made.harvest()

    assert [breach.rule for breach in refused.value.breaches] == ["pre-harvest-interval"]


def test_the_shelf_lists_each_product_once(made: World) -> None:
    buys(made)
    buys(made, "3", "瓶")
    sprays(made)
    made.say("heitu", "input-bought", name="尿素", category="fertiliser", amount="50", unit="kg")

    with made.services.reading() as reader:
        shelves = input_stock.shelves(reader.connection, "heitu")

    assert [(each.name, each.account.unit, each.account.on_hand) for each in shelves] == [
        ("尿素", "kg", Decimal(50)),
        ("虚构牌吡虫啉", "kg", Decimal("1.5")),
        ("虚构牌吡虫啉", "瓶", Decimal(3)),
    ]
