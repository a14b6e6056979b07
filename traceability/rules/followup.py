"""Who may say what of an earlier statement: its author corrects it, somebody else confirms it."""

from collections.abc import Iterator

from traceability.errors import Breach
from traceability.events import Event, followup, processing, registry
from traceability.limits import RuleSet
from traceability.past import Past, PastStatement
from traceability.rules.about import about
from traceability.rules.amounts import held, holder
from traceability.rules.clauses import HOUSE

_FOLLOWUPS = (followup.Corrected, followup.Confirmed, followup.HoldResolved, followup.Erased)
# A printed code is taken back by a void; a rule set, once adopted, has judged; what is erased is gone.
_FINAL = (
    followup.Corrected,
    followup.Erased,
    processing.CodesIssued,
    processing.CodesVoided,
    registry.RulesAdopted,
)


@about(followup.Recalled, _FOLLOWUPS)
def misplaced(event: Event, past: Past, rules: RuleSet) -> Iterator[Breach]:  # noqa: ARG001 -- one form for all rules
    """Yield a breach for a later word on a statement that its author has no right to say."""
    if isinstance(event, followup.Recalled):
        yield from _recalled(event, past)
    if not isinstance(event, _FOLLOWUPS):
        return
    target = past.target
    if target is None or target.digest != event.target:
        yield Breach("unknown-statement", HOUSE, (("target", event.target),))
    elif target.void and not isinstance(event, followup.Erased):
        yield Breach("already-void", HOUSE, (("target", event.target),))
    else:
        yield from _of_target(event, target, past)


def _of_target(event: Event, target: PastStatement, past: Past) -> Iterator[Breach]:
    is_author = past.by in {target.by, target.claimed_by}
    match event:
        case followup.Corrected():
            if not is_author:
                yield Breach("not-your-statement", HOUSE, (("by", target.by),))
            yield from _corrected(event, target)
        case followup.Erased():
            party = past.parties.get(past.by)
            if not is_author and (party is None or party.role not in {"operator", "regulator"}):
                yield Breach("not-your-statement", HOUSE, (("by", target.by),))
        case followup.Confirmed() | followup.HoldResolved():
            if is_author:
                yield Breach("own-statement", HOUSE, (("by", past.by),))
            if isinstance(event, followup.HoldResolved) and not target.flags:
                yield Breach("nothing-held", HOUSE, (("target", event.target),))


def _corrected(event: followup.Corrected, target: PastStatement) -> Iterator[Breach]:
    if isinstance(target.event, _FINAL):
        yield Breach("not-correctable", HOUSE, (("kind", target.event.kind),))
    replacement = event.replacement
    if replacement is not None and replacement.kind != target.event.kind:
        facts = (("kind", target.event.kind), ("replacement", replacement.kind))
        yield Breach("another-kind", HOUSE, facts)
    if _name(target.event) is not None and _name(target.event) != _name(replacement):
        # What later statements name must stay; only what is said of it may change.
        yield Breach("name-must-stay", HOUSE, (("kind", target.event.kind),))


def _name(event: Event | None) -> tuple[str, ...] | None:
    """Return what a registration names, with what amounts already recorded rest on."""
    match event:
        case registry.PartyRegistered():
            return (event.party, event.role)
        case registry.ProductRegistered():
            return (event.product, event.measure, str(event.piece_kg), str(event.gtin))
        case registry.PlotRegistered():
            return (event.plot,)
        case registry.MemberRegistered():
            return (str(event.member),)
        case _:
            return None


def _recalled(event: followup.Recalled, past: Past) -> Iterator[Breach]:
    lot, party = past.lots.get(event.lot), past.parties.get(past.by)
    if lot is None or (party is not None and party.role == "regulator"):
        return
    if lot.maker != holder(past) and held(lot, past) <= 0:
        yield Breach("not-held", HOUSE, (("lot", event.lot),))
