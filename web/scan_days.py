"""Each day's scans under one root in the log, and the file that the root commits to.

    instance/scans/2026-10-09.jsonl     the lines of that day (traceability.scan_digest)

1. The lines are read from the table, once the day is over.
2. They are written as a file, whole and durable. A crash here leaves a file that the next run writes again.
3. The entry `scans-counted` tells their root. From now on neither table nor file can be changed unseen.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import Connection

from ledger.errors import Malformed
from ledger.finding import Finding
from traceability import tables
from traceability.events.fact import legal_day
from traceability.events.release import ScansCounted
from traceability.journal import Recorded
from traceability.scan_digest import DayOfScans
from traceability.tables.release import scan_digest
from web import scan_counts
from web.database import OPERATOR, Services
from web.settings import Settings

GRACE = timedelta(minutes=5)
"""How long after midnight a day is told: by then every process has written what it counted."""


@dataclass(frozen=True, slots=True)
class Counted:
    """A day whose scans the log tells: the entry, the day, and the root that it names."""

    entry: int
    day: date
    root: str


def file_of(settings: Settings, day: date) -> Path:
    """Return where the lines of *day* are kept."""
    return settings.instance / "scans" / f"{day.isoformat()}.jsonl"


def counted(connection: Connection) -> list[Counted]:
    """Return each day whose scans the log tells, in the order of the log."""
    rows = connection.execute(tables.standing(scan_digest))
    return [Counted(row.entry, date.fromisoformat(row.day), row.root) for row in rows]


def waiting(shared: Services) -> list[date]:
    """Return each day that is over, had scans, and is not counted yet."""
    today = legal_day(shared.clock() - GRACE)
    with shared.reading() as reader:
        done = {each.day for each in counted(reader.connection)}
        return [day for day in scan_counts.days(reader.connection) if day < today and day not in done]


def count(shared: Services, day: date) -> Recorded:
    """Write the lines of *day* and record their root; raises `Refused` while it lasts, or once it is told."""
    with shared.reading() as reader:
        found = scan_counts.of_day(reader.connection, day)
    event = ScansCounted(
        at=shared.clock(),
        day=day,
        lots_scanned=found.lots,
        codes_scanned=found.codes,
        scans=found.scans,
        root=found.root(),
    )
    _write(file_of(shared.settings, day), found.text())
    return shared.journal.record(OPERATOR, event)[0]


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    half = path.with_suffix(f".{os.getpid()}.new")
    half.unlink(missing_ok=True)
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    half.replace(path)


def differing(settings: Settings, connection: Connection) -> Iterator[Finding]:
    """Yield a finding for each counted day whose table or file is not what the log's root commits to."""
    for each in counted(connection):
        if _root_of_table(connection, each.day) != each.root:
            yield Finding("scans-altered", "scan_count", each.entry, {"day": each.day.isoformat()})
        path = file_of(settings, each.day)
        # A file that is missing can be written again from the table; a file that lies cannot be kept.
        if path.exists() and _root_of_file(path) != each.root:
            yield Finding("scans-altered", path.name, each.entry, {"day": each.day.isoformat()})


def write_missing(shared: Services) -> list[date]:
    """Write each missing file again, where the table still has the root in the log; return the days."""
    written = []
    with shared.reading() as reader:
        for each in counted(reader.connection):
            path = file_of(shared.settings, each.day)
            if not path.exists() and _root_of_table(reader.connection, each.day) == each.root:
                _write(path, scan_counts.of_day(reader.connection, each.day).text())
                written.append(each.day)
    return written


def _root_of_table(connection: Connection, day: date) -> str | None:
    try:
        return scan_counts.of_day(connection, day).root()
    except ValueError:
        return None


def _root_of_file(path: Path) -> str | None:
    """Return the root of a kept file; None where it is no day of scans."""
    try:
        return DayOfScans.parse(path.read_bytes()).root()
    except (OSError, Malformed):
        return None
