"""Who is not in the register yet, or is stopped, states nothing new of the trade.

    proposed     who it is, its people, land and products, and what it set wrong
    suspended    what protects others or was on its way: recalls, receipts, answers to an order, objections
    ended        corrections, recalls, erasures

A statement is judged by where its author stands in the entry that records it, on the legal day of recording:
whoever is suspended does not state an earlier day instead.
"""

from collections.abc import Iterator

from traceability.errors import Breach
from traceability.events import Event
from traceability.limits import RuleSet
from traceability.past import Past
from traceability.past.parties import Membership
from traceability.rules.clauses import HOUSE

_PROTECTING = frozenset(
    {
        "codes-recalled",
        "codes-voided",
        "corrected",
        "erased",
        "notice-acknowledged",
        "notice-sent",
        "party-ended",
        "recall-completed",
        "recall-disposed",
        "recall-recovered",
        "recall-started",
        "recalled",
    }
)
"""What sets the past right or keeps goods from people; nobody is ever kept from it."""

ALLOWED = {
    "proposed": _PROTECTING
    | {
        "member-registered",
        "party-proposed",
        "party-registered",
        "plot-registered",
        "product-registered",
    },
    "suspended": _PROTECTING
    | {
        "base-withdrawn",
        "certificate-reported",
        "correction-reported",
        "corrective-action-taken",
        "credit-objected",
        "licence-revoked",
        "licence-suspended",
        "listing-ended",
        "mark-retired",
        "objected",
        "received",
        "temperature-logged",
        "unpacked",
    },
    "ended": _PROTECTING,
}
"""The kinds that a party may state where it stands; in every other state all that its role may."""


def not_admitted(event: Event, past: Past, rules: RuleSet) -> Iterator[Breach]:  # noqa: ARG001 -- one form for all rules
    """Yield a breach for what a party may not state where it stands in the register."""
    stands = past.register.speaker
    if stands is None or stands.may_work or event.kind in ALLOWED[stands.state]:
        return
    # What a correction puts in the place of one's own statement is no new fact.
    if past.target is not None and past.target.event.kind == event.kind and past.target.by == past.by:
        return
    yield _breach(event, past, stands)


def _breach(event: Event, past: Past, stands: Membership) -> Breach:
    facts = [("party", past.by), ("kind", event.kind), ("since", stands.step.day.isoformat())]
    if stands.step.until is not None:
        facts.append(("until", stands.step.until.isoformat()))
    match stands.state:
        case "proposed":
            return Breach("party-not-verified", HOUSE, tuple(facts))
        case "suspended":
            return Breach("party-suspended", HOUSE, tuple(facts))
        case _:
            return Breach("party-ended", HOUSE, tuple(facts))
