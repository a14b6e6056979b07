"""The carrier's own pages: goods that it has, goods it set down, and the form of each step.

/carrier/                        journeys, and the box for a carriage word
/carrier/take-over?token=…       what the note says, plate and seal
/carrier/deliver/<shipment>      where it was set down, and whether the seal was whole
"""

from flask import Blueprint, render_template, request, url_for

from traceability import holdings, journeys
from traceability.errors import Breach, Refused
from traceability.events import Event
from traceability.journeys import Journey
from traceability.reading import Reader
from web import handover
from web.access import me, require
from web.forms import Form
from web.problems import tell
from web.recording import Answer, Given, blank, event_of, filled, submitted
from web.services import services

blueprint = Blueprint("carrier", __name__, url_prefix="/carrier")

carriers = require("carrier")

HOUSE = "jizihao"


@blueprint.get("/")
@carriers
def index() -> str:
    """Show what is on the way, and what was set down."""
    return _index(Form({}))


def _index(form: Form) -> str:
    with services().reading() as reader:
        found = journeys.of_carrier(reader, me().party)
        return render_template(
            "carrier/index.html",
            form=form,
            under_way=[each for each in found if each.delivered is None],
            delivered=[each for each in found if each.delivered is not None],
            names=holdings.names(reader),
        )


@blueprint.get("/take-over")
@carriers
def take_over() -> Answer:
    """Show the shipment that a carriage word opens."""
    token = request.args.get("token", "")
    try:
        with services().reading() as reader:
            found = _by_word(reader, token)
    except Refused as error:
        told = tell(error)
        return _index(Form({"token": token}, told, everything_at="token")), told.status
    return _take_over_form(found, blank(token=token))


@blueprint.post("/take-over")
@carriers
def submit_take_over() -> Answer:
    """Record that a shipment was taken over."""
    with services().reading() as reader:
        found = _by_word(reader, request.form.get("token", ""))
    return submitted(
        lambda values: _carried(found, "taken-over", values),
        lambda form: _take_over_form(found, form),
        lambda _digest: url_for("carrier.index"),
    )


def _by_word(reader: Reader, typed: str) -> Journey:
    found = journeys.by_word(reader, handover.digest_of(handover.read_token(typed)))
    if found is None:
        raise Refused(Breach("unknown-shipment", HOUSE, (("shipment", typed[:40]),)))
    return found


def _take_over_form(found: Journey, form: Form) -> str:
    return _step_form("carrier/take-over.html", found, form)


def _step_form(template: str, found: Journey, form: Form) -> str:
    with services().reading() as reader:
        lots = {part.lot: holdings.lot(reader, found.sender, part.lot) for part in found.event.parts}
        return render_template(template, form=form, journey=found, names=holdings.names(reader), lots=lots)


@blueprint.get("/deliver/<shipment>")
@carriers
def deliver(shipment: str) -> str:
    """Show the form of setting goods down."""
    with services().reading() as reader:
        found = journeys.one(reader, me().party, shipment)
    return _step_form("carrier/deliver.html", found, blank())


@blueprint.post("/deliver/<shipment>")
@carriers
def submit_delivery(shipment: str) -> Answer:
    """Record that goods were set down."""
    with services().reading() as reader:
        found = journeys.one(reader, me().party, shipment)
    return submitted(
        lambda values: _carried(found, "delivered", values),
        lambda form: _step_form("carrier/deliver.html", found, form),
        lambda _digest: url_for("carrier.index"),
    )


def _carried(found: Journey, stage: str, values: dict[str, str]) -> Event:
    given: Given = {
        "shipment": found.shipment,
        "stage": stage,
        "lots": list(found.lots),
        **filled(values, "vehicle", "seal", "place"),
    }
    if stage == "taken-over":
        given["token"] = handover.read_token(values.get("token", ""))
    elif values.get("seal_intact"):
        given["seal_intact"] = values["seal_intact"]
    return event_of("carried", values, given)
