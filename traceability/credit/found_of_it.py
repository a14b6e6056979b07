"""What others found of a party: final results, recalls, cases, shoppers' reports, certificates, listings."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, Select, and_, select

from traceability import tables
from traceability.credit.dishonesty import dishonesty_of
from traceability.credit.record import (
    CreditRecord,
    Side,
    State,
    Whose,
    digests_of,
    makers_of,
    recorded_on,
    since_when,
)
from traceability.final_results import final_results
from traceability.tables import cases, certifying


def results(connection: Connection, whose: Whose, on: date) -> Iterator[CreditRecord]:
    """Yield the final results of official samplings of its lots; a test of one's own is no record."""
    found = [each for each in final_results(connection, None, since_when(on), on) if each.is_official]
    makers = makers_of(connection, whose, {each.lot for each in found})
    own = [each for each in found if each.lot in makers]
    digests = digests_of(connection, (each.entry for each in own))
    for each in own:
        record = "test-passed" if each.passed else "failed-result"
        side: Side = "good" if each.passed else "bad"
        yield CreditRecord(
            makers[each.lot], record, side, each.entry, digests[each.entry], each.sampled_on, each.lot
        )


def recalls(connection: Connection, whose: Whose, on: date) -> Iterator[CreditRecord]:
    """Yield the recalls of its lots."""
    table, said = tables.recall, tables.statement
    query = select(table, said.c.digest, said.c.recorded_at).join(said, said.c.entry == table.c.entry)
    rows = connection.execute(_recent(query, on)).all()
    makers = makers_of(connection, whose, {row.lot for row in rows})
    for row in rows:
        if row.lot in makers:
            yield CreditRecord(
                makers[row.lot],
                f"recall-{row.level}",
                "bad",
                row.entry,
                row.digest,
                recorded_on(row.recorded_at),
                row.lot,
            )


def _recent(query: "Select[tuple[Any, ...]]", on: date) -> "Select[tuple[Any, ...]]":
    said = tables.statement
    return query.where(said.c.void_by.is_(None), said.c.recorded_at >= since_when(on).isoformat())


def case_files(connection: Connection, whose: Whose, on: date) -> Iterator[CreditRecord]:
    """Yield the cases against it, and the corrections that came late."""
    table, said = cases.case, tables.statement
    query = select(table, said.c.recorded_at).join(said, said.c.entry == table.c.entry)
    for row in connection.execute(_recent(query, on).where(whose(table.c.respondent))).all():
        steps = _steps(connection, row.digest, on)
        if any(step.outcome == "no-breach" for step in steps):
            continue
        day = recorded_on(row.recorded_at)
        yield CreditRecord(row.respondent, "case", "bad", row.entry, row.digest, day, row.lot)
        if (late := _overdue(steps, on)) is not None:
            yield CreditRecord(row.respondent, "case-overdue", "bad", late[0], late[1], late[2], row.lot)


def _steps(connection: Connection, case: str, on: date) -> list[Any]:
    table, said = cases.case_step, tables.statement
    query = select(table, said.c.digest).join(said, said.c.entry == table.c.entry)
    found = query.where(table.c.case == case, said.c.void_by.is_(None), table.c.day <= on.isoformat())
    return list(connection.execute(found.order_by(table.c.entry)))


def _overdue(steps: list[Any], on: date) -> tuple[int, str, date] | None:
    """Return entry, digest and first late day of the last order that was not answered in time."""
    orders = [step for step in steps if step.step == "ordered" and step.until is not None]
    if not orders:
        return None
    last = orders[-1]
    answers = [step.day for step in steps if step.entry > last.entry and step.step in {"reported", "closed"}]
    answered = min(answers, default=on.isoformat())
    if answered <= last.until:
        return None
    return last.entry, last.digest, date.fromisoformat(last.until) + timedelta(days=1)


def complaints(connection: Connection, whose: Whose, on: date) -> Iterator[CreditRecord]:
    """Yield the shoppers' reports of its lots that proved true."""
    report, step, said = cases.report, cases.report_step, tables.statement
    told = said.alias("told")
    query = (
        select(report.c.lot, step.c.entry, said.c.digest, said.c.recorded_at)
        .join(step, and_(step.c.report == report.c.digest, step.c.step == "confirmed"))
        .join(told, told.c.entry == report.c.entry)
        .join(said, said.c.entry == step.c.entry)
        .where(told.c.void_by.is_(None))
    )
    rows = connection.execute(_recent(query, on)).all()
    makers = makers_of(connection, whose, {row.lot for row in rows})
    for row in rows:
        if row.lot in makers:
            day = recorded_on(row.recorded_at)
            yield CreditRecord(
                makers[row.lot], "complaint-upheld", "bad", row.entry, row.digest, day, row.lot
            )


def certificates(connection: Connection, whose: Whose, on: date) -> Iterator[CreditRecord]:
    """Yield the certificates that are in force."""
    table, change, said = certifying.scheme_certificate, certifying.scheme_change, tables.statement
    query = select(table, said.c.digest).join(said, said.c.entry == table.c.entry)
    in_force = (table.c.since <= on.isoformat(), table.c.until >= on.isoformat())
    for row in connection.execute(query.where(said.c.void_by.is_(None), whose(table.c.holder), *in_force)):
        later = tables.standing(change, change.c.certificate == row.digest, change.c.day <= on.isoformat())
        states = [each.state for each in connection.execute(later)]
        if not states or states[-1] == "resumed":
            yield CreditRecord(
                row.holder,
                "certification",
                "good",
                row.entry,
                row.digest,
                date.fromisoformat(row.since),
            )


def dishonesty(connection: Connection, whose: Whose, on: date) -> Iterator[CreditRecord]:
    """Yield its listings; one that was repaired weighs nothing, one that should not have been is none."""
    for each in dishonesty_of(connection, whose, on):
        state: State = "repaired" if each.state == "repaired" else "counts"
        if each.state != "lifted":
            yield CreditRecord(
                each.party, "dishonesty", "bad", each.entry, each.digest, each.since, state=state
            )
