"""A table that somebody keeps in a spreadsheet, read as rows of text.

    CSV     UTF-8, or GB 18030 as Chinese Excel saves it; commas, semicolons or tabs
    XLSX    the first sheet; a formula is text like any other, it is never computed

Each row comes with the number that the spreadsheet shows beside it. Read with suspicion: both kinds are
bounded in bytes, rows and columns before anything is believed of them.
"""

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import openpyxl

from traceability.errors import Invalid, Problem

MOST_ROWS = 100_000
MOST_COLUMNS = 200
LONGEST_CELL = 4000
LARGEST_UNPACKED = 256 * 1024 * 1024
MOST_FILES = 1000
MOST_SHEETS = 20

Cell = str | bool
Row = tuple[int, list[Cell]]


def is_workbook(written: bytes) -> bool:
    """Tell whether *written* is a ZIP archive, as XLSX files are."""
    return written.startswith(b"PK")


def rows(written: bytes) -> list[Row]:
    """Return each row that is not empty, with its number from 1; raise `Invalid` where it is no table."""
    found = _bounded(_workbook(written) if is_workbook(written) else _lines(written))
    if not found:
        raise not_a_table("it is empty")
    return found


def sheets(written: bytes) -> list[tuple[str, list[Row]]]:
    """Return the title and the rows of each sheet in which something stands; a CSV file has one, untitled."""
    if not is_workbook(written):
        return [("", rows(written))]
    found = [
        (title, _bounded(_workbook(written, position))) for position, title in enumerate(_titles(written))
    ]
    filled = [(title, each) for title, each in found if each]
    if not filled:
        raise not_a_table("it is empty")
    return filled


def not_a_table(why: str) -> Invalid:
    """Return the error for a file that cannot be read as a table."""
    return Invalid(Problem("file", "not-a-table", (("found", why[:200]),)))


def _bounded(found: Iterable[tuple[int, list[Cell]]]) -> list[Row]:
    kept: list[Row] = []
    for number, cells in found:
        while cells and cells[-1] == "":
            cells.pop()
        if len(cells) > MOST_COLUMNS:
            raise not_a_table(f"row {number} has more than {MOST_COLUMNS} columns")
        if any(isinstance(cell, str) and len(cell) > LONGEST_CELL for cell in cells):
            raise not_a_table(f"row {number} has a cell of more than {LONGEST_CELL} characters")
        if cells:
            kept.append((number, cells))
        if len(kept) > MOST_ROWS + 1:
            raise Invalid(Problem("file", "too-many", (("most", str(MOST_ROWS)),)))
    return kept


def _lines(written: bytes) -> Iterator[Row]:
    text = _decoded(written)
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for cells in reader:
            yield reader.line_num, [cell.strip() for cell in cells]
    except csv.Error as error:
        raise not_a_table(f"line {reader.line_num}: {error}") from None


def _decoded(written: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = written.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise not_a_table("it is neither UTF-8 nor GB 18030")


def _titles(written: bytes) -> list[str]:
    _check_archive(written)
    try:
        book = openpyxl.load_workbook(io.BytesIO(written), read_only=True, keep_links=False)
        try:
            titles = [sheet.title for sheet in book.worksheets]
        finally:
            book.close()
    except Exception as error:
        # openpyxl raises whatever its parsers do for a broken file.
        raise not_a_table(type(error).__name__) from None
    if len(titles) > MOST_SHEETS:
        raise not_a_table(f"more than {MOST_SHEETS} sheets")
    return titles


def _workbook(written: bytes, position: int = 0) -> Iterator[Row]:
    _check_archive(written)
    try:
        # read_only: sheets are read as a stream, and formulas stay text.
        book = openpyxl.load_workbook(io.BytesIO(written), read_only=True, data_only=False, keep_links=False)
        try:
            sheet = book.worksheets[position]
            # What the file says of its own size is not believed.
            sheet.reset_dimensions()
            for number, cells in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS + 1, values_only=True), 1):
                yield number, [_cell(each) for each in cells]
        finally:
            book.close()
    except Invalid:
        raise
    except Exception as error:
        # openpyxl raises whatever its parsers do for a broken file.
        raise not_a_table(type(error).__name__) from None


def _check_archive(written: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(written)) as archive:
            listed = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise not_a_table(str(error)) from None
    # zipfile reads no more of a member than it is said to hold, so that what is said may be summed up.
    if len(listed) > MOST_FILES or sum(each.file_size for each in listed) > LARGEST_UNPACKED:
        raise not_a_table("the workbook unpacks to more than can be read")


def _cell(value: Any) -> Cell:
    """Return what a person sees in a cell, near enough: numbers exactly, dates as ISO 8601."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return value
    if isinstance(value, float):
        return format(Decimal(repr(value)), "f")
    if isinstance(value, datetime):
        whole_day = value.time() == time(0)
        return value.date().isoformat() if whole_day else value.isoformat()
    return value.isoformat() if isinstance(value, date | time) else str(value).strip()
