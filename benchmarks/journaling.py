"""What the trade's own door lets through: statements signed, judged by the rules, sealed and indexed.

64 callers of one process, each for a cooperative and a plot of its own: it buys an input, treats the plot,
harvests a lot, in turn, signs with the key in the platform's custody, and waits for the receipt. The events
are made before the clock starts; sealing private fields is part of what is timed.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import Any

from benchmarks.appending import by_threads
from benchmarks.harness import Case, Comparison, Done, Run
from ledger.canonical import instant_text
from traceability import schema
from traceability.events import Event
from traceability.events.field import Harvested
from traceability.events.registry import PartyRegistered
from web import database
from web.database import Services
from web.settings import Settings

ORIGIN = "bench.example/log"
_START = datetime(2026, 4, 1, tzinfo=UTC)
# A statement in turn: what it tells beside its time; PARTY, PLOT and LOT are filled in.
_STORY: tuple[tuple[str, dict[str, Any]], ...] = (
    ("input-bought", {"name": "虚构尿素", "category": "fertiliser", "amount": "50", "unit": "kg"}),
    (
        "treated",
        {
            "plot": "PLOT",
            "name": "虚构牌吡虫啉",
            "substances": ["吡虫啉"],
            "interval_days": 14,
            "label_photo": sha256(b"label").hexdigest(),
        },
    ),
    (
        "harvested",
        {
            "lot": "LOT",
            "product": "paddy",
            "amount": {"kg": "1"},
            "plots": [{"plot": "PLOT", "amount": {"kg": "1"}}],
        },
    ),
)
_ON = ("2026-09-20T08:00:00+08:00", "2026-07-01T08:00:00+08:00", "2026-09-21T08:00:00+08:00")


def comparisons() -> Iterable[Comparison]:
    """Yield the one measurement."""
    cases = [
        Case("journal.record, 64 callers", "statements/s", partial(_recording, 64)),
        Case("journal.record, 1 caller", "statements/s", partial(_recording, 1)),
    ]
    goals = [("journal.record, 64 callers", "rate", "≥", 1000.0)]
    yield Comparison("journal.record with signatures, rules and projection, SQLite", cases, (), goals)


@contextmanager
def _recording(callers: int, folder: Path) -> Iterator[Run]:
    lots = count()
    with opened(folder, callers) as services:

        def record(told: tuple[str, Event]) -> None:
            by, event = told
            if isinstance(event, Harvested):
                # A lot is born once.
                event = replace(event, lot=f"{event.lot}-{next(lots)}")
            services.journal.record(by, event)

        def run() -> Done:
            return by_threads(record, _stories(callers), callers)

        yield run


@contextmanager
def opened(folder: Path, parties: int) -> Iterator[Services]:
    """Make an instance with so many cooperatives, each with a plot, and close it afterwards."""
    settings = Settings.init(folder / "instance", ORIGIN, "http://127.0.0.1:8000", {})
    now = partial(datetime.now, UTC)
    database.init_instance(settings, operator_name="虚构平台", now=now)
    services = database.open_services(settings, now=now)
    try:
        for number in range(parties):
            _settle(services, number)
        yield services
    finally:
        services.close()


def _settle(services: Services, number: int) -> None:
    """Register a cooperative, its product and its plot."""
    party, at = _party(number), instant_text(_START)
    services.register_party(
        PartyRegistered(
            at=_START, party=party, role="cooperative", division="220182", name=f"虚构合作社{number}"
        )
    )
    for kind, told in (
        (
            "product-registered",
            {"product": "paddy", "name": "虚构稻谷", "commodity": "paddy", "measure": "mass"},
        ),
        ("member-registered", {"member": _name("m", number), "name": "王虚构"}),
        (
            "plot-registered",
            {
                "plot": _name("p", number),
                "division": "220182",
                "commodity": "paddy",
                "area_ha": "2",
                "member": _name("m", number),
                "place": "村东头",
            },
        ),
    ):
        services.journal.record(party, schema.load(kind, {"at": at, **told}))


def _stories(callers: int) -> Sequence[tuple[str, Event]]:
    """Return what the callers state: caller n begins with the n-th, and each goes on through all of them."""
    return [
        (_party(number % callers), _event(number % callers, (number // callers) % len(_STORY)))
        for number in range(callers * len(_STORY))
    ]


def _event(party: int, step: int) -> Event:
    kind, told = _STORY[step]
    places = {"PLOT": _name("p", party), "LOT": f"/lot/{_party(party)}/paddy/L"}
    return schema.load(kind, {"at": _ON[step], **_filled(told, places)})


def _filled(told: Any, places: dict[str, str]) -> Any:
    if isinstance(told, dict):
        return {name: _filled(member, places) for name, member in told.items()}
    if isinstance(told, list):
        return [_filled(item, places) for item in told]
    return places.get(told, told) if isinstance(told, str) else told


def _party(number: int) -> str:
    return f"coop{number}"


def _name(kind: str, number: int) -> str:
    """Return a name of 26 letters and digits, as plots and members have."""
    return f"{kind}{number:025}"
