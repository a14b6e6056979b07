"""What a shopper asks afterwards, and taps: how far a report has come, and how content one is.

/report/<number>     how far somebody has come with it; nothing else is shown, and nothing of who asks is kept
POST /rate           one tap from one to five
"""

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask_limiter.util import get_remote_address
from werkzeug.wrappers import Response as AnyResponse

from traceability import shopper_reports
from traceability.errors import Unknown
from web import shopper_says
from web.access import limiter
from web.services import services

blueprint = Blueprint("shopper", __name__)

ASK_LIMITS = "20 per minute; 200 per day"
RATE_LIMITS = "5 per minute; 20 per day"


@blueprint.get("/report/")
@limiter.limit(ASK_LIMITS, key_func=get_remote_address)
def ask() -> AnyResponse | str:
    """Ask for a number, or go to the page of the one that was typed."""
    typed = request.args.get("number", "")
    if typed:
        number = shopper_reports.plain_number(typed)
        return redirect(url_for("shopper.status", number=number or typed[:40]))
    return render_template("scan/status.html", report=None)


@blueprint.get("/report/<number>")
@limiter.limit(ASK_LIMITS, key_func=get_remote_address)
def status(number: str) -> Response:
    """Show how far somebody has come with the report that has this number."""
    plain = shopper_reports.plain_number(number)
    with services().reading() as reader:
        found = (
            None
            if plain is None
            else shopper_reports.by_receipt(reader.connection, shopper_reports.receipt_of(plain))
        )
    if found is None:
        raise Unknown("report", number[:40])
    response = make_response(render_template("scan/status.html", report=found))
    # Whoever has the number may take the reward: no cache keeps the page, no link tells where it came from.
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@blueprint.post("/rate")
@limiter.limit(RATE_LIMITS, key_func=get_remote_address)
def rate() -> str:
    """Keep one tap."""
    lot = request.form.get("lot", "")
    shopper_says.rate(services(), lot=lot, score=request.form.get("score", ""))
    return render_template("scan/rated.html", address=lot.removeprefix("https://id.gs1.org"))
