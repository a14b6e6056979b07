"""What many forms offer to choose from: lots at hand, other organisations, products, kinds of goods."""

from traceability import holdings
from traceability.reading import Reader
from traceability.vocabulary import commodities
from web.accounts import Account
from web.facts import format_fact
from web.filing_asks import Choices
from web.language import current
from web.words import word


def lots_here(reader: Reader, account: Account) -> Choices:
    """Offer the lots of which the asking party has something, with how much there is."""
    return [(each.lot, _lot_words(each)) for each in holdings.in_stock(reader, account.party)]


def _lot_words(lot: holdings.Lot) -> str:
    words = [format_fact("lot", lot.lot), format_fact("amount", lot.amount, unit=lot.unit)]
    if lot.goods is not None:
        is_english = current() == "en" and lot.goods.name_en
        words.insert(1, lot.goods.name_en or "" if is_english else lot.goods.name)
    return " · ".join(words)


def partners(reader: Reader, account: Account) -> Choices:
    """Offer every other organisation that is registered, by its public name or else its id."""
    others = (each for each in holdings.partners(reader) if each.party != account.party)
    return [(each.party, each.called) for each in others]


def own_products(reader: Reader, account: Account) -> Choices:
    """Offer the products of the asking party."""
    return [(each.product, each.name) for each in holdings.products(reader, account.party)]


def every_commodity(_reader: Reader, _account: Account) -> Choices:
    """Offer every kind of goods."""
    return [(code, word("commodity", code)) for code in commodities()]
