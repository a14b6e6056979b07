"""What is said about each thing that can be wrong: what it is, where, and the way out.

    general    what is not found or not allowed, the ledger, its setup, titles
    fields     one field of a form, a file, a code or a document
    trade      the way of the goods, and what every topic shares
    the rest   one module for each topic of the trade, named as in `web.terms`; two that differ raise at once

Tables of sentences only, by code; `web.problems` chooses one and fills in the facts. A fact that is missing
shows as "—". A test reads every code in the source and asks for its sentence.
"""

from collections.abc import Mapping
from types import ModuleType

from web.sentences import (
    brands,
    cases,
    certifying,
    credit,
    fields,
    growing,
    inputs,
    making,
    moving,
    parties,
    release,
    selling,
    testing,
    trade,
)
from web.sentences.general import (
    CODES,
    EXPIRED,
    LEDGER,
    NOT_ALLOWED,
    NOT_ALLOWED_OTHERWISE,
    NOT_SET_UP,
    OTHERWISE,
    PAGES,
    REFUSED_WAY_OUT,
    REPEATED,
    RULE_OTHERWISE,
    TITLES,
    UNKNOWN,
    UNKNOWN_OTHERWISE,
)
from web.terms import merged

__all__ = [
    "CODES",
    "EXPIRED",
    "FIELD_PROBLEMS",
    "IMPOSSIBLE",
    "LEDGER",
    "NOT_ALLOWED",
    "NOT_ALLOWED_OTHERWISE",
    "NOT_SET_UP",
    "OTHERWISE",
    "PAGES",
    "REFUSED_WAY_OUT",
    "REPEATED",
    "RULE_OTHERWISE",
    "RULE_PROBLEMS",
    "TITLES",
    "UNKNOWN",
    "UNKNOWN_OTHERWISE",
]

_TOPICS: tuple[ModuleType, ...] = (
    fields,
    trade,
    credit,
    moving,
    selling,
    brands,
    parties,
    inputs,
    release,
    cases,
    testing,
    certifying,
    growing,
    making,
)


def _of_every_topic(table: str) -> dict[str, str]:
    """Return one *table* of every topic that has it; raises `web.terms.TwoNames` where two differ."""
    return merged(getattr(topic, table, {}) for topic in _TOPICS)


FIELD_PROBLEMS: Mapping[str, str] = _of_every_topic("FIELD_PROBLEMS")
"""What is wrong with a field, by the code of the problem."""

RULE_PROBLEMS: Mapping[str, str] = _of_every_topic("RULE_PROBLEMS")
"""What is wrong with an event that breaks a rule, by the rule's code."""

IMPOSSIBLE: Mapping[str, str] = _of_every_topic("IMPOSSIBLE")
"""Why an event cannot be, by the words in which its class says so."""
