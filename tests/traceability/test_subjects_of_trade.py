"""What records of moving and selling touch, and what they rest on."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from traceability import subjects
from traceability.events import Event, moving, selling
from traceability.quantity import Amount

AT = datetime(2026, 9, 21, tzinfo=UTC)
KG = Amount(kg=Decimal(1))
SHIPMENT = "ab" * 32
STATEMENT = f"urn:jizihao:statement:{SHIPMENT}"
STALL = "urn:jizihao:stall:shichang:A%2F%E7%94%B2"
ID = "0" * 26

CASES: list[tuple[Event, set[str], set[str]]] = [
    (
        moving.CounterpartyNoted(at=AT, counterparty=ID, counterparty_kind="caterer"),
        {f"urn:jizihao:counterparty:{ID}"},
        set(),
    ),
    (
        moving.KeepingDeclared(at=AT, product="rice", form="chilled", highest=Decimal(15)),
        {"urn:jizihao:product:shichang:rice"},
        set(),
    ),
    (moving.Carried(at=AT, shipment=SHIPMENT, stage="delivered", lots=("/a",)), {STATEMENT, "/a"}, set()),
    (
        moving.TemperatureLogged(
            at=AT,
            form="chilled",
            lots=("/a", "/b"),
            shipment=SHIPMENT,
            start=AT - timedelta(hours=1),
            step_seconds=60,
            readings=(Decimal(3),),
        ),
        {"/a", "/b"},
        {STATEMENT},
    ),
    (
        selling.StallRegistered(at=AT, stall="A/甲", vendor="chaoshi"),
        {STALL},
        {"urn:jizihao:party:chaoshi"},
    ),
    (selling.StallEnded(at=AT, stall="A/甲", end_cause="left"), {STALL}, set()),
    (
        selling.EntryChecked(
            at=AT,
            stall="A/甲",
            lot="/a",
            amount=KG,
            presented="trace-code",
            certificate_state="attached",
            decision="accepted",
        ),
        {STALL, "/a"},
        set(),
    ),
    (
        selling.SpotChecked(at=AT, stall="A/甲", commodity="maize", sample="S", item="x", passed=True),
        {STALL},
        set(),
    ),
    (
        selling.OnlineListed(at=AT, lot="/a", listing=ID, platform="x"),
        {f"urn:jizihao:listing:{ID}", "/a"},
        set(),
    ),
    (selling.ListingEnded(at=AT, listing=ID, end_cause="sold-out"), {f"urn:jizihao:listing:{ID}"}, set()),
    (selling.ExportDeclared(at=AT, lot="/a", amount=KG, country="JP", domestic_lot="/b"), {"/a"}, {"/b"}),
]


@pytest.mark.parametrize(("event", "touched", "referred"), CASES, ids=lambda case: getattr(case, "kind", ""))
def test_a_record_stands_under_what_it_changes(event: Event, touched: set[str], referred: set[str]) -> None:
    found = subjects.of_statement("shichang", event, ())

    rest = set(found.referred) - {"urn:jizihao:party:shichang"}
    assert (set(found.touched), rest) == (touched, referred)
