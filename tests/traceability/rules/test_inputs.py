from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.small_past import COOP, PLOT, moment, past, plot
from traceability.errors import Breach
from traceability.events.field import InputApplied, InputBought, Treated
from traceability.limits import RuleSet, shipped_rules
from traceability.past import Past
from traceability.past.inputs import Account, InputsPast, PastPurchase
from traceability.rule_tables.inputs import DOSES, doses_of
from traceability.rules.clauses import INPUT_RECORDS, OVER_DOSE
from traceability.rules.dose import over_dose
from traceability.rules.purchase import doubtful_purchase
from traceability.rules.shelf import not_bought
from traceability.vocabulary import commodities

RULES = shipped_rules()
CODE = "1" + "190153" + "1" + "011" + "5" + "0" * 15 + "12345"
SPRAYED = moment("2026-07-01")


def treated(**told: Any) -> Treated:
    fields: dict[str, Any] = {"plot": PLOT, "name": "虚构牌", "substances": ("吡虫啉",), **told}
    return Treated(at=SPRAYED, **fields)


def bought(**told: Any) -> InputBought:
    fields: dict[str, Any] = {
        "name": "虚构牌",
        "category": "pesticide",
        "amount": Decimal(1),
        "unit": "kg",
        **told,
    }
    return InputBought(at=SPRAYED, **fields)


def known(**told: Any) -> Past:
    return past(COOP, plots=[plot()], inputs=InputsPast(**told))


LABEL = PastPurchase(1, COOP, "虚构牌", date(2026, 5, 1), dose_most=Decimal(20), dose_unit="克/亩")


@pytest.mark.parametrize(
    ("dose", "unit", "rules"),
    [
        ("20", "克/亩", []),
        ("20.01", "克/亩", ["over-dose"]),
        ("300", "g/ha", []),
        ("301", "g/ha", ["over-dose"]),
        ("5000", "倍液", []),
    ],
)
def test_no_more_than_the_label_of_the_purchase_says(dose: str, unit: str, rules: list[str]) -> None:
    event = treated(dose=Decimal(dose), dose_unit=unit)

    breaches = list(over_dose(event, known(dosed=LABEL), RULES))

    assert [(breach.rule, breach.level) for breach in breaches] == [(rule, "refuse") for rule in rules]


@pytest.mark.parametrize(("dose", "rules"), [("1500", []), ("1499", ["over-dose"])])
def test_a_dilution_is_no_stronger_than_the_label_says(dose: str, rules: list[str]) -> None:
    label = replace(LABEL, dose_most=Decimal(1500), dose_unit="倍")

    found = over_dose(treated(dose=Decimal(dose), dose_unit="倍液"), known(dosed=label), RULES)

    assert [breach.rule for breach in found] == rules


def test_the_breach_tells_both_figures() -> None:
    breaches = list(over_dose(treated(dose=Decimal(30), dose_unit="克/亩"), known(dosed=LABEL), RULES))

    facts = (
        ("plot", PLOT),
        ("treatment", "虚构牌"),
        ("dose", "30 克/亩"),
        ("most", "20 克/亩"),
        ("measure", "amount"),
        ("source", "label"),
    )
    assert breaches == [Breach("over-dose", OVER_DOSE, facts)]


@pytest.mark.parametrize(("confidence", "level"), [("sure", "refuse"), ("likely", "warn")])
@pytest.mark.parametrize(("dose", "count"), [("20", 0), ("21", 1)])
def test_a_row_that_nobody_checked_only_warns(confidence: str, level: str, dose: str, count: int) -> None:
    head = (
        "substance_zh,substance_en,aliases,commodity,registration,most,unit,from,until,note,source,confidence"
    )
    content = f"{head}\n吡虫啉,imidacloprid,,paddy,,300,g/ha,2026-07-01,,,label,{confidence}\n".encode()
    rules = _with_doses(content)

    breaches = list(over_dose(treated(dose=Decimal(dose), dose_unit="克/亩"), known(), rules))

    assert [breach.level for breach in breaches] == [level] * count


def _with_doses(content: bytes) -> RuleSet:
    return replace(RULES, topics={**RULES.topics, DOSES.file: doses_of(content, commodities())})


def test_without_a_figure_nothing_is_said_of_a_dose() -> None:
    assert list(over_dose(treated(dose=Decimal(999), dose_unit="克/亩"), known(), RULES)) == []


@pytest.mark.parametrize(
    ("amount", "unit", "rules"),
    [("500", "g", []), ("500.001", "g", ["input-not-bought"]), ("0.5", "公斤", [])],
)
def test_what_is_used_was_bought(amount: str, unit: str, rules: list[str]) -> None:
    account = Account("kg", bought=Decimal(2), used=Decimal("1.75"), adjusted=Decimal("0.25"))
    event = treated(amount=Decimal(amount), unit=unit)

    assert [breach.rule for breach in not_bought(event, known(account=account), RULES)] == rules


def test_the_warning_tells_what_was_wanted_and_what_is_there() -> None:
    account = Account("kg", bought=Decimal(2), used=Decimal("2.5"))
    event = InputApplied(
        at=SPRAYED, plot=PLOT, name="尿素", category="fertiliser", amount=Decimal(1), unit="kg"
    )

    breaches = list(not_bought(event, known(account=account), RULES))

    facts = (("name", "尿素"), ("wanted", "1 kg"), ("held", "0 kg"))
    assert breaches == [Breach("input-not-bought", INPUT_RECORDS, facts, level="warn")]


def test_a_spray_that_does_not_say_how_much_is_not_counted() -> None:
    assert list(not_bought(treated(), known(), RULES)) == []


@pytest.mark.parametrize(
    ("told", "rules"),
    [
        ({}, []),
        ({"substances": ("吡虫啉",)}, []),
        ({"substances": ("克百威",)}, ["banned-purchase"]),
        ({"substances": ("磷化铝",)}, ["unlicensed-dealer"]),
        ({"substances": ("磷化铝",), "licensed_dealer": True}, []),
        ({"label_code": CODE, "registration": "PD20190153"}, []),
        ({"label_code": CODE, "registration": "PD20190154"}, ["label-code-differs"]),
        ({"label_code": CODE[:-1]}, ["label-code-form"]),
        ({"label_code": "JZ2026000123", "category": "seed"}, []),
        ({"expiry": date(2026, 7, 1)}, []),
        ({"expiry": date(2026, 6, 30)}, ["input-expired"]),
    ],
)
def test_what_a_purchase_shows_by_itself_warns(told: dict[str, Any], rules: list[str]) -> None:
    breaches = list(doubtful_purchase(bought(**told), known(), RULES))

    assert [(breach.rule, breach.level) for breach in breaches] == [(rule, "warn") for rule in rules]


@pytest.mark.parametrize(("day", "rules"), [("2026-05-31", []), ("2026-06-01", ["banned-purchase"])])
def test_a_purchase_is_judged_by_what_was_banned_on_its_day(day: str, rules: list[str]) -> None:
    event = replace(bought(substances=("灭多威",)), at=moment(day))

    assert [breach.rule for breach in doubtful_purchase(event, known(), RULES)] == rules


def test_a_label_code_stands_on_one_pack_alone() -> None:
    copied = PastPurchase(1, "another-coop", "别的", date(2026, 5, 1), label_code=CODE)

    found = doubtful_purchase(bought(label_code=CODE), known(copied=copied), RULES)

    assert [breach.rule for breach in found] == ["label-code-copied"]


@pytest.mark.parametrize(
    ("expiry", "rules"), [(date(2026, 7, 1), []), (date(2026, 6, 30), ["input-expired"])]
)
def test_what_is_used_is_not_out_of_date(expiry: date, rules: list[str]) -> None:
    newest = PastPurchase(1, COOP, "虚构牌", date(2026, 5, 1), expiry=expiry)

    assert [breach.rule for breach in doubtful_purchase(treated(), known(newest=newest), RULES)] == rules


@pytest.mark.parametrize("last_on", [date(2026, 6, 30)])
def test_a_treatment_does_not_end_before_it_begins(last_on: date) -> None:
    with pytest.raises(ValueError, match="does not end before it begins"):
        treated(last_on=last_on)
