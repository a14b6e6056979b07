"""What was said before of a recall or a hold, and of the goods that an office stops or calls back."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, bindparam, select

from ledger.canonical import instant_of
from traceability import goods, running, tables
from traceability.events import Event, followup, recalling, release
from traceability.past import Past
from traceability.past.cases import CasesPast, PastHold, PastRecall, Recovery
from traceability.question import Question
from traceability.recollection.trade import Asked
from traceability.recollection.whose import answers_for_one, covers_all, places_of_goods
from traceability.tables import cases as case_tables

_RECALL, _PACKS_RECALL = (
    Question(
        select(table.c.lot, table.c.level, tables.statement.c.by, tables.statement.c.at)
        .join(tables.statement, tables.statement.c.entry == table.c.entry)
        .where(tables.statement.c.digest == bindparam("digest"), tables.statement.c.void_by.is_(None))
    )
    for table in (tables.recall, tables.release.code_recall)
)
_LOT, _RECALL_STEPS, _NOTICES = (
    Question(tables.standing(table, column == bindparam("name")))
    for table, column in (
        (tables.lot, tables.lot.c.lot),
        (case_tables.recall_step, case_tables.recall_step.c.recall),
        (case_tables.notice, case_tables.notice.c.about),
    )
)
_MILESTONES = Question(
    tables.standing(
        case_tables.recall_step,
        case_tables.recall_step.c.recall == bindparam("name"),
        case_tables.recall_step.c.lot.is_(None),
    )
)
_HOLD = Question(
    tables.standing(case_tables.placed_hold, case_tables.placed_hold.c.digest == bindparam("digest"))
)
_LIFTED = Question(tables.standing(tables.resolution, tables.resolution.c.target == bindparam("digest")))
_FOLLOWS = tuple(
    Question(tables.standing(column.table, column == bindparam("digest")).limit(1))
    for column in (
        case_tables.recall_step.c.recall,
        case_tables.notice.c.about,
        case_tables.acknowledgement.c.about,
        case_tables.case.c.source,
        case_tables.alert_step.c.source,
    )
)
"""What may have been done because of a recall: its steps, notices and answers, a case, an alert taken up."""

_CALLS = (followup.Recalled, release.CodesRecalled)
Named = (
    recalling.RecallStarted | recalling.RecallRecovered | recalling.RecallDisposed | recalling.RecallCompleted
)
Called = recalling.HoldPlaced | followup.Recalled | release.CodesRecalled


def recollect(asked: Asked, past: Past) -> Past:
    """Return *past* with what the rules of recalls and holds ask."""
    event = asked.event
    if event is not None and type(event) in _ASKS:
        past = replace(past, cases=_ASKS[type(event)](asked, past, event))
    if isinstance(asked.told, followup.Corrected) and isinstance(_told_before(past), _CALLS):
        past = replace(past, cases=replace(past.cases, is_followed=_is_followed(asked)))
    if isinstance(event, recalling.RecallCompleted):
        lots = {each.lot: goods.known_lot(asked.connection, each.lot) for each in event.not_recovered}
        known = {name: lot for name, lot in lots.items() if lot is not None}
        past = replace(past, lots={**past.lots, **known})
    return past


def _told_before(past: Past) -> Event | None:
    return None if past.target is None else past.target.event


def _is_followed(asked: Asked) -> bool:
    digest = getattr(asked.told, "target", "")
    return any(each.first(asked.connection, digest=digest) is not None for each in _FOLLOWS)


def _of_recall(asked: Asked, past: Past, event: Named) -> CasesPast:
    recall = recall_of(asked.connection, event.recall)
    if recall is None:
        return CasesPast()
    return CasesPast(
        recall=recall,
        reached=_is_reached(asked.connection, recall.lot, getattr(event, "lot", None)),
        recovery=_recovery(asked.connection, event),
        within=_is_office_of(asked, past, recall.lot),
    )


def _is_office_of(asked: Asked, past: Past, lot: str) -> bool:
    # Only of offices is it asked: a lot may be in a thousand shops, and each tells a step of its own.
    author = past.parties.get(asked.by)
    is_office = author is not None and author.role == "regulator"
    return is_office and answers_for_one(asked, past, places_of_goods(asked.connection, lot))


def _of_notice(
    asked: Asked, past: Past, event: recalling.NoticeSent | recalling.NoticeAcknowledged
) -> CasesPast:
    recall, hold = recall_of(asked.connection, event.about), hold_of(asked.connection, event.about)
    origin = recall.lot if recall is not None else None if hold is None else hold.lot
    reached = origin is not None and _is_reached(asked.connection, origin, event.lot)
    within = origin is not None and _is_office_of(asked, past, origin)
    return CasesPast(recall=recall, hold=hold, reached=reached, within=within)


def _is_reached(connection: Connection, origin: str, lot: str | None) -> bool:
    return lot is not None and (lot == origin or origin in goods.ancestors(connection, lot))


def recall_of(connection: Connection, digest: str) -> PastRecall | None:
    """Return the recall that the statement with this *digest* called, and how far it has come."""
    # Packs that are called back by themselves go the same way as a whole lot.
    row = _RECALL.first(connection, digest=digest) or _PACKS_RECALL.first(connection, digest=digest)
    if row is None:
        return None
    births = _LOT.rows(connection, name=row.lot)
    steps = {each.step for each in _MILESTONES.rows(connection, name=digest)}
    return PastRecall(
        digest=digest,
        by=row.by,
        lot=row.lot,
        level=row.level,
        at=instant_of(row.at),
        maker=births[0].maker if births else None,
        started="started" in steps,
        completed="completed" in steps,
    )


def _recovery(connection: Connection, event: Named) -> dict[str, Recovery]:
    """Return how much came back and was disposed of: of the event's lot, or at the end of every lot."""
    match event:
        case recalling.RecallRecovered() | recalling.RecallDisposed():
            return {event.lot: _so_far(connection, event.recall, event.lot)}
        case recalling.RecallCompleted():
            return _recovery_of_all(connection, event.recall)
    return {}


def _so_far(connection: Connection, recall: str, lot: str) -> Recovery:
    recovered, disposed = (
        running.total(connection, case_tables.recall_account(what, recall, lot))
        for what in ("recovered", "disposed")
    )
    return Recovery(recovered=recovered, disposed=disposed)


def _recovery_of_all(connection: Connection, recall: str) -> dict[str, Recovery]:
    found: dict[str, Recovery] = {}
    for row in _NOTICES.rows(connection, name=recall):
        known = found.get(row.lot, Recovery())
        found[row.lot] = replace(known, noticed=known.noticed + Decimal(row.amount or 0))
    return _added(found, _RECALL_STEPS.rows(connection, name=recall))


def _added(found: dict[str, Recovery], steps: Iterable[Any]) -> dict[str, Recovery]:
    for row in steps:
        if row.step in {"recovered", "disposed"}:
            known = found.get(row.lot, Recovery())
            so_far: Decimal = getattr(known, row.step)
            found[row.lot] = replace(known, **{row.step: so_far + Decimal(row.amount)})
    return found


def hold_of(connection: Connection, digest: str) -> PastHold | None:
    """Return the hold that the statement with this *digest* placed."""
    row = _HOLD.first(connection, digest=digest)
    if row is None:
        return None
    return PastHold(digest, row.by, row.lot, _LIFTED.first(connection, digest=digest) is not None)


def _of_hold(asked: Asked, past: Past, event: recalling.HoldLifted) -> CasesPast:
    hold = hold_of(asked.connection, event.hold)
    return CasesPast(hold=hold, within=hold is not None and covers_all(asked, past, hold.by))


def _of_goods(asked: Asked, past: Past, event: Called) -> CasesPast:
    return CasesPast(within=_is_office_of(asked, past, event.lot))


_ASKS: Mapping[type[Event], Callable[[Asked, Past, Any], CasesPast]] = {
    recalling.RecallStarted: _of_recall,
    recalling.RecallRecovered: _of_recall,
    recalling.RecallDisposed: _of_recall,
    recalling.RecallCompleted: _of_recall,
    recalling.NoticeSent: _of_notice,
    recalling.NoticeAcknowledged: _of_notice,
    followup.Recalled: _of_goods,
    release.CodesRecalled: _of_goods,
    recalling.HoldPlaced: _of_goods,
    recalling.HoldLifted: _of_hold,
}
