"""The cold store of whoever holds goods: a logger's file for lots that are in stock.

/trade/temperatures     the lots, the file, and in which state the goods are kept
"""

from flask import render_template, request, url_for

from traceability import holdings
from traceability.errors import Invalid, Problem
from traceability.events import Event
from web.access import me
from web.forms import Form
from web.recording import Answer, blank, submitted
from web.services import services
from web.temperature_files import logged
from web.trade.room import blueprint, traders
from web.words import choices


@blueprint.get("/temperatures")
@traders
def temperatures() -> str:
    """Show the form of a logger's file."""
    return _form(blank())


@blueprint.post("/temperatures")
@traders
def submit_temperatures() -> Answer:
    """Record what the logger of a store read."""
    return submitted(_logged, _form, lambda _digest: url_for("trade.index"))


def _logged(values: dict[str, str]) -> Event:
    lots = request.form.getlist("lots")
    if not lots:
        raise Invalid(Problem("lots", "missing"))
    return logged(values, lots)


def _form(form: Form) -> str:
    with services().reading() as reader:
        lots = holdings.in_stock(reader, me().party)
    return render_template(
        "trade/temperatures.html",
        form=form,
        lots=lots,
        chosen=request.form.getlist("lots"),
        forms_of_goods=choices("form"),
    )
