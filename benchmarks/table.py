"""The figures as people read them: one table for each comparison, written into docs/performance.md.

`python -m benchmarks --keep` writes docs/performance.json; `make docs` writes the tables from it.
"""

from collections.abc import Iterator, Mapping
from typing import Any

_FACTS = {
    "p50_ms": "p50 ms",
    "p99_ms": "p99 ms",
    "bytes_per_entry": "stored bytes an entry",
    "memory_mb": "memory MB",
}


def tables(kept: Mapping[str, Any]) -> Iterator[str]:
    """Yield the lines of Markdown for everything in docs/performance.json."""
    for comparison in kept["comparisons"]:
        yield from (f"### {comparison['title']}", "")
        if comparison["note"]:
            yield from (comparison["note"], "")
        yield from _cases(comparison)
        yield from _verdicts(comparison)
        yield from (_circumstances(comparison), "")


def _cases(comparison: Mapping[str, Any]) -> Iterator[str]:
    names = list(dict.fromkeys(name for case in comparison["cases"] for name in case["facts"]))
    heads = [
        "",
        "median",
        "slowest to fastest",
        *(_FACTS.get(name, name.replace("_", " ")) for name in names),
    ]
    yield f"| {' | '.join(heads)} |"
    yield "|---" + "|---:" * (len(heads) - 1) + "|"
    for case in comparison["cases"]:
        facts = [_number(case["facts"][name]) if name in case["facts"] else "" for name in names]
        rate = f"{_number(case['rate'])} {case['unit']}"
        spread = f"{_number(case['slowest'])} to {_number(case['fastest'])}"
        yield f"| {' | '.join([case['name'], rate, spread, *facts])} |"
    yield ""


def _verdicts(comparison: Mapping[str, Any]) -> Iterator[str]:
    lines = [*map(_ratio, comparison["ratios"]), *map(_goal, comparison["goals"])]
    if lines:
        yield from (*lines, "")


def _ratio(ratio: Mapping[str, Any]) -> str:
    said = f"- {ratio['case']} / {ratio['over']}: **{_number(ratio['value'])} ×**"
    if ratio["goal"] is None:
        return said
    return f"{said}, goal ≥ {_number(ratio['goal'])} ×: {_met(ratio['value'] >= ratio['goal'])}"


def _goal(goal: Mapping[str, Any]) -> str:
    met = goal["value"] >= goal["goal"] if goal["relation"] == "≥" else goal["value"] <= goal["goal"]
    what = "" if goal["what"] == "rate" else f", {_FACTS.get(goal['what'], goal['what'].replace('_', ' '))}"
    said = f"- {goal['case']}{what}: **{_number(goal['value'])}**"
    return f"{said}, goal {goal['relation']} {_number(goal['goal'])}: {_met(met)}"


def _met(reached: bool) -> str:
    return "reached" if reached else "missed"


def _circumstances(comparison: Mapping[str, Any]) -> str:
    machine = comparison["machine"]
    return (
        f"{comparison['at']}, {comparison['rounds']} rounds; {machine['processor']}, {machine['cores']}"
        f" cores, {machine['system']}, Python {machine['python']}, SQLite {machine['sqlite']};"
        f" a durable write of 512 bytes takes {_number(machine['fdatasync_us'])} µs."
    )


def _number(number: float) -> str:
    return f"{number:,.0f}" if abs(number) >= 100 else f"{number:.3g}"
