"""A draw from its announcement to an audit: the same root wherever the log is read."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ledger import store
from tests.world import World, opened
from traceability.audit import Subject, audit
from traceability.draw import commitment_of
from traceability.draw_standing import Abandoned, DrawTally, drawn_again, draws, standing_draw, tallies
from traceability.errors import Refused
from traceability.journal import Recorded
from traceability.replay import rebuild, scratch_engine, stored_entries
from traceability.tree_root import root_at
from web.database import KEPT_TABLES

CHEAP = {"name": "尿素", "category": "fertiliser", "amount": "5", "unit": "kg"}


@pytest.fixture
def made(tmp_path: Path) -> Iterator[World]:
    with opened(tmp_path) as found:
        found.at("2026-09-01T08:00:00+08:00")
        yield found


def announce(made: World, ahead: int = 3, by: str = "yushu", **told: object) -> Recorded:
    pool = [{"grade": "B", "weight": 2, "parties": ["heitu", "mifang"]}]
    members = {
        "division": "220182",
        "roles": ["cooperative", "processor"],
        "pool": pool,
        "inspectors": ["E01", "E02"],
        "count": 1,
        "each": 1,
        "seed_size": made.services.log.size() + ahead,
    }
    return made.say(by, "draw-announced", **{**members, **told})


def grow(made: World, entries: int) -> None:
    for _ in range(entries):
        made.say("heitu", "input-bought", **CHEAP)


def make(made: World, announced: Recorded, **told: object) -> Recorded:
    """Record what the log draws, or what is told instead."""
    with made.services.reading() as reader:
        found = standing_draw(reader, announced.index)
        assert found is not None
        drawn = drawn_again(reader, made.services.log.origin, found)
        root = root_at(reader.connection, found.event.seed_size).hex()
    assert drawn is not None
    people = [{"party": each.party, "inspectors": list(each.inspectors)} for each in drawn]
    members = {"target": announced.digest, "size": found.event.seed_size, "root": root, "drawn": people}
    return made.say("yushu", "draw-made", **{**members, **told})


def test_what_is_recorded_is_what_anybody_draws_again(made: World) -> None:
    announced = announce(made)
    grow(made, 2)
    recorded = make(made, announced)

    with made.services.reading() as reader:
        (found,) = draws(reader)
        again = drawn_again(reader, made.services.log.origin, found)

    assert found.made_entry == recorded.index
    assert found.drawn == again


def test_the_root_is_the_one_that_the_log_has_signed(made: World) -> None:
    checkpoint, _ = made.services.log.head()
    grow(made, 40)

    with made.services.reading() as reader:
        found = root_at(reader.connection, checkpoint.size)

    assert found == checkpoint.root


def test_the_root_is_the_same_where_there_is_no_log_beside_the_tables(made: World) -> None:
    grow(made, 5)
    engine = scratch_engine()

    with store.snapshot(made.services.engine) as live, engine.begin() as scratch:
        entries = [entry for entry, _ in stored_entries(live, made.services.log.size())]
        rebuild(scratch, entries, lambda _, index: entries[index])
        sizes = range(1, len(entries) + 1)
        roots = [(root_at(live, size), root_at(scratch, size)) for size in sizes]

    assert all(one == other for one, other in roots)


def test_an_audit_draws_again(made: World) -> None:
    announced = announce(made)
    grow(made, 2)
    make(made, announced)
    services = made.services
    services.log.publish()

    report = audit(
        Subject(
            engine=services.engine,
            origin=services.log.origin,
            policy=services.policy,
            shelf=services.shelf,
            kept_key=services.kept_key,
            kept_tables=KEPT_TABLES,
        )
    )

    assert report.findings == []


@pytest.mark.parametrize(("ahead", "is_refused"), [(1, True), (2, False)])
def test_the_seed_is_not_known_when_it_is_announced(made: World, ahead: int, is_refused: bool) -> None:
    if is_refused:
        with pytest.raises(Refused, match="seed-is-known"):
            announce(made, ahead)
    else:
        assert announce(made, ahead).flags == ()


def test_nobody_is_left_out(made: World) -> None:
    with pytest.raises(Refused, match="pool-differs"):
        announce(made, pool=[{"grade": "B", "weight": 2, "parties": ["heitu"]}])


def test_another_result_is_refused(made: World) -> None:
    announced = announce(made, count=2)
    grow(made, 2)
    with made.services.reading() as reader:
        found = standing_draw(reader, announced.index)
        assert found is not None
        right = drawn_again(reader, made.services.log.origin, found)
    assert right is not None
    people = [{"party": each.party, "inspectors": list(each.inspectors)} for each in reversed(right)]

    with pytest.raises(Refused, match="draw-differs"):
        make(made, announced, drawn=people)


def test_an_announcement_may_be_put_right_before_its_seed_and_not_after(made: World) -> None:
    announced = announce(made, ahead=5)
    put_right = made.say("yushu", "corrected", target=announced.digest, reason="incorrect")
    again = announce(made, ahead=2)
    grow(made, 1)

    with pytest.raises(Refused, match="seed-is-known"):
        made.say("yushu", "corrected", target=again.digest, reason="incorrect")

    assert put_right.flags == ()


def test_an_office_owes_a_draw_before_it_announces_another(made: World) -> None:
    first = announce(made)
    grow(made, 2)
    with pytest.raises(Refused, match="draw-owed"):
        announce(made)
    make(made, first)

    assert announce(made).flags == ()


def test_nor_does_a_larger_division_or_another_role_make_it_another_pool(made: World) -> None:
    announce_for_all(made)

    with pytest.raises(Refused, match="draw-owed"):
        announce_for_all(
            made, division="220182", pool=[{"grade": "B", "weight": 2, "parties": ["heitu", "mifang"]}]
        )


def announce_for_all(made: World, **told: object) -> Recorded:
    """Let the province announce a draw of everybody in it."""
    pool = [{"grade": "B", "weight": 2, "parties": ["heitu", "mifang"]}]
    members = {"division": "220000", "roles": ["cooperative", "processor"], "pool": pool}
    return announce(made, 3, "sheng", **{**members, **told})


def test_another_office_announces_its_own(made: World) -> None:
    announce_for_all(made)

    assert announce(made).flags == ()


def test_everybody_sees_how_many_draws_an_office_has_given_up(made: World) -> None:
    word = {"commitment": commitment_of("三更灯火")}
    drawn = announce(made)
    grow(made, 2)
    make(made, drawn)
    taken_back = announce(made, ahead=5)
    made.say("yushu", "corrected", target=taken_back.digest, reason="incorrect")
    lost = announce(made, ahead=2, **word)
    grow(made, 1)
    given_up = made.say("yushu", "corrected", target=lost.digest, reason="incorrect")
    announce(made, ahead=2)
    grow(made, 1)

    with made.services.reading() as reader:
        found = tallies(reader.connection)

    assert found == (
        [DrawTally("yushu", announced=4, made=1, owed=1, withdrawn=1, abandoned=1)],
        [Abandoned("yushu", "220182", lost.index, given_up.index)],
    )
    assert [flag["rule"] for flag in given_up.flags] == ["draw-abandoned"]


def test_a_draw_made_stays(made: World) -> None:
    announced = announce(made)
    grow(made, 2)
    recorded = make(made, announced)

    with pytest.raises(Refused, match="not-correctable"):
        made.say("yushu", "corrected", target=recorded.digest, reason="incorrect")
