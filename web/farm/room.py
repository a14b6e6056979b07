"""The grower's desk: who sits at it, which rules hold today, and what is theirs."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from functools import cached_property

from flask import Blueprint

from traceability import holdings
from traceability.events.fact import SHANGHAI, legal_day
from traceability.holdings import Goods, Land, Lot, Member, Partner
from traceability.limits import RuleSet
from traceability.reading import Reader
from traceability.vocabulary import commodities, divisions
from web.access import me, require
from web.accounts import Account
from web.database import Services
from web.language import current, gettext
from web.services import services
from web.words import word

blueprint = Blueprint("farm", __name__, url_prefix="/farm")
growers = require("cooperative", "farm", "household", "enterprise")


class Desk:
    """What one person sees of the ledger during one request: the own party's things, and nobody else's."""

    def __init__(self, shared: Services, reader: Reader, account: Account) -> None:
        self.shared = shared
        self.reader = reader
        self.account = account
        self.party = account.party

    @cached_property
    def now(self) -> datetime:
        """Return the instant of this request, in UTC."""
        return self.shared.clock()

    @property
    def today(self) -> date:
        """Return the legal day."""
        return legal_day(self.now)

    @property
    def clock_text(self) -> str:
        """Return the time as a form's field shows it: the clock of Asia/Shanghai, to the minute."""
        return f"{self.now.astimezone(SHANGHAI):%Y-%m-%dT%H:%M}"

    @cached_property
    def rules(self) -> RuleSet:
        """Return the rules that judge what is written now."""
        return self.shared.rules(self.reader)

    @cached_property
    def seat(self) -> Partner:
        """Return the party as it is registered."""
        return holdings.partner(self.reader, self.party)

    @cached_property
    def plots(self) -> list[Land]:
        """Return the party's plots."""
        return holdings.plots(self.reader, self.shared.sealed, self.party, rules=self.rules, on=self.today)

    @cached_property
    def lots(self) -> list[Lot]:
        """Return the lots that the party made or holds."""
        return holdings.lots(self.reader, self.party)

    @cached_property
    def products(self) -> list[Goods]:
        """Return what the party makes."""
        return holdings.products(self.reader, self.party)

    @cached_property
    def members(self) -> list[Member]:
        """Return the members of a cooperative."""
        return holdings.members(self.reader, self.shared.sealed, self.party)

    @cached_property
    def partners(self) -> list[Partner]:
        """Return everybody else whom goods may be handed to."""
        return [each for each in holdings.partners(self.reader) if each.party != self.party]

    def plot(self, name: str) -> Land:
        """Return one of the party's plots; raises `Unknown` or `NotAllowed`."""
        return holdings.plot(
            self.reader, self.shared.sealed, self.party, name, rules=self.rules, on=self.today
        )

    def lot(self, name: str) -> Lot:
        """Return one of the party's lots; raises `Unknown` or `NotAllowed`."""
        return holdings.lot(self.reader, self.party, name)

    def product(self, name: str) -> Goods | None:
        """Return one of the party's products."""
        return next((each for each in self.products if each.product == name), None)

    def free_number(self, goods: Goods) -> str:
        """Return a lot number of today that is not used yet."""
        return holdings.free_number(self.reader, goods, self.now)

    def lot_named(self, goods: Goods | None, number: str | None) -> str | None:
        """Return the identifier of the lot of *goods* that bears *number*."""
        if number is None or goods is None:
            return number
        return goods.lot(number)

    @property
    def reaped(self) -> list[Goods]:
        """Return the products that come straight from a plot."""
        known = commodities()
        return [each for each in self.products if each.commodity in known and known[each.commodity].grown]

    def plots_for(self, goods: Goods | None) -> list[Land]:
        """Return the plots whose crop gives this product."""
        known = commodities()
        crop = known[goods.commodity].crop if goods is not None and goods.commodity in known else None
        return [each for each in self.plots if crop is None or known[each.known.commodity].crop == crop]


@contextmanager
def desk() -> Iterator[Desk]:
    """Sit down at the desk of whoever is asking, with one consistent view of the ledger."""
    shared = services()
    with shared.reading() as reader:
        yield Desk(shared, reader, me())


def plot_name(land: Land) -> str:
    """Return what a plot is called among its own people: its place, else the start of its number."""
    return land.place or gettext("地块 %(number)s", number=land.known.plot[:6])


def goods_name(goods: Goods) -> str:
    """Return a product's name in the reader's language, as far as it was given."""
    return goods.name_en if current() == "en" and goods.name_en else goods.name


def lot_title(lot: Lot) -> str:
    """Return what a lot is: its product's name, else its commodity."""
    return goods_name(lot.goods) if lot.goods is not None else gettext("批次")


def counties() -> list[tuple[str, str]]:
    """Return the counties of the province by code, each with its prefecture."""
    known = divisions()
    found = []
    for each in known.values():
        if each.level == "county":
            above = known.get(each.parent or "")
            names = [one.name_en if current() == "en" else one.name_zh for one in (above, each) if one]
            found.append((each.code, (" · ").join(names)))
    return found


def crops() -> list[tuple[str, str]]:
    """Return the kinds of goods that grow on plots."""
    return [(code, word("commodity", code)) for code, each in commodities().items() if each.grown]


def division_name(code: str) -> str:
    """Return the name of a division."""
    here = divisions().get(code)
    if here is None:
        return code
    return here.name_en if current() == "en" else here.name_zh
