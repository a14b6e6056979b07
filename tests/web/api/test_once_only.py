"""A request with a key is done once, and proven afresh each time it is answered."""

import pytest

from tests.programs import AT, BOUGHT, Api, check_receipt
from web import once


def test_what_is_asked_twice_is_done_once_and_proven_afresh(api: Api) -> None:
    first = api.ask("/v1/events", BOUGHT, key="2026-11-01/1")
    api.ask("/v1/events", BOUGHT)
    before = api.size

    again = api.ask("/v1/events", BOUGHT, key="2026-11-01/1")

    check_receipt(api, again.json)
    same = ("index", "digest", "flags", "leaf")
    assert [again.json[name] for name in same] == [first.json[name] for name in same]
    assert (again.status_code, api.size) == (201, before)
    assert again.json["checkpoint"] != first.json["checkpoint"]


def test_members_in_another_order_are_the_same_body(api: Api) -> None:
    first = api.ask("/v1/events", BOUGHT, key="order")

    again = api.ask("/v1/events", dict(reversed(BOUGHT.items())), key="order")

    assert again.json["digest"] == first.json["digest"]


def test_a_key_serves_one_body(api: Api) -> None:
    api.ask("/v1/events", BOUGHT, key="one body")
    before = api.size

    other = api.ask("/v1/events", BOUGHT | {"amount": "51"}, key="onebody")
    api.ask("/v1/events", BOUGHT | {"amount": "52"}, key="onebody")
    taken = api.ask("/v1/events", BOUGHT | {"amount": "53"}, key="onebody")

    assert (other.status_code, taken.status_code) == (201, 422)
    assert taken.places == [once.HEADER]
    assert api.size == before + 1


def test_a_key_of_another_party_is_another_key(api: Api) -> None:
    sold = {"kind": "retailed", "at": AT, "lot": "/lot/heitu/paddy/none", "amount": {"kg": "1"}}
    api.ask("/v1/events", BOUGHT, key="shared")

    answer = api.ask("/v1/events", sold, who="chaoshi", key="shared")

    assert once.HEADER not in answer.places


def test_a_refusal_is_not_remembered(api: Api) -> None:
    refused = api.ask("/v1/events", BOUGHT | {"name": ""}, key="mended")

    mended = api.ask("/v1/events", BOUGHT, key="mended")

    assert (refused.status_code, mended.status_code) == (422, 201)


def test_whoever_may_not_ask_is_told_nothing_of_keys(api: Api) -> None:
    api.ask("/v1/events", BOUGHT, key="secret")

    answer = api.app.test_client().post("/api/v1/events", json=BOUGHT, headers={once.HEADER: "secret"})

    assert answer.status_code == 401


@pytest.mark.parametrize("key", [" ", "x" * 201, "é"])
def test_a_key_that_will_not_do_is_named(api: Api, key: str) -> None:
    answer = api.ask("/v1/events", BOUGHT, headers={once.HEADER: key})

    assert (answer.status_code, answer.places) == (422, [once.HEADER])


def test_a_crash_before_the_remembering_states_nothing_twice(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_: object) -> None:
        raise RuntimeError("the power went out")

    with monkeypatch.context() as patched:
        patched.setattr(once.Once, "_remember", crash)
        lost = api.ask("/v1/events", BOUGHT, key="crash")
    before = api.size
    api.world.clock.pass_time(minutes=2)

    again = api.ask("/v1/events", BOUGHT, key="crash")

    assert (lost.status_code, again.status_code) == (500, 200)
    assert (again.json["index"], api.size) == (before - 1, before)
