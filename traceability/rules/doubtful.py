"""A report, or values, told before of another sample are marked for a second look, never refused."""

from collections.abc import Iterator

from traceability.doubtful_results import alike
from traceability.errors import Breach
from traceability.events import Event, quality
from traceability.limits import RuleSet
from traceability.past import Past
from traceability.rules.about import about
from traceability.rules.clauses import HOUSE


@about(quality.Inspected)
def too_alike(event: Event, past: Past, rules: RuleSet) -> Iterator[Breach]:  # noqa: ARG001 -- one form for all rules
    """Yield a mark for a report whose file or values another sample has, or whose values are all the same."""
    if not isinstance(event, quality.Inspected):
        return
    for why, sample in past.testing.repeated:
        facts = (("sample", event.sample), ("other_sample", sample))
        if why == "report":
            yield Breach("report-repeated", HOUSE, facts, level="warn")
        else:
            yield Breach("values-repeated", HOUSE, facts, level="warn")
    if alike(event.results):
        yield Breach("values-alike", HOUSE, (("sample", event.sample),), level="warn")
