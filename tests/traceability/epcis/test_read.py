"""A partner's document: what is read of it, and why it is refused."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from traceability.epcis.read import Claim, read
from traceability.errors import Invalid
from traceability.events.partner import ErrorDeclaration, Item, PartnerClaimed, Place

SHARED = Path(__file__).resolve().parents[3].parent / "shared" / "conformance" / "epcis"
BASE = "https://trace.example.cn"
CONTEXT = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"
AT = "epcisBody.eventList[0]"

SHIPPING: dict[str, Any] = {
    "type": "ObjectEvent",
    "eventTime": "2026-09-08T19:00:00.1234567+08:00",
    "eventTimeZoneOffset": "+08:00",
    "eventID": "urn:uuid:5eda92d8-64ac-4db9-9707-107e855c3844",
    "action": "OBSERVE",
    "bizStep": "https://ref.gs1.org/cbv/BizStep-shipping",
    "disposition": "in_transit",
    "epcList": ["urn:epc:id:sscc:6901234.1560000100"],
    "quantityList": [
        {"epcClass": BASE + "/lot/mill/rice/A", "quantity": 2.30, "uom": "TNE"},
        {"epcClass": "urn:epc:class:lgtin:6901234.056001.L1"},
    ],
    "readPoint": {"id": "urn:epc:id:sgln:6901234.10070.0"},
    "bizLocation": {"id": BASE + "/place/mill"},
    "sourceList": [{"type": "owning_party", "source": "urn:epc:id:pgln:6901234.10070"}],
    "destinationList": [
        {"type": "cbv:SDT-location", "destination": "https://shop.example/414/6901234100808"},
        {"type": "https://a.example/agent", "destination": "urn:a:b"},
    ],
}


def document(*events: Any, **more: Any) -> dict[str, Any]:
    return {
        "@context": [CONTEXT, {"jl": "https://example.org/jl/"}],
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": "2026-12-02T00:00:00+08:00",
        "epcisBody": {"eventList": list(events)},
        **more,
    }


def claims(*events: Any) -> list[Claim]:
    return read(json.dumps(document(*events)).encode(), base_url=BASE)


def problems(written: Any) -> list[tuple[str, str]]:
    """Where and why *written* is refused; nothing if it is not."""
    try:
        read(written if isinstance(written, bytes) else json.dumps(written).encode())
    except Invalid as refused:
        return [(problem.where, problem.code) for problem in refused.problems]
    return []


def test_every_field_of_an_event_is_read_into_a_claim() -> None:
    (found,) = claims(SHIPPING)

    assert found.event == PartnerClaimed(
        at=datetime(2026, 9, 8, 11, 0, 0, 123456, tzinfo=UTC),
        zone="+08:00",
        document=found.event.document,
        position=0,
        event_id="urn:uuid:5eda92d8-64ac-4db9-9707-107e855c3844",
        type="ObjectEvent",
        action="OBSERVE",
        step="shipping",
        disposition="in_transit",
        objects=(
            Item("https://id.gs1.org/00/169012345600001002"),
            Item("/lot/mill/rice/A", Decimal("2.3"), "TNE"),
            Item("https://id.gs1.org/01/06901234560015/10/L1"),
        ),
        places=(
            Place("read-point", "https://id.gs1.org/414/6901234100709"),
            Place("location", "/place/mill"),
            Place("source-owning_party", "https://id.gs1.org/417/6901234100709"),
            Place("destination-location", "https://id.gs1.org/414/6901234100808"),
            Place("destination-https://a.example/agent", "urn:a:b"),
        ),
    )
    assert (found.where, found.voided) == (AT, False)


def test_an_aggregation_and_a_transformation_keep_their_sides_apart() -> None:
    box, lots = "https://id.gs1.org/00/169012345600001002", [{"epcClass": "urn:x:1", "quantity": 5}]
    common = {"eventTime": "2026-09-08T11:00:00Z", "eventTimeZoneOffset": "+00:00"}

    found = claims(
        {"type": "AggregationEvent", "action": "ADD", "parentID": box, "childQuantityList": lots, **common},
        {
            "type": "TransformationEvent",
            "inputQuantityList": lots,
            "outputEPCList": ["urn:x:2"],
            "transformationID": "urn:t:1",
            **common,
        },
    )

    item = Item("urn:x:1", Decimal(5))
    assert [(each.event.parent, each.event.children) for each in found] == [(box, (item,)), (None, ())]
    assert (found[1].event.inputs, found[1].event.outputs) == ((item,), (Item("urn:x:2"),))
    assert found[1].event.transformation == "urn:t:1"


def test_a_declaration_voids_its_event_wherever_it_stands() -> None:
    declaration = {
        **SHIPPING,
        "errorDeclaration": {
            "declarationTime": "2026-12-01T00:00:00+08:00",
            "reason": "did_not_occur",
            "correctiveEventIDs": ["urn:uuid:1"],
        },
    }
    other = {**SHIPPING, "eventID": "urn:uuid:2"}

    found = claims(declaration, other, SHIPPING)

    assert [each.voided for each in found] == [True, False, True]
    assert found[0].event.error == ErrorDeclaration(
        datetime(2026, 11, 30, 16, tzinfo=UTC), "did_not_occur", ("urn:uuid:1",)
    )
    assert len({each.digest for each in found}) == 3


def test_an_event_without_id_gets_the_same_one_each_time() -> None:
    bare = {name: value for name, value in SHIPPING.items() if name != "eventID"}
    declared = {**bare, "errorDeclaration": {"declarationTime": "2026-12-01T00:00:00Z"}}
    spelt = {name: bare[name] for name in reversed(bare)}

    ids = [each.event.event_id for each in claims(bare, declared, spelt, {**bare, "action": "ADD"})]

    assert ids[0] == ids[1] == ids[2] != ids[3]
    assert ids[0].startswith("urn:uuid:")


def test_content_has_one_digest_however_it_is_spelt() -> None:
    spelt = {name: SHIPPING[name] for name in reversed(SHIPPING)} | {"recordTime": "2026-12-01T00:00:00Z"}

    first, second, third = claims(SHIPPING, spelt, {**SHIPPING, "jl:note": "x"})

    assert first.digest == second.digest != third.digest


def test_query_documents_and_bare_events_are_read_too() -> None:
    results = {"queryName": "q", "resultsBody": {"eventList": [SHIPPING]}}
    query = {"@context": CONTEXT, "type": "EPCISQueryDocument", "epcisBody": {"queryResults": results}}
    bare = {"@context": CONTEXT, **SHIPPING}

    found = [read(json.dumps(each).encode()) for each in (query, bare)]

    assert [[each.where for each in claimed] for claimed in found] == [
        ["epcisBody.queryResults.resultsBody.eventList[0]"],
        [""],
    ]


@pytest.mark.parametrize(
    ("edit", "where", "code"),
    [
        ({"eventTime": "2026-09-08"}, f"{AT}.eventTime", "not-a-time"),
        ({"eventTime": "2026-02-30T00:00:00Z"}, f"{AT}.eventTime", "not-a-time"),
        ({"eventTime": "0001-01-01T00:00:00+14:00"}, f"{AT}.eventTime", "not-a-time"),
        ({"eventTime": 5}, f"{AT}.eventTime", "not-a-time"),
        ({"eventTimeZoneOffset": "+14:01"}, f"{AT}.eventTimeZoneOffset", "not-an-offset"),
        ({"eventTimeZoneOffset": "+08:00\n"}, f"{AT}.eventTimeZoneOffset", "not-an-offset"),
        ({"eventID": "5eda92d8"}, f"{AT}.eventID", "not-a-uri"),
        ({"action": "observe"}, f"{AT}.action", "unknown-word"),
        ({"bizStep": "harvesting"}, f"{AT}.bizStep", "unknown-word"),
        ({"bizStep": "urn:epcglobal:cbv:bizstep:shipping"}, f"{AT}.bizStep", "unknown-word"),
        ({"disposition": ""}, f"{AT}.disposition", "unknown-word"),
        ({"epcList": "urn:x:1"}, f"{AT}.epcList", "not-a-list"),
        ({"epcList": ["urn:x:1", "a b"]}, f"{AT}.epcList[1]", "not-a-uri"),
        ({"epcList": ["urn:x:1", "urn:x:1"]}, f"{AT}.epcList", "item-twice"),
        ({"quantityList": [{"quantity": 1}]}, f"{AT}.quantityList[0].epcClass", "missing"),
        (
            {"quantityList": [{"epcClass": "urn:x:1", "quantity": "1"}]},
            f"{AT}.quantityList[0].quantity",
            "not-a-number",
        ),
        (
            {"quantityList": [{"epcClass": "urn:x:1", "quantity": True}]},
            f"{AT}.quantityList[0].quantity",
            "not-a-number",
        ),
        ({"quantityList": [{"epcClass": "urn:x:1", "uom": "kg"}]}, f"{AT}.quantityList[0].uom", "not-a-unit"),
        (
            {"quantityList": [{"epcClass": "urn:x:1", "weight": 1}]},
            f"{AT}.quantityList[0].weight",
            "unknown-member",
        ),
        ({"pesticide": "x"}, f"{AT}.pesticide", "unknown-member"),
        ({"readPoint": {}}, f"{AT}.readPoint.id", "missing"),
        ({"readPoint": "urn:x:1"}, f"{AT}.readPoint", "not-an-object"),
        ({"ilmd": {"jl:a": 1}}, f"{AT}.ilmd", "only-with-add"),
        ({"sensorElementList": [{"sensorReport": []}]}, f"{AT}.sensorElementList[0].sensorReport", "too-few"),
        ({"errorDeclaration": {}}, f"{AT}.errorDeclaration.declarationTime", "missing"),
        ({"persistentDisposition": {}}, f"{AT}.persistentDisposition", "missing"),
        ({"type": "HarvestEvent"}, f"{AT}.type", "event-type"),
        ({"type": "https://example.org/HarvestEvent"}, f"{AT}.type", "event-type-unknown-here"),
        ({"type": ["ObjectEvent"]}, f"{AT}.type", "event-type"),
    ],
)
def test_a_field_that_is_wrong_is_named_by_its_path(edit: dict[str, Any], where: str, code: str) -> None:
    assert problems(document({**SHIPPING, **edit})) == [(where, code)]


@pytest.mark.parametrize("name", ["type", "eventTime", "eventTimeZoneOffset", "action"])
def test_what_every_event_needs_is_missed(name: str) -> None:
    event = {each: value for each, value in SHIPPING.items() if each != name}

    assert problems(document(event)) == [(f"{AT}.{name}", "missing")]


def test_extensions_stand_under_a_prefix_or_a_uri() -> None:
    assert problems(document({**SHIPPING, "jl:plot": 1, "https://example.org/x": {"any": "thing"}})) == []


def test_all_problems_of_a_document_are_told_at_once() -> None:
    wrong = {**SHIPPING, "action": "X", "eventTime": "X"}

    found = problems(document(SHIPPING, wrong, comment="no"))

    assert sorted(found) == [
        ("comment", "unknown-member"),
        ("epcisBody.eventList[1].action", "unknown-word"),
        ("epcisBody.eventList[1].eventTime", "not-a-time"),
    ]


@pytest.mark.parametrize(
    ("written", "code"),
    [
        (b"", "not-json"),
        (b"\xff\xfe", "not-json"),
        (b'{"type": NaN}', "not-json"),
        (b'{"type": -Infinity}', "not-json"),
        (b'{"type": "a", "type": "a"}', "member-twice"),
        (rb'{"type": "\ud800"}', "lone-surrogate"),
        (rb'{"\udc00": 1}', "lone-surrogate"),
        (b"[" * 65 + b"]" * 65, "too-deep"),
        (b"[" * 100_000, "too-deep"),
        (b"[" * 64 + b"]" * 64, "not-an-object"),
        (b'{"type": 1e99}', "number-too-long"),
        (b'{"type": 1e999999999999999999999}', "number-too-long"),
        (b'{"type": ' + b"1" * 5000 + b"}", "number-too-long"),
        (b"null", "not-an-object"),
    ],
)
def test_json_that_could_mean_two_things_is_refused(written: bytes, code: str) -> None:
    assert [found for _, found in problems(written)] == [code]


@pytest.mark.parametrize(("largest", "refused"), [(10_000, False), (100, True)])
def test_a_document_over_the_limit_is_not_even_parsed(largest: int, refused: bool) -> None:
    written = json.dumps(document(SHIPPING)).encode()

    try:
        found = [str(len(read(written, largest=largest)))]
    except Invalid as error:
        found = [problem.code for problem in error.problems]

    assert found == (["too-large"] if refused else ["1"])


def test_quantities_are_read_exactly() -> None:
    event = {**SHIPPING, "quantityList": [{"epcClass": "urn:x:1", "quantity": 0.1}]}
    written = json.dumps(document(event)).replace("0.1}", "1234567890.12345678901234567890}").encode()

    (found,) = read(written)

    assert found.event.objects[-1].quantity == Decimal("1234567890.12345678901234567890")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=200)
@given(st.sampled_from(sorted(SHIPPING)), json_values)
def test_nothing_but_invalid_comes_of_any_value_in_any_field(name: str, value: Any) -> None:
    written = json.dumps(document({**SHIPPING, name: value})).encode()

    try:
        found = len(read(written))
    except Invalid as refused:
        found = len(refused.problems)

    assert found >= 1


def cases() -> list[Any]:
    if not SHARED.exists():
        return [
            pytest.param(None, marks=pytest.mark.skip("the shared conformance data is not beside this clone"))
        ]
    index = json.loads((SHARED / "index.json").read_text())
    mutations = json.loads((SHARED / "mutations" / "index.json").read_text())
    return [
        pytest.param(case, id=case["file"]) for case in [*index, *mutations] if case.get("kind") != "query"
    ]


@pytest.mark.parametrize("case", cases())
def test_documents_are_judged_as_gs1_s_schema_judges_them(case: dict[str, Any]) -> None:
    found = problems((SHARED / case["file"]).read_bytes())

    assert (found == []) is case["schema_valid"]
