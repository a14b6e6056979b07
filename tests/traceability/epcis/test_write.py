"""What we tell in EPCIS's words comes back as what it was."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from traceability.epcis.read import read
from traceability.epcis.write import alone, document, event_of, void
from traceability.events import Event
from traceability.events.fact import Sealed
from traceability.events.field import Harvested, PlotShare
from traceability.events.followup import Confirmed, Corrected, Recalled
from traceability.events.movement import Received, Retailed, Shipped
from traceability.events.partner import PartnerClaimed
from traceability.events.processing import Packed, Part, Processed, Product, Unpacked, UntracedReceived
from traceability.events.quality import Inspected, Result
from traceability.occurrence import occurrence_of
from traceability.quantity import Amount

CONFORMANCE = Path(__file__).resolve().parents[3].parent / "shared" / "conformance" / "epcis"
BASE = "https://trace.example.cn"
NOON = datetime(2026, 9, 21, 4, tzinfo=UTC)
LOT, RICE = "/lot/coop/paddy/P1", "https://id.gs1.org/01/06901234560015/10/R1"
PALLET, BOX = "https://id.gs1.org/00/169012345600001002", "https://id.gs1.org/00/169012345600001019"
SHOP = "https://id.gs1.org/414/6901234100808"
MASS = Amount(kg=Decimal("30.5"))
PART = Part(LOT, MASS)

EVENTS: list[Event] = [
    Harvested(
        at=NOON, lot=LOT, product="paddy", amount=MASS, plots=(PlotShare("p1", MASS),), variety="吉粳88"
    ),
    UntracedReceived(at=NOON, lot=LOT, product="maize", amount=Amount(pieces=12)),
    Processed(
        at=NOON,
        process="milling",
        inputs=(PART,),
        outputs=(Product(RICE, "rice", MASS),),
        loss_kg=Decimal(1),
    ),
    Packed(at=NOON, container=PALLET, parts=(PART,), containers=(BOX,)),
    Unpacked(at=NOON, container=PALLET),
    Unpacked(at=NOON, zone="-03:30", container=PALLET, containers=(BOX,)),
    Shipped(at=NOON, parts=(PART,), containers=(BOX,), handover="ab" * 32, destination=SHOP),
    Received(at=NOON, shipment="cd" * 32, token="secret", parts=(PART,)),
    Received(at=NOON, shipment="cd" * 32, token="secret", parts=()),
    Retailed(at=NOON, lot=RICE, amount=MASS),
]
OTHERS: list[Event] = [
    Inspected(
        at=NOON,
        lot=RICE,
        sample="s1",
        purpose="routine",
        sampled_on=date(2026, 9, 20),
        results=(
            Result("cadmium", "mg/kg", passed=True, value=Decimal("0.05"), limit=Decimal("0.2")),
            Result("吡虫啉", "mg/kg", passed=True, detection_limit=Decimal("0.01")),
        ),
        verdict="conformant",
    ),
    Recalled(at=NOON, lot=RICE, level=2, cause="failed-test"),
]


def written(event: Event, **more: Any) -> dict[str, Any]:
    found = event_of(event, event_id="urn:jizihao:statement:1", base_url=BASE, **more)
    assert found is not None
    return found


def back(*events: dict[str, Any]) -> list[PartnerClaimed]:
    told = document(events, base_url=BASE, created=NOON)
    return [claim.event for claim in read(json.dumps(told).encode(), base_url=BASE)]


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.kind)
def test_an_event_does_to_goods_what_its_epcis_form_does(event: Event) -> None:
    (claimed,) = back(written(event))

    assert occurrence_of(claimed) == occurrence_of(event, event_id="urn:jizihao:statement:1")
    assert (claimed.at, claimed.zone) == (event.at, event.zone)


@pytest.mark.parametrize("event", OTHERS, ids=lambda event: event.kind)
def test_tests_and_recalls_have_an_epcis_form_that_our_reader_accepts(event: Event) -> None:
    (claimed,) = back(written(event))

    assert [item.uri for item in claimed.objects] == [RICE]
    assert (claimed.step, claimed.disposition) in {("inspecting", "conformant"), ("holding", "recalled")}


def test_a_harvest_reads_as_the_standard_has_it() -> None:
    assert written(EVENTS[0]) == {
        "type": "ObjectEvent",
        "eventTime": "2026-09-21T12:00:00+08:00",
        "eventTimeZoneOffset": "+08:00",
        "eventID": "urn:jizihao:statement:1",
        "action": "ADD",
        "bizStep": "creating_class_instance",
        "disposition": "active",
        "quantityList": [{"epcClass": BASE + LOT, "quantity": 30.5, "uom": "KGM"}],
        "ilmd": {"jizihao:plot": ["p1"], "jizihao:variety": "吉粳88"},
    }


def test_the_secret_of_a_delivery_is_never_told() -> None:
    told = json.dumps([written(event) for event in EVENTS])

    assert "secret" not in told


def test_a_sealed_destination_is_told_only_while_it_is_kept() -> None:
    sealed = Shipped(at=NOON, parts=(PART,), handover="ab" * 32, destination=Sealed(bytes(32)))

    assert "destinationList" not in written(sealed)
    assert written(sealed, places={bytes(32): SHOP})["destinationList"] == [
        {"type": "location", "destination": SHOP}
    ]


def test_a_correction_tells_what_it_puts_in_place() -> None:
    correction = Corrected(at=NOON, target="ab" * 32, reason="incorrect", replacement=EVENTS[0])

    assert written(correction) == written(EVENTS[0])


def test_what_epcis_has_no_form_for_is_left_out() -> None:
    assert event_of(Confirmed(at=NOON, target="ab" * 32), event_id="urn:x:1", base_url=BASE) is None


def test_a_void_event_is_declared_by_a_copy() -> None:
    event = written(EVENTS[3])

    first, second = back(void(event, at=NOON, reason="did-not-occur", corrected_by=["urn:x:2"]), event)

    assert first.error is not None
    assert (first.error.reason, first.error.corrected_by) == ("did_not_occur", ("urn:x:2",))
    assert replace(first, error=None, position=1) == second


def test_a_bare_event_brings_its_context() -> None:
    told = alone(written(EVENTS[0]), base_url=BASE)

    assert len(read(json.dumps(told).encode())) == 1


def rewritten(claims: list[PartnerClaimed]) -> list[PartnerClaimed]:
    """*claims* as they come back from our own words for them."""
    return back(*(event_of(each, event_id=each.event_id, base_url=BASE) or {} for each in claims))


@pytest.mark.parametrize("folder", ["scenarios/chain0*.json", "documents/valid/*.json", "events/*.json"])
def test_a_partner_s_claims_come_back_as_they_were(folder: str) -> None:
    paths = [path for path in sorted(CONFORMANCE.glob(folder)) if "expected" not in path.name]
    if not paths:
        pytest.skip("the shared conformance data is not beside this clone")
    for path in paths:
        claims = [claim.event for claim in read(path.read_bytes(), base_url=BASE)]

        again = rewritten(claims)

        assert [plain(each) for each in again] == [plain(each) for each in claims], path.name


def plain(claim: PartnerClaimed) -> PartnerClaimed:
    """*claim* without the order within its lists, and without the document that it stood in."""
    return replace(
        claim,
        document=None,
        objects=tuple(sorted(claim.objects, key=repr)),
        children=tuple(sorted(claim.children, key=repr)),
        inputs=tuple(sorted(claim.inputs, key=repr)),
        outputs=tuple(sorted(claim.outputs, key=repr)),
        places=tuple(sorted(claim.places, key=repr)),
    )


def test_gs1_s_schema_accepts_what_we_write() -> None:
    jsonschema = pytest.importorskip("jsonschema", reason="jsonschema is not among our dependencies")
    schema = CONFORMANCE / "schema" / "epcis-json-schema-2.0.json"
    if not schema.exists():
        pytest.skip("the shared conformance data is not beside this clone")
    form = json.loads(schema.read_text())
    validator = jsonschema.validators.validator_for(form)(form)

    told = document([written(event) for event in EVENTS + OTHERS], base_url=BASE, created=NOON)

    assert [each.message for each in validator.iter_errors(told)] == []
