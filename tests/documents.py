"""The parts of docs/ that are written from the code, so that what they say stays true.

    <!-- written: events -->        everything between these two lines is replaced by
    <!-- end -->                    `python -m tests.documents` (make docs)

`test_docs.py` compares what stands there with what would be written.
"""

import ast
import csv
import json
import re
import types
from collections.abc import Callable, Iterator
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from benchmarks import capacity
from benchmarks.table import tables as figures
from traceability.events import KINDS, MAY_STATE, Event
from web.words import VOCABULARIES

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
PACKAGES = ("ledger", "traceability", "qr", "web")

_PART = re.compile(r"(<!-- written: ([a-z-]+) -->\n).*?(<!-- end -->)", re.DOTALL)
_FORMS = {
    str: "text",
    int: "integer",
    bool: "true or false",
    Decimal: "decimal",
    date: "date",
    datetime: "instant",
    Event: "event",
}


# Rooms: every module, with the sentence that it begins with.


def modules(package: str) -> dict[str, str]:
    """Return the path of each module of *package* below it, and the first sentence of its docstring."""
    found = {}
    for path in sorted((ROOT / package).rglob("*.py")):
        said = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
        found[path.relative_to(ROOT / package).as_posix()] = " ".join(said.split("\n\n")[0].split())
    return found


def rooms(package: str) -> Iterator[str]:
    """Yield a table of the modules of *package*."""
    yield from ("| module | what it is |", "|---|---|")
    for name, says in modules(package).items():
        yield f"| `{package}/{name}` | {_cell(says)} |"


# Events: every member of every kind, as the classes declare it.


def events() -> Iterator[str]:
    """Yield what every event has, then each kind with its own members, then the objects within them."""
    common = [each.name for each in fields(Event)]
    yield from ("### Every event", "", *_members(Event, leave_out=()))
    for kind, declared in KINDS.items():
        chinese = VOCABULARIES["kind"][kind][0]
        yield from ("", f"### `{kind}` {chinese}", "", _said(declared), "")
        yield f"Stated by: {', '.join(sorted(MAY_STATE[kind]))}."
        yield from ("", *_members(declared, leave_out=common))
    for declared in _objects():
        yield from (
            "",
            f"### {declared.__name__}",
            "",
            _said(declared),
            "",
            *_members(declared, leave_out=()),
        )


def _members(declared: type[Any], leave_out: list[str] | tuple[str, ...]) -> Iterator[str]:
    hints = get_type_hints(declared)
    yield from ("| member | value | | if absent | 中文 |", "|---|---|---|---|---|")
    for each in fields(declared):
        if each.name not in leave_out:
            chinese = VOCABULARIES["field"].get(each.name, ("",))[0]
            secrecy = "sealed" if each.metadata.get("private") else "clear"
            form = "text" if secrecy == "sealed" else _form(hints[each.name])
            yield f"| `{each.name}` | {form} | {secrecy} | {_absent(each)} | {chinese} |"


def _form(hint: Any) -> str:
    """Tell the type *hint* in the words of the document."""
    origin, parts = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return _form(next(part for part in parts if part is not type(None)))
    if origin is Literal:
        return ", ".join(f"`{word}`" for word in parts)
    if origin is tuple:
        return f"list of {_form(parts[0])}"
    return _FORMS.get(hint) or f"{hint.__name__}"


def _absent(each: Field[Any]) -> str:
    """Tell what the absence of a member means, or that it must be there."""
    if each.default is MISSING:
        return "required"
    if each.default is None:
        return "not told"
    return "none" if each.default == () else f"`{str(each.default).lower()}`"


def _objects() -> Iterator[type[Any]]:
    """Yield each class of objects within events, once, in the order in which kinds name them."""
    waiting: list[type[Any]] = list(KINDS.values())
    seen: set[type[Any]] = set()
    while waiting:
        for hint in get_type_hints(waiting.pop(0)).values():
            for part in _parts(hint):
                if is_dataclass(part) and part not in seen and not issubclass(part, Event):
                    seen.add(part)
                    if part.__name__ != "Sealed":
                        waiting.append(part)
                        yield part


def _parts(hint: Any) -> Iterator[type[Any]]:
    if isinstance(hint, type):
        yield hint
    for part in get_args(hint):
        yield from _parts(part)


def _said(declared: type[Any]) -> str:
    return " ".join((declared.__doc__ or "").split())


# Words: what the code calls a thing, in Chinese and in English.


def rule_codes() -> set[str]:
    """Return the code of each breach that a rule can find, read from the text of the rules."""
    found = set()
    for path in sorted((ROOT / "traceability" / "rules").glob("*.py")):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") in {"Breach", "_breach"}:
                code = call.args[0] if call.args else None
                if isinstance(code, ast.Constant) and isinstance(code.value, str):
                    found.add(code.value)
    return found


def alert_codes() -> set[str]:
    """Return what raises an alert, though no rule of an event finds it: a clock that has run out."""
    rows = csv.DictReader((ROOT / "data" / "risk_rules.csv").read_text(encoding="utf-8").splitlines())
    return {row["alert"] for row in rows if row["given_by"] == "clock"}


def words(vocabulary: str) -> Iterator[str]:
    """Yield a table of a vocabulary: code, 中文, English."""
    yield from ("| in the code | 中文 | English |", "|---|---|---|")
    for code, (chinese, english) in VOCABULARIES[vocabulary].items():
        yield f"| `{code}` | {chinese} | {english} |"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


# The parts and their documents.

# Costs, from what was measured.


def costs() -> Iterator[str]:
    """Yield what one log costs in ten years, by the figures of the benchmarks."""
    path = DOCS / "performance.json"
    yield from capacity.lines(json.loads(path.read_text(encoding="utf-8")) if path.exists() else {})


def performance() -> Iterator[str]:
    """Yield the tables of docs/performance.json, as `make bench` measured them last."""
    yield from figures(json.loads((DOCS / "performance.json").read_text(encoding="utf-8")))


PARTS: dict[str, Callable[[], Iterator[str]]] = {
    "capacity": costs,
    "events": events,
    "performance": performance,
    **{f"rooms-{package}": lambda package=package: rooms(package) for package in PACKAGES},  # type: ignore[misc]  # mypy cannot infer a lambda with a default
    **{
        f"words-{vocabulary}": lambda vocabulary=vocabulary: words(vocabulary)  # type: ignore[misc]  # likewise
        for vocabulary in ("kind", "commodity", "process", "role", "verdict", "rule", "level", "reason")
    },
}


def documents() -> list[Path]:
    """Return every document that has written parts."""
    return [path for path in sorted(DOCS.glob("*.md")) if _PART.search(path.read_text(encoding="utf-8"))]


def written(text: str) -> str:
    """Return the *text* of a document with its written parts as the code has them now."""
    return _PART.sub(lambda part: part[1] + "\n".join(PARTS[part[2]]()) + "\n" + part[3], text)


def main() -> None:
    """Write every part again."""
    for path in documents():
        path.write_text(written(path.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
