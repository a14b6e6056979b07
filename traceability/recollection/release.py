"""What the rules of release may know, read by the lot, the roll or the day that an event names."""

from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, bindparam

from traceability import goods, tables
from traceability.events import processing, release
from traceability.past import Past
from traceability.past.release import PastRoll, ReleasePast, Span
from traceability.question import Question
from traceability.recollection.trade import Asked
from traceability.tables import release as release_tables
from traceability.test_backing import bearing, lapse_of

_OF_CODES = release.CodesActivated | release.CodesSold | release.CodesRecalled

_ISSUED, _ASLEEP, _ACTIVE, _SOLD, _RECALLED = (
    Question(
        tables.standing(
            table,
            table.c.lot == bindparam("lot"),
            table.c.first < bindparam("end"),
            table.c.first + table.c.packs > bindparam("start"),
        )
    )
    for table in (
        tables.code_issue,
        release_tables.code_sleep,
        release_tables.code_activation,
        release_tables.code_sale,
        release_tables.code_recall,
    )
)
_BLANK = Question(
    tables.standing(release_tables.code_blank, release_tables.code_blank.c.roll == bindparam("roll"))
)
_BOUND = Question(
    tables.standing(
        release_tables.code_binding,
        release_tables.code_binding.c.roll == bindparam("roll"),
        release_tables.code_binding.c.first < bindparam("end"),
        release_tables.code_binding.c.first + release_tables.code_binding.c.packs > bindparam("start"),
    )
)
_CERTIFICATE = Question(
    tables.standing(tables.certificate, tables.certificate.c.lot == bindparam("lot")).limit(1)
)
_PARTY = Question(tables.standing(tables.party, tables.party.c.party == bindparam("party")))
_HELD = Question(
    tables.standing(
        tables.stock, tables.stock.c.lot == bindparam("lot"), tables.stock.c.party == bindparam("party")
    ).limit(1)
)
_DAY = Question(
    tables.standing(release_tables.scan_digest, release_tables.scan_digest.c.day == bindparam("day")).limit(1)
)


def recollect(asked: Asked, past: Past) -> Past:
    """Return *past* with what the rules of release need for this kind of event."""
    connection, event = asked.connection, asked.event
    match event:
        case processing.CodesIssued():
            return replace(past, release=_of_issue(connection, event))
        case release.CodesPrepared():
            return replace(past, release=_of_roll(asked, event))
        case release.CodesActivated() | release.CodesSold() | release.CodesRecalled():
            return replace(past, release=_of_codes(asked, event, past))
        case release.ScansCounted():
            known = _DAY.first(connection, day=event.day.isoformat())
            return replace(past, release=ReleasePast(counted=known is not None))
    return past


def _of_issue(connection: Connection, event: processing.CodesIssued) -> ReleasePast:
    is_roll = _BLANK.first(connection, roll=event.lot) is not None
    if event.roll is None or event.roll_first is None:
        return ReleasePast(is_roll=is_roll)
    bounds = {"start": event.roll_first, "end": event.roll_first + event.count}
    rows = _BOUND.rows(connection, roll=event.roll, **bounds)
    bound = tuple((row.first, row.packs) for row in rows)
    return ReleasePast(roll=_roll(connection, event.roll), is_roll=is_roll, bound=bound)


def _of_roll(asked: Asked, event: release.CodesPrepared) -> ReleasePast:
    connection, speaker = asked.connection, asked.claimed_by or asked.by
    return ReleasePast(
        roll=_roll(connection, event.roll),
        product=goods.known_product(connection, speaker, event.product),
        is_lot=goods.known_lot(connection, event.roll, holders=()) is not None,
    )


def _roll(connection: Connection, roll: str) -> PastRoll | None:
    rows = _BLANK.rows(connection, roll=roll)
    if not rows:
        return None
    printed = tuple((row.first, row.packs) for row in rows)
    return PastRoll(rows[0].party, rows[0].product, max(first + count for first, count in printed), printed)


def _of_codes(asked: Asked, event: _OF_CODES, past: Past) -> ReleasePast:
    connection = asked.connection
    speaker = asked.claimed_by or asked.by
    known = past.lots.get(event.lot)
    tests = bearing(connection, event.lot) if isinstance(event, release.CodesActivated) else []
    return ReleasePast(
        issued=_spans(_ISSUED, connection, event),
        asleep=_spans(_ASLEEP, connection, event),
        active=_active(connection, event),
        sold=_spans(_SOLD, connection, event),
        recalled=_spans(_RECALLED, connection, event),
        tests=frozenset(row.purpose for row in tests),
        tested_here=any(row.by == speaker for row in tests),
        certified=_CERTIFICATE.first(connection, lot=event.lot) is not None,
        maker_division=None if known is None or known.maker is None else _division(connection, known.maker),
        has_held=_HELD.first(connection, lot=event.lot, party=speaker) is not None,
    )


def _spans(question: Question, connection: Connection, event: _OF_CODES) -> tuple[Span, ...]:
    return tuple((row.first, row.packs) for row in _met(question, connection, event))


def _active(connection: Connection, event: _OF_CODES) -> tuple[Span, ...]:
    """Return the activations that still count: not those whose test was withdrawn or has turned."""
    rows = _met(_ACTIVE, connection, event)
    return tuple((row.first, row.packs) for row in rows if lapse_of(connection, event.lot, row) is None)


def _met(question: Question, connection: Connection, event: _OF_CODES) -> list[Any]:
    return question.rows(connection, lot=event.lot, start=event.first, end=event.first + event.count)


def _division(connection: Connection, party: str) -> str | None:
    rows = _PARTY.rows(connection, party=party)
    return rows[-1].division if rows else None
