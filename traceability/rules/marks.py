"""A mark belongs to a tree: it has an owner, stands under another mark, and is never wider than that one."""

import re
from collections.abc import Iterator

from traceability.answering import answers_for, reaches
from traceability.errors import Breach
from traceability.events import Event, brands
from traceability.limits import RuleSet
from traceability.past import Past
from traceability.past.brands import KnownMark
from traceability.rules.about import about
from traceability.rules.clauses import HOUSE

_DIVISION = re.compile(r"[0-9]{6}")


@about(brands.MarkRegistered, brands.MarkRetired, brands.SeasonBasisSet)
def mark_misplaced(event: Event, past: Past, rules: RuleSet) -> Iterator[Breach]:
    """Yield a breach for a mark that its author may not register, or that has no place in the tree."""
    if isinstance(event, brands.MarkRegistered):
        yield from _registered(event, past, rules)
    elif isinstance(event, brands.MarkRetired):
        yield from _theirs(event.mark, past)
    elif isinstance(event, brands.SeasonBasisSet):
        yield from _theirs(event.mark, past)
        yield from _basis(event, past, rules)


def _theirs(mark: str, past: Past) -> Iterator[Breach]:
    known = past.brands.marks.get(mark)
    if known is None:
        yield Breach("mark-unknown", HOUSE, (("mark", mark),))
    elif not answers_for(known.owner, known.divisions, past):
        yield Breach("mark-not-yours", HOUSE, (("mark", mark),))


def _registered(event: brands.MarkRegistered, past: Past, rules: RuleSet) -> Iterator[Breach]:
    known = past.brands.marks.get(event.mark)
    if known is not None and not answers_for(known.owner, known.divisions, past):
        yield Breach("mark-taken", HOUSE, (("mark", event.mark),))
    yield from _named(event, past, rules)
    parent = past.brands.marks.get(event.above or "")
    if not _may_register(event, parent, past):
        yield Breach("mark-not-yours", HOUSE, (("mark", event.mark),))
    if event.above is not None:
        yield from _under(event, event.above, parent)


def _named(event: brands.MarkRegistered, past: Past, rules: RuleSet) -> Iterator[Breach]:
    if event.owner not in past.brands.party_divisions:
        yield Breach("mark-owner-unknown", HOUSE, (("party", event.owner),))
    for commodity in sorted(set(event.commodities) - rules.commodities.keys()):
        yield Breach("mark-commodity-unknown", HOUSE, (("commodity", commodity),))
    for division in event.divisions:
        if not _DIVISION.fullmatch(division):
            yield Breach("mark-division-unknown", HOUSE, (("division", division),))


def _may_register(event: brands.MarkRegistered, parent: KnownMark | None, past: Past) -> bool:
    """An office names marks of its area; an owner its own, and what stands directly under its own."""
    if answers_for("", frozenset(event.divisions), past):
        return True
    if event.tier == "regional":
        return parent is not None and parent.owner == past.by
    return event.tier != "endorsement" and event.owner == past.by


def _under(event: brands.MarkRegistered, name: str, parent: KnownMark | None) -> Iterator[Breach]:
    facts = (("mark", event.mark), ("above", name))
    if parent is None:
        yield Breach("mark-parent-unknown", HOUSE, facts)
        return
    if parent.is_retired(event.day):
        yield Breach("mark-retired", HOUSE, (("mark", name),))
    if brands.TIERS.index(parent.tier) >= brands.TIERS.index(event.tier):
        yield Breach("mark-parent-level", HOUSE, facts)
    within = all(reaches(parent.divisions, each) for each in event.divisions)
    if not within or not parent.commodities.issuperset(event.commodities):
        yield Breach("mark-wider", HOUSE, facts)


def _basis(event: brands.SeasonBasisSet, past: Past, rules: RuleSet) -> Iterator[Breach]:
    known = past.brands.marks.get(event.mark)
    if known is not None and not reaches(known.divisions, event.division):
        yield Breach("mark-wider", HOUSE, (("mark", event.mark), ("above", event.mark)))
    if event.commodity not in rules.commodities:
        yield Breach("mark-commodity-unknown", HOUSE, (("commodity", event.commodity),))
    cap = rules.cap(event.commodity, event.day)
    if cap is not None and cap.unit == "kg/ha" and event.yield_kg_ha > cap.most:
        # A wrong yield makes room for goods that never grew; whether it is wrong an office has to say.
        facts = (("commodity", event.commodity), ("most", format(cap.most, "f")))
        yield Breach("season-yield-high", HOUSE, facts, level="warn")
