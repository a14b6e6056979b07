"""The certificates of a lot, strictly its own, and what is left of those that a party was granted.

    attached       one stands for this very lot     required   the scope of the day asks for it, none stands
    not-required   the scope of the day says so     unknown    nobody has read what the scope says of it

There is no way from a lot to another lot, to a product or to an enterprise: what is missing shows as missing.
"""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, func, select

from ledger.canonical import instant_of
from traceability import tables
from traceability.events.fact import legal_day
from traceability.limits import RuleSet
from traceability.past.certifying import PastScheme
from traceability.tables import certifying

MOST_USES = 50
"""So many uses of one lot are looked at; a lot is sold under few certificates."""

State = Literal["attached", "required", "not-required", "unknown"]


@dataclass(frozen=True, slots=True)
class Issued:
    """A 承诺达标合格证 of one lot; *superseded_by* is the entry that stands in its place."""

    entry: int
    digest: str
    lot: str
    by: str
    number: str
    division: str
    amount: Decimal
    day: str
    superseded_by: int | None
    collected_by: tuple[str, ...]
    faults: int


def certificates(connection: Connection, *conditions: ColumnElement[bool], limit: int = 200) -> list[Issued]:
    """Return the certificates that fit *conditions* and stand, the newest first."""
    table, said = certifying.certificate_detail, tables.statement
    rows = connection.execute(
        select(table, said.c.digest, said.c.at)
        .join(said, said.c.entry == table.c.entry)
        .where(said.c.void_by.is_(None), *conditions)
        .order_by(table.c.entry.desc())
        .limit(limit)
    )
    return [_issued(connection, row) for row in rows]


def certificate_named(connection: Connection, digest: str) -> Issued | None:
    """Return the certificate whose statement has this digest, if it stands."""
    return next(iter(certificates(connection, tables.statement.c.digest == digest)), None)


def of_lot(connection: Connection, lot: str) -> list[Issued]:
    """Return the certificates of this very lot."""
    return certificates(connection, certifying.certificate_detail.c.lot == lot)


def state_of(connection: Connection, lot: str, commodity: str, rules: RuleSet, on: date) -> State:
    """Return how a lot of that kind of goods stands on that day."""
    if any(each.superseded_by is None for each in of_lot(connection, lot)):
        return "attached"
    required = rules.requires_certificate(commodity, on)
    if required is None:
        return "unknown"
    return "required" if required else "not-required"


@dataclass(frozen=True, slots=True)
class Fault:
    """Somebody says that a certificate is wrong; *division* is the origin whose authority looks into it."""

    entry: int
    recorded_at: str
    by: str
    fault: str
    lot: str
    certificate: str
    number: str
    division: str


def faults(connection: Connection, limit: int = 200) -> list[Fault]:
    """Return what was reported of certificates that stand, the newest first."""
    table, detail = certifying.certificate_fault, certifying.certificate_detail
    told, issued = tables.statement, tables.statement.alias("issued")
    rows = connection.execute(
        select(table, told.c.recorded_at, detail.c.number, detail.c.division)
        .join(told, told.c.entry == table.c.entry)
        .join(issued, issued.c.digest == table.c.certificate)
        .join(detail, detail.c.entry == issued.c.entry)
        .where(told.c.void_by.is_(None))
        .order_by(table.c.entry.desc())
        .limit(limit)
    )
    return [
        Fault(
            row.entry,
            row.recorded_at,
            row.by,
            row.fault,
            row.lot,
            row.certificate,
            row.number,
            row.division,
        )
        for row in rows
    ]


def _issued(connection: Connection, row: Any) -> Issued:
    detail, receipt, fault = (
        certifying.certificate_detail,
        certifying.certificate_receipt,
        certifying.certificate_fault,
    )
    later = connection.execute(tables.standing(detail, detail.c.supersedes == row.digest)).first()
    collected = connection.execute(tables.standing(receipt, receipt.c.certificate == row.digest))
    faults = connection.execute(tables.standing(fault, fault.c.certificate == row.digest)).all()
    return Issued(
        row.entry,
        row.digest,
        row.lot,
        row.by,
        row.number,
        row.division,
        Decimal(row.amount),
        row.at,
        None if later is None else later.entry,
        tuple(sorted({each.by for each in collected})),
        len(faults),
    )


@dataclass(frozen=True, slots=True)
class Granted:
    """A certificate that a party was granted, its number, and what is used up of it."""

    entry: int
    number: str
    scheme: PastScheme
    indication: str | None
    registry: str | None
    promise: str | None

    @property
    def left_kg(self) -> Decimal | None:
        """What may still be sold under it; None where it has no bound."""
        return None if self.scheme.tonnage_kg is None else self.scheme.tonnage_kg - self.scheme.used_kg


def granted_to(connection: Connection, party: str) -> list[Granted]:
    """Return what *party* was granted, the newest first."""
    return granted(connection, certifying.scheme_certificate.c.holder == party)


def used_on(connection: Connection, lot: str) -> list[Granted]:
    """Return the certificates that this very lot, or a part of it, was sold under."""
    use, said = certifying.scheme_use, tables.statement
    digests = select(use.c.certificate).join(said, said.c.entry == use.c.entry)
    named = digests.where(use.c.lot == lot, said.c.void_by.is_(None))
    return granted(connection, tables.statement.c.digest.in_(named))


@dataclass(frozen=True, slots=True)
class Covering:
    """Some of a lot is sold under a granted certificate: so the entry of the use says, and the rules let it.

    *scheme* is None where whoever granted the certificate has taken the grant itself back.
    """

    entry: int
    day: date
    kg: Decimal
    kind: str
    number: str
    by: str
    scheme: PastScheme | None

    def state(self, on: date) -> str:
        """Return how the certificate stands on the day *on*; one that was taken back never stood."""
        return "withdrawn" if self.scheme is None else self.scheme.state(on)


def covering(connection: Connection, lot: str) -> list[Covering]:
    """Return under which granted certificates this very lot, or a part of it, is sold, in that order."""
    use, said = certifying.scheme_use, tables.statement
    rows = connection.execute(
        select(use, said.c.at)
        .join(said, said.c.entry == use.c.entry)
        .where(use.c.lot == lot, said.c.void_by.is_(None))
        .order_by(use.c.entry)
        .limit(MOST_USES)
    ).all()
    return [found for row in rows if (found := _covering(connection, row)) is not None]


def _covering(connection: Connection, row: Any) -> Covering | None:
    table, said = certifying.scheme_certificate, tables.statement
    with_digest = select(table, said.c.digest, said.c.void_by).join(said, said.c.entry == table.c.entry)
    named = connection.execute(with_digest.where(said.c.digest == row.certificate)).first()
    if named is None:
        return None
    # A certificate that was set right goes on under its number, with what was said of it before.
    same = with_digest.where(table.c.scheme == named.scheme, table.c.number == named.number)
    told = connection.execute(same.order_by(table.c.entry)).all()
    stands = next((each for each in told if each.void_by is None), None)
    return Covering(
        entry=row.entry,
        day=legal_day(instant_of(row.at)),
        kg=Decimal(row.grams) / 1000,
        kind=named.scheme,
        number=named.number,
        by=named.by,
        scheme=None if stands is None else _scheme(connection, stands, [each.digest for each in told]),
    )


def granted(connection: Connection, *conditions: ColumnElement[bool], limit: int = 200) -> list[Granted]:
    """Return the granted certificates that fit *conditions* and stand, the newest first."""
    table, said = certifying.scheme_certificate, tables.statement
    rows = connection.execute(
        select(table, said.c.digest)
        .join(said, said.c.entry == table.c.entry)
        .where(said.c.void_by.is_(None), *conditions)
        .order_by(table.c.entry.desc())
        .limit(limit)
    )
    return [_granted(connection, row) for row in rows]


def _granted(connection: Connection, row: Any) -> Granted:
    scheme = replace(
        _scheme(connection, row, [row.digest]),
        used_kg=_sum(connection, certifying.scheme_use, "grams", row.digest) / 1000,
        based_ha=_sum(connection, certifying.scheme_plot, "square_metres", row.digest) / 10_000,
    )
    return Granted(row.entry, row.number, scheme, row.indication, row.registry, row.promise)


def _scheme(connection: Connection, row: Any, digests: list[str]) -> PastScheme:
    """Return the certificate of *row*, with what was said of it under any of *digests*."""
    change, product = certifying.scheme_change, certifying.scheme_product
    changes = connection.execute(tables.standing(change, change.c.certificate.in_(digests)))
    goods = connection.execute(
        select(product.c.commodity).where(product.c.entry == row.entry).order_by(product.c.ordinal)
    )
    return PastScheme(
        digest=row.digest,
        scheme=row.scheme,
        by=row.by,
        holder=row.holder,
        since=date.fromisoformat(row.since),
        until=date.fromisoformat(row.until),
        commodities=tuple(goods.scalars()),
        area_ha=None if row.area_ha is None else Decimal(row.area_ha),
        tonnage_kg=None if row.tonnage_kg is None else Decimal(row.tonnage_kg),
        changes=tuple(sorted((date.fromisoformat(each.day), each.state) for each in changes)),
    )


def _sum(connection: Connection, table: Any, column: str, digest: str) -> Decimal:
    said = tables.statement
    found = connection.execute(
        select(func.sum(table.c[column]))
        .join(said, said.c.entry == table.c.entry)
        .where(table.c.certificate == digest, said.c.void_by.is_(None))
    )
    return Decimal(int(found.scalar() or 0))
