"""The way about: which rooms stand in the header for whom.

A room appears once its blueprint is registered; the first one of a role is where its people arrive.
"""

from dataclasses import dataclass

from flask import current_app, request, url_for

from traceability.events.roles import ALL, GROWERS, MAKERS, OFFICES, TRADERS
from web.access import signed_in
from web.language import N_, gettext


@dataclass(frozen=True, slots=True)
class Place:
    """A room in the header: its endpoint, its name, and whose it is."""

    endpoint: str
    label: str
    roles: frozenset[str]


PLACES = (
    Place("farm.index", N_("田间"), GROWERS),
    Place("mill.index", N_("加工"), frozenset({"processor", "brand-owner"})),
    Place("laboratory.index", N_("检测"), frozenset({"laboratory"})),
    Place("carrier.index", N_("承运"), frozenset({"carrier"})),
    Place("market.index", N_("购销"), TRADERS - MAKERS),
    Place("trade.index", N_("台账"), TRADERS),
    Place("matters.index", N_("待办"), TRADERS | {"laboratory"}),
    Place("results.index", N_("检测与证书"), TRADERS),
    Place("certificates.index", N_("证书"), frozenset({"certifier"})),
    Place("regulator.index", N_("监管"), frozenset({"regulator", "operator"})),
    Place("brand.index", N_("品牌"), MAKERS | {"regulator"}),
    Place("credit.mine", N_("信用"), ALL - OFFICES),
)


def places() -> list[tuple[str, str, bool]]:
    """Return address, name and "are we there" of each room of the person asking."""
    account = signed_in()
    role = account.role if account is not None else None
    return [(url_for(each.endpoint), gettext(each.label), _are_we(each)) for each in _open_to(role)]


def first_place(role: str) -> str:
    """Return the address where people of *role* arrive."""
    return next((url_for(each.endpoint) for each in _open_to(role)), url_for("home.index"))


def _open_to(role: str | None) -> list[Place]:
    return [each for each in PLACES if role in each.roles and each.endpoint in current_app.view_functions]


def _are_we(place: Place) -> bool:
    return request.blueprint == place.endpoint.split(".")[0]
