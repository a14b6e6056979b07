"""Where each geographical indication may come from, division by division, as its notice has it.

    gi_areas.csv    gi, commodities (what may bear the name), division, extent (whole | part), notice

`part`: some of the division is inside, and the text that was read does not say which places. Such a place is
neither inside nor outside by its county alone.
"""

from dataclasses import dataclass
from typing import Literal, cast

from traceability.reference import Row, Sourced, rows_of
from traceability.rule_tables.table import Commodities, RuleTable, provenance
from traceability.vocabulary import divisions

Extent = Literal["whole", "part"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaRow(Sourced):
    """One division that a geographical indication reaches into."""

    gi: str
    commodities: frozenset[str]
    division: str
    extent: Extent
    notice: str | None

    def covers(self, division: str) -> bool:
        """Tell whether *division* lies in the row's: GB/T 2260 has two digits for each level."""
        reach = self.division
        while reach.endswith("00"):
            reach = reach[:-2]
        return division.startswith(reach)


def areas_of(content: bytes, known: Commodities) -> tuple[AreaRow, ...]:
    """Read `gi_areas.csv`; each division of an indication stands once."""
    found: dict[tuple[str, str], AreaRow] = {}
    for row in rows_of("gi_areas.csv", content, "gi", "commodities", "division", "extent", "notice"):
        area = _area(row, known)
        if (area.gi, area.division) in found:
            raise row.wrong("division", "row-stands-twice")
        found[area.gi, area.division] = area
    return tuple(found.values())


def _area(row: Row, known: Commodities) -> AreaRow:
    commodities = frozenset(row.several("commodities"))
    if not commodities or not commodities <= known.keys():
        raise row.wrong("commodities", "commodity-unknown")
    if row.cells["division"] not in divisions():
        raise row.wrong("division", "cell-not-allowed")
    return AreaRow(
        gi=row.text("gi"),
        commodities=commodities,
        division=row.text("division"),
        extent=cast(Extent, row.choice("extent", "whole", "part")),
        notice=row.optional("notice"),
        **provenance(row),
    )


AREAS = RuleTable("gi_areas.csv", areas_of)
