"""The rules of the trade: one a file, each a pure function of an event and the past; none imports another.

They are asked in the order of `RULES`, each that is about the event: who broke two rules hears of both.

    speaker    may this party state this           known     does what it names exist
    followup   may it say this of that statement   order     can it have been then
    standing   may the lot move on                 custody   does the mover hold it
    licence    whose number is it                  codes     is each pack counted once
    banned     pesticides on their day of use      interval  has the harvest waited
    residues   what a test found                   balance   is nothing spent twice
    partner    can a partner's claim be true       credit    does a word on credit rest on facts
    draws      was it drawn fairly
    recalling  does a step of a recall follow      holding   does an office stop a lot, or let it go
    cases      whose turn is it in a case          tasks     is a task given and done within its scope
    alerts     was there cause for the alert       reports   is a shopper answered in order
    origin     is a plot inside its indication     age        has ginseng stood long enough
    template   does a process follow its template  outturn    how much can come of what went in
    drying     does dry matter stay as it is       capacity   can a mill do that in a day
    control    do control points hold
    carriage   was a carrier given the goods       cold_chain were goods too warm or too cold
    differences  did what was sent arrive          gate       what comes into a market
    listing    is an offer on the web sound        export     what an export is held against
    keeping    who says how goods are kept         retention  is a record erased too early

A rule set names the rules that it asks (`rules_asked.csv`): what was recorded before a rule existed is judged
without it, now and in every audit.

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
from traceability.rule_tables import ASKED
from traceability.rules.about import concerns
from traceability.rules.accreditation import ill_accredited
from traceability.rules.admitted import not_admitted
from traceability.rules.age import out_of_age
from traceability.rules.alerts import alert_unfounded
from traceability.rules.balance import spent_twice
from traceability.rules.banned import banned_substance
from traceability.rules.bases import base_misused
from traceability.rules.brand_licence import licence_unsound
from traceability.rules.capacity import beyond_capacity
from traceability.rules.carriage import misrouted
from traceability.rules.cases import case_out_of_order
from traceability.rules.certificates import ill_certified
from traceability.rules.codes import miscounted
from traceability.rules.cold_chain import out_of_range
from traceability.rules.control import out_of_control
from traceability.rules.credentials import right_unfounded
from traceability.rules.credit import unfounded
from traceability.rules.custody import not_held
from traceability.rules.differences import not_as_sent
from traceability.rules.dose import over_dose
from traceability.rules.doubtful import too_alike
from traceability.rules.draws import not_drawn_fairly
from traceability.rules.drying import against_dry_matter
from traceability.rules.export import not_for_export
from traceability.rules.followup import misplaced
from traceability.rules.gate import wrongly_let_in
from traceability.rules.holding import stopped
from traceability.rules.instruments import uncalibrated
from traceability.rules.interval import too_early
from traceability.rules.keeping import wrongly_declared
from traceability.rules.known import misnamed
from traceability.rules.licence import unlicensed
from traceability.rules.listing import wrongly_listed
from traceability.rules.mark_use import mark_misused
from traceability.rules.marks import mark_misplaced
from traceability.rules.objecting import ill_objected
from traceability.rules.order import out_of_order
from traceability.rules.origin import outside_its_area
from traceability.rules.outturn import out_of_proportion
from traceability.rules.partner import unverified
from traceability.rules.purchase import doubtful_purchase
from traceability.rules.recalling import recall_out_of_order
from traceability.rules.register import misregistered
from traceability.rules.release import wrongly_released
from traceability.rules.reports import report_out_of_order
from traceability.rules.residues import over_limit
from traceability.rules.retention import erased_too_early
from traceability.rules.rolls import wrongly_bound
from traceability.rules.sampling import badly_sampled
from traceability.rules.schemes import beyond_scheme
from traceability.rules.shelf import not_bought
from traceability.rules.speaker import not_entitled
from traceability.rules.standing import held_back
from traceability.rules.tasks import misassigned
from traceability.rules.template import off_template
from traceability.rules.tested import badly_tested

__all__ = ["FIRST", "LATER", "RULES", "Rule", "asked", "judge", "verdict"]

Rule = Callable[[Event, Past, RuleSet], Iterator[Breach]]
"""Yields what is wrong with an event; MUST depend on its arguments alone, and MUST NOT raise."""

Flag = dict[str, Any]

FIRST: tuple[Rule, ...] = (
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
"""The rules of every rule set, those of before `rules_asked.csv` too."""

LATER: tuple[Rule, ...] = (
    unfounded,
    not_drawn_fairly,
    misrouted,
    out_of_range,
    not_as_sent,
    wrongly_let_in,
    wrongly_listed,
    not_for_export,
    wrongly_declared,
    erased_too_early,
    recall_out_of_order,
    stopped,
    case_out_of_order,
    misassigned,
    alert_unfounded,
    report_out_of_order,
    not_admitted,
    misregistered,
    over_dose,
    not_bought,
    doubtful_purchase,
    mark_misplaced,
    licence_unsound,
    mark_misused,
    base_misused,
    right_unfounded,
    badly_sampled,
    badly_tested,
    ill_objected,
    ill_accredited,
    uncalibrated,
    too_alike,
    ill_certified,
    beyond_scheme,
    wrongly_released,
    wrongly_bound,
    outside_its_area,
    out_of_age,
    off_template,
    out_of_proportion,
    against_dry_matter,
    beyond_capacity,
    out_of_control,
)
"""The rules that only a set which names them asks."""

RULES: tuple[Rule, ...] = (*FIRST, *LATER)


_ASKED: dict[tuple[str, type[Event]], tuple[Rule, ...]] = {}


def asked(rules: RuleSet) -> tuple[Rule, ...]:
    """Return each rule that *rules* asks, in the order of `RULES`."""
    named = {row.rule for row in rules.rows(ASKED)}
    return (*FIRST, *(rule for rule in LATER if rule.__name__ in named))


def _asked_of(rules: RuleSet, kind: type[Event]) -> tuple[Rule, ...]:
    if (rules.digest, kind) not in _ASKED:
        _ASKED[rules.digest, kind] = tuple(rule for rule in asked(rules) if concerns(rule, kind))
    return _ASKED[rules.digest, kind]


def judge(event: Event, past: Past, rules: RuleSet) -> tuple[Breach, ...]:
    """Return what the rules have against *event*, and against what it puts in the place of another."""
    found = [breach for rule in _asked_of(rules, type(event)) for breach in rule(event, past, rules)]
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
