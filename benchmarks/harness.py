"""Measure rivals in turn, so that a machine that slows down slows them all, and compare only within one run.

    Comparison("append_many, SQLite", cases=[ours, bare], ratios=[Ratio("ours", "bare", goal=0.75)])

        round 1   ours  bare          a new folder for each: prepare (not timed), run (timed), end (not timed)
        round 2   bare  ours          the order turns, so that nobody always follows the same rival
        …
        rate      median of the rounds, and the spread from the slowest round to the fastest

A case is a name, a unit, and `prepared`: a context manager that gets an empty folder, makes ready what is
not to be timed and yields the run; what follows its `yield` tidies up. The run does the work and says how
much it was:

    @contextmanager
    def hashing(folder: Path) -> Iterator[Run]:
        entries = [os.urandom(512) for _ in range(10_000)]

        def run() -> Done:
            for entry in entries:
                sha256(entry)
            return Done(len(entries))

        yield run

    Case("hashing", "entries/s", hashing)

`Done.waits`, if given, are the seconds that each single call took (they give p50 and p99); `Done.facts` are
other numbers worth a column (bytes per entry, MB of memory), of which the median is kept. A run that does
more than the work, such as looking at what it made, says in `Done.seconds` how long the work itself took.
"""

import os
import platform
import shutil
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROUNDS = 5


@dataclass(frozen=True, slots=True)
class Done:
    """What a run did: how many units, how many seconds each single call took, and other numbers."""

    count: int
    waits: Sequence[float] = ()
    facts: Mapping[str, float] = field(default_factory=dict)
    seconds: float | None = None


Run = Callable[[], Done]


@dataclass(frozen=True, slots=True)
class Case:
    """One rival; *unit* says what its rate counts, as "entries/s"; the module tells of *prepared*."""

    name: str
    unit: str
    prepared: Callable[[Path], AbstractContextManager[Run]]


@dataclass(frozen=True, slots=True)
class Ratio:
    """How many times as fast *case* is as *over*, and what we wish it to be at least."""

    case: str
    over: str
    goal: float | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Rivals at one task. *goals* to reach are (case, "rate" or a fact, "≥" or "≤", number)."""

    title: str
    cases: Sequence[Case]
    ratios: Sequence[Ratio] = ()
    goals: Sequence[tuple[str, str, str, float]] = ()
    note: str = ""


@dataclass(slots=True)
class _Rounds:
    """What the rounds of one case gave."""

    rates: list[float] = field(default_factory=list)
    facts: dict[str, list[float]] = field(default_factory=dict)

    def add(self, done: Done, seconds: float) -> None:
        self.rates.append(done.count / seconds)
        facts = dict(done.facts)
        if done.waits:
            ordered = sorted(done.waits)
            facts |= {"p50_ms": _quantile(ordered, 0.50) * 1e3, "p99_ms": _quantile(ordered, 0.99) * 1e3}
        for name, number in facts.items():
            self.facts.setdefault(name, []).append(number)


def measure(
    comparison: Comparison, *, rounds: int = ROUNDS, say: Callable[[str], None] = print
) -> dict[str, Any]:
    """Run *comparison* and return its figures, as docs/performance.json keeps them."""
    found = {case.name: _Rounds() for case in comparison.cases}
    for number in range(rounds):
        for case in _turned(comparison.cases, number):
            done, seconds = _once(case)
            found[case.name].add(done, seconds)
            rate = f"{done.count / seconds:,.0f} {case.unit}"
            say(f"{comparison.title}  round {number + 1}/{rounds}  {case.name}: {rate}")
    return {
        "title": comparison.title,
        "note": comparison.note,
        "at": datetime.now(UTC).date().isoformat(),
        "rounds": rounds,
        "machine": machine(),
        "cases": [_figures(case, found[case.name]) for case in comparison.cases],
        "ratios": [_ratio(ratio, found) for ratio in comparison.ratios],
        "goals": [_goal(goal, found) for goal in comparison.goals],
    }


def _turned(cases: Sequence[Case], number: int) -> Iterator[Case]:
    yield from cases if number % 2 == 0 else reversed(cases)


def _once(case: Case) -> tuple[Done, float]:
    # Beside the benchmark's other files, on a real disk: /tmp is memory on many machines.
    parent = Path(os.environ.get("BENCH_FOLDER", Path.cwd() / "build" / "bench"))
    parent.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(dir=parent))
    try:
        with case.prepared(folder) as run:
            start = time.perf_counter()
            done = run()
            seconds = time.perf_counter() - start
        return done, seconds if done.seconds is None else done.seconds
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _figures(case: Case, rounds: _Rounds) -> dict[str, Any]:
    return {
        "name": case.name,
        "unit": case.unit,
        "rate": _kept(statistics.median(rounds.rates)),
        "slowest": _kept(min(rounds.rates)),
        "fastest": _kept(max(rounds.rates)),
        "facts": {name: _kept(statistics.median(numbers)) for name, numbers in rounds.facts.items()},
    }


def _ratio(ratio: Ratio, found: Mapping[str, _Rounds]) -> dict[str, Any]:
    # Round by round: what slowed one round slowed both.
    pairs = zip(found[ratio.case].rates, found[ratio.over].rates, strict=True)
    value = statistics.median(one / other for one, other in pairs)
    return {"case": ratio.case, "over": ratio.over, "value": _kept(value), "goal": ratio.goal}


def _goal(goal: tuple[str, str, str, float], found: Mapping[str, _Rounds]) -> dict[str, Any]:
    case, what, relation, number = goal
    rounds = found[case]
    value = statistics.median(rounds.rates if what == "rate" else rounds.facts[what])
    return {"case": case, "what": what, "value": _kept(value), "relation": relation, "goal": number}


def _quantile(ordered: Sequence[float], part: float) -> float:
    return ordered[min(int(len(ordered) * part), len(ordered) - 1)]


def _kept(number: float) -> float:
    """Round to what a measurement can mean: four digits, or whole numbers."""
    return float(f"{number:.4g}") if abs(number) < 10_000 else float(round(number))


def machine() -> dict[str, Any]:
    """Return what the figures depend on."""
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "fdatasync_us": _kept(_fdatasync_microseconds()),
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    return next(
        (line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "unknown"
    )


def _fdatasync_microseconds() -> float:
    """Return how long a write of 512 bytes takes to be durable here: without it no figure can be compared."""
    with tempfile.NamedTemporaryFile(dir=Path.cwd()) as file:
        taken = []
        for number in range(50):
            start = time.perf_counter()
            os.pwrite(file.fileno(), bytes([number]) * 512, 0)
            os.fdatasync(file.fileno())
            taken.append(time.perf_counter() - start)
    return statistics.median(taken) * 1e6
