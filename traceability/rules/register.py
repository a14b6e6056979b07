"""Who comes into the register, and who decides on it: the regulator in whose division the party is.

Codes of GB/T 2260 have two digits for each level, so an office whose digits a division's code begins with
covers it: 220000 all of Jilin, 220100 the counties of Changchun, 220182 Yushu alone.
"""

from collections.abc import Iterator

from traceability import uscc
from traceability.errors import Breach
from traceability.events import Event, parties, registry
from traceability.limits import RuleSet
from traceability.past import Past
from traceability.rule_tables.parties import DEPARTMENTS
from traceability.rules.about import about
from traceability.rules.clauses import HOUSE

_STEPS = parties.PartyVerified | parties.PartySuspended | parties.PartyResumed | parties.PartyEnded
_STATES = {
    "party-verified": {"proposed", "registered"},
    "party-suspended": {"proposed", "registered", "verified"},
    "party-resumed": {"suspended"},
    "party-ended": {"proposed", "registered", "verified", "suspended"},
}
_OFFICES = frozenset({"operator", "regulator"})


@about(registry.PartyRegistered, _STEPS)
def misregistered(event: Event, past: Past, rules: RuleSet) -> Iterator[Breach]:
    """Yield a breach for a registration that cannot be right, and for a step that is not the speaker's."""
    if isinstance(event, registry.PartyRegistered):
        yield from _registration(event, past, rules)
    elif isinstance(event, _STEPS):
        yield from _step(event, past, rules)


def _registration(event: registry.PartyRegistered, past: Past, rules: RuleSet) -> Iterator[Breach]:
    yield from _number(event)
    departments = {row.department for row in rules.rows(DEPARTMENTS)}
    if event.department is not None and event.department not in departments:
        yield Breach("unknown-department", HOUSE, (("department", event.department),), level="warn")
    for commodity in event.commodities:
        if commodity not in rules.commodities:
            yield Breach("unknown-commodity", HOUSE, (("commodity", commodity),))
    if event.market is not None and past.register.roles.get(event.market) != "market":
        yield Breach("unknown-market", HOUSE, (("party", event.market),))
    if isinstance(event, parties.PartyProposed):
        yield from _proposal(event, past)


def _number(event: registry.PartyRegistered) -> Iterator[Breach]:
    if event.uscc is None:
        return
    facts = (("uscc", event.uscc), ("party", event.party))
    if not uscc.is_formed(event.uscc):
        yield Breach("uscc-form", HOUSE, facts)
    elif not uscc.holds(event.uscc):
        # The standard was not read in its official text, so that its check digit alone refuses nobody.
        yield Breach("uscc-check", HOUSE, facts, level="warn")


def _proposal(event: parties.PartyProposed, past: Past) -> Iterator[Breach]:
    speaker = past.parties.get(past.by)
    is_own = past.by in {event.party, event.market}
    if not is_own and (speaker is None or speaker.role != "operator"):
        yield Breach("not-yours-to-propose", HOUSE, (("party", event.party),))
    if event.role == "operator":
        yield Breach("not-proposable", HOUSE, (("role", event.role),))


def _step(event: _STEPS, past: Past, rules: RuleSet) -> Iterator[Breach]:
    found = past.register
    if found.subject is None:
        yield Breach("unknown-party", HOUSE, (("party", event.party),))
        return
    if found.subject.state not in _STATES[event.kind]:
        stands = (("party", event.party), ("state", str(found.subject.state)), ("kind", event.kind))
        yield Breach("register-state", HOUSE, stands)
    if isinstance(event, parties.PartyEnded) and past.by == event.party:
        return
    if past.by == event.party:
        yield Breach("own-register", HOUSE, (("party", event.party),))
    elif not _answers_for(past):
        facts = (("party", event.party), ("division", found.subject_division))
        yield Breach("another-division", HOUSE, facts)
    elif isinstance(event, parties.PartyVerified):
        yield from _department(event, past, rules)


def _answers_for(past: Past) -> bool:
    """Tell whether the speaker is a regulator above the party; of another office, strictly above."""
    speaker, division = past.parties.get(past.by), past.register.subject_division
    if speaker is None or speaker.role != "regulator" or not division:
        return False
    if past.register.subject_role in _OFFICES and speaker.division == division:
        return False
    return division.startswith(_digits(speaker.division))


def _digits(division: str) -> str:
    """Return the digits that the codes of all divisions within begin with."""
    while len(division) > 2 and division.endswith("00"):
        division = division[:-2]
    return division


def _department(event: parties.PartyVerified, past: Past, rules: RuleSet) -> Iterator[Breach]:
    """Yield a warning where none of what the party makes is the department's."""
    own = past.register.department
    row = next((each for each in rules.rows(DEPARTMENTS) if each.department == own), None)
    crops = {rules.commodities[each].crop for each in past.register.commodities if each in rules.commodities}
    if row is not None and row.crops and crops and not crops & row.crops:
        facts = (("party", event.party), ("department", row.department))
        yield Breach("other-department", HOUSE, facts, level="warn")
