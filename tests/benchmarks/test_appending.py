"""The benchmarks run: each of their cases does what its name says, for a moment."""

from pathlib import Path

import pytest

from benchmarks.harness import measure

pytest.importorskip("pymerkle", reason="the extra `bench` is not installed")

from benchmarks import appending


@pytest.fixture(autouse=True)
def moment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every run take a moment only."""
    monkeypatch.setenv("BENCH_FOLDER", str(tmp_path))
    monkeypatch.setattr(appending, "SECONDS", 0.02)


def test_every_case_on_sqlite_runs() -> None:
    found = [measure(one, rounds=1, say=lambda _: None) for one in appending.on_sqlite()]

    assert [len(result["cases"]) for result in found] == [2, 2, 2, 5]
    assert all(case["rate"] > 0 for result in found for case in result["cases"])
    sizes = found[-1]["cases"][0]["facts"]
    assert sizes["stored_bytes_per_entry"] <= 1.35 * sizes["entry_bytes"] + 200


def test_records_are_of_the_size_that_is_told() -> None:
    kept = appending.records(300)

    assert {len(record) for record in kept} == {appending.RECORD_BYTES}
    assert len(set(kept)) == 300
    assert [len(group) for group in appending.grouped(kept)] == [256, 44]
