import pytest

from tests.small_past import AUTUMN, COOP, LAB, MILL, OFFICE, kg, past
from traceability.errors import Breach
from traceability.events.followup import Confirmed
from traceability.events.movement import Retailed
from traceability.limits import shipped_rules
from traceability.rules.clauses import HOUSE
from traceability.rules.speaker import not_entitled

RULES = shipped_rules()
SALE = Retailed(at=AUTUMN, lot="A", amount=kg("1"))


@pytest.mark.parametrize(("by", "refused"), [(COOP, False), (MILL, False), (LAB, True), (OFFICE, True)])
def test_only_a_trader_sells(by: str, refused: bool) -> None:
    breaches = list(not_entitled(SALE, past(by), RULES))

    assert [breach.rule for breach in breaches] == (["may-not-state"] if refused else [])


@pytest.mark.parametrize("by", [COOP, MILL, LAB, OFFICE])
def test_everybody_may_confirm(by: str) -> None:
    assert list(not_entitled(Confirmed(at=AUTUMN, target="ab"), past(by), RULES)) == []


def test_who_is_not_registered_states_nothing() -> None:
    breaches = list(not_entitled(SALE, past("stranger"), RULES))

    assert breaches == [Breach("unknown-party", HOUSE, (("party", "stranger"),))]
