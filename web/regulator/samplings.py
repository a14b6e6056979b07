"""The sampling list of a division: who was sampled, how far it has come, which clock runs; and odd results.

/regulator/samplings                        the list, the accredited laboratories, results to look at
/regulator/samplings/new                    an office takes a sample
/regulator/samplings/<inspection>/notify    the sampled party is told
/regulator/samplings/<objection>/retest     another laboratory tests again
/regulator/accreditations/…                 CMA and CATL: registered, changed
"""

from dataclasses import dataclass
from itertools import islice

from flask import render_template, request, url_for
from sqlalchemy import Connection, select

from traceability import goods, holdings, result_doubts, samples, tables
from traceability.errors import NotAllowed, Unknown
from traceability.events.fact import legal_day
from traceability.reading import Reader
from traceability.samples import Report, Sample
from traceability.scope import covers
from traceability.tables import testing
from traceability.working_days import Deadline
from web.access import me
from web.accounts import Account
from web.facts import format_fact
from web.filing import Ask, Choices, Filing, Values, add_to, partners
from web.language import N_, gettext
from web.regulator.lists import lot_number
from web.regulator.room import OFFICES, ONLY_REGULATORS, area, area_name, blueprint, parties, shopper_path
from web.services import services
from web.words import word

MOST = 500
"""How many of the newest samplings are looked through for those of the division."""


@dataclass(frozen=True, slots=True)
class Accredited:
    """An accreditation, and whether it is in force today."""

    digest: str
    party: str
    scheme: str
    number: str
    until: str
    state: str


@blueprint.get("/samplings", endpoint="samplings")
@OFFICES
def samplings() -> str:
    """Show the samplings of the division, the newest first."""
    with services().reading() as reader:
        return render_template(
            "regulator/samplings.html",
            samples=_within(reader),
            now=services().clock(),
            doubts=list(islice(result_doubts.odd_series(reader.connection), 100)),
            marked=reader.connection.execute(result_doubts.marked().limit(100)).all(),
            accredited=_accredited(reader.connection),
            parties=parties(reader),
            area=area_name(),
            number=lot_number,
            path=shopper_path,
        )


def _within(reader: Reader) -> list[Sample]:
    found = samples.samples(reader.connection, limit=MOST)
    return [each for each in found if covers(area(), each.division[:6]) or each.office == me().party]


def _accredited(connection: Connection) -> list[Accredited]:
    today = legal_day(services().clock()).isoformat()
    table, change, said = testing.accreditation, testing.accreditation_change, tables.statement
    rows = connection.execute(
        select(table, said.c.digest)
        .join(said, said.c.entry == table.c.entry)
        .where(said.c.void_by.is_(None))
        .order_by(table.c.party, table.c.entry)
    )
    found = []
    for row in rows:
        changes = connection.execute(tables.standing(change, change.c.accreditation == row.digest)).all()
        told = [
            each.state
            for each in sorted(changes, key=lambda each: (each.day, each.entry))
            if each.day <= today
        ]
        state = "withdrawn" if "withdrawn" in told else told[-1] if told else "resumed"
        if state == "resumed":
            state = "not-yet" if today < row.since else "expired" if today > row.until else "live"
        found.append(Accredited(row.digest, row.party, row.scheme, row.number, row.until, state))
    return found


# What an office states.


def _named(name: str) -> str:
    return str((request.view_args or {})[name])


def _commodity(lot: str) -> dict[str, str]:
    with services().reading() as reader:
        known = goods.known_lot(reader.connection, lot, holders=())
    return {} if known is None or known.product is None else {"commodity": known.product.commodity}


def _laboratories(reader: Reader, _account: Account) -> Choices:
    found = [each for each in holdings.partners(reader) if each.role == "laboratory"]
    return [(each.party, each.name or each.party) for each in found]


def _laboratories_here(reader: Reader, account: Account) -> Choices:
    own = parties(reader).own
    return [each for each in _laboratories(reader, account) if each[0] in own]


def _report(reader: Reader, digest: str) -> tuple[Sample, Report]:
    """Return a report of a sample of this division, or of my own ordering; raises otherwise."""
    sample = samples.sample_of_report(reader.connection, digest)
    for report in () if sample is None else sample.reports:
        if sample is not None and report.digest == digest:
            if not covers(area(), sample.division[:6]) and sample.office != me().party:
                raise NotAllowed("other-division", division=area_name())
            return sample, report
    raise Unknown("statement", digest[:16])


def _objected(reader: Reader, digest: str) -> tuple[Sample, Report]:
    table, said = testing.objection, tables.statement
    row = reader.connection.execute(tables.standing(table, said.c.digest == digest)).first()
    if row is None:
        raise Unknown("statement", digest[:16])
    return _report(reader, row.inspection)


def _facts(sample: Sample, report: Report) -> Choices:
    return [
        (gettext(N_("批号")), format_fact("lot", sample.lot)),
        (gettext(N_("样品编号")), sample.sample),
        (gettext(N_("检测机构")), report.by),
        (gettext(N_("结论")), word("verdict", "conformant" if report.passed else "non-conformant")),
    ]


def _may_notify(reader: Reader, _account: Account, values: Values) -> None:
    _report(reader, values["inspection"])


def _may_order(reader: Reader, _account: Account, values: Values) -> None:
    _objected(reader, values["objection"])


def _today() -> Deadline:
    return samples.objection_term(legal_day(services().clock()))


def _changeable(reader: Reader, _account: Account) -> Choices:
    return [
        (each.digest, f"{each.party} · {each.scheme} {each.number}")
        for each in _accredited(reader.connection)
    ]


SAMPLED = Filing(
    kind="sampled",
    title=N_("登记抽样"),
    lead=N_("上级已经抽过的同一批次，下级不能再抽。"),
    asks=(
        Ask(path="lot"),
        Ask(path="sample"),
        Ask(path="purpose"),
        Ask(path="product_class"),
        Ask(path="amount"),
        Ask(path="laboratory", options=_laboratories, widget="choice", folded=False),
        Ask(path="division", start=lambda _reader, account: account.division, folded=True),
        Ask(path="plan", folded=True),
        Ask(path="draw", folded=True),
        Ask(path="place", folded=True),
        Ask(path="samplers", folded=True),
    ),
    fixed=lambda values: _commodity(values.get("lot", "")),
    tells=("commodity",),
    onward=lambda _digest: url_for("regulator.samplings"),
)

NOTIFIED = Filing(
    kind="result-notified",
    title=N_("告知检测结果"),
    lead=N_("被抽样单位从告知起可以提出异议：五个工作日；快速检测是四小时，不用填日期。"),
    asks=(
        Ask(path="party", options=partners, widget="choice"),
        Ask(path="until", start=lambda _reader, _account: _today().day.isoformat(), folded=False),
    ),
    fixed=lambda _values: {"inspection": _named("inspection")},
    may=_may_notify,
    about=lambda reader, _account, values: _facts(*_report(reader, values["inspection"])),
    onward=lambda _digest: url_for("regulator.samplings"),
)

ORDERED = Filing(
    kind="retest-ordered",
    title=N_("安排复检"),
    lead=N_("复检由另一家机构进行，不用快速检测方法，七个工作日内出报告。"),
    asks=(
        Ask(path="laboratory", options=_laboratories, widget="choice"),
        Ask(
            path="due",
            start=lambda _reader, _account: samples.retest_term(
                legal_day(services().clock())
            ).day.isoformat(),
        ),
    ),
    fixed=lambda _values: {"objection": _named("objection")},
    may=_may_order,
    about=lambda reader, _account, values: _facts(*_objected(reader, values["objection"])),
    onward=lambda _digest: url_for("regulator.samplings"),
)

ACCREDITED = Filing(
    kind="laboratory-accredited",
    title=N_("登记检测资质"),
    lead=N_("附表里的检测项目一行写一个；没有附表就不填。"),
    asks=(
        Ask(path="party", options=_laboratories_here, widget="choice"),
        Ask(
            path="scheme",
            options=lambda _reader, _account: [(each, each) for each in ("CMA", "CATL", "CNAS")],
        ),
        Ask(path="number"),
        Ask(path="since"),
        Ask(path="until"),
        Ask(path="analytes", widget="lines", folded=False),
    ),
    onward=lambda _digest: url_for("regulator.samplings"),
)

CHANGED = Filing(
    kind="accreditation-changed",
    title=N_("变更检测资质"),
    asks=(
        Ask(path="accreditation", options=_changeable, widget="choice"),
        Ask(path="new_state"),
        Ask(path="note"),
    ),
    onward=lambda _digest: url_for("regulator.samplings"),
)

for _filing, _path in (
    (SAMPLED, "/samplings/new"),
    (NOTIFIED, "/samplings/<inspection>/notify"),
    (ORDERED, "/samplings/<objection>/retest"),
    (ACCREDITED, "/accreditations/new"),
    (CHANGED, "/accreditations/change"),
):
    add_to(blueprint, ONLY_REGULATORS, _filing, path=_path)
