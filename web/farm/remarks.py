"""What a grower reads after signing: refusals and remarks in the words of the farm, each at its field."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from ledger.errors import LedgerError
from traceability.errors import Breach, Refused, TraceError
from web.farm.drafts import field_of
from web.farm.room import Desk, plot_name
from web.problems import Sentence, Told, tell, tell_breaches

FIELDS_OF_RULES: Mapping[str, tuple[str, ...]] = {
    "banned-pesticide": ("substances",),
    "before-its-lot": ("at",),
    "codes-beyond-the-lot": ("count",),
    "codes-not-issued": ("first",),
    "codes-out-of-row": ("first",),
    "commodity-differs": ("plots.0.plot",),
    "gtin-taken": ("gtin",),
    "gtin-unlicensed": ("gtin",),
    "in-the-future": ("at",),
    "lot-exists": ("lot",),
    "mass-balance": ("amount",),
    "not-a-gtin": ("gtin",),
    "not-a-lot": ("lot",),
    "not-grown": ("commodity",),
    "not-your-number": ("lot",),
    "over-dose": ("dose",),
    "piece-weighs-nothing": ("piece_kg",),
    "pre-harvest-interval": ("at",),
    "registered-already": ("product",),
    "unknown-commodity": ("commodity",),
    "unknown-member": ("member",),
    "unknown-product": ("product",),
    "yield-cap": ("plots.0.amount",),
}
"""Where on a form the way out of a refusal is most often found."""


def told_of(desk: Desk, error: TraceError | LedgerError, typed: Mapping[str, str]) -> Told:
    """Return *error* in words that a grower knows: plots by their place, each problem at its field."""
    named = _with_places(desk, error) if isinstance(error, Refused) else error
    told = tell(named)
    return replace(told, sentences=tuple(_at_its_field(each, typed) for each in told.sentences))


def _with_places(desk: Desk, error: Refused) -> Refused:
    places = {each.known.plot: plot_name(each) for each in desk.plots}
    return Refused(*(_replaced(each, places) for each in error.breaches))


def _replaced(breach: Breach, places: Mapping[str, str]) -> Breach:
    facts = tuple(
        (name, places.get(value, value) if name == "plot" else value) for name, value in breach.facts
    )
    return replace(breach, facts=facts)


def _at_its_field(sentence: Sentence, typed: Mapping[str, str]) -> Sentence:
    if sentence.where:
        return replace(sentence, where=field_of(sentence.where))
    found = (each for each in FIELDS_OF_RULES.get(sentence.code, ()) if each in typed)
    return replace(sentence, where=next(found, ""))


def remarks(desk: Desk, flags: Iterable[Mapping[str, Any]]) -> tuple[Sentence, ...]:
    """Return in words what the rules remarked on a record that was written."""
    places = {each.known.plot: plot_name(each) for each in desk.plots}
    found = (
        Breach(flag["rule"], flag["clause"], tuple(sorted(flag["facts"].items())), flag["level"])
        for flag in flags
    )
    return tell_breaches(_replaced(each, places) for each in found)
