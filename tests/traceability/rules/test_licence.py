from typing import Any

import pytest

from tests.small_past import AUTUMN, COOP, MILL, OPERATOR, past
from traceability.events.registry import PrefixLicensed, ProductRegistered
from traceability.gs1 import check_digit
from traceability.limits import shipped_rules
from traceability.past import KnownParty, KnownProduct
from traceability.rules.licence import unlicensed

RULES = shipped_rules()


def gtin(digits: str) -> str:
    return digits + check_digit(digits)


OURS = gtin("0952123400001")


def product(number: str | None) -> ProductRegistered:
    return ProductRegistered(
        at=AUTUMN, product="rice", name="米", commodity="milled-rice", measure="mass", gtin=number
    )


def rules_of(event: Any, known: Any) -> list[str]:
    return [breach.rule for breach in unlicensed(event, known, RULES)]


@pytest.mark.parametrize(
    ("number", "rules"),
    [
        (None, []),
        (OURS, []),
        (gtin("1952123400001"), []),
        (gtin("0952123500001"), ["gtin-unlicensed"]),
        (gtin("9521234000012"), ["gtin-unlicensed"]),
        (gtin("0020000000001"), ["gtin-unlicensed"]),
        (OURS[:-1] + str(9 - int(OURS[-1])), ["not-a-gtin"]),
        (OURS[1:], ["not-a-gtin"]),
        ("０" + OURS[1:], ["not-a-gtin"]),
        ("", ["not-a-gtin"]),
    ],
)
def test_a_gtin_needs_a_licensed_prefix_and_its_check_digit(number: str | None, rules: list[str]) -> None:
    assert rules_of(product(number), past(MILL)) == rules


@pytest.mark.parametrize("start", ["002", "004", "020", "025", "029"])
def test_numbers_for_inside_a_shop_are_no_gtins_whoever_claims_them(start: str) -> None:
    party = KnownParty(MILL, "processor", "220581", (start[1:],))

    assert rules_of(product(gtin(start.ljust(13, "0"))), past(MILL, parties={MILL: party})) == [
        "gtin-unlicensed"
    ]


def test_who_has_no_licence_has_no_gtin() -> None:
    assert rules_of(product(OURS), past(COOP)) == ["gtin-unlicensed"]


@pytest.mark.parametrize(("name", "rules"), [("rice", []), ("other", ["gtin-taken"])])
def test_a_gtin_numbers_one_product(name: str, rules: list[str]) -> None:
    other = KnownProduct(MILL, name, "milled-rice", "mass", gtin=OURS)

    assert rules_of(product(OURS), past(MILL, gtins={OURS: other})) == rules


@pytest.mark.parametrize(
    ("prefix", "rules"),
    [
        ("9520001", []),
        ("9521234", []),
        ("9521", []),
        ("952", ["not-a-prefix"]),
        ("9" * 13, ["not-a-prefix"]),
        ("95x0001", ["not-a-prefix"]),
        ("0200001", ["prefix-inside-only"]),
        ("0400001", ["prefix-inside-only"]),
        ("2000001", ["prefix-inside-only"]),
        ("2999999", ["prefix-inside-only"]),
        ("3000000", []),
    ],
)
def test_a_prefix_has_four_to_twelve_digits_and_counts_outside(prefix: str, rules: list[str]) -> None:
    event = PrefixLicensed(at=AUTUMN, party=MILL, prefix=prefix)

    assert rules_of(event, past(OPERATOR)) == rules


@pytest.mark.parametrize("prefix", ["9521234", "95212345", "9521"])
def test_a_prefix_is_licensed_to_one_party(prefix: str) -> None:
    event = PrefixLicensed(at=AUTUMN, party=COOP, prefix=prefix)

    assert rules_of(event, past(OPERATOR)) == ["prefix-taken"]
