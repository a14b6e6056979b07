"""Whole chains, told by a partner: what is imported, and every answer that follows from it."""

import json
import os
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests import chains
from tests.terminal import Terminal

SCENARIOS = Path(__file__).resolve().parents[2].parent / "shared" / "conformance" / "epcis" / "scenarios"
NAMES = ("own", *(f"chain0{number}" for number in range(1, 7)))


def chain(name: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the document of a chain and the answers that are expected of it."""
    if name == "own":
        return chains.document(chains.events()), chains.EXPECTED
    path = SCENARIOS / f"{name}.json"
    if not path.exists():
        pytest.skip(f"{path} is not there")
    return json.loads(path.read_text("utf-8")), json.loads(
        path.with_suffix(".expected.json").read_text("utf-8")
    )


def answers(terminal: Terminal, expected: dict[str, Any]) -> dict[str, Any]:
    """Ask everything that *expected* answers."""

    def lots(*arguments: str) -> list[str]:
        ran = terminal(*arguments, "--json")
        assert ran.code == 0, ran.err
        found: list[str] = ran.json["lots"]
        return found

    def reach(lot: str) -> dict[str, Any]:
        told = terminal("recall", lot, "--dry-run", "--json").json
        return {name: told[name] for name in ("affected_lots", "shipped_to")}

    return {
        "trace_back": {lot: lots("trace", lot, "--back") for lot in expected["trace_back"]},
        "trace_forward": {lot: lots("trace", lot, "--forward") for lot in expected["trace_forward"]},
        "container_contents_final": {
            container: lots("contents", container) for container in expected["container_contents_final"]
        },
        "mass_balance": terminal("balance", "--json").json,
        "recall": {lot: reach(lot) for lot in expected["recall"]},
    }


def asked(expected: dict[str, Any]) -> dict[str, Any]:
    """Return the part of *expected* that commands answer, lists sorted as commands sort them."""
    return {
        name: expected[name]
        for name in ("trace_back", "trace_forward", "container_contents_final", "mass_balance", "recall")
    }


def written(folder: Path, document: dict[str, Any], name: str = "chain.json") -> Path:
    """Write *document* to a file in *folder*."""
    path = folder / name
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    return Terminal.of_new(tmp_path / "instance")


@pytest.mark.parametrize("name", NAMES)
def test_every_answer_of_a_chain_is_right(name: str, terminal: Terminal, tmp_path: Path) -> None:
    document, expected = chain(name)
    assert terminal("import", written(tmp_path, document)).code == 0

    found = answers(terminal, expected)

    assert found == asked(expected)
    assert terminal("audit", "--json").json["findings"] == []


@pytest.mark.parametrize("name", NAMES[:3])
def test_a_file_imported_twice_changes_nothing(name: str, terminal: Terminal, tmp_path: Path) -> None:
    file = written(tmp_path, chain(name)[0])
    first = terminal("import", file, "--json").json
    size = terminal.size

    second = terminal("import", file, "--json")

    assert (second.code, second.json) == (0, {"recorded": 0, "refused": [], "flagged": []})
    assert terminal.size == size == first["recorded"] + 3


@pytest.mark.parametrize("name", NAMES[:3])
@pytest.mark.parametrize("seed", [1, 2])
def test_no_answer_depends_on_the_order_of_arrival(
    name: str, seed: int, terminal: Terminal, tmp_path: Path
) -> None:
    document, expected = chain(name)
    events = document["epcisBody"]["eventList"]
    random.Random(seed).shuffle(events)  # noqa: S311 -- a repeatable order, not a secret
    third = max(1, len(events) // 3)
    for start in range(0, len(events), third):
        part = document | {"epcisBody": {"eventList": events[start : start + third]}}
        assert terminal("import", written(tmp_path, part, f"part{start}.json")).code == 0

    found = answers(terminal, expected)

    assert found == asked(expected)
    assert terminal("audit", "--json").json["findings"] == []


def test_events_that_came_in_another_file_are_not_told_again(terminal: Terminal, tmp_path: Path) -> None:
    events = chains.events()
    half = chains.write(tmp_path / "half.json", events[:4])
    whole = chains.write(tmp_path / "whole.json", events)
    terminal("import", half)

    ran = terminal("import", whole, "--json")

    assert ran.json["recorded"] == len(events) - 4


def test_the_commands_run_as_programs_of_their_own(tmp_path: Path) -> None:
    document, expected = chain("own")
    file = written(tmp_path, document)
    environ = os.environ | {"JIZIHAO_INSTANCE": str(tmp_path / "instance"), "LANG": "C.UTF-8"}

    def run(*arguments: str | Path) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-m", "web", *map(str, arguments)]
        return subprocess.run(command, env=environ, capture_output=True, text=True, check=False)

    made = run("init", "--origin", "test.example/log", "--base-url", "http://127.0.0.1:8000")
    imported = run("import", file, "--json")
    traced = run("trace", chains.P1, "--back", "--json")

    assert [made.returncode, imported.returncode, traced.returncode] == [0, 0, 0]
    assert json.loads(imported.stdout)["recorded"] == len(document["epcisBody"]["eventList"])
    assert json.loads(traced.stdout)["lots"] == expected["trace_back"][chains.P1]
