import pytest

from tests.small_past import COOP, PLOT, moment, past, plot
from traceability.errors import Breach
from traceability.events.field import Method, Treated
from traceability.limits import shipped_rules
from traceability.rules.banned import banned_substance
from traceability.rules.clauses import BANNED, RESTRICTED

RULES = shipped_rules()


def treated(*substances: str, day: str = "2026-07-01", hour: int = 4, method: Method = "spray") -> Treated:
    return Treated(at=moment(day, hour), plot=PLOT, name="A", substances=substances, method=method)


@pytest.mark.parametrize(
    ("day", "hour", "refused"), [("2026-05-31", 15, False), ("2026-05-31", 16, True), ("2026-06-01", 4, True)]
)
def test_a_pesticide_is_banned_from_its_day_in_shanghai_on(day: str, hour: int, refused: bool) -> None:
    known = past(COOP, plots=[plot()])

    breaches = list(banned_substance(treated("三环唑", "克百威", day=day, hour=hour), known, RULES))

    facts = (
        ("plot", PLOT),
        ("treatment", "A"),
        ("substance", "克百威"),
        ("day", "2026-06-01"),
        ("scope", "all uses"),
        ("source", "MARA公告736/536 (m.haonongzi.com/ninfo.asp?id=99807)"),
        ("since", "2026-06-01"),
    )
    assert breaches == ([Breach("banned-pesticide", BANNED, facts)] if refused else [])


@pytest.mark.parametrize(
    ("substance", "commodity", "rules"),
    [
        ("demeton", "ginseng-fresh", ["banned-pesticide"]),
        ("demeton", "paddy", []),
        ("乐果", "black-fungus", []),
        ("三环唑", "paddy", []),
        ("no such thing", "paddy", []),
    ],
)
def test_a_partial_ban_depends_on_what_the_plot_grows(
    substance: str, commodity: str, rules: list[str]
) -> None:
    known = past(COOP, plots=[plot(commodity=commodity)])

    breaches = list(banned_substance(treated(substance), known, RULES))

    assert [breach.rule for breach in breaches] == rules


@pytest.mark.parametrize(
    ("commodity", "method", "rules"),
    [
        ("maize", "seed-coating", []),
        ("fresh-maize", "seed-coating", []),
        ("maize", "spray", ["banned-pesticide"]),
        ("paddy", "seed-coating", ["banned-pesticide"]),
    ],
)
def test_fipronil_is_left_alone_on_the_seed_of_maize(
    commodity: str, method: Method, rules: list[str]
) -> None:
    known = past(COOP, plots=[plot(commodity=commodity)])

    breaches = list(banned_substance(treated("fipronil", method=method), known, RULES))

    assert [breach.rule for breach in breaches] == rules


def test_a_restricted_pesticide_leaves_a_mark() -> None:
    breaches = list(banned_substance(treated("磷化铝"), past(COOP, plots=[plot()]), RULES))

    assert [(each.rule, each.clause, each.level) for each in breaches] == [
        ("restricted-pesticide", RESTRICTED, "warn")
    ]


def test_a_total_ban_holds_on_a_plot_that_nobody_knows() -> None:
    breaches = list(banned_substance(treated("DDT", "demeton"), past(COOP), RULES))

    assert [dict(breach.facts)["substance"] for breach in breaches] == ["DDT"]


@pytest.mark.parametrize("substance", ["氧乐果", "克百威", "灭多威", "涕灭威"])
@pytest.mark.parametrize(
    ("commodity", "day", "refused"),
    [
        ("ginseng-fresh", "2026-05-31", True),
        ("black-fungus", "2026-05-31", True),
        ("paddy", "2026-05-31", False),
        ("paddy", "2026-06-01", True),
        ("ginseng-fresh", "2026-06-01", True),
    ],
)
def test_four_pesticides_were_kept_from_herbs_and_fungi_before_they_were_banned_for_all(
    substance: str, commodity: str, day: str, refused: bool
) -> None:
    known = past(COOP, plots=[plot(commodity=commodity)])

    rules = [breach.rule for breach in banned_substance(treated(substance, day=day), known, RULES)]

    assert rules == (["banned-pesticide"] if refused else [])


@pytest.mark.parametrize("substance", ["甲拌磷", "甲基异柳磷", "水胺硫磷", "灭线磷"])
@pytest.mark.parametrize(("day", "refused"), [("2024-08-31", False), ("2024-09-01", True)])
def test_four_others_are_banned_from_the_first_of_september_2024_on(
    substance: str, day: str, refused: bool
) -> None:
    known = past(COOP, plots=[plot()])

    rules = [breach.rule for breach in banned_substance(treated(substance, day=day), known, RULES)]

    assert rules == (["banned-pesticide"] if refused else [])
