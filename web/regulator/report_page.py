"""The report on the state of quality on a page, and as a file to take away."""

from collections import OrderedDict
from typing import Any

from flask import Response, abort, current_app, render_template, request

from traceability.errors import Invalid
from traceability.quality_report.periods import quarter_of
from traceability.scope import covers
from traceability.vocabulary import divisions
from web import quality_document, quality_paper, quality_reports
from web.access import limiter, me
from web.forms import Form
from web.language import current
from web.problems import tell
from web.quality_telling import title_of
from web.recording import Answer
from web.regulator.credit import today
from web.regulator.room import OFFICES, area, blueprint, division_name
from web.services import services

Json = dict[str, Any]
KEY = "jizihao-quality-reports"
MOST_KEPT = 8
LIMITS = "60 per hour"
FORMS = {
    "html": ("text/html; charset=utf-8", quality_document.html_document),
    "json": ("application/json", quality_document.json_document),
    "pdf": ("application/pdf", quality_paper.pdf_document),
}


@blueprint.get("/report")
@OFFICES
def quality() -> Answer:
    """Show the report of a period and a division, the running quarter of the own one if none is named."""
    values = {"period": _period(), "division": _division()}
    try:
        report = _report(values)
    except Invalid as error:
        told = tell(error)
        return _page(Form(values, told), None), told.status
    return _page(Form(values), report)


def _page(form: Form, report: Json | None) -> str:
    return render_template(
        "regulator/quality.html",
        form=form,
        report=report,
        title="" if report is None else title_of(report),
        body="" if report is None else quality_document.body(report),
        digest="" if report is None else quality_document.digest_of(report),
        divisions=[(code, division_name(code)) for code in divisions() if covers(area(), code)],
    )


@blueprint.get("/report.<form>")
@OFFICES
@limiter.limit(LIMITS, key_func=lambda: f"quality-report:{me().name}")
def quality_file(form: str) -> Response:
    """Give the report as a file."""
    if form not in FORMS:
        abort(404)
    content_type, spelt = FORMS[form]
    values = {"period": _period(), "division": _division()}
    response = Response(spelt(_report(values)), content_type=content_type)
    name = f"quality-{values['division']}-{values['period']}-{current()}.{form}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _period() -> str:
    return request.args.get("period", "") or quarter_of(today())


def _division() -> str:
    return request.args.get("division", "") or area() or "220000"


def _report(values: dict[str, str]) -> Json:
    """Return the report, from memory where the log has not grown since."""
    wanted = quality_reports.wanted(values["period"], values["division"])
    if not covers(area(), wanted.division):
        abort(403)
    shared = services()
    kept: OrderedDict[tuple[str, str, int], Json] = current_app.extensions.setdefault(KEY, OrderedDict())
    key = (values["period"], values["division"], shared.log.size())
    if key not in kept:
        found = quality_reports.of_instance(shared, wanted)
        kept[(values["period"], values["division"], found["checkpoint"]["size"])] = found
        while len(kept) > MOST_KEPT:
            kept.popitem(last=False)
        return found
    return kept[key]
