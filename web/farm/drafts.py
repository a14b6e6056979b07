"""What was typed into a paper form, on its way to an event.

    3 亩      → 0.2 ha        1 亩 = 1/15 ha, told to 0.01 ha
    800 斤    → 400 kg        1 斤 = 0.5 kg, told to the gram
    2 吨      → 2000 kg
    2026-09-21T08:00          the clock of Asia/Shanghai: 2026-09-21T08:00+08:00

Full-width figures of a Chinese keyboard are read as figures. What cannot be converted is told at the field
where it was typed; everything else is checked by `traceability.schema`.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from werkzeug.datastructures import FileStorage

from traceability import schema
from traceability.errors import Invalid, Problem
from traceability.events import Event

MOST_ROWS = 30
MASS_UNITS = {"kg": Fraction(1), "jin": Fraction(1, 2), "tonne": Fraction(1000)}
AREA_UNITS = {"mu": Fraction(1, 15), "ha": Fraction(1)}
GRAM = Decimal("0.001")
HUNDREDTH = Decimal("0.01")

_NUMBER = re.compile(r"[0-9]{1,12}(\.[0-9]{1,6})?")
_SIGNED = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,6})?")
_WHOLE = re.compile(r"[0-9]{1,12}")
_LOCAL = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?", re.ASCII)
_SEPARATORS = re.compile(r"[、，,;；|\r\n]+")
_ROW = re.compile(r"(plots|parts)\.(\d+)")
_MEASURE = re.compile(r"\b(amount|pack)\.(kg|pieces)$")

ALIASES = {"bags": "area_ha"}
"""What is typed in the field of another name: a shed of mushroom bags has no area."""


@dataclass
class Draft:
    """What was typed, and what is wrong with it so far."""

    typed: Mapping[str, str]
    files: Mapping[str, FileStorage]
    problems: list[Problem]
    rows: list[int]
    kept: dict[str, str]
    """What a form shown again carries for what cannot be typed twice: the digest of a picture."""

    @classmethod
    def of(cls, typed: Mapping[str, str], files: Mapping[str, FileStorage] | None = None) -> "Draft":
        """Begin with what was typed."""
        return cls(typed, files or {}, [], [], {})

    def text(self, name: str) -> str | None:
        """Return what was typed into *name*, or None for nothing."""
        return self.typed.get(name, "").strip() or None

    def instant(self, name: str = "at") -> str | None:
        """Return a local time with the offset of Asia/Shanghai; what is no time stays as it was typed."""
        found = self.text(name)
        return f"{found}+08:00" if found is not None and _LOCAL.fullmatch(found) else found

    def words(self, name: str) -> list[str]:
        """Return the names of a list, however they are separated."""
        found = self.text(name) or ""
        # Chinese names hold no spaces, so a space separates them too; "lambda cyhalothrin" is one name.
        spaced = any("a" <= each.lower() <= "z" for each in found)
        pieces = _SEPARATORS.split(found if spaced else ",".join(found.split()))
        return [each.strip() for each in pieces if each.strip()]

    def number(self, name: str) -> str | None:
        """Return a number in plain figures; what is none stays as it was typed."""
        found = self.text(name)
        return None if found is None else plain(found)

    def positive(self, name: str) -> str | None:
        """Return a number that is more than nothing."""
        found = self.number(name)
        if found is not None and _SIGNED.fullmatch(found) and not Decimal(found) > 0:
            return self._wrong(name, found)
        return found

    def area(self, name: str, unit: str) -> str | None:
        """Return an area in hectares."""
        return self._converted(name, AREA_UNITS.get(unit, Fraction(1)), HUNDREDTH)

    def kilograms(self, name: str, unit: str) -> str | None:
        """Return a mass in kilograms."""
        return self._converted(name, MASS_UNITS.get(unit, Fraction(1)), GRAM)

    def _converted(self, name: str, factor: Fraction, step: Decimal) -> str | None:
        found = self.number(name)
        if found is None or not _NUMBER.fullmatch(found):
            return found
        exact = Fraction(found) * factor
        rounded = (Decimal(exact.numerator) / exact.denominator).quantize(step, ROUND_HALF_UP)
        if rounded <= 0:
            return self._wrong(name, found)
        return format(rounded, "f")

    def missing(self, name: str) -> None:
        """Remember that *name* was left empty."""
        self.problems.append(Problem(name, "missing"))

    def _wrong(self, name: str, found: str) -> str:
        self.problems.append(Problem(name, "not-an-amount", (("found", found),)))
        return "1"

    def amount(self, name: str, measure: str, unit: str) -> dict[str, Any]:
        """Return an amount as an event has it: kilograms, or pieces."""
        if measure == "mass":
            return _present(kg=self._required(name, self.kilograms(name, unit)))
        found = self._required(name, self.number(name))
        if found is not None and _WHOLE.fullmatch(found) and int(found) == 0:
            found = self._wrong(name, found)
        return _present(pieces=found)

    def _required(self, name: str, found: str | None) -> str:
        if found is None:
            self.missing(name)
            return "1"
        return found

    def rows_of(self, name: str, *columns: str) -> Iterator[int]:
        """Yield each row of a table in which something was typed; the first counts in any case."""
        for row in range(row_count(self.typed, name)):
            if row == 0 or any(self.text(f"{name}.{row}.{column}") for column in columns):
                self.rows.append(row)
                yield row

    def event(self, kind: str, told: Mapping[str, Any]) -> Event:
        """Return the event, or raise `Invalid` with all that is wrong."""
        try:
            event = schema.load(kind, _present(**told))
        except Invalid as error:
            known = {each.where for each in self.problems}
            more = (each for each in map(self._as_typed, error.problems) if each.where not in known)
            raise Invalid(*self.problems, *more) from None
        if self.problems:
            raise Invalid(*self.problems)
        return event

    def _as_typed(self, problem: Problem) -> Problem:
        """Return *problem* at the row that it was typed in: empty rows are no part of the event."""
        found = _ROW.match(problem.where)
        if found is None or int(found[2]) >= len(self.rows):
            return problem
        where = f"{found[1]}.{self.rows[int(found[2])]}{problem.where[found.end() :]}"
        return Problem(where, problem.code, problem.facts)


def field_of(where: str) -> str:
    """Return the field of a form in which the event's field at *where* is typed."""
    where = _MEASURE.sub(r"\1", where).removeprefix("replacement.")
    return "substances" if where.startswith("substances.") else ALIASES.get(where, where)


def row_count(typed: Mapping[str, str], name: str) -> int:
    """Return how many rows of a table a form shows."""
    told = typed.get(f"{name}.rows", "1")
    return min(max(int(told), 1), MOST_ROWS) if told.isascii() and told.isdigit() and len(told) < 4 else 1


def plain(typed: str) -> str:
    """Return figures as a machine reads them: ３，０００．５ is 3000.5."""
    return unicodedata.normalize("NFKC", typed).replace(",", "").replace(" ", "")


def _present(**told: Any) -> dict[str, Any]:
    return {name: value for name, value in told.items() if value is not None}
