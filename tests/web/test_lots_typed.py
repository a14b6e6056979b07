"""A lot that an office mistypes, or that is another division's, is told at its field; nothing is lost."""

from collections.abc import Iterator

import pytest

from tests.rooms import Rooms, opened_rooms, typed_in, words_of
from tests.world import BASE_URL, PADDY_LOT
from traceability.events.registry import PartyRegistered

ELSEWHERE = "/lot/shulan-mi/rice/S-1"


@pytest.fixture(scope="module")
def rooms(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rooms]:
    """Yield the rooms of a world in which another county's mill has rice too."""
    with opened_rooms(tmp_path_factory.mktemp("typed")) as made:
        world = made.world
        world.whole_chain()
        mill = PartyRegistered(
            at=world.clock(), party="shulan-mi", role="processor", division="220283", name="虚构"
        )
        world.services.register_party(mill)
        rice = {"product": "rice", "name": "米", "commodity": "milled-rice", "measure": "mass"}
        world.say("shulan-mi", "product-registered", **rice)
        world.say("shulan-mi", "untraced-received", lot=ELSEWHERE, product="rice", amount={"kg": "9"})
        yield made


LOT_FORMS = {
    "/regulator/holds/new": {"hold_cause": "export-alert"},
    "/regulator/cases/new": {"respondent": "heitu", "case_cause": "other"},
    "/regulator/alerts/new": {"severity": "high", "division": "220182"},
    "/regulator/recall": {"level": "1", "cause": "other"},
}


@pytest.mark.parametrize("path", LOT_FORMS)
def test_a_mistyped_lot_comes_back_at_its_field_with_what_was_typed(rooms: Rooms, path: str) -> None:
    office, size = rooms.person("yushu"), rooms.size

    answer = office.send(path, LOT_FORMS[path], lot="/lot/heitu/paddy/26-X", note="说明还在")

    assert (answer.status_code, rooms.size) == (422, size)
    assert "账本里没有这个批次" in words_of(answer)
    assert typed_in(answer, "lot") == "/lot/heitu/paddy/26-X"
    assert "说明还在" in answer.text


@pytest.mark.parametrize("path", LOT_FORMS)
def test_a_lot_of_another_division_is_told_at_its_field(rooms: Rooms, path: str) -> None:
    office, size = rooms.person("yushu"), rooms.size

    answer = office.send(path, LOT_FORMS[path], lot=ELSEWHERE)

    assert (answer.status_code, rooms.size) == (422, size)
    assert "不是在您的辖区内生产或存放的" in words_of(answer)
    assert typed_in(answer, "lot") == ELSEWHERE
    assert office.get(path, lot=ELSEWHERE).status_code == 403


def test_a_respondent_of_another_division_is_told_at_its_field(rooms: Rooms) -> None:
    answer = rooms.person("yushu").send("/regulator/cases/new", respondent="chaoshi", case_cause="other")

    assert (answer.status_code, "请从列表中选择" in words_of(answer)) == (422, True)


def test_a_recall_asks_for_its_lot_and_shows_whom_it_reaches_before_it_is_signed(rooms: Rooms) -> None:
    office, size = rooms.person("yushu"), rooms.size
    asked = office.get("/regulator/recall")

    shown = office.send("/regulator/recall", look="1", lot=f" {BASE_URL}{PADDY_LOT}")

    assert (asked.status_code, typed_in(asked, "lot")) == (200, "")
    assert (shown.status_code, rooms.size) == (200, size)
    assert "召回会触及谁" in words_of(shown)
    assert typed_in(shown, "lot") == PADDY_LOT
