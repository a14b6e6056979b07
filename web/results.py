"""What was found in my goods, what I may say against it, and what I weigh and measure with.

/results/                          samples of lots that I made or had: result, clocks, objection
/results/<inspection>/object       an objection, while the term runs
/results/instruments               scales and instruments, and when each is due for calibration
/results/certificate/new           a 承诺达标合格证 for a lot that I have
/results/standards                 the catalogue: in force, to be checked, history
/results/instruments/registered    a new one        /results/instruments/calibrated   it was calibrated
"""

from datetime import date

from flask import Blueprint, render_template, request, url_for

from traceability import holdings, instruments, samples, standards
from traceability.errors import NotAllowed, Unknown
from traceability.events import roles
from traceability.events.fact import legal_day
from traceability.reading import Reader
from traceability.retesting import reports_of
from traceability.samples import Report, Sample
from traceability.standards import Standard
from web.access import me, require
from web.accounts import Account
from web.facts import format_fact
from web.filing import Ask, Choices, Filing, Values, add_to, lots_here
from web.language import N_, current, gettext
from web.services import services
from web.weighed_with import own_instruments
from web.words import word

blueprint = Blueprint("results", __name__, url_prefix="/results")

TRADERS = require(*sorted(roles.TRADERS))  # type: ignore[arg-type]  # the set holds roles only
WHO_MEASURES = require(*sorted(roles.TRADERS), "laboratory")  # type: ignore[arg-type]  # likewise


@blueprint.get("/")
@TRADERS
def index() -> str:
    """Show the samples of my lots, the newest first."""
    with services().reading() as reader:
        return render_template(
            "results/index.html",
            samples=samples.of_party(reader.connection, me().party),
            names=holdings.names(reader),
            now=services().clock(),
        )


@blueprint.get("/instruments", endpoint="instruments")
@WHO_MEASURES
def my_instruments() -> str:
    """Show what the party measures with."""
    with services().reading() as reader:
        return render_template(
            "results/instruments.html",
            instruments=instruments.instruments_of(reader.connection, me().party),
            today=legal_day(services().clock()),
        )


@blueprint.get("/standards", endpoint="standards")
@require()
def catalogue() -> str:
    """Show the standards that goods and tests are held against, and the kinds of certificates."""
    today = legal_day(services().clock())
    return render_template(
        "results/standards.html",
        standards=[(each, _standing(each, today)) for each in standards.standards()],
        schemes=list(standards.schemes().values()),
        is_english=current() == "en",
    )


def _standing(each: Standard, on: date) -> str:
    """Return how a standard is shown: as in force only where somebody has read so."""
    if each.state == "historical":
        return "historical"
    return "in-force" if each.is_shown(on) else "to-check"


def _inspection() -> str:
    return str((request.view_args or {})["inspection"])


def _report(reader: Reader, digest: str) -> tuple[Sample, Report]:
    """Return a report of a sample of my goods; raises `Unknown`, or `NotAllowed` for others' goods."""
    sample = samples.sample_of_report(reader.connection, digest)
    for report in () if sample is None else sample.reports:
        if sample is not None and report.digest == digest:
            own = samples.of_party(reader.connection, me().party, limit=1000)
            if report.party != me().party and all(each.entry != sample.entry for each in own):
                raise NotAllowed("other-party", party=sample.by)
            return sample, report
    raise Unknown("statement", digest[:16])


def _may_object(reader: Reader, _account: Account, values: Values) -> None:
    _report(reader, values["inspection"])


def _about(reader: Reader, _account: Account, values: Values) -> Choices:
    sample, report = _report(reader, values["inspection"])
    facts = [
        (gettext(N_("批号")), format_fact("lot", sample.lot)),
        (gettext(N_("样品编号")), sample.sample),
        (gettext(N_("结论")), word("verdict", "conformant" if report.passed else "non-conformant")),
    ]
    if report.until_moment is not None:
        facts.append((gettext(N_("异议截止")), format_fact("instant", report.until_moment)))
    elif report.until is not None:
        facts.append((gettext(N_("异议截止")), format_fact("date", report.until)))
    return facts


def _passed_tests(reader: Reader, account: Account) -> Choices:
    """Offer the passed tests of lots that the party has."""
    found = []
    for lot in holdings.lots(reader, account.party):
        for entry, digest in reports_of(reader.connection, lot.lot) if lot.stock > 0 else ():
            found.append(
                (digest, f"{format_fact('lot', lot.lot)} · {gettext(N_('第 %(index)s 条'), index=entry)}")
            )
    return found


def _mine(reader: Reader, account: Account) -> Choices:
    return own_instruments(reader, account.party, legal_day(services().clock()))


OBJECT = Filing(
    kind="objected",
    title=N_("对检测结果提出异议"),
    lead=N_("复检由另一家机构进行，不用快速检测方法；复检结果就是最终结果。"),
    asks=(Ask(path="reason", widget="long"),),
    fixed=lambda _values: {"inspection": _inspection()},
    may=_may_object,
    about=_about,
    onward=lambda _digest: url_for("results.index"),
)

REGISTERED = Filing(
    kind="instrument-registered",
    title=N_("登记计量器具"),
    lead=N_("登记之后，采收、加工、收货和检测的记录就能写明是用哪台量的。"),
    asks=(
        Ask(path="instrument", hint=N_("本单位叫它什么，例如「1号地磅」。会公开。")),
        Ask(path="instrument_type"),
        Ask(path="range", folded=False),
        Ask(path="serial_number", folded=False),
    ),
    onward=lambda _digest: url_for("results.instruments"),
)

CALIBRATED = Filing(
    kind="calibrated",
    title=N_("登记计量检定"),
    lead=N_("照检定证书填写。过期之后，用它量的记录会带上提示。"),
    asks=(
        Ask(path="instrument", options=_mine, widget="choice"),
        Ask(path="institution"),
        Ask(path="conclusion"),
        Ask(path="due"),
        Ask(path="document", folded=False),
        Ask(path="report", widget="file"),
    ),
    onward=lambda _digest: url_for("results.instruments"),
)

ISSUE = Filing(
    kind="certificate-issued",
    title=N_("开具合格证"),
    lead=N_("收购后混合、分装的批次要重新开具。承诺依据写检测的，请附检测记录。"),
    asks=(
        Ask(path="lot", options=lots_here, widget="choice"),
        Ask(path="number"),
        Ask(path="name"),
        Ask(path="amount"),
        Ask(path="division", start=lambda _reader, account: account.division),
        Ask(path="basis"),
        Ask(path="contact", folded=False),
        Ask(path="promise", start=lambda _reader, _account: "buyer", folded=False),
        Ask(path="contact_on_pack", folded=True),
        Ask(path="tests", options=_passed_tests, widget="several", folded=True),
    ),
    onward=lambda _digest: url_for("certificates.index"),
)

add_to(blueprint, TRADERS, ISSUE, path="/certificate/new")
add_to(blueprint, TRADERS, OBJECT, path="/<inspection>/object")
add_to(blueprint, WHO_MEASURES, REGISTERED, path="/instruments/registered")
add_to(blueprint, WHO_MEASURES, CALIBRATED, path="/instruments/calibrated")
