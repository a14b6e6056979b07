"""No more than the label says at once; the label's figure is told once, when the product is bought.

    the purchase tells it, or a sure row   →  refused
    a row that nobody checked              →  a warning
    neither                                →  nobody can say, and nothing is said

Doses are compared as amounts a hectare, or as dilutions, never the one with the other.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Literal

from traceability.errors import Breach
from traceability.events import Event, field
from traceability.input_units import Dose, dose
from traceability.limits import RuleSet
from traceability.past import Past
from traceability.reference import plain_name
from traceability.rule_tables.inputs import DOSES, DoseRow
from traceability.rules.about import about
from traceability.rules.clauses import OVER_DOSE

Level = Literal["refuse", "warn"]


@about(field.Treated)
def over_dose(event: Event, past: Past, rules: RuleSet) -> Iterator[Breach]:
    """Yield a breach where more was used at once than the label allows (农产品质量安全法 art. 29)."""
    if not isinstance(event, field.Treated) or event.dose is None or event.dose_unit is None:
        return
    used = dose(event.dose, event.dose_unit)
    bought = past.inputs.dosed
    told = () if bought is None else ((bought.dose_most, bought.dose_unit),)
    for most, unit in told:
        if most is not None and unit is not None and used.exceeds(dose(most, unit)):
            yield Breach("over-dose", OVER_DOSE, (*_facts(event, used, most, unit), ("source", "label")))
            return
    for row in _rows(event, past, rules):
        if used.exceeds(dose(row.most, row.unit)):
            facts = _facts(event, used, row.most, row.unit)
            level: Level = "refuse" if row.sure else "warn"
            yield Breach("over-dose", OVER_DOSE, (*facts, ("source", row.source)), level=level)


def _rows(event: field.Treated, past: Past, rules: RuleSet) -> Iterator[DoseRow]:
    plot = past.plots.get(event.plot)
    names = {plain_name(each) for each in event.substances}
    for row in rules.rows(DOSES):
        if (
            names & row.names
            and plot is not None
            and row.commodity == plot.commodity
            and row.registration in (None, event.registration)
            and row.in_force(event.day)
        ):
            yield row


def _facts(event: field.Treated, used: Dose, most: Decimal, unit: str) -> tuple[tuple[str, str], ...]:
    return (
        ("plot", event.plot),
        ("treatment", event.name),
        ("dose", f"{event.dose} {event.dose_unit}"),
        ("most", f"{most} {unit}"),
        ("measure", "dilution" if used.is_dilution else "amount"),
    )
