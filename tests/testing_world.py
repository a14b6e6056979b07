"""Samples, tests and certificates of the small world: one event of each kind, and a second laboratory."""

from typing import Any

from tests.world import PLOT, World
from traceability.events.registry import PartyRegistered

SECOND = "erjian"
TESTED_LOT = "/lot/heitu/paddy/26-T"


def second_laboratory(world: World) -> None:
    """Register a second laboratory, and let the province accredit both."""
    laboratory = PartyRegistered(
        at=world.clock(), party=SECOND, role="laboratory", division="220200", name="吉林虚构复检所"
    )
    world.services.register_party(laboratory)
    for party in ("jiance", SECOND):
        world.say(
            "sheng",
            "laboratory-accredited",
            party=party,
            scheme="CMA",
            number=f"CMA-虚构-{party}",
            since="2026-01-01",
            until="2028-12-31",
        )


def report(world: World, lot: str, cadmium: str, *, by: str = "jiance", **told: Any) -> Any:
    """Let *by* report how much cadmium the sample S-7 of *lot* has (limit 0.2 mg/kg)."""
    passed = cadmium < "0.2"
    result = {"analyte": "镉", "unit": "mg/kg", "value": cadmium, "limit": "0.2", "passed": passed}
    given = {
        "lot": lot,
        "sample": "S-7",
        "purpose": "supervision",
        "sampled_on": world.clock().astimezone().date().isoformat(),
        "results": [result],
        "verdict": "conformant" if passed else "non-conformant",
        **told,
    }
    return world.say(by, "inspected", **given)


def everything_of_testing(world: World) -> None:
    """State one event of each kind of samples, tests and certificates, about a lot of their own."""
    second_laboratory(world)
    world.harvest("10", lot=TESTED_LOT)
    _tested(world)
    world.say(
        "heitu",
        "instrument-registered",
        instrument="s",
        instrument_type="scale",
        serial_number="出厂虚构号甲",
    )
    world.say("heitu", "calibrated", instrument="s", institution="院", conclusion="passed", due="2027-12-31")
    _certified(world)


def _tested(world: World) -> None:
    sampling = {"sample": "S-7", "purpose": "supervision", "product_class": "agricultural"}
    goods = {"lot": TESTED_LOT, "commodity": "paddy", "amount": {"kg": "2"}, "division": "220182"}
    world.say("yushu", "sampled", **sampling, **goods, laboratory="jiance", plan="2026-4")
    today = world.clock().date().isoformat()
    first = report(world, TESTED_LOT, "0.5", sampled_on=today)
    world.say("yushu", "result-notified", inspection=first.digest, party="heitu", until="2027-12-31")
    objection = world.say("heitu", "objected", inspection=first.digest, reason="备份样品虚构混放")
    world.say("yushu", "retest-ordered", objection=objection.digest, laboratory=SECOND, due="2027-12-31")
    report(world, TESTED_LOT, "0.05", by=SECOND, retest_of=objection.digest, sampled_on=today)
    world.say("yushu", "hold-resolved", target=first.digest)
    again = world.say(
        "sheng",
        "laboratory-accredited",
        party=SECOND,
        scheme="CATL",
        number="CATL-虚构-1",
        since="2026-01-01",
        until="2028-12-31",
    )
    world.say("sheng", "accreditation-changed", accreditation=again.digest, new_state="suspended")


def _certified(world: World) -> None:
    certificate = world.say(
        "heitu",
        "certificate-issued",
        lot=TESTED_LOT,
        number="C-T",
        name="稻谷",
        amount={"kg": "5"},
        division="220182",
        basis="controlled",
        contact="虚构电话零四三一",
    )
    told = {"lot": TESTED_LOT, "certificate": certificate.digest}
    world.say("heitu", "certificate-collected", **told)
    world.say("heitu", "certificate-reported", **told, fault="illegible", note="字迹虚构模糊")
    granted = world.say(
        "sheng",
        "scheme-certified",
        scheme="organic",
        number="YJ-虚构-1",
        grantee="heitu",
        since="2026-01-01",
        until="2028-12-31",
        goods=["paddy"],
        area_ha="2",
    )
    base = [{"plot": PLOT, "area_ha": "1.5"}]
    world.say("heitu", "scheme-base-registered", certificate=granted.digest, plots=base)
    world.say("heitu", "scheme-used", certificate=granted.digest, lot=TESTED_LOT, amount={"kg": "5"})
    world.say("sheng", "scheme-changed", certificate=granted.digest, new_state="suspended")
