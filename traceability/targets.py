"""The dated targets that pass rates are held against, and which final results each of them counts.

    97 %   routine monitoring (例行监测) of farm products, and nothing else
    94 %   sampling of food            92 %   supervision of manufactured products
    90 %   supervision of consumer goods          85 %   ratings of shoppers

They are rows of `targets.csv`. A self-check, a commissioned and a rapid test count for none of them, and
neither does a result whose sampling nobody has told of: its class would have to be guessed. What a laboratory
says that an office ordered counts once that office has said so itself (`FinalResult.is_official`).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from traceability.final_results import FinalResult
from traceability.limits import RuleSet
from traceability.rule_tables.report import TARGETS, Target
from traceability.wilson import Rate, Verdict, rate, verdict


@dataclass(frozen=True, slots=True)
class Held:
    """A target in force, what was found, and what follows; *share* is the target as a share of 1."""

    target: Target
    found: Rate | None
    verdict: Verdict

    @property
    def share(self) -> Decimal:
        """The target as a share of one."""
        return self.target.percent / 100


def targets_on(rules: RuleSet, on: date) -> tuple[Target, ...]:
    """Return the targets in force on that day; of what several rows tell, the one that began last."""
    found: dict[str, Target] = {}
    for row in rules.rows(TARGETS):
        known = found.get(row.target)
        if row.in_force(on) and (known is None or (known.since or date.min) <= (row.since or date.min)):
            found[row.target] = row
    return tuple(found.values())


def counts(target: Target, result: FinalResult) -> bool:
    """Tell whether *target* counts that final result."""
    if target.counts != "samples" or not result.is_official:
        return False
    return result.purpose in target.purposes and result.product_class in target.classes


def held_against(target: Target, results: Iterable[FinalResult]) -> Held:
    """Hold the final results that *target* counts against it."""
    counted = [result for result in results if counts(target, result)]
    found = rate(sum(result.passed for result in counted), len(counted))
    return Held(target, found, verdict(found, target.percent / 100))


def rated_against(target: Target, content: int, n: int) -> Held:
    """Hold the ratings of shoppers against *target*: so many of *n* were content."""
    found = rate(content, n)
    return Held(target, found, verdict(found, target.percent / 100))
