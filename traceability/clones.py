"""Whether the scans of one code look like those of a code that was copied; a suspicion, never a proof.

    scans-in-a-day   shoppers looked more often on one day than one household does
    scans-in-all     … or in all
    days-between     the first scan and the last are further apart than such goods last
    trade-places     more traders had it in their hands than trade one pack
    km-per-hour      two traders had it sooner after each other than a lorry drives from seat to seat

Where a shopper stands nobody knows, and nobody asks: only traders who have signed in have a place, their own.
From how many on is data (clone_signs.csv).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import combinations
from math import asin, cos, radians, sin, sqrt

from traceability.rule_tables.release import CloneSign, Sign
from traceability.vocabulary import divisions

NEAR_KM = 40
"""Nearer than this two traders may be neighbours: the seat of a county says no more of where they stand."""
EARTH_KM = 6371
_HOUR, _MINUTE = timedelta(hours=1), timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class ScansOfDay:
    """The scans of one code on one day: by shoppers, or by the trader *place* in *division*."""

    day: str
    place: str
    division: str
    scans: int
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Suspicion:
    """One sign that holds: what was found, and up to what it is ordinary."""

    sign: Sign
    found: int
    most: int


def suspicions(scans: Iterable[ScansOfDay], signs: Iterable[CloneSign]) -> list[Suspicion]:
    """Return each of *signs* that *scans* show, in the order of the table."""
    found = dict(_counted(list(scans)))
    return [
        Suspicion(each.sign, found[each.sign], each.most)
        for each in signs
        if found.get(each.sign, 0) > each.most
    ]


def _counted(scans: list[ScansOfDay]) -> Iterator[tuple[Sign, int]]:
    shoppers = [each for each in scans if not each.place]
    traders = [each for each in scans if each.place]
    if shoppers:
        yield "scans-in-a-day", max(each.scans for each in shoppers)
        yield "scans-in-all", sum(each.scans for each in shoppers)
    if scans:
        span = max(each.last_at for each in scans) - min(each.first_at for each in scans)
        yield "days-between", span.days
    yield "trade-places", len({each.place for each in traders})
    yield "km-per-hour", max(_speeds(traders), default=0)


def _speeds(traders: list[ScansOfDay]) -> Iterator[int]:
    """Yield how fast a pack would have gone from one trader to another, in kilometres an hour."""
    for one, two in combinations(sorted(traders, key=lambda each: each.first_at), 2):
        distance = _kilometres(one.division, two.division)
        if distance > NEAR_KM:
            # Scans that were made by turns leave no time at all: a minute is the shortest that is told.
            yield int(distance / (max(two.first_at - one.last_at, _MINUTE) / _HOUR))


def _kilometres(one: str, two: str) -> float:
    """Return the way along the earth between the seats of two divisions; 0 where a seat is not known."""
    if one not in divisions() or two not in divisions():
        return 0
    (here, east), (there, east_there) = (_seat(code) for code in (one, two))
    half = sin((there - here) / 2) ** 2 + cos(here) * cos(there) * sin((east_there - east) / 2) ** 2
    return 2 * EARTH_KM * asin(sqrt(half))


def _seat(division: str) -> tuple[float, float]:
    found = divisions()[division]
    return radians(float(found.seat_lat)), radians(float(found.seat_lon))
