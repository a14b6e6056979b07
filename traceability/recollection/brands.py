"""What the rules of marks, licences, bases and rights may know."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from math import ceil

from sqlalchemy import Connection, bindparam

from traceability import bearing, brand_register, claims, goods, quota, tables
from traceability.events import Event, bases, brands, credentials
from traceability.past import KnownLot, Past
from traceability.past.brands import BrandsPast, KnownBase, KnownLicence, KnownMark, OriginPart
from traceability.question import Question
from traceability.recollection.trade import Asked
from traceability.tables import brands as register

_CREDENTIAL = Question(
    tables.standing(register.credential, register.credential.c.credential == bindparam("credential"))
)

GRAMS = 1000

_KINDS = (*brands.KINDS, *bases.KINDS, *credentials.KINDS)


def recollect(asked: Asked, past: Past) -> Past:
    """Return *past* with what the rules of marks need for an event of theirs."""
    event = asked.event
    if not isinstance(event, _KINDS):
        return past
    connection = asked.connection
    licences = _licences(connection, event)
    found = {each.base: each for each in _bases(connection, event)}
    leant_on = [*(each.mark for each in licences.values()), *(each.mark for each in found.values())]
    known = BrandsPast(
        marks={each.mark: each for name in _marks(event, leant_on) for each in _above(connection, name)},
        licences=licences,
        bases=found,
        party_divisions=_divisions(connection, asked.by, event),
        commodities=_commodities(connection, event),
        credential_party=_credential(connection, event),
    )
    if isinstance(event, brands.LicenceGranted) and event.assessment is not None:
        known = replace(known, admission=brand_register.admission(connection, event.assessment))
    if isinstance(event, brands.MarkApplied):
        known = _of_goods(asked, event, known, past.lots.get(event.lot))
    return replace(past, brands=known)


def _above(connection: Connection, name: str | None) -> Iterator[KnownMark]:
    return brand_register.marks_above(connection, name)


def _marks(event: Event, leant_on: Iterable[str]) -> Iterator[str | None]:
    yield getattr(event, "mark", None)
    yield getattr(event, "above", None)
    yield from leant_on


def _licences(connection: Connection, event: Event) -> dict[str, KnownLicence]:
    names = (getattr(event, "licence", None), getattr(event, "under", None))
    if isinstance(event, brands.MarkApplied):
        return {each.licence: each for each in quota.licences_on(connection, event.licence, event.day)}
    return {each.licence: each for name in names for each in brand_register.licences_above(connection, name)}


def _bases(connection: Connection, event: Event) -> Iterator[KnownBase]:
    if isinstance(event, brands.MarkApplied):
        mark = brand_register.known_mark(connection, event.mark)
        season = event.day.year if mark is None else mark.season(event.day)
        found = (quota.base_in(connection, each.base, season) for each in event.bases)
    else:
        name = getattr(event, "base", None)
        found = (brand_register.known_base(connection, each) for each in ((name,) if name else ()))
    yield from (each for each in found if each is not None)


def _divisions(connection: Connection, by: str, event: Event) -> dict[str, str]:
    told = {by, getattr(event, "party", None), getattr(event, "owner", None), _credential(connection, event)}
    names = told - {None}
    found = ((str(name), brand_register.division_of(connection, str(name))) for name in names)
    return {name: division for name, division in sorted(found) if division}


def _commodities(connection: Connection, event: Event) -> dict[str, str | None]:
    """Return what kind of goods each product is that the event names of its party."""
    party = getattr(event, "party", None)
    named: Iterable[str] = getattr(event, "products", ())
    if isinstance(event, brands.AdmissionAssessed | credentials.CredentialRecorded) and event.product:
        named = (event.product,)
    found = {name: goods.known_product(connection, str(party), name) for name in named}
    return {name: None if each is None else each.commodity for name, each in found.items()}


def _credential(connection: Connection, event: Event) -> str | None:
    name = getattr(event, "credential", None)
    row = None if name is None else _CREDENTIAL.first(connection, credential=name)
    return None if row is None else str(row.party)


def _of_goods(asked: Asked, event: brands.MarkApplied, known: BrandsPast, lot: KnownLot | None) -> BrandsPast:
    """Return *known* with where the lot grew, what it bears already, and whether its GI may be used."""
    connection = asked.connection
    mark = known.marks.get(event.mark)
    if mark is None or lot is None:
        return known
    origins = tuple(
        OriginPart(each.lot, each.how, each.plot, each.division, each.commodity, each.gi, each.grew_until)
        for each in claims.sources_of_lot(connection, event.lot, reader=asked.reader)
    )
    borne = [each for each in bearing.borne(connection, event.lot) if each.mark == event.mark]
    plots = sorted({each.plot for each in origins if each.plot is not None}) if mark.from_bases else []
    found: dict[str, frozenset[str]] = {}
    for plot in plots:
        found[plot] = brand_register.bases_of_plot(connection, plot)
    return replace(
        known,
        origins=origins,
        base_of_plot=found,
        rights=() if mark.gi is None else brand_register.rights(connection, mark.gi, asked.by),
        borne_kg=_kg(sum((each.kg for each in borne), Fraction(0))),
    )


def _kg(kg: Fraction) -> Decimal:
    """Return an exact mass as a decimal; a part of a gram counts as a whole one."""
    return Decimal(ceil(kg * GRAMS)) / GRAMS
