"""Where the speaker stands in the register, and the party that a step of the register is about."""

import json
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import bindparam, select

from traceability import tables
from traceability.events import parties, registry
from traceability.events.fact import legal_day
from traceability.past.parties import Membership, PartiesPast, Step, membership_of
from traceability.question import Question
from traceability.recollection.trade import Asked
from traceability.tables import parties as party_tables

_STEP, _PARTY = party_tables.party_step, tables.party

_STEPS = Question(tables.standing(_STEP, _STEP.c.party == bindparam("party")))
_ROLE = Question(tables.standing(_PARTY, _PARTY.c.party == bindparam("party")))
_DETAIL = Question(
    tables.standing(party_tables.party_detail, party_tables.party_detail.c.party == bindparam("party"))
)
_ROLE_OF_KEY = Question(
    select(tables.party_key.c.role).where(tables.party_key.c.party == bindparam("party")).limit(1)
)

_STEPS_OF_THE_REGISTER = (
    parties.PartyVerified,
    parties.PartySuspended,
    parties.PartyResumed,
    parties.PartyEnded,
)


def recollect(asked: Asked) -> PartiesPast:
    """Return where the speaker stands, and what a step of the register asks beside."""
    day = legal_day(asked.recorded_at)
    # Every event asks this, so it costs one question: whose registration it was matters to nobody here.
    found = PartiesPast(speaker=_membership(asked, asked.by, day, offices=False))
    event = asked.event
    if isinstance(event, _STEPS_OF_THE_REGISTER):
        found = _about(asked, found, event.party, day)
    elif isinstance(event, registry.PartyRegistered):
        subject = _membership(asked, event.party, day)
        roles = {} if event.market is None else _roles(asked, event.market)
        found = replace(found, subject=subject, roles=roles)
    return found


def _membership(asked: Asked, party: str, day: date, *, offices: bool = True) -> Membership | None:
    rows = _STEPS.rows(asked.connection, party=party)
    return membership_of([_step(asked, row, offices) for row in rows], day) if rows else None


def _step(asked: Asked, row: Any, offices: bool) -> Step:
    # A regulator's own registration is its verification; the operator's is not.
    is_asked = offices and row.step == "registered"
    office = _roles(asked, row.by).get(row.by) if is_asked else None
    return Step.of(row, office)


def _roles(asked: Asked, party: str) -> dict[str, str]:
    rows = _ROLE.rows(asked.connection, party=party)
    if rows:
        return {party: rows[-1].role}
    key = _ROLE_OF_KEY.first(asked.connection, party=party)
    return {} if key is None else {party: key.role}


def _about(asked: Asked, found: PartiesPast, party: str, day: date) -> PartiesPast:
    rows = _ROLE.rows(asked.connection, party=party)
    details = _DETAIL.rows(asked.connection, party=party)
    own = _DETAIL.rows(asked.connection, party=asked.by)
    return replace(
        found,
        subject=_membership(asked, party, day),
        subject_role=rows[-1].role if rows else "",
        subject_division=rows[-1].division if rows else "",
        department=own[-1].department if own else None,
        commodities=tuple(json.loads(details[-1].commodities)) if details else (),
    )
