"""The rows of certificates: issued and collected for lots, granted to parties, and used up by sales."""

from decimal import Decimal

from sqlalchemy import bindparam, select

from ledger.canonical import decimal_text
from traceability.events import certifying, quality
from traceability.question import Question
from traceability.rows.writing import Rows, add_own
from traceability.tables import certifying as tables
from traceability.tables import statement, trade

SQUARE_METRES = 10_000
"""In a hectare."""

GRAMS = 1000

_NAMED = Question(
    select(tables.scheme_certificate)
    .join(statement, statement.c.entry == tables.scheme_certificate.c.entry)
    .where(statement.c.digest == bindparam("digest"))
)


@add_own.register
def _(event: quality.CertificateIssued, rows: Rows) -> None:
    rows.add(trade.certificate, lot=event.lot, number=event.number)
    rows.add(
        tables.certificate_detail,
        lot=event.lot,
        by=rows.statement.by,
        number=event.number,
        division=event.division,
        amount=decimal_text(rows.amount(event.lot, event.amount)),
        supersedes=event.supersedes,
    )


@add_own.register
def _(event: certifying.CertificateCollected, rows: Rows) -> None:
    rows.add(
        tables.certificate_receipt,
        certificate=event.certificate,
        lot=event.lot,
        by=rows.statement.by,
        day=event.day.isoformat(),
    )


@add_own.register
def _(event: certifying.CertificateReported, rows: Rows) -> None:
    rows.add(
        tables.certificate_fault,
        certificate=event.certificate,
        lot=event.lot,
        by=rows.statement.by,
        fault=event.fault,
    )


@add_own.register
def _(event: certifying.SchemeCertified, rows: Rows) -> None:
    rows.add(
        tables.scheme_certificate,
        scheme=event.scheme,
        number=event.number,
        by=rows.statement.by,
        holder=event.grantee,
        since=event.since.isoformat(),
        until=event.until.isoformat(),
        area_ha=None if event.area_ha is None else decimal_text(event.area_ha),
        tonnage_kg=None if event.tonnage_kg is None else decimal_text(event.tonnage_kg),
        indication=event.indication,
        registry=event.registry,
        promise=event.promise,
    )
    for each in event.goods:
        rows.add(tables.scheme_product, commodity=each)


@add_own.register
def _(event: certifying.SchemeChanged, rows: Rows) -> None:
    rows.add(
        tables.scheme_change, certificate=event.certificate, state=event.new_state, day=event.day.isoformat()
    )


@add_own.register
def _(event: certifying.SchemeBaseRegistered, rows: Rows) -> None:
    for each in event.plots:
        metres = int(each.area_ha * SQUARE_METRES)
        _count(rows, "based", event.certificate, Decimal(metres))
        rows.add(tables.scheme_plot, certificate=event.certificate, plot=each.plot, square_metres=metres)


@add_own.register
def _(event: certifying.SchemeUsed, rows: Rows) -> None:
    kg = event.amount.measured("mass", rows.measures.scale(event.lot).piece_kg) or Decimal(0)
    grams = int(kg * GRAMS)
    rows.add(
        tables.scheme_use, certificate=event.certificate, lot=event.lot, by=rows.statement.by, grams=grams
    )
    _count(rows, "used", event.certificate, Decimal(grams))
    _count(rows, "used", event.certificate, Decimal(grams), event.lot)


def _count(rows: Rows, what: str, certificate: str, much: Decimal, lot: str = "") -> None:
    """Count in the account of the certificate, whichever of its statements is named."""
    named = _NAMED.first(rows.connection, digest=certificate)
    if named is not None:
        rows.count(tables.scheme_account(what, named.scheme, named.number, lot), much)
