"""Pass rates of one period, by target and whatever else one asks: goods, county, quarter.

One final result a sample. What no target counts (self-checks, commissioned and rapid tests, reports without
a sampling) is told beside them with its number, and is part of no rate. So is what a laboratory alone says
that an office has ordered, entry by entry, until that office says so itself.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from traceability.final_results import FinalResult
from traceability.rule_tables.report import Target
from traceability.targets import Held, counts, held_against
from traceability.wilson import Rate

Json = dict[str, Any]


def keyed(values: Mapping[str, Any]) -> list[Json]:
    """Return *values* as rows: a code such as "self-check" is no name of a member (docs/formats.md, 1)."""
    return [{"key": name, "value": value} for name, value in sorted(values.items())]


def told_rate(found: Rate | None) -> Json:
    """Return a rate as the report has it; of no sample there is a zero and nothing else."""
    if found is None:
        return {"n": 0, "passed": 0}
    return {
        "n": found.total,
        "passed": found.passed,
        "rate": str(found.share),
        "low": str(found.low),
        "high": str(found.high),
    }


def told_target(held: Held) -> Json:
    """Return a target, what was found, and what follows."""
    target = held.target
    days = {"from": target.since, "until": target.until}
    return {
        "target": target.target,
        "percent": str(target.percent),
        "purposes": sorted(target.purposes),
        "classes": sorted(target.classes),
        **{name: day.isoformat() for name, day in days.items() if day is not None},
        "source": target.source,
        "sure": target.sure,
        **told_rate(held.found),
        "verdict": held.verdict,
    }


def by(
    key: Callable[[FinalResult], str | None], targets: Sequence[Target], results: Iterable[FinalResult]
) -> list[Json]:
    """Return the rates for each value of *key*, of those targets that count anything there."""
    groups: dict[str, list[FinalResult]] = {}
    for result in results:
        if any(counts(target, result) for target in targets):
            groups.setdefault(key(result) or "", []).append(result)
    return [
        {"key": name, "target": target.target, **told_rate(held.found), "verdict": held.verdict}
        for name in sorted(groups)
        for target in targets
        if (held := held_against(target, groups[name])).found is not None
    ]


def uncounted(targets: Sequence[Target], results: Iterable[FinalResult]) -> Json:
    """Return how many final results no target counts, by purpose; those without a sampling apart."""
    left = [
        each
        for each in results
        if not each.is_unconfirmed and not any(counts(target, each) for target in targets)
    ]
    purposes = Counter(each.purpose for each in left if each.product_class is not None)
    return {
        "by_purpose": keyed(purposes),
        "without_sampling": sum(each.product_class is None for each in left),
    }


def unconfirmed(results: Iterable[FinalResult]) -> list[Json]:
    """Return the results of which the office that they name has said nothing, by office and who named it."""
    groups: dict[tuple[str, ...], list[FinalResult]] = {}
    for each in results:
        if each.is_unconfirmed:
            named = (each.ordered_by, each.told_by, each.purpose, each.product_class)
            groups.setdefault(tuple(part or "" for part in named), []).append(each)
    return [
        {
            "office": office,
            "told_by": told_by,
            "purpose": purpose,
            "class": product_class,
            "n": len(found),
            "passed": sum(each.passed for each in found),
            "entries": [each.entry for each in found],
        }
        for (office, told_by, purpose, product_class), found in sorted(groups.items())
    ]
