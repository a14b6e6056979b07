"""What the rules of certificates need: by the lot, or by the certificate that is named."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

from sqlalchemy import Connection, bindparam, select

from traceability import running, tables
from traceability.events import Event, certifying, movement, quality
from traceability.limits import RuleSet
from traceability.past import KnownParty, Past
from traceability.past.certifying import BaseLand, CertifyingPast, PastCertificate, PastScheme
from traceability.question import Question
from traceability.recollection.trade import Asked
from traceability.tables import certifying as rows
from traceability.tables import testing

_DETAIL = (
    select(rows.certificate_detail, tables.statement.c.digest)
    .join(tables.statement, tables.statement.c.entry == rows.certificate_detail.c.entry)
    .where(tables.statement.c.void_by.is_(None))
    .order_by(rows.certificate_detail.c.entry)
)
_NAMED = tables.statement.c.digest == bindparam("digest")
_CERTIFICATE = Question(_DETAIL.where(_NAMED))
_OF_LOT_BY = Question(
    _DETAIL.where(
        rows.certificate_detail.c.lot == bindparam("lot"), rows.certificate_detail.c.by == bindparam("by")
    )
)
_OF_LOT = Question(_DETAIL.where(rows.certificate_detail.c.lot == bindparam("lot")).limit(1))
_NUMBER = Question(
    _DETAIL.where(
        rows.certificate_detail.c.by == bindparam("by"),
        rows.certificate_detail.c.number == bindparam("number"),
    ).limit(1)
)
_SUPERSEDED = Question(
    tables.standing(
        rows.certificate_detail, rows.certificate_detail.c.supersedes == bindparam("digest")
    ).limit(1)
)
_TEST = Question(tables.standing(testing.test_report, _NAMED))
_SCHEME = Question(tables.standing(rows.scheme_certificate, _NAMED))
_SCHEME_NUMBER = Question(
    tables.standing(
        rows.scheme_certificate,
        rows.scheme_certificate.c.scheme == bindparam("scheme"),
        rows.scheme_certificate.c.number == bindparam("number"),
    ).limit(1)
)
_PRODUCTS = Question(
    select(rows.scheme_product.c.commodity)
    .where(rows.scheme_product.c.entry == bindparam("entry"))
    .order_by(rows.scheme_product.c.ordinal)
)
_CHANGES = Question(
    tables.standing(rows.scheme_change, rows.scheme_change.c.certificate == bindparam("digest"))
)
_SAME_NUMBER = (
    select(tables.statement.c.digest)
    .join(rows.scheme_certificate, rows.scheme_certificate.c.entry == tables.statement.c.entry)
    .where(
        rows.scheme_certificate.c.scheme == bindparam("scheme"),
        rows.scheme_certificate.c.number == bindparam("number"),
    )
    .correlate(None)
)
_BASE_PLOT = Question(
    tables.standing(
        rows.scheme_plot,
        rows.scheme_plot.c.plot == bindparam("plot"),
        rows.scheme_plot.c.certificate.in_(_SAME_NUMBER),
    ).limit(1)
)
_PLOT = Question(tables.standing(tables.plot, tables.plot.c.plot == bindparam("plot")))
_PARTY = Question(tables.standing(tables.party, tables.party.c.party == bindparam("party")))
_ORIGINS = Question(
    select(tables.lot.c.lot, tables.lot.c.maker, tables.lot.c.how)
    .join(tables.item, tables.item.c.uri == tables.lot.c.lot)
    .where(
        tables.item.c.part == "input",
        tables.item.c.entry.in_(
            select(tables.lot.c.entry)
            .join(tables.statement, tables.statement.c.entry == tables.lot.c.entry)
            .where(tables.lot.c.lot == bindparam("lot"), tables.statement.c.void_by.is_(None))
        ),
    )
    .distinct()
)
_BIRTH = Question(tables.standing(tables.lot, tables.lot.c.lot == bindparam("lot")).limit(1))
_UNMADE = frozenset({"harvested", "untraced", "claimed"})
_STEPS_BACK, _LOTS_AT_ONCE = 8, 100
"""How far the makers are looked for, so that the question costs no more for a lot with a long past."""

_GRAMS = 1000
_SQUARE_METRES = 10_000


def recollect(asked: Asked, past: Past) -> Past:
    """Return *past* with what the rules of this topic need; unchanged for every other kind."""
    event, connection = asked.event, asked.reader.connection
    match event:
        case quality.CertificateIssued():
            found = _of_issue(connection, event, asked.by)
        case certifying.CertificateCollected() | certifying.CertificateReported():
            found = CertifyingPast(certificate=_certificate(connection, event.certificate))
        case movement.Shipped():
            found = _of_leaving(asked, past, event, (part.lot for part in event.parts))
        case movement.Retailed():
            found = _of_leaving(asked, past, event, (event.lot,))
        case _:
            return _of_scheme(connection, event, past)
    return replace(past, certifying=found)


def _of_scheme(connection: Connection, event: Event | None, past: Past) -> Past:
    match event:
        case certifying.SchemeCertified():
            taken = _SCHEME_NUMBER.first(connection, scheme=event.scheme, number=event.number)
            found = CertifyingPast(number_taken=taken is not None, parties=_party(connection, event.grantee))
        case certifying.SchemeChanged():
            scheme = _scheme(connection, event.certificate)
            # Where the holder is registered tells which offices may speak of what it was granted.
            holder = {} if scheme is None else _party(connection, scheme.holder)
            found = CertifyingPast(scheme=scheme, parties=holder)
        case certifying.SchemeUsed():
            found = CertifyingPast(scheme=_scheme(connection, event.certificate, lot=event.lot))
        case certifying.SchemeBaseRegistered():
            found = _of_base(connection, event)
        case _:
            return past
    return replace(past, certifying=found)


def _of_issue(connection: Connection, event: quality.CertificateIssued, by: str) -> CertifyingPast:
    tests = {each: _TEST.first(connection, digest=each) for each in event.tests}
    return CertifyingPast(
        certificate=None if event.supersedes is None else _certificate(connection, event.supersedes),
        certified=tuple(
            _certificate_of(connection, row) for row in _OF_LOT_BY.rows(connection, lot=event.lot, by=by)
        ),
        number_taken=_NUMBER.first(connection, by=by, number=event.number) is not None,
        tests={
            name: (row.lot, row.verdict == "conformant") for name, row in tests.items() if row is not None
        },
    )


def _of_base(connection: Connection, event: certifying.SchemeBaseRegistered) -> CertifyingPast:
    names = sorted(each.plot for each in event.plots)
    found = {name: _PLOT.rows(connection, plot=name) for name in names}
    land = {
        name: BaseLand(
            rows_of[-1].party, None if rows_of[-1].area_ha is None else Decimal(rows_of[-1].area_ha)
        )
        for name, rows_of in found.items()
        if rows_of
    }
    return CertifyingPast(scheme=_scheme(connection, event.certificate, plots=names), land=land)


def _of_leaving(asked: Asked, past: Past, event: Event, lots: Iterable[str]) -> CertifyingPast:
    """Return for each lot that needs a certificate whether it has one, and of whose lots it was made."""
    connection, needs = asked.connection, partial(_needs_one, asked.rule_set, past, event.day)
    names = sorted(filter(needs, set(lots)))
    has = {lot: _OF_LOT.first(connection, lot=lot) is not None for lot in names}
    origins = {lot: _producers(connection, lot) for lot in names if not has[lot]}
    return CertifyingPast(of_lots=has, origins=origins)


def _needs_one(rule_set: RuleSet, past: Past, day: date, lot: str) -> bool:
    known = past.lots.get(lot)
    commodity = "" if known is None or known.product is None else known.product.commodity
    return rule_set.requires_certificate(commodity, day) is True


def _producers(connection: Connection, lot: str) -> frozenset[str]:
    """Return whose lots *lot* was made of, behind what its own maker did with them on the way."""
    birth = _BIRTH.first(connection, lot=lot)
    maker = None if birth is None else birth.maker
    found: set[str] = set()
    waiting = {lot}
    for _ in range(_STEPS_BACK):
        own: set[str] = set()
        for each in sorted(waiting)[:_LOTS_AT_ONCE]:
            parts = _ORIGINS.rows(connection, lot=each)
            on_the_way = {row.lot for row in parts if row.maker == maker and row.how not in _UNMADE}
            found |= {row.maker for row in parts if row.lot not in on_the_way}
            if len(found) > 1:
                # That they are several is all that is asked; a blend may be of ten thousand lots.
                return frozenset(found)
            own |= on_the_way
        waiting = own
    return frozenset(found)


def _certificate(connection: Connection, digest: str) -> PastCertificate | None:
    row = _CERTIFICATE.first(connection, digest=digest)
    return None if row is None else _certificate_of(connection, row)


def _certificate_of(connection: Connection, row: Any) -> PastCertificate:
    return PastCertificate(
        digest=row.digest,
        by=row.by,
        lot=row.lot,
        number=row.number,
        amount=Decimal(row.amount),
        is_superseded=_SUPERSEDED.first(connection, digest=row.digest) is not None,
    )


def _scheme(
    connection: Connection, digest: str, *, lot: str | None = None, plots: Iterable[str] = ()
) -> PastScheme | None:
    row = _SCHEME.first(connection, digest=digest)
    if row is None:
        return None
    changes = _CHANGES.rows(connection, digest=digest)
    named = {"scheme": row.scheme, "number": row.number}
    based = {plot for plot in plots if _BASE_PLOT.first(connection, plot=plot, **named) is not None}
    return PastScheme(
        digest=digest,
        scheme=row.scheme,
        by=row.by,
        holder=row.holder,
        since=date.fromisoformat(row.since),
        until=date.fromisoformat(row.until),
        commodities=tuple(each.commodity for each in _PRODUCTS.rows(connection, entry=row.entry)),
        area_ha=_decimal(row.area_ha),
        tonnage_kg=_decimal(row.tonnage_kg),
        changes=tuple(sorted((date.fromisoformat(each.day), each.state) for each in changes)),
        used_kg=_counted(connection, "used", row) / _GRAMS,
        used_of_lot_kg=Decimal(0) if lot is None else _counted(connection, "used", row, lot) / _GRAMS,
        based_ha=_counted(connection, "based", row) / _SQUARE_METRES,
        plots=frozenset(based),
    )


def _party(connection: Connection, name: str) -> dict[str, KnownParty]:
    found = _PARTY.rows(connection, party=name)
    return {name: KnownParty(name, found[-1].role, found[-1].division)} if found else {}


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _counted(connection: Connection, what: str, row: Any, lot: str = "") -> Decimal:
    return running.total(connection, rows.scheme_account(what, row.scheme, row.number, lot))
