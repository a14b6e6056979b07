"""What the forms of marks offer to choose from, whose each thing is, and what stands above a form."""

from flask import request

from traceability import admission, brand_list, brand_register
from traceability.errors import Unknown
from traceability.reading import Reader
from traceability.vocabulary import divisions, geographical_indications
from web.accounts import Account
from web.brand.room import answers, known_mark, only_answering, today
from web.filing import Choices, Values, partners
from web.language import current
from web.services import services
from web.words import word


def areas(_reader: Reader, _account: Account) -> Choices:
    """Offer every division of the province."""
    is_english = current() == "en"
    return [(code, each.name_en if is_english else each.name_zh) for code, each in divisions().items()]


def parties(reader: Reader, account: Account) -> Choices:
    """Offer the asking party itself, and every other."""
    own = [(account.party, account.party)]
    return own + partners(reader, account)


def marks(reader: Reader, _account: Account) -> Choices:
    """Offer every mark."""
    return [(each.mark.mark, each.mark.name) for each in brand_list.tree(reader.connection)]


def own_marks(reader: Reader, account: Account) -> Choices:
    """Offer the marks of the asking party."""
    known = (each.mark for each in brand_list.tree(reader.connection))
    return [(each.mark, each.name) for each in known if each.owner == account.party]


def own_licences(reader: Reader, account: Account) -> Choices:
    """Offer the licences of the asking party that count today."""
    held = brand_list.licences_of(reader.connection, account.party, today())
    return [
        (each.licence.licence, f"{each.mark.name} · {each.licence.licence}")
        for each in held
        if each.stop is None
    ]


def bases_of_mine(reader: Reader, account: Account) -> Choices:
    """Offer the bases whose raw material goods of the asking party's marks may be made of."""
    on = today()
    marks = {
        each.mark.mark: each.mark for each in brand_list.licences_of(reader.connection, account.party, on)
    }
    known = [
        base
        for mark in marks.values()
        if mark.from_bases
        for base in brand_list.bases_for(reader.connection, mark, on)
    ]
    return [(each.base, f"{each.base} · {each.party}") for each in known if each.stopped(on) is None]


def indications(_reader: Reader, _account: Account) -> Choices:
    """Offer the indications that the reference table is sure of; what is not sure is for checking."""
    sure = (each for each in geographical_indications() if each.sourced.sure)
    return [(each.name_zh, f"{each.name_zh} · {each.type}") for each in sure]


def parent_licences(reader: Reader, _account: Account) -> Choices:
    """Offer the licences for the mark above that a new one may lean on."""
    mark = known_mark(reader, (request.view_args or {})["mark"])
    if mark.above is None:
        return []
    held = brand_list.licences_for(reader.connection, mark.above, today())
    return [
        (each.licence.licence, f"{each.mark.name} · {each.licence.party}")
        for each in held
        if each.licence.party == mark.owner or answers(reader, mark)
    ]


# Whose they are.


def of_mark(reader: Reader, _account: Account, values: Values) -> None:
    """Let in who answers for the mark in the address."""
    only_answering(reader, values["mark"])


def of_licence(reader: Reader, _account: Account, values: Values) -> None:
    """Let in who answers for the mark of the licence in the address."""
    known = brand_register.known_licence(reader.connection, values["licence"])
    if known is None:
        raise Unknown("licence", values["licence"][:60])
    only_answering(reader, known.mark)


def of_base(reader: Reader, account: Account, values: Values) -> None:
    """Let in laboratories, and who answers for the mark of the base in the address."""
    known = brand_register.known_base(reader.connection, values["base"])
    if known is None:
        raise Unknown("base", values["base"][:60])
    if account.role != "laboratory":
        only_answering(reader, known.mark)


# What stands above the form.


def criteria(reader: Reader, _account: Account, values: Values) -> Choices:
    """Tell what the mark asks, and what the ledger has of the product."""
    mark = known_mark(reader, values["mark"])
    told = [
        (word("yardstick", each.yardstick), f"{each.weight} % · ≥ {each.least}") for each in mark.criteria
    ]
    if mark.threshold is not None:
        told.append((word("field", "threshold"), str(mark.threshold)))
    return told + _measured(reader, values)


def _measured(reader: Reader, values: Values) -> Choices:
    """Tell what the ledger itself has of the product in the address, `?party=…&product=…`."""
    if not values.get("party") or not values.get("product"):
        return []
    rules = services().rules(reader)
    found = admission.measured(reader, values["party"], values["product"], rules, today())
    return [(word("yardstick", each.yardstick), f"{each.percent} % / {each.counted}") for each in found]
