from datetime import date
from typing import Any

import pytest

from tests.small_past import AUTUMN, COOP, LOT, RICE, kg, lot, past
from traceability.errors import Breach
from traceability.events import Event
from traceability.events.followup import Recalled
from traceability.events.movement import Received, Retailed, Shipped
from traceability.events.processing import CodesIssued, Packed, Part, Processed, Product, Unpacked
from traceability.events.quality import CertificateIssued, Inspected, Result
from traceability.limits import shipped_rules
from traceability.past import PastStatement
from traceability.rules.clauses import FAILED, HOUSE, RECALLED
from traceability.rules.standing import held_back

RULES = shipped_rules()
PARTS = (Part(LOT, kg("1")),)

MOVES: dict[str, Event] = {
    each.kind: each
    for each in (
        Processed(at=AUTUMN, process="milling", inputs=PARTS, outputs=(Product(RICE, "rice", kg("1")),)),
        Shipped(at=AUTUMN, parts=PARTS, handover="00"),
        Retailed(at=AUTUMN, lot=LOT, amount=kg("1")),
        Packed(at=AUTUMN, container="C", parts=PARTS),
        CodesIssued(at=AUTUMN, lot=LOT, first=0, count=1, pack=kg("1")),
        CertificateIssued(
            at=AUTUMN, lot=LOT, number="1", name="A", amount=kg("1"), division="2", basis="controlled"
        ),
    )
}
STAYS: dict[str, Event] = {
    each.kind: each
    for each in (
        Recalled(at=AUTUMN, lot=LOT, level=1, cause="other"),
        Received(at=AUTUMN, shipment="ab", token="t", parts=PARTS),
        Unpacked(at=AUTUMN, container="C", parts=PARTS),
        Inspected(
            at=AUTUMN,
            lot=LOT,
            sample="S",
            purpose="routine",
            sampled_on=date(2026, 9, 20),
            results=(Result(analyte="镉", unit="mg/kg", passed=True),),
            verdict="conformant",
        ),
    )
}


@pytest.mark.parametrize("kind", MOVES)
@pytest.mark.parametrize(
    ("state", "breach"),
    [
        ({}, None),
        ({"recalled": True}, Breach("lot-recalled", RECALLED, (("lot", LOT),))),
        ({"failed": True}, Breach("lot-failed", FAILED, (("lot", LOT),))),
        ({"holds": ("b", "a")}, Breach("lot-on-hold", HOUSE, (("lot", LOT), ("reasons", "a b")))),
    ],
)
def test_only_a_sound_lot_moves_on(kind: str, state: dict[str, Any], breach: Breach | None) -> None:
    breaches = list(held_back(MOVES[kind], past(COOP, lot(**state)), RULES))

    assert breaches == ([] if breach is None else [breach])


@pytest.mark.parametrize("kind", STAYS)
def test_any_lot_may_be_tested_recalled_and_taken_in(kind: str) -> None:
    known = past(COOP, lot(recalled=True, failed=True, holds=("a",)))

    assert list(held_back(STAYS[kind], known, RULES)) == []


def test_how_a_lot_moved_may_be_corrected_after_its_recall() -> None:
    target = PastStatement("ab", 3, COOP, MOVES["shipped"], void=False)
    known = past(COOP, lot(recalled=True), target=target)

    assert list(held_back(MOVES["shipped"], known, RULES)) == []
