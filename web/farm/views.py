"""The home of the grower's room, and the pages to look things up: plots, people, lots, records.

/farm/               lots, plots, and what waits for somebody
/farm/lot?lot=…      one lot: what is here, what stands in its way, what to do next
/farm/plots/<plot>   one plot: what was done there, and when it may be harvested
/farm/people         members and products
/farm/entries        everything that was signed here, the newest first
/farm/entries/<digest>   one record, with what it made public and what it sealed
"""

from decimal import Decimal
from typing import Any

from flask import render_template, request

from qr.label import is_sample
from traceability import holdings, own_records
from traceability.events import Event
from traceability.events.followup import Corrected
from traceability.holdings import Delivery, Lot
from traceability.own_records import Said
from traceability.test_panel import panel_of
from web import paging
from web.farm.forms import PAPERS
from web.farm.goods import in_scope
from web.farm.growing import behind, season
from web.farm.papers import figures
from web.farm.remarks import remarks
from web.farm.room import Desk, blueprint, desk, division_name, goods_name, growers, lot_title, plot_name
from web.farm.telling import Telling
from web.forms import Form

CORRECTABLE = frozenset(PAPERS) - {"codes-issued", "codes-voided"} | {"shipped", "processed", "received"}
"""What may be put right: a printed code is voided instead, and a correction is final."""

PAGE = 30


@blueprint.app_context_processor
def _names() -> dict[str, Any]:
    """Give the templates of the room the names of its things."""
    return {
        "plot_name": plot_name,
        "lot_title": lot_title,
        "goods_name": goods_name,
        "division_name": division_name,
        "mu": lambda land: figures((land.known.area_ha * 15).quantize(Decimal("0.1"))),
    }


@blueprint.get("/")
@growers
def index() -> str:
    """Show what there is and what waits."""
    with desk() as here:
        return render_template(
            "farm/index.html",
            desk=here,
            lots=[each for each in here.lots if each.stock > 0],
            gone=[each for each in here.lots if each.stock <= 0],
            on_the_way=_on_the_way(here),
            coming=holdings.coming(here.reader, here.shared.sealed, here.party),
            uncertified=[each for each in here.lots if each.stock > 0 and _lacks_certificate(here, each)],
        )


def _on_the_way(here: Desk) -> list[Delivery]:
    sent = holdings.sent(here.reader, here.shared.sealed, here.party, is_open=True)
    known = {each.party for each in here.partners}
    # A buyer outside the system never confirms, so nothing waits for that.
    return [each for each in sent if each.to in known]


def _lacks_certificate(here: Desk, lot: Lot) -> bool:
    return in_scope(here, lot) is True and not holdings.certificates(here.reader, lot.lot)


@blueprint.get("/lot")
@growers
def lot() -> str:
    """Show one lot."""
    with desk() as here:
        found = here.lot(request.args.get("lot", ""))
        return render_template(
            "farm/lot.html",
            desk=here,
            lot=found,
            required=in_scope(here, found),
            panel=panel_of(here.reader.connection, found.lot, here.rules, here.today),
            certificates=holdings.certificates(here.reader, found.lot),
            issues=holdings.issues(here.reader, found.lot),
            voids=holdings.voids(here.reader, found.lot),
            said=own_records.entries(here.reader, here.party, about=found.lot),
            sample=is_sample(here.shared.base_url),
            page_address=found.lot.removeprefix("https://id.gs1.org"),
            behind=behind(here, found.lot),
        )


@blueprint.get("/plots/<number>")
@growers
def plot(number: str) -> str:
    """Show one plot."""
    with desk() as here:
        land = here.plot(number)
        said = own_records.entries(here.reader, here.party, about=f"urn:jizihao:plot:{number}")
        worked = season(here, number, here.today)
        return render_template("farm/plot.html", desk=here, land=land, said=said, season=worked)


@blueprint.get("/people")
@growers
def people() -> str:
    """Show members and products."""
    with desk() as here:
        return render_template("farm/people.html", desk=here, form=Form({}))


@blueprint.get("/entries")
@growers
def entries() -> str:
    """Show what was signed, page by page."""
    with desk() as here:
        said = own_records.entries(here.reader, here.party, limit=PAGE + 1, before=paging.before())
        older = said[PAGE - 1].entry if len(said) > PAGE else None
        return render_template(
            "farm/entries.html", desk=here, said=said[:PAGE], older=older, correctable=correctable
        )


@blueprint.get("/entries/<digest>")
@growers
def entry(digest: str) -> str:
    """Show one record."""
    with desk() as here:
        said = own_records.entry(here.reader, here.party, digest)
        event = opened(here, said)
        replacement = event.replacement if isinstance(event, Corrected) else None
        telling = Telling(here)
        flags = here.reader.entry(said.entry).record["ruling"]["flags"]
        return render_template(
            "farm/entry.html",
            desk=here,
            said=said,
            event=event,
            told=replacement or event,
            lines=telling.lines(event),
            replaced=telling.lines(replacement) if replacement is not None else [],
            remarks=remarks(here, flags),
            correctable=correctable(said),
        )


def opened(here: Desk, said: Said) -> Event:
    """Return the event of a record, its sealed values in the clear for their owner."""
    return own_records.opened(here.reader, here.shared.sealed, here.reader.statement(said.entry))


def correctable(said: Said) -> bool:
    """Tell whether a record may be put right."""
    return said.void_by is None and said.kind in CORRECTABLE
