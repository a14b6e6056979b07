"""Rows of a spreadsheet as events: a row is an event, a column one of its fields.

    kind        at                  lot            product   amount.kg   plots.0.plot
    事件        发生时间            批号           产品      重量（公斤）  地块
    harvested   2026-09-21 08:00    26-A           paddy     5000        0123…

A heading is a field's path, as the API spells it, or what the pages call the field; "amount.kg" may be
written 数量(公斤) or 重量. Words of a list may be Chinese, English or the code itself. A time without a zone
is Beijing time. A lot may be written by its number alone where the row makes it.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from traceability import gs1, schema
from traceability.errors import Invalid, Problem
from traceability.events import KINDS, Event
from web.spreadsheet import Cell, Row
from web.words import VOCABULARIES

LISTS = frozenset({"substances", "containers", "fields"})
"""Fields that hold several words: one cell, the words parted by |, 、 or ;."""

TRUTHS = {
    "true": True,
    "yes": True,
    "是": True,
    "1": True,
    "false": False,
    "no": False,
    "否": False,
    "0": False,
}
TRUTH_FIELDS = frozenset({"by_product", "passed"})
MAKING = frozenset({"harvested", "untraced-received"})
DEEPEST = 6
MOST_ITEMS = 200

_NUMBER_ALONE = re.compile(r"[A-Za-z0-9._-]{1,20}")
_ZONE = re.compile(r"(Z|[+-]\d\d:?\d\d)$")
_PARTED = re.compile(r"[|、;；]")
_ALSO: Mapping[str, str] = {
    "数量(公斤)": "amount.kg",
    "重量": "amount.kg",
    "公斤": "amount.kg",
    "kg": "amount.kg",
    "数量(件)": "amount.pieces",
    "件数": "amount.pieces",
    "时间": "at",
    "日期": "at",
    "date": "at",
    "time": "at",
    "农药": "name",
    "地块": "plot",
    "数量": "amount",
    "批次": "lot",
    "event": "kind",
    "类型": "kind",
}

TEMPLATES: Mapping[str, tuple[str, ...]] = {
    "treated": (
        "plot",
        "name",
        "substances",
        "interval_days",
        "registration",
        "label_photo",
        "method",
        "member",
    ),
    "input-applied": ("plot", "category", "name", "quantity", "unit", "member"),
    "harvested": ("lot", "product", "amount.kg", "plots.0.plot", "member"),
    "untraced-received": ("lot", "product", "amount.kg", "supplier", "told_origin"),
    "retailed": ("lot", "amount.kg", "place"),
    "product-registered": ("product", "name", "commodity", "measure", "piece", "piece_kg", "gtin"),
    "plot-registered": ("plot", "division", "commodity", "area_ha", "bags", "place", "member"),
    "member-registered": ("member", "name"),
}
"""The columns of the sheets that people keep most; any field of any kind may stand in one."""


def events(rows: Iterable[Row], *, by: str, base_url: str) -> Iterator[tuple[str, Event | Invalid]]:
    """Yield for each row where it stands, and its event or what is wrong with it.

    Raises `Invalid` where the headings are wrong, for then no row can be read.
    """
    listed = iter(rows)
    _, headings = next(listed)
    paths = _paths(headings)
    for number, cells in listed:
        try:
            yield f"row {number}", _event(paths, cells, by, base_url)
        except Invalid as error:
            yield f"row {number}", error


def names_one(heading: str, field: str) -> bool:
    """Tell whether a column with this heading is read as *field*."""
    return _path(heading) == tuple(field.split("."))


def _paths(headings: list[Cell]) -> list[tuple[str, ...]]:
    paths = [_path(str(each)) for each in headings]
    named = [path for path in paths if path]
    if ("kind",) not in named:
        raise Invalid(Problem("kind", "missing"))
    for path in named:
        if named.count(path) > 1:
            raise Invalid(Problem(".".join(path), "member-twice"))
    return paths


def _path(heading: str) -> tuple[str, ...]:
    plain = _plain(heading)
    if not plain:
        return ()
    spelled = _ALSO.get(plain, plain)
    path = tuple(_FIELDS.get(step, step) for step in spelled.split("."))
    items = [step for step in path if step.isdigit()]
    if (
        len(path) > DEEPEST
        or not all(path)
        or any(len(each) > 3 or int(each) >= MOST_ITEMS for each in items)
    ):
        raise Invalid(Problem(heading[:80], "unknown-field"))
    return path


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().lower()


def _names() -> dict[str, str]:
    """Return field names by what the pages call them, where that names one field alone."""
    found: dict[str, str] = {}
    for name, words in VOCABULARIES["field"].items():
        for word in words:
            plain = _plain(word)
            found[plain] = "" if found.get(plain, name) != name else name
    codes = {name: name for name in VOCABULARIES["field"]}
    return {word: name for word, name in found.items() if name} | codes


_FIELDS = _names()


def _event(paths: list[tuple[str, ...]], cells: list[Cell], by: str, base_url: str) -> Event:
    if len(cells) > len(paths):
        raise Invalid(Problem("", "row-has-other-columns", (("found", str(len(cells))),)))
    told: dict[str, Any] = {}
    for path, cell in zip(paths, cells, strict=False):
        if cell != "" and path:
            _put(told, path, _value(path[-1], cell))
    kind = _word("kind", str(told.pop("kind", "")))
    if kind not in KINDS:
        raise Invalid(Problem("kind", "unknown-kind" if kind else "missing", (("kind", kind[:80]),)))
    _complete(kind, told, by)
    return schema.load(kind, _with_codes(_as_lists(told), base_url))


def _put(told: dict[str, Any], path: tuple[str, ...], value: Any) -> None:
    *outer, last = path
    for step in outer:
        told = told.setdefault(step, {})
        if not isinstance(told, dict):
            raise Invalid(Problem(".".join(path), "unknown-field"))
    if last in told:
        raise Invalid(Problem(".".join(path), "member-twice"))
    told[last] = value


def _value(name: str, cell: Cell) -> Any:
    if isinstance(cell, bool):
        return cell
    if name in LISTS:
        return [part.strip() for part in _PARTED.split(cell) if part.strip()]
    if name in TRUTH_FIELDS:
        return TRUTHS.get(_plain(cell), cell)
    if name == "at":
        return _moment(cell)
    return _word(name, cell)


def _word(vocabulary: str, cell: str) -> str:
    """Return the code for a word of a list, or the cell as it is."""
    words = VOCABULARIES.get(vocabulary, {})
    if cell in words:
        return cell
    plain = _plain(cell)
    return next((code for code, pair in words.items() if plain in map(_plain, pair)), cell)


def _moment(cell: str) -> str:
    """Return a time with its zone: that of Beijing where none is written."""
    try:
        datetime.fromisoformat(cell.replace("/", "-"))
    except ValueError:
        return cell
    spelled = cell.replace("/", "-")
    if _ZONE.search(spelled[10:]):
        return spelled
    return f"{spelled}T00:00:00+08:00" if len(spelled) == 10 else f"{spelled}+08:00"


def _complete(kind: str, told: dict[str, Any], by: str) -> None:
    """Add what a row need not say twice: whose number a new lot bears, and that all came from one plot."""
    lot, product = told.get("lot"), told.get("product")
    if kind in MAKING and isinstance(lot, str) and isinstance(product, str) and _NUMBER_ALONE.fullmatch(lot):
        told["lot"] = gs1.own_lot(by, product, lot)
    if kind != "harvested":
        return
    if isinstance(told.get("plot"), str):
        told["plots"] = {"0": {"plot": told.pop("plot")}}
    plots = told.get("plots")
    if isinstance(plots, dict) and list(plots) == ["0"] and isinstance(plots["0"], dict):
        plots["0"].setdefault("amount", told.get("amount"))


def _as_lists(value: Any) -> Any:
    """Return *value* with each object whose members are numbered from 0 as a list."""
    if not isinstance(value, dict):
        return value
    inner = {name: _as_lists(part) for name, part in value.items()}
    numbered = sorted((name for name in inner if name.isdigit()), key=int)
    return [inner[name] for name in numbered] if inner and len(numbered) == len(inner) else inner


def _with_codes(value: Any, base_url: str) -> Any:
    """Return *value* with the one spelling of each lot and container."""
    if isinstance(value, list):
        return [_with_codes(part, base_url) for part in value]
    if not isinstance(value, dict):
        return value
    return {
        name: gs1.canonical(part, base_url)
        if name in {"lot", "container"} and isinstance(part, str)
        else _with_codes(part, base_url)
        for name, part in value.items()
    }
