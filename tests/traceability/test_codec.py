"""An event has one spelling in an entry: it is read back as it was, and every other spelling is refused."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given

from ledger import canonical
from ledger.errors import Malformed
from tests.strategies import events
from traceability import codec
from traceability.disclosure import seal
from traceability.events import KINDS, Event
from traceability.events.fact import Sealed
from traceability.events.field import Harvested, PlotShare
from traceability.events.followup import Corrected
from traceability.events.movement import Shipped
from traceability.events.processing import Part
from traceability.quantity import Amount

KG = Amount(kg=Decimal("3090.50"))
HARVEST = Harvested(
    at=datetime(2026, 9, 21, tzinfo=UTC),
    lot="/lot/a/b/1",
    product="b",
    amount=KG,
    plots=(PlotShare("p", KG),),
)
SPELLED = {
    "kind": "harvested",
    "at": "2026-09-21T00:00:00.000000Z",
    "lot": "/lot/a/b/1",
    "product": "b",
    "amount": {"kg": "3090.5"},
    "plots": [{"plot": "p", "amount": {"kg": "3090.5"}}],
}


def test_an_event_is_spelled_by_its_fields_and_what_is_usual_is_left_out() -> None:
    spelled = codec.to_json(HARVEST)

    assert spelled == SPELLED


@given(event=events())
def test_every_event_is_read_back_as_it_was(event: Event) -> None:
    sealed, _ = seal(event, "urn:uuid:1")

    spelled = canonical.dumps(codec.to_json(sealed))

    assert codec.from_json(canonical.loads(spelled)) == sealed


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_knows_how_each_of_its_fields_is_written(kind: str) -> None:
    members = codec.members(KINDS[kind])

    assert {each.name for each in members} >= {"at", "zone", "clerk", "member"}
    assert [each.name for each in members if each.is_private and each.is_required] == []


def test_a_private_word_has_no_place_in_an_entry() -> None:
    shipped = Shipped(at=HARVEST.at, parts=(Part("/lot/a/b/1", KG),), handover="00", to="虚构买家")

    with pytest.raises(Malformed):
        codec.to_json(shipped)
    assert codec.to_json(replace(shipped, to=Sealed(bytes(32))))["to"] == {"sealed": "A" * 43 + "="}


def test_a_replacement_is_an_event_with_its_own_kind() -> None:
    corrected = Corrected(at=HARVEST.at, target="00", reason="incorrect", replacement=HARVEST)

    spelled = codec.to_json(corrected)

    assert spelled["replacement"] == SPELLED
    assert codec.from_json(spelled) == corrected


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"kind": "eaten"}, "/"),
        ({"kind": None}, "/"),
        ({"kind": ["harvested"]}, "/"),
        ({"colour": "red"}, "/colour"),
        ({"at": "2026-09-21T00:00:00Z"}, "/at"),
        ({"at": "2026-09-21T08:00:00.000000+08:00"}, "/at"),
        ({"at": 1}, "/at"),
        ({"lot": None}, "/lot"),
        ({"lot": 7}, "/lot"),
        ({"amount": {"kg": "3090.50"}}, "/amount/kg"),
        ({"amount": {"kg": 3090}}, "/amount/kg"),
        ({"amount": {"pieces": True}}, "/amount/pieces"),
        ({"amount": {"pieces": "7"}}, "/amount/pieces"),
        ({"amount": {}}, "/amount"),
        ({"amount": []}, "/amount"),
        ({"plots": {}}, "/plots"),
        ({"plots": [{"plot": "p"}]}, "/plots/0/amount"),
        ({"plots": []}, ""),
        ({"clerk": "甲"}, "/clerk"),
        ({"clerk": {"sealed": "AAAA"}}, "/clerk"),
        ({"clerk": {"sealed": 1}}, "/clerk"),
        ({"clerk": {"sealed": "A" * 43 + "=", "salt": "x"}}, "/clerk"),
    ],
)
def test_another_form_is_refused_with_its_place(change: dict[str, Any], where: str) -> None:
    with pytest.raises(Malformed) as refused:
        codec.from_json(SPELLED | change)

    assert refused.value.facts["where"] == where


@pytest.mark.parametrize("missing", ["at", "lot", "product", "amount", "plots"])
def test_what_is_missing_is_named(missing: str) -> None:
    with pytest.raises(Malformed) as refused:
        codec.from_json({name: value for name, value in SPELLED.items() if name != missing})

    assert refused.value.facts["where"] == f"/{missing}"


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"zone": "+08:00"}, id="a default that is spelled out"),
        pytest.param({"clerk": {"sealed": "A" * 42 + "B="}}, id="base64 with spare bits"),
    ],
)
def test_a_second_spelling_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(Malformed):
        codec.from_json(SPELLED | change)


@pytest.mark.parametrize("other", [[], None, "harvested", 1])
def test_what_is_no_object_is_no_event(other: Any) -> None:
    with pytest.raises(Malformed):
        codec.from_json(other)
