"""Where a lot grew, as its page says it: names it may bear, households and plots by number, what is missing.

It is reckoned from the searchable copy; a copy that was changed into nonsense leaves this part out, and the
rest of the page tells of the entries themselves.
"""

from dataclasses import dataclass
from datetime import date

from ledger.errors import LedgerError
from traceability.claims import Claim, claims_of_lot, sources_of_lot
from traceability.completeness import Completeness, completeness_of
from traceability.errors import TraceError
from traceability.limits import RuleSet
from traceability.reading import Reader


@dataclass(frozen=True, slots=True)
class Behind:
    """What stands behind a lot; a household is a member of a cooperative, never named."""

    claims: tuple[Claim, ...]
    completeness: Completeness
    plots: int
    households: int


NOTHING = Behind((), Completeness(()), 0, 0)


def behind(reader: Reader, lot: str, rules: RuleSet | None, today: date, *, is_whole: bool) -> Behind:
    """Return what stands behind *lot*; nothing where the rules or the copy cannot be read.

    Completeness asks each record behind the lot: where its page has no room for all, it is not reckoned.
    """
    if rules is None:
        return NOTHING
    try:
        sources = sources_of_lot(reader.connection, lot)
        told = completeness_of(reader, lot, rules, today, sources=sources) if is_whole else None
        return Behind(
            claims=claims_of_lot(reader.connection, lot, rules, sources=sources),
            completeness=told or Completeness(()),
            plots=len({each.plot for each in sources if each.plot is not None}),
            households=len({each.member for each in sources if each.member is not None}),
        )
    except (LedgerError, TraceError, ValueError, ArithmeticError, TypeError):
        return NOTHING
