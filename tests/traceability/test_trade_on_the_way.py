"""Goods on their way and in a market, from the first statement to the rebuilt tables."""

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, select

from tests.world import PADDY_LOT, RICE_LOT, TOKEN, World, opened
from traceability.errors import Refused
from traceability.events.registry import PartyRegistered
from traceability.replay import rebuild, scratch_engine
from traceability.tables import moving as moving_tables
from traceability.tables import selling as selling_tables

WORD = "C4RR1AGEC4RR1AGEC4RR1AGEC4RR1AGE"
MARKET, CARRIER = "dashichang", "kuaiyun"
TABLES = (
    moving_tables.counterparty,
    moving_tables.keeping,
    moving_tables.journey,
    moving_tables.carriage,
    moving_tables.temperature,
    moving_tables.destination,
    moving_tables.difference,
    selling_tables.stall,
    selling_tables.stall_end,
    selling_tables.entry_check,
    selling_tables.spot_check,
    selling_tables.listing,
    selling_tables.listing_end,
    selling_tables.export,
)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with opened(tmp_path) as made:
        for party, role, division in ((MARKET, "market", "220102"), (CARRIER, "carrier", "220100")):
            made.services.register_party(
                PartyRegistered(at=made.clock(), party=party, role=role, division=division, name=party)  # type: ignore[arg-type]  # both are roles
            )
        made.at("2026-09-21T08:00:00+08:00")
        made.harvest()
        made.clock.pass_time(days=1)
        made.hand_over(PADDY_LOT, "5000", by="heitu", to="mifang")
        made.mill()
        yield made


def _ship(world: World, kg: str = "1000", **told: Any) -> str:
    parts = [{"lot": RICE_LOT, "amount": {"kg": kg}}]
    words = {"handover": TOKEN, "carriage": WORD}
    hashed = {name: sha256(word.encode()).hexdigest() for name, word in words.items()}
    return world.say("mifang", "shipped", parts=parts, to=MARKET, **hashed, **told).digest


def _log(world: World, by: str, shipment: str, *degrees: str) -> Any:
    world.clock.pass_time(hours=3)
    start = world.clock().replace(microsecond=0)
    world.clock.pass_time(hours=3)
    return world.say(
        by,
        "temperature-logged",
        form="chilled",
        lots=[RICE_LOT],
        shipment=shipment,
        start=start.isoformat(),
        step_seconds=600,
        readings=list(degrees),
    )


def _everything(world: World) -> None:
    world.say(
        "mifang",
        "counterparty-noted",
        counterparty="0" * 26,
        counterparty_kind="caterer",
        division="110000",
        name="虚构饭店",
    )
    world.say("mifang", "keeping-declared", product="rice", form="chilled", highest="15", shelf_life_days=365)
    shipment = _ship(world, receiver_kind="market", destination_division="220000")
    world.say(
        CARRIER, "carried", shipment=shipment, stage="taken-over", lots=[RICE_LOT], token=WORD, seal="S1"
    )
    _log(world, CARRIER, shipment, "12", "15")
    world.say(CARRIER, "carried", shipment=shipment, stage="delivered", seal_intact=True)
    world.say(MARKET, "stall-registered", stall="A12", vendor="chaoshi")
    world.say(
        MARKET,
        "entry-checked",
        stall="A12",
        lot=RICE_LOT,
        amount={"kg": "990"},
        presented="trace-code",
        certificate_state="not-required",
        decision="accepted",
    )
    difference = [{"lot": RICE_LOT, "how": "short", "amount": {"kg": "10"}}]
    parts = [{"lot": RICE_LOT, "amount": {"kg": "990"}}]
    world.say(MARKET, "received", shipment=shipment, token=TOKEN, parts=parts, differences=difference)
    world.say(MARKET, "spot-checked", stall="A12", sample="K1", item="水分", passed=True, lot=RICE_LOT)
    world.say("mifang", "online-listed", lot=RICE_LOT, listing="1" * 26, platform="虚构商城")
    world.say("mifang", "listing-ended", listing="1" * 26, end_cause="sold-out")
    world.say(
        "mifang", "export-declared", lot=RICE_LOT, amount={"kg": "100"}, country="JP", quarantine="QC-1"
    )
    world.say(MARKET, "stall-ended", stall="A12", end_cause="left")


def test_every_table_is_the_same_after_a_rebuild(world: World) -> None:
    _everything(world)
    services = world.services
    entries = [each.entry for each in services.log.entries(0, services.log.size())]
    with services.engine.connect() as connection:
        before = _rows(connection)

    engine = scratch_engine()
    with engine.begin() as scratch:
        rebuild(scratch, entries, lambda _, index: entries[index])
        after = _rows(scratch)
    engine.dispose()

    assert all(before.values())
    assert after == before


def _rows(connection: Connection) -> dict[str, list[Any]]:
    return {
        table.name: [tuple(row) for row in connection.execute(select(table).order_by(table.c.entry))]
        for table in TABLES
    }


def test_a_carrier_that_left_goods_too_warm_puts_their_lot_on_hold(world: World) -> None:
    world.say("mifang", "keeping-declared", product="rice", form="chilled", highest="15")
    shipment = _ship(world)
    world.say(CARRIER, "carried", shipment=shipment, stage="taken-over", token=WORD)

    flags = _log(world, CARRIER, shipment, "15", "15.1").flags

    assert [(flag["rule"], flag["level"], flag["lots"]) for flag in flags] == [
        ("cold-chain-excursion", "hold", [RICE_LOT])
    ]
    with pytest.raises(Refused, match="lot-on-hold"):
        _ship(world, "1")


def test_what_the_gate_refused_the_market_does_not_receive(world: World) -> None:
    shipment = _ship(world)
    world.say(MARKET, "stall-registered", stall="A12", holder="虚构摊主")
    told = {"stall": "A12", "lot": RICE_LOT, "amount": {"kg": "1000"}, "presented": "trace-code"}
    state = {"certificate_state": "not-required", "decision": "refused", "refusal_reasons": ["goods-differ"]}
    world.say(MARKET, "entry-checked", **told, **state)
    parts = [{"lot": RICE_LOT, "amount": {"kg": "1000"}}]

    with pytest.raises(Refused, match="refused-at-the-gate"):
        world.say(MARKET, "received", shipment=shipment, token=TOKEN, parts=parts)


def test_a_stall_that_ended_is_open_to_another_vendor(world: World) -> None:
    world.say(MARKET, "stall-registered", stall="A12", holder="甲")
    with pytest.raises(Refused, match="stall-taken"):
        world.say(MARKET, "stall-registered", stall="A12", holder="乙")
    world.say(MARKET, "stall-ended", stall="A12", end_cause="left")

    world.say(MARKET, "stall-registered", stall="A12", holder="乙")

    with world.services.reading() as reader:
        assert len(reader.connection.execute(select(selling_tables.stall)).all()) == 2
