"""The standards that products and tests are held against, and the kinds of certificates, with their state.

    standards.csv   number, edition, title, what it is for, for which goods, in force or history
    schemes.csv     三品一标 and others: mandatory or voluntary, live or ended

What nobody read in an official text is shown as to be checked, never as law; what has ended, as history.
"""

from dataclasses import dataclass
from datetime import date
from functools import cache

from traceability.reference import Row, Sourced, plain_name, rows_of, shipped


@dataclass(frozen=True, slots=True)
class Standard:
    """One edition of a standard, and the kinds of goods that it is for (none: any)."""

    standard: str
    edition: str | None
    title_zh: str
    title_en: str
    kind: str
    commodities: frozenset[str]
    state: str
    sourced: Sourced

    @property
    def number(self) -> str:
        """Return how it is cited: GB/T 1354-2018."""
        return self.standard if self.edition is None else f"{self.standard}-{self.edition}"

    def is_shown(self, on: date) -> bool:
        """Tell whether it may be shown as in force on that day: read in an official text, and not ended."""
        return self.sourced.sure and self.state == "in-force" and self.sourced.in_force(on)


@dataclass(frozen=True, slots=True)
class Scheme:
    """A kind of certificate; *type* is mandatory or voluntary, *state* live or historical."""

    scheme: str
    name_zh: str
    name_en: str
    family: str
    type: str
    state: str
    sourced: Sourced


@cache
def standards() -> tuple[Standard, ...]:
    """Return the catalogue, in the order of the table."""
    columns = ("standard", "edition", "title_zh", "title_en", "kind", "commodities", "state")
    return tuple(_standard(row) for row in rows_of("standards.csv", shipped("standards.csv"), *columns))


def _standard(row: Row) -> Standard:
    return Standard(
        row.text("standard"),
        row.optional("edition"),
        row.text("title_zh"),
        row.text("title_en"),
        row.choice("kind", "limits", "grades", "origin", "traceability", "codes", "hygiene", "labels"),
        frozenset(row.several("commodities")),
        row.choice("state", "in-force", "not-yet", "historical"),
        row.sourced(),
    )


@cache
def schemes() -> dict[str, Scheme]:
    """Return every kind of certificate by its code."""
    columns = ("scheme", "name_zh", "name_en", "family", "type", "state")
    return {
        row.text("scheme"): Scheme(
            row.text("scheme"),
            row.text("name_zh"),
            row.text("name_en"),
            row.text("family"),
            row.choice("type", "mandatory", "voluntary"),
            row.choice("state", "live", "historical"),
            row.sourced(),
        )
        for row in rows_of("schemes.csv", shipped("schemes.csv"), *columns)
    }


def standards_for(commodity: str) -> tuple[Standard, ...]:
    """Return the standards that name this kind of goods."""
    return tuple(each for each in standards() if commodity in each.commodities)


def standard_named(cited: str) -> Standard | None:
    """Return the edition that a report cites, however it is spelt; None where the catalogue lacks it."""
    name = plain_name(cited).replace(" ", "")
    return next((each for each in standards() if plain_name(each.number).replace(" ", "") == name), None)
