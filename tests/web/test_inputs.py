"""The shelf of inputs, and the forms of purchase and use that fill themselves in from it."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests import grower
from tests.grower import Room, hidden
from tests.world import PLOT

NOW = "2026-09-22T08:00"
CODE = "1" + "190153" + "1" + "011" + "5" + "0" * 15 + "12345"
SEED = "吉粳虚构 88\n吉林虚构种业有限公司\nJZ2026000123\nhttps://seed.example/JZ2026000123"
LABEL = {
    "category": "pesticide",
    "name": "虚构牌吡虫啉",
    "amount": "2",
    "unit": "kg",
    "dealer": "虚构农资店",
    "label_code": CODE,
    "substances": "吡虫啉、噻嗪酮",
    "interval_days": "14",
    "dose_most": "20",
    "dose_unit": "克/亩",
    "registration": "PD20190153",
    "maker": "虚构农药厂",
    "batch": "B-7",
    "expiry": "2028-01-01",
}


def send(client: FlaskClient, address: str, **typed: str) -> TestResponse:
    """Fill in a form as it stands now."""
    return grower.send(client, address, **{"at": NOW, "unit": "kg", "method": "spray", **typed})


@pytest.fixture(scope="module")
def still(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    """Give a room for tests that ask nothing of the shelf but what they put there themselves."""
    with grower.room(tmp_path_factory.mktemp("still")) as found:
        yield found


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    with grower.room(tmp_path) as found:
        yield found


def test_the_label_of_a_purchase_is_told_once_and_fills_in_the_use(room: Room) -> None:
    client = room.client()
    send(client, "/farm/record/input-bought", **LABEL)

    page = client.get("/farm/record/treated", query_string={"product": "虚构牌吡虫啉", "plot": PLOT})

    shown = dict(re.findall(r'name="(\w+)"[^>]*? value="([^"]*)"', page.text))
    names = ("name", "substances", "interval_days", "registration", "maker", "label_code", "dose_unit")
    assert [shown[name] for name in names] == [
        "虚构牌吡虫啉",
        "吡虫啉、噻嗪酮",
        "14",
        "PD20190153",
        "虚构农药厂",
        CODE,
        "克/亩",
    ]
    assert "标签上的最高用量：20 克/亩" in page.text


def test_a_purchase_and_a_use_change_the_shelf(room: Room) -> None:
    client = room.client()
    send(client, "/farm/record/input-bought", **LABEL)
    used = {
        "name": "虚构牌吡虫啉",
        "substances": "吡虫啉、噻嗪酮",
        "interval_days": "14",
        "amount": "500",
        "unit": "g",
    }
    send(client, "/farm/record/treated", plot=PLOT, against="insects", **used)

    page = client.get("/farm/inputs").text

    assert [text in page for text in ("2 kg", "0.5 kg", "1.5 kg", "2028-01-01")] == [True] * 4
    assert "虚构农资店" not in room.told.services.log.entry(room.size() - 2)[0].bytes().decode()


def test_more_than_the_label_allows_is_told_at_the_dose(room: Room) -> None:
    client = room.client()
    send(client, "/farm/record/input-bought", **LABEL)
    used = {
        "name": "虚构牌吡虫啉",
        "substances": "吡虫啉",
        "interval_days": "14",
        "dose": "21",
        "dose_unit": "克/亩",
    }

    answer = send(client, "/farm/record/treated", plot=PLOT, **used)

    assert answer.status_code == 422
    assert "超过标签上的最高用量 20 克/亩" in answer.text
    assert 'id="field-dose-error-1"' in answer.text


@pytest.mark.parametrize(
    ("why", "typed", "change"),
    [("had-before", "3", "3"), ("spilt", "3", "-3"), ("expired", "1.5", "-1.5"), ("other", "1", "1")],
)
def test_what_is_gone_is_less_and_what_was_there_is_more(
    still: Room, why: str, typed: str, change: str
) -> None:
    send(
        still.client(),
        "/farm/record/input-adjusted",
        name="尿素",
        category="fertiliser",
        why=why,
        change=typed,
    )

    assert still.last()["event"]["change"] == change


def test_a_change_that_was_wrong_is_written_anew(still: Room) -> None:
    client = still.client()
    send(client, "/farm/record/input-adjusted", name="尿素", category="fertiliser", why="spilt", change="3")
    with still.told.services.reading() as reader:
        digest = reader.statement(still.size() - 1).digest

    page = client.get(f"/farm/correct/{digest}", query_string={"reason": "incorrect"})
    answer = client.post(
        f"/farm/correct/{digest}",
        data={
            **hidden(page),
            "at": NOW,
            "name": "尿素",
            "category": "fertiliser",
            "why": "spilt",
            "change": "2",
            "unit": "kg",
        },
    )

    assert (answer.status_code, still.last()["event"]["replacement"]["change"]) == (302, "-2")


@pytest.mark.parametrize("code", [CODE, f"https://nongyao.example/?c={CODE}"])
def test_a_pesticides_code_leads_to_its_purchase_and_then_to_its_use(room: Room, code: str) -> None:
    client = room.client()

    first = client.get("/farm/inputs/label", query_string={"code": code})
    send(client, "/farm/record/input-bought", **LABEL)
    second = client.get("/farm/inputs/label", query_string={"code": code})

    assert (first.location.split("?")[0], f"label_code={CODE}" in first.location) == (
        "/farm/record/input-bought",
        True,
    )
    assert second.location.startswith("/farm/record/treated?product=")


def test_a_seed_label_fills_in_the_purchase(still: Room) -> None:
    client = still.client()

    page = client.get("/farm/inputs/label", query_string={"code": SEED}, follow_redirects=True)

    shown = dict(re.findall(r'name="(\w+)"[^>]*? value="([^"]*)"', page.text))
    assert [shown[name] for name in ("name", "variety", "maker", "label_code")] == [
        "吉粳虚构 88",
        "吉粳虚构 88",
        "吉林虚构种业有限公司",
        "JZ2026000123",
    ]


def test_a_code_that_is_none_says_so(still: Room) -> None:
    page = still.client().get("/farm/inputs/label", query_string={"code": "123"}, follow_redirects=True)

    assert "没有认出这个码" in page.text


def test_the_shelf_tells_how_long_records_are_kept_and_what_follows_from_neglect(still: Room) -> None:
    cooperative, farm = (
        still.client("hei").get("/farm/inputs").text,
        still.client("nong").get("/farm/inputs").text,
    )

    assert "至少保存 2 年" in cooperative
    assert ("二千元以上二万元以下" in cooperative, "二千元以上二万元以下" in farm) == (True, False)


@pytest.mark.parametrize("path", ["/farm/inputs", "/farm/inputs/label?code=1", "/farm/record/input-adjusted"])
def test_the_shelf_is_closed_to_whoever_grows_nothing(still: Room, path: str) -> None:
    assert still.client("mi").get(path).status_code == 403


def test_nobody_sees_the_shelf_of_another_party(room: Room) -> None:
    send(room.client(), "/farm/record/input-bought", **LABEL)

    other = room.client("nong")

    assert "虚构牌吡虫啉" not in other.get("/farm/inputs").text
    assert other.get("/farm/inputs/label", query_string={"code": CODE}).location.startswith(
        "/farm/record/input-bought"
    )
