from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.small_past import (
    AUTUMN,
    COOP,
    LAB,
    LOT,
    MILL,
    OPERATOR,
    PADDY,
    PLOT,
    RICE,
    kg,
    lot,
    past,
    plot,
)
from traceability.errors import Breach
from traceability.events import Event
from traceability.events.field import Harvested, InputApplied, PlotShare, Treated
from traceability.events.followup import Recalled
from traceability.events.movement import Received, Retailed, Shipped
from traceability.events.processing import CodesVoided, Part, Processed, Product, UntracedReceived
from traceability.events.quality import Inspected, Result
from traceability.events.registry import (
    MemberRegistered,
    PartyRegistered,
    PlotRegistered,
    PrefixLicensed,
    ProductRegistered,
    RuleFile,
    RulesAdopted,
)
from traceability.gs1 import check_digit
from traceability.limits import digest_of, shipped_rules
from traceability.past import KnownParty
from traceability.quantity import Amount
from traceability.rules.clauses import HOUSE
from traceability.rules.known import misnamed

RULES = shipped_rules()
MEMBER = "1" * 26
GTIN = "0952123400001" + check_digit("0952123400001")


def rules_of(event: Event, known: Any) -> list[str]:
    return [breach.rule for breach in misnamed(event, known, RULES)]


def harvest(**told: Any) -> Harvested:
    fields: dict[str, Any] = {"at": AUTUMN, "lot": LOT, "product": "paddy", "amount": kg("5"), **told}
    return Harvested(plots=(PlotShare(PLOT, fields["amount"]),), **fields)


@pytest.mark.parametrize(
    ("told", "known", "rules"),
    [
        ({}, past(COOP, plots=[plot()]), []),
        ({}, past(COOP), ["unknown-plot"]),
        ({}, past(COOP, plots=[replace(plot(), party=MILL)]), ["not-your-plot"]),
        ({}, past(COOP, plots=[plot(commodity="maize")]), ["commodity-differs"]),
        ({"product": "gold"}, past(COOP, plots=[plot()]), ["unknown-product"]),
        ({"amount": Amount(pieces=5)}, past(COOP, plots=[plot()]), ["wrong-measure"]),
        ({}, past(COOP, lot(), plots=[plot()]), ["lot-exists"]),
        ({}, past(COOP, lot(born="0", born_at=None), plots=[plot()]), []),
        ({"lot": "/lot/meihe-mill/paddy/L1"}, past(COOP, plots=[plot()]), ["not-your-number"]),
        ({"lot": "/lot/lishu-coop/rice/L1"}, past(COOP, plots=[plot()]), ["not-your-number"]),
        ({"lot": f"https://id.gs1.org/01/{GTIN}/10/L1"}, past(COOP, plots=[plot()]), ["not-your-number"]),
        ({"lot": "/lot/lishu-coop/paddy/L1/S"}, past(COOP, plots=[plot()]), ["not-a-lot"]),
        ({"lot": f"(01){GTIN}(10)L1"}, past(COOP, plots=[plot()]), ["not-a-lot"]),
        ({"lot": "L1"}, past(COOP, plots=[plot()]), ["not-a-lot"]),
        ({"member": MEMBER}, past(COOP, plots=[plot()]), ["unknown-member"]),
        ({"member": MEMBER}, past(COOP, plots=[plot()], members=frozenset({MEMBER})), []),
    ],
)
def test_a_harvest_names_what_is_there_and_its_own(told: Any, known: Any, rules: list[str]) -> None:
    assert rules_of(harvest(**told), known) == rules


def test_milled_rice_is_not_harvested() -> None:
    white = replace(PADDY, commodity="milled-rice")

    assert rules_of(harvest(), past(COOP, plots=[plot()], products={(COOP, "paddy"): white})) == [
        "commodity-differs"
    ]


@pytest.mark.parametrize(("gtin", "rules"), [(GTIN, []), (None, ["not-your-number"])])
def test_a_lot_with_a_gtin_is_of_the_product_with_it(gtin: str | None, rules: list[str]) -> None:
    numbered = {(COOP, "paddy"): replace(PADDY, gtin=gtin)}
    event = UntracedReceived(
        at=AUTUMN, lot=f"https://id.gs1.org/01/{GTIN}/10/L1", product="paddy", amount=kg("5")
    )

    assert rules_of(event, past(COOP, products=numbered)) == rules


@pytest.mark.parametrize(
    ("weight", "amount", "rules"),
    [
        (None, kg("1"), ["wrong-measure"]),
        ("0.4", kg("2"), []),
        ("0.4", kg("1"), ["wrong-measure"]),
        ("0.4", Amount(pieces=1), []),
    ],
)
def test_pieces_may_be_told_by_weight_if_their_number_is_whole(
    weight: str | None, amount: Amount, rules: list[str]
) -> None:
    ears = replace(PADDY, measure="pieces", piece_kg=None if weight is None else Decimal(weight))
    event = Retailed(at=AUTUMN, lot=LOT, amount=amount)

    assert rules_of(event, past(COOP, lot(of=ears))) == rules


@pytest.mark.parametrize(
    ("measure", "amount", "rules"),
    [
        ("pieces", Amount(pieces=1), []),
        ("pieces", kg("1"), ["wrong-measure"]),
        ("mass", kg("1"), []),
        ("mass", Amount(pieces=1), ["wrong-measure"]),
        (None, kg("1"), []),
    ],
)
def test_a_lot_of_no_known_product_is_counted_as_its_partner_does(
    measure: Any, amount: Amount, rules: list[str]
) -> None:
    event = Retailed(at=AUTUMN, lot=LOT, amount=amount)

    assert rules_of(event, past(COOP, lot(of=None, measure=measure))) == rules


INSPECTED = Inspected(
    at=AUTUMN,
    lot=LOT,
    sample="S",
    purpose="routine",
    sampled_on=date(2026, 9, 20),
    results=(Result(analyte="镉", unit="mg/kg", passed=True),),
    verdict="conformant",
)


@pytest.mark.parametrize(
    ("by", "event"),
    [
        (COOP, Retailed(at=AUTUMN, lot=LOT, amount=kg("1"))),
        (COOP, Shipped(at=AUTUMN, parts=(Part(LOT, kg("1")), Part(LOT, kg("2"))), handover="00")),
        (COOP, Recalled(at=AUTUMN, lot=LOT, level=1, cause="other")),
        (COOP, CodesVoided(at=AUTUMN, lot=LOT, first=0, count=1, cause="lost")),
        (LAB, INSPECTED),
        (
            MILL,
            Processed(
                at=AUTUMN,
                process="milling",
                inputs=(Part(LOT, kg("1")),),
                outputs=(Product(RICE, "rice", kg("1")),),
            ),
        ),
    ],
)
def test_a_lot_is_known_before_anything_is_said_of_it(by: str, event: Event) -> None:
    found = [list(misnamed(event, known, RULES)) for known in (past(by), past(by, lot()))]

    assert found == [[Breach("unknown-lot", HOUSE, (("lot", LOT),))], []]


def test_the_lots_of_a_receipt_are_judged_by_its_shipment() -> None:
    event = Received(at=AUTUMN, shipment="ab", token="t", parts=(Part(LOT, kg("1")),))

    assert rules_of(event, past(MILL)) == []


@pytest.mark.parametrize("known", [past(MILL), past(MILL, plots=[plot()])])
@pytest.mark.parametrize(
    "event",
    [
        Treated(at=AUTUMN, plot=PLOT, name="A", substances=("B",)),
        InputApplied(at=AUTUMN, plot=PLOT, name="A", category="seed", amount=Decimal(1), unit="kg"),
    ],
)
def test_nobody_works_on_anothers_plot(event: Event, known: Any) -> None:
    assert rules_of(event, known) == (["not-your-plot"] if known.plots else ["unknown-plot"])


PARTY = PartyRegistered(at=AUTUMN, party="new-farm", role="farm", division="220322", name="A")


@pytest.mark.parametrize(
    ("parties", "rules"),
    [
        ({}, []),
        ({"new-farm": KnownParty("new-farm", "farm", "220322")}, ["registered-already"]),
        ({"new-farm": KnownParty("new-farm", "farm", "")}, []),
        ({"new-farm": KnownParty("new-farm", "operator", "")}, ["role-differs"]),
    ],
)
def test_a_party_is_registered_once_and_with_the_role_of_its_key(parties: Any, rules: list[str]) -> None:
    assert rules_of(PARTY, past(OPERATOR, parties=parties)) == rules


@pytest.mark.parametrize(("party", "rules"), [(MILL, []), ("stranger", ["unknown-party"])])
def test_a_licence_is_of_a_known_party(party: str, rules: list[str]) -> None:
    assert rules_of(PrefixLicensed(at=AUTUMN, party=party, prefix="9520001"), past(OPERATOR)) == rules


@pytest.mark.parametrize(
    ("told", "rules"),
    [
        ({}, []),
        ({"product": "paddy"}, ["registered-already"]),
        ({"commodity": "gold"}, ["unknown-commodity"]),
        ({"piece_kg": Decimal("0.001")}, []),
        ({"piece_kg": Decimal(0)}, ["piece-weighs-nothing"]),
    ],
)
def test_a_product_is_registered_once_and_of_a_known_kind(told: Any, rules: list[str]) -> None:
    event = ProductRegistered(
        at=AUTUMN, **{"product": "new", "name": "A", "commodity": "paddy", "measure": "mass", **told}
    )

    assert rules_of(event, past(COOP)) == rules


@pytest.mark.parametrize(
    ("commodity", "plots", "rules"),
    [
        ("paddy", [], []),
        ("paddy", [plot()], ["registered-already"]),
        ("gold", [], ["unknown-commodity"]),
        ("milled-rice", [], ["not-grown"]),
    ],
)
def test_a_plot_is_registered_once_and_grows_a_crop(commodity: str, plots: Any, rules: list[str]) -> None:
    event = PlotRegistered(at=AUTUMN, plot=PLOT, division="220322", commodity=commodity, bags=5)

    assert rules_of(event, past(COOP, plots=plots)) == rules


@pytest.mark.parametrize(
    ("member", "rules"), [(None, ["member-missing"]), (MEMBER, ["registered-already"]), ("2" * 26, [])]
)
def test_a_member_is_registered_once(member: str | None, rules: list[str]) -> None:
    event = MemberRegistered(at=AUTUMN, member=member)

    assert rules_of(event, past(COOP, members=frozenset({MEMBER}))) == rules


@pytest.mark.parametrize(
    ("digest", "rules"), [(digest_of("2", {"a": "01"}), []), ("00" * 32, ["rules-digest"])]
)
def test_an_adopted_rule_set_bears_the_digest_of_its_files(digest: str, rules: list[str]) -> None:
    event = RulesAdopted(at=AUTUMN, version="2", digest=digest, files=(RuleFile("a", "01"),))

    assert rules_of(event, past(OPERATOR)) == rules
