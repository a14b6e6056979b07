"""Entries, proofs and traces, as a program looks them up."""

import base64
import json
from typing import Any

import pytest

from ledger.checkpoint import Checkpoint
from ledger.errors import NotProven
from ledger.note import Note
from ledger.spelling import base64_text
from tests import world
from tests.programs import BOUGHT, Api, check_receipt
from tests.world import PADDY_LOT, RICE_LOT


def test_the_entries_of_a_lot_are_listed_in_order(api: Api) -> None:
    answer = api.ask("/v1/entries", query_string={"lot": RICE_LOT})

    rows = answer.json["entries"]
    assert [(row["kind"], row["by"]) for row in rows] == [("processed", "mifang"), ("inspected", "jiance")]
    assert all(f"{world.BASE_URL}{RICE_LOT}" in row["lots"] for row in rows)


def test_entries_come_in_pages(api: Api) -> None:
    first = api.ask("/v1/entries", query_string={"limit": "2"})
    second = api.ask("/v1/entries", query_string={"from": "2", "limit": "1"})

    assert [row["index"] for row in first.json["entries"] + second.json["entries"]] == [0, 1, 2]
    assert first.json["size"] == api.size
    assert [row["kind"] for row in first.json["entries"]] == ["log-opened", "key"]


@pytest.mark.parametrize(
    ("query", "where"),
    [
        ({"limit": "0"}, "limit"),
        ({"limit": "-1"}, "limit"),
        ({"limit": "٣"}, "limit"),
        ({"from": "x"}, "from"),
        ({"from": "9" * 30}, "from"),
        ({"page": "1"}, "page"),
        ({"lot": "(01)123"}, "lot"),
        ({"lot": ""}, "lot"),
        ({"limit": ["1", "2"]}, "limit"),
    ],
)
def test_a_question_that_is_malformed_is_told_where(api: Api, query: dict[str, Any], where: str) -> None:
    answer = api.ask("/v1/entries", query_string=query)

    assert (answer.status_code, answer.places) == (422, [where])


def test_an_entry_comes_with_its_proof(api: Api) -> None:
    answer = api.ask("/v1/entries/3")

    entry = check_receipt(api, answer.json)
    assert base64.b64decode(answer.json["entry"]) == entry.bytes()


def test_a_published_checkpoint_goes_before_one_that_is_only_sealed(api: Api) -> None:
    note = api.world.services.log.publish()

    old = api.ask("/v1/entries/3")
    api.ask("/v1/events", BOUGHT)
    new = api.ask(f"/v1/entries/{api.size - 1}")

    check_receipt(api, new.json)
    assert old.json["checkpoint"].encode() == note.bytes()
    assert Checkpoint.parse(Note.parse(new.json["checkpoint"].encode()).text).size == api.size


def test_a_bent_proof_does_not_hold(api: Api) -> None:
    told = api.ask("/v1/entries/3").json

    for step in range(len(told["proof"])):
        raw = base64.b64decode(told["proof"][step])
        proof = [*told["proof"]]
        proof[step] = base64_text(bytes([raw[0] ^ 1]) + raw[1:])
        with pytest.raises(NotProven):
            check_receipt(api, told | {"proof": proof})


@pytest.mark.parametrize("index", ["99999", "9" * 40])
def test_an_entry_that_is_not_there_is_not_found(api: Api, index: str) -> None:
    answer = api.ask(f"/v1/entries/{index}")

    assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")


def test_a_lot_is_traced_back_and_forward(api: Api) -> None:
    back = api.ask(f"/v1/lots{RICE_LOT}/trace?direction=back")
    forward = api.ask(f"/v1/lots{PADDY_LOT}/trace?direction=forward")

    rice, paddy, bran = (f"{world.BASE_URL}{lot}" for lot in (RICE_LOT, PADDY_LOT, "/lot/mifang/bran/B-1"))
    assert back.json == {
        "lot": rice,
        "direction": "back",
        "lots": [paddy],
        "edges": [[paddy, rice]],
        "shares": {paddy: "1"},
    }
    assert forward.json == {
        "lot": paddy,
        "direction": "forward",
        "lots": sorted([rice, bran]),
        "edges": sorted([[paddy, rice], [paddy, bran]]),
    }


@pytest.mark.parametrize(
    ("address", "status"),
    [
        (f"{RICE_LOT}/trace", 422),
        (f"{RICE_LOT}/trace?direction=up", 422),
        (f"{RICE_LOT}/trace?direction=back&depth=1", 422),
        ("/lot/mifang/rice/none/trace?direction=back", 404),
        ("/01/09521234000013/10/none/trace?direction=back", 404),
        ("/01/09521234000013/trace?direction=back", 404),
        ("/01/1/10/none/trace?direction=back", 422),
        ("/%00/trace?direction=back", 422),
        ("/x/trace?direction=back", 422),
    ],
)
def test_a_lot_that_is_not_there_is_told(api: Api, address: str, status: int) -> None:
    answer = api.ask(f"/v1/lots{address}")

    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")


def test_nothing_sealed_is_shown(api: Api) -> None:
    api.ask("/v1/events", BOUGHT)

    told = [api.ask(f"/v1/entries/{index}").raw for index in range(api.size)]
    listed = api.ask("/v1/entries", query_string={"limit": "500"}).raw

    entries = [base64.b64decode(json.loads(each)["entry"]) for each in told]
    assert not any("虚构农资店".encode() in each or "王虚构".encode() in each for each in [*entries, listed])
