from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from tests.small_past import (
    AUTUMN,
    COOP,
    EARS,
    LOOSE_EARS,
    LOT,
    MILL,
    PLOT,
    RICE,
    kg,
    lot,
    moment,
    past,
    plot,
)
from traceability.errors import Breach
from traceability.events import Event
from traceability.events.field import Harvested, PlotShare
from traceability.events.followup import Corrected
from traceability.events.movement import Received, Retailed, Shipped
from traceability.events.partner import Item, PartnerClaimed
from traceability.events.processing import CodesIssued, Part, Processed, Product
from traceability.events.quality import CertificateIssued
from traceability.limits import shipped_rules
from traceability.past import KnownProduct, PastShipment, PastStatement
from traceability.quantity import Amount, Measure
from traceability.rules.balance import spent_twice
from traceability.rules.clauses import HOUSE

RULES = shipped_rules()
TARGET = "ab" * 32


def milled(inputs: str = "1000", rice: str = "700", bran: str = "300", **told: Any) -> Processed:
    outputs = (
        Product(RICE, "rice", kg(rice)),
        Product("/lot/meihe-mill/bran/B1", "bran", kg(bran), by_product=True),
    )
    return Processed(at=AUTUMN, process="milling", inputs=(Part(LOT, kg(inputs)),), outputs=outputs, **told)


def at_the_mill(**told: Any) -> Any:
    return past(MILL, lot(stock={MILL: Decimal(1000)}, **told))


def rules_of(event: Event, known: Any) -> list[str]:
    return [breach.rule for breach in spent_twice(event, known, RULES)]


@pytest.mark.parametrize(("rice", "rules"), [("700", []), ("700.001", ["mass-balance"])])
def test_not_a_gram_more_comes_out_than_went_in(rice: str, rules: list[str]) -> None:
    assert rules_of(milled(rice=rice), at_the_mill()) == rules


@pytest.mark.parametrize(
    ("loss", "water", "rules"),
    [("0", "0", []), ("0.001", "0", ["mass-balance"]), ("5", "5", []), ("5", "4.999", ["mass-balance"])],
)
def test_loss_counts_with_the_outputs_and_water_with_the_inputs(
    loss: str, water: str, rules: list[str]
) -> None:
    event = milled(loss_kg=Decimal(loss), water_kg=Decimal(water))

    assert rules_of(event, at_the_mill()) == rules


@pytest.mark.parametrize(("inputs", "rules"), [("1000", []), ("1000.001", ["mass-balance"])])
def test_no_more_goes_in_than_the_mill_holds(inputs: str, rules: list[str]) -> None:
    assert rules_of(milled(inputs=inputs), at_the_mill()) == rules


@pytest.mark.parametrize(("inputs", "rules"), [("600", []), ("600.001", ["mass-in-packs"])])
def test_what_stands_in_coded_packs_is_not_milled(inputs: str, rules: list[str]) -> None:
    event = milled(inputs=inputs, rice="300", bran="0.001")

    assert rules_of(event, at_the_mill(coded=Decimal(400))) == rules


def test_pieces_are_weighed_where_their_weight_is_known() -> None:
    cobs = lot(of=EARS, stock={COOP: Decimal(1000)})
    made = (Product("/lot/lishu-coop/paddy/P", "paddy", kg("400")),)
    fits = Processed(at=AUTUMN, process="freezing", inputs=(Part(LOT, Amount(pieces=1000)),), outputs=made)
    more = Processed(at=AUTUMN, process="freezing", inputs=(Part(LOT, Amount(pieces=999)),), outputs=made)

    assert [rules_of(event, past(COOP, cobs)) for event in (fits, more)] == [[], ["mass-balance"]]


@pytest.mark.parametrize("product", [EARS, LOOSE_EARS])
def test_a_process_whose_mass_nobody_knows_is_held(product: KnownProduct) -> None:
    cobs = lot(of=product)
    made = (Product("/lot/lishu-coop/loose/P", "loose", Amount(pieces=10)),)
    event = Processed(at=AUTUMN, process="freezing", inputs=(Part(LOT, Amount(pieces=10)),), outputs=made)

    breaches = list(spent_twice(event, past(COOP, cobs), RULES))

    assert breaches == [Breach("mass-unknown", HOUSE, (("process", "freezing"),), "hold")]


@pytest.mark.parametrize(("amount", "rules"), [("1000", []), ("1000.001", ["mass-balance"])])
@pytest.mark.parametrize("kind", ["shipped", "retailed", "certified"])
def test_no_more_leaves_than_is_held(kind: str, amount: str, rules: list[str]) -> None:
    events = {
        "shipped": Shipped(at=AUTUMN, parts=(Part(LOT, kg(amount)),), handover="00"),
        "retailed": Retailed(at=AUTUMN, lot=LOT, amount=kg(amount)),
        "certified": CertificateIssued(
            at=AUTUMN, lot=LOT, number="1", name="A", amount=kg(amount), division="2", basis="controlled"
        ),
    }

    assert rules_of(events[kind], past(COOP, lot())) == rules


def test_two_parts_of_one_lot_are_added_up() -> None:
    event = Shipped(at=AUTUMN, parts=(Part(LOT, kg("600")), Part(LOT, kg("600"))), handover="00")

    breaches = list(spent_twice(event, past(COOP, lot()), RULES))

    facts = (("lot", LOT), ("wanted", "1200"), ("held", "1000"))
    assert breaches == [Breach("mass-balance", HOUSE, facts)]


def test_codes_are_counted_elsewhere() -> None:
    event = CodesIssued(at=AUTUMN, lot=LOT, first=0, count=9, pack=kg("5000"))

    assert rules_of(event, past(COOP, lot())) == []


def harvest(amount: Amount, product: str = "paddy", day: str = "2026-09-20") -> Harvested:
    return Harvested(
        at=moment(day), lot=LOT, product=product, amount=amount, plots=(PlotShare(PLOT, amount),)
    )


@pytest.mark.parametrize(
    ("amount", "rules"),
    [
        ("9500", []),
        ("9500.001", ["yield-high"]),
        ("11250", ["yield-high"]),
        ("11250.001", ["yield-cap"]),
    ],
)
def test_a_plot_gives_no_more_than_its_crop_can(amount: str, rules: list[str]) -> None:
    assert rules_of(harvest(kg(amount)), past(COOP, plots=[plot()])) == rules


@pytest.mark.parametrize(("before", "rules"), [("1250", ["yield-high"]), ("1250.001", ["yield-cap"])])
def test_harvests_of_one_calendar_year_count_together(before: str, rules: list[str]) -> None:
    reaped: dict[Measure, Decimal] = {"mass": Decimal(before)}

    assert rules_of(harvest(kg("10000")), past(COOP, plots=[plot(reaped=reaped)])) == rules


def test_the_breach_of_a_cap_says_how_much_there_was_and_could_be() -> None:
    breaches = list(spent_twice(harvest(kg("30000")), past(COOP, plots=[plot(area_ha="2.5")]), RULES))

    facts = (
        ("plot", PLOT),
        ("year", "2026"),
        ("reaped", "30000"),
        ("most", "28125"),
        ("unit", "kg"),
        ("source", "wuchangdm.cn/news/80"),
    )
    assert breaches == [Breach("yield-cap", HOUSE, facts)]


@pytest.mark.parametrize(("ears", "levels"), [(54000, []), (54001, ["hold"])])
def test_a_cap_that_is_not_sure_only_holds(ears: int, levels: list[str]) -> None:
    event = harvest(Amount(pieces=ears), "ears")

    breaches = spent_twice(event, past(COOP, plots=[plot(commodity="fresh-maize")]), RULES)

    assert [breach.level for breach in breaches] == levels


@pytest.mark.parametrize(
    ("amount", "rules"),
    [("75", []), ("75.001", ["yield-high"]), ("110", ["yield-high"]), ("110.001", ["yield-cap"])],
)
def test_fungus_is_capped_by_the_bag(amount: str, rules: list[str]) -> None:
    fungus = KnownProduct(COOP, "paddy", "black-fungus", "mass")
    shed = plot(commodity="black-fungus", area_ha=None, bags=1000)

    assert (
        rules_of(harvest(kg(amount)), past(COOP, plots=[shed], products={(COOP, "paddy"): fungus})) == rules
    )


@pytest.mark.parametrize(
    ("parts", "rules"),
    [
        ([Part(LOT, kg("500"))], []),
        ([Part(LOT, kg("500.001"))], ["mass-balance"]),
        ([Part(RICE, kg("1"))], ["not-in-the-shipment"]),
        ([], []),
    ],
)
def test_no_more_arrives_than_was_sent(parts: list[Part], rules: list[str]) -> None:
    shipment = PastShipment(TARGET, COOP, AUTUMN, "00", ((LOT, Decimal(300)), (LOT, Decimal(200))))
    event = Received(at=AUTUMN, shipment=TARGET, token="t", parts=tuple(parts))

    assert rules_of(event, past(MILL, lot(), lot(RICE), shipment=shipment)) == rules


def correction(told: Event, replacement: Event | None, known: Any, by: str = COOP, **more: Any) -> list[str]:
    target = PastStatement(TARGET, 3, by, told, void=False)
    event = Corrected(at=AUTUMN, target=TARGET, reason="incorrect", replacement=replacement)
    return rules_of(event, past(by, known, target=target, **more))


@pytest.mark.parametrize(
    ("right", "rules"), [("400", []), ("399.999", ["spent-since"]), (None, ["spent-since"])]
)
def test_a_harvest_shrinks_only_to_what_was_taken_of_it(right: str | None, rules: list[str]) -> None:
    # 400 kg of it have been shipped; with the harvest void, its grower holds less than nothing.
    known = lot(born="0", stock={COOP: Decimal(-400)}, born_at=None)
    replacement = None if right is None else harvest(kg(right))

    assert correction(harvest(kg("1000")), replacement, known) == rules


@pytest.mark.parametrize(("right", "rules"), [("400", []), ("399.999", ["spent-since"])])
def test_what_stands_in_packs_or_products_stays_born(right: str, rules: list[str]) -> None:
    known = lot(born="0", stock={}, consumed=Decimal(150), coded=Decimal(250))

    assert correction(harvest(kg("1000")), harvest(kg(right)), known) == rules


def test_an_unspent_harvest_may_be_withdrawn() -> None:
    assert correction(harvest(kg("1000")), None, lot(born="0", stock={COOP: Decimal(0)})) == []


@pytest.mark.parametrize(("right", "rules"), [("100", []), ("99.999", ["spent-since"])])
def test_a_receipt_shrinks_only_to_what_was_taken_of_it(right: str, rules: list[str]) -> None:
    known = lot(stock={MILL: Decimal(-100)})
    told = [
        Received(at=AUTUMN, shipment=TARGET, token="t", parts=(Part(LOT, kg(each)),))
        for each in ("500", right)
    ]

    assert correction(told[0], told[1], known, MILL) == rules


@pytest.mark.parametrize(("by", "rules"), [(None, []), (MILL, ["received-already"])])
def test_a_shipment_that_arrived_is_not_withdrawn(by: str | None, rules: list[str]) -> None:
    shipment = PastShipment(TARGET, COOP, AUTUMN, "00", ((LOT, Decimal(5)),), by)
    told = Shipped(at=AUTUMN, parts=(Part(LOT, kg("5")),), handover="00")

    assert correction(told, None, lot(), shipment=shipment) == rules


def claimed(inputs: list[Item], outputs: list[Item]) -> PartnerClaimed:
    return PartnerClaimed(
        at=AUTUMN,
        position=0,
        event_id="urn:uuid:1",
        type="TransformationEvent",
        inputs=tuple(inputs),
        outputs=tuple(outputs),
    )


@pytest.mark.parametrize(
    ("outputs", "rules"),
    [
        ([Item("b", Decimal(1), "TNE")], []),
        ([Item("b", Decimal(1), "TNE"), Item("c", Decimal(1), "GRM")], ["mass-balance"]),
        ([Item("b", Decimal(9), "TNE"), Item("c", Decimal(1), "EA")], []),
        ([Item("b", Decimal(9), "TNE"), Item("c")], []),
        ([], []),
    ],
)
def test_a_partners_process_is_weighed_where_all_of_it_is_mass(outputs: list[Item], rules: list[str]) -> None:
    assert rules_of(claimed([Item("a", Decimal(1000), "KGM")], outputs), past(MILL)) == rules


@pytest.mark.parametrize(("mass", "rules"), [("21600", []), ("21600.4", ["yield-cap"])])
def test_ears_told_by_weight_are_capped_by_number(mass: str, rules: list[str]) -> None:
    by_weight = replace(EARS, measure="mass")
    known = past(COOP, plots=[plot(commodity="fresh-maize")], products={(COOP, "ears"): by_weight})

    assert rules_of(harvest(kg(mass), "ears"), known) == rules


@pytest.mark.parametrize(
    ("product", "rules"), [(EARS, ["yield-cap"]), (LOOSE_EARS, [])], ids=["weighed", "not weighed"]
)
def test_pieces_are_capped_by_weight_where_it_is_known(product: KnownProduct, rules: list[str]) -> None:
    # 30000 pieces of 0.4 kg are 12000 kg of paddy on one hectare.
    known = past(COOP, plots=[plot()], products={(COOP, "paddy"): replace(product, commodity="paddy")})

    assert rules_of(harvest(Amount(pieces=30000)), known) == rules


def test_without_size_in_the_unit_of_the_cap_nothing_is_claimed() -> None:
    assert rules_of(harvest(kg("99999")), past(COOP, plots=[plot(area_ha=None, bags=5)])) == []
