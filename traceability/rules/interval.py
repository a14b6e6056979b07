"""A harvest waits until the interval after the last spray is over (安全间隔期).

    earliest harvest = day of the spray + days          in legal days of Asia/Shanghai
    days             = the longer of the label's figure and a sure row for substance, crop and registration

Where neither is known nobody can say that it is over: the lot is held, and never let pass.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from traceability.errors import Breach, Facts
from traceability.events import Event, field
from traceability.events.field import LONGEST_DAYS
from traceability.limits import RuleSet
from traceability.past import KnownPlot, Past, PastTreatment
from traceability.rules.about import about
from traceability.rules.clauses import INTERVAL


@about(field.Harvested, field.Treated)
def too_early(event: Event, past: Past, rules: RuleSet) -> Iterator[Breach]:
    """Yield a breach for each spray that a harvest did not wait for, whichever of the two is told first.

    农产品质量安全法 art. 29. A spray told after the harvest is recorded, and the lot is held.
    """
    if isinstance(event, field.Harvested):
        for share in event.plots:
            plot = past.plots.get(share.plot)
            for treatment in () if plot is None else plot.treatments:
                yield from _harvest(event.day, treatment, _commodity(event, past, plot), rules)
    elif isinstance(event, field.Treated):
        plot = past.plots.get(event.plot)
        if plot is not None:
            yield from _told_late(event, plot, rules)


def _commodity(event: field.Harvested, past: Past, plot: KnownPlot | None) -> str:
    product = past.products.get((past.by, event.product))
    if product is not None:
        return product.commodity
    return "" if plot is None else plot.commodity


def _harvest(day: date, treatment: PastTreatment, commodity: str, rules: RuleSet) -> Iterator[Breach]:
    if not treatment.day <= day < _days_after(treatment.day, LONGEST_DAYS):
        return
    days = days_of(treatment, commodity, rules)
    facts = _facts(treatment)
    if days is None:
        yield Breach("interval-unknown", INTERVAL, facts, level="hold")
    elif day < (earliest := _days_after(treatment.day, days)):
        yield Breach("pre-harvest-interval", INTERVAL, (*facts, *_interval(days, earliest)))


def _told_late(event: field.Treated, plot: KnownPlot, rules: RuleSet) -> Iterator[Breach]:
    treatment = PastTreatment(
        index=-1,
        plot=event.plot,
        name=event.name,
        substances=event.substances,
        day=event.last_day,
        interval_days=event.interval_days,
        registration=event.registration,
    )
    for harvest in plot.harvests:
        for breach in _harvest(harvest.day, treatment, plot.commodity, rules):
            facts = (*breach.facts, ("harvested", harvest.day.isoformat()), ("lot", harvest.lot))
            yield Breach(breach.rule, breach.clause, facts, level="hold", lots=(harvest.lot,))


def days_of(treatment: PastTreatment, commodity: str, rules: RuleSet) -> int | None:
    """Return how many days a harvest of *commodity* waits after *treatment*; None where nobody knows."""
    known = [] if treatment.interval_days is None else [treatment.interval_days]
    for substance in treatment.substances:
        row = rules.interval(substance, commodity, treatment.registration, treatment.day)
        if row is not None:
            known.append(row.days)
    return max(known, default=None)


def _days_after(day: date, days: int) -> date:
    """Return *day* and so many days, or the last day there is."""
    return day + timedelta(days=min(days, (date.max - day).days))


def _facts(treatment: PastTreatment) -> Facts:
    return (
        ("plot", treatment.plot),
        ("treatment", treatment.name),
        ("substances", " ".join(treatment.substances)),
        ("sprayed", treatment.day.isoformat()),
    )


def _interval(days: int, earliest: date) -> Facts:
    return (("days", str(days)), ("earliest", earliest.isoformat()))
