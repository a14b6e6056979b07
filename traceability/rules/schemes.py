"""A granted certificate covers what it names, on its days, up to its tonnage and its area, no more."""

from collections.abc import Iterator
from decimal import Decimal

from traceability.answering import answers_for
from traceability.errors import Breach
from traceability.events import Event, certifying, followup
from traceability.events.fact import legal_day
from traceability.limits import RuleSet
from traceability.past import Past
from traceability.past.certifying import PastScheme
from traceability.rules.about import about
from traceability.rules.amounts import held, in_kg, text
from traceability.rules.clauses import HOUSE, QUALITY_MARKS


@about(
    followup.Corrected,
    certifying.SchemeCertified,
    certifying.SchemeChanged,
    certifying.SchemeUsed,
    certifying.SchemeBaseRegistered,
)
def beyond_scheme(event: Event, past: Past, rules: RuleSet) -> Iterator[Breach]:
    """Yield a breach for a grant that cannot be, and for a use beyond holder, days, scope, tonnage or area.

    农产品质量安全法 art. 42: quality marks are not misused.
    """
    match event:
        case followup.Corrected():
            yield from _set_right(event, past)
        case certifying.SchemeCertified():
            yield from _granted(event, past, rules)
        case certifying.SchemeChanged() | certifying.SchemeUsed() | certifying.SchemeBaseRegistered():
            scheme = past.certifying.scheme
            if scheme is None:
                yield Breach("unknown-certificate", HOUSE, (("certificate", event.certificate),))
            elif isinstance(event, certifying.SchemeChanged):
                yield from _changed(event, scheme, past)
            elif isinstance(event, certifying.SchemeUsed):
                yield from _live(event, scheme, past)
                yield from _used(event, scheme, past)
            else:
                yield from _based(event, scheme, past)


def _set_right(event: followup.Corrected, past: Past) -> Iterator[Breach]:
    """Yield a breach where a certificate gets another number: by it what was used of it is counted."""
    told, instead = None if past.target is None else past.target.event, event.replacement
    if not (isinstance(told, certifying.SchemeCertified) and isinstance(instead, certifying.SchemeCertified)):
        return
    if (told.scheme, told.number) != (instead.scheme, instead.number):
        yield Breach("name-must-stay", HOUSE, (("kind", told.kind),))


def _granted(event: certifying.SchemeCertified, past: Past, rules: RuleSet) -> Iterator[Breach]:
    if event.grantee not in past.certifying.parties:
        yield Breach("unknown-party", HOUSE, (("party", event.grantee),))
    if event.grantee == past.by:
        yield Breach("own-certificate", HOUSE, (("party", event.grantee),))
    if past.certifying.number_taken:
        yield Breach("certificate-number-taken", HOUSE, (("number", event.number),))
    for commodity in event.goods:
        if commodity not in rules.commodities:
            yield Breach("unknown-commodity", HOUSE, (("commodity", commodity),))


def _changed(event: certifying.SchemeChanged, scheme: PastScheme, past: Past) -> Iterator[Breach]:
    holder = past.certifying.parties.get(scheme.holder)
    if not answers_for(scheme.by, () if holder is None else (holder.division,), past):
        yield Breach("not-your-certificate", HOUSE, (("by", scheme.by),))
    if scheme.state(event.day) == "withdrawn":
        yield Breach("withdrawn-already", HOUSE, (("scheme", scheme.scheme),))


def _live(event: Event, scheme: PastScheme, past: Past) -> Iterator[Breach]:
    if past.by != scheme.holder:
        yield Breach("not-the-holder", QUALITY_MARKS, (("party", scheme.holder),))
    state = scheme.state(event.day)
    if state == "live" and past.recorded_at is not None:
        # Whoever tells late cannot go back behind a suspension, though it may behind the last day.
        now = scheme.state(legal_day(past.recorded_at))
        state = now if now in {"suspended", "withdrawn"} else state
    if state != "live":
        facts = (("scheme", scheme.scheme), ("standing", state), ("until", scheme.until.isoformat()))
        yield Breach("certificate-not-live", QUALITY_MARKS, facts)


def _used(event: certifying.SchemeUsed, scheme: PastScheme, past: Past) -> Iterator[Breach]:
    lot = past.lots.get(event.lot)
    if lot is None:
        yield Breach("unknown-lot", HOUSE, (("lot", event.lot),))
        return
    if held(lot, past) <= 0:
        yield Breach("not-held", HOUSE, (("lot", event.lot),))
    commodity = "" if lot.product is None else lot.product.commodity
    if commodity not in scheme.commodities:
        facts = (("scheme", scheme.scheme), ("commodity", commodity))
        yield Breach("beyond-scheme-scope", QUALITY_MARKS, facts)
    kg = in_kg(event.amount, lot.product)
    if kg is None:
        yield Breach("scheme-amount-unknown", HOUSE, (("lot", event.lot),))
        return
    yield from _over_tonnage(kg, scheme)
    yield from _over_lot(event, kg, scheme, past)


def _over_tonnage(kg: Decimal, scheme: PastScheme) -> Iterator[Breach]:
    if scheme.tonnage_kg is not None and scheme.used_kg + kg > scheme.tonnage_kg:
        facts = (
            ("scheme", scheme.scheme),
            ("most", text(scheme.tonnage_kg)),
            ("used_kg", text(scheme.used_kg)),
            ("found", text(kg)),
        )
        yield Breach("beyond-scheme-tonnage", QUALITY_MARKS, facts)


def _over_lot(event: certifying.SchemeUsed, kg: Decimal, scheme: PastScheme, past: Past) -> Iterator[Breach]:
    lot = past.lots[event.lot]
    piece = Decimal(1) if lot.product is None or lot.product.measure == "mass" else lot.product.piece_kg
    most = lot.born * (piece or Decimal(0))
    if scheme.used_of_lot_kg + kg > most:
        facts = (("lot", event.lot), ("most", text(most)), ("used_kg", text(scheme.used_of_lot_kg)))
        yield Breach("scheme-beyond-the-lot", HOUSE, facts)


def _based(event: certifying.SchemeBaseRegistered, scheme: PastScheme, past: Past) -> Iterator[Breach]:
    if past.by not in {scheme.holder, scheme.by}:
        yield Breach("not-the-holder", QUALITY_MARKS, (("party", scheme.holder),))
    for each in event.plots:
        yield from _plot(each, scheme, past)
    total = scheme.based_ha + sum((each.area_ha for each in event.plots), Decimal(0))
    if scheme.area_ha is not None and total > scheme.area_ha:
        facts = (("scheme", scheme.scheme), ("most", text(scheme.area_ha)), ("found", text(total)))
        yield Breach("beyond-scheme-area", QUALITY_MARKS, facts)


def _plot(each: certifying.BasePlot, scheme: PastScheme, past: Past) -> Iterator[Breach]:
    land = past.certifying.land.get(each.plot)
    if land is None:
        yield Breach("unknown-plot", HOUSE, (("plot", each.plot),))
        return
    if land.party != scheme.holder:
        yield Breach("not-your-plot", HOUSE, (("plot", each.plot), ("party", land.party)))
    if land.area_ha is None or each.area_ha > land.area_ha:
        yield Breach("base-beyond-the-plot", HOUSE, (("plot", each.plot), ("found", text(each.area_ha))))
    if each.plot in scheme.plots:
        yield Breach("plot-in-base-already", HOUSE, (("plot", each.plot),))
