"""Licences and bases with what was used of them in a season, at a cost that does not grow with the season."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from sqlalchemy import Connection

from traceability import brand_register, running
from traceability.past.brands import KnownBase, KnownLicence


def licences_on(connection: Connection, licence: str | None, day: date) -> Iterator[KnownLicence]:
    """Yield *licence* and every one that it leans on, each as used in its mark's season of *day*."""
    for each in brand_register.licences_above(connection, licence):
        mark = brand_register.known_mark(connection, each.mark)
        yield licence_in(connection, each, day.year if mark is None else mark.season(day))


def licence_in(connection: Connection, licence: KnownLicence, season: int) -> KnownLicence:
    """Return *licence* with what was used of it in *season*."""
    used = running.total(connection, brand_register.of_licence(licence.licence, season))
    return replace(licence, used_kg=used)


def base_in(connection: Connection, base: str, season: int) -> KnownBase | None:
    """Return the base with what was taken of it in *season*; None where nobody certified it."""
    known = brand_register.known_base(connection, base)
    if known is None:
        return None
    return replace(known, used_kg=running.total(connection, brand_register.of_base(base, season)))
