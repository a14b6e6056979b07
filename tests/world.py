"""A small world for tests: one instance on a fresh SQLite file, and the people of a short supply chain.

operator · sheng (province), yushu (county) regulators · heitu (cooperative) · mifang (mill)
jiance (laboratory) · chaoshi (retailer)

heitu grows paddy on the plot `PLOT` (2 ha); mifang makes rice, bran and husk of it.
"""

import atexit
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import select

from ledger.canonical import instant_text
from traceability import schema, tables
from traceability.events import partner
from traceability.events.registry import PartyRegistered
from traceability.journal import Recorded
from traceability.limits import shipped_rules
from traceability.statement import Statement
from web import database
from web.database import Services
from web.settings import Settings

ORIGIN = "test.example/log"
BEGUN = datetime(2026, 4, 1, tzinfo=UTC)
BASE_URL = "http://127.0.0.1:8000"

PLOT = "0123456789abcdefghjkmnpqrs"
MEMBER = "m123456789abcdefghjkmnpqrs"
TOKEN = "T0KENT0KENT0KENT0KENT0KENT0KENT0"

PADDY_LOT = "/lot/heitu/paddy/26-A"
RICE_LOT = "/lot/mifang/rice/R-1"

PARTIES = (
    ("sheng", "regulator", "220000", "吉林省虚构农业农村厅"),
    ("yushu", "regulator", "220182", "榆树市虚构农业农村局"),
    ("heitu", "cooperative", "220182", "榆树虚构黑土水稻合作社"),
    ("mifang", "processor", "220182", "榆树虚构米坊"),
    ("jiance", "laboratory", "220100", "长春虚构检测中心"),
    ("chaoshi", "retailer", "220102", "长春虚构超市"),
)


class SetClock:
    """A clock that stands still until it is moved."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        """Return the time it was set to."""
        return self.now

    def pass_time(self, **span: float) -> None:
        """Move the clock on by `timedelta(**span)`."""
        self.now += timedelta(**span)


@dataclass
class World:
    """An open instance, its clock, and a short way to state things."""

    services: Services
    clock: SetClock

    def at(self, text: str) -> str:
        """Set the clock to *text* (RFC 3339) and return it as the log writes it."""
        self.clock.now = datetime.fromisoformat(text).astimezone(UTC)
        return instant_text(self.clock.now)

    def say(self, by: str, kind: str, **told: Any) -> Recorded:
        """State an event for *by*, at the clock's time unless told otherwise, and wait for the seal."""
        event = schema.load(kind, {"at": self.clock.now.isoformat(), **told})
        return self.services.journal.record(by, event)[0]

    def statement_of(self, kind: str) -> Statement:
        """Return the first statement of an event of *kind*."""
        with self.services.reading() as reader:
            row = reader.connection.execute(
                select(tables.statement.c.entry)
                .where(tables.statement.c.kind == kind)
                .order_by(tables.statement.c.entry)
            ).first()
            assert row is not None
            return reader.statement(row.entry)

    def harvest(self, kg: str = "5000", lot: str = PADDY_LOT, **told: Any) -> Recorded:
        """Let heitu harvest *kg* of paddy from `PLOT`."""
        amount = {"kg": kg}
        shares = [{"plot": PLOT, "amount": amount}]
        return self.say("heitu", "harvested", lot=lot, product="paddy", amount=amount, plots=shares, **told)

    def hand_over(self, lot: str, kg: str, *, by: str, to: str, token: str = TOKEN) -> Recorded:
        """Ship *kg* of *lot* from *by* to *to*, and receive it there."""
        parts = [{"lot": lot, "amount": {"kg": kg}}]
        handover = sha256(token.encode()).hexdigest()
        shipped = self.say(by, "shipped", parts=parts, handover=handover, to=to, destination="虚构仓库")
        self.clock.pass_time(hours=2)
        return self.say(to, "received", shipment=shipped.digest, token=token, parts=parts)

    def mill(self, paddy: str = "5000", rice: str = "3300", **told: Any) -> Recorded:
        """Let mifang mill *paddy* kg of `PADDY_LOT` into *rice* kg of `RICE_LOT`, bran and husk."""
        outputs = [
            {"lot": RICE_LOT, "product": "rice", "amount": {"kg": rice}},
            {"lot": "/lot/mifang/bran/B-1", "product": "bran", "amount": {"kg": "400"}, "by_product": True},
        ]
        inputs = [{"lot": PADDY_LOT, "amount": {"kg": paddy}}]
        return self.say("mifang", "processed", process="milling", inputs=inputs, outputs=outputs, **told)

    def whole_chain(self) -> None:
        """Spray, harvest, hand over, mill and test: one lot of rice with everything behind it."""
        self.at("2026-07-01T08:00:00+08:00")
        self.say(
            "heitu",
            "treated",
            plot=PLOT,
            name="虚构牌吡虫啉",
            substances=["吡虫啉"],
            interval_days=14,
            label_photo=sha256(b"label").hexdigest(),
        )
        self.at("2026-09-21T08:00:00+08:00")
        self.harvest()
        self.at("2026-10-01T08:00:00+08:00")
        self.hand_over(PADDY_LOT, "5000", by="heitu", to="mifang")
        self.at("2026-10-03T08:00:00+08:00")
        self.mill()
        self.at("2026-10-08T08:00:00+08:00")
        self.inspect()

    def inspect(self, lot: str = RICE_LOT, cadmium: str = "0.05", *, passed: bool = True) -> Recorded:
        """Let jiance test *lot* for cadmium (limit 0.2 mg/kg)."""
        result = {"analyte": "镉", "unit": "mg/kg", "value": cadmium, "limit": "0.2", "passed": passed}
        return self.say(
            "jiance",
            "inspected",
            lot=lot,
            sample="S-1",
            purpose="routine",
            sampled_on="2026-10-06",
            results=[result],
            verdict="conformant" if passed else "non-conformant",
        )


@contextmanager
def opened(
    folder: Path, *, base_url: str = BASE_URL, url: str | None = None, has_own_keys: bool = False
) -> Iterator[World]:
    """Open an instance in *folder* with its people, products and plot; close it afterwards.

    On SQLite each is a copy of one that this process made once: making tables takes longer than most tests.
    One that *has_own_keys* is made anew: it is another log of the same origin.
    """
    clock, instance = SetClock(BEGUN), folder / "instance"
    if url is None and not has_own_keys:
        shutil.copytree(_made_once(base_url), instance)
        settings = Settings.load(instance, {})
    else:
        environ = {} if url is None else {"JIZIHAO_DATABASE_URL": url}
        settings = Settings.init(instance, ORIGIN, base_url, environ)
        _make(settings)
    services = database.open_services(settings, now=clock)
    try:
        yield World(services, clock)
    finally:
        services.close()


@cache
def _made_once(base_url: str) -> Path:
    folder = Path(tempfile.mkdtemp(prefix="world-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    _make(Settings.init(folder / "instance", ORIGIN, base_url, {}))
    return folder / "instance"


def _make(settings: Settings) -> None:
    clock = SetClock(BEGUN)
    database.init_instance(settings, operator_name="虚构平台", now=clock)
    services = database.open_services(settings, now=clock)
    try:
        _populate(World(services, clock))
    finally:
        services.close()


def _populate(world: World) -> None:
    for party, role, division, name in PARTIES:
        registered = PartyRegistered(
            at=world.clock(),
            party=party,
            role=role,  # type: ignore[arg-type]  # the words of PARTIES are roles
            division=division,
            name=name,
        )
        world.services.register_party(registered)
    for by, product, name, commodity in (
        ("heitu", "paddy", "榆树虚构稻谷", "paddy"),
        ("mifang", "rice", "榆树虚构大米", "milled-rice"),
        ("mifang", "bran", "虚构米糠", "rice-bran"),
    ):
        world.say(by, "product-registered", product=product, name=name, commodity=commodity, measure="mass")
    world.say("heitu", "member-registered", member=MEMBER, name="王虚构")
    world.say(
        "heitu",
        "plot-registered",
        plot=PLOT,
        division="220182",
        commodity="paddy",
        area_ha="2",
        member=MEMBER,
        place="村东头",
    )


def everything_of_goods(world: World) -> None:
    """State at least one event for every table of the way of the goods."""
    services = world.services
    world.whole_chain()
    world.say("sheng", "prefix-licensed", party="mifang", prefix="9521234", document="GS1-虚构-1")
    world.say("heitu", "input-bought", name="虚构尿素", category="fertiliser", amount="50", unit="kg")
    world.say("mifang", "codes-issued", lot=RICE_LOT, first=0, count=100, pack={"kg": "5"})
    world.say("mifang", "codes-voided", lot=RICE_LOT, first=90, count=10, cause="misprint")
    world.say(
        "mifang",
        "certificate-issued",
        lot=RICE_LOT,
        number="C-1",
        name="榆树虚构大米",
        amount={"kg": "3300"},
        division="220182",
        basis="self-tested",
        contact="13800000000",
    )
    wrong = world.say("heitu", "input-bought", name="写错了", category="other", amount="1", unit="kg")
    world.say("heitu", "corrected", target=wrong.digest, reason="did-not-occur", note="手误")
    late = world.say(
        "heitu",
        "treated",
        at="2026-09-15T08:00:00+08:00",
        plot=PLOT,
        name="补记的药",
        substances=["三环唑"],
        interval_days=21,
    )
    world.say("yushu", "hold-resolved", target=late.digest, note="现场核实")
    claim = partner.PartnerClaimed(
        at=world.clock(),
        position=0,
        event_id="urn:uuid:11111111-1111-4111-8111-111111111111",
        type="ObjectEvent",
        action="ADD",
        step="creating_class_instance",
        objects=(partner.Item("https://id.gs1.org/01/09521234000013/10/P1", Decimal(10), "KGM"),),
        places=(partner.Place("read-point", "https://id.gs1.org/414/9521234000006"),),
    )
    declared = replace(claim, error=partner.ErrorDeclaration(world.clock(), "did_not_occur"))
    for each in (claim, declared):
        services.journal.record("operator", each, source="partner")
    world.say("heitu", "erased", target=wrong.digest, fields=["/note"], done="hidden", cause="order")
    world.say("mifang", "recalled", lot=RICE_LOT, level=3, cause="mislabelled", note="标签印错")


def everything(world: World) -> None:
    """State at least one event for every table, so that a test can change a row in each."""
    everything_of_goods(world)
    services = world.services
    # Imported here: it tells of the same world.
    from tests.case_world import everything_of_cases  # noqa: PLC0415 -- likewise

    everything_of_cases(world)
    from tests.making_world import everything_of_making  # noqa: PLC0415 -- likewise

    everything_of_making(world)
    from tests.release_world import everything_of_release  # noqa: PLC0415 -- likewise

    everything_of_release(world)
    from tests.testing_world import everything_of_testing  # noqa: PLC0415 -- likewise

    everything_of_testing(world)
    from tests.brands import everything_of_brands  # noqa: PLC0415 -- likewise

    everything_of_brands(world)
    rules = shipped_rules()
    world.say(
        "operator",
        "rules-adopted",
        version=rules.version,
        digest=rules.digest,
        files=[{"name": name, "sha256": sha256} for name, sha256 in sorted(rules.files.items())],
    )
    services.log.publish()
