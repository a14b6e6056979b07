"""Recalls of the division with the law's clocks; lots stopped at once, with all who hold them (快速反应)."""

from flask import render_template, request, url_for

from traceability import goods, recall_clocks
from traceability.errors import Unknown
from traceability.reading import Reader
from web.access import me
from web.accounts import Account
from web.filing import Ask, Filing, Values, add_to
from web.language import N_, gettext
from web.regulator.cases import today
from web.regulator.lists import lot_number
from web.regulator.room import (
    OFFICES,
    ONLY_REGULATORS,
    area_name,
    blueprint,
    own_lot,
    parties,
    scope_of,
    shopper_path,
    typed_lot,
)
from web.services import services


@blueprint.get("/recalls")
@OFFICES
def recalls_listed() -> str:
    """Show the recalls of the division, the newest first, each with its clocks."""
    now = services().clock()
    with services().reading() as reader:
        return render_template(
            "regulator/recalls.html",
            area=area_name(),
            recalls=recall_clocks.recalls(reader.connection, scope_of(reader)),
            holds=recall_clocks.holds(reader.connection, scope_of(reader)),
            now=now,
            today=today(),
            days_left=recall_clocks.days_left,
            number=lot_number,
            path=shopper_path,
            parties=parties(reader),
            may_act=me().role == "regulator",
        )


def _may_stop(reader: Reader, _account: Account, values: Values) -> None:
    if values.get("lot"):
        typed_lot(reader, values["lot"])


def _reach(reader: Reader, _account: Account, values: Values) -> list[tuple[str, str]]:
    """Tell what a hold of the lot stops and who has it now, found at once, before anything is signed."""
    lot = values.get("lot", "")
    if not lot or goods.known_lot(reader.connection, lot) is None:
        return []
    reached = [lot, *sorted(goods.descendants(reader.connection, lot))]
    called = parties(reader)
    holders = recall_clocks.holders_of(reader.connection, lot)
    return [
        (gettext("触及的批次"), str(len(reached))),
        (gettext("现在的持有者"), "、".join(called.called(each) for each in holders) or "—"),
    ]


def _may_lift(reader: Reader, _account: Account, values: Values) -> None:
    found = recall_clocks.hold(reader.connection, values["hold"])
    if found is None:
        raise Unknown("hold", values["hold"][:16])
    own_lot(reader, found.lot)


STOP = Filing(
    kind="hold-placed",
    title=N_("责令暂停流转"),
    lead=N_("立即暂停一个批次，以及用它做成的全部批次；查明之后再恢复。消费者页面会马上显示。"),
    sign=N_("立即暂停"),
    asks=(Ask(path="lot", widget="lot"), Ask(path="hold_cause"), Ask(path="note")),
    about=_reach,
    may=_may_stop,
    onward=lambda digest: url_for("matters.hold", hold=digest),
)

LIFT = Filing(
    kind="hold-lifted",
    title=N_("恢复流转"),
    lead=N_("写明查明了什么。"),
    asks=(Ask(path="note"),),
    fixed=lambda values: {"hold": values["hold"]},
    may=_may_lift,
    onward=lambda _digest: url_for("matters.hold", hold=(request.view_args or {})["hold"]),
)

add_to(blueprint, ONLY_REGULATORS, STOP, path="/holds/new")
add_to(blueprint, ONLY_REGULATORS, LIFT, path="/holds/<hold>/lift")
