"""The rows of the register: each step of a party's way, and what its registration says of it."""

import json

from traceability.events import Event, parties, registry
from traceability.rows.writing import Rows, add_own
from traceability.tables import parties as party_tables


def add_details(event: registry.PartyRegistered, rows: Rows) -> None:
    """Add what a registration or proposal says beside name and role, and the step that it is."""
    is_proposed = isinstance(event, parties.PartyProposed)
    _step(rows, event, event.party, "proposed" if is_proposed else "registered")
    rows.add(
        party_tables.party_detail,
        party=event.party,
        township=event.township,
        department=event.department,
        commodities=json.dumps(event.commodities),
        market=event.market,
        restricted=event.restricted,
    )


@add_own.register
def _(event: parties.PartyVerified, rows: Rows) -> None:
    _step(rows, event, event.party, "verified")


@add_own.register
def _(event: parties.PartySuspended, rows: Rows) -> None:
    until = None if event.until is None else event.until.isoformat()
    _step(rows, event, event.party, "suspended", ground=event.ground, until=until)


@add_own.register
def _(event: parties.PartyResumed, rows: Rows) -> None:
    _step(rows, event, event.party, "resumed")


@add_own.register
def _(event: parties.PartyEnded, rows: Rows) -> None:
    _step(rows, event, event.party, "ended", ground=event.ending)


def _step(rows: Rows, event: Event, party: str, step: str, **more: str | None) -> None:
    by, day = rows.statement.by, event.day.isoformat()
    rows.add(party_tables.party_step, party=party, step=step, by=by, day=day, **more)
