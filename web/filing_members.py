"""What one field of a form asks for, read from the class of its event: how it is typed, and who will see it.

member_of(Inspected, "results.*.value")   →  number, optional in its row, public
member_of(Recalled, "note")               →  long text, optional, sealed

hint of the class        widget              what is typed becomes
str                      text, long          itself
str called lot           lot                 the lot that a scanned address or a typed code names
Literal                  choice              one of its codes, in the words of the vocabulary of its name
Decimal, int             number, whole       itself, in plain figures
date, datetime           date, time          itself; a time is Shanghai's
bool                     tick, yes-no        a tick where absent means false, else 是 or 否
Amount                   amount              {"kg": …} or {"pieces": …}, by the unit beside it
tuple of words           several, lines      a list: ticked, or one in each line
                         file                the SHA-256 of a document that is kept outside the log
                         hidden              carried from the address to the record, and not asked
"""

import re
import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from traceability.events import Event
from traceability.quantity import Amount

Widget = Literal[
    "amount",
    "choice",
    "date",
    "file",
    "hidden",
    "lines",
    "long",
    "lot",
    "number",
    "several",
    "text",
    "tick",
    "time",
    "whole",
    "yes-no",
]

_LONG = frozenset({"note", "text", "description"})
_UNITS = frozenset({"kg", "pieces"})
_SIMPLE: Mapping[Any, Widget] = {
    Amount: "amount",
    Decimal: "number",
    date: "date",
    datetime: "time",
    int: "whole",
    str: "text",
}
_WIDE = str.maketrans("０１２３４５６７８９．，－／：　\xa0", "0123456789.,-/:  ")
_GROUPED = re.compile(r"-?[0-9]{1,3}([, ][0-9]{3})+(\.[0-9]+)?")
_LOCAL = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2})?")


@dataclass(frozen=True, slots=True)
class Member:
    """One member of an event: *required* in its event, *needed* in its own row or object."""

    path: str
    widget: Widget
    required: bool
    needed: bool
    private: bool
    codes: tuple[str, ...]
    absent: object
    """What the class takes for it where it is not told."""

    @property
    def group(self) -> str:
        """Return the table that it is a column of; "" for none."""
        return self.path.partition(".*.")[0] if ".*." in self.path else ""

    @property
    def column(self) -> str:
        """Return its path within its row, or the whole path where it stands in no table."""
        return self.path.partition(".*.")[2] or self.path

    @property
    def word(self) -> str:
        """Return the name by which it is called: that of the amount where it is one half of an amount."""
        steps = [step for step in self.path.split(".") if step != "*"]
        return steps[-2] if steps[-1] in _UNITS and len(steps) > 1 else steps[-1]

    @property
    def unit(self) -> str:
        """Return the unit that the path itself names: "kg", "pieces" or ""."""
        last = self.path.rpartition(".")[2]
        return last if last in _UNITS else ""


def member_of(of: type[Event], path: str, widget: Widget | None = None) -> Member:
    """Return the member of *of* at *path*; *widget* overrides what its type asks for.

    Raises `LookupError` where the class has no such member.
    """
    here: Any = of
    each: Field[Any] | None = None
    required, private = True, False
    for step in path.split("."):
        if step == "*":
            here = _bare(get_args(here)[0])
            continue
        each = _field(here, step)
        required = required and _is_required(each)
        private = private or bool(each.metadata.get("private"))
        here = str if private else _bare(get_type_hints(here)[step])
    if each is None:
        raise LookupError(path)
    return Member(
        path=path,
        widget=widget or _widget(here, each),
        required=required,
        needed=_is_required(each),
        private=private,
        codes=_codes(here),
        absent=each.default,
    )


def _field(of: Any, name: str) -> Field[Any]:
    for each in fields(of) if is_dataclass(of) else ():
        if each.name == name:
            return each
    raise LookupError(f"{getattr(of, '__name__', of)} has no member {name}")


def _is_required(each: Field[Any]) -> bool:
    return each.default is MISSING and each.default_factory is MISSING


def _bare(hint: Any) -> Any:
    """Return what may stand there, where None may, too."""
    if get_origin(hint) in (Union, types.UnionType):
        return next(part for part in get_args(hint) if part is not type(None))
    return hint


def _codes(hint: Any) -> tuple[str, ...]:
    inner = _bare(get_args(hint)[0]) if get_origin(hint) is tuple else hint
    return tuple(map(str, get_args(inner))) if get_origin(inner) is Literal else ()


def _widget(hint: Any, each: Field[Any]) -> Widget:
    if get_origin(hint) is tuple:
        return "several" if _codes(hint) else "lines"
    if get_origin(hint) is Literal:
        return "choice"
    if hint is bool:
        return "tick" if each.default is False else "yes-no"
    if hint is str and each.name == "lot":
        return "lot"
    return "long" if hint is str and each.name in _LONG else _SIMPLE[hint]


def content_of(widget: Widget, text: str) -> Any:
    """Return what was typed as JSON has it; what is no number or time stays as it was typed."""
    return _READ[widget](text) if widget in _READ else text


def split(text: str) -> list[str]:
    """Return the lines of *text* in which something stands."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def _plain(text: str) -> str:
    """Return figures as a machine reads them: ３，０００．５ is 3000.5, but 3,5 stays a mistake."""
    figures = text.translate(_WIDE).strip()
    return re.sub("[, ]", "", figures) if _GROUPED.fullmatch(figures) else figures


def _instant(text: str) -> str:
    return f"{text}+08:00" if _LOCAL.fullmatch(text) else text


_READ: Mapping[Widget, Callable[[str], Any]] = {
    "date": _plain,
    "lines": split,
    "number": _plain,
    "several": split,
    "tick": lambda text: text == "true",
    "time": _instant,
    "whole": _plain,
}
