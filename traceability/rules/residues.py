"""What a test found is held against the limit in force when the sample was taken.

A result belongs to the sampled lot alone. Only limits that were read in a standard count, and only
where laboratory and standard use the same unit, or mg/kg and ug/kg; absent values were not detected.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from traceability.errors import Breach, Facts
from traceability.events import Event, quality
from traceability.limits import LimitRow, RuleSet
from traceability.past import Past
from traceability.reference import plain_name
from traceability.rules.about import about
from traceability.rules.amounts import text
from traceability.rules.clauses import FAILED

# After `plain_name` both the micro sign and the Greek letter are the Greek letter.
_IN_MICROGRAMS = {"mg/kg": 1000, "ug/kg": 1, "μg/kg": 1}
_STANDARD = re.compile(r"([a-z]+(?:/t)?) ?([0-9]+(?:\.[0-9]+)?)(?:-([0-9]{4}))?")


@about(quality.Inspected)
def over_limit(event: Event, past: Past, rules: RuleSet) -> Iterator[Breach]:
    """Yield a breach for a result called passed that is over a limit, and a hold for one that failed.

    The clause of a limit is its standard; 农产品质量安全法 art. 36 keeps what failed from sale.
    """
    if not isinstance(event, quality.Inspected):
        return
    lot = past.lots.get(event.lot)
    commodity = "" if lot is None or lot.product is None else lot.product.commodity
    for result in event.results:
        limit = rules.limit(commodity, result.analyte, event.sampled_on)
        if limit is not None:
            yield from _beyond(result, limit)
            yield from _differs(result, limit)
    failed = [result.analyte for result in event.results if not result.passed]
    if failed:
        facts = (("lot", event.lot), ("sample", event.sample), ("analytes", " ".join(failed)))
        yield Breach("failed-test", FAILED, facts, level="hold", lots=(event.lot,))


def _beyond(result: quality.Result, limit: LimitRow) -> Iterator[Breach]:
    found = _in_unit_of(limit, Decimal(0) if result.value is None else result.value, result.unit)
    if found is None or not result.passed:
        return
    if found > Fraction(limit.value) if limit.kind == "max" else found < Fraction(limit.value):
        value = (("value", text(result.value)), ("found_in", result.unit)) if result.value is not None else ()
        yield Breach("residue-limit", limit.standard, (*_facts(result, limit), *value))


def _differs(result: quality.Result, limit: LimitRow) -> Iterator[Breach]:
    stated = None if result.limit is None else _in_unit_of(limit, result.limit, result.unit)
    if stated is not None and stated != Fraction(limit.value):
        facts = (*_facts(result, limit), ("stated", text(result.limit or Decimal(0))))
        yield Breach("limit-differs", limit.standard, facts, level="warn")
    if result.standard is not None and _other_standard(result.standard, limit.standard):
        facts = (*_facts(result, limit), ("stated", result.standard))
        yield Breach("standard-differs", limit.standard, facts, level="warn")


def _in_unit_of(limit: LimitRow, value: Decimal, unit: str) -> Fraction | None:
    """Return *value* in the unit of *limit*, exact; None where nothing is known to link the two units."""
    told, wanted = plain_name(unit), plain_name(limit.unit)
    if told == wanted:
        return Fraction(value)
    if told in _IN_MICROGRAMS and wanted in _IN_MICROGRAMS:
        return Fraction(value) * _IN_MICROGRAMS[told] / _IN_MICROGRAMS[wanted]
    return None


def _other_standard(stated: str, sure: str) -> bool:
    """Tell whether two standards differ in number, or in year where both tell one."""
    ours, theirs = _STANDARD.match(plain_name(sure)), _STANDARD.match(plain_name(stated))
    if ours is None or theirs is None:
        return False
    if ours.groups()[:2] != theirs.groups()[:2]:
        return True
    return ours[3] is not None and theirs[3] is not None and ours[3] != theirs[3]


def _facts(result: quality.Result, limit: LimitRow) -> Facts:
    return (
        ("analyte", result.analyte),
        ("limit", text(limit.value)),
        ("unit", limit.unit),
        ("kind", limit.kind),
        ("source", limit.source),
    )
