"""A shopper's report and taps on their way into the log: who it was, nobody here ever knows.

A report is a statement of the platform that it received something: the kind of complaint and the lot are
clear, the words are sealed, and of the number the log has the SHA-256 alone. The taps of a day are counted
once the day is over, maker by maker.
"""

import re
from collections import Counter
from datetime import date
from typing import get_args

from sqlalchemy import Connection

from ledger import store
from traceability import shopper_reports, tables
from traceability.errors import Invalid, Problem, Refused, Unknown
from traceability.events.fact import legal_day
from traceability.events.reporting import Complaint, Ratings, RatingsCounted, ReportReceived
from traceability.reading import Reader
from web import reports
from web.database import OPERATOR, Services

_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_LINES = re.compile(r"\s*\n\s*")

Maker = tuple[str, str]
"""A maker's division and its name."""


def report(shared: Services, *, lot: str, complaint: str, text: str) -> str:
    """Record what was reported of *lot* and return its number; raise `Invalid` for words that will not do.

    The number is told once, here; nobody can find it again.
    """
    words = _LINES.sub(" ", text.strip())
    if not words:
        raise Invalid(Problem("text", "missing"))
    if len(words) > reports.LONGEST:
        raise Invalid(Problem("text", "too-long", (("found", str(reports.LONGEST)),)))
    if _UNSEEN.search(words):
        raise Invalid(Problem("text", "unseen-characters"))
    number = reports.draw_number()
    event = ReportReceived(
        at=shared.clock(),
        receipt=shopper_reports.receipt_of(number),
        complaint=_complaint(complaint),
        lot=lot,
        text=words,
    )
    shared.journal.record(OPERATOR, event)
    return reports.spelt_number(number)


def _complaint(told: str) -> Complaint:
    for known in get_args(Complaint):
        if told == known:
            return known  # type: ignore[no-any-return]  # the arguments of the Literal
    if told:
        raise Invalid(Problem("complaint", "not-in-list", (("found", told[:40]),)))
    return "other"


def rate(shared: Services, *, lot: str, score: str) -> None:
    """Keep one tap for *lot*, and count the days that are over.

    Raises `Unknown` for goods whose maker is not registered here, and `Invalid` for another score.
    """
    if score not in {str(each) for each in reports.SCORES}:
        raise Invalid(Problem("score", "not-in-list", (("found", score[:40]),)))
    with shared.reading() as reader:
        if maker_of(reader.connection, lot) is None:
            raise Unknown("lot", lot)
    count_days(shared)
    with store.writing(shared.engine) as connection:
        reports.keep_rating(
            connection, shared.kept_key, lot=lot, score=int(score), day=legal_day(shared.clock())
        )


def maker_of(connection: Connection, lot: str) -> Maker | None:
    """Return who made *lot* and where it is registered, None where it is registered nowhere."""
    born, party = tables.lot, tables.party
    found = connection.execute(tables.standing(born, born.c.lot == lot).limit(1)).first()
    if found is None:
        return None
    rows = connection.execute(tables.standing(party, party.c.party == found.maker)).all()
    return (rows[-1].division, found.maker) if rows else None


def days_waiting(shared: Services) -> list[date]:
    """Return each day that is over, has ratings, and is not counted yet."""
    today = legal_day(shared.clock())
    with shared.reading() as reader:
        return reports.days_before(reader.connection, today)


def count_days(shared: Services) -> list[date]:
    """Tell the log the count of each day that is over, and return those days.

    Two who count the same day at once count it once: the rule refuses the second.
    """
    waiting = days_waiting(shared)
    for day in waiting:
        _count(shared, day)
    return waiting


def _count(shared: Services, day: date) -> None:
    with shared.reading() as reader:
        counted = _ratings(reader, shared.kept_key, day)
    if counted:
        event = RatingsCounted(at=shared.clock(), counted_day=day, ratings=counted)
        try:
            shared.journal.record(OPERATOR, event)
        except Refused as refused:
            if {each.rule for each in refused.breaches} != {"day-counted-already"}:
                raise
    with store.writing(shared.engine) as connection:
        reports.forget_day(connection, day)


def _ratings(reader: Reader, kept_key: bytes, day: date) -> tuple[Ratings, ...]:
    found: dict[Maker, Counter[int]] = {}
    for lot, score in reports.taps_of(reader.connection, kept_key, day):
        maker = maker_of(reader.connection, lot)
        if maker is not None:
            found.setdefault(maker, Counter())[score] += 1
    return tuple(
        Ratings(division, party, *(counts[score] for score in reports.SCORES))
        for (division, party), counts in sorted(found.items())
    )
