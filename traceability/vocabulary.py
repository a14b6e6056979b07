"""The words that forms offer and pages show: kinds of goods, divisions of Jilin, geographical indications."""

from dataclasses import dataclass
from functools import cache

from traceability.reference import Row, Sourced, rows_of, shipped

ALL = "all"
"""The group that every commodity belongs to."""


@dataclass(frozen=True, slots=True)
class Commodity:
    """A kind of goods: what plant it comes from, and which groups of a ban it belongs to."""

    commodity: str
    name_zh: str
    name_en: str
    crop: str
    grown: bool
    groups: frozenset[str]
    sourced: Sourced


@dataclass(frozen=True, slots=True)
class Division:
    """A province, prefecture or county by its code of GB/T 2260; its seat in degrees (text, WGS 84)."""

    code: str
    level: str
    parent: str | None
    name_zh: str
    name_en: str
    seat_lat: str
    seat_lon: str
    sourced: Sourced


@dataclass(frozen=True, slots=True)
class GeographicalIndication:
    """A protected name, its registry (*type*), its crop, and the area in the words of its notice."""

    name_zh: str
    name_en: str
    type: str
    crop: str | None
    area: str
    notice: str
    sourced: Sourced


def commodities_of(content: bytes) -> dict[str, Commodity]:
    """Read `commodities.csv`; each code stands once."""
    columns = ("commodity", "name_zh", "name_en", "crop", "grown", "groups")
    found: dict[str, Commodity] = {}
    for row in rows_of("commodities.csv", content, *columns):
        commodity = _commodity(row)
        if commodity.commodity in found:
            raise row.wrong("commodity", "row-stands-twice")
        found[commodity.commodity] = commodity
    return found


def _commodity(row: Row) -> Commodity:
    return Commodity(
        row.text("commodity"),
        row.text("name_zh"),
        row.text("name_en"),
        row.text("crop"),
        row.choice("grown", "yes", "no") == "yes",
        frozenset(row.several("groups")) | {ALL},
        row.sourced(),
    )


@cache
def commodities() -> dict[str, Commodity]:
    """Return every kind of goods by its code, in the order of the table."""
    return commodities_of(shipped("commodities.csv"))


@cache
def divisions() -> dict[str, Division]:
    """Return every division of Jilin by its code, in the order of the table."""
    columns = ("code", "level", "parent_code", "name_zh", "pinyin", "name_en", "centroid_lat", "centroid_lon")
    rows = rows_of(
        "divisions.csv", shipped("divisions.csv"), *columns, "seat_lat", "seat_lon", "area_km2_approx"
    )
    return {row.text("code"): _division(row) for row in rows}


def _division(row: Row) -> Division:
    return Division(
        row.text("code"),
        row.choice("level", "province", "prefecture", "county"),
        row.optional("parent_code"),
        row.text("name_zh"),
        row.text("name_en"),
        row.text("seat_lat"),
        row.text("seat_lon"),
        row.sourced(),
    )


@cache
def geographical_indications() -> tuple[GeographicalIndication, ...]:
    """Return the geographical indications of Jilin; what is not sure is for checking, not for showing."""
    columns = ("name_zh", "name_en", "type", "crop", "area", "year", "standard_or_notice")
    return tuple(
        GeographicalIndication(
            row.text("name_zh"),
            row.text("name_en"),
            row.text("type"),
            row.optional("crop"),
            row.cells["area"],
            row.cells["standard_or_notice"],
            row.sourced(),
        )
        for row in rows_of("gi_products.csv", shipped("gi_products.csv"), *columns)
    )
