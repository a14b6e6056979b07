"""A 承诺达标合格证 is of its lot alone, is replaced and never edited, and goes along where required."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from traceability.errors import Breach
from traceability.events import Event, certifying, movement, quality
from traceability.limits import RuleSet
from traceability.past import KnownLot, Past
from traceability.rules.about import about
from traceability.rules.amounts import lots_of, measured_as, takings, text
from traceability.rules.clauses import CERTIFICATE, HOUSE

NEW_CONTENTS = date(2026, 2, 1)
"""Since then the contact stands on the certificate, or on the pack."""


@about(
    quality.CertificateIssued,
    certifying.CertificateCollected,
    certifying.CertificateReported,
    movement.Shipped,
    movement.Retailed,
)
def ill_certified(event: Event, past: Past, rules: RuleSet) -> Iterator[Breach]:
    """Yield a breach for a certificate that is not of its lot, for more than there is, or that is missing.

    农产品质量安全法 art. 39; the scope is that of `certificate_scope.csv` on the day.
    """
    match event:
        case quality.CertificateIssued():
            yield from _issued(event, past)
            yield from _basis(event, past)
        case certifying.CertificateCollected() | certifying.CertificateReported():
            yield from _collected(event, past)
        case movement.Shipped() | movement.Retailed():
            for name in lots_of(takings(event)):
                lot = past.lots.get(name)
                if lot is not None and past.certifying.of_lots.get(name) is False:
                    yield from _missing(lot, event, past, rules)


def _issued(event: quality.CertificateIssued, past: Past) -> Iterator[Breach]:
    if past.certifying.number_taken:
        yield Breach("certificate-number-taken", HOUSE, (("number", event.number),))
    earlier = past.certifying.certificate
    if event.supersedes is not None:
        if earlier is None or earlier.lot != event.lot or earlier.by != past.by:
            yield Breach("supersedes-another", HOUSE, (("lot", event.lot),))
        elif earlier.is_superseded:
            yield Breach("superseded-already", HOUSE, (("number", earlier.number),))
    lot = past.lots.get(event.lot)
    if lot is not None and lot.born > 0:
        yield from _beyond(event, lot, past)
    if event.contact is None and not event.contact_on_pack and event.day >= NEW_CONTENTS:
        yield Breach("certificate-without-contact", CERTIFICATE, (("number", event.number),), level="warn")


def _beyond(event: quality.CertificateIssued, lot: KnownLot, past: Past) -> Iterator[Breach]:
    live = [
        each.amount
        for each in past.certifying.certified
        if not each.is_superseded and each.digest != event.supersedes
    ]
    total = sum(live, measured_as(event.amount, lot) or Decimal(0))
    if total > lot.born:
        facts = (("lot", lot.lot), ("most", text(lot.born)), ("found", text(total)))
        yield Breach("certified-beyond-the-lot", HOUSE, facts)


def _basis(event: quality.CertificateIssued, past: Past) -> Iterator[Breach]:
    for name in event.tests:
        lot, passed = past.certifying.tests.get(name, ("", False))
        if lot != event.lot or not passed:
            # A test of another lot, or of what that lot was made from, says nothing of this one.
            yield Breach("basis-differs", HOUSE, (("inspection", name),))


def _collected(
    event: certifying.CertificateCollected | certifying.CertificateReported, past: Past
) -> Iterator[Breach]:
    certificate, lot = past.certifying.certificate, past.lots.get(event.lot)
    if certificate is None or certificate.lot != event.lot:
        yield Breach("unknown-certificate", HOUSE, (("certificate", event.certificate),))
    elif isinstance(event, certifying.CertificateCollected) and certificate.is_superseded:
        yield Breach("certificate-superseded", HOUSE, (("number", certificate.number),), level="warn")
    if isinstance(event, certifying.CertificateCollected) and (lot is None or past.by not in lot.stock):
        yield Breach("not-held", HOUSE, (("lot", event.lot),))


def _missing(lot: KnownLot, event: Event, past: Past, rules: RuleSet) -> Iterator[Breach]:
    commodity = "" if lot.product is None else lot.product.commodity
    if rules.requires_certificate(commodity, event.day) is not True:
        return
    if len(past.certifying.origins.get(lot.lot, ())) > 1:
        # Mixed from several producers' lots: none of their certificates speaks for it.
        yield Breach("mixed-without-certificate", CERTIFICATE, (("lot", lot.lot),), "hold", (lot.lot,))
    else:
        yield Breach("certificate-missing", CERTIFICATE, (("lot", lot.lot),), level="warn")
