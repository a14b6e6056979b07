"""The rules of the trade: one a file, each a pure function of an event and the past; none imports another.

They are asked in the order of `RULES`, and every one is asked: who broke two rules hears of both.

    speaker    may this party state this           known     does what it names exist
    followup   may it say this of that statement   order     can it have been then
    standing   may the lot move on                 custody   does the mover hold it
    licence    whose number is it                  codes     is each pack counted once
    banned     pesticides on their day of use      interval  has the harvest waited
    residues   what a test found                   balance   is nothing spent twice
    partner    can a partner's claim be true

A verdict makes of their breaches what is written beside the event, or refuses it:

    level      own event     partner's claim
    refuse     refused       hold
    hold       hold          hold
    warn       warn          warn
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Literal

from ledger import canonical
from traceability.errors import Breach, Refused
from traceability.events import Event
from traceability.events.followup import Corrected
from traceability.limits import RuleSet
from traceability.past import Past
from traceability.rules.balance import spent_twice
from traceability.rules.banned import banned_substance
from traceability.rules.codes import miscounted
from traceability.rules.custody import not_held
from traceability.rules.followup import misplaced
from traceability.rules.interval import too_early
from traceability.rules.known import misnamed
from traceability.rules.licence import unlicensed
from traceability.rules.order import out_of_order
from traceability.rules.partner import unverified
from traceability.rules.residues import over_limit
from traceability.rules.speaker import not_entitled
from traceability.rules.standing import held_back

__all__ = ["RULES", "Rule", "judge", "verdict"]

Rule = Callable[[Event, Past, RuleSet], Iterator[Breach]]
"""Yields what is wrong with an event; MUST depend on its arguments alone, and MUST NOT raise."""

Flag = dict[str, Any]

RULES: tuple[Rule, ...] = (
    not_entitled,
    misnamed,
    misplaced,
    out_of_order,
    held_back,
    not_held,
    unlicensed,
    miscounted,
    banned_substance,
    too_early,
    over_limit,
    spent_twice,
    unverified,
)


def judge(event: Event, past: Past, rules: RuleSet) -> tuple[Breach, ...]:
    """Return what every rule has against *event*, and against what it puts in the place of another."""
    found = [breach for rule in RULES for breach in rule(event, past, rules)]
    if isinstance(event, Corrected) and event.replacement is not None:
        found += [breach for breach in judge(event.replacement, past, rules) if breach not in found]
    return tuple(found)


def verdict(breaches: Iterable[Breach], source: str) -> list[Flag]:
    """Return the flags that *breaches* give, each once, in the order of their bytes.

    Raises `Refused` where one of them forbids an event of our own; *source* is "own" or "partner".
    """
    found = list(breaches)
    refusals = [breach for breach in found if breach.level == "refuse"]
    if refusals and source != "partner":
        raise Refused(*refusals)
    spelt = {canonical.dumps(flag): flag for flag in map(_flag, found)}
    return [spelt[key] for key in sorted(spelt)]


def _flag(breach: Breach) -> Flag:
    # Nobody here can refuse what a partner has done; its lots are held until somebody looked.
    level: Literal["hold", "warn"] = "warn" if breach.level == "warn" else "hold"
    flag = {"rule": breach.rule, "clause": breach.clause, "level": level, "facts": dict(breach.facts)}
    return {**flag, "lots": list(breach.lots)} if breach.lots else flag
