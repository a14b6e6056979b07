"""What a purchase shows by itself: banned goods, a dealer without the mark, a label copied or out of date.

All of it warns: what is bought is not used yet, and a mistyped code is no offence.
"""

from collections.abc import Iterator

from traceability import label_codes
from traceability.errors import Breach, Invalid
from traceability.events import Event, field
from traceability.limits import RuleSet
from traceability.past import Past
from traceability.rules.about import about
from traceability.rules.clauses import BANNED, HOUSE, RESTRICTED


@about(field.InputBought, field.Treated)
def doubtful_purchase(event: Event, past: Past, rules: RuleSet) -> Iterator[Breach]:
    """Yield a warning for each thing about a purchase, or the product used, that somebody should look at."""
    if isinstance(event, field.InputBought):
        yield from _substances(event, rules)
        yield from _label(event, past)
        if event.expiry is not None and event.expiry < event.day:
            facts = (("name", event.name), ("expiry", event.expiry.isoformat()))
            yield Breach("input-expired", HOUSE, facts, level="warn")
    elif isinstance(event, field.Treated):
        yield from _expired(event, past)


def _substances(event: field.InputBought, rules: RuleSet) -> Iterator[Breach]:
    for substance in event.substances:
        facts = (("name", event.name), ("substance", substance), ("day", event.day.isoformat()))
        if (ban := rules.banned(substance, event.day, None)) is not None:
            yield Breach("banned-purchase", BANNED, (*facts, ("source", ban.source)), level="warn")
        elif (row := rules.restricted(substance, event.day)) is not None and not event.licensed_dealer:
            yield Breach("unlicensed-dealer", RESTRICTED, (*facts, ("source", row.source)), level="warn")


def _label(event: field.InputBought, past: Past) -> Iterator[Breach]:
    if event.label_code is None:
        return
    if event.category == "pesticide":
        yield from _pesticide_code(event, event.label_code)
    copied = past.inputs.copied
    if copied is not None:
        facts = (("name", event.name), ("label_code", event.label_code), ("day", copied.day.isoformat()))
        yield Breach("label-code-copied", HOUSE, facts, level="warn")


def _pesticide_code(event: field.InputBought, code: str) -> Iterator[Breach]:
    try:
        label = label_codes.pesticide(code)
    except Invalid:
        yield Breach("label-code-form", HOUSE, (("label_code", code[:40]),), level="warn")
        return
    if event.registration is not None and not label.fits(event.registration):
        facts = (("label_code", code), ("registration", event.registration))
        yield Breach("label-code-differs", HOUSE, facts, level="warn")


def _expired(event: field.Treated, past: Past) -> Iterator[Breach]:
    newest = past.inputs.newest
    if newest is not None and newest.expiry is not None and newest.expiry < event.day:
        facts = (("name", event.name), ("expiry", newest.expiry.isoformat()))
        yield Breach("input-expired", HOUSE, facts, level="warn")
