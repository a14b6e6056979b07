"""The rules of samples, reports, objections, accreditations and instruments."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.small_past import AUTUMN, COOP, LAB, LOT, OFFICE, kg, lot, moment, past
from traceability.errors import Breach
from traceability.events import field
from traceability.events.quality import Inspected, Result
from traceability.events.testing import (
    AccreditationChanged,
    Calibrated,
    InstrumentRegistered,
    LaboratoryAccredited,
    Objected,
    ResultNotified,
    RetestOrdered,
    Sampled,
)
from traceability.limits import shipped_rules
from traceability.past import KnownParty
from traceability.past.testing import (
    PastAccreditation,
    PastInstrument,
    PastNotice,
    PastObjection,
    PastReport,
    PastSampling,
    SamplesPast,
)
from traceability.rules.accreditation import ill_accredited
from traceability.rules.clauses import SAMPLING
from traceability.rules.doubtful import too_alike
from traceability.rules.instruments import uncalibrated
from traceability.rules.objecting import ill_objected
from traceability.rules.sampling import badly_sampled
from traceability.rules.tested import badly_tested

RULES = shipped_rules()
TODAY = date(2026, 9, 20)
OTHER_LAB = "other-lab"
COUNTY = "county-office"
DIGEST = "11" * 32
ACCREDITED = PastAccreditation(DIGEST, OFFICE, LAB, "CMA-1", date(2026, 1, 1), TODAY, ())
SAMPLING_OF_LAB = PastSampling("S1", LOT, "routine", TODAY, LAB, OFFICE, "220000", is_tested=False)
REPORT = PastReport(DIGEST, LAB, LOT, "S1", "routine", OFFICE)
NOTICE = PastNotice(COOP, moment("2026-09-13"), TODAY)


def found(breaches: Iterable[Breach]) -> list[tuple[str, str]]:
    return [(each.rule, each.level) for each in breaches]


def sampled(**told: Any) -> Sampled:
    given: dict[str, Any] = {
        "at": AUTUMN,
        "lot": LOT,
        "sample": "S1",
        "purpose": "routine",
        "product_class": "agricultural",
        "commodity": "paddy",
        "division": "220322",
        "amount": kg("1"),
    }
    return Sampled(**{**given, **told})


def report(*values: str, **told: Any) -> Inspected:
    results = tuple(
        Result(f"项目{number}", "mg/kg", passed=True, value=Decimal(value))
        for number, value in enumerate(values or ("0.05",))
    )
    given: dict[str, Any] = {
        "at": AUTUMN,
        "lot": LOT,
        "sample": "S1",
        "purpose": "routine",
        "sampled_on": TODAY,
        "results": results,
        "verdict": "conformant",
    }
    return Inspected(**{**given, **told})


def of(by: str, *lots: Any, **told: Any) -> Any:
    return past(by, *lots, testing=SamplesPast(**told))


def test_an_office_samples_a_lot_that_is_there() -> None:
    assert found(badly_sampled(sampled(), of(OFFICE, lot()), RULES)) == []


def test_a_sampling_of_goods_that_are_not_there_or_others_is_refused() -> None:
    nothing = found(badly_sampled(sampled(), of(OFFICE), RULES))
    others = found(badly_sampled(sampled(commodity="maize"), of(OFFICE, lot()), RULES))
    early = found(badly_sampled(sampled(at=moment("2026-08-31")), of(OFFICE, lot()), RULES))

    assert (nothing, others, early) == (
        [("unknown-lot", "refuse")],
        [("sample-of-other-goods", "refuse")],
        [("before-its-lot", "refuse")],
    )


@pytest.mark.parametrize(
    ("by", "ordered_by", "purpose", "refused"),
    [
        (OFFICE, None, "routine", False),
        (LAB, None, "routine", True),
        (LAB, OFFICE, "routine", False),
        (LAB, COOP, "supervision", True),
        (LAB, None, "commissioned", False),
        (COOP, None, "self-check", False),
    ],
)
def test_what_targets_count_is_ordered_by_an_office(
    by: str, ordered_by: str | None, purpose: str, refused: bool
) -> None:
    known = {OFFICE: KnownParty(OFFICE, "regulator", "220000"), COOP: KnownParty(COOP, "cooperative", "2")}

    breaches = badly_sampled(
        sampled(purpose=purpose, ordered_by=ordered_by), of(by, lot(), parties=known), RULES
    )

    assert found(breaches) == ([("sampling-not-ordered", "refuse")] if refused else [])


def test_a_number_is_given_to_one_sample_of_a_lot() -> None:
    before = replace(SAMPLING_OF_LAB, purpose="self-check")

    same = found(badly_sampled(sampled(), of(OFFICE, lot(), samplings=(before,)), RULES))
    next_one = found(badly_sampled(sampled(sample="S2"), of(OFFICE, lot(), samplings=(before,)), RULES))

    assert (same, next_one) == ([("sample-taken", "refuse")], [])


def test_a_sample_goes_to_a_laboratory() -> None:
    known = {COOP: KnownParty(COOP, "cooperative", "220322")}

    breaches = badly_sampled(sampled(laboratory=COOP), of(OFFICE, lot(), parties=known), RULES)

    assert found(breaches) == [("not-a-laboratory", "refuse")]


@pytest.mark.parametrize(
    ("office", "division", "is_tested", "expected"),
    [
        ("province", "220000", True, [("sampled-by-higher-office", "refuse")]),
        ("city", "220300", False, [("sampled-by-higher-office", "refuse")]),
        ("next-county", "220323", True, []),
        ("next-county", "220323", False, [("sampling-under-way", "warn")]),
        (COUNTY, "220322", False, []),
    ],
)
def test_a_lower_office_does_not_sample_a_batch_again(
    office: str, division: str, is_tested: bool, expected: list[tuple[str, str]]
) -> None:
    before = replace(SAMPLING_OF_LAB, office=office, office_division=division, is_tested=is_tested)
    known = of(COUNTY, lot(), samplings=(before,))
    here = replace(known, parties={COUNTY: KnownParty(COUNTY, "regulator", "220322")})

    breaches = list(badly_sampled(sampled(sample="S2"), here, RULES))

    assert found(breaches) == expected
    assert all(each.clause == SAMPLING for each in breaches if each.rule == "sampled-by-higher-office")


@pytest.mark.parametrize(("office_says", "level"), [(False, "warn"), (True, "refuse")])
def test_a_laboratory_s_word_of_a_higher_office_keeps_no_office_from_sampling(
    *, office_says: bool, level: str
) -> None:
    before = replace(SAMPLING_OF_LAB, office="province", office_division="220000", office_says=office_says)
    known = of(COUNTY, lot(), samplings=(before,))
    here = replace(known, parties={COUNTY: KnownParty(COUNTY, "regulator", "220322")})

    breaches = list(badly_sampled(sampled(sample="S2"), here, RULES))

    assert found(breaches) == [("sampled-by-higher-office", level)]


@pytest.mark.parametrize(
    ("told", "by", "expected"),
    [
        ({}, LAB, []),
        ({"purpose": "commissioned"}, LAB, [("purpose-differs", "refuse")]),
        ({"sampled_on": TODAY - timedelta(1)}, LAB, [("sampling-day-differs", "refuse")]),
        ({}, OTHER_LAB, [("another-laboratory", "refuse")]),
    ],
)
def test_a_report_fits_its_sampling(told: Any, by: str, expected: list[tuple[str, str]]) -> None:
    known = of(by, lot(), samplings=(SAMPLING_OF_LAB,), accreditations=(ACCREDITED,))

    assert found(badly_tested(report(**told), known, RULES)) == expected


def test_a_report_without_a_sampling_stays_as_it_was() -> None:
    assert found(badly_tested(report(), of(LAB, lot()), RULES)) == []


def test_a_sample_that_the_laboratory_expects_from_another_lot_is_refused() -> None:
    breaches = badly_tested(report(), of(LAB, lot(), elsewhere="/lot/x/y/Z"), RULES)

    assert found(breaches) == [("sample-of-another-lot", "refuse")]


@pytest.mark.parametrize(
    ("accreditation", "purpose", "expected"),
    [
        (replace(ACCREDITED, until=TODAY), "routine", []),
        (
            replace(ACCREDITED, until=TODAY - timedelta(1)),
            "routine",
            [("laboratory-not-accredited", "refuse")],
        ),
        (
            replace(ACCREDITED, until=TODAY - timedelta(1)),
            "commissioned",
            [("laboratory-not-accredited", "warn")],
        ),
        (replace(ACCREDITED, until=TODAY - timedelta(1)), "self-check", []),
        (
            replace(ACCREDITED, changes=((TODAY, "suspended"),)),
            "routine",
            [("laboratory-not-accredited", "refuse")],
        ),
        (
            replace(ACCREDITED, changes=((TODAY - timedelta(1), "suspended"), (TODAY, "resumed"))),
            "routine",
            [],
        ),
        (
            replace(ACCREDITED, changes=((TODAY - timedelta(1), "withdrawn"), (TODAY, "resumed"))),
            "routine",
            [("laboratory-not-accredited", "refuse")],
        ),
        (replace(ACCREDITED, analytes=("项目0",)), "routine", []),
        (replace(ACCREDITED, analytes=("铅",)), "routine", [("beyond-accreditation", "warn")]),
    ],
)
def test_the_laboratory_is_accredited_on_the_day(
    accreditation: PastAccreditation, purpose: str, expected: list[tuple[str, str]]
) -> None:
    sampling = replace(SAMPLING_OF_LAB, purpose=purpose)
    known = of(LAB, lot(), samplings=(sampling,), accreditations=(accreditation,))

    assert found(badly_tested(report(purpose=purpose), known, RULES)) == expected


OBJECTION = PastObjection(DIGEST, DIGEST, COOP, OTHER_LAB, TODAY)
OTHER_ACCREDITED = replace(ACCREDITED, party=OTHER_LAB)


@pytest.mark.parametrize(
    ("by", "told", "changed", "expected"),
    [
        (OTHER_LAB, {}, {}, []),
        (LAB, {}, {"objection": replace(OBJECTION, laboratory=None)}, [("same-laboratory", "refuse")]),
        (OTHER_LAB, {"purpose": "rapid"}, {}, [("rapid-retest", "refuse")]),
        (
            OTHER_LAB,
            {"results": (Result("镉", "mg/kg", passed=True, rapid=True),)},
            {},
            [("rapid-retest", "refuse")],
        ),
        (OTHER_LAB, {"sample": "S2"}, {}, [("retest-of-another-sample", "refuse")]),
        (OTHER_LAB, {}, {"report": replace(REPORT, retested=True)}, [("retested-already", "refuse")]),
        (
            OTHER_LAB,
            {},
            {"objection": replace(OBJECTION, laboratory="third")},
            [("retest-not-ordered", "refuse")],
        ),
        (
            OTHER_LAB,
            {},
            {"objection": replace(OBJECTION, due=TODAY - timedelta(1))},
            [("retest-late", "warn")],
        ),
        (OTHER_LAB, {}, {"objection": None}, [("unknown-objection", "refuse")]),
        (OTHER_LAB, {}, {"accreditations": ()}, [("laboratory-not-accredited", "refuse")]),
    ],
)
def test_a_retest_comes_from_another_laboratory_by_no_rapid_method(
    by: str, told: Any, changed: Any, expected: list[tuple[str, str]]
) -> None:
    given = {"objection": OBJECTION, "report": REPORT, "accreditations": (OTHER_ACCREDITED,), **changed}

    breaches = badly_tested(report(retest_of=DIGEST, **told), of(by, lot(), **given), RULES)

    assert found(breaches) == expected


@pytest.mark.parametrize(
    ("days", "purpose", "expected"),
    [
        (5, "routine", []),
        (4, "routine", [("term-too-short", "refuse")]),
        (None, "routine", [("term-missing", "refuse")]),
        (None, "rapid", []),
    ],
)
def test_a_notice_leaves_time_to_object(
    days: int | None, purpose: str, expected: list[tuple[str, str]]
) -> None:
    until = None if days is None else TODAY + timedelta(days)
    notice = ResultNotified(at=AUTUMN, inspection=DIGEST, party=COOP, until=until)
    known = of(
        LAB,
        report=replace(REPORT, purpose=purpose),
        parties={COOP: KnownParty(COOP, "cooperative", "220322")},
    )

    assert found(ill_objected(notice, known, RULES)) == expected


def test_only_who_tested_or_an_office_tells_of_a_result() -> None:
    notice = ResultNotified(at=AUTUMN, inspection=DIGEST, party=COOP, until=TODAY + timedelta(9))
    parties = {COOP: KnownParty(COOP, "cooperative", "220322")}

    by_another = found(ill_objected(notice, of(OTHER_LAB, report=REPORT, parties=parties), RULES))
    by_office = found(ill_objected(notice, of(OFFICE, report=REPORT, parties=parties), RULES))
    to_nobody = found(ill_objected(notice, of(LAB, report=REPORT), RULES))

    assert (by_another, by_office, to_nobody) == (
        [("not-your-result", "refuse")],
        [],
        [("unknown-party", "refuse")],
    )


@pytest.mark.parametrize(
    ("at", "purpose", "refused"),
    [
        (moment("2026-09-20", hour=15), "routine", False),
        (moment("2026-09-20", hour=16), "routine", True),
        (moment("2026-09-13", hour=7), "rapid", False),
        (moment("2026-09-13", hour=8), "rapid", True),
    ],
)
def test_an_objection_comes_within_its_term(at: Any, purpose: str, refused: bool) -> None:
    known = of(COOP, report=replace(REPORT, purpose=purpose), notice=NOTICE)

    # The day that the objection names is not what counts.
    told = Objected(at=moment("2026-09-13"), inspection=DIGEST)
    breaches = ill_objected(told, replace(known, recorded_at=at), RULES)

    assert found(breaches) == ([("objection-late", "refuse")] if refused else [])


@pytest.mark.parametrize(
    ("by", "told", "expected"),
    [
        (COOP, {"notice": None, "sampled_parties": frozenset({COOP})}, []),
        (OTHER_LAB, {"notice": None, "sampled_parties": frozenset({COOP})}, ["not-the-sampled-party"]),
        (OTHER_LAB, {}, ["not-the-sampled-party"]),
        (COOP, {"has_objection": True}, ["objected-already"]),
        (COOP, {"report": replace(REPORT, retested=True)}, ["retested-already"]),
        (COOP, {"report": None}, ["unknown-inspection"]),
        (COOP, {"notice": replace(NOTICE, until=None)}, []),
    ],
)
def test_the_sampled_party_objects_once(by: str, told: Any, expected: list[str]) -> None:
    known = of(by, **{"report": REPORT, "notice": NOTICE, **told})

    breaches = ill_objected(Objected(at=AUTUMN, inspection=DIGEST), known, RULES)

    assert [each.rule for each in breaches] == expected


@pytest.mark.parametrize(
    ("laboratory", "told", "due", "expected"),
    [
        (OTHER_LAB, {}, TODAY + timedelta(1), []),
        (OTHER_LAB, {}, TODAY, ["due-before-its-order"]),
        (LAB, {}, TODAY + timedelta(1), ["same-laboratory"]),
        (COOP, {}, TODAY + timedelta(1), ["not-a-laboratory"]),
        (OTHER_LAB, {"objection": OBJECTION}, TODAY + timedelta(1), ["retest-ordered-already"]),
        (OTHER_LAB, {"objection": None}, TODAY + timedelta(1), ["unknown-objection"]),
    ],
)
def test_an_office_orders_one_retest_from_another_laboratory(
    laboratory: str, told: Any, due: date, expected: list[str]
) -> None:
    fresh = replace(OBJECTION, laboratory=None, due=None)
    labs = {name: KnownParty(name, "laboratory", "220100") for name in (LAB, OTHER_LAB)}
    known = of(OFFICE, **{"report": REPORT, "objection": fresh, "parties": labs, **told})
    order = RetestOrdered(at=AUTUMN, objection=DIGEST, laboratory=laboratory, due=due)

    assert [each.rule for each in ill_objected(order, known, RULES)] == expected


def test_a_laboratory_is_accredited_and_nobody_else() -> None:
    told = {"scheme": "CMA", "number": "CMA-1", "since": TODAY, "until": TODAY}
    event = LaboratoryAccredited(at=AUTUMN, party=COOP, **told)  # type: ignore[arg-type]  # as its fields are

    breaches = ill_accredited(event, of(OFFICE, parties={COOP: KnownParty(COOP, "cooperative", "2")}), RULES)

    assert found(breaches) == [("not-a-laboratory", "refuse")]


@pytest.mark.parametrize(
    ("by", "known", "expected"),
    [
        (OFFICE, (ACCREDITED,), []),
        (LAB, (replace(ACCREDITED, by="certifier"),), ["not-your-certificate"]),
        (OFFICE, (), ["unknown-accreditation"]),
        (OFFICE, (replace(ACCREDITED, changes=((TODAY, "withdrawn"),)),), ["withdrawn-already"]),
    ],
)
def test_who_accredited_or_an_office_changes_it_until_it_is_withdrawn(
    by: str, known: Any, expected: list[str]
) -> None:
    event = AccreditationChanged(at=AUTUMN, accreditation=DIGEST, new_state="suspended")

    breaches = ill_accredited(event, of(by, accreditations=known), RULES)

    assert [each.rule for each in breaches] == expected


@pytest.mark.parametrize(
    ("instrument", "expected"),
    [
        (PastInstrument("scale-1", TODAY, passed=True), []),
        (PastInstrument("scale-1", TODAY - timedelta(1), passed=True), ["calibration-overdue"]),
        (PastInstrument("scale-1", TODAY, passed=False), ["instrument-not-calibrated"]),
        (PastInstrument("scale-1"), ["instrument-not-calibrated"]),
        (None, ["instrument-not-registered"]),
    ],
)
def test_a_weight_names_an_instrument_that_is_calibrated(
    instrument: PastInstrument | None, expected: list[str]
) -> None:
    harvest = field.Harvested(
        at=AUTUMN,
        lot=LOT,
        product="paddy",
        amount=kg("1"),
        plots=(field.PlotShare("0" * 25 + "1", kg("1")),),
        instrument="scale-1",
    )
    known = {} if instrument is None else {"scale-1": instrument}

    breaches = list(uncalibrated(harvest, of(COOP, instruments=known), RULES))

    assert found(breaches) == [(rule, "warn") for rule in expected]


def test_an_instrument_is_registered_once_and_before_it_is_calibrated() -> None:
    registered = InstrumentRegistered(at=AUTUMN, instrument="scale-1", instrument_type="scale")
    calibrated = Calibrated(
        at=AUTUMN, instrument="scale-1", institution="院", conclusion="passed", due=TODAY + timedelta(365)
    )
    known = {"scale-1": PastInstrument("scale-1")}

    twice = found(uncalibrated(registered, of(COOP, instruments=known), RULES))
    unknown = found(uncalibrated(calibrated, of(COOP), RULES))

    assert (twice, unknown) == ([("registered-already", "refuse")], [("unknown-instrument", "refuse")])


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (("0.05", "0.05", "0.05"), ["values-alike"]),
        (("0.05", "0.05", "0.051"), []),
        (("0.05", "0.05"), []),
    ],
)
def test_three_analytes_with_one_value_are_marked(values: tuple[str, ...], expected: list[str]) -> None:
    breaches = too_alike(report(*values), of(LAB), RULES)

    assert found(breaches) == [(rule, "warn") for rule in expected]


def test_a_report_told_before_of_another_sample_is_marked_and_not_refused() -> None:
    known = of(LAB, repeated=(("report", "S9"), ("values", "S9")))

    breaches = too_alike(report(), known, RULES)

    assert found(breaches) == [("report-repeated", "warn"), ("values-repeated", "warn")]
