"""Goods of some marks come from certified bases alone; rights and honours are told by an office."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from traceability.events import bases, brands, credentials
from traceability.limits import shipped_rules
from traceability.past import KnownLot, KnownParty, KnownProduct, Past
from traceability.past.brands import (
    BrandsPast,
    KnownBase,
    KnownLicence,
    KnownMark,
    KnownRight,
    KnownTest,
    OriginPart,
)
from traceability.quantity import Amount
from traceability.rules.bases import base_misused
from traceability.rules.credentials import right_unfounded
from traceability.rules.mark_use import mark_misused

NOW = datetime(2026, 10, 1, 4, tzinfo=UTC)
RULES = shipped_rules()
LOT = "/lot/hongshen/red/R1"
PLOT = "0" * 25 + "1"
RED = KnownProduct("hongshen", "red", "ginseng-red", "mass")
MARK = KnownMark(
    mark="ginseng",
    tier="endorsement",
    name="虚构长白山人参",
    name_en=None,
    owner="sheng",
    above=None,
    commodities=frozenset({"ginseng-red"}),
    divisions=frozenset({"220600"}),
    from_bases=True,
)
LICENCE = KnownLicence(
    licence="l-1",
    mark="ginseng",
    party="hongshen",
    products=frozenset(),
    quota_kg=Decimal(10_000),
    since=date(2026, 1, 1),
    until=date(2026, 12, 31),
    under=None,
)
BASE = KnownBase(
    base="base-1",
    mark="ginseng",
    party="shencao",
    division="220621",
    commodity="ginseng-fresh",
    plots=frozenset({PLOT}),
    area_ha=Decimal(2),
    capacity_kg=Decimal(1000),
    since=date(2026, 1, 1),
    until=date(2028, 12, 31),
)
ORIGIN = OriginPart(
    "/lot/shencao/fresh/F1", "harvested", PLOT, "220621", "ginseng-fresh", None, date(2026, 9, 1)
)


def past(by: str = "hongshen", role: str = "processor", division: str = "220621", **told: Any) -> Past:
    known = BrandsPast(
        marks={"ginseng": MARK},
        licences={"l-1": LICENCE},
        bases={"base-1": BASE},
        base_of_plot={PLOT: frozenset({"base-1"})},
        origins=(ORIGIN,),
        party_divisions={"shencao": "220621", "hongshen": "220621"},
        commodities={"red": "ginseng-red", "nothing": None},
    )
    lot = KnownLot(LOT, RED, "hongshen", born=Decimal(500), stock={"hongshen": Decimal(500)})
    return Past(
        by=by, parties={by: KnownParty(by, role, division)}, lots={LOT: lot}, brands=replace(known, **told)
    )


def applied(*shares: tuple[str, str], kg: str = "250", at: datetime = NOW) -> brands.MarkApplied:
    return brands.MarkApplied(
        at=at,
        lot=LOT,
        mark="ginseng",
        licence="l-1",
        amount=Amount(kg=Decimal(kg)),
        bases=tuple(brands.BaseShare(base, Decimal(raw)) for base, raw in shares),
    )


def codes(event: Any, known: Past) -> list[str]:
    rules = (base_misused, right_unfounded, mark_misused)
    return [breach.rule for rule in rules for breach in rule(event, known, RULES)]


@pytest.mark.parametrize(
    ("shares", "kg", "expected"),
    [
        ([("base-1", "1000")], "250", []),
        ([("base-1", "1000.001")], "250", ["base-overdrawn"]),
        ([("base-1", "250")], "250", []),
        ([("base-1", "249.999")], "250", ["base-too-little"]),
        ([("nobody", "1000")], "250", ["base-unknown", "base-not-origin"]),
        ([], "250", ["base-not-origin", "base-missing"]),
    ],
)
def test_what_bears_the_mark_comes_from_certified_bases(
    shares: list[tuple[str, str]], kg: str, expected: list[str]
) -> None:
    event = applied(*shares, kg=kg)

    found = codes(event, past())

    assert found == expected


def test_what_was_taken_of_a_base_counts_against_it() -> None:
    used = replace(BASE, used_kg=Decimal(600))

    found = codes(applied(("base-1", "400.001")), past(bases={"base-1": used}))

    assert found == ["base-overdrawn"]


@pytest.mark.parametrize(
    ("origin", "expected"),
    [
        (replace(ORIGIN, plot="0" * 25 + "2"), ["base-not-origin"]),
        (replace(ORIGIN, plot=None, division=None), ["base-not-origin", "mark-origin-outside"]),
    ],
)
def test_roots_of_another_plot_take_the_mark_away(origin: OriginPart, expected: list[str]) -> None:
    found = codes(applied(("base-1", "1000")), past(origins=(ORIGIN, origin)))

    assert found == expected


def _tests(*told: tuple[str, date, str]) -> tuple[KnownTest, ...]:
    return tuple(KnownTest(*each) for each in told)  # type: ignore[arg-type]  # the words are those of the class


YEAR = date(2027, 1, 2)


@pytest.mark.parametrize(
    ("tests", "day", "stop"),
    [
        ((), date(2026, 1, 1), None),
        ((), date(2025, 12, 31), "not-yet"),
        ((), YEAR, None),
        ((), YEAR + timedelta(days=1), "soil-untested"),
        ((("soil", date(2026, 6, 1), "conformant"),), YEAR + timedelta(days=1), "product-untested"),
        (
            (("soil", date(2026, 6, 1), "conformant"), ("product", date(2026, 6, 1), "conformant")),
            YEAR + timedelta(days=1),
            None,
        ),
        ((("product", date(2026, 6, 1), "non-conformant"),), date(2026, 6, 1), "test-failed"),
        ((("product", date(2026, 6, 1), "non-conformant"),), date(2026, 5, 31), None),
        ((("soil", date(2025, 6, 1), "non-conformant"),), date(2026, 6, 1), None),
    ],
)
def test_a_base_is_tested_every_year_and_loses_its_title_when_it_fails(
    tests: tuple[tuple[str, date, str], ...], day: date, stop: str | None
) -> None:
    base = replace(BASE, tests=_tests(*tests))

    assert base.stopped(day) == stop


def test_a_base_without_title_gives_nothing() -> None:
    gone = replace(BASE, withdrawn_on=NOW.date())

    found = codes(applied(("base-1", "1000")), past(bases={"base-1": gone}))

    assert found == ["base-stopped"]


def certified(**told: Any) -> bases.BaseCertified:
    given: dict[str, Any] = {
        "at": NOW,
        "base": "base-2",
        "mark": "ginseng",
        "party": "shencao",
        "division": "220621",
        "commodity": "ginseng-fresh",
        "plots": (PLOT,),
        "area_ha": Decimal(2),
        "capacity_kg": Decimal(1000),
        "since": date(2026, 1, 1),
        "until": date(2026, 12, 31),
    }
    return bases.BaseCertified(**(given | told))


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({}, []),
        ({"mark": "nobody"}, ["base-mark-unknown"]),
        ({"division": "220182"}, ["base-outside"]),
        ({"party": "nobody"}, ["licence-party-unknown"]),
        ({"base": "base-1"}, []),
        ({"base": "base-1", "party": "hongshen"}, ["base-taken"]),
    ],
)
def test_a_base_is_certified_by_an_office_of_the_area(told: dict[str, Any], expected: list[str]) -> None:
    event = certified(**told)

    found = codes(event, past("baishan", "regulator", "220600"))

    assert found == expected


def test_a_county_does_not_certify_for_the_whole_area() -> None:
    assert codes(certified(), past("fusong", "regulator", "220621")) == ["base-not-yours"]


@pytest.mark.parametrize(
    ("by", "role", "base", "expected"),
    [
        ("jiance", "laboratory", "base-1", []),
        ("jiance", "laboratory", "nobody", ["base-unknown"]),
        ("fusong", "regulator", "base-1", ["base-not-yours"]),
    ],
)
def test_a_laboratory_tells_what_it_found_of_a_base(
    by: str, role: str, base: str, expected: list[str]
) -> None:
    event = bases.BaseTested(
        at=NOW, base=base, specimen="soil", sampled_on=date(2026, 9, 1), verdict="conformant"
    )

    found = codes(event, past(by, role))

    assert found == expected


GI = replace(MARK, from_bases=False, gi="吉林长白山人参")
RIGHT = KnownRight("吉林长白山人参", "hongshen", frozenset({"red"}), date(2026, 1, 1), date(2026, 10, 1))


@pytest.mark.parametrize(
    ("right", "expected"),
    [
        (RIGHT, ["gi-origin-unclear"]),
        (replace(RIGHT, until=date(2026, 9, 30)), ["gi-not-authorised", "gi-origin-unclear"]),
        (replace(RIGHT, ended_on=date(2026, 10, 1)), ["gi-not-authorised", "gi-origin-unclear"]),
        (replace(RIGHT, products=frozenset({"white"})), ["gi-not-authorised", "gi-origin-unclear"]),
    ],
)
def test_an_indication_is_used_by_who_has_the_right(right: KnownRight, expected: list[str]) -> None:
    found = codes(applied(), past(marks={"ginseng": GI}, rights=(right,)))

    assert found == expected


@pytest.mark.parametrize(
    ("origin", "expected"),
    [
        (replace(ORIGIN, gi="吉林长白山人参"), []),
        (replace(ORIGIN, commodity="paddy"), ["gi-origin-outside"]),
    ],
)
def test_an_indication_is_of_its_land(origin: OriginPart, expected: list[str]) -> None:
    found = codes(applied(), past(marks={"ginseng": GI}, rights=(RIGHT,), origins=(origin,)))

    assert found == expected


def test_what_has_no_weight_has_no_quota() -> None:
    roots = KnownLot(LOT, replace(RED, measure="pieces"), "hongshen", born=Decimal(500))
    event = replace(applied(), amount=Amount(pieces=5))

    found = codes(event, replace(past(marks={"ginseng": replace(MARK, from_bases=False)}), lots={LOT: roots}))

    assert found == ["mark-without-weight"]


@pytest.mark.parametrize(
    ("mark", "licence", "expected"),
    [
        (replace(MARK, commodities=frozenset()), LICENCE, ["mark-commodity-outside"]),
        (MARK, replace(LICENCE, products=frozenset({"white"})), ["mark-product-outside"]),
        (replace(MARK, retired_on=date(2026, 10, 1)), LICENCE, ["mark-retired"]),
        (replace(MARK, above="jilin"), LICENCE, ["licence-without-parent"]),
        (MARK, replace(LICENCE, until=date(2026, 9, 30)), ["licence-stopped"]),
    ],
)
def test_a_mark_is_for_the_goods_of_its_licence(
    mark: KnownMark, licence: KnownLicence, expected: list[str]
) -> None:
    known = past(marks={"ginseng": mark}, licences={"l-1": licence})

    found = codes(applied(("base-1", "1000")), known)

    assert found == expected


def honour(**told: Any) -> credentials.CredentialRecorded:
    given: dict[str, Any] = {
        "at": NOW,
        "credential": "c-1",
        "honour": "famous-product",
        "party": "hongshen",
        "product": "red",
        "authority": "虚构厅",
        "year": 2015,
    }
    return credentials.CredentialRecorded(**(given | told))


@pytest.mark.parametrize(
    ("told", "known", "expected"),
    [
        ({}, {}, []),
        ({"year": 2026}, {}, []),
        ({"year": 2027}, {}, ["credential-early"]),
        ({"product": "nothing"}, {}, ["licence-product-unknown"]),
        ({"party": "nobody"}, {}, ["licence-party-unknown"]),
        ({}, {"credential_party": "shencao"}, ["credential-taken"]),
    ],
)
def test_an_honour_has_a_year_that_has_come(
    told: dict[str, Any], known: dict[str, Any], expected: list[str]
) -> None:
    event = honour(**told)

    found = codes(event, past("fusong", "regulator", "220621", **known))

    assert found == expected


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (
            credentials.GiUserAuthorised(
                at=NOW, gi="吉林长白山人参", party="hongshen", since=date(2026, 1, 1), until=date(2027, 1, 1)
            ),
            ["right-not-yours"],
        ),
        (
            credentials.GiUserWithdrawn(at=NOW, gi="无此标志", party="hongshen", why="misuse"),
            ["right-not-yours", "gi-unknown"],
        ),
        (credentials.CredentialWithdrawn(at=NOW, credential="c-1", why="misuse"), ["credential-unknown"]),
        (credentials.StoryTold(at=NOW, mark="ginseng", published=True, text="讲一讲"), ["mark-not-yours"]),
        (credentials.StoryTold(at=NOW, product="red", published=True, text="讲一讲"), []),
    ],
)
def test_nobody_speaks_of_what_is_anothers(event: Any, expected: list[str]) -> None:
    found = codes(event, past("yushu", "regulator", "220182"))

    assert found == expected
