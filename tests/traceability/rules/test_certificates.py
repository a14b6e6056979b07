"""The rules of certificates: those of a lot, and those that a party was granted."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.small_past import (
    AUTUMN,
    COOP,
    EARS,
    LOOSE_EARS,
    LOT,
    MILL,
    OFFICE,
    PADDY,
    PLOT,
    kg,
    lot,
    moment,
    past,
)
from traceability.errors import Breach
from traceability.events.certifying import (
    BasePlot,
    CertificateCollected,
    CertificateReported,
    SchemeBaseRegistered,
    SchemeCertified,
    SchemeChanged,
    SchemeUsed,
)
from traceability.events.movement import Shipped
from traceability.events.processing import Part
from traceability.events.quality import CertificateIssued
from traceability.limits import shipped_rules
from traceability.past import KnownParty, KnownProduct
from traceability.past.certifying import BaseLand, CertifyingPast, PastCertificate, PastScheme
from traceability.quantity import Amount
from traceability.rules.certificates import ill_certified
from traceability.rules.schemes import beyond_scheme

RULES = shipped_rules()
TODAY = date(2026, 9, 20)
DIGEST, OTHER = "11" * 32, "22" * 32
FUNGUS = KnownProduct(COOP, "fungus", "black-fungus", "mass")
CERTIFICATE = PastCertificate(DIGEST, COOP, LOT, "C-1", Decimal(600))


def found(breaches: Iterable[Breach]) -> list[tuple[str, str]]:
    return [(each.rule, each.level) for each in breaches]


def of(by: str, *lots: Any, **told: Any) -> Any:
    return past(by, *lots, certifying=CertifyingPast(**told))


def issued(amount: str = "400", **told: Any) -> CertificateIssued:
    given: dict[str, Any] = {
        "at": AUTUMN,
        "lot": LOT,
        "number": "C-2",
        "name": "黑木耳",
        "amount": kg(amount),
        "division": "220322",
        "basis": "controlled",
        "contact_on_pack": True,
    }
    return CertificateIssued(**{**given, **told})


@pytest.mark.parametrize(("amount", "refused"), [("400", False), ("400.001", True)])
def test_certificates_of_a_lot_add_up_to_no_more_than_it(amount: str, refused: bool) -> None:
    breaches = ill_certified(issued(amount), of(COOP, lot(), certified=(CERTIFICATE,)), RULES)

    assert found(breaches) == ([("certified-beyond-the-lot", "refuse")] if refused else [])


def test_what_is_superseded_counts_no_more() -> None:
    gone = replace(CERTIFICATE, is_superseded=True)

    by_an_earlier_one = found(ill_certified(issued("1000"), of(COOP, lot(), certified=(gone,)), RULES))
    by_this_one = found(
        ill_certified(
            issued("1000", supersedes=DIGEST),
            of(COOP, lot(), certified=(CERTIFICATE,), certificate=CERTIFICATE),
            RULES,
        )
    )

    assert (by_an_earlier_one, by_this_one) == ([], [])


@pytest.mark.parametrize(
    ("earlier", "expected"),
    [
        (CERTIFICATE, []),
        (replace(CERTIFICATE, is_superseded=True), ["superseded-already"]),
        (replace(CERTIFICATE, lot="/lot/x/y/Z"), ["supersedes-another"]),
        (replace(CERTIFICATE, by=MILL), ["supersedes-another"]),
        (None, ["supersedes-another"]),
    ],
)
def test_only_ones_own_certificate_of_the_same_lot_is_replaced_and_once(
    earlier: PastCertificate | None, expected: list[str]
) -> None:
    breaches = ill_certified(issued(supersedes=DIGEST), of(COOP, lot(), certificate=earlier), RULES)

    assert [each.rule for each in breaches] == expected


def test_a_number_stands_once() -> None:
    breaches = ill_certified(issued(), of(COOP, lot(), number_taken=True), RULES)

    assert found(breaches) == [("certificate-number-taken", "refuse")]


@pytest.mark.parametrize(
    ("test", "expected"),
    [
        ((LOT, True), []),
        ((LOT, False), ["basis-differs"]),
        (("/lot/lishu-coop/paddy/OTHER", True), ["basis-differs"]),
        (None, ["basis-differs"]),
    ],
)
def test_the_basis_is_a_passed_test_of_this_very_lot(test: Any, expected: list[str]) -> None:
    known = of(COOP, lot(), tests={} if test is None else {OTHER: test})

    assert [each.rule for each in ill_certified(issued(tests=(OTHER,)), known, RULES)] == expected


@pytest.mark.parametrize(
    ("day", "told", "warned"),
    [
        ("2026-01-31", {"contact_on_pack": False}, False),
        ("2026-02-01", {"contact_on_pack": False}, True),
        ("2026-02-01", {"contact_on_pack": True}, False),
        ("2026-02-01", {"contact_on_pack": False, "contact": "电话"}, False),
    ],
)
def test_the_contact_is_asked_for_since_the_new_contents(day: str, told: Any, warned: bool) -> None:
    breaches = ill_certified(issued(at=moment(day), **told), of(COOP, lot(born_at=None)), RULES)

    assert found(breaches) == ([("certificate-without-contact", "warn")] if warned else [])


def test_a_buyer_who_has_the_lot_collects_its_certificate() -> None:
    event = CertificateCollected(at=AUTUMN, lot=LOT, certificate=DIGEST)

    held = found(ill_certified(event, of(COOP, lot(), certificate=CERTIFICATE), RULES))
    not_held = found(ill_certified(event, of(MILL, lot(), certificate=CERTIFICATE), RULES))
    of_another = replace(CERTIFICATE, lot="/lot/x/y/Z")
    other = found(ill_certified(event, of(COOP, lot(), certificate=of_another), RULES))
    old = found(
        ill_certified(event, of(COOP, lot(), certificate=replace(CERTIFICATE, is_superseded=True)), RULES)
    )

    assert (held, not_held, other, old) == (
        [],
        [("not-held", "refuse")],
        [("unknown-certificate", "refuse")],
        [("certificate-superseded", "warn")],
    )


def test_anybody_who_trades_reports_a_wrong_certificate() -> None:
    event = CertificateReported(at=AUTUMN, lot=LOT, certificate=DIGEST, fault="forged")

    assert found(ill_certified(event, of(MILL, lot(), certificate=CERTIFICATE), RULES)) == []


@pytest.mark.parametrize(
    ("product", "day", "told", "expected"),
    [
        (FUNGUS, "2026-01-31", {"of_lots": {LOT: False}}, []),
        (FUNGUS, "2026-02-01", {"of_lots": {LOT: False}}, [("certificate-missing", "warn")]),
        (FUNGUS, "2026-02-01", {"of_lots": {LOT: True}}, []),
        (
            FUNGUS,
            "2026-02-01",
            {"of_lots": {LOT: False}, "origins": {LOT: frozenset({COOP, MILL})}},
            [("mixed-without-certificate", "hold")],
        ),
        (
            FUNGUS,
            "2026-02-01",
            {"of_lots": {LOT: False}, "origins": {LOT: frozenset({COOP})}},
            [("certificate-missing", "warn")],
        ),
        (PADDY, "2026-02-01", {"of_lots": {LOT: False}}, []),
        (EARS, "2026-02-01", {"of_lots": {LOT: False}}, []),
    ],
)
def test_a_certificate_goes_along_where_the_scope_of_the_day_asks_for_it(
    product: KnownProduct, day: str, told: Any, expected: list[tuple[str, str]]
) -> None:
    event = Shipped(at=moment(day), parts=(Part(LOT, kg("1")),), handover="00")

    assert found(ill_certified(event, of(COOP, lot(of=product), **told), RULES)) == expected


SCHEME = PastScheme(
    DIGEST,
    "green-food",
    OFFICE,
    COOP,
    date(2026, 1, 1),
    TODAY,
    ("paddy",),
    Decimal(2),
    Decimal(800),
    used_kg=Decimal(300),
    used_of_lot_kg=Decimal(100),
    based_ha=Decimal(1),
)


def used(amount: str = "500", **told: Any) -> SchemeUsed:
    return SchemeUsed(**{"at": AUTUMN, "certificate": DIGEST, "lot": LOT, "amount": kg(amount), **told})


@pytest.mark.parametrize(("amount", "refused"), [("500", False), ("500.001", True)])
def test_no_more_is_sold_under_a_certificate_than_its_tonnage(amount: str, refused: bool) -> None:
    breaches = beyond_scheme(used(amount), of(COOP, lot(), scheme=SCHEME), RULES)

    assert found(breaches) == ([("beyond-scheme-tonnage", "refuse")] if refused else [])


@pytest.mark.parametrize(
    ("product", "expected"), [(EARS, []), (LOOSE_EARS, [("scheme-amount-unknown", "refuse")])]
)
def test_what_is_sold_under_a_certificate_has_a_weight(
    product: KnownProduct, expected: list[tuple[str, str]]
) -> None:
    event = replace(used(), amount=Amount(pieces=10))
    scheme = replace(SCHEME, commodities=("fresh-maize",))

    assert found(beyond_scheme(event, of(COOP, lot(of=product), scheme=scheme), RULES)) == expected


@pytest.mark.parametrize(("born", "refused"), [("600", False), ("599.999", True)])
def test_no_more_of_a_lot_is_sold_under_it_than_there_is(born: str, refused: bool) -> None:
    breaches = beyond_scheme(used("500"), of(COOP, lot(born=born), scheme=SCHEME), RULES)

    assert found(breaches) == ([("scheme-beyond-the-lot", "refuse")] if refused else [])


@pytest.mark.parametrize(
    ("scheme", "expected"),
    [
        (SCHEME, []),
        (replace(SCHEME, until=TODAY - timedelta(1)), ["certificate-not-live"]),
        (replace(SCHEME, since=TODAY + timedelta(1), until=TODAY + timedelta(9)), ["certificate-not-live"]),
        (replace(SCHEME, changes=((TODAY, "suspended"),)), ["certificate-not-live"]),
        (replace(SCHEME, changes=((TODAY + timedelta(1), "suspended"),)), []),
        (replace(SCHEME, changes=((date(2026, 3, 1), "suspended"), (TODAY, "resumed"))), []),
        (
            replace(SCHEME, changes=((date(2026, 3, 1), "withdrawn"), (TODAY, "resumed"))),
            ["certificate-not-live"],
        ),
        (replace(SCHEME, commodities=("maize",)), ["beyond-scheme-scope"]),
        (replace(SCHEME, holder=MILL), ["not-the-holder"]),
        (None, ["unknown-certificate"]),
    ],
)
def test_a_certificate_is_used_by_its_holder_on_its_days_for_its_goods(
    scheme: PastScheme | None, expected: list[str]
) -> None:
    breaches = beyond_scheme(used(), of(COOP, lot(), scheme=scheme), RULES)

    assert [each.rule for each in breaches] == expected


def test_pieces_without_a_weight_cannot_be_counted() -> None:
    loose = KnownProduct(COOP, "ears", "paddy", "pieces")

    breaches = beyond_scheme(used(), of(COOP, lot(of=loose), scheme=SCHEME), RULES)

    assert [each.rule for each in breaches] == ["scheme-beyond-the-lot"]


@pytest.mark.parametrize(
    ("area", "refused"),
    [("1", False), ("1.01", True)],
)
def test_a_base_is_no_larger_than_its_certificate(area: str, refused: bool) -> None:
    event = SchemeBaseRegistered(at=AUTUMN, certificate=DIGEST, plots=(BasePlot(PLOT, Decimal(area)),))
    known = of(COOP, scheme=SCHEME, land={PLOT: BaseLand(COOP, Decimal(3))})

    assert found(beyond_scheme(event, known, RULES)) == (
        [("beyond-scheme-area", "refuse")] if refused else []
    )


@pytest.mark.parametrize(
    ("by", "land", "plots", "expected"),
    [
        (COOP, BaseLand(COOP, Decimal(1)), (), []),
        (COOP, BaseLand(COOP, Decimal("0.99")), (), ["base-beyond-the-plot"]),
        (COOP, BaseLand(COOP, None), (), ["base-beyond-the-plot"]),
        (COOP, BaseLand(MILL, Decimal(1)), (), ["not-your-plot"]),
        (COOP, None, (), ["unknown-plot"]),
        (COOP, BaseLand(COOP, Decimal(1)), (PLOT,), ["plot-in-base-already"]),
        (MILL, BaseLand(COOP, Decimal(1)), (), ["not-the-holder"]),
    ],
)
def test_a_base_is_land_of_the_holder_counted_once(
    by: str, land: BaseLand | None, plots: Any, expected: list[str]
) -> None:
    event = SchemeBaseRegistered(at=AUTUMN, certificate=DIGEST, plots=(BasePlot(PLOT, Decimal(1)),))
    known = of(by, scheme=replace(SCHEME, plots=frozenset(plots)), land={} if land is None else {PLOT: land})

    assert [each.rule for each in beyond_scheme(event, known, RULES)] == expected


def granted(**told: Any) -> SchemeCertified:
    given: dict[str, Any] = {
        "at": AUTUMN,
        "scheme": "green-food",
        "number": "LB-1",
        "grantee": COOP,
        "since": TODAY,
        "until": TODAY,
        "goods": ("paddy",),
    }
    return SchemeCertified(**{**given, **told})


@pytest.mark.parametrize(
    ("by", "told", "taken", "expected"),
    [
        (OFFICE, {}, False, []),
        (OFFICE, {}, True, ["certificate-number-taken"]),
        (OFFICE, {"goods": ("gold",)}, False, ["unknown-commodity"]),
        (OFFICE, {"grantee": "nobody"}, False, ["unknown-party"]),
        (COOP, {}, False, ["own-certificate"]),
    ],
)
def test_a_certificate_is_granted_to_another_for_known_goods_under_a_number_of_its_own(
    by: str, told: Any, taken: bool, expected: list[str]
) -> None:
    known = of(by, number_taken=taken, parties={COOP: KnownParty(COOP, "cooperative", "220322")})

    assert [each.rule for each in beyond_scheme(granted(**told), known, RULES)] == expected


@pytest.mark.parametrize(
    ("by", "changes", "expected"),
    [
        (OFFICE, (), []),
        ("certifier", (), ["not-your-certificate"]),
        (OFFICE, ((TODAY, "withdrawn"),), ["withdrawn-already"]),
        (OFFICE, ((TODAY, "suspended"),), []),
    ],
)
def test_who_granted_it_or_an_office_changes_it_until_it_is_withdrawn(
    by: str, changes: Any, expected: list[str]
) -> None:
    event = SchemeChanged(at=AUTUMN, certificate=DIGEST, new_state="resumed")
    known = of(by, scheme=replace(SCHEME, changes=changes))

    assert [each.rule for each in beyond_scheme(event, known, RULES)] == expected


@pytest.mark.parametrize(
    "told",
    [
        {"until": TODAY - timedelta(1)},
        {"area_ha": Decimal(0)},
        {"scheme": "gi-use-right"},
        {"indication": "梅河大米", "registry": "知识产权局"},
        {"scheme": "service-promise"},
        {"promise": "七日内包退"},
    ],
)
def test_a_certificate_that_contradicts_itself_does_not_exist(told: Any) -> None:
    with pytest.raises(ValueError, match=r"certificate|bound|indication|promise"):
        granted(**told)
