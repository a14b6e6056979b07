"""An office that looks again in a case names a test of the goods that the case is about."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.rooms import Rooms, opened_rooms, words_of
from tests.world import PADDY_LOT, RICE_LOT


@pytest.fixture
def rooms(tmp_path: Path) -> Iterator[Rooms]:
    with opened_rooms(tmp_path) as opened:
        opened.world.whole_chain()
        yield opened


def corrected(rooms: Rooms, respondent: str, lot: str | None) -> str:
    """Open a case, order a correction and let it be reported; return the case."""
    world = rooms.world
    told = {} if lot is None else {"lot": lot}
    case = world.say("yushu", "case-opened", respondent=respondent, case_cause="other", **told).digest
    world.say("yushu", "correction-ordered", case=case, until="2026-10-30", measures=["labels"])
    world.say(respondent, "correction-reported", case=case)
    return case


@pytest.mark.parametrize(
    ("respondent", "of_case", "tested", "sentence"),
    [
        ("mifang", RICE_LOT, RICE_LOT, ""),
        ("mifang", RICE_LOT, PADDY_LOT, "这次检验的不是批次 R-1。"),
        ("heitu", None, PADDY_LOT, ""),
        ("heitu", None, RICE_LOT, "这次检查的是 mifang，不是被处置单位。"),
    ],
    ids=["its lot", "another lot", "its goods", "another's goods"],
)
def test_a_test_of_other_goods_does_not_end_a_case(
    rooms: Rooms, respondent: str, of_case: str | None, tested: str, sentence: str
) -> None:
    case = corrected(rooms, respondent, of_case)
    test = rooms.world.inspect(tested).digest

    answer = rooms.person("yushu").send(f"/regulator/cases/{case}/look-again", inspection=test, passed="true")

    assert answer.status_code == (422 if sentence else 302)
    assert sentence in words_of(answer)
