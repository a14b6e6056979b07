"""A season of any size, told lot by lot through the trade's own door, and the questions that are asked of it.

    fields    100 harvest lots for each silo: inputs bought and used, a harvest that bears a mark and of which
              a part is coded, a delivery of the rest to the mill
    blends    each silo a blend of its 100 lots, and one hub that all silos flow into
    packs     100 portions of the hub, each split into lots of packs: coded, tested, delivered, sold

With 99 silos the hub has 9,999 relatives behind it and 9,999 before it, and each of the 20,000 lots some 50
events: 1,000,000 in all. One silo has 10,000 events, so the same is told in little.
"""

from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any

from traceability import schema
from traceability.events import Event
from traceability.events.movement import Received
from traceability.events.registry import PartyRegistered
from traceability.statement import Signed
from web import database
from web.database import Services
from web.settings import Settings

ORIGIN = "bench.example/season"
BATCH = 500
MILL, LABORATORY, OFFICE = "mill", "lab", "office"
HUB = f"/lot/{MILL}/rice/HUB"
GROWERS, SHOPS = 100, 20
FIELD_STEPS, SALES = 46, 46
MARK, YEAR = "jilin-rice", 2026
SPAN = 100
"""How many lots one process takes in or gives out."""

Story = Generator[tuple[str, Event], str, None]
"""Yields who states what, and is sent the digest of the statement."""


@dataclass
class Clock:
    """A clock that goes on by a second with every event, so that nothing is told late."""

    now: datetime = datetime(2026, 4, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        """Return the time."""
        return self.now

    def tick(self) -> str:
        """Go on by a second, and return the time as an event tells it."""
        self.now += timedelta(seconds=1)
        return self.now.isoformat()


@dataclass
class Season:
    """What is told of so many *silos*."""

    clock: Clock = field(default_factory=Clock)
    silos: int = 1

    def told(self) -> Story:
        """Tell the season."""
        for number in range(self.silos * SPAN):
            yield from self.grown(number)
        yield from self._blended()
        for portion in range(self.silos):
            yield from self._packed(portion)

    def _said(self, by: str, kind: str, **told: Any) -> tuple[str, Event]:
        return by, schema.load(kind, {"at": self.clock.tick(), **told})

    def grown(self, number: int) -> Story:
        """Tell what a grower does for one harvest lot, up to its delivery."""
        grower, name = f"coop{number % GROWERS}", {"name": "虚构尿素", "category": "fertiliser", "unit": "kg"}
        plot, lot, amount = plot_of(number % GROWERS), field_lot(number), {"kg": "11"}
        for step in range(FIELD_STEPS):
            if step % 2:
                yield self._said(grower, "input-applied", plot=plot, amount="20", **name)
            else:
                yield self._said(grower, "input-bought", amount="20", **name)
        shares = [{"plot": plot, "amount": amount}]
        yield self._said(grower, "harvested", lot=lot, product="paddy", amount=amount, plots=shares)
        yield self._said(grower, "mark-applied", lot=lot, mark=MARK, licence=f"l-{grower}", amount=amount)
        yield self._said(grower, "codes-issued", lot=lot, first=0, count=10, pack={"kg": "0.1"})
        yield from self._delivered(grower, MILL, [{"lot": lot, "amount": {"kg": "10"}}])

    def _delivered(self, by: str, to: str, parts: list[dict[str, Any]]) -> Story:
        token = sha256(parts[0]["lot"].encode()).hexdigest()[:32]
        handover = sha256(token.encode()).hexdigest()
        digest = yield self._said(by, "shipped", parts=parts, handover=handover, to=to)
        yield self._said(to, "received", shipment=digest, token=token, parts=parts)

    def _blended(self) -> Story:
        for silo in range(self.silos):
            lots = [field_lot(number) for number in range(silo * SPAN, (silo + 1) * SPAN)]
            yield self._mixed(lots, 10, [(silo_lot(silo), "paddy", 10 * SPAN)])
        silos = [silo_lot(silo) for silo in range(self.silos)]
        portion, hub = 6 * SPAN, 6 * SPAN * self.silos
        yield self._mixed(silos, 10 * SPAN, [(HUB, "rice", hub)], process="milling")
        portions = [(portion_lot(each), "rice", portion) for each in range(self.silos)]
        yield self._mixed([HUB], hub, portions, process="splitting")

    def _mixed(
        self, lots: list[str], kg: int, made: list[tuple[str, str, int]], process: str = "blending"
    ) -> tuple[str, Event]:
        inputs = [{"lot": lot, "amount": {"kg": kg}} for lot in lots]
        outputs = [{"lot": lot, "product": product, "amount": {"kg": much}} for lot, product, much in made]
        lost = len(lots) * kg - sum(much for _, _, much in made)
        return self._said(MILL, "processed", process=process, inputs=inputs, outputs=outputs, loss_kg=lost)

    def _packed(self, portion: int) -> Story:
        packs = [(pack_lot(portion * SPAN + each), "rice", 6) for each in range(SPAN)]
        yield self._mixed([portion_lot(portion)], 6 * SPAN, packs, process="splitting")
        for number in range(portion * SPAN, (portion + 1) * SPAN):
            yield from self._sold(number)

    def _sold(self, number: int) -> Story:
        lot, shop = pack_lot(number), f"shop{number % SHOPS}"
        result = {"analyte": "镉", "unit": "mg/kg", "value": "0.05", "limit": "0.2", "passed": True}
        yield self._said(
            LABORATORY,
            "inspected",
            lot=lot,
            sample=f"S{number}",
            purpose="routine",
            sampled_on=self.clock.now.date().isoformat(),
            results=[result],
            verdict="conformant",
        )
        yield self._said(MILL, "codes-issued", lot=lot, first=0, count=60, pack={"kg": "0.1"})
        yield from self._delivered(MILL, shop, [{"lot": lot, "amount": {"kg": "6"}}])
        for _ in range(SALES):
            yield self._said(shop, "retailed", lot=lot, amount={"kg": "0.1"})


def field_lot(number: int) -> str:
    """Return the name of a harvest lot."""
    return f"/lot/coop{number % GROWERS}/paddy/F{number}"


def silo_lot(silo: int) -> str:
    """Return the name of the blend in one silo."""
    return f"/lot/{MILL}/paddy/S{silo}"


def portion_lot(portion: int) -> str:
    """Return the name of a portion of the hub."""
    return f"/lot/{MILL}/rice/P{portion}"


def pack_lot(number: int) -> str:
    """Return the name of a lot of packs."""
    return f"/lot/{MILL}/rice/K{number}"


def plot_of(grower: int) -> str:
    """Return the random name that the one plot of a grower has."""
    return f"p{grower:025}"


@contextmanager
def opened(folder: Path) -> Iterator[tuple[Services, Season]]:
    """Make an instance with everybody who takes part, and close it afterwards."""
    season = Season()
    settings = Settings.init(folder / "instance", ORIGIN, "http://127.0.0.1:8000", {})
    database.init_instance(settings, operator_name="虚构平台", now=season.clock)
    services = database.open_services(settings, now=season.clock)
    try:
        _settle(services, season.clock)
        yield services, season
    finally:
        services.close()


def _settle(services: Services, clock: Clock) -> None:
    roles = {f"coop{number}": "cooperative" for number in range(GROWERS)}
    roles |= {f"shop{number}": "retailer" for number in range(SHOPS)}
    roles |= {MILL: "processor", LABORATORY: "laboratory", OFFICE: "regulator"}
    for party, role in roles.items():
        at = datetime.fromisoformat(clock.tick())
        where = "220000" if party == OFFICE else "220182"
        named: dict[str, Any] = {"party": party, "role": role, "division": where, "name": f"虚构{party}"}
        services.register_party(PartyRegistered(at=at, **named))

    def say(by: str, kind: str, **told: Any) -> None:
        services.journal.record(by, schema.load(kind, {"at": clock.tick(), **told}))

    mark = {
        "mark": MARK,
        "tier": "endorsement",
        "name": "虚构吉米",
        "owner": OFFICE,
        "commodities": ["paddy"],
    }
    say(OFFICE, "mark-registered", divisions=["220000"], season_month=1, **mark)
    basis = {"area_ha": "1000", "yield_kg_ha": "7500", "outturn_percent": "65"}
    say(OFFICE, "season-basis-set", mark=MARK, season=YEAR, commodity="paddy", division="220182", **basis)
    until = {"since": "2026-01-01", "until": "2026-12-31", "quota_t": "900"}
    paddy = {"product": "paddy", "name": "虚构稻谷", "commodity": "paddy", "measure": "mass"}
    rice = {"product": "rice", "name": "虚构大米", "commodity": "milled-rice", "measure": "mass"}
    for number in range(GROWERS):
        grower = f"coop{number}"
        say(grower, "product-registered", **paddy)
        plot = {"plot": plot_of(number), "division": "220182", "commodity": "paddy", "area_ha": "5000"}
        say(grower, "plot-registered", **plot)
        say(OFFICE, "licence-granted", licence=f"l-{grower}", mark=MARK, party=grower, **until)
    say(MILL, "product-registered", **paddy)
    say(MILL, "product-registered", **rice)


def ready(story: Story, most: int) -> list[tuple[str, Event]]:
    """Return the first *most* statements of *story*, without those that lean on the digest of another."""
    found: list[tuple[str, Event]] = []
    told = next(story)
    while len(found) < most:
        if not isinstance(told[1], Received):
            found.append(told)
        told = story.send("0" * 64)
    return found


def enter(services: Services, told: Sequence[tuple[str, Event]]) -> int:
    """Sign and record statements that are ready, in batches; return how many there were."""
    journal = services.journal
    for start in range(0, len(told), BATCH):
        batch = told[start : start + BATCH]
        journal.submit(*(journal.stated(by, event)[0] for by, event in batch)).result()
    return len(told)


def record(services: Services, story: Story, most: int | None = None) -> int:
    """Sign and record *story* in batches, all of it or the first *most*; return how many there were."""
    count = 0
    for batch in _batches(services, story, most):
        services.journal.submit(*batch).result()
        count += len(batch)
    return count


def _batches(services: Services, story: Story, most: int | None) -> Iterator[list[Signed]]:
    signed = islice(_signed(services, story), most)
    while batch := list(islice(signed, BATCH)):
        yield batch


def _signed(services: Services, story: Story) -> Iterator[Signed]:
    try:
        told = next(story)
        while True:
            (signed,) = services.journal.stated(told[0], told[1])
            yield signed
            told = story.send(signed.statement.digest)
    except StopIteration:
        return
