"""What an event names exists, belongs to who says so, and no name is given twice."""

from collections.abc import Iterator

from traceability import gs1
from traceability.errors import Breach, Invalid
from traceability.events import (
    Event,
    field,
    followup,
    growing,
    making,
    movement,
    processing,
    quality,
    registry,
)
from traceability.events.processing import Product
from traceability.limits import RuleSet, digest_of
from traceability.past import KnownPlot, KnownProduct, Past
from traceability.rules.amounts import (
    births,
    lots_of,
    measured,
    measured_as,
    parts_named,
    product_of,
    scale_of_lot,
)
from traceability.rules.clauses import HOUSE


def misnamed(event: Event, past: Past, rules: RuleSet) -> Iterator[Breach]:
    """Yield a breach for each name that is unknown, another's, used already, or does not fit."""
    yield from _member(event, past)
    yield from _registered(event, past, rules)
    yield from _plots(event, past, rules)
    for made in births(event):
        yield from _born(made, past)
    yield from _lots(event, past)


def _breach(rule: str, *facts: tuple[str, str]) -> Breach:
    return Breach(rule, HOUSE, facts)


def _member(event: Event, past: Past) -> Iterator[Breach]:
    if isinstance(event, registry.MemberRegistered):
        if event.member is None:
            yield _breach("member-missing")
        elif event.member in past.members:
            yield _breach("registered-already", ("member", event.member))
    elif event.member is not None and event.member not in past.members:
        yield _breach("unknown-member", ("member", event.member))


def _registered(event: Event, past: Past, rules: RuleSet) -> Iterator[Breach]:
    match event:
        case registry.PartyRegistered():
            yield from _party_registered(event, past)
        case registry.PrefixLicensed():
            if event.party not in past.parties:
                yield _breach("unknown-party", ("party", event.party))
        case registry.ProductRegistered():
            yield from _product_registered(event, past, rules)
        case registry.PlotRegistered():
            yield from _plot_registered(event, past, rules)
        case registry.RulesAdopted():
            files = {file.name: file.sha256 for file in event.files}
            if digest_of(event.version, files) != event.digest:
                yield _breach("rules-digest", ("version", event.version))


def _party_registered(event: registry.PartyRegistered, past: Past) -> Iterator[Breach]:
    known = past.parties.get(event.party)
    if known is None:
        return
    # Who has a key before it is registered is known by the role of its key, and has no division yet.
    if known.division:
        yield _breach("registered-already", ("party", event.party))
    elif known.role != event.role:
        yield _breach("role-differs", ("party", event.party), ("role", known.role))


def _product_registered(event: registry.ProductRegistered, past: Past, rules: RuleSet) -> Iterator[Breach]:
    if product_of(event.product, past) is not None:
        yield _breach("registered-already", ("product", event.product))
    if event.commodity not in rules.commodities:
        yield _breach("unknown-commodity", ("commodity", event.commodity))
    if event.piece_kg is not None and not event.piece_kg > 0:
        yield _breach("piece-weighs-nothing", ("product", event.product))


def _plot_registered(event: registry.PlotRegistered, past: Past, rules: RuleSet) -> Iterator[Breach]:
    if event.plot in past.plots:
        yield _breach("registered-already", ("plot", event.plot))
    commodity = rules.commodities.get(event.commodity)
    if commodity is None:
        yield _breach("unknown-commodity", ("commodity", event.commodity))
    elif not commodity.grown:
        yield _breach("not-grown", ("commodity", event.commodity))


def _plots(event: Event, past: Past, rules: RuleSet) -> Iterator[Breach]:
    match event:
        case field.Treated() | field.InputApplied() | growing.FieldWorked():
            yield from _own_plot(event.plot, past)
        case growing.ProtocolAdopted():
            for name in event.plots:
                yield from _own_plot(name, past)
            if event.product is not None and product_of(event.product, past) is None:
                yield _breach("unknown-product", ("product", event.product))
        case field.Harvested():
            product = product_of(event.product, past)
            for share in event.plots:
                yield from _own_plot(share.plot, past)
                plot = past.plots.get(share.plot)
                if plot is not None and product is not None and not _fits(product, plot, rules):
                    facts = (("plot", plot.plot), ("grows", plot.commodity), ("product", product.commodity))
                    yield _breach("commodity-differs", *facts)


def _own_plot(name: str, past: Past) -> Iterator[Breach]:
    plot = past.plots.get(name)
    if plot is None:
        yield _breach("unknown-plot", ("plot", name))
    elif plot.party != past.by:
        yield _breach("not-your-plot", ("plot", name), ("party", plot.party))


def _fits(product: KnownProduct, plot: KnownPlot, rules: RuleSet) -> bool:
    """Tell whether the product comes straight from what the plot grows: paddy does, milled rice does not."""
    reaped, grows = rules.commodities.get(product.commodity), rules.commodities.get(plot.commodity)
    return reaped is not None and grows is not None and reaped.grown and reaped.crop == grows.crop


def _born(made: Product, past: Past) -> Iterator[Breach]:
    product = product_of(made.product, past)
    if product is None:
        yield _breach("unknown-product", ("product", made.product))
    else:
        if measured(made.amount, product) is None:
            yield _breach("wrong-measure", ("lot", made.lot), ("measure", product.measure))
        yield from _address(made, product)
    lot = past.lots.get(made.lot)
    if lot is not None and (lot.born_at is not None or lot.born > 0):
        yield _breach("lot-exists", ("lot", made.lot))


def _address(made: Product, product: KnownProduct) -> Iterator[Breach]:
    """Yield a breach unless the lot's name is one of its maker's product, in its one spelling."""
    try:
        name = gs1.parse(made.lot)
    except Invalid:
        yield _breach("not-a-lot", ("lot", made.lot))
        return
    if name.kind not in {"lot", "own-lot"} or name.uri != made.lot:
        yield _breach("not-a-lot", ("lot", made.lot))
        return
    numbered = name.gtin if name.kind == "lot" else (name.party, name.product)
    if numbered != (product.gtin if name.kind == "lot" else (product.party, product.product)):
        yield _breach("not-your-number", ("lot", made.lot), ("product", product.product))


def _lots(event: Event, past: Past) -> Iterator[Breach]:
    parts = parts_named(event)
    about: tuple[str, ...] = ()
    if isinstance(event, quality.Inspected | followup.Recalled | processing.CodesVoided):
        about = (event.lot,)
    elif isinstance(event, making.ControlMeasured | making.CorrectiveActionTaken):
        about = event.lots
    # The parts of a receipt are judged against its shipment.
    elif not isinstance(event, movement.Received):
        about = lots_of(parts)
    for lot in about:
        if lot not in past.lots:
            yield _breach("unknown-lot", ("lot", lot))
    for part in parts:
        known = past.lots.get(part.lot)
        if known is not None and measured_as(part.amount, known) is None:
            yield _breach("wrong-measure", ("lot", part.lot), ("measure", scale_of_lot(known)[0]))
