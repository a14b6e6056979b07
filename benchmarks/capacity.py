"""What ten years of one log cost to keep and to audit, worked out from the figures in docs/performance.json.

`make docs` writes the table into docs/operations.md; nothing in it is typed by hand but the load.
"""

from collections.abc import Iterator, Mapping
from typing import Any

ENTRIES_A_DAY = 1_000_000
DAYS = 3_652
TILE_BYTES = 32 * 256 / 255
"""What an entry adds to the tiles: a hash, and its share of those above it."""
# Base64 of a key's ID and a signature of 64 or 2,420 bytes, in the second with a time before it; the text.
NOTE_BYTES = 96 + 120 + 3_300
COSIGNATURE_BYTES = 3_350

Kept = Mapping[str, Any]


def lines(kept: Kept) -> Iterator[str]:
    """Yield the table in Markdown; a figure that has not been measured yet is said to be missing."""
    yield from ("| for one log with 1,000,000 entries a day | |", "|---|---:|")
    for what, figure in (*_load(), *_keeping(kept), *_auditing(kept)):
        yield f"| {what} | {figure} |"


def _load() -> Iterator[tuple[str, str]]:
    total = ENTRIES_A_DAY * DAYS
    yield "entries in ten years", f"{total:,}"
    yield "on average", f"{ENTRIES_A_DAY / 86_400:.1f} a second"
    yield "a day's work in one hour", f"{ENTRIES_A_DAY / 3_600:.0f} a second"
    path = (total - 1).bit_length()
    yield "longest proof after ten years", f"{path} hashes, from {-(-path // 8)} levels of tiles"


def _keeping(kept: Kept) -> Iterator[tuple[str, str]]:
    stored = _fact(kept, "A log of ", "open ", "bytes_per_entry")
    rate = _rate(kept, "journal.record", "journal.record, 64 callers")
    ready = _rate(kept, "append_many in groups of 256, SQLite", "ours")
    total = ENTRIES_A_DAY * DAYS
    yield "tables of the log, one copy, ten years", _bytes(stored, total)
    yield "tables of the log, one copy, a day", _bytes(stored, ENTRIES_A_DAY)
    yield "published notes at one a second, ten years, at most", _bytes(NOTE_BYTES, 86_400 * DAYS)
    yield "the same for each witness with an ML-DSA key", _bytes(COSIGNATURE_BYTES, 86_400 * DAYS)
    yield "hash tiles of a mirror, ten years", _bytes(TILE_BYTES, total)
    yield "records a second that are ready, appended in groups", _number(ready)
    yield "statements a second, with signatures, rules and projection", _number(rate)
    yield "the same, over the load on average", _times(rate, ENTRIES_A_DAY / 86_400)
    yield "the same, over a day's work in one hour", _times(rate, ENTRIES_A_DAY / 3_600)


def _auditing(kept: Kept) -> Iterator[tuple[str, str]]:
    hashes = _rate(kept, "Audit of 1,000,000 entries", "audit, hashes only")
    authors = _rate(kept, "Audit of 200,000 signed", "audit with authors")
    total = ENTRIES_A_DAY * DAYS
    for name, rate in (("hashes", hashes), ("hashes and authors", authors)):
        yield f"audit of a day since the day before, {name}", _time(rate, ENTRIES_A_DAY)
        yield f"audit of ten years from entry 0, {name}", _time(rate, total)


def _cases(kept: Kept, title: str, case: str) -> Iterator[Mapping[str, Any]]:
    for comparison in kept.get("comparisons", ()):
        if comparison["title"].startswith(title):
            yield from (each for each in comparison["cases"] if each["name"].startswith(case))


def _rate(kept: Kept, title: str, case: str) -> float | None:
    return next((float(each["rate"]) for each in _cases(kept, title, case)), None)


def _fact(kept: Kept, title: str, case: str, name: str) -> float | None:
    found = (each["facts"] for each in _cases(kept, title, case))
    return next((float(facts[name]) for facts in found if name in facts), None)


def _number(figure: float | None) -> str:
    return "not measured yet" if figure is None else f"{figure:,.0f}"


def _times(rate: float | None, load: float) -> str:
    return "not measured yet" if rate is None else f"{rate / load:,.1f} ×"


def _bytes(each: float | None, count: int) -> str:
    if each is None:
        return "not measured yet"
    total = each * count
    return f"{total / 1e12:.2f} TB" if total >= 1e12 else f"{total / 1e9:.2f} GB"


def _time(rate: float | None, count: int) -> str:
    if rate is None:
        return "not measured yet"
    seconds = count / rate
    return f"{seconds / 3_600:,.1f} hours" if seconds >= 3_600 else f"{seconds:,.0f} seconds"
