"""Passports, exports for the platforms, and what is erased once its time is over, from a terminal."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import world
from tests.terminal import Terminal
from tests.world import PADDY_LOT, PLOT, RICE_LOT, World

LATELY = "2026-10-07T08:00:00+08:00"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[World, Path]]:
    folder = tmp_path_factory.mktemp("passing")
    with world.opened(folder) as opened:
        opened.whole_chain()
        parts = [{"lot": RICE_LOT, "amount": {"kg": "10"}}]
        told = {"receiver_kind": "caterer", "destination_division": "110000", "vehicle": "吉A00000"}
        opened.say("mifang", "shipped", parts=parts, handover="00" * 32, to="虚构饭店", **told)
        opened.services.log.publish()
        yield opened, folder


@pytest.fixture
def terminal(made: tuple[World, Path]) -> Terminal:
    return Terminal(made[1] / "instance")


def test_a_passport_goes_out_and_is_verified_by_whoever_kept_the_policy(
    terminal: Terminal, tmp_path: Path
) -> None:
    passport, policy = tmp_path / "p.json", tmp_path / "policy"
    policy.write_text(terminal("policy").out, "utf-8")
    assert terminal("passport", RICE_LOT, "--out", passport).code == 0
    assert terminal("passport", RICE_LOT, "--out", tmp_path / "p.pdf").code == 0

    verdict = terminal("verify-passport", passport, "--policy", policy, "--json")

    assert (verdict.code, verdict.json["proven"], verdict.json["lot"]) == (0, True, RICE_LOT)
    assert (tmp_path / "p.pdf").read_bytes().startswith(b"%PDF-")


@pytest.mark.parametrize("bent", ["by", "bytes", "missing"])
def test_a_bent_passport_is_not_proven(terminal: Terminal, tmp_path: Path, bent: str) -> None:
    passport, policy = tmp_path / "p.json", tmp_path / "policy"
    policy.write_text(terminal("policy").out, "utf-8")
    terminal("passport", RICE_LOT, "--out", passport)
    found = json.loads(passport.read_bytes())
    index = found["records"][0]["index"]
    entries = found["proofs"]["entries"]
    if bent == "by":
        found["records"][0]["by"] = "somebody"
    elif bent == "bytes":
        other = next(each for each in entries if each["index"] != index)
        next(each for each in entries if each["index"] == index)["bytes"] = other["bytes"]
    else:
        found["proofs"]["entries"] = [each for each in entries if each["index"] != index]
    passport.write_text(json.dumps(found), "utf-8")

    assert terminal("verify-passport", passport, "--policy", policy).code == 1


@pytest.mark.parametrize("written", ["{", "[]", "{}", '{"format": "jizihao/passport/v2"}'])
def test_what_is_no_passport_is_told(terminal: Terminal, tmp_path: Path, written: str) -> None:
    passport, policy = tmp_path / "p.json", tmp_path / "policy"
    passport.write_text(written, "utf-8")
    policy.write_text(terminal("policy").out, "utf-8")

    ran = terminal("verify-passport", passport, "--policy", policy)

    assert (ran.code != 0, bool(ran.err), "Traceback" in ran.err) == (True, True, False)


def test_batches_of_a_division_go_to_the_platform(terminal: Terminal, tmp_path: Path) -> None:
    out = tmp_path / "batches.json"

    ran = terminal("platform-export", "--division", "220182", "--period", "2026", "--out", out, "--json")

    document = json.loads(out.read_bytes())
    kinds = [(each["direction"], each["stage"], each["batch"]) for each in document["batches"]]
    assert ran.json["batches"] == len(kinds)
    assert {
        ("inbound", "生产", PADDY_LOT),
        ("inbound", "收购", PADDY_LOT),
        ("outbound", "销售", RICE_LOT),
    } <= set(kinds)
    assert next(each for each in document["batches"] if each["stage"] == "收购")["source_operator"] == "heitu"
    assert document["flows"] == [
        {"commodity": "milled-rice", "destination": "110000", "receiver_kind": "caterer", "shipments": 1},
        {"commodity": "paddy", "destination": "", "receiver_kind": "", "shipments": 1},
    ]
    assert [word in out.read_text("utf-8") for word in ("虚构饭店", "吉A00000")] == [False, False]


@pytest.mark.parametrize(
    ("division", "period", "batches"),
    [("220200", "2026", 0), ("220000", "2025", 0), ("220182", "2026-09", 1)],
)
def test_only_what_was_asked_for_is_exported(
    terminal: Terminal, tmp_path: Path, division: str, period: str, batches: int
) -> None:
    out = tmp_path / "b.csv"

    terminal("platform-export", "--division", division, "--period", period, "--out", out)

    assert len(out.read_text("utf-8-sig").splitlines()) == batches + 1


def test_hidden_values_are_erased_when_their_clock_has_ended(
    made: tuple[World, Path], terminal: Terminal
) -> None:
    opened = made[0]
    old = {"at": "2024-01-05T08:00:00+08:00", "plot": PLOT, "name": "虚构旧药", "substances": ["三环唑"]}
    digests = [
        opened.say("heitu", "treated", target="虚构虫害", **each).digest
        for each in (old, {**old, "at": LATELY})
    ]
    for target in digests:
        told = {"target": target, "fields": ["/target"]}
        opened.say("heitu", "erased", done="hidden", cause="consent-withdrawn", **told)

    listed = terminal("erase-due", "--dry-run", "--json").json
    erased = terminal("erase-due").code
    left = terminal("erase-due", "--json").json

    assert [(each["kind"], each["until"], each["due"]) for each in listed] == [
        ("treated", "2026-01-05", True),
        ("treated", "2028-10-07", False),
    ]
    assert (erased, [each["until"] for each in left]) == (0, ["2028-10-07"])
