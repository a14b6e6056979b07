"""A recall goes its way step by step: begun in time, told to holders, recovered, disposed of, completed."""

from collections.abc import Generator, Iterator
from datetime import timedelta
from decimal import Decimal

from traceability.errors import Breach
from traceability.events import Event, followup, recalling, release
from traceability.limits import RuleSet
from traceability.past import KnownLot, Past
from traceability.past.cases import PastRecall, Recovery
from traceability.quantity import Amount
from traceability.rules.about import about
from traceability.rules.amounts import NOTHING, holder, measured_as, scale_of_lot, text
from traceability.rules.clauses import HOUSE, RECALL_CLOCKS, RECALLED

HOURS_TO_START = {1: 24, 2: 48, 3: 72}

_RECALLERS_ALONE = (recalling.RecallStarted, recalling.RecallCompleted)
_STEPS = (*_RECALLERS_ALONE, recalling.RecallRecovered, recalling.RecallDisposed)
_TOLD = (recalling.NoticeSent, recalling.NoticeAcknowledged)
_CALLS = (followup.Recalled, release.CodesRecalled)


@about(_STEPS, _TOLD, _CALLS, followup.Corrected)
def recall_out_of_order(event: Event, past: Past, rules: RuleSet) -> Iterator[Breach]:  # noqa: ARG001 -- one form for all rules
    """Yield a breach for a step of a recall that may not follow, is another's, or cannot add up."""
    if isinstance(event, _STEPS):
        yield from _step(event, past)
    elif isinstance(event, _TOLD):
        yield from _told(event, past)
    elif isinstance(event, _CALLS):
        yield from _called(event, past)
    elif isinstance(event, followup.Corrected):
        yield from _taken_back(past)


def _breach(rule: str, *facts: tuple[str, str]) -> Breach:
    return Breach(rule, HOUSE, facts)


def _is_office(past: Past) -> bool:
    author = past.parties.get(past.by)
    return author is not None and author.role == "regulator"


def _called(event: followup.Recalled | release.CodesRecalled, past: Past) -> Iterator[Breach]:
    lot = past.lots.get(event.lot)
    if lot is not None and _is_office(past) and not past.cases.within:
        yield _breach("outside-the-division", ("party", lot.maker or event.lot))


def _taken_back(past: Past) -> Iterator[Breach]:
    """Yield a breach for a recall that its maker takes back once others act on it; an office may end it."""
    told = None if past.target is None else past.target.event
    if isinstance(told, _CALLS) and past.cases.is_followed and not _is_office(past):
        yield Breach("recall-under-way", RECALLED, (("lot", told.lot),))


def _step(
    event: recalling.RecallStarted
    | recalling.RecallCompleted
    | recalling.RecallRecovered
    | recalling.RecallDisposed,
    past: Past,
) -> Iterator[Breach]:
    recall = past.cases.recall
    if recall is None or recall.digest != event.recall:
        yield _breach("unknown-recall", ("recall", event.recall))
        return
    if recall.completed:
        yield _breach("recall-completed-already", ("recall", recall.digest))
    if isinstance(event, _RECALLERS_ALONE) and not _is_recaller(recall, past):
        yield _breach("not-your-recall", ("by", recall.by))
    if isinstance(event, recalling.RecallStarted):
        yield from _started(event, recall)
    elif not recall.started:
        yield _breach("recall-not-started", ("recall", recall.digest))
    if isinstance(event, recalling.RecallRecovered | recalling.RecallDisposed):
        yield from _by_whom(event, recall, past)
        yield from _amounts(event, past)
    if isinstance(event, recalling.RecallCompleted):
        yield from _accounted(event, past)


def _is_recaller(recall: PastRecall, past: Past) -> bool:
    """Whoever called the lot back, or made it, carries it out; an office of its place may see to it."""
    return past.by in {recall.by, recall.maker} or (_is_office(past) and past.cases.within)


def _by_whom(
    event: recalling.RecallRecovered | recalling.RecallDisposed, recall: PastRecall, past: Past
) -> Iterator[Breach]:
    """Goods come back to whoever had them or calls them back; a stranger cannot say that it has them."""
    lot = past.lots.get(event.lot)
    if lot is not None and holder(past) not in lot.stock and not _is_recaller(recall, past):
        yield _breach("not-held", ("lot", event.lot))


def _started(event: recalling.RecallStarted, recall: PastRecall) -> Iterator[Breach]:
    if recall.started:
        yield _breach("recall-started-already", ("recall", recall.digest))
    due = recall.at + timedelta(hours=HOURS_TO_START[recall.level])
    if event.at > due:
        facts = (("due", due.isoformat()), ("level", str(recall.level)))
        yield Breach("recall-started-late", RECALL_CLOCKS, facts, level="warn")


def _amounts(event: recalling.RecallRecovered | recalling.RecallDisposed, past: Past) -> Iterator[Breach]:
    if not past.cases.reached:
        yield _breach("lot-not-reached", ("lot", event.lot))
    amount = _measured(event.lot, event.amount, past)
    if amount is None:
        yield from _unmeasured(event.lot, past)
        return
    lot, so_far = past.lots[event.lot], past.cases.recovery.get(event.lot, Recovery())
    if isinstance(event, recalling.RecallRecovered):
        total, most = so_far.recovered + amount, lot.born
    else:
        booked = yield from _from_stock(event, amount, lot, past)
        if booked == amount:
            return
        total = so_far.disposed + amount - booked
        most = so_far.recovered + lot.stock.get(holder(past), NOTHING) - booked
    if total > most:
        facts = (("lot", event.lot), ("amounts_to", text(total)), ("most", text(most)))
        yield _breach("recalled-more-than-there-is", *facts)


def _from_stock(
    event: recalling.RecallDisposed, amount: Decimal, lot: KnownLot, past: Past
) -> Generator[Breach, None, Decimal]:
    """Yield a breach for more taken off the stock than is disposed of, or held; return how much it is."""
    if event.from_stock is None:
        return NOTHING
    booked, stock = measured_as(event.from_stock, lot), lot.stock.get(holder(past), NOTHING)
    if booked is None:
        yield from _unmeasured(event.lot, past)
        return NOTHING
    if booked > amount:
        facts = (("lot", event.lot), ("amounts_to", text(booked)), ("most", text(amount)))
        yield _breach("recalled-more-than-there-is", *facts)
    elif booked > stock:
        facts = (("lot", event.lot), ("wanted", text(booked)), ("held", text(stock)))
        yield _breach("mass-balance", *facts)
    else:
        return booked
    return NOTHING


def _measured(lot: str, amount: Amount, past: Past) -> Decimal | None:
    known = past.lots.get(lot)
    return None if known is None else measured_as(amount, known)


def _unmeasured(lot: str, past: Past) -> Iterator[Breach]:
    known = past.lots.get(lot)
    if known is None:
        yield _breach("unknown-lot", ("lot", lot))
    else:
        yield _breach("wrong-measure", ("lot", lot), ("measure", scale_of_lot(known)[0]))


def _accounted(event: recalling.RecallCompleted, past: Past) -> Iterator[Breach]:
    """Yield a mark for each lot of which holders were told more than came back or is told as missing."""
    missing: dict[str, Decimal] = {}
    for each in event.not_recovered:
        amount = _measured(each.lot, each.amount, past)
        if amount is None:
            yield from _unmeasured(each.lot, past)
        missing[each.lot] = missing.get(each.lot, NOTHING) + (amount or NOTHING)
    for lot, done in sorted(past.cases.recovery.items()):
        left = done.noticed - done.recovered - missing.get(lot, NOTHING)
        if left > 0:
            yield Breach("recall-unaccounted", RECALLED, (("lot", lot), ("left", text(left))), level="warn")


def _told(event: recalling.NoticeSent | recalling.NoticeAcknowledged, past: Past) -> Iterator[Breach]:
    recall, hold = past.cases.recall, past.cases.hold
    if recall is None and hold is None:
        yield _breach("unknown-recall", ("recall", event.about))
        return
    if not past.cases.reached:
        yield _breach("lot-not-reached", ("lot", event.lot))
    if event.amount is not None and _measured(event.lot, event.amount, past) is None:
        yield from _unmeasured(event.lot, past)
    if isinstance(event, recalling.NoticeSent) and recall is not None and not _is_recaller(recall, past):
        yield _breach("not-your-recall", ("by", recall.by))
