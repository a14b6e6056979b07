"""The way of a party through the register, in a real instance."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest

from tests import world
from tests.world import World
from traceability import audit, schema
from traceability.errors import Refused
from traceability.events.parties import PartyProposed
from web import database


@pytest.fixture
def made(tmp_path: Path) -> Iterator[World]:
    with world.opened(tmp_path) as found:
        yield found


def propose(made: World, party: str = "xincun", **told: Any) -> None:
    fields = {"party": party, "role": "cooperative", "division": "220182", **told}
    if "private_name" not in told:
        fields.setdefault("name", "榆树虚构新村合作社")
    event = schema.load("party-proposed", {"at": made.clock.now.isoformat(), **fields})
    made.services.register_party(cast(PartyProposed, event))


def buys(made: World, party: str = "xincun") -> None:
    made.say(party, "input-bought", name="尿素", category="fertiliser", amount="1", unit="kg")


def refused(made: World, by: str, kind: str, **told: Any) -> list[str]:
    with pytest.raises(Refused) as found:
        made.say(by, kind, **told)
    return [breach.rule for breach in found.value.breaches]


PURCHASE = {"name": "尿素", "category": "fertiliser", "amount": "1", "unit": "kg"}


def test_a_proposed_party_prepares_and_works_once_it_is_verified(made: World) -> None:
    propose(made)
    made.say("xincun", "member-registered", member="x" * 26, name="李虚构")

    before = refused(made, "xincun", "input-bought", **PURCHASE)
    made.say("yushu", "party-verified", party="xincun")
    buys(made)

    assert before == ["party-not-verified"]


def test_a_suspended_party_states_nothing_new_until_it_is_resumed(made: World) -> None:
    wrong = made.say("heitu", "input-bought", **PURCHASE)
    made.say("yushu", "party-suspended", party="heitu", ground="records-missing", note="现场检查")

    during = refused(made, "heitu", "input-bought", **PURCHASE)
    earlier = refused(made, "heitu", "input-bought", at="2026-03-01T08:00:00+08:00", **PURCHASE)
    made.say("heitu", "corrected", target=wrong.digest, reason="did-not-occur")
    made.say("yushu", "party-resumed", party="heitu")
    buys(made, "heitu")

    assert (during, earlier) == (["party-suspended"], ["party-suspended"])


@pytest.mark.parametrize(("now", "rules"), [("2026-04-30", ["party-suspended"]), ("2026-05-01", [])])
def test_a_suspension_ends_by_itself_after_its_last_day(made: World, now: str, rules: list[str]) -> None:
    made.say("yushu", "party-suspended", party="heitu", ground="failed-tests", until="2026-04-30")
    made.at(f"{now}T12:00:00+08:00")

    try:
        buys(made, "heitu")
        found: list[str] = []
    except Refused as error:
        found = [breach.rule for breach in error.breaches]

    assert found == rules


def test_a_suspension_that_is_void_never_was(made: World) -> None:
    stop = made.say("yushu", "party-suspended", party="heitu", ground="other")
    made.say("yushu", "corrected", target=stop.digest, reason="incorrect")

    bought = made.say("heitu", "input-bought", **PURCHASE)

    assert made.statement_of("input-bought").digest == bought.digest


def test_an_ended_party_corrects_and_nothing_else(made: World) -> None:
    wrong = made.say("heitu", "input-bought", **PURCHASE)
    made.say("heitu", "party-ended", party="heitu", ending="closed")

    after = refused(made, "heitu", "input-bought", **PURCHASE)
    made.say("heitu", "corrected", target=wrong.digest, reason="did-not-occur")
    again = refused(made, "yushu", "party-resumed", party="heitu")

    assert (after, again) == (["party-ended"], ["register-state"])


def test_the_regulator_of_another_county_decides_nothing(made: World) -> None:
    propose(made, "shulan-coop", division="220283")

    assert refused(made, "yushu", "party-verified", party="shulan-coop") == ["another-division"]


def test_the_operators_registration_works_and_may_be_verified_once(made: World) -> None:
    buys(made, "heitu")
    made.say("yushu", "party-verified", party="heitu")

    assert refused(made, "sheng", "party-verified", party="heitu") == ["register-state"]


def test_a_market_proposes_its_stalls(made: World) -> None:
    propose(made, "pifa", role="market", name="榆树虚构批发市场")
    propose(made, "tanwei-1", role="stall", market="pifa", private_name="张虚构摊位")

    verified = made.say("yushu", "party-verified", party="tanwei-1")

    assert made.statement_of("party-verified").digest == verified.digest


def test_all_of_it_is_found_again_by_an_audit(made: World) -> None:
    propose(made)
    made.say("yushu", "party-verified", party="xincun")
    made.say("yushu", "party-suspended", party="xincun", ground="other", until="2026-12-31")
    made.say("sheng", "party-resumed", party="xincun")
    made.say("yushu", "party-ended", party="xincun", ending="merged")
    made.services.log.publish()

    assert [each.what for each in _findings(made)] == []


def _findings(made: World) -> list[Any]:
    with database.auditing(made.services.settings) as subject:
        return list(audit.audit(subject).findings)
