"""The plots of a party, and what the next harvest of each waits for."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, cast

from traceability import recollection, tables
from traceability.errors import NotAllowed, Unknown
from traceability.events.field import LONGEST_DAYS
from traceability.holdings.sealed_field import opened_field
from traceability.kept import SealedValues
from traceability.limits import RuleSet
from traceability.past import KnownPlot, PastTreatment
from traceability.reading import Reader
from traceability.rules.interval import days_of


@dataclass(frozen=True, slots=True)
class Wait:
    """How long a plot is not to be harvested after a spray; no day where the interval is not known."""

    treatment: PastTreatment
    days: int | None
    earliest: date | None


@dataclass(frozen=True, slots=True)
class Land:
    """A plot, where it lies if that is still kept, and what its next harvest waits for."""

    known: KnownPlot
    member: str | None
    place: str | None
    entry: int
    wait: Wait | None

    @property
    def last(self) -> PastTreatment | None:
        """Return the latest spray."""
        return max(self.known.treatments, key=lambda each: (each.day, each.index), default=None)


def plots(reader: Reader, sealed: SealedValues, party: str, *, rules: RuleSet, on: date) -> list[Land]:
    """Return the plots of *party* as they are on that day, in the order of their registration."""
    table = tables.plot
    rows = reader.connection.execute(tables.standing(table, table.c.party == party))
    found = {row.plot: row for row in rows}
    return [_land(reader, sealed, row, rules, on) for row in found.values()]


def plot(reader: Reader, sealed: SealedValues, party: str, name: str, *, rules: RuleSet, on: date) -> Land:
    """Return one plot of *party*; raises `Unknown`, or `NotAllowed` for a plot of somebody else."""
    table = tables.plot
    rows = reader.connection.execute(tables.standing(table, table.c.plot == name)).all()
    if not rows:
        raise Unknown("plot", name)
    if rows[-1].party != party:
        raise NotAllowed("other-party", party=rows[-1].party)
    return _land(reader, sealed, rows[-1], rules, on)


def _land(reader: Reader, sealed: SealedValues, row: Any, rules: RuleSet, on: date) -> Land:
    known = cast(KnownPlot, recollection.known_plot(reader.connection, row.plot))
    place = opened_field(reader, sealed, row.entry, "place")
    return Land(known, row.member, place, row.entry, wait_of(known, known.commodity, rules, on))


def wait_of(known: KnownPlot, commodity: str, rules: RuleSet, on: date) -> Wait | None:
    """Return what a harvest of *commodity* on that day waits for longest, as the rule of intervals counts.

    A spray whose interval nobody knows goes before all others: no day can be named. None: there is no
    spray to wait for.
    """
    recent = [each for each in known.treatments if each.day <= on < each.day + timedelta(days=LONGEST_DAYS)]
    waits = [_wait(each, commodity, rules) for each in recent]
    lasting = [each for each in waits if each.earliest is None or on < each.earliest]
    return max(lasting, key=lambda each: each.earliest or date.max, default=None)


def _wait(treatment: PastTreatment, commodity: str, rules: RuleSet) -> Wait:
    days = days_of(treatment, commodity, rules)
    return Wait(treatment, days, None if days is None else treatment.day + timedelta(days=days))
