"""Each entry stands under what it changes, and is linked to what it rests on."""

from base64 import b64encode
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given

from tests.strategies import events
from traceability import subjects
from traceability.events import Event, field, followup, movement, partner, processing, registry
from traceability.events.processing import Part, Product
from traceability.quantity import Amount
from traceability.subjects import Subjects

AT = datetime(2026, 9, 21, tzinfo=UTC)
KG = Amount(kg=Decimal(1))
PLOT = field.PlotShare("p1", KG)
HARVEST = field.Harvested(at=AT, lot="/lot/heitu/paddy/1", product="paddy", amount=KG, plots=(PLOT,))
PARTY = "urn:jizihao:party:heitu"
TARGET = "ab" * 32


def of(event: Event, **named: Any) -> tuple[set[str], set[str]]:
    """Return what *event*, stated by heitu without a key, touches, and what else it refers to."""
    found = subjects.of_statement("heitu", event, (), **named)
    return set(found.touched), set(found.referred) - {PARTY}


CASES: list[tuple[Event, set[str], set[str]]] = [
    (HARVEST, {"/lot/heitu/paddy/1"}, {"urn:jizihao:plot:p1", "urn:jizihao:product:heitu:paddy"}),
    (
        replace(HARVEST, member="m1"),
        {"/lot/heitu/paddy/1"},
        {"urn:jizihao:plot:p1", "urn:jizihao:product:heitu:paddy", "urn:jizihao:member:m1"},
    ),
    (registry.MemberRegistered(at=AT, member="m1"), {"urn:jizihao:member:m1"}, set()),
    (
        field.Treated(at=AT, plot="p1", name="x", substances=("y",)),
        {"urn:jizihao:plot:p1"},
        set(),
    ),
    (
        processing.Processed(
            at=AT, process="milling", inputs=(Part("/a", KG),), outputs=(Product("/b", "rice", KG),)
        ),
        {"/a", "/b"},
        {"urn:jizihao:product:heitu:rice"},
    ),
    (
        processing.Packed(at=AT, container="https://id.gs1.org/00/1", parts=(Part("/a", KG),)),
        {"https://id.gs1.org/00/1", "/a"},
        set(),
    ),
    (movement.Shipped(at=AT, parts=(Part("/a", KG),), handover="00"), {"/a"}, set()),
    (
        movement.Received(at=AT, shipment=TARGET, token="t", parts=(Part("/a", KG),)),
        {f"urn:jizihao:statement:{TARGET}", "/a"},
        set(),
    ),
    (followup.Confirmed(at=AT, target=TARGET), {f"urn:jizihao:statement:{TARGET}"}, set()),
    (followup.Recalled(at=AT, lot="/a", level=1, cause="other"), {"/a"}, set()),
    (
        followup.Corrected(at=AT, target=TARGET, reason="incorrect", replacement=HARVEST),
        {f"urn:jizihao:statement:{TARGET}", "/lot/heitu/paddy/1"},
        {"urn:jizihao:plot:p1", "urn:jizihao:product:heitu:paddy"},
    ),
    (
        partner.PartnerClaimed(
            at=AT,
            position=0,
            event_id="urn:uuid:1",
            type="AggregationEvent",
            parent="/box",
            children=(partner.Item("/a"),),
        ),
        {"urn:jizihao:event:urn:uuid:1", "/box", "/a"},
        set(),
    ),
]


@pytest.mark.parametrize(("event", "touched", "referred"), CASES, ids=lambda each: getattr(each, "kind", ""))
def test_an_event_touches_what_it_changes_and_refers_to_what_it_rests_on(
    event: Event, touched: set[str], referred: set[str]
) -> None:
    assert of(event) == (touched, referred)


def test_a_correction_touches_what_it_corrects() -> None:
    voided = followup.Corrected(at=AT, target=TARGET, reason="did-not-occur")

    touched, _ = of(voided, target=("heitu", HARVEST))

    assert touched == {f"urn:jizihao:statement:{TARGET}", "/lot/heitu/paddy/1"}


def test_a_statement_refers_to_its_author_and_to_each_key_that_signed() -> None:
    key_id = b64encode(b"\x01" * 32).decode()

    found = subjects.of_statement("heitu", HARVEST, (key_id,))

    assert {PARTY, f"urn:jizihao:key:{'01' * 32}"} <= found.referred


def test_a_party_that_registers_itself_is_touched_and_not_referred_to() -> None:
    event = registry.PartyRegistered(at=AT, party="heitu", role="cooperative", division="220182", name="x")

    found = subjects.of_statement("heitu", event, ())

    assert found == Subjects(frozenset({PARTY}), frozenset())


@given(event=events())
def test_every_event_has_a_subject_and_none_stands_in_both_sets(event: Event) -> None:
    found = subjects.of_statement("heitu", event, ())

    is_nameless = isinstance(event, registry.MemberRegistered) and event.member is None
    assert is_nameless or found.touched
    assert found.touched & found.referred == frozenset()


def test_a_kind_that_nobody_placed_is_an_error_of_ours() -> None:
    with pytest.raises(NotImplementedError):
        subjects.of_statement("heitu", Event(at=AT), ())
