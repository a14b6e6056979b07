"""What grows in each township and village: 一村一品, one village with one product, counted from its plots.

    220182101000   a township (its last three digits are 000)     220182101203   a village in it

Plots that tell no township are counted nowhere: a county's sum is not the sum of its townships.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Any

from sqlalchemy import Connection

from traceability import tables
from traceability.scope import Scope


@dataclass(frozen=True, slots=True)
class Village:
    """What grows of one commodity in one township or village; *share* of its area, where all is land."""

    township: str
    commodity: str
    plots: int
    growers: int
    area_ha: Decimal
    bags: int
    share: Decimal | None


def villages(connection: Connection, scope: Scope) -> list[Village]:
    """Return each township or village within *scope* with what grows there, the largest area first."""
    plot = tables.plot
    rows = connection.execute(
        tables.standing(plot, plot.c.township.is_not(None), scope.of_party(plot.c.party))
    )
    found: list[Village] = []
    for _, here in groupby(sorted(rows, key=lambda row: row.township), key=lambda row: row.township):
        found += _of_township(list(here))
    return found


def _of_township(rows: list[Any]) -> list[Village]:
    whole = _area(rows)
    by_crop = groupby(sorted(rows, key=lambda row: row.commodity), key=lambda row: row.commodity)
    found = [_village(list(group), whole) for _, group in by_crop]
    return sorted(found, key=lambda each: (-each.area_ha, -each.bags, each.commodity))


def _village(rows: list[Any], whole: Decimal) -> Village:
    area = _area(rows)
    return Village(
        township=rows[0].township,
        commodity=rows[0].commodity,
        plots=len(rows),
        growers=len({row.member or row.party for row in rows}),
        area_ha=area,
        bags=sum(row.bags or 0 for row in rows),
        share=None if whole == 0 else (area / whole).quantize(Decimal("0.001")),
    )


def _area(rows: Iterable[Any]) -> Decimal:
    return sum((Decimal(row.area_ha) for row in rows if row.area_ha is not None), Decimal(0))
