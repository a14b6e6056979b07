"""The form in which a carrier brings a logger's file.

/carrier/temperatures/<shipment>     the file, and in which state the goods travel
"""

from flask import render_template, url_for

from traceability import journeys
from traceability.journeys import Journey
from web.access import me
from web.carrier.room import blueprint, carriers
from web.forms import Form
from web.recording import Answer, blank, submitted
from web.services import services
from web.temperature_files import logged
from web.words import choices


@blueprint.get("/temperatures/<shipment>")
@carriers
def temperatures(shipment: str) -> str:
    """Show the form of a logger's file."""
    with services().reading() as reader:
        found = journeys.one(reader, me().party, shipment)
    return _form(found, blank())


@blueprint.post("/temperatures/<shipment>")
@carriers
def submit_temperatures(shipment: str) -> Answer:
    """Record what the logger read."""
    with services().reading() as reader:
        found = journeys.one(reader, me().party, shipment)
    return submitted(
        lambda values: logged(values, found.lots, found.shipment),
        lambda form: _form(found, form),
        lambda _digest: url_for("carrier.index"),
    )


def _form(found: Journey, form: Form) -> str:
    return render_template(
        "carrier/temperatures.html", form=form, journey=found, forms_of_goods=choices("form")
    )
