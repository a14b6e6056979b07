"""What a party stated itself: remarks of the rules, withdrawals, timely months, confirmed deliveries."""

from collections.abc import Iterator
from datetime import date, timedelta

from sqlalchemy import ColumnElement, Connection, func, select

from traceability import tables
from traceability.credit.record import CreditRecord, State, Whose, digests_of, recorded_on, since_when

_MONTHS = 12


def _own(whose: Whose, on: date) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions that a statement is the party's own, stands, and is not too old to count."""
    said = tables.statement
    return (
        whose(said.c.by),
        said.c.source == "own",
        said.c.void_by.is_(None),
        said.c.recorded_at >= since_when(on).isoformat(),
    )


def flags(connection: Connection, whose: Whose, on: date) -> Iterator[CreditRecord]:
    """Yield the flags that put a lot on hold, and those of what was told late."""
    flag, said = tables.flag, tables.statement
    resolved = said.c.digest.in_(
        tables.standing(tables.resolution).with_only_columns(tables.resolution.c.target)
    )
    query = (
        select(
            said.c.entry,
            said.c.by,
            said.c.digest,
            said.c.recorded_at,
            flag.c.rule,
            flag.c.level,
            func.min(flag.c.lot).label("lot"),
            resolved.label("resolved"),
        )
        .join(said, said.c.entry == flag.c.entry)
        .where(*_own(whose, on), (flag.c.level == "hold") | (flag.c.rule == "late-entry"))
        .group_by(said.c.entry, said.c.by, said.c.digest, said.c.recorded_at, flag.c.rule, flag.c.level)
    )
    for row in connection.execute(query):
        record = "hold" if row.level == "hold" else "late-entry"
        state: State = "resolved" if row.resolved and record == "hold" else "counts"
        yield CreditRecord(
            row.by, record, "bad", row.entry, row.digest, recorded_on(row.recorded_at), row.lot, state
        )


def withdrawn(connection: Connection, whose: Whose, on: date) -> Iterator[CreditRecord]:
    """Yield each statement that its author withdrew."""
    said = tables.statement
    query = select(said).where(*_own(whose, on), said.c.kind == "corrected", said.c.effective_kind.is_(None))
    for row in connection.execute(query):
        yield CreditRecord(row.by, "correction", "bad", row.entry, row.digest, recorded_on(row.recorded_at))


def timely_months(connection: Connection, whose: Whose, on: date) -> Iterator[CreditRecord]:
    """Yield each of the last twelve whole months in which a party told something, and nothing late."""
    said, flag = tables.statement, tables.flag
    late = select(flag.c.entry).where(flag.c.entry == said.c.entry, flag.c.rule == "late-entry").exists()
    # Shanghai is a whole number of hours ahead: an hour lies in one legal day.
    hour = func.substr(said.c.recorded_at, 1, 13)
    query = (
        select(
            said.c.by,
            hour.label("hour"),
            func.max(said.c.entry).label("entry"),
            func.count().filter(late).label("late"),
        )
        .where(*_own(whose, on), said.c.recorded_at >= (on - timedelta(days=366 + 31)).isoformat())
        .group_by(said.c.by, hour)
    )
    months: dict[tuple[str, str], tuple[int, int, date]] = {}
    for row in connection.execute(query):
        day = recorded_on(f"{row.hour}:00:00.000000Z")
        entry, late_told, last = months.get((row.by, day.isoformat()[:7]), (0, 0, day))
        months[(row.by, day.isoformat()[:7])] = (max(entry, row.entry), late_told + row.late, max(last, day))
    timely = {key: told for key, told in months.items() if not told[1] and _is_over(key[1], on)}
    digests = digests_of(connection, (entry for entry, _, _ in timely.values()))
    for (party, _), (entry, _, last) in timely.items():
        yield CreditRecord(party, "timely-month", "good", entry, digests[entry], last)


def _is_over(month: str, on: date) -> bool:
    """Tell whether *month* is one of the twelve before that of *on*."""
    age = (on.year - int(month[:4])) * _MONTHS + on.month - int(month[5:])
    return 1 <= age <= _MONTHS


def confirmed(connection: Connection, whose: Whose, on: date) -> Iterator[CreditRecord]:
    """Yield each delivery that another party has received."""
    sent, got, said = tables.shipment, tables.receipt, tables.statement
    sending = said.alias("sending")
    query = (
        select(sent.c.by, said.c.entry, said.c.digest, said.c.recorded_at)
        .join(sending, sending.c.entry == sent.c.entry)
        .join(got, got.c.shipment == sent.c.digest)
        .join(said, said.c.entry == got.c.entry)
        .where(
            whose(sent.c.by),
            got.c.by != sent.c.by,
            sending.c.void_by.is_(None),
            said.c.void_by.is_(None),
            said.c.recorded_at >= since_when(on).isoformat(),
        )
    )
    for row in connection.execute(query):
        yield CreditRecord(
            row.by, "receipt-confirmed", "good", row.entry, row.digest, recorded_on(row.recorded_at)
        )
