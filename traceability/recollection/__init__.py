"""The past as the rules may see it, read from the derived tables: the reading half of `tables`.

parties    where the speaker stands in the register
trade      who speaks, and the goods that the event is about
plots      the plots that it is about, with what was done on them
whose      in whose division something lies
the rest   one module for each topic of the trade: `recollect(asked, past)` returns *past* with what the
           rules of its own kinds need, and unchanged for every other kind
"""

from collections.abc import Callable
from datetime import datetime

from traceability.events import Event
from traceability.limits import RuleSet
from traceability.past import Past
from traceability.reading import Reader
from traceability.recollection import (
    brands,
    cases,
    certifying,
    credit,
    inputs,
    making,
    moving,
    parties,
    recalling,
    release,
    selling,
    testing,
    trade,
)
from traceability.recollection.plots import known_plot
from traceability.recollection.trade import Asked, past_statement

__all__ = ["Asked", "known_plot", "past_of", "past_statement"]

_TOPICS: tuple[Callable[[Asked, Past], Past], ...] = (
    making.recollect,
    credit.recollect,
    cases.recollect,
    recalling.recollect,
    moving.recollect,
    selling.recollect,
    inputs.recollect,
    brands.recollect,
    testing.recollect,
    certifying.recollect,
    release.recollect,
)


def past_of(
    reader: Reader,
    event: Event,
    *,
    by: str,
    claimed_by: str | None,
    index: int,
    recorded_at: datetime,
    rule_set: RuleSet,
) -> Past:
    """Return what the rules for *event*, stated by *by* in the entry at *index*, may know of the past.

    It is read from rows of entries before this one alone, so that an audit finds the same. What no row of
    *rule_set* makes a rule ask need not be in it.
    """
    asked = Asked(reader, event, by, claimed_by, index, recorded_at, rule_set)
    past = trade.recollect(asked, parties.recollect(asked))
    for recollect in _TOPICS:
        past = recollect(asked, past)
    return past
