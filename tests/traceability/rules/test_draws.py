"""A draw is refused unless all are in the urn, the seed was nobody's choice, and the lots fell as told."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from ledger.checkpoint import Checkpoint
from tests.small_past import OFFICE
from traceability.draw import commitment_of, draw, seed_of
from traceability.events.credit import DrawAnnounced, DrawMade, Drawn, PoolGroup
from traceability.events.followup import Corrected
from traceability.events.registry import Role
from traceability.limits import shipped_rules
from traceability.past import KnownParty, Past, PastStatement
from traceability.past.credit import CreditPast, PastDraw
from traceability.rules.draws import not_drawn_fairly

AT = datetime(2026, 9, 1, tzinfo=UTC)
ORIGIN, TARGET, ROOT = "test.example/log", "ab" * 32, "cd" * 32
POOL = (PoolGroup("A", 1, ("heitu", "xinfeng")), PoolGroup("C", 4, ("mifang",)))
ANNOUNCED = DrawAnnounced(
    at=AT,
    division="220182",
    roles=("cooperative", "processor"),
    pool=POOL,
    inspectors=("E01", "E02"),
    count=1,
    each=2,
    seed_size=100,
)
OFFICE_OF_YUSHU = KnownParty(OFFICE, "regulator", "220182")


def past(size: int = 98, **credit: object) -> Past:
    known = CreditPast(
        origin=ORIGIN,
        size=size,
        candidates=frozenset({"heitu", "xinfeng", "mifang"}),
        **credit,  # type: ignore[arg-type]  # the tests name its members
    )
    return Past(by=OFFICE, parties={OFFICE: OFFICE_OF_YUSHU}, credit=known)


def codes(event: DrawAnnounced | DrawMade | Corrected, known: Past) -> list[str]:
    return [breach.rule for breach in not_drawn_fairly(event, known, shipped_rules())]


def made(
    announced: DrawAnnounced = ANNOUNCED, word: str | None = None, seeded_by: str | None = None
) -> DrawMade:
    seed = seed_of(Checkpoint(ORIGIN, 100, bytes.fromhex(ROOT)), TARGET, seeded_by or word)
    return DrawMade(at=AT, target=TARGET, size=100, root=ROOT, drawn=draw(seed, announced), word=word)


def told(announced: DrawAnnounced = ANNOUNCED, **changed: object) -> Past:
    known = PastDraw(digest=TARGET, by=OFFICE, event=announced, made=False, root=ROOT)
    return past(size=100, draw=replace(known, **changed))  # type: ignore[arg-type]  # the tests name its members


@pytest.mark.parametrize(("seed_size", "expected"), [(100, []), (99, ["seed-is-known"])])
def test_the_seed_is_of_a_size_that_the_announcement_does_not_reach(
    seed_size: int, expected: list[str]
) -> None:
    assert codes(replace(ANNOUNCED, seed_size=seed_size), past(size=98)) == expected


def test_nobody_is_left_out_of_the_urn() -> None:
    fewer = replace(ANNOUNCED, pool=POOL[:1])

    assert codes(fewer, past()) == ["pool-differs"]


def test_nobody_is_put_into_the_urn_who_is_not_there() -> None:
    more = replace(ANNOUNCED, pool=(*POOL, PoolGroup("D", 8, ("elsewhere",))))

    assert codes(more, past()) == ["pool-differs"]


def test_a_weight_is_the_published_one() -> None:
    heavier = replace(ANNOUNCED, pool=(POOL[0], PoolGroup("C", 5, ("mifang",))))

    assert codes(heavier, past()) == ["weight-not-published"]


@pytest.mark.parametrize(("division", "expected"), [("220182", []), ("220283", ["another-division"])])
def test_an_office_draws_in_its_own_division(division: str, expected: list[str]) -> None:
    assert codes(replace(ANNOUNCED, division=division), past()) == expected


def test_what_the_seed_draws_is_recorded() -> None:
    assert codes(made(), told()) == []


def test_a_result_that_the_seed_does_not_draw_is_refused() -> None:
    (right,) = made().drawn
    wrong = next(party for party in ("heitu", "mifang", "xinfeng") if party != right.party)

    bent = replace(made(), drawn=(Drawn(wrong, ("E01", "E02")),))

    assert codes(bent, told()) == ["draw-differs"]


def test_another_size_is_refused() -> None:
    assert codes(replace(made(), size=101), told()) == ["seed-not-announced"]


def test_another_root_is_refused() -> None:
    assert codes(replace(made(), root="00" * 32), told()) == ["seed-differs"]


def test_a_log_that_has_not_grown_so_far_draws_nothing() -> None:
    assert codes(made(), told(root=None)) == ["seed-not-reached"]


def test_nobody_draws_twice() -> None:
    assert codes(made(), told(made=True)) == ["drawn-before"]


def test_nobody_draws_for_another() -> None:
    assert codes(made(), told(by="somebody")) == ["not-your-draw"]


def test_nothing_is_drawn_unannounced() -> None:
    assert codes(made(), past()) == ["draw-not-announced"]


def test_a_word_without_a_commitment_moves_nothing() -> None:
    # Else one would try words until the draw pleases, as here.
    tried = (made(word=str(number)) for number in range(50))
    pleasing = next(event for event in tried if event.drawn != made().drawn)

    assert codes(pleasing, told()) == ["draw-differs"]


@pytest.mark.parametrize(
    ("word", "expected"), [("三更灯火", []), ("五更", ["word-differs"]), (None, ["word-differs"])]
)
def test_the_word_is_the_one_that_was_committed_to(word: str | None, expected: list[str]) -> None:
    announced = replace(ANNOUNCED, commitment=commitment_of("三更灯火"))

    assert codes(made(announced, word), told(announced)) == expected


@pytest.mark.parametrize(("size", "expected"), [(99, []), (100, ["seed-is-known"])])
def test_an_announcement_is_not_withdrawn_once_its_outcome_can_be_known(
    size: int, expected: list[str]
) -> None:
    target = PastStatement(digest=TARGET, index=90, by=OFFICE, event=ANNOUNCED, void=False)
    known = replace(past(size=size), target=target)

    assert codes(Corrected(at=AT, target=TARGET, reason="incorrect"), known) == expected


@pytest.mark.parametrize(
    ("size", "is_drawn", "expected"),
    [
        (99, False, []),
        (100, False, [("draw-abandoned", "warn")]),
        (100, True, [("seed-is-known", "refuse")]),
    ],
    ids=["nobody can know it", "the word may be lost", "it was made"],
)
def test_who_has_lost_its_word_may_give_up_a_draw_and_is_marked(
    size: int, is_drawn: bool, expected: list[tuple[str, str]]
) -> None:
    announced = replace(ANNOUNCED, commitment=commitment_of("三更灯火"))
    target = PastStatement(digest=TARGET, index=90, by=OFFICE, event=announced, void=False)
    known = replace(past(size=size, is_drawn=is_drawn), target=target)

    breaches = not_drawn_fairly(Corrected(at=AT, target=TARGET, reason="incorrect"), known, shipped_rules())

    assert [(each.rule, each.level) for each in breaches] == expected


def test_an_announcement_is_withdrawn_and_not_rewritten() -> None:
    target = PastStatement(digest=TARGET, index=90, by=OFFICE, event=ANNOUNCED, void=False)
    event = Corrected(at=AT, target=TARGET, reason="incorrect", replacement=replace(ANNOUNCED, count=2))

    assert codes(event, replace(past(), target=target)) == ["draw-not-put-right"]


@pytest.mark.parametrize(
    ("roles", "expected"),
    [(("processor", "stall"), ["draw-owed"]), (("retailer", "stall"), [])],
    ids=["some are in both urns", "nobody is"],
)
def test_an_office_owes_one_draw_of_a_pool_at_a_time(roles: tuple[Role, ...], expected: list[str]) -> None:
    owed = PastDraw(digest="ef" * 32, by=OFFICE, event=replace(ANNOUNCED, roles=roles), made=False, root=None)

    assert codes(ANNOUNCED, past(unmade=(owed,))) == expected


def test_a_draw_is_never_withdrawn() -> None:
    target = PastStatement(digest=TARGET, index=100, by=OFFICE, event=made(), void=False)

    assert codes(Corrected(at=AT, target=TARGET, reason="incorrect"), replace(past(), target=target)) == [
        "not-correctable"
    ]
