"""The rules of selling: the gate of a market, listings on the web, and exports."""

from typing import Any

import pytest

from tests.small_past import AUTUMN, COOP, LOT, MILL, PADDY, RICE, WHITE, kg, lot, past
from traceability.events.movement import Received, Retailed
from traceability.events.processing import Part
from traceability.events.selling import (
    EntryChecked,
    ExportDeclared,
    ListingEnded,
    OnlineListed,
    SpotChecked,
    StallEnded,
    StallRegistered,
)
from traceability.limits import shipped_rules
from traceability.past import KnownProduct
from traceability.past.selling import PastListing, SellingPast
from traceability.rules.amounts import movings
from traceability.rules.export import not_for_export
from traceability.rules.gate import wrongly_let_in
from traceability.rules.listing import wrongly_listed
from traceability.rules.standing import held_back

RULES = shipped_rules()
MARKET = "dashichang"
OPEN = SellingPast(stall_open=True)
CERTIFIED = SellingPast(stall_open=True, certified=True)
FUNGUS = KnownProduct(COOP, "fungus", "black-fungus", "mass")
RANDOM = "0" * 26


def _names(found: Any) -> list[tuple[str, str]]:
    return [(breach.rule, breach.level) for breach in found]


def _check(certificate: Any, decision: Any = "accepted", **told: Any) -> EntryChecked:
    goods: dict[str, Any] = {"lot": LOT} if "commodity" not in told else {}
    reasons = ("other",) if decision == "refused" else ()
    return EntryChecked(
        at=AUTUMN,
        stall="A12",
        amount=kg("10"),
        presented="trace-code",
        certificate_state=certificate,
        decision=decision,
        **{"refusal_reasons": reasons, **goods, **told},
    )


@pytest.mark.parametrize(
    ("event", "known", "expected"),
    [
        (StallRegistered(at=AUTUMN, stall="A12", holder="虚构"), SellingPast(), []),
        (StallRegistered(at=AUTUMN, stall="A12", holder="虚构"), OPEN, [("stall-taken", "refuse")]),
        (StallEnded(at=AUTUMN, stall="A12", end_cause="left"), OPEN, []),
        (StallEnded(at=AUTUMN, stall="A12", end_cause="left"), SellingPast(), [("unknown-stall", "refuse")]),
    ],
)
def test_a_stall_has_one_vendor_at_a_time(
    event: Any, known: SellingPast, expected: list[tuple[str, str]]
) -> None:
    assert _names(wrongly_let_in(event, past(MARKET, selling=known), RULES)) == expected


@pytest.mark.parametrize(
    ("certificate", "known", "expected"),
    [
        ("attached", CERTIFIED, []),
        (
            "missing",
            CERTIFIED,
            [("certificate-state-differs", "refuse"), ("entry-without-certificate", "hold")],
        ),
        ("attached", OPEN, []),
        ("missing", OPEN, [("entry-without-certificate", "hold")]),
        ("not-required", OPEN, [("certificate-state-differs", "refuse")]),
        ("unknown", OPEN, [("certificate-state-differs", "refuse")]),
    ],
)
def test_goods_that_need_a_certificate_come_in_with_it(
    certificate: str, known: SellingPast, expected: list[tuple[str, str]]
) -> None:
    breaches = wrongly_let_in(_check(certificate), past(MARKET, lot(of=FUNGUS), selling=known), RULES)

    assert _names(breaches) == expected


def test_a_rapid_test_that_was_passed_stands_in_with_a_mark() -> None:
    event = _check("missing", rapid_test="passed")

    breaches = wrongly_let_in(event, past(MARKET, lot(of=FUNGUS), selling=OPEN), RULES)

    assert _names(breaches) == [("entry-without-certificate", "warn")]


def test_goods_that_fail_the_rapid_test_stay_outside() -> None:
    known = past(MARKET, lot(of=FUNGUS), selling=CERTIFIED)

    accepted = wrongly_let_in(_check("attached", rapid_test="failed"), known, RULES)
    refused = wrongly_let_in(_check("attached", "refused", rapid_test="failed"), known, RULES)

    assert (_names(accepted), _names(refused)) == ([("entry-of-failed-goods", "refuse")], [])


@pytest.mark.parametrize("told", [{}, {"commodity": "milled-rice"}])
def test_milled_rice_is_never_without_a_certificate(told: dict[str, Any]) -> None:
    known = past(MARKET, lot(of=WHITE), selling=OPEN)
    reasons = ("no-certificate",)

    missing = wrongly_let_in(_check("missing", **told), known, RULES)
    refused = wrongly_let_in(_check("not-required", "refused", refusal_reasons=reasons, **told), known, RULES)
    right = wrongly_let_in(_check("not-required", **told), known, RULES)

    assert _names(missing)[0] == ("certificate-state-differs", "refuse")
    assert (_names(refused), _names(right)) == ([("reason-does-not-hold", "refuse")], [])


def test_what_nobody_knows_to_need_a_certificate_is_unknown() -> None:
    known = past(MARKET, lot(of=None), selling=OPEN)

    told = {state: _names(wrongly_let_in(_check(state), known, RULES)) for state in ("unknown", "missing")}

    assert (told["unknown"], bool(told["missing"])) == ([], True)


@pytest.mark.parametrize("decision", ["accepted", "refused"])
def test_a_recalled_lot_is_not_let_in(decision: str) -> None:
    known = past(MARKET, lot(of=FUNGUS, recalled=True), selling=CERTIFIED)

    breaches = held_back(_check("attached", decision), known, RULES)

    assert _names(breaches) == ([("lot-recalled", "refuse")] if decision == "accepted" else [])


def test_a_failed_spot_check_holds_the_lot() -> None:
    event = SpotChecked(at=AUTUMN, stall="A12", sample="S1", item="农药残留", passed=False, lot=LOT)

    (breach,) = wrongly_let_in(event, past(MARKET, lot(), selling=OPEN), RULES)

    assert (breach.rule, breach.level, breach.lots) == ("spot-check-failed", "hold", (LOT,))


@pytest.mark.parametrize(("market", "level"), [(COOP, "refuse"), (MARKET, "warn")])
def test_what_was_refused_at_the_gate_does_not_come_in(market: str, level: str) -> None:
    known = past(COOP, lot(), selling=SellingPast(refused_at=frozenset({(market, LOT)})))
    receipt = Received(at=AUTUMN, shipment="ab", token="x", parts=(Part(LOT, kg("1")),))

    found = [
        _names(wrongly_let_in(event, known, RULES))
        for event in (receipt, Retailed(at=AUTUMN, lot=LOT, amount=kg("1")))
    ]

    assert found == [[("refused-at-the-gate", level)]] * 2


@pytest.mark.parametrize(
    ("product", "certified", "expected"),
    [
        (FUNGUS, True, []),
        (FUNGUS, False, [("listed-without-certificate", "refuse")]),
        (WHITE, False, []),
        (PADDY, False, []),
    ],
)
def test_a_listing_shows_the_certificate_that_its_goods_need(
    product: KnownProduct, certified: bool, expected: list[tuple[str, str]]
) -> None:
    event = OnlineListed(at=AUTUMN, lot=LOT, listing=RANDOM, platform="虚构商城")
    known = past(COOP, lot(of=product), selling=SellingPast(certified=certified))

    assert _names(wrongly_listed(event, known, RULES)) == expected


@pytest.mark.parametrize(
    ("listing", "expected"), [(None, []), (PastListing(RANDOM, COOP, LOT), [("listing-exists", "refuse")])]
)
def test_a_listing_has_a_name_of_its_own(
    listing: PastListing | None, expected: list[tuple[str, str]]
) -> None:
    event = OnlineListed(at=AUTUMN, lot=LOT, listing=RANDOM, platform="虚构商城")

    known = past(COOP, lot(), selling=SellingPast(certified=True, listing=listing))
    found = wrongly_listed(event, known, RULES)

    assert [(each.rule, each.level) for each in found] == expected


@pytest.mark.parametrize(
    ("listing", "expected"),
    [
        (PastListing(RANDOM, COOP, LOT), []),
        (PastListing(RANDOM, COOP, LOT, ended=True), [("unknown-listing", "refuse")]),
        (PastListing(RANDOM, MILL, LOT), [("not-your-listing", "refuse")]),
        (None, [("unknown-listing", "refuse")]),
    ],
)
def test_who_listed_goods_takes_them_down_once(
    listing: PastListing | None, expected: list[tuple[str, str]]
) -> None:
    event = ListingEnded(at=AUTUMN, listing=RANDOM, end_cause="sold-out")

    found = wrongly_listed(event, past(COOP, selling=SellingPast(listing=listing)), RULES)

    assert _names(found) == expected


def _export(domestic: str | None) -> ExportDeclared:
    return ExportDeclared(at=AUTUMN, lot=LOT, amount=kg("1000"), country="JP", domestic_lot=domestic)


@pytest.mark.parametrize(
    ("domestic", "expected"),
    [
        (None, []),
        (RICE, []),
        (LOT, [("domestic-lot-is-the-same", "refuse")]),
        ("/lot/x/y/z", [("unknown-lot", "refuse")]),
    ],
)
def test_an_export_is_held_against_another_lot(domestic: str | None, expected: list[tuple[str, str]]) -> None:
    known = past(COOP, lot(), lot(RICE, of=WHITE, by=MILL))

    assert _names(not_for_export(_export(domestic), known, RULES)) == expected


def test_an_export_moves_goods_so_every_rule_of_goods_counts() -> None:
    assert movings(_export(None)) == (Part(LOT, kg("1000")),)
