"""Whether the scans of one code look like those of a code that was copied; a suspicion, never a proof.

    scans-in-a-day   shoppers looked more often on one day than one household does
    scans-in-all     … or in all
    days-between     the first scan and the last are further apart than such goods last
    trade-places     more traders had it in their hands than trade one pack
    km-per-hour      two traders had it sooner after each other than a lorry drives from seat to seat

Where a shopper stands nobody knows, and nobody asks: only traders who have signed in have a place, their own.
From how many on is data (clone_signs.csv).

    clone-suspected:57   the alert about one code; the statement behind it is the issue of that code
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import combinations
from math import asin, cos, radians, sin, sqrt

from traceability.rule_tables.release import CloneSign, Sign
from traceability.vocabulary import divisions

NEAR_KM = 40
"""Nearer than this two traders may be neighbours: the seat of a county says no more of where they stand."""
EARTH_KM = 6371
ALERT = "clone-suspected"
_DIGITS = 18
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


@dataclass(frozen=True, slots=True)
class Suspect:
    """A code whose scans look like those of a copy, and since when they do."""

    lot: str
    index: int
    since: datetime


def alert_of(index: int) -> str:
    """Return the name of the alert about the code *index* of an issue."""
    return f"{ALERT}:{index}"


def code_of(alert: str) -> int | None:
    """Return which code an alert is about, or None where it is no alert about a code."""
    name, _, number = alert.partition(":")
    if name != ALERT or not (number.isascii() and number.isdecimal()) or len(number) > _DIGITS:
        return None
    return int(number) if alert == alert_of(int(number)) else None


def since(scans: Iterable[ScansOfDay], signs: Sequence[CloneSign]) -> datetime | None:
    """Return when *scans* began to show any of *signs*; None where they show none."""
    told = sorted(scans, key=lambda each: (each.first_at, each.place))
    # More scans never take a sign away, so that the first that shows one is found by halving.
    at = bisect_left(range(len(told)), True, key=lambda last: bool(suspicions(told[: last + 1], signs)))
    return told[at].last_at if at < len(told) else None


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
