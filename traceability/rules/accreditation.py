"""Only a registered laboratory is accredited, by an office of its place; later only those two change it."""

from collections.abc import Iterator

from traceability.answering import answers_for
from traceability.errors import Breach
from traceability.events import Event, testing
from traceability.limits import RuleSet
from traceability.past import KnownParty, Past
from traceability.rules.about import about
from traceability.rules.clauses import HOUSE


@about(testing.LaboratoryAccredited, testing.AccreditationChanged)
def ill_accredited(event: Event, past: Past, rules: RuleSet) -> Iterator[Breach]:  # noqa: ARG001 -- one form for all rules
    """Yield a breach for an accreditation of no known laboratory, or a change that is not the author's."""
    match event:
        case testing.LaboratoryAccredited():
            laboratory = past.testing.parties.get(event.party)
            if laboratory is None or laboratory.role != "laboratory":
                yield Breach("not-a-laboratory", HOUSE, (("party", event.party),))
            elif _is_elsewhere(laboratory, past):
                yield Breach("outside-the-division", HOUSE, (("party", event.party),))
        case testing.AccreditationChanged():
            yield from _changed(event, past)


def _is_elsewhere(laboratory: KnownParty, past: Past) -> bool:
    """Tell whether an office speaks of another division's laboratory; a certifier keeps to no division."""
    author = past.parties.get(past.by)
    if author is None or author.role != "regulator":
        return False
    return not answers_for("", (laboratory.division,), past)


def _changed(event: testing.AccreditationChanged, past: Past) -> Iterator[Breach]:
    known = next(iter(past.testing.accreditations), None)
    if known is None:
        yield Breach("unknown-accreditation", HOUSE, (("accreditation", event.accreditation),))
        return
    laboratory = past.testing.parties.get(known.party)
    if not answers_for(known.by, () if laboratory is None else (laboratory.division,), past):
        yield Breach("not-your-certificate", HOUSE, (("by", known.by),))
    if any(state == "withdrawn" and day <= event.day for day, state in known.changes):
        yield Breach("withdrawn-already", HOUSE, (("number", known.number),))
