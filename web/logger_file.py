"""The file of a temperature logger, read as a series: sniffed, bounded, and told exactly where it is wrong.

    时间,温度(℃)                    a row each step; one column of times, or one of days and one of hours
    2026-08-20 08:00,-18.5
    2026-08-20 08:10,-18.2         every time within half a step of where it belongs

Times without an offset are those of Shanghai. Rows before the first that begins with a time are headings.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation

from traceability.errors import Invalid, Problem
from traceability.events.fact import SHANGHAI
from traceability.events.moving import COLDEST, WARMEST
from web import spreadsheet

MOST_BYTES = 4 * 1024 * 1024
MOST_HEADINGS = 60
"""Loggers write about themselves before they write readings, but not for ever."""

_TIME = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})[ T]([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?")
_HOUR = re.compile(r"[0-9]{1,2}:[0-9]{2}(:[0-9]{2})?")
_DEGREES = re.compile(r"([+-]?[0-9]{1,3}(?:\.[0-9]{1,3})?) ?(?:°?C|℃)?")


@dataclass(frozen=True, slots=True)
class Series:
    """Readings with one step between them; the first was read at *start*."""

    start: datetime
    step_seconds: int
    readings: tuple[Decimal, ...]


def read(written: bytes) -> Series:
    """Return the series of a logger's file; raises `Invalid` at "file", naming the row that is wrong."""
    if len(written) > MOST_BYTES:
        raise Invalid(Problem("file", "file-too-large", (("most", str(MOST_BYTES // 1024 // 1024)),)))
    try:
        rows = [
            (number, [str(cell).strip() for cell in cells]) for number, cells in spreadsheet.rows(written)
        ]
    except Invalid as error:
        raise Invalid(*(Problem("file", each.code, each.facts) for each in error.problems)) from error
    found = list(_read(rows))
    if len(found) < 2:
        raise Invalid(Problem("file", "logger-empty"))
    return _regular(found)


def _read(rows: Sequence[tuple[int, list[str]]]) -> Iterator[tuple[int, datetime, Decimal]]:
    """Yield number, time and reading of each row; what comes before the first time is a heading."""
    column: int | None = None
    for place, (number, cells) in enumerate(rows):
        if column is None:
            column = next((at for at, _ in enumerate(cells) if _time(cells, at) is not None), None)
            if column is None:
                if place >= MOST_HEADINGS:
                    raise _wrong("logger-columns", number, cells)
                continue
        if not any(cells):
            continue
        at = _time(cells, column)
        if at is None:
            raise _wrong("logger-time", number, cells[column : column + 1])
        reading = _reading(cells[column + 1 :])
        if reading is None:
            raise _wrong("logger-temperature", number, cells[column + 1 :])
        yield number, at, reading


def _time(cells: Sequence[str], at: int) -> datetime | None:
    """Return the time that begins in a cell, or is a day there and an hour in the next."""
    told = cells[at] if at < len(cells) else ""
    if at + 1 < len(cells) and _HOUR.fullmatch(cells[at + 1]):
        told = f"{told} {cells[at + 1]}"
    found = _TIME.fullmatch(told)
    try:
        if found is not None:
            year, month, day, hour, minute, second = (int(each or 0) for each in found.groups())
            return datetime(year, month, day, hour, minute, second, tzinfo=SHANGHAI).astimezone(UTC)
        aware = datetime.fromisoformat(told)
    except (ValueError, OverflowError):
        return None
    return aware.astimezone(UTC) if aware.tzinfo is not None else None


def _reading(cells: Sequence[str]) -> Decimal | None:
    """Return the first temperature among *cells*, the hour of a time left out."""
    for cell in cells:
        found = _DEGREES.fullmatch(cell)
        if found is None:
            if cell and not _HOUR.fullmatch(cell):
                return None
            continue
        try:
            degrees = Decimal(found[1])
        except InvalidOperation:
            return None
        return degrees if COLDEST <= degrees <= WARMEST else None
    return None


def _regular(found: Sequence[tuple[int, datetime, Decimal]]) -> Series:
    """Return *found* as a series; raises where a reading does not stand where its step puts it."""
    start = found[0][1]
    step = (found[1][1] - start).total_seconds()
    if not 1 <= step <= 86_400 or step != int(step):
        raise _wrong("logger-step", found[1][0], [found[1][1].isoformat()])
    for place, (number, at, _) in enumerate(found):
        if abs((at - start).total_seconds() - step * place) > step / 2:
            raise _wrong("logger-step", number, [_local(at)])
    return Series(start, int(step), tuple(reading for _, _, reading in found))


def _local(at: datetime) -> str:
    return f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}"


def ended(series: Series) -> datetime:
    """Return the time of the last reading."""
    return series.start + timedelta(seconds=series.step_seconds * (len(series.readings) - 1))


def _wrong(code: str, number: int, cells: Sequence[str]) -> Invalid:
    return Invalid(Problem("file", code, (("row", str(number)), ("found", " ".join(cells)[:60]))))
