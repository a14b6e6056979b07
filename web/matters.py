"""What waits for a party: orders to put something right, recalls and holds of what it made or has.

    /matters/                    the list, for whoever has signed in
    /matters/case/<case>         a case against the asking party, and its report that the thing is put right
    /matters/recall/<recall>     a recall: clocks, lots, amounts, holders, and the next step for who takes it
    /matters/hold/<hold>         the same of a lot that an office has stopped

A recall is seen by who called it, made the lot, or ever had something that it reaches, and by the offices of
the division. Whom another party has told of it, nobody sees: those names are sealed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from flask import Blueprint, render_template, request, url_for

from traceability import cases, goods, holdings, own_records, recall_clocks, report, subjects
from traceability.errors import NotAllowed, Unknown
from traceability.events import recalling
from traceability.events.fact import legal_day
from traceability.events.followup import told_by
from traceability.events.roles import LABORATORIES, MAKERS, TRADERS
from traceability.reading import Reader
from traceability.recall_clocks import HoldStanding, LotProgress, RecallStanding
from traceability.scope import Scope
from web.access import me, require
from web.accounts import Account
from web.facts import format_fact
from web.filing import Ask, Filing, Values, add_to, from_address, onward_to
from web.language import N_, gettext
from web.services import services
from web.words import word

blueprint = Blueprint("matters", __name__, url_prefix="/matters")

ANYBODY = require()
CONCERNED = require(*sorted(TRADERS | LABORATORIES))  # type: ignore[arg-type]  # the words are roles
RECALLERS = require(*sorted(MAKERS), "regulator")  # type: ignore[arg-type]  # likewise
HOLDERS = require(*sorted(TRADERS))  # type: ignore[arg-type]  # likewise

Begun = RecallStanding | HoldStanding


@dataclass(frozen=True, slots=True)
class Told:
    """Somebody whom the asking party has told: its name, and of how much."""

    to: str
    lot: str
    amount: str


@blueprint.get("/")
@ANYBODY
def index() -> str:
    """Show what waits for the asking party."""
    now = services().clock()
    with services().reading() as reader:
        found = cases.cases_of(reader.connection, me().party)
        begun = [each for each in recall_clocks.active(reader.connection) if _concerns(reader, each)]
        return render_template(
            "matters/index.html",
            cases=sorted(found, key=lambda each: (each.state == "closed", -each.entry)),
            recalls=[each for each in begun if isinstance(each, RecallStanding)],
            holds=[each for each in begun if isinstance(each, HoldStanding)],
            today=legal_day(now),
            now=now,
            number=_number,
            names=holdings.names(reader),
        )


def _number(lot: str) -> str:
    try:
        return format_fact("lot", lot)
    except ValueError:
        return lot


def _concerns(reader: Reader, begun: Begun) -> bool:
    """Tell whether a recall or a hold is the asking party's, or reaches what it made or ever had."""
    lots = [begun.lot, *goods.descendants(reader.connection, begun.lot)]
    return begun.by == me().party or me().party in recall_clocks.handlers_of(reader.connection, lots)


# A case.


def _own_case(reader: Reader, digest: str) -> cases.Case:
    found = cases.case(reader.connection, digest)
    if found is None:
        raise Unknown("case", digest[:16])
    if found.respondent != me().party:
        raise NotAllowed("other-party", party=found.respondent)
    return found


@blueprint.get("/case/<case>")
@CONCERNED
def case(case: str) -> str:
    """Show a case against the asking party, with what the office ordered in its own words."""
    with services().reading() as reader:
        found = _own_case(reader, case)
        return render_template(
            "matters/case.html",
            case=found,
            notes=dict(_notes(reader, found)),
            today=legal_day(services().clock()),
            number=_number,
            names=holdings.names(reader),
        )


def _notes(reader: Reader, found: cases.Case) -> Iterator[tuple[int, str]]:
    """Yield what an order and the party's own reports say: written to it, or by it."""
    for step in found.steps:
        if step.step in {"ordered", "reported"}:
            event = own_records.opened(reader, services().sealed, reader.statement(step.entry))
            note = getattr(told_by(event), "note", None)
            if isinstance(note, str):
                yield step.entry, note


# A recall or a hold.


def _begun(reader: Reader, digest: str) -> Begun:
    """Return the recall or hold if it concerns whoever asks; else raise `Unknown` or `NotAllowed`."""
    found = recall_clocks.recall(reader.connection, digest) or recall_clocks.hold(reader.connection, digest)
    if found is None:
        raise Unknown("recall", digest[:16])
    if not (_answers_for(reader, found) or _concerns(reader, found)):
        raise NotAllowed("other-party", party=found.by)
    return found


def _answers_for(reader: Reader, begun: Begun) -> bool:
    """Tell whether whoever asks is an office in whose division the lot was made or held."""
    if me().role not in {"regulator", "operator"}:
        return False
    scope = Scope.of(reader.connection, None if me().role == "operator" else me().division)
    return report.has_lot(reader.connection, scope, begun.lot) or report.has_party(
        reader.connection, scope, begun.by
    )


@blueprint.get("/recall/<recall>")
@ANYBODY
def recall(recall: str) -> str:
    """Show a recall: its clocks, every lot that it reaches, who has how much, and what came back."""
    return _page(recall, "matters/recall.html")


@blueprint.get("/hold/<hold>")
@ANYBODY
def hold(hold: str) -> str:
    """Show a lot that an office has stopped, and all that was made of it."""
    return _page(hold, "matters/hold.html")


def _page(digest: str, template: str) -> str:
    now = services().clock()
    with services().reading() as reader:
        found = _begun(reader, digest)
        lines = recall_clocks.progress(reader.connection, found)
        return render_template(
            template,
            found=found,
            lines=lines,
            packs=sum(each.packs for each in lines),
            told=list(_told_by_us(reader, digest, lines)),
            onward=_onward(found, lines),
            amount=_amount,
            now=now,
            today=legal_day(now),
            days_left=recall_clocks.days_left,
            number=_number,
            names=holdings.names(reader),
        )


def _amount(line: LotProgress, much: Decimal) -> str:
    if line.measure == "pieces":
        return format_fact("pieces", much, unit="piece")
    return format_fact("mass", much)


def _told_by_us(reader: Reader, digest: str, lines: list[LotProgress]) -> Iterator[Told]:
    """Yield whom the asking party itself has told: the names that it sealed open for nobody else."""
    by_lot = {each.lot: each for each in lines}
    said = own_records.entries(reader, me().party, limit=500, about=subjects.statement(digest))
    for each in said:
        if each.effective_kind == "notice-sent" and each.void_by is None:
            event = own_records.opened(reader, services().sealed, reader.statement(each.entry))
            told = told_by(event)
            if isinstance(told, recalling.NoticeSent) and told.lot in by_lot:
                yield _told(told, by_lot[told.lot])


def _told(notice: recalling.NoticeSent, line: LotProgress) -> Told:
    named = notice.to if isinstance(notice.to, str) else "—"
    much = None if notice.amount is None else notice.amount.kg or notice.amount.pieces
    return Told(named, notice.lot, "—" if much is None else _amount(line, Decimal(much)))


def _onward(found: Begun, lines: list[LotProgress]) -> list[str]:
    """Return the forms that whoever asks may fill in next."""
    account = me()
    is_ours = account.role in MAKERS | {"regulator"} and _carries_out(found)
    is_open = isinstance(found, HoldStanding) or found.state != "completed"
    ways = []
    if isinstance(found, RecallStanding) and is_ours and found.state == "called":
        ways.append("matters.file_recall_started")
    if is_open and is_ours:
        ways.append("matters.file_notice_sent")
    if is_open and account.role in TRADERS and not _has_read(lines):
        ways.append("matters.file_notice_acknowledged")
    if isinstance(found, RecallStanding) and found.state == "started":
        if account.role in TRADERS:
            ways += ["matters.file_recall_recovered", "matters.file_recall_disposed"]
        if is_ours:
            ways.append("matters.file_recall_completed")
    return ways


def _carries_out(found: Begun) -> bool:
    with services().reading() as reader:
        known = goods.known_lot(reader.connection, found.lot)
    maker = None if known is None else known.maker
    return me().role == "regulator" or me().party in {found.by, maker}


def _has_read(lines: list[LotProgress]) -> bool:
    return any(me().party in each.acknowledged_by for each in lines)


# What is filed.


def _may_report(reader: Reader, _account: Account, values: Values) -> None:
    _own_case(reader, values["case"])


def _may(reader: Reader, _account: Account, values: Values) -> None:
    _begun(reader, values.get("about") or values["recall"])


def _name() -> str:
    found = request.view_args or {}
    return str(found.get("about") or found.get("recall") or "")


def _reached(reader: Reader, _account: Account) -> list[tuple[str, str]]:
    """Offer the lots that the recall or hold of the address reaches."""
    found = _begun(reader, _name())
    lots = [found.lot, *sorted(goods.descendants(reader.connection, found.lot))]
    return [(each, _number(each)) for each in lots]


def _first(reader: Reader, _account: Account) -> str:
    return _begun(reader, _name()).lot


def _about(reader: Reader, _account: Account, values: Values) -> list[tuple[str, str]]:
    found = _begun(reader, values.get("about") or values["recall"])
    facts = [(gettext("批号"), _number(found.lot))]
    if isinstance(found, RecallStanding):
        facts += [
            (gettext("级别"), word("level", found.level)),
            (gettext("原因"), word("cause", found.cause)),
            (gettext("进度"), word("recall_state", found.state)),
        ]
    return facts


def _back(_digest: str) -> str:
    with services().reading() as reader:
        is_recall = recall_clocks.recall(reader.connection, _name()) is not None
    if is_recall:
        return url_for("matters.recall", recall=_name())
    return url_for("matters.hold", hold=_name())


LOT = Ask(path="lot", options=_reached, start=_first, widget="choice")

CORRECTION = Filing(
    kind="correction-reported",
    title=N_("报告整改"),
    lead=N_("写明改了什么，办案的监管部门能看到；照片或文件可以附上，账本里只留摘要。"),
    asks=(Ask(path="note"), Ask(path="evidence", widget="file")),
    fixed=from_address("case"),
    may=_may_report,
    onward=onward_to("matters.case", "case"),
)

START = Filing(
    kind="recall-started",
    title=N_("启动召回"),
    lead=N_("登记之前请先停止销售，并公告。法定的启动时限从发布召回时算起。"),
    asks=(Ask(path="notice", widget="long"),),
    fixed=from_address("recall"),
    about=_about,
    may=_may,
    onward=_back,
)

NOTIFY = Filing(
    kind="notice-sent",
    title=N_("通知持有者"),
    lead=N_("每通知一家登记一次。对方是谁只有本单位能看到。"),
    asks=(LOT, Ask(path="amount"), Ask(path="to"), Ask(path="contact")),
    fixed=from_address("about"),
    about=_about,
    may=_may,
    onward=_back,
)

ACKNOWLEDGE = Filing(
    kind="notice-acknowledged",
    title=N_("确认收到通知"),
    lead=N_("确认已经停止销售、使用，并写明手上还有多少。"),
    asks=(LOT, Ask(path="amount"), Ask(path="note")),
    fixed=from_address("about"),
    about=_about,
    may=_may,
    onward=_back,
)

RECOVER = Filing(
    kind="recall-recovered",
    title=N_("登记收回货物"),
    asks=(LOT, Ask(path="amount"), Ask(path="recovered_from")),
    fixed=from_address("recall"),
    about=_about,
    may=_may,
    onward=_back,
)

DISPOSE = Filing(
    kind="recall-disposed",
    title=N_("登记处置召回货物"),
    asks=(
        LOT,
        Ask(path="amount"),
        Ask(path="disposal"),
        Ask(
            path="from_stock",
            folded=False,
            hint=N_("原来就在本单位库存账上的部分，登记后从在库数量中扣除；收回来没有入账的不算。"),
        ),
        Ask(path="note"),
    ),
    fixed=from_address("recall"),
    about=_about,
    may=_may,
    onward=_back,
)

COMPLETE = Filing(
    kind="recall-completed",
    title=N_("完成召回"),
    lead=N_("没有收回的货物，请逐批写明数量和原因。登记之后不能再加。"),
    asks=(
        Ask(path="not_recovered.*.lot", options=_reached, widget="choice"),
        Ask(path="not_recovered.*.amount"),
        Ask(path="not_recovered.*.missing_because"),
        Ask(path="note"),
    ),
    fixed=from_address("recall"),
    about=_about,
    may=_may,
    onward=_back,
)

add_to(blueprint, CONCERNED, CORRECTION, path="/case/<case>/report")
add_to(blueprint, RECALLERS, START, path="/recall/<recall>/start")
add_to(blueprint, RECALLERS, NOTIFY, path="/about/<about>/notify")
add_to(blueprint, HOLDERS, ACKNOWLEDGE, path="/about/<about>/acknowledge")
add_to(blueprint, HOLDERS, RECOVER, path="/recall/<recall>/recovered")
add_to(blueprint, HOLDERS, DISPOSE, path="/recall/<recall>/disposed")
add_to(blueprint, RECALLERS, COMPLETE, path="/recall/<recall>/complete")
