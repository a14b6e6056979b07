"""What the rules of samples, tests and instruments need: by the lot, the sample, or the statement named."""

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import Connection, bindparam, select

from ledger.canonical import instant_of
from traceability import doubtful_results, tables
from traceability.events import Event, quality, testing
from traceability.office_word import office_says
from traceability.past import KnownParty, Past
from traceability.past.testing import (
    PastAccreditation,
    PastInstrument,
    PastNotice,
    PastObjection,
    PastReport,
    PastSampling,
    SamplesPast,
)
from traceability.question import Question
from traceability.recollection.trade import Asked
from traceability.retesting import first_retest
from traceability.tables import testing as rows

MOST_ALIKE = 8
"""How many reports with the same mark are looked at: parts of one sample may share it."""

_PARTY = Question(tables.standing(tables.party, tables.party.c.party == bindparam("party")))
_OF_LOT = Question(tables.standing(rows.sampling, rows.sampling.c.lot == bindparam("lot")))
_OF_SAMPLE = Question(
    tables.standing(
        rows.sampling,
        rows.sampling.c.sample == bindparam("sample"),
        rows.sampling.c.laboratory == bindparam("laboratory"),
        rows.sampling.c.lot != bindparam("lot"),
    ).limit(1)
)
_TESTED = Question(
    tables.standing(
        rows.test_report,
        rows.test_report.c.sample == bindparam("sample"),
        rows.test_report.c.lot == bindparam("lot"),
    ).limit(1)
)
_TESTED_FOR = Question(
    tables.standing(
        rows.test_report,
        rows.test_report.c.sample == bindparam("sample"),
        rows.test_report.c.lot == bindparam("lot"),
        rows.test_report.c.retest_of.is_(None),
    )
)
_NAMED = tables.statement.c.digest == bindparam("digest")
_MAKERS = Question(tables.standing(tables.lot, tables.lot.c.lot == bindparam("lot")))
_HELD = Question(
    tables.standing(
        tables.stock, tables.stock.c.lot == bindparam("lot"), tables.stock.c.party == bindparam("party")
    ).limit(1)
)
_REPORT, _OBJECTION, _ACCREDITATION = (
    Question(tables.standing(table, _NAMED))
    for table in (rows.test_report, rows.objection, rows.accreditation)
)
_NOTICE = Question(
    select(rows.notice, tables.statement.c.recorded_at)
    .join(tables.statement, tables.statement.c.entry == rows.notice.c.entry)
    .where(rows.notice.c.inspection == bindparam("digest"), tables.statement.c.void_by.is_(None))
    .order_by(rows.notice.c.entry.desc())
    .limit(1)
)
_OBJECTED = Question(
    tables.standing(rows.objection, rows.objection.c.inspection == bindparam("digest")).limit(1)
)
_ORDER = Question(
    tables.standing(rows.retest_order, rows.retest_order.c.objection == bindparam("digest")).limit(1)
)
_ACCREDITATIONS = Question(
    select(rows.accreditation, tables.statement.c.digest, tables.statement.c.by)
    .join(tables.statement, tables.statement.c.entry == rows.accreditation.c.entry)
    .where(rows.accreditation.c.party == bindparam("party"), tables.statement.c.void_by.is_(None))
    .order_by(rows.accreditation.c.entry)
)
_ACCREDITED = Question(
    select(rows.accreditation, tables.statement.c.digest, tables.statement.c.by)
    .join(tables.statement, tables.statement.c.entry == rows.accreditation.c.entry)
    .where(_NAMED, tables.statement.c.void_by.is_(None))
)
_CHANGES = Question(
    tables.standing(
        rows.accreditation_change, rows.accreditation_change.c.accreditation == bindparam("digest")
    )
)
_INSTRUMENT, _CALIBRATIONS = (
    Question(
        tables.standing(
            table, table.c.party == bindparam("party"), table.c.instrument == bindparam("instrument")
        )
    )
    for table in (rows.instrument, rows.calibration)
)
_SAME_FILE = Question(
    tables.standing(rows.test_report, rows.test_report.c.report_mark == bindparam("mark")).limit(MOST_ALIKE)
)
_SAME_VALUES = Question(
    tables.standing(
        rows.test_report,
        rows.test_report.c.by == bindparam("by"),
        rows.test_report.c.values_mark == bindparam("mark"),
    ).limit(MOST_ALIKE)
)


def recollect(asked: Asked, past: Past) -> Past:
    """Return *past* with what the rules of this topic need; unchanged for every other kind."""
    event, connection = asked.event, asked.reader.connection
    found: SamplesPast | None
    match event:
        case testing.Sampled():
            found = _of_sampled(connection, event)
        case quality.Inspected():
            found = _of_inspected(connection, event, asked.by)
        case testing.ResultNotified() | testing.Objected():
            found = _of_result(connection, event, asked.by)
        case testing.RetestOrdered():
            found = _of_order(connection, event)
        case testing.LaboratoryAccredited():
            found = SamplesPast(parties=_parties(connection, event.party))
        case testing.AccreditationChanged():
            known = _ACCREDITED.rows(connection, digest=event.accreditation)
            found = SamplesPast(
                accreditations=tuple(_accreditation(connection, each) for each in known),
                parties=_parties(connection, *(each.party for each in known)),
            )
        case _:
            found = _of_instrument(connection, event, asked.by)
    return past if found is None else replace(past, testing=found)


def _of_sampled(connection: Connection, event: testing.Sampled) -> SamplesPast:
    return SamplesPast(
        samplings=_samplings(connection, event.lot),
        tested_for=frozenset(
            row.purpose for row in _TESTED_FOR.rows(connection, sample=event.sample, lot=event.lot)
        ),
        parties=_parties(connection, event.laboratory, event.ordered_by),
    )


def _of_inspected(connection: Connection, event: quality.Inspected, by: str) -> SamplesPast:
    elsewhere = _OF_SAMPLE.first(connection, sample=event.sample, laboratory=by, lot=event.lot)
    objection = None if event.retest_of is None else _objection(connection, event.retest_of)
    accredited = _ACCREDITATIONS.rows(connection, party=by)
    return SamplesPast(
        samplings=_samplings(connection, event.lot),
        elsewhere=None if elsewhere is None else elsewhere.lot,
        objection=objection,
        report=None if objection is None else _report(connection, objection.inspection),
        accreditations=tuple(_accreditation(connection, each) for each in accredited),
        instruments=_instruments(connection, by, (each.instrument for each in event.results)),
        repeated=tuple(_repeated(connection, event, by)),
    )


def _of_result(
    connection: Connection, event: testing.ResultNotified | testing.Objected, by: str
) -> SamplesPast:
    notice = _NOTICE.first(connection, digest=event.inspection)
    named = event.party if isinstance(event, testing.ResultNotified) else None
    report = _report(connection, event.inspection)
    return SamplesPast(
        report=report,
        sampled_parties=frozenset() if report is None else _sampled_parties(connection, report.lot, by),
        notice=None
        if notice is None
        else PastNotice(notice.party, instant_of(notice.recorded_at), _day(notice.until)),
        has_objection=_OBJECTED.first(connection, digest=event.inspection) is not None,
        parties=_parties(connection, named),
    )


def _of_order(connection: Connection, event: testing.RetestOrdered) -> SamplesPast:
    objection = _objection(connection, event.objection)
    return SamplesPast(
        objection=objection,
        report=None if objection is None else _report(connection, objection.inspection),
        parties=_parties(connection, event.laboratory),
    )


def _of_instrument(connection: Connection, event: Event | None, by: str) -> SamplesPast | None:
    """Return what is known of the instrument that an event of any kind names; None where it names none."""
    named = getattr(event, "instrument", None)
    return None if named is None else SamplesPast(instruments=_instruments(connection, by, (named,)))


def _samplings(connection: Connection, lot: str) -> tuple[PastSampling, ...]:
    return tuple(_sampling(connection, row) for row in _OF_LOT.rows(connection, lot=lot))


def _sampling(connection: Connection, row: Any) -> PastSampling:
    office = row.ordered_by or row.by
    known = _parties(connection, office)
    return PastSampling(
        sample=row.sample,
        lot=row.lot,
        purpose=row.purpose,
        sampled_on=date.fromisoformat(row.sampled_on),
        laboratory=row.laboratory,
        office=office,
        office_division=known[office].division if office in known else "",
        is_tested=_TESTED.first(connection, sample=row.sample, lot=row.lot) is not None,
        office_says=office_says(connection, row),
    )


def _report(connection: Connection, digest: str) -> PastReport | None:
    row = _REPORT.first(connection, digest=digest)
    if row is None:
        return None
    sampled = [each for each in _OF_LOT.rows(connection, lot=row.lot) if each.sample == row.sample]
    return PastReport(
        digest=digest,
        by=row.by,
        lot=row.lot,
        sample=row.sample,
        purpose=sampled[-1].purpose if sampled else row.purpose,
        office=(sampled[-1].ordered_by or sampled[-1].by) if sampled else None,
        retested=first_retest(connection, digest) is not None,
    )


def _sampled_parties(connection: Connection, lot: str, by: str) -> frozenset[str]:
    """Return the makers of *lot*, and *by* if it ever had some: a lot may have been in a thousand shops."""
    makers = {row.maker for row in _MAKERS.rows(connection, lot=lot)}
    return frozenset(makers | ({by} if _HELD.first(connection, lot=lot, party=by) is not None else set()))


def _objection(connection: Connection, digest: str) -> PastObjection | None:
    row = _OBJECTION.first(connection, digest=digest)
    if row is None:
        return None
    order = _ORDER.first(connection, digest=digest)
    return PastObjection(
        digest=digest,
        inspection=row.inspection,
        by=row.by,
        laboratory=None if order is None else order.laboratory,
        due=None if order is None else _day(order.due),
    )


def _accreditation(connection: Connection, row: Any) -> PastAccreditation:
    changes = _CHANGES.rows(connection, digest=row.digest)
    return PastAccreditation(
        digest=row.digest,
        by=row.by,
        party=row.party,
        number=row.number,
        since=date.fromisoformat(row.since),
        until=date.fromisoformat(row.until),
        analytes=tuple(json.loads(row.analytes)),
        changes=tuple(sorted((date.fromisoformat(each.day), each.state) for each in changes)),
    )


def _instruments(connection: Connection, by: str, names: Iterable[str | None]) -> dict[str, PastInstrument]:
    found: dict[str, PastInstrument] = {}
    for name in sorted({each for each in names if each is not None}):
        if _INSTRUMENT.first(connection, party=by, instrument=name) is not None:
            done = max(
                _CALIBRATIONS.rows(connection, party=by, instrument=name),
                key=lambda row: (row.day, row.entry),
                default=None,
            )
            last = (None, False) if done is None else (_day(done.due), done.outcome == "passed")
            found[name] = PastInstrument(name, *last)
    return found


def _repeated(connection: Connection, event: quality.Inspected, by: str) -> Iterable[tuple[str, str]]:
    """Yield what this report shares with another sample: its file, or the values of the same laboratory."""
    values = doubtful_results.values_mark(event.results)
    files = [] if event.report_mark is None else _SAME_FILE.rows(connection, mark=event.report_mark)
    alike = [] if values is None else _SAME_VALUES.rows(connection, by=by, mark=values)
    for why, others in (("report", files), ("values", alike)):
        named = [each.sample for each in others if (each.sample, each.lot) != (event.sample, event.lot)]
        if named:
            yield (why, named[0])


def _parties(connection: Connection, *names: str | None) -> dict[str, KnownParty]:
    found: dict[str, KnownParty] = {}
    for name in names:
        rows_of = [] if name is None else _PARTY.rows(connection, party=name)
        if rows_of:
            found[rows_of[-1].party] = KnownParty(rows_of[-1].party, rows_of[-1].role, rows_of[-1].division)
    return found


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
