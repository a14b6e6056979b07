"""Frozen facts, valid from the moment they exist; one module for each stage of the trade.

    registry     who there is, what they make and on which land
    field        what was done to a crop, and what was harvested
    processing   what was made of what, and what was packed into what
    movement     who handed what to whom
    quality      what a test found, what its issuer promises
    followup     what later facts say of earlier ones
    partner      what a partner's EPCIS document claims
    the rest     one module for each further topic of the trade

Each module lists its kinds and who may state them; here they are one list, in the order of the documents.
"""

from traceability.events import (
    bases,
    brands,
    cases,
    certifying,
    credentials,
    credit,
    field,
    followup,
    growing,
    inputs,
    making,
    movement,
    moving,
    parties,
    partner,
    processing,
    quality,
    recalling,
    registry,
    release,
    reporting,
    selling,
    supervising,
    testing,
)
from traceability.events.fact import Event

__all__ = ["KINDS", "MAY_STATE", "Event", "may_state"]

_TOPICS = (
    registry,
    field,
    processing,
    movement,
    quality,
    followup,
    partner,
    parties,
    inputs,
    growing,
    making,
    moving,
    selling,
    credit,
    testing,
    certifying,
    recalling,
    cases,
    supervising,
    reporting,
    brands,
    bases,
    credentials,
    release,
)

KINDS: dict[str, type[Event]] = {each.kind: each for topic in _TOPICS for each in topic.KINDS}

MAY_STATE: dict[str, frozenset[str]] = {
    kind: roles for topic in _TOPICS for kind, roles in topic.MAY_STATE.items()
}


def may_state(role: str, kind: str) -> bool:
    """Tell whether a party of *role* may state an event of *kind*."""
    return role in MAY_STATE.get(kind, frozenset())
