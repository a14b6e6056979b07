"""How often each pack code was scanned: counted beside the log, written once a second, and naming nobody.

    seen      a page of one pack was shown: counted in memory, the same visitor once a day
    flush     what was counted since the last time goes to the table, in one transaction
    history   what the table says of one code, and what still waits here

Whether a visitor comes again on the same day is told by an HMAC of address and browser under a key that is
drawn each day, stays in memory, and is forgotten with the day; neither address nor HMAC is written anywhere.
Several processes know nothing of each other's visitors, so that one may count once in each. The table is
*kept*: each row has a seal, and each day a root in the log (`traceability.scan_digest`).
"""

import hmac
import secrets
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    LargeBinary,
    MetaData,
    Table,
    Text,
    and_,
    distinct,
    func,
    or_,
    select,
)
from sqlalchemy.exc import SQLAlchemyError

from ledger import store
from ledger.canonical import instant_of, instant_text
from ledger.errors import LedgerError
from traceability import kept, tables
from traceability.clones import ScansOfDay
from traceability.events.fact import legal_day
from traceability.scan_digest import DayOfScans, Scanned
from traceability.tables import Position
from traceability.tables.release import scan_digest

metadata = MetaData()

scan_count = Table(
    "scan_count",
    metadata,
    Column("lot", Text, primary_key=True),
    Column("pack", Position, primary_key=True, autoincrement=False),
    Column("day", Text, primary_key=True, index=True),
    Column("place", Text, primary_key=True),
    Column("division", Text, nullable=False),
    Column("scans", Position, nullable=False),
    Column("first_at", Text, nullable=False),
    Column("last_at", Text, nullable=False),
    Column("mac", LargeBinary, nullable=False),
)

MOST_VISITORS = 200_000
"""How many visitors of a day one process remembers; after so many it begins anew."""
MOST_WAITING = 50_000
"""How many codes may wait to be written; what comes beyond while the database is gone is not counted."""
MOST_OF_AN_ADDRESS = 8
"""How many visitors of one address count for a code on one day: nobody makes a code suspect alone."""
AT_ONCE = 200
"""How many rows one transaction writes, so that no entry waits long behind scans."""
SECOND = 1.0


@dataclass(frozen=True, slots=True)
class Where:
    """Who scanned, as far as it is known: a trader who has signed in, or a shopper ("")."""

    place: str = ""
    division: str = ""


SHOPPER = Where()
Key = tuple[str, int, str, Where]


@dataclass(slots=True)
class _Waiting:
    scans: int
    first: datetime
    last: datetime


class ScanCounter:
    """The scans of one process that wait to be written; may be asked by many threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._writing = threading.Lock()
        self._waiting: dict[Key, _Waiting] = {}
        self._day: date | None = None
        self._key = b""
        self._visitors: set[bytes] = set()
        self._addresses: dict[bytes, int] = {}
        self._timer: threading.Timer | None = None

    def seen(
        self,
        lot: str,
        pack: int,
        at: datetime,
        *,
        visitor: bytes,
        address: bytes | None = None,
        where: Where = SHOPPER,
    ) -> bool:
        """Count that the page of a code was shown to *visitor*; return False where that is no new scan."""
        code = f"{lot}\0{pack}\0".encode()
        with self._lock:
            self._begin(legal_day(at))
            if not self._is_new(code + visitor) or not self._may_count(code, address):
                return False
            key = (lot, pack, legal_day(at).isoformat(), where)
            waiting = self._waiting.get(key)
            if waiting is not None:
                waiting.scans += 1
                waiting.last = at
            elif len(self._waiting) < MOST_WAITING:
                self._waiting[key] = _Waiting(1, at, at)
            return True

    def _begin(self, day: date) -> None:
        """Forget the visitors of another day, and begin anew where there are too many to remember."""
        if day != self._day or len(self._visitors) >= MOST_VISITORS:
            self._day, self._key = day, secrets.token_bytes(32)
            self._visitors, self._addresses = set(), {}

    def _is_new(self, visit: bytes) -> bool:
        token = self._token(visit)
        is_new = token not in self._visitors
        self._visitors.add(token)
        return is_new

    def _may_count(self, code: bytes, address: bytes | None) -> bool:
        if address is None:
            return True
        token = self._token(code + b"\0" + address)
        self._addresses[token] = self._addresses.get(token, 0) + 1
        return self._addresses[token] <= MOST_OF_AN_ADDRESS

    def _token(self, of: bytes) -> bytes:
        return hmac.digest(self._key, of, "sha256")[:16]

    def flush_soon(self, engine: Engine, kept_key: bytes) -> None:
        """Write what waits within a second, whoever else asks for it meanwhile."""
        with self._lock:
            if self._timer is not None:
                return
            timer = threading.Timer(SECOND, self._flush_now, (engine, kept_key))
            timer.daemon = True
            timer.start()
            self._timer = timer

    def _flush_now(self, engine: Engine, kept_key: bytes) -> None:
        # What is counted from here on may come too late for this turn, and asks for the next.
        with self._lock:
            self._timer = None
        self.flush(engine, kept_key)

    def flush(self, engine: Engine, kept_key: bytes) -> int:
        """Write what waits and return how many rows that were; what cannot be written now waits on.

        When it returns, what another thread was writing meanwhile is written too.
        """
        with self._writing:
            return self._flush(engine, kept_key)

    def _flush(self, engine: Engine, kept_key: bytes) -> int:
        with self._lock:
            taken, self._waiting = self._waiting, {}
        # Sorted: two processes that write the same rows never wait for each other in a circle.
        keys, written = sorted(taken, key=lambda key: key[:3]), 0
        try:
            while written < len(keys):
                part = keys[written : written + AT_ONCE]
                with store.writing(engine) as connection:
                    _add(connection, kept_key, {key: taken[key] for key in part})
                written += len(part)
        except (SQLAlchemyError, LedgerError):
            self._put_back({key: taken[key] for key in keys[written:]})
        return written

    def _put_back(self, taken: dict[Key, _Waiting]) -> None:
        with self._lock:
            for key, each in taken.items():
                now = self._waiting.setdefault(key, _Waiting(0, each.first, each.last))
                now.scans += each.scans
                now.first, now.last = min(now.first, each.first), max(now.last, each.last)

    def waiting(self, lot: str, pack: int) -> list[ScansOfDay]:
        """Return what was counted of a code and is not written yet."""
        with self._lock:
            return [
                ScansOfDay(day, where.place, where.division, each.scans, each.first, each.last)
                for (name, index, day, where), each in self._waiting.items()
                if (name, index) == (lot, pack)
            ]


def _add(connection: Connection, kept_key: bytes, taken: dict[Key, _Waiting]) -> None:
    told = _told_days(connection, {key[2] for key in taken})
    for (lot, pack, day, where), each in taken.items():
        if day in told:
            # The root of that day is in the log; what comes so late counts nowhere.
            continue
        found = {"lot": lot, "pack": pack, "day": day, "place": where.place}
        same = [scan_count.c[name] == value for name, value in found.items()]
        row = connection.execute(select(scan_count).where(*same).with_for_update()).first()
        first, last, scans = each.first, each.last, each.scans
        if row is not None:
            first, last = min(first, instant_of(row.first_at)), max(last, instant_of(row.last_at))
            scans += row.scans
        values = {
            **found,
            "division": where.division,
            "scans": scans,
            "first_at": instant_text(first),
            "last_at": instant_text(last),
        }
        sealed = kept.sealed_row(kept_key, scan_count.name, values)
        if row is None:
            connection.execute(scan_count.insert().values(**sealed))
        else:
            connection.execute(scan_count.update().where(*same).values(**sealed))


def _told_days(connection: Connection, days: set[str]) -> set[str]:
    told = connection.execute(tables.standing(scan_digest, scan_digest.c.day.in_(days)))
    return {row.day for row in told}


def history(connection: Connection, counter: ScanCounter | None, lot: str, pack: int) -> list[ScansOfDay]:
    """Return the scans of one code by day and place, those that wait to be written among them."""
    rows = connection.execute(select(scan_count).where(scan_count.c.lot == lot, scan_count.c.pack == pack))
    found = [_of_day(row) for row in rows]
    return found if counter is None else [*found, *counter.waiting(lot, pack)]


def histories(
    connection: Connection, codes: Sequence[tuple[str, int]]
) -> dict[tuple[str, int], list[ScansOfDay]]:
    """Return the written scans of many codes, so many codes at a time as a query takes."""
    found: dict[tuple[str, int], list[ScansOfDay]] = {code: [] for code in codes}
    for start in range(0, len(codes), AT_ONCE):
        which = (
            and_(scan_count.c.lot == lot, scan_count.c.pack == pack)
            for lot, pack in codes[start : start + AT_ONCE]
        )
        for row in connection.execute(select(scan_count).where(or_(*which))):
            found[row.lot, row.pack].append(_of_day(row))
    return found


def _of_day(row: Any) -> ScansOfDay:
    return ScansOfDay(
        row.day, row.place, row.division, row.scans, instant_of(row.first_at), instant_of(row.last_at)
    )


def of_day(connection: Connection, day: date) -> DayOfScans:
    """Return the lines of one day."""
    rows = connection.execute(select(scan_count).where(scan_count.c.day == day.isoformat()))
    return DayOfScans.of(
        Scanned(row.lot, row.pack, row.place, row.scans, row.first_at, row.last_at) for row in rows
    )


def days(connection: Connection) -> list[date]:
    """Return each day on which something was scanned, the first one first."""
    rows = connection.execute(select(scan_count.c.day).distinct().order_by(scan_count.c.day))
    return [date.fromisoformat(row.day) for row in rows]


def busiest(connection: Connection, since: date, *, limit: int) -> list[tuple[str, int]]:
    """Return lot and index of the codes that most traders had, or that were scanned most, since a day."""
    rows = connection.execute(
        select(scan_count.c.lot, scan_count.c.pack)
        .where(scan_count.c.day >= since.isoformat())
        .group_by(scan_count.c.lot, scan_count.c.pack)
        .order_by(func.count(distinct(scan_count.c.place)).desc())
        .order_by(func.sum(scan_count.c.scans).desc(), scan_count.c.lot, scan_count.c.pack)
        .limit(limit)
    )
    return [(row.lot, row.pack) for row in rows]
