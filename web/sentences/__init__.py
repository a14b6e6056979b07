"""What is said about each thing that can be wrong: what it is, where, and the way out.

    general    fields, accounts, keys, codes of packs, the ledger, and most rules
    brands     marks, licences, bases and credentials
    making     protocols, templates, control points, drying and outturn

Tables of sentences only, by code; `web.problems` chooses one and fills in the facts. A fact that is missing
shows as "—". A test reads every code in the source and asks for its sentence.
"""

from collections.abc import Mapping

from web.sentences import brands, general, making
from web.sentences.general import (
    CODES,
    EXPIRED,
    FIELD_PROBLEMS,
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

RULE_PROBLEMS: Mapping[str, str] = {
    **general.RULE_PROBLEMS,
    **brands.RULE_PROBLEMS,
    **making.RULE_PROBLEMS,
}
"""What is wrong with an event that breaks a rule, by the rule's code."""

IMPOSSIBLE: Mapping[str, str] = {**general.IMPOSSIBLE, **brands.IMPOSSIBLE, **making.IMPOSSIBLE}
"""Why an event cannot be, by the words in which its class says so."""
