"""Ways round the rules that somebody would try: another party, another day, a correction, some water."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest

from tests.testing_world import report, second_laboratory
from tests.world import PADDY_LOT, RICE_LOT, World, opened
from traceability import goods, tables
from traceability.credit import only, records
from traceability.errors import Refused
from traceability.events.registry import PartyRegistered
from traceability.final_results import final_results
from traceability.reading import stored_entry
from traceability.replay import difference, rebuild, scratch_engine

GRANT = {
    "scheme": "green-food",
    "number": "LB-1",
    "grantee": "mifang",
    "goods": ["milled-rice"],
    "since": "2026-01-01",
    "until": "2028-12-31",
    "tonnage_kg": "1000",
}
SAMPLE = {
    "product_class": "agricultural",
    "commodity": "milled-rice",
    "division": "220182",
    "amount": {"kg": "1"},
    "purpose": "routine",
}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Yield a world with rice, in which also a stranger and a certifier are registered."""
    with opened(tmp_path_factory.mktemp("round")) as made:
        for party, role in (("moshengren", "processor"), ("renzheng", "certifier")):
            made.services.register_party(
                PartyRegistered(at=made.clock(), party=party, role=role, division="220182", name=party)  # type: ignore[arg-type]  # both are roles
            )
        second_laboratory(made)
        made.whole_chain()
        yield made


@pytest.fixture(autouse=True)
def _a_little_later(world: World) -> None:
    world.clock.pass_time(minutes=1)


def refused(told: Callable[[], Any]) -> list[str]:
    """Return the rules that refuse what *told* says; none if it is recorded."""
    try:
        told()
    except Refused as found:
        return [each.rule for each in found.breaches]
    return []


def test_what_an_office_stopped_is_not_let_go_by_a_laboratory_nor_by_a_lower_office(world: World) -> None:
    placed = world.say("sheng", "hold-placed", lot=PADDY_LOT, hold_cause="other")

    tried = [
        refused(lambda by=by: world.say(by, "hold-resolved", target=placed.digest))  # type: ignore[misc]  # bound at once
        for by in ("jiance", "yushu")
    ]

    held = holds(world)
    world.say("sheng", "hold-lifted", hold=placed.digest)
    assert (tried, held, holds(world)) == ([["not-the-office"]] * 2, ("hold-placed",), ())


def holds(world: World) -> tuple[str, ...]:
    """Return what holds the rice that was made of the paddy."""
    with world.services.reading() as reader:
        known = goods.known_lot(reader.connection, RICE_LOT)
    assert known is not None
    return known.holds


@pytest.mark.parametrize(("kg", "flags"), [("10", []), ("10.001", [("outturn-impossible", "hold")])])
def test_water_makes_no_rice(world: World, kg: str, flags: list[tuple[str, str]]) -> None:
    made = world.say(
        "mifang",
        "processed",
        process="packing",
        inputs=[{"lot": RICE_LOT, "amount": {"kg": "10"}}],
        outputs=[{"lot": f"/lot/mifang/rice/W-{len(flags)}", "product": "rice", "amount": {"kg": kg}}],
        water_kg="90",
    )

    assert [(each["rule"], each["level"]) for each in made.flags] == flags


def test_a_self_check_does_not_become_routine_monitoring(world: World) -> None:
    world.say("mifang", "sampled", lot=RICE_LOT, sample="Z-1", **{**SAMPLE, "purpose": "self-check"})
    report(world, RICE_LOT, "0.01", sample="Z-2", purpose="self-check")
    ordered = {"lot": RICE_LOT, "sample": "Z-2", "laboratory": "jiance", "ordered_by": "sheng", **SAMPLE}

    by_its_holder = refused(lambda: world.say("mifang", "sampled", **{**ordered, "sample": "Z-3"}))
    by_the_laboratory = refused(lambda: world.say("jiance", "sampled", **ordered))

    with world.services.reading() as reader:
        found = final_results(reader.connection, None, date(2026, 1, 1), date(2026, 12, 31))
        counted = [each.sample for each in found if each.product_class and each.purpose == "routine"]
    assert (by_its_holder, by_the_laboratory) == (["sampling-not-ordered"], ["purpose-differs"])
    assert counted == []


def test_a_term_to_object_begins_when_the_log_hears_of_the_notice(world: World) -> None:
    failed = report(world, RICE_LOT, "0.5", sample="Z-4", purpose="commissioned")
    notice = {"inspection": failed.digest, "party": "mifang"}
    long_ago, today = "2026-09-01T08:00:00+08:00", date(2026, 10, 8)

    short = refused(lambda: world.say("jiance", "result-notified", **notice, until="2026-10-12", at=long_ago))
    enough = refused(
        lambda: world.say("jiance", "result-notified", **notice, until="2026-10-13", at=long_ago)
    )

    assert (short, enough, world.clock().date()) == (["term-too-short"], [], today)


def test_an_objection_told_for_an_earlier_day_comes_too_late_all_the_same(world: World) -> None:
    failed = report(world, RICE_LOT, "0.5", sample="Z-5", purpose="rapid")
    world.say("jiance", "result-notified", inspection=failed.digest, party="mifang")
    then = world.clock().isoformat()
    world.clock.pass_time(hours=4)

    tried = refused(lambda: world.say("mifang", "objected", inspection=failed.digest, at=then))

    assert tried == ["objection-late"]


def test_whoever_objects_to_an_office_does_not_choose_who_tests_again(world: World) -> None:
    sampling = {"lot": RICE_LOT, "sample": "Z-6", **SAMPLE, "purpose": "supervision"}
    world.say("yushu", "sampled", **sampling, laboratory="jiance")
    failed = report(world, RICE_LOT, "0.5", sample="Z-6")
    world.say("jiance", "result-notified", inspection=failed.digest, party="mifang", until="2026-12-31")
    objection = world.say("mifang", "objected", inspection=failed.digest)
    again = {"sample": "Z-6", "by": "erjian", "retest_of": objection.digest}

    chosen = refused(lambda: report(world, RICE_LOT, "0.01", **again))
    world.say("yushu", "retest-ordered", objection=objection.digest, laboratory="erjian", due="2026-12-31")
    ordered = refused(lambda: report(world, RICE_LOT, "0.01", **again))

    assert (chosen, ordered) == (["retest-not-ordered"], [])


def test_the_tonnage_of_a_certificate_is_not_new_once_the_certificate_is_set_right(world: World) -> None:
    paddy = {**GRANT, "grantee": "mifang", "goods": ["rice-bran"], "tonnage_kg": "100"}
    used = {"lot": "/lot/mifang/bran/B-1", "amount": {"kg": "60"}}
    first = world.say("renzheng", "scheme-certified", **paddy)
    world.say("mifang", "scheme-used", certificate=first.digest, **used)
    right = {"kind": "scheme-certified", "at": world.clock().isoformat(), **paddy, "until": "2027-12-31"}

    second = world.say("renzheng", "corrected", target=first.digest, reason="incorrect", replacement=right)
    over = refused(lambda: world.say("mifang", "scheme-used", certificate=second.digest, **used))
    last = {**used, "amount": {"kg": "40"}}
    rest = refused(lambda: world.say("mifang", "scheme-used", certificate=second.digest, **last))

    assert (over, rest) == (["beyond-scheme-tonnage"], [])


def test_a_certificate_keeps_its_number_when_it_is_set_right(world: World) -> None:
    first = world.say("renzheng", "scheme-certified", **{**GRANT, "number": "LB-2"})
    other = {"kind": "scheme-certified", "at": world.clock().isoformat(), **GRANT, "number": "LB-3"}
    said = {"target": first.digest, "reason": "incorrect", "replacement": other}

    assert refused(lambda: world.say("renzheng", "corrected", **said)) == ["name-must-stay"]


def test_a_withdrawn_certificate_is_not_used_for_an_earlier_day(world: World) -> None:
    granted = world.say("renzheng", "scheme-certified", **{**GRANT, "number": "LB-4", "goods": ["rice-bran"]})
    used = {"certificate": granted.digest, "lot": "/lot/mifang/bran/B-1", "amount": {"kg": "1"}}
    before = world.clock().isoformat()
    world.clock.pass_time(days=2)
    in_force = refused(lambda: world.say("mifang", "scheme-used", **used, at=before))
    world.say("renzheng", "scheme-changed", certificate=granted.digest, new_state="withdrawn")

    tried = refused(lambda: world.say("mifang", "scheme-used", **used, at=before))

    assert (in_force, tried) == ([], ["certificate-not-live"])


@pytest.mark.parametrize(("kg", "rules"), [("150", []), ("150.001", ["mass-balance"])])
def test_no_more_of_a_lot_leaves_the_country_than_there_is(world: World, kg: str, rules: list[str]) -> None:
    lot = f"/lot/mifang/bran/X-{len(rules)}"
    world.say("mifang", "untraced-received", lot=lot, product="bran", amount={"kg": "400"})
    export = {"lot": lot, "country": "JP"}
    world.say("mifang", "export-declared", **export, amount={"kg": "250"})

    assert refused(lambda: world.say("mifang", "export-declared", **export, amount={"kg": kg})) == rules


def test_a_stranger_neither_gets_back_nor_destroys_what_is_recalled(world: World) -> None:
    lot, kg = "/lot/mifang/bran/RC-1", {"kg": "5"}
    world.say("mifang", "untraced-received", lot=lot, product="bran", amount=kg)
    recall = world.say("sheng", "recalled", lot=lot, level=1, cause="other").digest
    world.say("sheng", "recall-started", recall=recall)
    told = {"recall": recall, "lot": lot, "amount": kg}

    strange = [
        refused(lambda: world.say("moshengren", "recall-recovered", **told)),
        refused(lambda: world.say("moshengren", "recall-disposed", **told, disposal="destroyed")),
    ]
    own = [
        refused(lambda: world.say("mifang", "recall-recovered", **told)),
        refused(lambda: world.say("mifang", "recall-disposed", **told, disposal="destroyed")),
    ]

    assert [each[:1] for each in strange] == [["not-held"]] * 2
    assert own == [[], []]


def test_what_several_growers_grew_stays_mixed_however_often_its_maker_packs_it(world: World) -> None:
    for party in ("heitu", "moshengren", "mifang"):
        world.say(
            party, "product-registered", product="muer", name="木耳", commodity="black-fungus", measure="mass"
        )
    parts = []
    for party, token in (("heitu", "A" * 32), ("moshengren", "B" * 32)):
        lot, kg = f"/lot/{party}/muer/1", {"kg": "10"}
        world.say(party, "untraced-received", lot=lot, product="muer", amount=kg)
        world.hand_over(lot, "10", by=party, to="mifang", token=token)
        parts.append({"lot": lot, "amount": kg})
    made(world, "blending", parts, "/lot/mifang/muer/M", "20")
    made(world, "packing", [{"lot": "/lot/mifang/muer/M", "amount": {"kg": "20"}}], PACKED, "20")
    ship = {"handover": "0" * 64, "to": "chaoshi", "parts": [{"lot": PACKED, "amount": {"kg": "1"}}]}

    shipped = world.say("mifang", "shipped", **ship)

    assert ("mixed-without-certificate", "hold") in {(each["rule"], each["level"]) for each in shipped.flags}


PACKED = "/lot/mifang/muer/N"


def made(world: World, process: str, inputs: list[Any], lot: str, kg: str) -> None:
    """Let mifang make *kg* of the lot of 木耳 out of *inputs*."""
    outputs = [{"lot": lot, "product": "muer", "amount": {"kg": kg}}]
    world.say("mifang", "processed", process=process, inputs=inputs, outputs=outputs)


def test_a_name_that_was_noted_by_mistake_is_anybodys_again(world: World) -> None:
    told = {"counterparty": "7" * 26, "counterparty_kind": "wholesaler"}
    wrong = world.say("mifang", "counterparty-noted", **told)
    taken = refused(lambda: world.say("heitu", "counterparty-noted", **told))
    world.say("mifang", "corrected", target=wrong.digest, reason="did-not-occur")

    assert (taken != [], refused(lambda: world.say("heitu", "counterparty-noted", **told))) == (True, [])


def test_a_test_that_nobody_sampled_for_is_no_good_record(world: World) -> None:
    # The first test of the chain is told as routine monitoring, and no office ever ordered it.
    told = world.statement_of("inspected")

    with world.services.reading() as reader:
        found = records(reader.connection, only("mifang"), date(2026, 12, 31))

    assert told.digest not in {each.digest for each in found}


def test_the_entries_give_the_same_rows_after_all_that(world: World) -> None:
    engine = scratch_engine()
    entries = [each.entry for each in world.services.log.entries(0, world.services.log.size())]
    with world.services.reading() as reader, engine.connect() as again:
        rebuild(again, entries, lambda _, index: stored_entry(reader.connection, index))
        found = [difference(reader.connection, again, table) for table in tables.metadata.sorted_tables]
    engine.dispose()

    assert [each for each in found if each is not None] == []
