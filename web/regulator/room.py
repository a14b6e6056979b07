"""Whose division this is: what a regulator may see and touch, asked by every page of the room.

operator                all of the ledger
regulator 220182        Yushu's own parties, and the lots that they made or held
regulator 220100        those of every county of Changchun
regulator 220000        the province
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, request, url_for
from sqlalchemy import select

from traceability import report, tables
from traceability.errors import Invalid, NotAllowed, Problem, Unknown
from traceability.reading import Reader
from traceability.scope import Scope
from traceability.vocabulary import divisions
from web.access import me, require
from web.language import N_, current, gettext
from web.services import services

blueprint = Blueprint("regulator", __name__, url_prefix="/regulator")

OFFICES = require("regulator", "operator")
"""Whoever counts; only regulators resolve and recall."""

ONLY_REGULATORS = require("regulator")


def area() -> str | None:
    """Return the division that the asking office answers for; None is everywhere."""
    return None if me().role == "operator" else me().division


def area_name() -> str:
    """Return what that division is called."""
    here = area()
    return gettext(N_("全部")) if here is None else division_name(here)


def division_name(code: str) -> str:
    """Return what a division is called, or its code where the table does not list it."""
    found = divisions().get(code)
    if found is None:
        return code
    return found.name_en if current() == "en" else found.name_zh


def scope_of(reader: Reader) -> Scope:
    """Return what the asking office may see."""
    return Scope.of(reader.connection, area())


def own_party(reader: Reader, party: str) -> Any:
    """Return the row of a party within; `Unknown` where it is registered nowhere, `NotAllowed` elsewhere."""
    row = reader.connection.execute(
        report.parties(scope_of(reader)).where(tables.party.c.party == party)
    ).first()
    if row is None:
        if not report.has_party(reader.connection, Scope(None), party):
            raise Unknown("party", party)
        raise NotAllowed("other-division", division=area_name())
    return row


def own_lot(reader: Reader, lot: str) -> str:
    """Return *lot* if it was made or held within; else raise as `own_party` does."""
    if not reader.connection.execute(select(report.is_lot(lot))).scalar():
        raise Unknown("lot", lot)
    if not report.has_lot(reader.connection, scope_of(reader), lot):
        raise NotAllowed("other-division", division=area_name())
    return lot


def typed_lot(reader: Reader, lot: str) -> None:
    """Let a form speak of a lot within; a wrong one that was typed is told at its field.

    In an address it is told as `own_lot` does, for nothing was typed that could be kept.
    """
    if request.method != "POST":
        own_lot(reader, lot)
        return
    try:
        own_lot(reader, lot)
    except Unknown:
        raise Invalid(Problem("lot", "lot-not-on-record", (("lot", lot),))) from None
    except NotAllowed:
        raise Invalid(Problem("lot", "lot-elsewhere", (("lot", lot),))) from None


def typed_party(reader: Reader, party: str, where: str = "party") -> None:
    """Let a form speak of a party within, as `typed_lot` does of a lot."""
    if request.method != "POST":
        own_party(reader, party)
        return
    try:
        own_party(reader, party)
    except (Unknown, NotAllowed):
        raise Invalid(Problem(where, "not-in-list", (("found", party[:40]),))) from None


def own_record(reader: Reader, index: int) -> Any:
    """Return the row of a statement made within, or about a lot within; else raise as `own_party` does."""
    if index >= services().log.size():
        # No database has to look for an index that its own numbers do not reach.
        raise Unknown("statement", str(index)[:20])
    row = reader.connection.execute(report.record(scope_of(reader), index)).first()
    if row is None:
        if reader.connection.execute(report.record(Scope(None), index)).first() is None:
            raise Unknown("statement", str(index))
        raise NotAllowed("other-division", division=area_name())
    return row


@blueprint.app_template_global("record_page")
def record_page(index: int) -> str:
    """Return the page of a record, or "" where the asking office may not open it."""
    with services().reading() as reader:
        is_open = reader.connection.execute(report.record(scope_of(reader), index)).first() is not None
    return url_for("regulator.record", index=index) if is_open else ""


@dataclass(frozen=True, slots=True)
class Parties:
    """What each party is called, and which of them belong here."""

    names: Mapping[str, str]
    own: frozenset[str]

    def called(self, party: str) -> str:
        """Return the name of *party*, or its id where the name is sealed or registered nowhere."""
        return self.names.get(party, party)

    def address(self, party: str) -> str:
        """Return the page of *party*, or nothing where it is another division's."""
        return url_for("regulator.party", party=party) if party in self.own else ""


def parties(reader: Reader) -> Parties:
    """Return all parties by their ids, as the asking office may see them."""
    every, own = (
        reader.connection.execute(report.parties(scope)).all() for scope in (Scope(None), scope_of(reader))
    )
    names = {row.party: row.name or row.party for row in every}
    return Parties(names, frozenset(row.party for row in own))


def shopper_path(lot: str) -> str:
    """Return the path of the shopper's page of *lot*, or nothing where a partner's name for it has none."""
    path = lot.removeprefix("https://id.gs1.org")
    return path if path.startswith(("/01/", "/lot/")) else ""
