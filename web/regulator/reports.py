"""Shoppers' reports of the division: read, answered step by step, rewarded, and made a case where need be."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from traceability import own_records, shopper_reports
from traceability.errors import Unknown
from traceability.reading import Reader
from traceability.shopper_reports import ShopperReport
from web.access import me
from web.accounts import Account
from web.filing import Ask, Filing, Values, add_to
from web.language import N_, gettext
from web.regulator.lists import lot_number
from web.regulator.room import OFFICES, ONLY_REGULATORS, area_name, blueprint, own_lot, parties, scope_of
from web.services import services
from web.shopper_says import count_days, days_waiting, maker_of
from web.words import word

NEXT = {
    "received": ("report_answered",),
    "accepted": ("report_answered",),
    "investigating": ("report_answered",),
    "confirmed": ("reward_granted",),
    "rewarded": ("reward_paid",),
    "unfounded": (),
    "paid": (),
}


@blueprint.get("/reports")
@OFFICES
def reports_listed() -> str:
    """Show the reports of the division, the newest first."""
    waiting = days_waiting(services())
    with services().reading() as reader:
        return render_template(
            "regulator/reports.html",
            area=area_name(),
            reports=shopper_reports.reports(reader.connection, scope_of(reader)),
            waiting=len(waiting),
            number=lot_number,
            parties=parties(reader),
        )


@blueprint.post("/reports/count")
@OFFICES
def count_ratings() -> Response:
    """Tell the log now what shoppers rated on the days that are over; else the night does."""
    counted = count_days(services())
    flash(gettext(N_("已把 %(days)s 天的满意度评价汇总进账本。"), days=len(counted)))
    return redirect(url_for("regulator.reports_listed"))


def own_report(reader: Reader, digest: str) -> ShopperReport:
    """Return a report of a lot within; else raise as `own_lot` does."""
    found = shopper_reports.by_digest(reader.connection, digest)
    if found is None:
        raise Unknown("report", digest[:16])
    own_lot(reader, found.lot)
    return found


@blueprint.get("/reports/<report>")
@OFFICES
def report(report: str) -> str:
    """Show one report with the words of the shopper, which are sealed for everybody else."""
    with services().reading() as reader:
        found = own_report(reader, report)
        event = own_records.opened(reader, services().sealed, reader.statement(found.entry))
        text = getattr(event, "text", None)
        maker = maker_of(reader.connection, found.lot)
        return render_template(
            "regulator/report.html",
            report=found,
            text=text if isinstance(text, str) else None,
            maker=None if maker is None else maker[1],
            onward=[f"regulator.file_{each}" for each in NEXT[found.state]] if _may_act() else [],
            may_act=_may_act(),
            number=lot_number,
            parties=parties(reader),
        )


def _may_act() -> bool:
    return me().role == "regulator"


# What is filed.


def _may(reader: Reader, _account: Account, values: Values) -> None:
    own_report(reader, values["report"])


def _about(reader: Reader, _account: Account, values: Values) -> list[tuple[str, str]]:
    found = own_report(reader, values["report"])
    return [
        (gettext("举报类别"), word("complaint", found.complaint)),
        (gettext("批号"), lot_number(found.lot)),
        (gettext("进度"), word("report_status", found.state)),
    ]


def _of_report(values: Values) -> dict[str, str]:
    return {"consumer_report": values["report"]}


def _paid(values: Values) -> dict[str, str]:
    typed = values.get("report_number", "")
    return {**_of_report(values), "report_number": shopper_reports.plain_number(typed) or typed}


def _report_page(_digest: str) -> str:
    return url_for("regulator.report", report=(request.view_args or {})["report"])


ANSWER = Filing(
    kind="report-answered",
    title=N_("办理质量举报"),
    lead=N_("举报人凭编号能看到进度；说明只在监管部门看。"),
    asks=(Ask(path="report_status"), Ask(path="case", folded=True), Ask(path="note")),
    fixed=_of_report,
    about=_about,
    may=_may,
    onward=_report_page,
)

GRANT = Filing(
    kind="reward-granted",
    title=N_("决定举报奖励"),
    lead=N_("金额不公开，账本里只留摘要。"),
    asks=(Ask(path="reward"), Ask(path="document")),
    fixed=_of_report,
    about=_about,
    may=_may,
    onward=_report_page,
)

PAY = Filing(
    kind="reward-paid",
    title=N_("发放举报奖励"),
    lead=N_("请来领奖的人出示编号。编号对得上才能发，发过之后编号就公开作废。"),
    asks=(Ask(path="report_number"), Ask(path="document")),
    fixed=_paid,
    about=_about,
    may=_may,
    onward=_report_page,
)

add_to(blueprint, ONLY_REGULATORS, ANSWER, path="/reports/<report>/answer")
add_to(blueprint, ONLY_REGULATORS, GRANT, path="/reports/<report>/reward")
add_to(blueprint, ONLY_REGULATORS, PAY, path="/reports/<report>/pay")
