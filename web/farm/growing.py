"""How a season is worked: the protocol that is followed, the work of a day, and drying at the cooperative.

/farm/record/protocol-adopted?plots=…    a protocol for a season, on plots of one's own
/farm/record/field-worked?plot=…         a day's work on a plot
/farm/drying?lot=…                       a lot dried: what went in, what came out, how moist
"""

from datetime import date
from typing import Any

from flask import render_template, request, url_for

from traceability.claims import Claim, Source, claims_of_lot, sources_of_lot
from traceability.completeness import Completeness, completeness_of
from traceability.events import Event
from traceability.protocol import Season, season_of, seasons_of
from traceability.reading import Reader
from traceability.rule_tables.growing import PROTOCOLS
from traceability.rule_tables.making import PROCESS_STEPS
from web.accounts import Account
from web.farm.room import Desk, blueprint, desk, goods_name, growers, plot_name
from web.filing import Ask, Choices, Filing, Values, add_to
from web.forms import Form
from web.language import N_
from web.recording import Answer, Given, amount, blank, event_of, filled, submitted
from web.weighed_with import own_instruments
from web.words import word


def _plots(_reader: Reader, _account: Account) -> Choices:
    with desk() as here:
        return [
            (each.known.plot, f"{plot_name(each)} · {word('commodity', each.known.commodity)}")
            for each in here.plots
        ]


def _protocols(_reader: Reader, _account: Account) -> Choices:
    with desk() as here:
        crops = {each.known.commodity for each in here.plots}
        return [
            (row.protocol, word("protocol", row.protocol))
            for row in here.rules.rows(PROTOCOLS)
            if row.commodity in crops
        ]


def _members(_reader: Reader, _account: Account) -> Choices:
    with desk() as here:
        return [(each.member, each.name or each.member[:6]) for each in here.members]


def _this_year(_reader: Reader, _account: Account) -> str:
    with desk() as here:
        return str(here.today.year)


def _own_plots(reader: Reader, _account: Account, values: Values) -> None:
    del reader
    asked = (values.get("plot", ""), *values.get("plots", "").split("\n"))
    with desk() as here:
        for name in filter(None, asked):
            here.plot(name)


PROTOCOL = Filing(
    kind="protocol-adopted",
    title=N_("采用技术规程"),
    lead=N_("选了规程，账本会对照每一步做没做、时间对不对。采用哪个规程由自己定。"),
    asks=(
        Ask(path="protocol", options=_protocols, widget="choice"),
        Ask(path="season", start=_this_year),
        Ask(path="plots", options=_plots, widget="several", folded=False),
    ),
    may=_own_plots,
    onward=lambda _digest: url_for("farm.index"),
)

WORK = Filing(
    kind="field-worked",
    title=N_("登记田间作业"),
    lead=N_("施药和投入品有各自的表；这里记插秧、除草、晒田这些活。"),
    asks=(
        Ask(path="plot", options=_plots, widget="choice"),
        Ask(path="work"),
        Ask(path="member", options=_members, widget="choice", hint=N_("给哪位社员记的；不填就是本单位。")),
        Ask(path="note"),
    ),
    may=_own_plots,
    onward=lambda _digest: url_for("farm.index"),
)

for _filing in (PROTOCOL, WORK):
    add_to(blueprint, growers, _filing)


@blueprint.get("/drying")
@growers
def drying() -> str:
    """Show the form for drying one lot; ?lot= is the one."""
    return _drying_form(blank(lot=request.args.get("lot", "")))


@blueprint.post("/drying")
@growers
def submit_drying() -> Answer:
    """Record that a lot was dried."""
    return submitted(_dried, _drying_form, lambda _digest: url_for("farm.index"))


def _drying_form(form: Form) -> str:
    with desk() as here:
        lots = [each for each in here.lots if each.stock > 0 and each.measure == "mass"]
        goods = [(each.product, goods_name(each)) for each in here.products if each.measure == "mass"]
        ways = [(each, word("template", each)) for each in _drying_ways(here)]
        instruments = own_instruments(here.reader, here.party, here.today)
        return render_template(
            "farm/drying.html", form=form, lots=lots, goods=goods, ways=ways, instruments=instruments
        )


def _drying_ways(here: Desk) -> list[str]:
    """Return the templates that drying alone fulfils."""
    needed: dict[str, set[str]] = {}
    for row in here.rules.rows(PROCESS_STEPS):
        needed.setdefault(row.template, set()).update({row.process} if row.required else ())
    return [template for template, steps in needed.items() if steps == {"drying"}]


def _dried(values: dict[str, str]) -> Event:
    with desk() as here:
        goods = here.product(values.get("product", ""))
        number = None if goods is None else here.free_number(goods)
        lot = here.lot_named(goods, number)
    made: Given = {**filled(values, "product"), **amount(values.get("dried"), "mass")}
    if lot is not None:
        made["lot"] = lot
    given: Given = {
        "process": "drying",
        "inputs": [{**filled(values, "lot"), **amount(values.get("wet"), "mass")}],
        "outputs": [made],
        **filled(values, "moisture_before", "moisture_after", "template", "instrument"),
    }
    return event_of("processed", values, given)


def contributions(here: Desk, sources: tuple[Source, ...]) -> list[dict[str, Any]]:
    """Return what each member brought to a lot: name, plots, and the share in per cent where it is known."""
    names = {each.member: each.name for each in here.members}
    found: dict[str | None, dict[str, Any]] = {}
    for source in sources:
        own = source.party == here.party
        key = source.member if own else None
        row = found.setdefault(
            key, {"name": names.get(key or "") if own else None, "plots": set(), "share": 0, "known": True}
        )
        row["plots"].add(source.plot or source.lot)
        row["known"] = row["known"] and source.share is not None
        row["share"] += source.share or 0
    return list(found.values())


def behind(here: Desk, lot: str) -> dict[str, Any]:
    """Return what a lot's page says of where it grew: parts, members, seasons, names, completeness."""
    connection = here.reader.connection
    sources = sources_of_lot(connection, lot)
    seasons: tuple[Season, ...] = seasons_of(here.reader, sources, here.rules, here.today)
    names: tuple[Claim, ...] = claims_of_lot(connection, lot, here.rules)
    whole: Completeness = completeness_of(here.reader, lot, here.rules, here.today)
    return {
        "contributions": contributions(here, sources),
        "seasons": seasons,
        "claims": names,
        "completeness": whole,
    }


def season(here: Desk, plot: str, today: date) -> Season:
    """Return how a plot is worked this year."""
    return season_of(here.reader, plot, today.year, here.rules, today)
