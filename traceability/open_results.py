"""Test results that everybody may use: of what, where and when, but not whose.

    sampled_month  2026-10          division  the county where it was sampled, never smaller
    commodity      milled-rice      purpose   what for            passed   in the end, after objections
    official       yes: an office ordered it and has itself said so; only these are part of any rate

No lot, no sample's number, no laboratory, no party, no day. A county, commodity and month with fewer than
LEAST results is told without its county, so that nobody's single result can be read from it.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from traceability.final_results import final_results

LEAST = 3


@dataclass(frozen=True, slots=True)
class OpenResult:
    """How many samples of one kind there were, and how many passed; *division* "": it would tell whose."""

    sampled_month: str
    division: str
    commodity: str
    purpose: str
    product_class: str
    official: str
    samples: int
    passed: int


def open_results(connection: Connection, area: str | None, since: date, until: date) -> Iterator[OpenResult]:
    """Yield the results of samples taken in *area* on those days, counted and sorted."""
    total: Counter[tuple[str, ...]] = Counter()
    good: Counter[tuple[str, ...]] = Counter()
    for each in final_results(connection, area, since, until):
        key = (
            each.sampled_on.isoformat()[:7],
            (each.division or "")[:6],
            each.commodity or "",
            each.purpose,
            each.product_class or "",
            "yes" if each.is_official else "no",
        )
        total[key] += 1
        good[key] += each.passed
    yield from _hidden(total, good)


def _hidden(total: Counter[tuple[str, ...]], good: Counter[tuple[str, ...]]) -> Iterator[OpenResult]:
    """Yield the counts; those that are too few are put together under no county."""
    kept: Counter[tuple[str, ...]] = Counter()
    passed: Counter[tuple[str, ...]] = Counter()
    for key, count in total.items():
        shown = key if count >= LEAST else (key[0], "", *key[2:])
        kept[shown] += count
        passed[shown] += good[key]
    for key in sorted(kept):
        month, division, commodity, purpose, product_class, official = key
        yield OpenResult(month, division, commodity, purpose, product_class, official, kept[key], passed[key])
