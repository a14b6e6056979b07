"""A laboratory takes a sample itself, and tells the sampled party what was found."""

from flask import request, url_for

from traceability import goods, holdings, samples
from traceability.errors import NotAllowed, Unknown
from traceability.events.fact import legal_day
from traceability.reading import Reader
from traceability.samples import Report, Sample
from web.access import me
from web.accounts import Account
from web.facts import format_fact
from web.filing import Ask, Choices, Filing, Values, add_to, partners
from web.laboratory.room import LABORATORIES, blueprint
from web.language import N_, gettext
from web.services import services
from web.words import word


def _offices(reader: Reader, account: Account) -> Choices:
    """Offer the offices whose sampling it may be; none: nobody ordered it."""
    known = {each.party for each in _regulators(reader)}
    return [
        ("", gettext(N_("没有部门下达"))),
        *(each for each in partners(reader, account) if each[0] in known),
    ]


def _regulators(reader: Reader) -> list[holdings.Partner]:
    return [each for each in holdings.partners(reader) if each.role == "regulator"]


def _commodity(lot: str) -> dict[str, str]:
    """Return the kind of goods of the lot; nothing where it is not known, which the rules will tell."""
    with services().reading() as reader:
        known = goods.known_lot(reader.connection, lot, holders=())
    return {} if known is None or known.product is None else {"commodity": known.product.commodity}


def told_report(reader: Reader, digest: str) -> tuple[Sample, Report]:
    """Return a report of mine with its sample; raises `Unknown`, or `NotAllowed` for another's."""
    sample = samples.sample_of_report(reader.connection, digest)
    for report in () if sample is None else sample.reports:
        if sample is not None and report.digest == digest:
            if report.by != me().party:
                raise NotAllowed("other-party", party=report.by)
            return sample, report
    raise Unknown("statement", digest[:16])


def _may_tell(reader: Reader, _account: Account, values: Values) -> None:
    told_report(reader, values["inspection"])


def _about(reader: Reader, _account: Account, values: Values) -> Choices:
    sample, report = told_report(reader, values["inspection"])
    return [
        (gettext(N_("批号")), format_fact("lot", sample.lot)),
        (gettext(N_("样品编号")), sample.sample),
        (gettext(N_("结论")), word("verdict", "conformant" if report.passed else "non-conformant")),
    ]


def _term(_reader: Reader, _account: Account) -> str:
    """Return the fifth working day from today, as far as the calendar knows."""
    return samples.objection_term(legal_day(services().clock())).day.isoformat()


SAMPLED = Filing(
    kind="sampled",
    title=N_("登记抽样"),
    lead=N_("样品编号在同一批次里只用一次。例行监测和监督抽查要写明由哪个监管部门下达。"),
    asks=(
        Ask(path="lot"),
        Ask(path="sample"),
        Ask(path="purpose"),
        Ask(path="product_class"),
        Ask(path="amount"),
        Ask(path="division", start=lambda _reader, account: account.division),
        Ask(
            path="ordered_by",
            options=_offices,
            hint=N_("这个部门自己确认之后，结果才计入合格率。"),
            widget="choice",
            folded=True,
        ),
        Ask(path="plan", folded=True),
        Ask(path="draw", folded=True),
        Ask(path="place", folded=True),
        Ask(path="samplers", folded=True),
    ),
    fixed=lambda values: {"laboratory": me().party, **_commodity(values.get("lot", ""))},
    tells=("laboratory", "commodity"),
    onward=lambda _digest: url_for("laboratory.index"),
)

NOTIFIED = Filing(
    kind="result-notified",
    title=N_("告知检测结果"),
    lead=N_("被抽样单位从告知起可以提出异议：五个工作日；快速检测是四小时，不用填日期。"),
    asks=(
        Ask(path="party", options=partners, widget="choice"),
        Ask(path="until", start=_term, folded=False),
    ),
    fixed=lambda _values: {"inspection": str((request.view_args or {})["inspection"])},
    may=_may_tell,
    about=_about,
    onward=lambda _digest: url_for("laboratory.index"),
)

add_to(blueprint, LABORATORIES, SAMPLED, path="/sampled")
add_to(blueprint, LABORATORIES, NOTIFIED, path="/reports/<inspection>/notify")
