"""The stalls of a market: who sells where, what each brought through the gate, and what was tested.

/market/stalls                      every open stall, and a stall more
/market/stalls/<stall>              what one stall brought
/market/record/stall-registered …   filings
"""

from flask import render_template

from traceability import entry_checks, holdings
from traceability.errors import Unknown
from traceability.reading import Reader
from web import filing
from web.access import me
from web.accounts import Account
from web.filing import Ask, Choices, Filing, every_commodity, onward_to
from web.language import N_
from web.market.gate import gatekeepers
from web.market.room import blueprint
from web.services import services


def _vendors(reader: Reader, account: Account) -> Choices:
    return [
        (each.party, each.called)
        for each in holdings.partners(reader)
        if each.role in {"stall", "retailer", "cooperative", "farm"} and each.party != account.party
    ]


def _open_stalls(reader: Reader, account: Account) -> Choices:
    return [
        (each.stall, each.stall) for each in entry_checks.stalls(reader, services().sealed, account.party)
    ]


FILINGS = (
    Filing(
        kind="stall-registered",
        title=N_("登记摊位"),
        lead=N_("每个摊位登记一次。有账户的经营单位从名单里选，没有的写名字，名字密封。"),
        asks=(
            Ask(path="stall", hint=N_("场内的摊位号，例如 A12。")),
            Ask(path="vendor", options=_vendors, folded=False),
            Ask(path="holder", folded=False),
            Ask(path="contact", folded=False),
            Ask(path="document", hint=N_("营业执照或身份证明的编号。")),
        ),
        onward=onward_to("market.stalls"),
    ),
    Filing(
        kind="stall-ended",
        title=N_("摊位退市"),
        asks=(Ask(path="stall", options=_open_stalls), Ask(path="end_cause")),
        onward=onward_to("market.stalls"),
    ),
    Filing(
        kind="spot-checked",
        title=N_("市场抽查"),
        lead=N_("不合格的批次立即暂停流转，并要向监管部门报告。"),
        asks=(
            Ask(path="stall", options=_open_stalls),
            Ask(path="lot", folded=False, hint=N_("有追溯码就扫码；没有就在下面选品类。")),
            Ask(path="commodity", options=every_commodity, folded=False),
            Ask(path="sample"),
            Ask(path="item", hint=N_("例如 有机磷、吊白块。")),
            Ask(path="passed", widget="yes-no"),
            Ask(path="report", widget="file"),
        ),
        onward=onward_to("market.stalls"),
    ),
)

for each in FILINGS:
    filing.add_to(blueprint, gatekeepers, each)


@blueprint.get("/stalls")
@gatekeepers
def stalls() -> str:
    """Show every open stall."""
    with services().reading() as reader:
        return render_template(
            "market/stalls.html",
            stalls=entry_checks.stalls(reader, services().sealed, me().party),
            names=holdings.names(reader),
        )


@blueprint.get("/stalls/<stall>")
@gatekeepers
def one_stall(stall: str) -> str:
    """Show what one stall brought through the gate."""
    with services().reading() as reader:
        checks = entry_checks.of_stall(reader, me().party, stall)
        opened = {each.stall: each for each in entry_checks.stalls(reader, services().sealed, me().party)}
        if not checks and stall not in opened:
            raise Unknown("stall", stall)
        return render_template("market/stall.html", name=stall, stall=opened.get(stall), checks=checks)
