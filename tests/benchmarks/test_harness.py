"""Rivals are measured in turn, and a table says of each goal whether it was reached."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from benchmarks.harness import Case, Comparison, Done, Ratio, Run, measure
from benchmarks.table import tables


@contextmanager
def sleeping(seconds: float, seen: list[str], name: str, folder: Path) -> Iterator[Run]:
    assert list(folder.iterdir()) == []
    (folder / "file").write_text(name)

    def run() -> Done:
        seen.append(name)
        time.sleep(seconds)
        # What it says itself goes before the clock.
        return Done(10, [0.001] * 98 + [0.002, 0.5], {"memory_mb": 3.0}, seconds=seconds)

    yield run
    seen.append(f"{name} tidied")


def test_rivals_run_in_turn_and_are_compared_within_a_round(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BENCH_FOLDER", str(tmp_path / "bench"))
    seen: list[str] = []
    cases = [
        Case(name, "steps/s", partial(sleeping, s, seen, name)) for name, s in (("a", 0.001), ("b", 0.002))
    ]
    goals = [("a", "rate", "≥", 20_000.0), ("a", "p99_ms", "≤", 500.0)]

    found = measure(Comparison("steps", cases, [Ratio("a", "b", 1.5)], goals), rounds=2, say=seen.append)

    ran = [name for name in seen if name in {"a", "b"}]
    assert ran == ["a", "b", "b", "a"]
    assert [(case["name"], case["rate"]) for case in found["cases"]] == [("a", 10_000), ("b", 5_000)]
    assert found["cases"][0]["facts"] == {"memory_mb": 3.0, "p50_ms": 1.0, "p99_ms": 500.0}
    assert found["ratios"] == [{"case": "a", "over": "b", "value": 2.0, "goal": 1.5}]
    assert [goal["value"] for goal in found["goals"]] == [10_000, 500.0]
    assert list((tmp_path / "bench").iterdir()) == []


MACHINE = {"processor": "a processor", "cores": 2, "system": "Linux", "python": "3", "sqlite": "3"}
KEPT: dict[str, Any] = {
    "comparisons": [
        {
            "title": "steps",
            "note": "A note.",
            "at": "2026-09-21",
            "rounds": 5,
            "machine": {**MACHINE, "fdatasync_us": 110.0},
            "cases": [
                {
                    "name": "a",
                    "unit": "steps/s",
                    "rate": 12_345.0,
                    "slowest": 1.234,
                    "fastest": 99_999.0,
                    "facts": {"p99_ms": 0.5},
                },
                {"name": "b", "unit": "steps/s", "rate": 10.0, "slowest": 9.0, "fastest": 11.0, "facts": {}},
            ],
            "ratios": [
                {"case": "a", "over": "b", "value": 1.5, "goal": 1.5},
                {"case": "b", "over": "a", "value": 1.49, "goal": 1.5},
                {"case": "b", "over": "a", "value": 1.0, "goal": None},
            ],
            "goals": [
                {"case": "a", "what": "rate", "value": 9.0, "relation": "≥", "goal": 10},
                {"case": "a", "what": "p99_ms", "value": 10.0, "relation": "≤", "goal": 10},
            ],
        }
    ]
}


def test_a_table_tells_rates_facts_and_goals() -> None:
    lines = [line for line in tables(KEPT) if line]

    assert lines == [
        "### steps",
        "A note.",
        "|  | median | slowest to fastest | p99 ms |",
        "|---|---:|---:|---:|",
        "| a | 12,345 steps/s | 1.23 to 99,999 | 0.5 |",
        "| b | 10 steps/s | 9 to 11 |  |",
        "- a / b: **1.5 ×**, goal ≥ 1.5 ×: reached",
        "- b / a: **1.49 ×**, goal ≥ 1.5 ×: missed",
        "- b / a: **1 ×**",
        "- a: **9**, goal ≥ 10: missed",
        "- a, p99 ms: **10**, goal ≤ 10: reached",
        "2026-09-21, 5 rounds; a processor, 2 cores, Linux, Python 3, SQLite 3;"
        " a durable write of 512 bytes takes 110 µs.",
    ]
