"""What the rules ask of the past costs the same, however much has happened to a lot or a certificate."""

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest

from tests.world import RICE_LOT, World, opened
from traceability import schema
from traceability.events.registry import PartyRegistered
from traceability.recollection import past_of

MANY = 40
GRANT = {
    "scheme": "green-food",
    "number": "LB-1",
    "grantee": "mifang",
    "goods": ["milled-rice"],
    "since": "2026-01-01",
    "until": "2028-12-31",
    "tonnage_kg": "1000",
}
LATER = datetime(2027, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with opened(tmp_path_factory.mktemp("flat")) as made:
        certifier = PartyRegistered(
            at=made.clock(), party="renzheng", role="certifier", division="220182", name="认证"
        )
        made.services.register_party(certifier)
        made.whole_chain()
        yield made


def steps(world: World, by: str, kind: str, **told: Any) -> int:
    """Return how many steps the database takes for the past of an event, in tens."""
    event = schema.load(kind, {"at": world.clock().isoformat(), **told})
    taken = 0

    def count() -> None:
        nonlocal taken
        taken += 1

    with world.services.reading() as reader:
        rule_set = world.services.rules(reader)
        told_as = partial(past_of, claimed_by=None, index=10**6, recorded_at=LATER, rule_set=rule_set)
        raw: Any = reader.connection.connection.dbapi_connection
        told_as(reader, event, by=by)
        raw.set_progress_handler(count, 10)
        told_as(reader, event, by=by)
        raw.set_progress_handler(None, 0)
    return taken


def test_the_uses_of_a_certificate_are_not_read_one_by_one(world: World) -> None:
    granted = world.say("renzheng", "scheme-certified", **GRANT).digest
    used = {"certificate": granted, "lot": RICE_LOT, "amount": {"kg": "1"}}
    world.say("mifang", "scheme-used", **used)
    before = steps(world, "mifang", "scheme-used", **used)

    for _ in range(MANY):
        world.say("mifang", "scheme-used", **used)

    assert steps(world, "mifang", "scheme-used", **used) < before * 1.5


def test_the_codes_of_a_lot_are_not_read_whenever_it_moves(world: World) -> None:
    retailed = {"lot": RICE_LOT, "amount": {"kg": "1"}}
    world.say("mifang", "codes-issued", lot=RICE_LOT, first=0, count=1, pack={"kg": "1"})
    before = steps(world, "mifang", "retailed", **retailed)

    for first in range(1, MANY):
        world.say("mifang", "codes-issued", lot=RICE_LOT, first=first, count=1, pack={"kg": "1"})

    assert steps(world, "mifang", "retailed", **retailed) < before * 1.5


def test_the_moves_of_a_lot_are_not_read_when_a_result_is_objected_to(world: World) -> None:
    told = world.statement_of("inspected").digest
    before = steps(world, "heitu", "objected", inspection=told)

    for _ in range(MANY):
        world.say("mifang", "retailed", lot=RICE_LOT, amount={"kg": "1"})

    assert steps(world, "heitu", "objected", inspection=told) < before * 1.5
