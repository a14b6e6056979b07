"""Codes that look like copies: those that were scanned most, held against the signs of the rules in force.

Scans are counted beside the log and name nobody. A suspicion is where to look, not what was found: from here
an office raises an alert or opens a case, which are records.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from flask import render_template

from ledger.errors import LedgerError
from traceability import clones, judging, report
from traceability.clones import Suspicion
from traceability.events.fact import legal_day
from traceability.limits import shipped_rules
from traceability.reading import Reader
from traceability.rule_tables.release import CLONE_SIGNS, CloneSign
from web import scan_counts
from web.regulator.room import OFFICES, area_name, blueprint, scope_of
from web.services import services

LOOKED_AT = 500
"""Of how many codes the signs are looked for: those scanned most, and those that most traders had."""
SPAN = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Suspect:
    """A code that looks copied."""

    lot: str
    index: int
    scans: int
    first_day: date
    last_day: date
    suspicions: list[Suspicion]


@blueprint.get("/suspicions")
@OFFICES
def suspicions() -> str:
    """Show the codes of the division that look like copies."""
    with services().reading() as reader:
        return render_template("regulator/suspicions.html", suspects=_suspects(reader), area=area_name())


def _suspects(reader: Reader) -> list[Suspect]:
    signs, scope = clone_signs(reader), scope_of(reader)
    since = legal_day(services().clock()) - SPAN
    connection = reader.connection
    found = []
    for lot, index in scan_counts.busiest(connection, since, limit=LOOKED_AT):
        scans = scan_counts.history(connection, None, lot, index)
        shown = clones.suspicions(scans, signs)
        if shown and report.has_lot(connection, scope, lot):
            days = sorted(legal_day(each) for scan in scans for each in (scan.first_at, scan.last_at))
            found.append(Suspect(lot, index, sum(each.scans for each in scans), days[0], days[-1], shown))
    return sorted(found, key=lambda each: (-len(each.suspicions), -each.scans, each.lot, each.index))


def clone_signs(reader: Reader) -> tuple[CloneSign, ...]:
    """Return the signs of the rules in force, or of the program where these are not to be read."""
    try:
        found = services().shelf.get(judging.rules_in_force(reader.connection) or "").rows(CLONE_SIGNS)
    except LedgerError:
        found = ()
    return found or shipped_rules().rows(CLONE_SIGNS)
