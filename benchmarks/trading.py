"""What the trade costs as the ledger grows: statements in bulk, a trace, a recall, a season account.

Each case tells a season (`benchmarks.seasons`) of so many silos, which is not timed, and then times the next
few thousand statements of the same kinds, made ready before, five times: one process on SQLite signs them,
judges them by every rule, seals and indexes them in batches of 500; the median counts. The facts are medians
of five, in milliseconds, asked of a database that has its pages at hand. At 99 silos the hub has 9,999 lots
behind it and 9,999 before it.
"""

import statistics
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

from benchmarks import seasons
from benchmarks.harness import Case, Comparison, Done, Run
from benchmarks.parts import watched
from benchmarks.seasons import HUB, MARK, YEAR, Season
from traceability import tracing
from traceability.events import Event
from traceability.season import season_account
from web.database import Services

PROBED = 3_000
WATCHED = 2_000
"""How many more statements are told with a clock at each part of the door."""
ROUNDS = 5
SIZES = ((1, "10,000 events"), (10, "100,000 events"), (99, "1,000,000 events"))


def comparisons() -> Iterable[Comparison]:
    """Yield one comparison: the same questions at three sizes."""
    cases = [Case(name, "statements/s", partial(_grown, silos)) for silos, name in SIZES]
    last = SIZES[-1][1]
    goals = [(name, "rate", "≥", 1500.0) for _, name in SIZES]
    goals += [
        (last, fact, "≤", most)
        for fact, most in (
            ("trace_back_ms", 100.0),
            ("trace_forward_ms", 100.0),
            ("recall_reach_ms", 500.0),
            ("season_account_ms", 200.0),
        )
    ]
    yield Comparison("The trade as the ledger grows, SQLite, one process", cases, (), goals, _NOTE)


_NOTE = (
    "A season of 10,000, 100,000 and 1,000,000 statements of 200, 2,000 and 20,000 lots; then the next 3,000 "
    "statements are timed, five times over (the median counts), and 2,000 more with a clock at each part of "
    "the door. Relatives: lots behind the hub."
)


@contextmanager
def _grown(silos: int, folder: Path) -> Iterator[Run]:
    with seasons.opened(folder) as (services, season):
        season.silos = silos
        told = seasons.record(services, season.told())

        def run() -> Done:
            probes = [seasons.ready(_next(season, probe * PROBED), PROBED) for probe in range(ROUNDS)]
            seconds = statistics.median(_seconds(services, ready) for ready in probes)
            facts = {"events": told, **_answers(services), **_parts(services, season)}
            return Done(PROBED, facts=facts, seconds=seconds)

        yield run


def _seconds(services: Services, ready: list[tuple[str, Event]]) -> float:
    start = time.perf_counter()
    seasons.enter(services, ready)
    return time.perf_counter() - start


def _parts(services: Services, season: Season) -> dict[str, float]:
    """Return what each part of the door takes of a statement, in microseconds."""
    ready = seasons.ready(_next(season, ROUNDS * PROBED), WATCHED)
    with watched() as spent:
        recorded = seasons.enter(services, ready)
    return {f"{name}_µs": seconds / recorded * 1e6 for name, seconds in spent.items()}


def _next(season: Season, skipped: int = 0) -> seasons.Story:
    for number in count(season.silos * seasons.SPAN + skipped):
        yield from season.grown(number)


def _answers(services: Services) -> dict[str, float]:
    with services.reading() as reader:
        connection = reader.connection
        asked: dict[str, Callable[[], Any]] = {
            "trace_back_ms": lambda: tracing.back(connection, HUB),
            "trace_forward_ms": lambda: tracing.forward(connection, HUB),
            "recall_reach_ms": lambda: tracing.reach(connection, HUB),
            "season_account_ms": lambda: season_account(connection, MARK, YEAR),
        }
        relatives = {"relatives": float(len(tracing.back(connection, HUB)))}
        return relatives | {name: _milliseconds(ask) for name, ask in asked.items()}


def _milliseconds(ask: Callable[[], Any]) -> float:
    waits = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        ask()
        waits.append(time.perf_counter() - start)
    return statistics.median(waits) * 1e3
