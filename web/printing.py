"""Codes for packs: issue them for a lot, and draw a label for each.

The codes are recorded first, as the lot's holder says, and only then printed: what nobody issued answers
"not issued", so a sheet lost in between harms nobody.
"""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from ledger.canonical import instant_of
from qr import code, short
from qr.label import Label, is_sample
from traceability import gs1, recollection, tables
from traceability.errors import Unknown
from traceability.events import may_state
from traceability.events.fact import SHANGHAI
from traceability.events.processing import CodesIssued
from traceability.past import KnownLot
from traceability.quantity import Amount
from traceability.reading import Reader
from traceability.reference import shipped
from web.database import Services
from web.facts import format_fact

ID = "https://id.gs1.org"


@dataclass(frozen=True, slots=True)
class Printing:
    """What the labels of one lot say, and which packs they are for."""

    lot: str
    product: str
    producer: str
    origin: str
    packed_on: date | None
    pack: Amount
    piece: str
    first: int
    count: int


def known(reader: Reader, lot: str) -> KnownLot:
    """Return what is known of *lot*, or raise `Unknown`."""
    found = recollection.known_lot(reader.connection, lot)
    if found is None:
        raise Unknown("lot", lot)
    return found


def holders(reader: Reader, lot: KnownLot) -> list[str]:
    """Return who holds some of *lot* and may issue codes for it; its maker comes first."""
    having = [party for party, amount in lot.stock.items() if amount > 0]
    able = [party for party in having if may_state(_role(reader, party), "codes-issued")]
    return sorted(able, key=lambda party: (party != lot.maker, party))


def usual_pack(reader: Reader, lot: KnownLot) -> Amount:
    """Return what a pack of *lot* held when codes were last issued, else one kilogram or one piece."""
    table = tables.code_issue
    rows = reader.connection.execute(recollection.standing(table, table.c.lot == lot.lot)).all()
    is_pieces = lot.measure == "pieces"
    amount = Decimal(rows[-1].pack) if rows else Decimal(1)
    return Amount(pieces=int(amount)) if is_pieces else Amount(kg=amount)


def issue(services: Services, by: str, lot: KnownLot, pack: Amount, count: int) -> Printing:
    """Record that *by* issues *count* codes for packs of *lot*, and return what to print.

    Raises `Refused` where the lot has not so much left, is on hold, or somebody else was quicker.
    """
    event = CodesIssued(at=services.clock(), lot=lot.lot, first=lot.next_code, count=count, pack=pack)
    services.journal.record(by, event)
    with services.reading() as reader:
        return _printing(reader, event, by)


def labels(services: Services, printing: Printing) -> Iterator[Label]:
    """Yield a label for each pack."""
    base = gs1.address(printing.lot.removeprefix(ID), services.base_url)
    middle = "/21/" if printing.lot.startswith(ID) else "/"
    digest16 = services.policy.digest().hex()[:16]
    for index in range(printing.first, printing.first + printing.count):
        serial = code.serial(services.settings.serial_key, printing.lot, index)
        yield Label(
            url=f"{base}{middle}{serial}",
            product=printing.product,
            producer=printing.producer,
            origin=printing.origin,
            lot=format_fact("lot", printing.lot),
            packed_on=printing.packed_on,
            net=format_fact("amount", printing.pack, "zh", unit=printing.piece),
            short=short.short_code(printing.lot),
            policy_digest16=digest16,
            sample=is_sample(services.base_url),
            serial=serial,
        )


def _printing(reader: Reader, event: CodesIssued, by: str) -> Printing:
    birth = _last(reader, tables.lot, tables.lot.c.lot == event.lot)
    product = None
    if birth is not None and birth.product is not None:
        table = tables.product
        product = _last(reader, table, table.c.party == birth.product_party, table.c.product == birth.product)
    maker = _last(reader, tables.party, tables.party.c.party == (birth.maker if birth is not None else by))
    return Printing(
        lot=event.lot,
        product="" if product is None else product.name,
        producer="" if maker is None else (maker.name or maker.party),
        origin="" if maker is None else division_name(maker.division),
        packed_on=None if birth is None else instant_of(birth.at).astimezone(SHANGHAI).date(),
        pack=event.pack,
        piece="" if product is None else (product.piece or ""),
        first=event.first,
        count=event.count,
    )


def _last(reader: Reader, table: Any, *conditions: Any) -> Any:
    rows = reader.connection.execute(recollection.standing(table, *conditions)).all()
    return rows[-1] if rows else None


def _role(reader: Reader, party: str) -> str:
    row = _last(reader, tables.party, tables.party.c.party == party)
    return "" if row is None else str(row.role)


def division_name(division: str) -> str:
    """Return province, prefecture and county of a division code, as far as they are known."""
    names, seen = [], division
    table = _divisions()
    while seen in table:
        name, seen = table[seen]
        names.append(name)
    return "".join(reversed(names)) or division


@cache
def _divisions() -> dict[str, tuple[str, str]]:
    rows = csv.DictReader(io.StringIO(shipped("divisions.csv").decode("utf-8"), newline=""))
    return {row["code"]: (row["name_zh"], row["parent_code"]) for row in rows}
