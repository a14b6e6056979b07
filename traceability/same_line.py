"""同线同标同质: whether what is exported and what is sold at home are alike, derived and never just claimed.

    line        made by one maker, by the same process, as the same kind of goods
    standard    tested against the same standards
    quality     each tested itself, the same analytes, and conformant

True, False, or None where the ledger cannot tell: a lot that was never tested has no quality to compare.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from traceability import tables
from traceability.events.followup import told_by
from traceability.events.quality import Inspected
from traceability.reading import Reader
from traceability.tables import selling as selling_tables


@dataclass(frozen=True, slots=True)
class SameLine:
    """What two lots share; *holds* only where all three are known and true."""

    lot: str
    other: str
    line: bool | None
    standard: bool | None
    quality: bool | None

    @property
    def holds(self) -> bool:
        """Whether line, standard and quality are the same."""
        return bool(self.line and self.standard and self.quality)


def of_lot(reader: Reader, lot: str) -> list[SameLine]:
    """Return each comparison that an export of *lot*, or one that names it, asks for."""
    table = selling_tables.export
    named = (table.c.lot == lot) | (table.c.domestic_lot == lot)
    rows = reader.connection.execute(tables.standing(table, named)).all()
    pairs = {(row.lot, row.domestic_lot) for row in rows if row.domestic_lot is not None}
    return [compare(reader, one, other) for one, other in sorted(pairs)]


def compare(reader: Reader, lot: str, other: str) -> SameLine:
    """Return what *lot* and *other* share, as their births and tests have it."""
    tests = [_tests(reader, each) for each in (lot, other)]
    return SameLine(
        lot,
        other,
        _same_line(_birth(reader, lot), _birth(reader, other)),
        _same_standard(*tests),
        _same_quality(*tests),
    )


def _birth(reader: Reader, lot: str) -> Any:
    table = tables.lot
    return reader.connection.execute(tables.standing(table, table.c.lot == lot).limit(1)).first()


def _same_line(one: Any, other: Any) -> bool | None:
    if one is None or other is None or one.product is None or other.product is None:
        return None
    return bool((one.maker, one.how, one.product) == (other.maker, other.how, other.product))


def _tests(reader: Reader, lot: str) -> list[Inspected]:
    table = tables.inspection
    found = []
    for row in reader.connection.execute(tables.standing(table, table.c.lot == lot)):
        event = reader.statement(row.entry).event
        told = told_by(event)
        if isinstance(told, Inspected):
            found.append(told)
    return found


def _standards(tests: Iterable[Inspected]) -> frozenset[tuple[str, str]]:
    return frozenset(
        (result.analyte, result.standard) for test in tests for result in test.results if result.standard
    )


def _same_standard(one: list[Inspected], other: list[Inspected]) -> bool | None:
    ours, theirs = _standards(one), _standards(other)
    return None if not ours or not theirs else ours == theirs


def _same_quality(one: list[Inspected], other: list[Inspected]) -> bool | None:
    if not one or not other:
        return None
    if any(test.verdict != "conformant" for test in (*one, *other)):
        return False
    ours, theirs = (frozenset(r.analyte for t in tests for r in t.results) for tests in (one, other))
    return ours == theirs
