"""A pack code goes out only after somebody has looked: who may activate, sell and call back which codes."""

from collections.abc import Iterable, Iterator

from traceability.errors import Breach
from traceability.events import Event, followup, processing, release
from traceability.events.fact import legal_day
from traceability.limits import RuleSet
from traceability.past import KnownLot, Past
from traceability.past.release import Span
from traceability.rule_tables.release import RELEASE, ReleaseRow, policy_for
from traceability.rules.about import about
from traceability.rules.amounts import holder
from traceability.rules.clauses import FAILED, HOUSE, RECALLED

_OF_CODES = (release.CodesActivated, release.CodesSold, release.CodesRecalled)
_TRADERS = frozenset({"retailer", "market", "stall", "carrier"})


@about(
    processing.CodesIssued,
    release.CodesActivated,
    release.CodesSold,
    release.CodesRecalled,
    release.ScansCounted,
    followup.Corrected,
)
def wrongly_released(event: Event, past: Past, rules: RuleSet) -> Iterator[Breach]:
    """Yield a breach for codes that are activated, sold or called back by others or out of turn."""
    match event:
        case processing.CodesIssued():
            yield from _issued(event, past, rules)
        case release.CodesActivated() | release.CodesSold() | release.CodesRecalled():
            lot = past.lots.get(event.lot)
            if lot is None:
                yield _breach("unknown-lot", ("lot", event.lot))
            else:
                yield from _of_codes(event, lot, past, rules)
        case release.ScansCounted():
            yield from _counted(event, past)
        case followup.Corrected() if past.target is not None:
            # The counts of a day may be set right; labels that were printed are in the world.
            if isinstance(past.target.event, release.CodesPrepared):
                yield _breach("not-correctable", ("kind", past.target.event.kind))


def _breach(rule: str, *facts: tuple[str, str]) -> Breach:
    return Breach(rule, HOUSE, facts)


def _issued(event: processing.CodesIssued, past: Past, rules: RuleSet) -> Iterator[Breach]:
    lot = past.lots.get(event.lot)
    policy = None if lot is None else _policy(lot, event, rules)
    if policy is not None and policy.is_required and not event.asleep:
        yield _breach("activation-required", ("lot", event.lot), ("commodity", policy.commodity))


def _policy(lot: KnownLot, event: Event, rules: RuleSet) -> ReleaseRow | None:
    commodity = None if lot.product is None else lot.product.commodity
    return policy_for(rules.rows(RELEASE), commodity, event.day)


def _of_codes(
    event: release.CodesActivated | release.CodesSold | release.CodesRecalled,
    lot: KnownLot,
    past: Past,
    rules: RuleSet,
) -> Iterator[Breach]:
    facts = (("lot", lot.lot), ("first", str(event.first)), ("count", str(event.count)))
    if not covered(event.first, event.count, past.release.issued):
        yield _breach("codes-not-issued", *facts)
        return
    match event:
        case release.CodesActivated():
            yield from _sound(lot)
            if _awake(event.first, event.count, past):
                yield _breach("codes-active-already", *facts)
            yield from _entitled(event, lot, past, rules)
        case release.CodesSold():
            yield from _sound(lot)
            yield from _sold(event, past, facts)
        case release.CodesRecalled():
            if past.release.recalled:
                yield _breach("codes-recalled-already", *facts)
            if lot.maker != holder(past) and not _is_office(past):
                yield _breach("not-held", ("lot", lot.lot))


def _sound(lot: KnownLot) -> Iterator[Breach]:
    """Yield a breach for each reason for which nothing of a lot may go out."""
    if lot.recalled:
        yield Breach("lot-recalled", RECALLED, (("lot", lot.lot),))
    if lot.failed:
        yield Breach("lot-failed", FAILED, (("lot", lot.lot),))
    if lot.holds:
        yield _breach("lot-on-hold", ("lot", lot.lot), ("reasons", " ".join(sorted(lot.holds))))


def _awake(first: int, count: int, past: Past) -> bool:
    """Tell whether one of the codes is active: never asleep, or activated before."""
    return bool(past.release.active) or not covered(first, count, past.release.asleep)


def _entitled(event: release.CodesActivated, lot: KnownLot, past: Past, rules: RuleSet) -> Iterator[Breach]:
    """Yield a breach unless the speaker may say that it looked, on the ground that it names."""
    policy = _policy(lot, event, rules)
    if policy is not None and event.ground not in policy.grounds:
        yield _breach("ground-not-enough", ("lot", lot.lot), ("ground", event.ground))
    match event.ground:
        case "tested":
            yield from _tested(event, lot, past, rules, policy)
        case "checked":
            if not _is_office(past):
                yield _breach("not-the-office", ("lot", lot.lot))
        case "witnessed":
            yield from _witnessed(lot, past)


def _tested(
    event: release.CodesActivated, lot: KnownLot, past: Past, rules: RuleSet, policy: ReleaseRow | None
) -> Iterator[Breach]:
    known = past.release
    if lot.maker != holder(past):
        yield _breach("not-held", ("lot", lot.lot))
    if not (known.tests & policy.tests if policy is not None else known.tests):
        yield _breach("no-passed-test", ("lot", lot.lot))
    commodity = "" if lot.product is None else lot.product.commodity
    born = legal_day(lot.born_at) if lot.born_at is not None else event.day
    if rules.requires_certificate(commodity, born) and not known.certified:
        yield _breach("no-certificate", ("lot", lot.lot))


def _witnessed(lot: KnownLot, past: Past) -> Iterator[Breach]:
    """Yield a breach unless a second party speaks that knows the lot: who tested it, certifies, or has it."""
    speaker = past.parties.get(past.by)
    role = "" if speaker is None else speaker.role
    if holder(past) == lot.maker or (role == "laboratory" and not past.release.tested_here):
        yield _breach("no-second-party", ("lot", lot.lot))
    elif role not in {"laboratory", "certifier"} and not past.release.has_held:
        yield _breach("not-held", ("lot", lot.lot))


def _is_office(past: Past) -> bool:
    """Tell whether a regulator speaks in whose division the maker of the lot is registered."""
    speaker, division = past.parties.get(past.by), past.release.maker_division
    if speaker is None or speaker.role != "regulator":
        return False
    # GB/T 2260 has two digits for each level; whoever is registered nowhere is the province's.
    reach = speaker.division
    while len(reach) > 2 and reach.endswith("00"):
        reach = reach[:-2]
    return (division or "220000").startswith(reach)


def _sold(event: release.CodesSold, past: Past, facts: tuple[tuple[str, str], ...]) -> Iterator[Breach]:
    known = past.release
    if not covered(event.first, event.count, (*_never_asleep(past), *known.active)):
        yield _breach("codes-not-active", *facts)
    if known.sold:
        yield _breach("codes-sold-already", *facts)
    if known.recalled:
        yield Breach("codes-recalled", RECALLED, facts)
    if not known.has_held:
        yield _breach("not-held", ("lot", event.lot))


def _never_asleep(past: Past) -> Iterator[Span]:
    """Yield the issues that were active from the first: each sleeps whole or not at all."""
    yield from (span for span in past.release.issued if span not in past.release.asleep)


def _counted(event: release.ScansCounted, past: Past) -> Iterator[Breach]:
    if event.day >= legal_day(event.at) or (
        past.recorded_at is not None and event.day >= legal_day(past.recorded_at)
    ):
        yield _breach("scans-not-over", ("day", event.day.isoformat()))
    if past.release.counted:
        yield _breach("scans-counted-already", ("day", event.day.isoformat()))


def covered(first: int, count: int, spans: Iterable[Span]) -> bool:
    """Tell whether *spans* hold every index of the *count* from *first*."""
    end = first + count
    for start, length in sorted(spans):
        if start <= first:
            first = max(first, start + length)
    return first >= end
