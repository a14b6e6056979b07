"""A lot bears a mark only by a live licence, on goods and land of that mark, and while the quota lasts."""

from collections.abc import Iterator
from decimal import Decimal

from traceability.answering import reaches
from traceability.errors import Breach
from traceability.events import Event, brands
from traceability.events.fact import legal_day
from traceability.limits import RuleSet
from traceability.past import KnownLot, Past
from traceability.past.brands import KnownLicence, KnownMark, OriginPart
from traceability.rule_tables.areas import AREAS, AreaRow
from traceability.rules.about import about
from traceability.rules.amounts import in_kg, text
from traceability.rules.clauses import HOUSE, QUALITY_MARKS


@about(brands.MarkApplied)
def mark_misused(event: Event, past: Past, rules: RuleSet) -> Iterator[Breach]:
    """Yield a breach for each reason for which a lot may not bear a mark (农产品质量安全法 art. 42)."""
    if not isinstance(event, brands.MarkApplied):
        return
    chain = tuple(_chain(event, past))
    yield from _licensed(event, chain, past)
    lot = past.lots.get(event.lot)
    if lot is None or not chain:
        return
    yield from _goods(event, lot, chain, past)
    yield from _amount(event, lot, chain, past)
    for licence in chain:
        mark = past.brands.marks.get(licence.mark)
        if mark is not None:
            yield from _grown(event, mark, past)
            yield from _indicated(mark, lot, event, past, rules)


def _chain(event: brands.MarkApplied, past: Past) -> Iterator[KnownLicence]:
    name: str | None = event.licence
    seen: set[str] = set()
    while name is not None and name not in seen and (known := past.brands.licences.get(name)) is not None:
        yield known
        seen.add(name)
        name = known.under


def _licensed(event: brands.MarkApplied, chain: tuple[KnownLicence, ...], past: Past) -> Iterator[Breach]:
    if not chain:
        yield Breach("licence-unknown", QUALITY_MARKS, (("licence", event.licence),))
        return
    if chain[0].mark != event.mark or chain[0].party != past.by:
        yield Breach("licence-other", QUALITY_MARKS, (("licence", event.licence), ("mark", event.mark)))
    for licence in chain:
        stop = licence.stopped(event.day) or _stopped_meanwhile(licence, past)
        if stop is not None:
            yield Breach("licence-stopped", QUALITY_MARKS, (("licence", licence.licence), ("stop", stop)))
        mark = past.brands.marks.get(licence.mark)
        if mark is None or mark.is_retired(event.day):
            yield Breach("mark-retired", QUALITY_MARKS, (("mark", licence.mark),))
    top = past.brands.marks.get(chain[-1].mark)
    if top is not None and top.above is not None:
        yield Breach("licence-without-parent", QUALITY_MARKS, (("mark", top.above),))


def _stopped_meanwhile(licence: KnownLicence, past: Past) -> str | None:
    """Return what stopped a licence before the use was told: another day in the event goes not behind it."""
    now = None if past.recorded_at is None else licence.stopped(legal_day(past.recorded_at))
    return now if now in {"suspended", "revoked"} else None


def _goods(
    event: brands.MarkApplied, lot: KnownLot, chain: tuple[KnownLicence, ...], past: Past
) -> Iterator[Breach]:
    product = lot.product
    for licence in chain:
        own = product is not None and (product.party == licence.party or licence is not chain[0])
        listed = product is not None and product.product in licence.products
        # A licence for the mark above is held by the owner of the mark below; its list is of its own goods.
        if not own or (licence.products and licence.party == past.by and not listed):
            told = (("lot", event.lot), ("licence", licence.licence))
            yield Breach("mark-product-outside", QUALITY_MARKS, told)
        mark = past.brands.marks.get(licence.mark)
        commodity = "" if product is None else product.commodity
        if mark is not None and commodity not in mark.commodities:
            facts = (("lot", event.lot), ("commodity", commodity), ("mark", mark.mark))
            yield Breach("mark-commodity-outside", QUALITY_MARKS, facts)


def _amount(
    event: brands.MarkApplied, lot: KnownLot, chain: tuple[KnownLicence, ...], past: Past
) -> Iterator[Breach]:
    kg = in_kg(event.amount, lot.product)
    born = _born_kg(lot)
    if kg is None or born is None:
        yield Breach("mark-without-weight", HOUSE, (("lot", event.lot),))
        return
    if past.brands.borne_kg + kg > born:
        facts = (("lot", event.lot), ("borne_kg", text(past.brands.borne_kg)), ("lot_kg", text(born)))
        yield Breach("mark-over-lot", HOUSE, facts)
    for licence in chain:
        if kg > licence.left_kg:
            left = (("licence", licence.licence), ("left_kg", text(max(licence.left_kg, Decimal(0)))))
            yield Breach("quota-overdrawn", QUALITY_MARKS, left)


def _born_kg(lot: KnownLot) -> Decimal | None:
    if lot.product is None or lot.product.measure == "mass":
        return lot.born
    piece = lot.product.piece_kg
    return None if piece is None else lot.born * piece


def _grown(event: brands.MarkApplied, mark: KnownMark, past: Past) -> Iterator[Breach]:
    """A part that grew outside, or of which nobody can tell, takes the mark from the whole lot."""
    parts = past.brands.origins
    if not parts:
        yield Breach("mark-origin-outside", QUALITY_MARKS, (("mark", mark.mark), ("lot", event.lot)))
    for part in parts:
        if part.plot is None or not reaches(mark.divisions, part.division or ""):
            facts = (("mark", mark.mark), ("lot", part.lot))
            yield Breach("mark-origin-outside", QUALITY_MARKS, facts)


def _indicated(
    mark: KnownMark, lot: KnownLot, event: brands.MarkApplied, past: Past, rules: RuleSet
) -> Iterator[Breach]:
    if mark.gi is None:
        return
    product = "" if lot.product is None else lot.product.product
    if not any(each.gi == mark.gi and each.covers(event.day, product) for each in past.brands.rights):
        yield Breach("gi-not-authorised", QUALITY_MARKS, (("gi", mark.gi), ("party", past.by)))
    areas = tuple(each for each in rules.rows(AREAS) if each.gi == mark.gi and each.sure)
    for part in past.brands.origins if areas else ():
        inside = _inside(part, areas)
        facts = (("gi", mark.gi), ("lot", part.lot))
        if inside is None:
            yield Breach("gi-origin-unclear", HOUSE, facts, level="warn")
        elif not inside:
            yield Breach("gi-origin-outside", QUALITY_MARKS, facts)


def _inside(part: OriginPart, areas: tuple[AreaRow, ...]) -> bool | None:
    """Tell whether a part grew in the area of the indication, as `claims` tells it of the lot."""
    if part.plot is None or part.division is None:
        return False
    day = part.grew_until
    reached = [each for each in areas if each.covers(part.division) and (day is None or each.in_force(day))]
    if not reached or not any(part.commodity in each.commodities for each in reached):
        return False
    if any(each.extent == "whole" for each in reached) or part.gi == areas[0].gi:
        return True
    return None
