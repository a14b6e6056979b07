"""Papers of those who trade: outsiders, how goods are kept, what is offered online, what leaves the country.

/trade/record/counterparty-noted, keeping-declared, online-listed, listing-ended, export-declared
"""

import hmac

from qr.code import in_symbols
from traceability import holdings
from traceability.events.roles import MAKERS
from traceability.reading import Reader
from web import filing
from web.access import require
from web.accounts import Account
from web.filing import Ask, Choices, Filing, Values, lots_here, onward_to, own_products
from web.language import N_
from web.recording import STATEMENT
from web.services import services
from web.trade.room import blueprint, listings_of, traders
from web.words import choices

makers = require(*sorted(MAKERS))  # type: ignore[arg-type]  # the set holds roles only


def random_id(statement_id: str, what: str) -> str:
    """Return 26 symbols that nobody can guess; a form that is sent twice gets the same ones."""
    made = hmac.digest(services().settings.mac_key, f"jizihao/{what}/v1\0{statement_id}".encode(), "sha256")
    return in_symbols(int.from_bytes(made[:16], "big"), 26).lower()


def _own_lots(reader: Reader, account: Account) -> Choices:
    return [(each.lot, each.lot) for each in holdings.lots(reader, account.party)]


def _listings(reader: Reader, account: Account) -> Choices:
    return [
        (each.listing, f"{each.platform} · {each.lot}")
        for each in listings_of(reader, account.party)
        if not each.ended
    ]


def _provinces(_reader: Reader, _account: Account) -> Choices:
    return choices("destination_division")


def _counterparty(values: Values) -> dict[str, str]:
    return {"counterparty": values.get("counterparty") or random_id(values[STATEMENT], "counterparty")}


def _listing(values: Values) -> dict[str, str]:
    return {"listing": random_id(values[STATEMENT], "listing")}


OUTSIDER = Filing(
    kind="counterparty-noted",
    title=N_("登记未入账的往来方"),
    lead=N_("供货方或客户没有本账本的账户，就在这里登记一次；以后发货、收货时从名单里选。"),
    asks=(
        Ask(path="name", folded=False),
        Ask(path="counterparty_kind"),
        Ask(path="address", folded=False),
        Ask(path="contact", folded=False),
        Ask(path="division", options=_provinces, label=N_("所在省份"), folded=False),
        Ask(path="country", hint=N_("境外客户才填，两个字母，例如 JP。")),
        Ask(path="document", hint=N_("营业执照或许可证的编号。")),
    ),
    fixed=_counterparty,
    onward=onward_to("trade.index"),
)

KEEPING = Filing(
    kind="keeping-declared",
    title=N_("声明贮存条件与保质期"),
    lead=N_("写了温度范围，承运和冷库的温度记录超出它，批次就暂停流转，等人核查。"),
    asks=(
        Ask(path="product", options=own_products),
        Ask(path="form"),
        Ask(path="lowest", folded=False),
        Ask(path="highest", folded=False),
        Ask(path="tolerated_minutes", folded=False, hint=N_("超出范围不到这么久，不算。不填就是 0。")),
        Ask(path="shelf_life_days", folded=False),
    ),
    onward=onward_to("trade.index"),
)

LISTED = Filing(
    kind="online-listed",
    title=N_("网上上架"),
    lead=N_("上架后有一个公开的追溯链接，放到商品页面上；需要合格证的品类没有合格证就不能上架。"),
    asks=(
        Ask(path="lot", options=lots_here),
        Ask(path="platform", hint=N_("网店所在的平台，公开。")),
        Ask(path="page", folded=False, hint=N_("商品页面的网址，密封。")),
    ),
    fixed=_listing,
    onward=onward_to("trade.index"),
)

DELISTED = Filing(
    kind="listing-ended",
    title=N_("网上下架"),
    asks=(Ask(path="listing", options=_listings), Ask(path="end_cause")),
    onward=onward_to("trade.index"),
)

EXPORT = Filing(
    kind="export-declared",
    title=N_("出口批次"),
    lead=N_("同线同标同质由账本从两个批次的来历和检测推出，不靠声明。"),
    asks=(
        Ask(path="lot", options=lots_here),
        Ask(path="amount"),
        Ask(path="country", hint=N_("目的国家或地区，两个字母，例如 JP、KR、RU。")),
        Ask(path="domestic_lot", options=_own_lots, folded=False),
        Ask(path="registration", label=N_("备案号"), folded=False),
        Ask(path="quarantine", folded=False),
        Ask(path="quarantine_document", widget="file"),
        Ask(path="buyer"),
    ),
    onward=onward_to("trade.index"),
)

filing.add_to(blueprint, traders, OUTSIDER)
filing.add_to(blueprint, makers, KEEPING)
filing.add_to(blueprint, traders, LISTED)
filing.add_to(blueprint, traders, DELISTED)
filing.add_to(blueprint, makers, EXPORT)
