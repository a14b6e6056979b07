import hashlib
from decimal import Decimal

import pytest

from tests.small_past import AUTUMN, COOP, LOT, MILL, kg, lot, past
from traceability.errors import Breach
from traceability.events.movement import Received, Retailed
from traceability.events.processing import Packed, Part
from traceability.limits import shipped_rules
from traceability.past import PastShipment
from traceability.rules.clauses import HOUSE
from traceability.rules.custody import not_held

RULES = shipped_rules()
TOKEN = "0123456789abcdefghjkmnpqrstvwxyz"
HANDOVER = hashlib.sha256(TOKEN.encode()).hexdigest()


@pytest.mark.parametrize(("stock", "refused"), [("0.001", False), ("0", True), ("-1", True)])
def test_only_who_holds_a_lot_sells_of_it(stock: str, refused: bool) -> None:
    event = Retailed(at=AUTUMN, lot=LOT, amount=kg("1"))

    breaches = list(not_held(event, past(COOP, lot(stock={COOP: Decimal(stock)})), RULES))

    assert breaches == ([Breach("not-held", HOUSE, (("lot", LOT),))] if refused else [])


def test_what_another_holds_is_not_packed() -> None:
    event = Packed(at=AUTUMN, container="C", parts=(Part(LOT, kg("1")), Part(LOT, kg("2"))))

    assert [breach.rule for breach in not_held(event, past(MILL, lot()), RULES)] == ["not-held"]


def test_a_claim_moves_what_its_partner_holds() -> None:
    event = Retailed(at=AUTUMN, lot=LOT, amount=kg("1"))

    assert list(not_held(event, past(MILL, lot(), claimed_by=COOP), RULES)) == []


@pytest.mark.parametrize(
    ("shipment", "token", "rules"),
    [
        (PastShipment("ab", COOP, AUTUMN, HANDOVER, ()), TOKEN, []),
        (PastShipment("ab", COOP, AUTUMN, HANDOVER, ()), TOKEN.upper(), ["wrong-token"]),
        (PastShipment("ab", COOP, AUTUMN, HANDOVER, (), MILL), TOKEN, ["received-already"]),
        (PastShipment("cd", COOP, AUTUMN, HANDOVER, ()), TOKEN, ["unknown-shipment"]),
        (None, TOKEN, ["unknown-shipment"]),
    ],
)
def test_a_delivery_is_received_once_by_who_has_its_note(
    shipment: PastShipment | None, token: str, rules: list[str]
) -> None:
    event = Received(at=AUTUMN, shipment="ab", token=token, parts=(Part(LOT, kg("1")),))

    assert [breach.rule for breach in not_held(event, past(MILL, shipment=shipment), RULES)] == rules
