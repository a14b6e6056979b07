"""No banned pesticide on the day of its use; a restricted one leaves a mark."""

from collections.abc import Iterator

from traceability.errors import Breach
from traceability.events import Event, field
from traceability.limits import RuleSet
from traceability.past import Past
from traceability.rules.about import about
from traceability.rules.clauses import BANNED, RESTRICTED


@about(field.Treated)
def banned_substance(event: Event, past: Past, rules: RuleSet) -> Iterator[Breach]:
    """Yield a breach for each active substance that is banned on that day for what the plot grows.

    农产品质量安全法 art. 29: banned inputs are forbidden. A substance on no list is no breach.
    """
    if not isinstance(event, field.Treated):
        return
    plot = past.plots.get(event.plot)
    commodity = None if plot is None else plot.commodity
    for substance in event.substances:
        ban = rules.banned(substance, event.last_day, commodity, event.method)
        if ban is not None:
            facts = (*_facts(event, substance), ("scope", ban.scope), ("source", ban.source))
            since = () if ban.since is None else (("since", ban.since.isoformat()),)
            yield Breach("banned-pesticide", BANNED, (*facts, *since))
        elif (row := rules.restricted(substance, event.last_day)) is not None:
            facts = (*_facts(event, substance), ("scope", row.scope), ("source", row.source))
            yield Breach("restricted-pesticide", RESTRICTED, facts, level="warn")


def _facts(event: field.Treated, substance: str) -> tuple[tuple[str, str], ...]:
    return (
        ("plot", event.plot),
        ("treatment", event.name),
        ("substance", substance),
        ("day", event.last_day.isoformat()),
    )
