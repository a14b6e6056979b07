from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from traceability import limits, vocabulary
from traceability.errors import Invalid
from traceability.limits import RULE_FILES, RuleSet, shipped_rules
from traceability.reference import shipped
from traceability.rule_tables import TABLES

RULES = shipped_rules()
TODAY = date(2026, 9, 20)


def files(**changed: bytes) -> dict[str, bytes]:
    """Return the shipped files, some of them (named by their stem) with other bytes."""
    found = {name: shipped(name) for name in RULE_FILES}
    return {name: changed.get(name.rpartition(".")[0], content) for name, content in found.items()}


def with_row(file: str, row: str) -> dict[str, bytes]:
    return files(**{file: shipped(f"{file}.csv") + row.encode() + b"\n"})


def test_the_shipped_tables_hold_what_the_sources_hold() -> None:
    counts = {
        "bans": len([row for row in RULES.bans if row.status == "banned"]),
        "sure limits": len([row for row in RULES.limits if row.sure]),
        "limits": len(RULES.limits),
        "intervals": len(RULES.intervals),
        "divisions": len(vocabulary.divisions()),
        "indications": len(vocabulary.geographical_indications()),
        "commodities": len(limits.commodities()),
    }

    assert counts == {
        "bans": 54,
        "sure limits": 28,
        "limits": 100,
        "intervals": 0,
        "divisions": 70,
        "indications": 24,
        "commodities": 24,
    }


def test_every_row_says_where_it_was_read() -> None:
    rows = (*RULES.bans, *RULES.intervals, *RULES.limits, *RULES.caps, *RULES.scopes)

    assert [row for row in rows if not row.source or not row.confidence] == []


def test_the_digest_changes_with_a_byte_of_any_file() -> None:
    digests = {RULES.digest}
    for name in ("limits", "pesticides", "intervals", "yield_caps", "certificate_scope", "commodities"):
        digests.add(RuleSet.load(files(**{name: shipped(f"{name}.csv").removesuffix(b"\n")})).digest)
    digests.add(RuleSet.load(files(rules=b"2026.9\n")).digest)

    assert len(digests) == 8


def test_the_digest_is_that_of_a_manifest_anyone_can_make_again() -> None:
    digest = limits.digest_of("2026.1", {"b.csv": "02", "a.csv": "01"})

    # sha256sum of {"files":[["a.csv","01"],["b.csv","02"]],"version":"2026.1"}
    assert digest == "7589863c892782cba9144e00d3767b11473d32a96d8c815e9558b9232402bcb9"


@pytest.mark.parametrize("name", ["Methomyl", " METHOMYL ", "灭多威", "ｍethomyl"])
def test_a_substance_is_found_by_any_spelling_of_its_names(name: str) -> None:
    ban = RULES.banned(name, TODAY, "paddy")

    assert ban is not None
    assert ban.substance == "灭多威"


@pytest.mark.parametrize(
    ("substance", "last_allowed"),
    [
        ("omethoate", date(2026, 5, 31)),
        ("phorate", date(2024, 8, 31)),
        ("甲磺隆", date(2017, 6, 30)),
        ("paraquat", date(2020, 9, 25)),
        ("DDT", date(2002, 6, 4)),
        ("toxaphene", date(2002, 6, 4)),
    ],
)
def test_a_ban_begins_on_its_day(substance: str, last_allowed: date) -> None:
    first_forbidden = date.fromordinal(last_allowed.toordinal() + 1)

    found = [RULES.banned(substance, on, "paddy") is not None for on in (last_allowed, first_forbidden)]

    assert found == [False, True]


@pytest.mark.parametrize("substance", ["lindane", "硫丹", "溴甲烷", "2,4-滴丁酯", "乐果", "chlorpyrifos"])
@pytest.mark.parametrize("commodity", ["paddy", "ginseng-fresh", "black-fungus"])
def test_what_is_not_sure_is_no_ban(substance: str, commodity: str) -> None:
    assert RULES.banned(substance, TODAY, commodity) is None


@pytest.mark.parametrize(
    ("substance", "commodity", "banned"),
    [
        ("demeton", "ginseng-fresh", True),
        ("demeton", "paddy", False),
        ("demeton", None, False),
        ("demeton", "gold", False),
        ("fenvalerate", "ginseng-fresh", False),
        ("fipronil", "paddy", True),
        ("fipronil", "maize", True),
        ("fipronil", None, True),
        ("carbofuran", None, True),
    ],
)
def test_a_partial_ban_is_about_its_crops(substance: str, commodity: str | None, banned: bool) -> None:
    found = RULES.banned(substance, TODAY, commodity)

    assert (found is not None) == banned


@pytest.mark.parametrize(
    ("commodity", "banned"),
    [("maize", False), ("fresh-maize", False), ("soybean", False), ("paddy", True), ("ginseng-fresh", True)],
)
def test_fipronil_may_coat_the_seed_of_dryland_crops(commodity: str, banned: bool) -> None:
    found = RULES.banned("fipronil", TODAY, commodity, "seed-coating")

    assert (found is not None) == banned


def test_a_restricted_pesticide_is_no_banned_one() -> None:
    found = (RULES.banned("磷化铝", TODAY, "paddy"), RULES.restricted("磷化铝", TODAY) is not None)

    assert found == (None, True)


@pytest.mark.parametrize(
    ("commodity", "analyte", "value"),
    [
        ("milled-rice", "镉", "0.2"),
        ("maize", "Cd", "0.1"),
        ("maize", "AFB1", "20"),
        ("paddy", "aflatoxin b1", "10"),
        ("milled-rice", "无机砷", None),
        ("ginseng-dried", "铅", None),
        ("black-fungus", "lead", None),
        ("paddy", "三环唑", None),
    ],
)
def test_only_sure_limits_are_known(commodity: str, analyte: str, value: str | None) -> None:
    found = RULES.limit(commodity, analyte, TODAY)

    assert (found and found.value) == (value and Decimal(value))


def test_a_limit_holds_from_its_first_to_its_last_day() -> None:
    row = "milled-rice,大米,milled rice,铊,thallium,,max,1,mg/kg,GB 1,2026-01-01,2026-12-31,,text,sure"
    rules = RuleSet.load(with_row("limits", row))

    days = [date(2025, 12, 31), date(2026, 1, 1), date(2026, 12, 31), date(2027, 1, 1)]

    assert [rules.limit("milled-rice", "thallium", day) is not None for day in days] == [
        False,
        True,
        True,
        False,
    ]


def test_the_longest_sure_interval_for_crop_and_registration_counts() -> None:
    rows = (
        "三环唑,tricyclazole,,paddy,,21,,,,label,sure\n"
        "三环唑,tricyclazole,,paddy,PD20101234,35,,,,label,sure\n"
        "三环唑,tricyclazole,,maize,,50,,,,label,sure\n"
        "三环唑,tricyclazole,,paddy,PD1,99,,,,label,likely"
    )
    rules = RuleSet.load(with_row("intervals", rows))

    found = [
        rules.interval("Tricyclazole", "paddy", None),
        rules.interval("三环唑", "paddy", "PD20101234"),
        rules.interval("三环唑", "paddy", "PD1"),
        rules.interval("三环唑", "soybean", None),
    ]

    assert [row and row.days for row in found] == [21, 35, 21, None]


@pytest.mark.parametrize(
    ("commodity", "most", "sure"), [("paddy", "11250", True), ("maize", "16500", False), ("gold", None, None)]
)
def test_a_cap_says_whether_it_is_sure(commodity: str, most: str | None, sure: bool | None) -> None:
    found = RULES.cap(commodity)

    assert (found and (found.most, found.sure)) == (most and (Decimal(most), sure))


@pytest.mark.parametrize(
    ("commodity", "on", "required"),
    [
        ("black-fungus", date(2026, 1, 31), None),
        ("black-fungus", date(2026, 2, 1), True),
        ("black-fungus-fresh", date(2026, 2, 1), True),
        ("milled-rice", date(2026, 2, 1), False),
        ("maize", date(2026, 2, 1), False),
        ("fresh-maize", date(2026, 2, 1), None),
        ("ginseng-fresh", date(2026, 2, 1), None),
        ("gold", date(2026, 2, 1), None),
    ],
)
def test_the_certificate_is_required_not_required_or_unknown(
    commodity: str, on: date, required: bool | None
) -> None:
    assert RULES.requires_certificate(commodity, on) is required


LIMIT = "paddy,稻谷,paddy rice,铊,thallium,,max,1,mg/kg,GB 1,,,,text,sure"


@pytest.mark.parametrize(
    ("change", "where", "code"),
    [
        (lambda row: row.replace("paddy,", "gold,", 1), "limits.csv:102 commodity", "commodity-unknown"),
        (lambda row: row.replace("max", "most"), "limits.csv:102 kind", "cell-not-allowed"),
        (lambda row: row.replace(",1,", ",1e3,"), "limits.csv:102 value", "cell-not-a-decimal"),
        (lambda row: row.replace(",1,", ",-1,"), "limits.csv:102 value", "cell-not-a-decimal"),
        (lambda row: row.replace("GB 1", ""), "limits.csv:102 standard", "cell-empty"),
        (lambda row: row.replace("text", ""), "limits.csv:102 source", "cell-empty"),
        (lambda row: row.replace("sure", ""), "limits.csv:102 confidence", "cell-empty"),
        (lambda row: row.replace("thallium,", "thallium,a| b"), "limits.csv:102 aliases", "cell-not-a-list"),
        (lambda row: row.replace("GB 1,", "GB 1,2026-02-30"), "limits.csv:102 from", "cell-not-a-date"),
        (lambda row: row.replace("GB 1,", "GB 1,20260201"), "limits.csv:102 from", "cell-not-a-date"),
        (
            lambda row: row.replace("1,,,,", "1,2026-02-02,2026-02-01,,"),
            "limits.csv:102 until",
            "cell-before-from",
        ),
        (lambda row: row + ",more", "limits.csv:102", "row-has-other-columns"),
        (lambda row: row + "\n" + row, "limits.csv:103 commodity", "row-stands-twice"),
        (lambda row: '"' + row, "limits.csv", "not-a-table"),
    ],
)
def test_a_wrong_cell_is_named_by_file_line_and_column(
    change: Callable[[str], str], where: str, code: str
) -> None:
    with pytest.raises(Invalid) as invalid:
        RuleSet.load(with_row("limits", change(LIMIT)))

    assert [(problem.where, problem.code) for problem in invalid.value.problems] == [(where, code)]


@pytest.mark.parametrize(
    ("changed", "where", "code"),
    [
        (files(rules=b"two words\n"), "rules.version:1", "not-a-version"),
        (files(limits=b"commodity\n"), "limits.csv:1", "header-differs"),
        (files(limits=b""), "limits.csv:1", "header-differs"),
        (files(limits=b"\xff"), "limits.csv", "not-a-table"),
        ({}, "certificate_scope.csv", "file-missing"),
        ({**files(), "more.csv": b""}, "more.csv", "file-unknown"),
        (with_row("intervals", "a,b,,paddy,,401,,,,s,sure"), "intervals.csv:2 days", "interval-too-long"),
        (with_row("intervals", "a,b,,paddy,,x,,,,s,sure"), "intervals.csv:2 days", "cell-not-a-whole-number"),
        (with_row("pesticides", "a,b,,banned,,,,s,,,,s,sure"), "pesticides.csv:82 groups", "cell-empty"),
        (
            with_row("pesticides", "a,b,,banned,all,seed-coating,,s,,,,s,sure"),
            "pesticides.csv:82 except_groups",
            "cell-without-its-pair",
        ),
        (
            with_row("commodities", "paddy,稻,paddy,rice,yes,,,,,s,sure"),
            "commodities.csv:26 commodity",
            "row-stands-twice",
        ),
    ],
)
def test_a_wrong_file_is_named(changed: dict[str, bytes], where: str, code: str) -> None:
    with pytest.raises(Invalid) as invalid:
        RuleSet.load(changed)

    assert [(problem.where, problem.code) for problem in invalid.value.problems] == [(where, code)]


def test_every_group_that_a_ban_speaks_of_is_one_that_goods_may_belong_to() -> None:
    goods = set().union(*(each.groups for each in RULES.commodities.values()))
    named = set().union(*(row.groups | row.except_groups for row in RULES.bans))

    # No goods of this ledger belong to these.
    assert named - goods == {"vegetable", "melon-and-fruit", "tea", "peanut"}


def test_each_county_lies_in_a_division_that_is_there() -> None:
    known = vocabulary.divisions()

    assert [each.code for each in known.values() if each.parent not in known] == ["220000"]


def test_a_set_from_before_the_tables_of_the_topics_has_no_rows_of_them() -> None:
    old = RuleSet.load({name: shipped(name) for name in limits.FIRST_FILES})

    assert {table.file: old.rows(table) for table in TABLES} == {table.file: () for table in TABLES}


def test_a_set_without_one_of_the_first_files_is_none() -> None:
    files = {name: shipped(name) for name in limits.FIRST_FILES if name != "limits.csv"}

    with pytest.raises(Invalid) as wrong:
        RuleSet.load(files)

    assert [(each.where, each.code) for each in wrong.value.problems] == [("limits.csv", "file-missing")]
