"""The costs of ten years, worked out from figures that are easy to follow."""

from typing import Any

from benchmarks.capacity import DAYS, ENTRIES_A_DAY, lines


def measured(title: str, case: str, rate: float, **facts: float) -> dict[str, Any]:
    """Return one comparison with one case, as docs/performance.json has it."""
    return {"title": title, "cases": [{"name": case, "rate": rate, "facts": facts}]}


def figures(*comparisons: dict[str, Any]) -> dict[str, str]:
    """Return the table, by what each line tells."""
    rows = list(lines({"comparisons": list(comparisons)}))[2:]
    return dict(tuple(cell.strip() for cell in row.strip("| ").split(" | ")) for row in rows)  # type: ignore[misc]  # two cells


def test_what_was_not_measured_is_said_not_to_be() -> None:
    found = figures()

    assert found["entries in ten years"] == f"{DAYS * ENTRIES_A_DAY:,}"
    assert found["tables of the log, one copy, a day"] == "not measured yet"
    assert found["audit of a day since the day before, hashes"] == "not measured yet"


def test_costs_follow_from_what_was_measured() -> None:
    found = figures(
        measured("A log of 10,000,000 entries", "open 10,000,000 entries", 100, bytes_per_entry=600),
        measured("journal.record with signatures, SQLite", "journal.record, 64 callers", 1157.5),
        measured("Audit of 1,000,000 entries of 512 bytes", "audit, hashes only, 2 processes", 100_000),
        measured("Audit of 200,000 signed statements", "audit with authors, 2 processes", 10_000),
    )

    assert found["tables of the log, one copy, a day"] == "0.60 GB"
    assert found["tables of the log, one copy, ten years"] == "2.19 TB"
    assert found["the same, over the load on average"] == "100.0 ×"
    assert found["audit of a day since the day before, hashes"] == "10 seconds"
    assert found["audit of ten years from entry 0, hashes and authors"] == "101.4 hours"
