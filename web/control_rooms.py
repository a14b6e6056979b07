"""How a maker works, in every room of those who make: control points, capacities, templates.

/control                              points and what they showed, capacities, templates
/record/control-point-declared        a point with its limits
/record/control-measured              what it showed, of which lots
/record/corrective-action-taken/…     what was done after it failed
/record/capacity-declared             how much a day can hold
/record/template-declared             a way of making of one's own
"""

from flask import Blueprint, render_template

from traceability import haccp, holdings
from traceability.errors import NotAllowed, Unknown
from traceability.events import followup
from traceability.events.fact import legal_day
from traceability.events.making import ControlMeasured
from traceability.events.registry import Role
from traceability.reading import Reader
from traceability.recollection import past_statement
from traceability.rule_tables.making import TEMPLATES
from web.access import me, require
from web.accounts import Account
from web.facts import format_fact
from web.filing import Ask, Choices, Filing, Values, every_commodity, onward_to
from web.filing import add_to as add_filing
from web.language import N_
from web.services import services
from web.words import word


def add_to(room: Blueprint, *roles: Role) -> None:
    """Give *room* the page of control points and its forms, for people of *roles*."""
    guard = require(*roles)
    room.add_url_rule("/control", "control", guard(control))
    for filing, path in _FILINGS:
        add_filing(room, guard, filing, path)


def control() -> str:
    """Show control points, measurements, capacities and templates of one's own."""
    shared, party = services(), me().party
    now = shared.clock()
    with shared.reading() as reader:
        points = haccp.points(reader, party, now)
        return render_template(
            "mill/control.html",
            points=points,
            overdue={each.declared.point for each in points if each.is_overdue(now)},
            measurements=haccp.measurements(reader, party),
            capacities=haccp.capacities(reader, party, legal_day(now)),
            templates=haccp.templates(reader, party),
            shipped=services().rules(reader).rows(TEMPLATES),
        )


def _points(reader: Reader, account: Account) -> Choices:
    known = haccp.points(reader, account.party, services().clock())
    return [
        (each.declared.point, f"{each.declared.name} · {word('parameter', each.declared.parameter)}")
        for each in known
        if each.declared.parameter != "harvest-to-blanch"
    ]


def _lots(reader: Reader, account: Account) -> Choices:
    here = holdings.in_stock(reader, account.party)
    return [(each.lot, format_fact("lot", each.lot)) for each in here]


def _failed(reader: Reader, account: Account, values: Values) -> ControlMeasured:
    """Return the measurement that the address names; it is the asker's own, and it stands."""
    known = past_statement(reader, values.get("measurement", ""))
    told = None if known is None else followup.told_by(known.event)
    if known is None or known.void or not isinstance(told, ControlMeasured):
        raise Unknown("statement", values.get("measurement", ""))
    if known.by != account.party:
        raise NotAllowed("not-your-statement", by=known.by)
    return told


def _may_put_right(reader: Reader, account: Account, values: Values) -> None:
    _failed(reader, account, values)


def _put_right(values: Values) -> dict[str, object]:
    with services().reading() as reader:
        told = _failed(reader, me(), values)
    return {"measurement": values["measurement"], "lots": list(told.lots)}


def _about(reader: Reader, account: Account, values: Values) -> Choices:
    told = _failed(reader, account, values)
    return [
        (word("field", "point"), told.point),
        (word("field", "value"), format_fact("number", told.value)),
        (word("field", "lots"), "、".join(format_fact("lot", each) for each in told.lots)),
    ]


POINT = Filing(
    kind="control-point-declared",
    title=N_("声明关键控制点"),
    lead=N_("写明在哪道工序测什么、限值是多少、多久测一次。同一个代号再登记一次，就按新的算。"),
    asks=(
        Ask(path="name"),
        Ask(path="point", hint=N_("小写字母、数字和短横线，例如 metal-1。")),
        Ask(path="process"),
        Ask(path="parameter"),
        Ask(path="unit", hint=N_("例如 °C、mm；从采收到杀青的时间用 h。")),
        Ask(path="most", folded=False),
        Ask(path="least"),
        Ask(path="every_hours"),
    ),
    onward=onward_to(".control"),
)

MEASURED = Filing(
    kind="control-measured",
    title=N_("登记控制点测量"),
    lead=N_("超出限值的批次会自动暂停流转，直到采取措施并由监管部门或检测机构核查。"),
    asks=(
        Ask(path="point", options=_points, widget="choice"),
        Ask(path="value"),
        Ask(path="lots", options=_lots, widget="several"),
        Ask(path="instrument"),
    ),
    onward=onward_to(".control"),
)

REMEDY = Filing(
    kind="corrective-action-taken",
    title=N_("登记纠偏措施"),
    lead=N_("写明做了什么。批次仍然暂停，等第二方核查后解除。"),
    asks=(Ask(path="remedy"), Ask(path="note")),
    fixed=_put_right,
    tells=("lots",),
    about=_about,
    may=_may_put_right,
    onward=onward_to(".control"),
)

CAPACITY = Filing(
    kind="capacity-declared",
    title=N_("声明日加工能力"),
    lead=N_("一天里投入一道工序的公斤数最多是多少。超过的会被标注，超过一倍的会暂停。"),
    asks=(Ask(path="process"), Ask(path="kg_a_day")),
    onward=onward_to(".control"),
)

TEMPLATE = Filing(
    kind="template-declared",
    title=N_("声明加工模板"),
    lead=N_("自己的做法：投什么料、按什么顺序、出什么货。只对本单位有效。"),
    asks=(
        Ask(path="name"),
        Ask(path="template", hint=N_("小写字母、数字和短横线，例如 stone-mill。")),
        Ask(path="inputs", options=every_commodity, widget="several", label=N_("投入哪些货")),
        Ask(path="outputs", options=every_commodity, widget="several", label=N_("产出哪些货")),
        Ask(path="by_products", options=every_commodity, widget="several"),
        Ask(path="steps.*.process"),
        Ask(path="steps.*.optional"),
        Ask(path="most", hint=N_("产品占投料的百分比，最高多少。")),
    ),
    onward=onward_to(".control"),
)

_FILINGS: tuple[tuple[Filing, str | None], ...] = (
    (POINT, None),
    (MEASURED, None),
    (REMEDY, "/record/corrective-action-taken/<measurement>"),
    (CAPACITY, None),
    (TEMPLATE, None),
)
