"""Who may register a mark and grant a licence, and how long, how wide and for what."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from traceability.events import brands
from traceability.events.brands import Criterion, Score
from traceability.limits import shipped_rules
from traceability.past import KnownParty, Past
from traceability.past.brands import BrandsPast, Change, KnownAdmission, KnownLicence, KnownMark
from traceability.rules.brand_licence import licence_unsound
from traceability.rules.marks import mark_misplaced

NOW = datetime(2026, 10, 1, 4, tzinfo=UTC)
RULES = shipped_rules()
TOP = KnownMark(
    mark="jilin-rice",
    tier="endorsement",
    name="虚构吉林大米",
    name_en=None,
    owner="sheng",
    above=None,
    commodities=frozenset({"milled-rice", "paddy"}),
    divisions=frozenset({"220000"}),
)
COUNTY = replace(TOP, mark="yushu-rice", tier="regional", owner="yushu", above="jilin-rice")
COUNTY = replace(COUNTY, divisions=frozenset({"220182"}))
ABOVE = KnownLicence(
    licence="l-yushu",
    mark="jilin-rice",
    party="yushu",
    products=frozenset(),
    quota_kg=Decimal(100_000),
    since=date(2026, 1, 1),
    until=date(2026, 12, 31),
    under=None,
)


def _past(by: str, role: str = "regulator", division: str = "220182", **told: Any) -> Past:
    known = BrandsPast(
        marks={"jilin-rice": TOP, "yushu-rice": COUNTY},
        party_divisions={"sheng": "220000", "yushu": "220182", "mifang": "220182"},
        commodities={"rice": "milled-rice", "bran": "rice-bran"},
        licences={"l-yushu": ABOVE},
    )
    return Past(by=by, parties={by: KnownParty(by, role, division)}, brands=replace(known, **told))


def _mark(**told: Any) -> brands.MarkRegistered:
    given: dict[str, Any] = {
        "at": NOW,
        "mark": "new",
        "tier": "regional",
        "name": "虚构新牌",
        "owner": "yushu",
        "above": "jilin-rice",
        "commodities": ("milled-rice",),
        "divisions": ("220182",),
    }
    return brands.MarkRegistered(**(given | told))


def _licence(**told: Any) -> brands.LicenceGranted:
    given: dict[str, Any] = {
        "at": NOW,
        "licence": "l-new",
        "mark": "yushu-rice",
        "party": "mifang",
        "products": ("rice",),
        "quota_t": Decimal(100),
        "since": date(2026, 1, 1),
        "until": date(2026, 12, 31),
        "under": "l-yushu",
    }
    return brands.LicenceGranted(**(given | told))


def _broken(event: Any, past: Past) -> list[str]:
    rules = (mark_misplaced, licence_unsound)
    return [breach.rule for rule in rules for breach in rule(event, past, RULES)]


@pytest.mark.parametrize(
    ("told", "broken"),
    [
        ({}, []),
        ({"tier": "endorsement", "above": None, "divisions": ("220182",)}, []),
        ({"tier": "endorsement", "above": None, "divisions": ("220000",)}, ["mark-not-yours"]),
        ({"above": "nobody"}, ["mark-parent-unknown"]),
        ({"above": "yushu-rice"}, ["mark-parent-level"]),
        ({"above": "yushu-rice", "tier": "enterprise"}, []),
        ({"commodities": ("milled-rice", "maize")}, ["mark-wider"]),
        ({"commodities": ("stones",)}, ["mark-commodity-unknown", "mark-wider"]),
        ({"divisions": ("榆树",)}, ["mark-division-unknown", "mark-not-yours", "mark-wider"]),
        ({"owner": "nobody"}, ["mark-owner-unknown"]),
        ({"mark": "yushu-rice"}, []),
        ({"mark": "jilin-rice"}, ["mark-taken"]),
    ],
)
def test_a_mark_has_its_place_in_the_tree(told: dict[str, Any], broken: list[str]) -> None:
    event = _mark(**told)

    found = _broken(event, _past("yushu"))

    assert found == broken


@pytest.mark.parametrize(
    ("by", "told", "broken"),
    [
        ("mifang", {"tier": "enterprise", "owner": "mifang"}, []),
        ("mifang", {"tier": "enterprise", "owner": "yushu"}, ["mark-not-yours"]),
        ("mifang", {"tier": "regional", "owner": "mifang"}, ["mark-not-yours"]),
        ("sheng", {"tier": "regional", "owner": "yushu"}, []),
    ],
)
def test_a_firm_names_its_own_marks_alone(by: str, told: dict[str, Any], broken: list[str]) -> None:
    event = _mark(**told)
    role, division = ("regulator", "220000") if by == "sheng" else ("processor", "220182")

    found = _broken(event, _past(by, role, division))

    assert found == broken


def test_nothing_stands_under_a_mark_that_is_retired() -> None:
    retired = replace(TOP, retired_on=NOW.date())

    found = _broken(_mark(), _past("yushu", marks={"jilin-rice": retired}))

    assert found == ["mark-retired"]


@pytest.mark.parametrize(("by", "broken"), [("yushu", []), ("mifang", ["mark-not-yours"])])
def test_a_mark_is_retired_by_who_answers_for_it(by: str, broken: list[str]) -> None:
    event = brands.MarkRetired(at=NOW, mark="yushu-rice", why="voluntary")

    found = _broken(event, _past(by, "regulator" if by == "yushu" else "processor"))

    assert found == broken


@pytest.mark.parametrize(
    ("told", "broken"),
    [
        ({"yield_kg_ha": Decimal(11250)}, []),
        ({"yield_kg_ha": Decimal(11251)}, ["season-yield-high"]),
        ({"division": "220283"}, ["mark-wider"]),
        ({"commodity": "stones"}, ["mark-commodity-unknown"]),
        ({"mark": "nobody"}, ["mark-unknown"]),
    ],
)
def test_a_season_rests_on_land_of_the_mark(told: dict[str, Any], broken: list[str]) -> None:
    given: dict[str, Any] = {
        "mark": "yushu-rice",
        "season": 2026,
        "commodity": "paddy",
        "division": "220182",
        "area_ha": Decimal(100),
        "yield_kg_ha": Decimal(7500),
        "outturn_percent": Decimal(70),
    }
    event = brands.SeasonBasisSet(at=NOW, **(given | told))

    found = _broken(event, _past("yushu"))

    assert found == broken


@pytest.mark.parametrize(
    ("told", "broken"),
    [
        ({}, []),
        ({"quota_t": Decimal("100.001")}, ["licence-wider"]),
        ({"until": date(2027, 1, 1)}, ["licence-longer"]),
        ({"since": date(2025, 12, 31)}, ["licence-longer"]),
        ({"products": ("bran",)}, ["mark-commodity-outside"]),
        ({"products": ("nothing",)}, ["licence-product-unknown"]),
        ({"party": "nobody"}, ["licence-party-unknown"]),
        ({"mark": "nobody"}, ["mark-unknown"]),
        ({"licence": "l-yushu"}, ["licence-taken"]),
        ({"under": None}, ["licence-without-parent"]),
        ({"under": "nobody"}, ["licence-without-parent"]),
    ],
)
def test_a_licence_is_never_longer_or_wider_than_its_parent(told: dict[str, Any], broken: list[str]) -> None:
    event = _licence(**told)

    found = _broken(event, _past("yushu"))

    assert found == broken


def test_an_endorsement_leans_on_nothing() -> None:
    event = _licence(mark="jilin-rice", party="yushu", products=())

    found = _broken(event, _past("sheng", division="220000"))

    assert found == ["licence-parent-other"]


def test_a_licence_leans_on_one_of_the_owner_or_the_holder() -> None:
    other = replace(ABOVE, party="chaoshi")

    found = _broken(_licence(), _past("yushu", licences={"l-yushu": other}))

    assert found == ["licence-parent-other"]


@pytest.mark.parametrize(
    ("changes", "broken"),
    [
        ((), []),
        ((Change("suspended", date(2026, 9, 1), "misuse"),), ["licence-stopped"]),
        (
            (
                Change("suspended", date(2026, 9, 1), "misuse"),
                Change("resumed", date(2026, 9, 2), "corrected"),
            ),
            [],
        ),
        ((Change("suspended", date(2026, 10, 2), "misuse"),), []),
        ((Change("revoked", date(2026, 10, 1), "misuse"),), ["licence-stopped"]),
    ],
)
def test_a_licence_leans_on_one_that_counts(changes: tuple[Change, ...], broken: list[str]) -> None:
    parent = replace(ABOVE, changes=changes)

    found = _broken(_licence(), _past("yushu", licences={"l-yushu": parent}))

    assert found == broken


@pytest.mark.parametrize(
    ("by", "role", "broken"), [("sheng", "regulator", []), ("mifang", "processor", ["licence-not-yours"])]
)
def test_a_licence_is_granted_by_who_answers_for_the_mark(by: str, role: str, broken: list[str]) -> None:
    division = "220000" if by == "sheng" else "220182"

    found = _broken(_licence(), _past(by, role, division))

    assert found == broken


ASKING = replace(
    COUNTY,
    criteria=(Criterion("tests", 50, 90), Criterion("protocol", 20), Criterion("trace", 30)),
    threshold=85,
)


def _admitted(tests: int = 90, protocol: int = 75, trace: int = 84, **told: Any) -> KnownAdmission:
    scores = (Score("tests", tests, 10), Score("protocol", protocol, 4), Score("trace", trace, 4))
    known = KnownAdmission("d" * 64, "yushu-rice", "mifang", "rice", scores, date(2026, 9, 1))
    return replace(known, **told)


@pytest.mark.parametrize(
    ("admission", "broken"),
    [
        (None, ["admission-missing"]),
        (_admitted(), []),
        (_admitted(trace=83), ["admission-failed"]),
        (_admitted(tests=89, protocol=100), ["admission-failed"]),
        (_admitted(product="bran"), ["admission-other"]),
        (_admitted(day=date(2025, 9, 30)), []),
        (_admitted(day=date(2025, 9, 29)), ["admission-stale"]),
        (_admitted(scores=(Score("tests", 100, 10), Score("trace", 100, 4))), ["admission-failed"]),
        (
            _admitted(scores=(Score("tests", 100, 0), Score("protocol", 99, 1), Score("trace", 100, 4))),
            ["admission-failed"],
        ),
    ],
)
def test_a_mark_admits_who_reaches_its_threshold(admission: KnownAdmission | None, broken: list[str]) -> None:
    event = _licence(assessment=None if admission is None else "d" * 64)
    past = _past("yushu", marks={"jilin-rice": TOP, "yushu-rice": ASKING}, admission=admission)

    found = _broken(event, past)

    assert found == broken


@pytest.mark.parametrize(
    ("kind", "changes", "broken"),
    [
        (brands.LicenceSuspended, (), []),
        (brands.LicenceResumed, (), ["licence-not-suspended"]),
        (brands.LicenceResumed, (Change("suspended", date(2026, 10, 1), "misuse"),), []),
        (brands.LicenceRevoked, (), []),
        (brands.LicenceRevoked, (Change("revoked", date(2026, 9, 1), "misuse"),), ["licence-ended"]),
        (brands.LicenceResumed, (Change("revoked", date(2026, 9, 1), "misuse"),), ["licence-ended"]),
    ],
)
def test_what_was_revoked_does_not_come_back(
    kind: type[brands.LicenceSuspended], changes: tuple[Change, ...], broken: list[str]
) -> None:
    event = kind(at=NOW, licence="l-yushu", why="misuse")
    past = _past("sheng", division="220000", licences={"l-yushu": replace(ABOVE, changes=changes)})

    found = _broken(event, past)

    assert found == broken


@pytest.mark.parametrize(
    ("by", "licence", "broken"),
    [("yushu", "l-yushu", ["licence-not-yours"]), ("sheng", "nobody", ["licence-unknown"])],
)
def test_a_holder_does_not_judge_its_own_licence(by: str, licence: str, broken: list[str]) -> None:
    event = brands.LicenceSuspended(at=NOW, licence=licence, why="misuse")

    found = _broken(event, _past(by, division="220000" if by == "sheng" else "220182"))

    assert found == broken


@pytest.mark.parametrize(
    ("told", "broken"),
    [
        ({}, []),
        ({"product": "nothing"}, ["licence-product-unknown"]),
        ({"mark": "nobody"}, ["mark-unknown"]),
        ({"mark": "jilin-rice"}, ["mark-not-yours"]),
    ],
)
def test_an_assessment_is_of_a_product_and_by_who_answers(told: dict[str, Any], broken: list[str]) -> None:
    given: dict[str, Any] = {"mark": "yushu-rice", "party": "mifang", "product": "rice", "scores": ()}
    event = brands.AdmissionAssessed(at=NOW, **(given | told))

    found = _broken(event, _past("yushu"))

    assert found == broken


@pytest.mark.parametrize(
    "told",
    [
        {"criteria": (Criterion("tests", 60),), "threshold": 80},
        {"criteria": (), "threshold": 80},
        {"criteria": (Criterion("tests", 50), Criterion("tests", 50)), "threshold": 80},
        {"season_month": 13},
        {"above": None},
        {"mark": "Jilin Rice"},
    ],
)
def test_a_mark_that_makes_no_sense_cannot_exist(told: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"a |the |every |each |criteria "):
        _mark(**told)
