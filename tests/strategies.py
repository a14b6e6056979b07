"""Hypothesis strategies: any event that its own checks let pass, and any past that it may meet.

Names come from small pools, so that events and pasts often speak of the same lots, plots and parties.
"""

import hashlib
from collections.abc import Callable
from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache, partial
from typing import Any

from hypothesis import strategies as st

from tests import brand_strategies, credit_strategies, register_strategies, testing_strategies
from traceability.events import (
    KINDS,
    MAY_STATE,
    Event,
    brands,
    cases,
    credit,
    fact,
    field,
    followup,
    growing,
    making,
    movement,
    moving,
    partner,
    processing,
    quality,
    recalling,
    registry,
    release,
    reporting,
    selling,
    supervising,
)
from traceability.past import (
    KnownLot,
    KnownParty,
    KnownPlot,
    KnownProduct,
    Past,
    PastHarvest,
    PastShipment,
    PastStatement,
    PastTreatment,
)
from traceability.quantity import Amount

PARTIES = ("operator", "lishu-coop", "meihe-mill", "jilin-lab")
PRODUCTS = ("paddy", "rice", "fungus", "ears")
PLOTS = ("0" * 25 + "1", "0" * 25 + "2")
MEMBERS = ("1" * 25 + "1", "1" * 25 + "2")
TOKENS = ("0" * 32, "1" * 32)
COMMODITIES = ("paddy", "milled-rice", "maize", "fresh-maize", "ginseng-fresh", "black-fungus", "gold")
POINTS = ("blanch", "metal")
SUBSTANCES = ("克百威", "methomyl", "乐果", "内吸磷", "氟虫腈", "磷化铝", "三环唑", "water")
ANALYTES = ("镉", "lead", "Pb", "黄曲霉毒素B1", "人参皂苷Rb1", "plutonium")
GTINS = ("09520001234567", "09521234567899", "02012345678900", "1", "abc")
LOTS = (
    *(f"/lot/{party}/{product}/L1" for party in PARTIES[1:3] for product in PRODUCTS[:2]),
    "https://id.gs1.org/01/09521234567899/10/L2",
    "https://id.gs1.org/01/9/10/L2",
    "/lot/",
    "urn:epc:class:lgtin:6901234.056001.L",
    "巷",
)

lots = st.sampled_from(LOTS)
parties = st.sampled_from(PARTIES)
digests = st.sampled_from([hashlib.sha256(token.encode()).hexdigest() for token in TOKENS])
days = st.dates(date(2024, 1, 1), date(2027, 12, 31)) | st.dates()
instants = st.builds(
    lambda day, seconds: datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(seconds=seconds),
    st.dates(date(2024, 1, 1), date(2027, 12, 31)) | st.dates(date(2, 1, 1), date(9998, 12, 31)),
    st.integers(0, 86_399),
)
masses = st.decimals(0, 10**6, places=3) | st.decimals(0, 10**12 - 1, places=3)
counts = st.integers(0, 10**4) | st.integers(0, 2**53 - 1)
decimals = st.decimals(0, 1000, places=4) | st.decimals(0, 10**40, allow_nan=False, allow_infinity=False)
positive = decimals.filter(lambda number: number > 0)
words = st.sampled_from(["A", "甲", "三环唑 75%", "x y"])
amounts = st.builds(lambda kg: Amount(kg=kg), masses) | st.builds(
    lambda pieces: Amount(pieces=pieces), counts
)
some = amounts.filter(lambda amount: not amount.is_nothing)
privates: st.SearchStrategy[fact.Private] = st.none() | words | st.just(fact.Sealed(bytes(32)))
parts = st.builds(processing.Part, lots, some)
optional_decimals = st.none() | decimals


def _unique_lots(pieces: st.SearchStrategy[Any], most: int = 3) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(pieces, min_size=1, max_size=most, unique_by=lambda part: part.lot).map(tuple)


def _event(kind: type[Event], **told: st.SearchStrategy[Any]) -> st.SearchStrategy[Event]:
    """Build events of *kind*; what is not told is private, or left to its default."""
    private = {each.name: privates for each in fields(kind) if each.metadata.get("private")}
    shared = {"at": instants, "member": st.none() | st.sampled_from(MEMBERS)}
    return st.builds(kind, **{**shared, **private, **told})


def _harvest(event: field.Harvested) -> st.SearchStrategy[Event]:
    """Divide the harvest between one plot or two."""

    def divided(first: int) -> Event:
        if event.amount.pieces is not None:
            rest = event.amount.pieces - first
            shares = (Amount(pieces=first), Amount(pieces=rest))
        else:
            kg = Decimal(first) / 1000
            shares = (Amount(kg=kg), Amount(kg=(event.amount.kg or Decimal(0)) - kg))
        return replace(event, plots=tuple(map(field.PlotShare, PLOTS, shares)))

    whole = event.amount.pieces or int((event.amount.kg or Decimal(0)) * 1000)
    return st.just(event) | st.integers(0, whole).map(divided)


def _harvests() -> st.SearchStrategy[Event]:
    def born(at: datetime, lot: str, product: str, amount: Amount, plot: str) -> field.Harvested:
        plots = (field.PlotShare(plot, amount),)
        return field.Harvested(at=at, lot=lot, product=product, amount=amount, plots=plots)

    told = st.builds(born, instants, lots, st.sampled_from(PRODUCTS), some, st.sampled_from(PLOTS))
    return told.flatmap(_harvest)


def _processes() -> st.SearchStrategy[Event]:
    made = st.builds(processing.Product, lots, st.sampled_from(PRODUCTS), some)
    told = {
        "process": st.sampled_from(["milling", "drying", "blanching"]),
        "loss_kg": masses,
        "water_kg": masses,
        "template": st.sampled_from([None, "rice-milling", "own-way", "dance"]),
        "moisture_before": st.none() | decimals.filter(lambda number: number < 100),
        "moisture_after": st.none() | decimals.filter(lambda number: number < 100),
        "steps": st.lists(
            st.builds(processing.StepTold, st.just("blanching"), st.none() | instants), max_size=2
        ).map(tuple),
    }

    def built(lot: str) -> st.SearchStrategy[Event]:
        inputs = _unique_lots(parts.filter(lambda part: part.lot != lot))
        outputs = made.map(lambda product: (replace(product, lot=lot),))
        return _event(processing.Processed, inputs=inputs, outputs=outputs, **told)

    return lots.flatmap(built)


def _inspections() -> st.SearchStrategy[Event]:
    results = st.builds(
        quality.Result,
        analyte=st.sampled_from(ANALYTES),
        unit=st.sampled_from(["mg/kg", "ug/kg", "µg/kg", "%", "CFU"]),
        passed=st.booleans(),
        value=optional_decimals,
        limit=optional_decimals,
        standard=st.sampled_from([None, "GB 2762-2022", "GB 2762", "GB 2761-2017", "ours"]),
    )

    def built(found: tuple[quality.Result, ...]) -> st.SearchStrategy[Event]:
        verdict = "conformant" if all(result.passed for result in found) else "non-conformant"
        return _event(
            quality.Inspected,
            lot=lots,
            sample=words,
            purpose=st.just("routine"),
            sampled_on=days,
            results=st.just(found),
            verdict=st.just(verdict),
        )

    return st.lists(results, min_size=1, max_size=3).map(tuple).flatmap(built)


def _claims() -> st.SearchStrategy[Event]:
    items = st.lists(
        st.builds(partner.Item, lots, optional_decimals, st.sampled_from([None, "KGM", "GRM", "H87"])),
        max_size=2,
    ).map(tuple)
    return _event(
        partner.PartnerClaimed,
        position=st.integers(0, 9),
        event_id=words,
        type=st.just("TransformationEvent"),
        inputs=items,
        outputs=items,
        objects=items,
        children=items,
    )


_area = st.decimals("0.01", 1000, places=2)
_several_parts = st.lists(parts, min_size=1, max_size=3).map(tuple)
_several_lots = st.lists(lots, min_size=1, max_size=3, unique=True).map(tuple)
_some_commodities = st.lists(st.sampled_from(COMMODITIES), min_size=1, max_size=2).map(tuple)

_SIMPLE: dict[type[Event], dict[str, st.SearchStrategy[Any]]] = {
    registry.PartyRegistered: {
        "party": parties,
        "role": st.sampled_from(["operator", "cooperative", "processor", "laboratory"]),
        "division": st.just("220322"),
        "name": st.just("甲合作社"),
        "private_name": st.none(),
    },
    registry.PrefixLicensed: {
        "party": parties,
        "prefix": st.sampled_from(["9520001", "9521234", "20", "0", "x"]),
    },
    registry.ProductRegistered: {
        "product": st.sampled_from(PRODUCTS),
        "name": words,
        "commodity": st.sampled_from(COMMODITIES),
        "measure": st.sampled_from(["mass", "pieces"]),
        "piece_kg": optional_decimals,
        "gtin": st.none() | st.sampled_from(GTINS),
    },
    registry.MemberRegistered: {},
    registry.PlotRegistered: {
        "plot": st.sampled_from(PLOTS),
        "division": st.just("220322"),
        "commodity": st.sampled_from(COMMODITIES),
        "area_ha": _area,
    },
    registry.RulesAdopted: {
        "version": words,
        "digest": digests,
        "files": st.just((registry.RuleFile("limits.csv", "00" * 32),)),
    },
    field.InputBought: {
        "name": words,
        "category": st.just("seed"),
        "amount": positive,
        "unit": st.just("kg"),
    },
    field.Treated: {
        "plot": st.sampled_from(PLOTS),
        "name": words,
        "substances": st.lists(st.sampled_from(SUBSTANCES), min_size=1, max_size=3).map(tuple),
        "interval_days": st.none() | st.integers(0, 400),
        "registration": st.none() | words,
        "method": st.sampled_from(["spray", "seed-coating"]),
    },
    field.InputApplied: {
        "plot": st.sampled_from(PLOTS),
        "name": words,
        "category": st.just("fertiliser"),
        "amount": positive,
        "unit": st.just("kg"),
    },
    processing.UntracedReceived: {"lot": lots, "product": st.sampled_from(PRODUCTS), "amount": amounts},
    processing.Packed: {"container": words, "parts": _several_parts},
    processing.Unpacked: {"container": words, "parts": _several_parts},
    processing.CodesIssued: {
        "lot": lots,
        "first": st.integers(0, 50),
        "count": st.integers(1, 10_000_000),
        "pack": some,
    },
    processing.CodesVoided: {
        "lot": lots,
        "first": st.integers(0, 50),
        "count": st.integers(1, 100),
        "cause": st.just("lost"),
    },
    release.CodesPrepared: {
        "roll": lots,
        "product": st.sampled_from(PRODUCTS),
        "first": st.integers(0, 50),
        "count": st.integers(1, 100),
    },
    release.CodesActivated: {
        "lot": lots,
        "first": st.integers(0, 50),
        "count": st.integers(1, 100),
        "ground": st.sampled_from(["tested", "checked", "witnessed"]),
    },
    release.CodesSold: {"lot": lots, "first": st.integers(0, 50), "count": st.integers(1, 100)},
    release.CodesRecalled: {
        "lot": lots,
        "first": st.integers(0, 50),
        "count": st.integers(1, 100),
        "level": st.sampled_from([1, 2, 3]),
        "cause": st.just("other"),
    },
    release.ScansCounted: {
        "day": days,
        "lots_scanned": st.just(1),
        "codes_scanned": st.integers(1, 9),
        "scans": st.integers(9, 99),
        "root": digests,
    },
    movement.Shipped: {"parts": _several_parts, "handover": digests},
    movement.Received: {"shipment": digests, "token": st.sampled_from(TOKENS), "parts": _several_parts},
    movement.Retailed: {"lot": lots, "amount": amounts},
    growing.ProtocolAdopted: {
        "protocol": st.sampled_from(["rice-jilin", "ginseng-garden", "dance"]),
        "season": st.integers(2024, 2027),
        "plots": st.lists(st.sampled_from(PLOTS), min_size=1, unique=True).map(tuple),
        "product": st.none() | st.sampled_from(PRODUCTS),
    },
    growing.FieldWorked: {"plot": st.sampled_from(PLOTS), "work": st.sampled_from(["weeding", "shading"])},
    making.TemplateDeclared: {
        "template": st.sampled_from(["rice-milling", "own-way"]),
        "name": words,
        "steps": st.just((making.TemplateStep("milling"),)),
        "inputs": _some_commodities,
        "outputs": _some_commodities,
        "most": st.none() | positive,
    },
    making.ControlPointDeclared: {
        "point": st.sampled_from(POINTS),
        "name": words,
        "process": st.sampled_from(["blanching", "milling"]),
        "parameter": st.sampled_from(["temperature", "harvest-to-blanch"]),
        "unit": st.just("h"),
        "least": st.just(Decimal(0)),
        "most": decimals,
        "every_hours": st.none() | positive,
    },
    making.ControlMeasured: {
        "point": st.sampled_from(POINTS),
        "value": decimals,
        "lots": _several_lots,
    },
    making.CorrectiveActionTaken: {
        "measurement": digests,
        "remedy": st.just("reprocessed"),
        "lots": _several_lots,
    },
    making.CapacityDeclared: {
        "process": st.sampled_from(["milling", "drying"]),
        "kg_a_day": positive,
    },
    moving.CounterpartyNoted: {
        "counterparty": st.sampled_from(MEMBERS),
        "counterparty_kind": st.just("caterer"),
        "division": st.sampled_from([None, "110000"]),
    },
    moving.KeepingDeclared: {
        "product": st.sampled_from(PRODUCTS),
        "form": st.sampled_from(["chilled", "frozen"]),
        "lowest": st.none() | st.decimals(-30, 0, places=1),
        "highest": st.decimals(0, 20, places=1),
        "tolerated_minutes": st.integers(0, 1440),
    },
    moving.Carried: {
        "shipment": digests,
        "stage": st.sampled_from(["taken-over", "delivered"]),
        "lots": st.lists(lots, max_size=2).map(tuple),
        "token": st.none() | st.sampled_from(TOKENS),
    },
    selling.StallRegistered: {"stall": words, "vendor": st.just("meihe-mill")},
    selling.StallEnded: {"stall": words, "end_cause": st.just("left")},
    selling.EntryChecked: {
        "stall": words,
        "amount": some,
        "presented": st.just("trace-code"),
        "certificate_state": st.sampled_from(["attached", "missing", "not-required", "unknown"]),
        "decision": st.just("accepted"),
        "lot": lots,
        "rapid_test": st.sampled_from([None, "passed", "failed"]),
    },
    selling.SpotChecked: {
        "stall": words,
        "sample": words,
        "item": words,
        "passed": st.booleans(),
        "commodity": st.sampled_from(COMMODITIES),
    },
    selling.OnlineListed: {"lot": lots, "listing": st.sampled_from(MEMBERS), "platform": words},
    selling.ListingEnded: {"listing": st.sampled_from(MEMBERS), "end_cause": st.just("sold-out")},
    selling.ExportDeclared: {
        "lot": lots,
        "amount": some,
        "country": st.just("JP"),
        "domestic_lot": st.none() | lots,
    },
    recalling.RecallStarted: {"recall": digests},
    recalling.NoticeSent: {"about": digests, "lot": lots, "amount": st.none() | some},
    recalling.NoticeAcknowledged: {"about": digests, "lot": lots, "amount": st.none() | amounts},
    recalling.RecallRecovered: {"recall": digests, "lot": lots, "amount": amounts},
    recalling.RecallDisposed: {
        "recall": digests,
        "lot": lots,
        "amount": amounts,
        "disposal": st.just("destroyed"),
        "from_stock": st.none() | amounts,
    },
    recalling.RecallCompleted: {
        "recall": digests,
        "not_recovered": st.builds(recalling.Missing, lots, amounts, st.just("eaten")).map(
            lambda one: (one,)
        ),
    },
    recalling.HoldPlaced: {"lot": lots, "hold_cause": st.just("export-alert")},
    recalling.HoldLifted: {"hold": digests},
    cases.CaseOpened: {
        "respondent": parties,
        "case_cause": st.just("failed-test"),
        "lot": st.none() | lots,
        "inspection": st.none() | digests,
        "source": st.none() | digests,
    },
    cases.CorrectionOrdered: {"case": digests, "until": days, "measures": st.just(("labels",))},
    cases.CorrectionReported: {"case": digests},
    cases.Reinspected: {"case": digests, "inspection": digests, "passed": st.booleans()},
    cases.CaseClosed: {
        "case": digests,
        "case_outcome": st.sampled_from(["corrected", "no-breach", "penalised", "transferred"]),
    },
    supervising.TaskAssigned: {
        "office": parties,
        "division": st.just("220322"),
        "task_topic": st.just("inputs"),
        "until": days,
        "parent_task": st.none() | digests,
    },
    supervising.FindingsReported: {
        "task": digests,
        "party": parties,
        "findings": st.builds(supervising.Finding, st.just("records"), st.booleans(), privates).map(
            lambda one: (one,)
        ),
    },
    supervising.TaskReported: {"task": digests},
    supervising.AlertRaised: {
        "severity": st.just("high"),
        "division": st.just("220322"),
        "lot": st.none() | lots,
        "party": st.none() | parties,
        "until": st.none() | days,
    },
    supervising.AlertAcknowledged: {"source": digests, "alert": st.just("late-entry")},
    supervising.AlertDone: {
        "source": digests,
        "alert": st.just("late-entry"),
        "alert_outcome": st.just("no-risk"),
        "case": st.none() | digests,
    },
    reporting.ReportReceived: {"receipt": digests, "complaint": st.just("label"), "lot": lots},
    reporting.ReportAnswered: {
        "consumer_report": digests,
        "report_status": st.sampled_from(["accepted", "unfounded"]),
        "case": st.none() | digests,
    },
    reporting.RewardGranted: {"consumer_report": digests},
    reporting.RewardPaid: {"consumer_report": digests, "report_number": words},
    reporting.RatingsCounted: {
        "counted_day": days,
        "ratings": st.builds(
            reporting.Ratings, st.just("220322"), parties, *[st.integers(0, 9)] * 4, st.integers(1, 9)
        ).map(lambda one: (one,)),
    },
    quality.CertificateIssued: {
        "lot": lots,
        "number": words,
        "name": words,
        "amount": amounts,
        "division": st.just("222424"),
        "basis": st.just("controlled"),
    },
    followup.Confirmed: {"target": digests},
    followup.Recalled: {"lot": lots, "level": st.sampled_from([1, 2, 3]), "cause": st.just("failed-test")},
    followup.HoldResolved: {"target": digests},
    followup.Erased: {
        "target": digests,
        "fields": st.just(("name",)),
        "done": st.just("hidden"),
        "cause": st.just("order"),
    },
}


def _logs() -> st.SearchStrategy[Event]:
    """Build series of readings that are over when they are told."""

    def told(at: datetime, names: list[str], readings: list[Decimal], shipment: str | None) -> Event:
        start = at - timedelta(seconds=60 * len(readings))
        return moving.TemperatureLogged(
            at=at,
            form="frozen",
            lots=tuple(names),
            shipment=shipment,
            start=start,
            step_seconds=60,
            readings=tuple(readings),
        )

    return st.builds(
        told,
        instants,
        st.lists(lots, min_size=1, max_size=2, unique=True),
        st.lists(st.decimals(-40, 40, places=1), min_size=1, max_size=20),
        st.none() | digests,
    )


_MADE: dict[type[Event], Callable[[], st.SearchStrategy[Event]]] = {
    field.Harvested: _harvests,
    processing.Processed: _processes,
    quality.Inspected: _inspections,
    partner.PartnerClaimed: _claims,
    moving.TemperatureLogged: _logs,
}


def _placed_marks() -> st.SearchStrategy[Event]:
    told = brand_strategies.mark_told()
    return st.one_of(*(_event(brands.MarkRegistered, **told, **place) for place in brand_strategies.PLACED))


def _lasting(kind: type[Event]) -> st.SearchStrategy[Event]:
    told = brand_strategies.LASTING[kind]
    return brand_strategies.spans.flatmap(
        lambda span: _event(kind, **told, **brand_strategies.spanned(*span))
    )


_MADE[brands.MarkRegistered] = _placed_marks
_MADE |= {kind: partial(_lasting, kind) for kind in brand_strategies.LASTING}
_SIMPLE |= brand_strategies.SIMPLE


def _announced() -> st.SearchStrategy[Event]:
    def built(told: dict[str, Any]) -> st.SearchStrategy[Event]:
        return _event(credit.DrawAnnounced, **{name: st.just(value) for name, value in told.items()})

    return credit_strategies.announcements().flatmap(built)


def _listed() -> st.SearchStrategy[Event]:
    def built(span: list[date]) -> st.SearchStrategy[Event]:
        term = {"since": st.just(span[0]), "until": st.just(span[1])}
        return _event(credit.DishonestyListed, **credit_strategies.LISTED, **term)

    return brand_strategies.spans.flatmap(built)


_MADE |= {credit.DrawAnnounced: _announced, credit.DishonestyListed: _listed}
_SIMPLE |= credit_strategies.SIMPLE

_SIMPLE |= testing_strategies.SIMPLE
_SIMPLE |= register_strategies.SIMPLE


def events(kind: str | None = None) -> st.SearchStrategy[Event]:
    """Return events of *kind* (a word of `KINDS`), or of any."""
    if kind is None:
        return st.sampled_from(sorted(KINDS)).flatmap(events)
    which = KINDS[kind]
    if which is followup.Corrected:
        replacements = st.none() | st.sampled_from(sorted(set(KINDS) - {kind})).flatmap(events)
        reasons = st.sampled_from(["did-not-occur", "incorrect"])
        return _event(followup.Corrected, target=digests, reason=reasons, replacement=replacements)
    return _MADE[which]() if which in _MADE else _event(which, **_SIMPLE[which])


def _named(names: tuple[str, ...], make: Callable[[str], st.SearchStrategy[Any]]) -> st.SearchStrategy[Any]:
    """Return mappings of some of *names* to what *make* makes for them."""
    return st.fixed_dictionaries({}, optional={name: make(name) for name in names})


def known_products(party: str, product: str) -> st.SearchStrategy[KnownProduct]:
    """Return products of that name."""
    return st.builds(
        KnownProduct,
        party=st.just(party),
        product=st.just(product),
        commodity=st.sampled_from(COMMODITIES),
        measure=st.sampled_from(["mass", "pieces"]),
        piece_kg=st.none() | st.decimals("0.001", 50, places=3),
        gtin=st.none() | st.sampled_from(GTINS),
    )


def known_lots(lot: str) -> st.SearchStrategy[KnownLot]:
    """Return lots of that name, sound or not, spent or not."""
    return st.builds(
        KnownLot,
        lot=st.just(lot),
        product=st.none() | known_products("lishu-coop", "paddy"),
        maker=st.none() | parties,
        born=masses,
        consumed=masses,
        coded=masses,
        stock=st.dictionaries(parties, st.decimals(-1000, 10**6, places=3)),
        born_at=st.none() | instants,
        last=st.none() | instants,
        holds=st.sampled_from([(), ("interval-unknown",)]),
        recalled=st.booleans(),
        failed=st.booleans(),
        next_code=st.integers(0, 50),
        measure=st.sampled_from([None, "mass", "pieces"]),
        issues=st.lists(st.tuples(st.integers(0, 50), st.integers(1, 50)), max_size=3).map(tuple),
    )


def known_plots(plot: str) -> st.SearchStrategy[KnownPlot]:
    """Return plots of that name with some treatments and harvests."""
    treatments = st.builds(
        PastTreatment,
        index=st.integers(0, 99),
        plot=st.just(plot),
        name=words,
        substances=st.lists(st.sampled_from(SUBSTANCES), min_size=1, max_size=2).map(tuple),
        day=days,
        interval_days=st.none() | st.integers(0, 400),
        registration=st.none() | words,
    )
    harvests = st.builds(PastHarvest, index=st.integers(0, 99), lot=lots, day=days, amount=masses)
    return st.builds(
        KnownPlot,
        plot=st.just(plot),
        party=parties,
        commodity=st.sampled_from(COMMODITIES),
        division=st.just("220322"),
        area_ha=st.none() | _area,
        bags=st.none() | counts,
        planted=st.none() | st.integers(2000, 2026),
        treatments=st.lists(treatments, max_size=2).map(tuple),
        harvests=st.lists(harvests, max_size=2).map(tuple),
        reaped=st.dictionaries(st.sampled_from(["mass", "pieces"]), masses),
    )


def _known_parties(party: str) -> st.SearchStrategy[KnownParty]:
    return st.builds(
        KnownParty,
        party=st.just(party),
        role=st.sampled_from(sorted(set().union(*MAY_STATE.values()))),
        division=st.sampled_from(["", "220322"]),
        prefixes=st.sampled_from([(), ("9520001",), ("9520001", "9521234")]),
    )


def _past_statements() -> st.SearchStrategy[PastStatement]:
    return st.builds(
        PastStatement,
        digest=digests,
        index=st.integers(0, 99),
        by=parties,
        event=events(),
        void=st.booleans(),
        claimed_by=st.none() | parties,
        flags=st.sampled_from([(), ("failed-test",)]),
    )


@st.composite
def pasts(draw: st.DrawFn) -> Past:
    """Return pasts that may or may not know what an event of `events` names."""
    return draw(_pasts())


@cache
def _pasts() -> st.SearchStrategy[Past]:
    products = {
        (party, product): known_products(party, product) for party in PARTIES[1:3] for product in PRODUCTS
    }
    moved = st.tuples(lots, masses)
    shipments = st.builds(
        PastShipment,
        statement=digests,
        by=parties,
        at=instants,
        handover=digests,
        parts=st.lists(moved, max_size=2).map(tuple),
        received_by=st.none() | parties,
    )
    return st.builds(
        Past,
        brands=brand_strategies.pasts(),
        credit=credit_strategies.pasts(_announced(), _listed()),
        testing=testing_strategies.pasts(),
        certifying=testing_strategies.certified_pasts(),
        register=register_strategies.register(),
        inputs=register_strategies.inputs(),
        by=parties,
        claimed_by=st.none() | parties,
        recorded_at=st.none() | instants,
        parties=_named(PARTIES, _known_parties),
        products=st.fixed_dictionaries({}, optional=products),
        gtins=_named(GTINS[:2], lambda _: known_products("meihe-mill", "rice")),
        plots=_named(PLOTS, known_plots),
        members=st.frozensets(st.sampled_from(MEMBERS)),
        lots=_named(LOTS, known_lots),
        shipment=st.none() | shipments,
        target=st.none() | _past_statements(),
        retold=st.booleans(),
    )
