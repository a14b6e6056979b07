"""A reference table: a CSV file whose rows each say where they come from, how sure that is, and since when.

    commodity,most,unit,from,until,note,source,confidence
    paddy,11250,kg/ha,,,亩产1500斤 used as ceiling,wuchangdm.cn/news/80,sure (source)

A file is read whole or not at all: the first cell that cannot be right is named by file, line and column.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from importlib import resources

from traceability.errors import Invalid, Problem

PROVENANCE = ("from", "until", "note", "source", "confidence")
"""The columns that end every table."""

_DECIMAL = re.compile(r"(0|[1-9][0-9]*)(\.[0-9]+)?")
_WHOLE = re.compile(r"0|[1-9][0-9]{0,8}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sourced:
    """What every row bears: its source, how sure it is, and the days on which it is in force."""

    source: str
    confidence: str
    since: date | None = None
    until: date | None = None
    note: str = ""

    @property
    def sure(self) -> bool:
        """Whether somebody read it in an official text; nothing else may refuse."""
        return self.confidence.startswith("sure")

    def in_force(self, on: date) -> bool:
        """Tell whether the row is in force on that day; its first and last day are included."""
        return (self.since is None or self.since <= on) and (self.until is None or on <= self.until)


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of one line, and where it stands."""

    file: str
    line: int
    cells: Mapping[str, str]

    def wrong(self, column: str, code: str) -> Invalid:
        """Return the error that names this line and *column*."""
        return _wrong(f"{self.file}:{self.line} {column}", code, self.cells[column])

    def text(self, column: str) -> str:
        """Return a cell that may not be empty."""
        if not self.cells[column]:
            raise self.wrong(column, "cell-empty")
        return self.cells[column]

    def optional(self, column: str) -> str | None:
        """Return a cell, or None where it is empty."""
        return self.cells[column] or None

    def number(self, column: str) -> Decimal:
        """Return a cell that is a decimal without sign or exponent."""
        if not _DECIMAL.fullmatch(self.cells[column]):
            raise self.wrong(column, "cell-not-a-decimal")
        return Decimal(self.cells[column])

    def whole(self, column: str) -> int:
        """Return a cell that is a whole number."""
        if not _WHOLE.fullmatch(self.cells[column]):
            raise self.wrong(column, "cell-not-a-whole-number")
        return int(self.cells[column])

    def day(self, column: str) -> date | None:
        """Return a cell that is a date, or None where it is empty."""
        if not self.cells[column]:
            return None
        try:
            if not _DAY.fullmatch(self.cells[column]):
                raise ValueError
            return date.fromisoformat(self.cells[column])
        except ValueError:
            raise self.wrong(column, "cell-not-a-date") from None

    def choice(self, column: str, *allowed: str) -> str:
        """Return a cell that is one of the *allowed* words."""
        if self.cells[column] not in allowed:
            raise self.wrong(column, "cell-not-allowed")
        return self.cells[column]

    def several(self, column: str) -> tuple[str, ...]:
        """Return the values of a cell that holds any number of them."""
        found = tuple(self.cells[column].split("|")) if self.cells[column] else ()
        if any(not each or each != each.strip() for each in found):
            raise self.wrong(column, "cell-not-a-list")
        return found

    def sourced(self) -> Sourced:
        """Return the provenance of the row."""
        since, until = self.day("from"), self.day("until")
        if since is not None and until is not None and until < since:
            raise self.wrong("until", "cell-before-from")
        return Sourced(
            source=self.text("source"),
            confidence=self.text("confidence"),
            since=since,
            until=until,
            note=self.cells["note"],
        )


def rows_of(file: str, content: bytes, *columns: str) -> Iterator[Row]:
    """Yield the rows of a table that has exactly these *columns*, and those of its provenance."""
    try:
        lines = csv.reader(io.StringIO(content.decode("utf-8"), newline=""), strict=True)
        expected = [*columns, *PROVENANCE]
        if next(lines, None) != expected:
            raise _wrong(f"{file}:1", "header-differs", ",".join(expected))
        for cells in lines:
            if len(cells) != len(expected):
                raise _wrong(f"{file}:{lines.line_num}", "row-has-other-columns", str(len(cells)))
            yield Row(file, lines.line_num, dict(zip(expected, cells, strict=True)))
    except (UnicodeDecodeError, csv.Error) as error:
        raise _wrong(file, "not-a-table", str(error)) from None


def plain_name(name: str) -> str:
    """Return *name* as names are compared: full-width letters, case and spaces do not matter."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def shipped(name: str) -> bytes:
    """Return the bytes of a reference file that is installed with the program."""
    return (resources.files("data") / name).read_bytes()


def _wrong(where: str, code: str, found: str) -> Invalid:
    return Invalid(Problem(where, code, (("found", found),)))
