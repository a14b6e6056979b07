"""How a party's product measures up to what a mark asks, as the ledger has it.

    tests       of the results of the last year for lots of the product, how many passed
    protocol    of its lots that a protocol is asked of, how many followed one in every step
    trace       how much of the chain from field to table is told of its lots, on average

The assessor reads these figures, and signs them or others; the mark's own weights and threshold decide.
"""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from fractions import Fraction

from sqlalchemy import Connection, bindparam, select

from traceability import tables
from traceability.completeness import Completeness, completeness_of
from traceability.events.brands import Score, Yardstick
from traceability.limits import RuleSet
from traceability.question import Question
from traceability.reading import Reader

YEAR = timedelta(days=366)
LATEST = 20
"""How many lots are looked at: the last ones."""

_lot, _inspection = tables.lot, tables.inspection
_LOTS = Question(
    select(_lot.c.lot)
    .join(tables.statement, tables.statement.c.entry == _lot.c.entry)
    .where(
        tables.statement.c.void_by.is_(None),
        _lot.c.maker == bindparam("party"),
        _lot.c.product == bindparam("product"),
    )
    .order_by(_lot.c.entry.desc())
    .limit(LATEST)
)
_RESULTS = Question(tables.standing(_inspection, _inspection.c.lot == bindparam("lot")))


def measured(reader: Reader, party: str, product: str, rules: RuleSet, on: date) -> tuple[Score, ...]:
    """Return the three scores of a product on that day."""
    lots = [row.lot for row in _LOTS.rows(reader.connection, party=party, product=product)]
    told = [completeness_of(reader, lot, rules, on) for lot in lots]
    chains = [each.score for each in told if each.score is not None]
    return (
        _share("tests", list(_results(reader.connection, lots, on))),
        _share("protocol", list(_followed(told))),
        Score("trace", _percent(sum(chains, Fraction(0)), len(chains)), len(chains)),
    )


def _results(connection: Connection, lots: Iterable[str], on: date) -> Iterator[bool]:
    first, last = (on - YEAR).isoformat(), on.isoformat()
    for lot in lots:
        for row in _RESULTS.rows(connection, lot=lot):
            if first <= row.sampled_on <= last:
                yield row.verdict == "conformant"


def _followed(told: Iterable[Completeness]) -> Iterator[bool]:
    for each in told:
        yield from (
            link.state == "told"
            for link in each.links
            if link.item == "protocol" and link.state != "not-asked"
        )


def _share(yardstick: Yardstick, found: list[bool]) -> Score:
    return Score(yardstick, _percent(Fraction(sum(found)), len(found)), len(found))


def _percent(part: Fraction, count: int) -> int:
    """Return a part as whole per cent, rounded down: nobody is let in by half a case."""
    return int(part * 100 / count) if count else 0
