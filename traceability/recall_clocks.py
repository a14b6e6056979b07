"""Where each recall stands with the law's clocks, and how much of what it reaches has come back.

    level 1     begins within 24 hours, ends within 10 working days      食品召回管理办法
    level 2                   48                    20
    level 3                   72                    30

A recall is of a whole lot and of all that was made of it, or of single packs of a lot (`codes-recalled`); the
clocks are the same. Both begin with the call. Where the calendar of working days ends, the day is an estimate
and says so.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Table, select

from ledger.canonical import instant_of
from traceability import tables, tracing
from traceability.codes_left import without
from traceability.events.fact import legal_day
from traceability.scope import Scope
from traceability.tables import cases as case_tables
from traceability.working_days import Deadline, deadline

HOURS: Mapping[int, int] = {1: 24, 2: 48, 3: 72}
WORKING_DAYS: Mapping[int, int] = {1: 10, 2: 20, 3: 30}

_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Clock:
    """When something was due and when it was done; a day's clock runs to the end of that day in Shanghai."""

    due: datetime | Deadline
    done: datetime | None

    @property
    def is_estimated(self) -> bool:
        """Whether the last day was counted beyond the years whose holidays are known."""
        return isinstance(self.due, Deadline) and self.due.is_estimated

    def is_late(self, now: datetime) -> bool:
        """Tell whether it was done too late, or is not done though its time is over."""
        moment = self.done or now
        if isinstance(self.due, Deadline):
            return legal_day(moment) > self.due.day
        return moment > self.due


@dataclass(frozen=True, slots=True)
class RecallStanding:
    """A recall, and its two clocks; *codes*, first index and number, where only packs are called back."""

    digest: str
    entry: int
    by: str
    lot: str
    level: int
    cause: str
    called: datetime
    start: Clock
    completion: Clock
    codes: tuple[int, int] | None = None

    @property
    def state(self) -> str:
        """Return called, started or completed."""
        if self.completion.done is not None:
            return "completed"
        return "called" if self.start.done is None else "started"


@dataclass(frozen=True, slots=True)
class LotProgress:
    """One lot that a recall reaches, in the lot's own measure: what there was, and what became of it.

    *held* is what each party has by the ledger; *packs* are its live codes; *acknowledged_by* are the holders
    that have read of it.
    """

    lot: str
    measure: str
    born: Decimal
    packs: int
    held: tuple[tuple[str, Decimal], ...]
    noticed: Decimal = Decimal(0)
    notices: int = 0
    acknowledged_by: tuple[str, ...] = ()
    recovered: Decimal = Decimal(0)
    disposed: Decimal = Decimal(0)
    missing: tuple[tuple[str, Decimal], ...] = ()


@dataclass(slots=True)
class _Sums:
    noticed: Decimal = Decimal(0)
    notices: int = 0
    acknowledged: set[str] = field(default_factory=set)
    recovered: Decimal = Decimal(0)
    disposed: Decimal = Decimal(0)
    missing: list[tuple[str, Decimal]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class HoldStanding:
    """A hold that an office placed, and whether it is lifted."""

    digest: str
    entry: int
    by: str
    lot: str
    cause: str
    placed: datetime
    lifted: bool


def hold(connection: Connection, digest: str) -> HoldStanding | None:
    """Return the hold that the statement with this *digest* placed, if it stands."""
    row = connection.execute(_holds(case_tables.placed_hold.c.digest == digest)).first()
    return None if row is None else _hold(connection, row)


def holds(connection: Connection, scope: Scope, *, limit: int = 500) -> list[HoldStanding]:
    """Return the holds on lots of *scope*, the newest first."""
    rows = connection.execute(_holds(scope.of_lot(case_tables.placed_hold.c.lot)).limit(limit)).all()
    return [_hold(connection, row) for row in rows]


def holders_of(connection: Connection, lot: str) -> list[str]:
    """Return the parties that have something of *lot* or of what was made of it, by the ledger, sorted."""
    reached = tracing.reach(connection, lot)
    return sorted({party for each in reached for party, left in each.held if left > 0})


def handlers_of(connection: Connection, lots: list[str]) -> set[str]:
    """Return the parties that ever made or had something of any of *lots*."""
    return {row.party for row in _of_lots(connection, tables.stock, lots)}


def _holds(which: ColumnElement[bool]) -> "Select[Any]":
    table, said = case_tables.placed_hold, tables.statement
    return (
        select(table)
        .join(said, said.c.entry == table.c.entry)
        .where(said.c.void_by.is_(None), which)
        .order_by(table.c.entry.desc())
    )


def _hold(connection: Connection, row: Any) -> HoldStanding:
    ended = tables.standing(tables.resolution, tables.resolution.c.target == row.digest)
    lifted = connection.execute(ended.limit(1)).first() is not None
    return HoldStanding(row.digest, row.entry, row.by, row.lot, row.cause, instant_of(row.at), lifted)


def recalls(connection: Connection, scope: Scope, *, limit: int = 500) -> list[RecallStanding]:
    """Return the recalls by parties of *scope* or of lots made or held there, the newest first."""
    said = tables.statement
    rows = _recalls(
        connection, lambda table: scope.of_party(said.c.by) | scope.of_lot(table.c.lot), limit=limit
    )
    return [_standing(connection, row) for row in rows]


def recall(connection: Connection, digest: str) -> RecallStanding | None:
    """Return the recall that the statement with this *digest* called, if it stands."""
    found = _recalls(connection, lambda _table: tables.statement.c.digest == digest, limit=1)
    return _standing(connection, found[0]) if found else None


def recalls_of_lots(connection: Connection, lots: set[str]) -> list[RecallStanding]:
    """Return the recalls of any of *lots*, the newest first."""
    found: dict[int, RecallStanding] = {}
    for some in _chunks(sorted(lots)):
        for row in _recalls(connection, _of_any(some)):
            found[row.entry] = _standing(connection, row)
    return [found[entry] for entry in sorted(found, reverse=True)]


def _of_any(lots: list[str]) -> Callable[[Table], ColumnElement[bool]]:
    return lambda table: table.c.lot.in_(lots)


def clocks(level: int, called: datetime) -> tuple[datetime, Deadline]:
    """Return until when a recall that was *called* then has to begin, and on which day it has to end."""
    start = called + timedelta(hours=HOURS[level])
    return start, deadline(legal_day(called), WORKING_DAYS[level])


def active(connection: Connection, *, limit: int = 200) -> list[RecallStanding | HoldStanding]:
    """Return the recalls that are not completed and the holds that are not lifted, the newest first."""
    steps, said = case_tables.recall_step, tables.statement.alias("step_said")
    ended = (
        select(steps.c.entry)
        .join(said, said.c.entry == steps.c.entry)
        .where(steps.c.recall == tables.statement.c.digest, steps.c.step == "completed")
        .where(said.c.void_by.is_(None))
    )
    called = _recalls(connection, lambda _table: ~ended.exists(), limit=limit)
    resolution = tables.resolution
    lifted = select(resolution.c.entry).where(resolution.c.target == case_tables.placed_hold.c.digest)
    placed = connection.execute(_holds(~lifted.exists()).limit(limit)).all()
    return [*(_standing(connection, row) for row in called), *(_hold(connection, row) for row in placed)]


def _recalls(
    connection: Connection, which: Callable[[Table], ColumnElement[bool]], *, limit: int | None = None
) -> list[Any]:
    """Return the rows of the recalls, of lots and of packs, of which *which* is true, the newest first."""
    said = tables.statement
    found: list[Any] = []
    for table in (tables.recall, tables.release.code_recall):
        query = (
            select(table, said.c.digest, said.c.by, said.c.at)
            .join(said, said.c.entry == table.c.entry)
            .where(said.c.void_by.is_(None), which(table))
            .order_by(table.c.entry.desc())
            .limit(limit)
        )
        found += connection.execute(query).all()
    return sorted(found, key=lambda row: -int(row.entry))[:limit]


def _standing(connection: Connection, row: Any) -> RecallStanding:
    table = case_tables.recall_step
    steps = connection.execute(
        tables.standing(table, table.c.recall == row.digest, table.c.step.in_(["started", "completed"]))
    ).all()
    done = {each.step: instant_of(each.at) for each in steps}
    called = instant_of(row.at)
    begin, end = clocks(row.level, called)
    return RecallStanding(
        digest=row.digest,
        entry=row.entry,
        by=row.by,
        lot=row.lot,
        level=row.level,
        cause=row.cause,
        called=called,
        start=Clock(begin, done.get("started")),
        completion=Clock(end, done.get("completed")),
        codes=(row.first, row.packs) if "packs" in row._mapping else None,
    )


def progress(connection: Connection, found: RecallStanding | HoldStanding) -> list[LotProgress]:
    """Return every lot that a recall or a hold reaches, the named one first, with what became of it."""
    reached = tracing.reach(connection, found.lot)
    lots = [each.lot for each in reached]
    sums = _sums(connection, found.digest)
    measures, packs = _measures(connection, lots), _packs(connection, lots)
    born = {each.lot: each.born for each in reached}
    if isinstance(found, RecallStanding) and found.codes is not None:
        # Who has which pack nobody tells: whoever has some of the lot may have one of these.
        packs = defaultdict(int, {found.lot: found.codes[1]})
        born[found.lot] = _in_packs(connection, found.lot, *found.codes)
    return [
        LotProgress(
            lot=each.lot,
            measure=measures.get(each.lot, "mass"),
            born=born[each.lot],
            packs=packs[each.lot],
            held=tuple((party, left) for party, left in each.held if left > 0),
            noticed=sums[each.lot].noticed,
            notices=sums[each.lot].notices,
            acknowledged_by=tuple(sorted(sums[each.lot].acknowledged)),
            recovered=sums[each.lot].recovered,
            disposed=sums[each.lot].disposed,
            missing=tuple(sums[each.lot].missing),
        )
        for each in reached
    ]


def _sums(connection: Connection, digest: str) -> defaultdict[str, _Sums]:
    found: defaultdict[str, _Sums] = defaultdict(_Sums)
    steps, notices, read = case_tables.recall_step, case_tables.notice, case_tables.acknowledgement
    for row in connection.execute(tables.standing(notices, notices.c.about == digest)):
        found[row.lot].notices += 1
        found[row.lot].noticed += Decimal(row.amount or 0)
    for row in connection.execute(tables.standing(read, read.c.about == digest)):
        found[row.lot].acknowledged.add(row.by)
    for row in connection.execute(tables.standing(steps, steps.c.recall == digest)):
        _add(found, row)
    return found


def _add(found: defaultdict[str, _Sums], row: Any) -> None:
    if row.lot is None:
        return
    amount, sums = Decimal(row.amount or 0), found[row.lot]
    if row.step == "recovered":
        sums.recovered += amount
    elif row.step == "disposed":
        sums.disposed += amount
    elif row.step == "missing":
        sums.missing.append((row.why, amount))


def _measures(connection: Connection, lots: Iterable[str]) -> dict[str, str]:
    return {row.lot: row.measure for row in _of_lots(connection, tables.lot, lots)}


def _packs(connection: Connection, lots: list[str]) -> defaultdict[str, int]:
    """Return how many codes of each lot are issued and not void."""
    found: defaultdict[str, int] = defaultdict(int)
    for row in _of_lots(connection, tables.code_issue, lots):
        found[row.lot] += row.packs
    for row in _of_lots(connection, tables.code_void, lots):
        found[row.lot] -= row.packs
    return found


def _in_packs(connection: Connection, lot: str, first: int, count: int) -> Decimal:
    """Return how much of *lot* is in the packs of a range of codes, as they were issued."""
    amount = Decimal(0)
    for row in _of_lots(connection, tables.code_issue, [lot]):
        beside = sum(left for _, left in without(row.first, row.packs, [(first, first + count)]))
        amount += (row.packs - beside) * Decimal(row.pack)
    return amount


def _of_lots(connection: Connection, table: Any, lots: Iterable[str]) -> Iterator[Any]:
    """Yield the standing rows of *table* about *lots*, so many lots at a time as a query takes."""
    for some in _chunks(list(lots)):
        yield from connection.execute(tables.standing(table, table.c.lot.in_(some)))


def _chunks(names: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(names), _CHUNK):
        yield names[start : start + _CHUNK]


def days_left(found: Clock, on: date) -> int | None:
    """Return how many calendar days are left of a clock that counts days; None for one that counts hours."""
    return (found.due.day - on).days if isinstance(found.due, Deadline) else None
