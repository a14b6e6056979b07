"""Test results that are too alike to be true: detectors with published thresholds, no verdict on anybody.

    repeated report   one file for two samples
    repeated values   at least LEAST_ALIKE measured values of a sample, each equal to those of another sample
    alike             at least LEAST_ALIKE analytes of one sample with the very same value
    constant          one analyte, the same value in at least LEAST_CONSTANT samples one after another
    round             of at least LEAST_ROUND values, more than ROUND_SHARE have but one figure that is not 0
    narrow            at least LEAST_NARROW values whose spread is below NARROW_SPREAD of their mean

An honest laboratory can meet each of them: what was not detected is left out, and whoever is marked is asked,
never refused. 0.05 has one figure that is not 0, 0.053 has two.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from hashlib import sha256
from itertools import groupby

from ledger import canonical
from ledger.canonical import decimal_text
from traceability.events.quality import Result
from traceability.reference import plain_name

LEAST_ALIKE = 3
LEAST_CONSTANT = 5
LEAST_ROUND = 20
ROUND_SHARE = Fraction(9, 10)
LEAST_NARROW = 10
NARROW_SPREAD = Fraction(1, 100)


@dataclass(frozen=True, slots=True)
class Doubt:
    """What is too alike: *why* is the name of the detector, *count* how many values it looked at."""

    why: str
    analyte: str
    count: int
    value: Decimal | None = None


def measured(results: Iterable[Result]) -> tuple[Result, ...]:
    """Return the results with a value above nothing; what was not detected repeats by nature."""
    return tuple(each for each in results if each.value)


def values_mark(results: Iterable[Result]) -> str | None:
    """Return a mark that equal values of equal analytes share; None for too few values to tell anything."""
    found = measured(results)
    if len(found) < LEAST_ALIKE:
        return None
    spelt = sorted(
        [plain_name(each.analyte), decimal_text(each.value or Decimal(0)), plain_name(each.unit)]
        for each in found
    )
    return sha256(canonical.dumps(spelt)).hexdigest()


def alike(results: Iterable[Result]) -> bool:
    """Tell whether at least `LEAST_ALIKE` analytes have been measured, and all with one value in one unit."""
    found = measured(results)
    return len(found) >= LEAST_ALIKE and len({(each.value, plain_name(each.unit)) for each in found}) == 1


def doubts(analyte: str, values: Sequence[Decimal]) -> Iterator[Doubt]:
    """Yield what is too alike in the measured *values* of one analyte and laboratory, in order of time."""
    for value, run in groupby(values):
        count = len(list(run))
        if count >= LEAST_CONSTANT:
            yield Doubt("constant", analyte, count, value)
    round_ones = sum(is_round(value) for value in values)
    if len(values) >= LEAST_ROUND and Fraction(round_ones, len(values)) > ROUND_SHARE:
        yield Doubt("round", analyte, len(values))
    if len(values) >= LEAST_NARROW and len(set(values)) > 1 and _is_narrow(values):
        yield Doubt("narrow", analyte, len(values))


def is_round(value: Decimal) -> bool:
    """Tell whether *value* has only one figure that is not 0."""
    return len(value.normalize().as_tuple().digits) == 1


def _is_narrow(values: Sequence[Decimal]) -> bool:
    """Tell whether the standard deviation is below `NARROW_SPREAD` of the mean, exactly, without a root."""
    exact = [Fraction(value) for value in values]
    mean = sum(exact, Fraction(0)) / len(exact)
    variance = sum(((value - mean) ** 2 for value in exact), Fraction(0)) / len(exact)
    return variance < (NARROW_SPREAD * mean) ** 2
