"""When goods were too warm or too cold, judged from a logger's readings alone.

    start 08:00, step 600 s     −18.5 −18.2 −15.0 −14.8 −18.1        frozen: −18.0 and below
                                            08:20 … 08:30            one excursion, 20 minutes, −14.8

A reading stands for the step that follows it, so a single one outside lasts one step.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from traceability.events.moving import Excursion, TemperatureLogged


@dataclass(frozen=True, slots=True)
class Range:
    """The temperatures at which goods are kept, in degrees Celsius, and how long they may be left."""

    lowest: Decimal | None
    highest: Decimal | None
    tolerated_minutes: int = 0

    def holds(self, reading: Decimal) -> bool:
        """Tell whether *reading* is within; both ends are."""
        low = self.lowest is None or self.lowest <= reading
        return low and (self.highest is None or reading <= self.highest)

    def beyond(self, reading: Decimal) -> Decimal:
        """Return by how many degrees *reading* is outside."""
        if self.lowest is not None and reading < self.lowest:
            return self.lowest - reading
        return reading - self.highest if self.highest is not None and reading > self.highest else Decimal(0)


@dataclass(frozen=True, slots=True)
class Outside:
    """Goods were outside their range: since when, for how many minutes, how far; no time is no known time."""

    extreme: Decimal
    start: datetime | None = None
    minutes: int | None = None


def excursions_of(
    start: datetime, step_seconds: int, readings: Sequence[Decimal], kept: Range
) -> Iterator[Excursion]:
    """Yield each unbroken stretch of *readings* outside of *kept*, in order of time."""
    run: list[int] = []
    for place, reading in enumerate((*readings, None)):
        if reading is not None and not kept.holds(reading):
            run.append(place)
        elif run:
            worst = max((readings[each] for each in run), key=kept.beyond)
            first, last = (start + timedelta(seconds=step_seconds * each) for each in (run[0], run[-1]))
            yield Excursion(first, last, worst)
            run = []


def minutes_of(excursion: Excursion, step_seconds: int) -> int:
    """Return how long an excursion lasted, the step of its last reading included, in begun minutes."""
    seconds = (excursion.end - excursion.start).total_seconds() + step_seconds
    return -int(-seconds // 60)


def outside(event: TemperatureLogged, kept: Range) -> Iterator[Outside]:
    """Yield each stretch outside of *kept* that lasted longer than it tolerates.

    Of a summary, what its sender calls excursions is taken; where its lowest or highest reading is outside
    and none of them explains it, that is told without a time.
    """
    found = list(
        excursions_of(event.start, event.step_seconds, event.readings, kept)
        if event.readings
        else (each for each in event.excursions if not kept.holds(each.extreme))
    )
    for each in found:
        minutes = minutes_of(each, event.step_seconds)
        if minutes > kept.tolerated_minutes:
            yield Outside(each.extreme, each.start, minutes)
    for extreme in (event.minimum, event.maximum):
        if extreme is not None and not kept.holds(extreme) and not _explained(extreme, found, kept):
            yield Outside(extreme)


def _explained(extreme: Decimal, found: Sequence[Excursion], kept: Range) -> bool:
    """Tell whether some excursion goes as far out as *extreme*, on the same side."""
    cold = kept.lowest is not None and extreme < kept.lowest
    return any(each.extreme <= extreme if cold else each.extreme >= extreme for each in found)
