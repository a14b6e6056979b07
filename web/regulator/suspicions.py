"""Codes that look like copies: those that were scanned most, held against the signs of the rules in force.

Scans are counted beside the log and name nobody. A suspicion is where to look, not what was found. Each
stands in the queue of the office of the maker's place; what that office says of it is a record.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask import current_app, render_template

from ledger.errors import LedgerError
from traceability import clones, report
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
LASTS = timedelta(minutes=5)
"""So long the queues are shown what was found last: looking costs more, the more is scanned."""
KEY = "jizihao-suspects"


@dataclass(frozen=True, slots=True)
class Suspect:
    """A code that looks copied, and since when."""

    lot: str
    index: int
    since: datetime
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


def suspects_known(reader: Reader) -> list[clones.Suspect]:
    """Return every code that looks copied, found again when what is known is older than `LASTS`."""
    now, kept = services().clock(), current_app.extensions
    at, found = kept.get(KEY, (None, []))
    if at is None or not timedelta(0) <= now - at < LASTS:
        found = [clones.Suspect(each.lot, each.index, each.since) for each in _found(reader)]
        kept[KEY] = now, found
    return list(found)


def _suspects(reader: Reader) -> list[Suspect]:
    scope = scope_of(reader)
    found = [each for each in _found(reader) if report.has_lot(reader.connection, scope, each.lot)]
    return sorted(found, key=lambda each: (-len(each.suspicions), -each.scans, each.lot, each.index))


def _found(reader: Reader) -> list[Suspect]:
    signs, begun = clone_signs(reader), legal_day(services().clock()) - SPAN
    codes = scan_counts.busiest(reader.connection, begun, limit=LOOKED_AT)
    found = []
    for (lot, index), scans in scan_counts.histories(reader.connection, codes).items():
        since = clones.since(scans, signs)
        if since is not None:
            days = sorted(legal_day(each) for scan in scans for each in (scan.first_at, scan.last_at))
            many, shown = sum(each.scans for each in scans), clones.suspicions(scans, signs)
            found.append(Suspect(lot, index, since, many, days[0], days[-1], shown))
    return found


def clone_signs(reader: Reader) -> tuple[CloneSign, ...]:
    """Return the signs of the rules in force, or of the program where these are not to be read."""
    try:
        found = services().rules(reader).rows(CLONE_SIGNS)
    except LedgerError:
        found = ()
    return found or shipped_rules().rows(CLONE_SIGNS)
