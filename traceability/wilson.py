"""How far a pass rate can be trusted: the interval in which the true rate lies, 95 times in a hundred.

    k of n passed, p = k / n, z = 1.959964 (two-sided 95 %)

                p + z²/2n  ±  z √( p(1 − p)/n + z²/4n² )
    interval =  ----------------------------------------       Wilson 1927, J. Am. Stat. Assoc. 22:209
                              1 + z²/n                         (method 3 of Newcombe 1998, Stat. Med. 17:857)

It stays within 0 and 1, and is wide for few samples: 20 of 20 is 83.9 % to 100 %. Of no sample nothing is
known, and nothing is returned. Decimals of 28 digits, so that every machine finds the same four places.
"""

from dataclasses import dataclass
from decimal import Context, Decimal, localcontext
from typing import Literal

Z = Decimal("1.959964")
_CONTEXT = Context(prec=28)
_PLACES = Decimal("0.0001")

Verdict = Literal["met", "not-met", "not-certain", "no-data", "no-target"]


@dataclass(frozen=True, slots=True)
class Rate:
    """So many of so many, with the rate and the ends of its interval as shares to four places."""

    passed: int
    total: int
    share: Decimal
    low: Decimal
    high: Decimal


def rate(passed: int, total: int) -> Rate | None:
    """Return the rate of *passed* among *total* with its Wilson interval; None where there is no sample."""
    if not 0 <= passed <= total:
        raise ValueError("no more pass than there are")
    if total == 0:
        return None
    with localcontext(_CONTEXT):
        share = Decimal(passed) / total
        middle = share + Z * Z / (2 * total)
        spread = Z * (share * (1 - share) / total + Z * Z / (4 * total * total)).sqrt()
        whole = 1 + Z * Z / total
        low, high = (middle - spread) / whole, (middle + spread) / whole
        # At the ends the formula is exact, and only the arithmetic falls short of it.
        low = Decimal(0) if passed == 0 else low
        high = Decimal(1) if passed == total else high
        return Rate(passed, total, *(end.quantize(_PLACES) for end in (share, low, high)))


def verdict(found: Rate | None, target: Decimal | None) -> Verdict:
    """Hold a rate against a target (a share): met or not only where the whole interval says so."""
    if found is None:
        return "no-data"
    if target is None:
        return "no-target"
    if found.low >= target:
        return "met"
    return "not-met" if found.high < target else "not-certain"
