"""A lot is counted as its product says; nothing is added that was measured otherwise."""

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Connection, insert

from traceability import tables
from traceability.events import field, partner, processing
from traceability.measuring import Measures, Scale, births_of, scale_of_product
from traceability.quantity import Amount
from traceability.replay import scratch_engine

AT = datetime(2026, 9, 21, tzinfo=UTC)
KG, EARS = Amount(kg=Decimal(5)), Amount(pieces=10)
HALF = Decimal("0.5")


@pytest.fixture
def connection() -> Iterator[Connection]:
    """An index in which heitu makes paddy by mass, ears of half a kilogram, and packs of no known weight."""
    engine = scratch_engine()
    with engine.begin() as made:
        for entry, product, measure, piece_kg in (
            (1, "paddy", "mass", None),
            (2, "ears", "pieces", "0.5"),
            (3, "packs", "pieces", None),
            (4, "gone", "pieces", None),
        ):
            state(made, entry, void_by=9 if product == "gone" else None)
            row = {"entry": entry, "party": "heitu", "product": product, "name": "x", "commodity": "maize"}
            made.execute(insert(tables.product), row | {"measure": measure, "piece_kg": piece_kg})
            born(made, entry + 10, f"/{product}", product=product)
        born(made, 20, "/theirs", product=None, measure="pieces")
        yield made
    engine.dispose()


def state(connection: Connection, entry: int, **other: Any) -> None:
    """Write the row of a statement."""
    row = dict.fromkeys(("kind", "source", "rules", "at", "recorded_at"), "")
    row |= {"entry": entry, "by": "heitu", "statement_id": str(entry), "digest": str(entry)}  # type: ignore[dict-item]  # a row
    connection.execute(insert(tables.statement), row | other)


def born(connection: Connection, entry: int, lot: str, *, product: str | None, measure: str = "mass") -> None:
    """Write the row of a lot."""
    row = {"entry": entry, "ordinal": 0, "lot": lot, "maker": "heitu", "product_party": "heitu"}
    row |= {"product": product, "measure": measure, "how": "x", "by_product": False, "at": "", "hash": ""}
    connection.execute(insert(tables.lot), row)


@pytest.mark.parametrize(
    ("product", "scale"),
    [
        ("paddy", Scale("mass")),
        ("ears", Scale("pieces", HALF)),
        ("packs", Scale("pieces")),
        ("gone", Scale("mass")),
        ("unheard-of", Scale("mass")),
    ],
)
def test_a_product_is_measured_as_it_was_last_registered(
    connection: Connection, product: str, scale: Scale
) -> None:
    assert scale_of_product(connection, "heitu", product) == scale
    assert Measures(connection, "heitu", None).scale(f"/{product}") == scale


@pytest.mark.parametrize(
    ("lot", "amount", "expected"),
    [
        ("/paddy", KG, Decimal(5)),
        ("/paddy", EARS, None),
        ("/ears", EARS, Decimal(10)),
        ("/ears", KG, Decimal(10)),
        ("/packs", KG, None),
        ("/nowhere", KG, Decimal(5)),
        ("/nowhere", EARS, None),
    ],
)
def test_an_amount_is_told_in_the_measure_of_its_lot(
    connection: Connection, lot: str, amount: Amount, expected: Decimal | None
) -> None:
    assert Measures(connection, "heitu", None).amount_of(lot, amount) == expected


def test_a_lot_is_measured_from_its_birth_on(connection: Connection) -> None:
    harvest = field.Harvested(
        at=AT, lot="/new", product="ears", amount=EARS, plots=(field.PlotShare("p", EARS),)
    )

    assert Measures(connection, "heitu", harvest).scale("/new") == Scale("pieces", HALF)


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        (partner.Item("/paddy", Decimal(2), "TNE"), Decimal(2000)),
        (partner.Item("/paddy", Decimal(2), "GRM"), Decimal("0.002")),
        (partner.Item("/paddy", Decimal(2)), None),
        (partner.Item("/paddy"), None),
        (partner.Item("/theirs", Decimal(2)), Decimal(2)),
        (partner.Item("/theirs", Decimal(2), "KGM"), None),
    ],
)
def test_what_a_partner_counts_is_taken_only_in_the_measure_of_the_lot(
    connection: Connection, item: partner.Item, expected: Decimal | None
) -> None:
    assert Measures(connection, "heitu", None).quantity_of(item) == expected


@pytest.mark.parametrize(("unit", "measure"), [("KGM", "mass"), ("H87", "pieces"), (None, "pieces")])
def test_a_partners_new_lot_is_measured_as_it_was_first_counted(
    connection: Connection, unit: str | None, measure: str
) -> None:
    item = partner.Item("/fresh", Decimal(1), unit)
    claim = partner.PartnerClaimed(at=AT, position=0, event_id="1", type="ObjectEvent", objects=(item,))

    assert Measures(connection, "operator", claim).scale("/fresh").measure == measure


def test_only_what_is_born_has_a_product() -> None:
    made = processing.Product("/b", "rice", KG), processing.Product("/c", "bran", KG)
    process = processing.Processed(
        at=AT, process="milling", inputs=(processing.Part("/a", KG),), outputs=made
    )

    assert births_of(process) == (("/b", "rice"), ("/c", "bran"))
    assert births_of(processing.Packed(at=AT, container="/box", parts=(processing.Part("/a", KG),))) == ()
    assert births_of(None) == ()
