"""What a shopper is told of a lot: all of its own line, nothing of another's, whatever the copy says."""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import pytest

from tests import world
from tests.meddling import entries_of, spoil
from tests.world import MEMBER, PADDY_LOT, PLOT, RICE_LOT, World
from traceability import story
from traceability.chronicle import Chronicle, told_events, voids
from traceability.errors import Unknown
from traceability.limits import shipped_rules
from traceability.story import Origin, Story

BRAN = "/lot/mifang/bran/B-1"


@pytest.fixture
def told(tmp_path: Path) -> Iterator[World]:
    with world.opened(tmp_path) as opened:
        opened.whole_chain()
        yield opened


def tell(told: World, lot: str = RICE_LOT) -> Story:
    with told.services.reading() as reader:
        return story.tell(reader, lot, shipped_rules())


def kinds(found: Story, part: str) -> list[str]:
    """Return the kinds of the records of one part, in the order of the page."""
    return [
        statement.event.kind if (statement := each.record.statement) is not None else each.record.kind
        for each in found.chapters
        if each.part == part
    ]


def test_a_lot_nobody_told_of_is_unknown(told: World) -> None:
    with pytest.raises(Unknown):
        tell(told, "/lot/mifang/rice/R-2")


def test_the_whole_way_is_told_in_order_of_time(told: World) -> None:
    found = tell(told)

    assert kinds(found, "event") == ["treated", "harvested", "shipped", "received", "processed", "inspected"]
    assert kinds(found, "aside") == []


def test_who_and_what_stands_behind_it_is_told_apart(told: World) -> None:
    found = tell(told)

    registered = sorted(kinds(found, "registration"))
    assert registered == sorted(
        ["key"] * 3 + ["party-registered"] * 3 + ["product-registered"] * 2 + ["plot-registered"]
    )
    subjects = {each.subject for each in found.chapters}
    assert "urn:jizihao:product:mifang:bran" not in subjects


def test_what_became_of_the_rest_is_told_aside(told: World) -> None:
    told.say("heitu", "treated", plot=PLOT, name="秋后的药", substances=["三环唑"], interval_days=21)
    told.say(
        "jiance",
        "inspected",
        lot=PADDY_LOT,
        sample="S-9",
        purpose="routine",
        sampled_on="2026-10-08",
        results=[{"analyte": "镉", "unit": "mg/kg", "value": "0.05", "limit": "0.2", "passed": True}],
        verdict="conformant",
    )

    found = tell(told)

    assert kinds(found, "aside") == ["treated"]
    assert kinds(found, "event")[-1] == "inspected"


def test_a_receipt_confirms_its_shipment_and_nobody_confirms_himself(told: World) -> None:
    (shipped,), (received,) = entries_of(told, "shipped"), entries_of(told, "received")
    mill = entries_of(told, "processed")[0]
    with told.services.reading() as reader:
        digest = reader.statement(mill).digest
    confirmed = told.say("yushu", "confirmed", target=digest).index

    found = {each.record.index: each.confirmed_by for each in tell(told).chapters if each.confirmed_by}

    assert found == {shipped: (received,), mill: (confirmed,)}


def test_each_lot_has_its_own_tests_or_none(told: World) -> None:
    told.inspect(cadmium="0.3", passed=False)

    assert [tell(told, lot).tests for lot in (RICE_LOT, PADDY_LOT, BRAN)] == [
        "non-conformant",
        "none",
        "none",
    ]


def test_a_recall_reaches_what_was_made_of_the_lot_and_not_what_it_was_made_of(told: World) -> None:
    told.say("yushu", "recalled", lot=PADDY_LOT, level=1, cause="failed-test")
    told.say("yushu", "recalled", lot=BRAN, level=3, cause="other")

    reached = {lot: [each.lot for each in tell(told, lot).recalls] for lot in (PADDY_LOT, RICE_LOT, BRAN)}

    assert reached == {PADDY_LOT: [PADDY_LOT], RICE_LOT: [PADDY_LOT], BRAN: [BRAN, PADDY_LOT]}


def test_a_recall_that_was_taken_back_reaches_nobody(told: World) -> None:
    recall = told.say("mifang", "recalled", lot=RICE_LOT, level=1, cause="other")
    told.say("mifang", "corrected", target=recall.digest, reason="did-not-occur")

    found = tell(told)

    assert found.recalls == []
    (chapter,) = [each for each in found.chapters if each.record.index == recall.index]
    assert chapter.void_by == recall.index + 1


def test_shares_follow_the_masses(told: World) -> None:
    told.harvest("3000", lot="/lot/heitu/paddy/26-B")
    told.harvest("1000", lot="/lot/heitu/paddy/26-C")
    blended = "/lot/heitu/paddy/26-X"
    told.say(
        "heitu",
        "processed",
        process="blending",
        inputs=[
            {"lot": f"/lot/heitu/paddy/26-{name}", "amount": {"kg": kg}}
            for name, kg in (("B", "3000"), ("C", "1000"))
        ],
        outputs=[{"lot": blended, "product": "paddy", "amount": {"kg": "4000"}}],
    )

    assert tell(told, blended).origins == [
        Origin("/lot/heitu/paddy/26-B", Fraction(3, 4)),
        Origin("/lot/heitu/paddy/26-C", Fraction(1, 4)),
    ]


def blended(told: World, *lots: str) -> str:
    """Blend new harvests of a kilogram each under *lots* into one lot, and return its name."""
    name, each = "/lot/heitu/paddy/26-X", {"kg": "1"}
    for lot in lots:
        told.harvest("1", lot=lot)
    inputs = [{"lot": lot, "amount": each} for lot in lots]
    outputs = [{"lot": name, "product": "paddy", "amount": {"kg": str(len(lots))}}]
    told.say("heitu", "processed", process="blending", inputs=inputs, outputs=outputs)
    return name


@pytest.mark.parametrize("room", [0, 10, 14, 24, 30, 100])
def test_what_there_is_no_room_for_is_named_and_the_lot_itself_is_told(
    told: World, monkeypatch: pytest.MonkeyPatch, room: int
) -> None:
    lots = [f"/lot/heitu/paddy/26-{number}" for number in range(8)]
    blend = blended(told, *lots)
    whole = tell(told, blend)
    monkeypatch.setattr(story, "ROOM", room)

    found = tell(told, blend)

    behind = {each for each in whole.subjects if each in lots or each.startswith(story.PLOT)}
    named = {each for each in found.subjects if each in behind}
    assert named | set(found.beyond) == behind if named else set(found.beyond) == set(lots)
    assert named.isdisjoint(found.beyond)
    assert "processed" in kinds(found, "event")
    assert {each.subject for each in found.chapters}.isdisjoint(found.beyond)
    assert bool(found.beyond) == (room < 100)


def test_behind_what_there_is_no_room_for_nothing_is_told(
    told: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(story, "ROOM", 1)

    found = tell(told)

    assert found.beyond == (PADDY_LOT,)
    assert kinds(found, "event") == ["processed", "inspected"]
    assert f"urn:jizihao:plot:{PLOT}" not in found.subjects


def test_what_was_taken_back_is_behind_and_does_not_stand(told: World) -> None:
    with told.services.reading() as reader:
        chronicle = Chronicle(reader)
        behind = chronicle.upstream(RICE_LOT, room=100)
        (processed,) = [
            index
            for index in chronicle.about(RICE_LOT)
            if any(event.kind == "processed" for event in told_events(chronicle.at(index)))
        ]

        assert chronicle.standing(RICE_LOT, behind, ()) == list(behind.names)
        assert chronicle.standing(RICE_LOT, behind, {processed}) == [RICE_LOT]


@pytest.mark.parametrize(
    "sql",
    ["DELETE FROM item", "UPDATE statement SET void_by = 1", "DELETE FROM harvest", "DELETE FROM recall"],
)
def test_the_story_rests_on_entries_and_not_on_the_copy(told: World, sql: str) -> None:
    told.say("yushu", "recalled", lot=PADDY_LOT, level=1, cause="failed-test")
    before = tell(told)
    spoil(told, sql)

    after = tell(told)

    assert [(each.id, each.part, each.void_by) for each in after.chapters] == [
        (each.id, each.part, each.void_by) for each in before.chapters
    ]
    assert after.recalls == before.recalls


def test_an_altered_entry_tells_nothing(told: World) -> None:
    (index,) = entries_of(told, "shipped")
    spoil(told, "UPDATE ledger_entry SET bytes = CAST(bytes || x'20' AS BLOB) WHERE \"index\" = ?", index)

    (chapter,) = [each for each in tell(told).chapters if each.record.index == index]

    record = chapter.record
    assert (record.entry, record.statement, record.kind, record.is_readable, dict(record.links)) == (
        None,
        None,
        "",
        False,
        {},
    )


def test_a_record_that_is_gone_tells_nothing(told: World) -> None:
    with told.services.reading() as reader:
        record = Chronicle(reader).at(10_000)

    assert (record.spelt, record.is_readable) == (b"", False)


def test_only_the_author_makes_a_statement_void(told: World) -> None:
    (treated,) = entries_of(told, "treated")
    with told.services.reading() as reader:
        digest = reader.statement(treated).digest
    corrected = told.say("heitu", "corrected", target=digest, reason="did-not-occur").index
    with told.services.reading() as reader:
        chronicle = Chronicle(reader)
        records = [chronicle.at(index) for index in range(corrected + 1)]

    found = voids(records)

    assert found == {treated: corrected}


def test_a_certificate_is_required_only_where_the_rules_are_sure(told: World) -> None:
    with told.services.reading() as reader:
        states = [story.tell(reader, RICE_LOT, rules).certificate for rules in (shipped_rules(), None)]

    assert states == ["not-required", "unknown"]


def test_the_line_of_a_lot_is_what_a_browser_derives(told: World) -> None:
    with told.services.reading() as reader:
        found = Chronicle(reader).upstream(RICE_LOT, room=100)

    assert found == ((RICE_LOT, PADDY_LOT, f"urn:jizihao:plot:{PLOT}"), ())


def test_a_member_is_told_by_nobody(told: World) -> None:
    assert not any(MEMBER in each.subject for each in tell(told).chapters)
