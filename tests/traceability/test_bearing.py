"""Marks go with the goods: no history, however tangled, makes more marked mass than was marked."""

from fractions import Fraction
from types import SimpleNamespace

from hypothesis import given
from hypothesis import strategies as st

from traceability.bearing import Lineage, settled_marks

MARK, LICENCE = "jilin-rice", "l-1"
HARVESTS = ("A", "B", "C")


def use(lot: str, kg: int, hour: int) -> SimpleNamespace:
    """Return a row of marking so much of a lot at an hour of one day."""
    at = f"2026-10-01T{hour:02d}:00:00.000000Z"
    return SimpleNamespace(lot=lot, mark=MARK, licence=LICENCE, kg=str(kg), at=at)


@st.composite
def histories(draw: st.DrawFn) -> tuple[Lineage, dict[str, int], list[tuple[int, str, dict[str, int], int]]]:
    """Return harvests of 100 kg, what was marked of them at once, and blends of what is left."""
    left = dict.fromkeys(HARVESTS, 100)
    marked = {lot: draw(st.integers(0, 100)) for lot in HARVESTS}
    blends = []
    for number in range(draw(st.integers(1, 6))):
        sources = [lot for lot, kg in left.items() if kg]
        chosen = draw(st.lists(st.sampled_from(sources), min_size=1, max_size=3, unique=True))
        taken = {lot: draw(st.integers(1, left[lot])) for lot in chosen}
        made = draw(st.integers(1, sum(taken.values()) + 20))
        for lot, kg in taken.items():
            left[lot] -= kg
        left[f"M{number}"] = made
        blends.append((10 + number, f"M{number}", taken, made))
        if not any(left.values()):
            break
    return _lineage(marked, blends), marked, blends


def _lineage(marked: dict[str, int], blends: list[tuple[int, str, dict[str, int], int]]) -> Lineage:
    births: dict[str, list[tuple[int, Fraction | None]]] = {
        lot: [(place, Fraction(100))] for place, lot in enumerate(HARVESTS)
    }
    births |= {made: [(entry, Fraction(kg))] for entry, made, _, kg in blends}
    times = dict.fromkeys(range(len(HARVESTS)), "2026-10-01T00:00:00.000000Z")
    times |= {entry: f"2026-10-01T{entry:02d}:00:00.000000Z" for entry, *_ in blends}
    return Lineage(
        uses={lot: [use(lot, kg, 1)] for lot, kg in marked.items() if kg},
        births=births,
        times=times,
        inputs={entry: [(lot, Fraction(kg)) for lot, kg in taken.items()] for entry, _, taken, _ in blends},
        made={entry: Fraction(kg) for entry, _, _, kg in blends},
        commodity=dict.fromkeys(births, "milled-rice"),
        may_bear={MARK: frozenset({"milled-rice"})},
    )


def mass(behind: Lineage, lot: str, of: Fraction) -> Fraction:
    """Return how much of *of* kilograms of a lot bears the mark."""
    worn = settled_marks(lot, behind).until().get((MARK, LICENCE))
    return Fraction(0) if worn is None else worn.mass * of


@given(histories())
def test_children_bear_no_more_than_what_went_into_them(
    told: tuple[Lineage, dict[str, int], list[tuple[int, str, dict[str, int], int]]],
) -> None:
    behind, _, blends = told

    for _, made, taken, kg in blends:
        parents = sum((mass(behind, lot, Fraction(part)) for lot, part in taken.items()), Fraction(0))
        assert mass(behind, made, Fraction(kg)) <= parents


@given(histories())
def test_a_lot_is_wholly_marked_only_if_all_behind_it_was(
    told: tuple[Lineage, dict[str, int], list[tuple[int, str, dict[str, int], int]]],
) -> None:
    behind, marked, blends = told
    whole = {lot for lot, kg in marked.items() if kg == 100}

    for _, made, taken, _ in blends:
        worn = settled_marks(made, behind).until().get((MARK, LICENCE))
        is_whole = worn is not None and worn.share == 1
        assert is_whole == (set(taken) <= whole)
        whole |= {made} if is_whole else set()


def test_claims_that_go_in_a_circle_come_to_an_end() -> None:
    behind = _lineage({"A": 100}, [(10, "M0", {"A": 50, "M1": 10}, 60), (11, "M1", {"M0": 10}, 10)])

    found = settled_marks("M1", behind).until()

    assert found[MARK, LICENCE].share <= 1
