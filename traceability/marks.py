"""Which marks stand on a lot on a day, and why one that stood there does not count any longer.

    live          wholly borne, every licence up the tree counts, nothing stops the lot
    historical    it was put on this lot, and is shown as that: with the reason, never as in force

A mark is the lot's own, or was brought by all that the lot was made of. Nothing is taken from the product or
from the enterprise instead: what has no mark of its own has none.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal

from sqlalchemy import Connection

from traceability import brand_register, goods, quota
from traceability.answering import reaches
from traceability.bearing import Bearing, borne
from traceability.claims import Source, claims_of_lot, sources_of_lot
from traceability.events.brands import TIERS, Tier
from traceability.limits import RuleSet
from traceability.past import KnownLot
from traceability.past.brands import KnownLicence, KnownMark
from traceability.reading import Reader

State = Literal["live", "historical"]
WHOLE = Fraction(1)


@dataclass(frozen=True, slots=True)
class ShownMark:
    """One mark of a lot: by whose licence, on which part of the lot, since when, and whether it counts.

    *stop* is why it does not: a code of the vocabulary "stop". *on* names what stopped: a licence or a mark.
    """

    mark: KnownMark
    licence: KnownLicence
    share: Fraction
    since: date
    stop: str | None = None
    on: str = ""

    @property
    def state(self) -> State:
        """Whether the mark is in force, or part of the lot's past."""
        return "live" if self.stop is None else "historical"

    @property
    def tier(self) -> Tier:
        """How high in the tree the mark stands."""
        return self.mark.tier


def marks_of_lot(reader: Reader, lot: str, on: date, rules: RuleSet | None = None) -> tuple[ShownMark, ...]:
    """Return each mark of *lot* on that day, the endorsement first; none for what never bore one."""
    connection = reader.connection
    known = goods.known_lot(connection, lot)
    bearings = [each for each in borne(connection, lot) if each.since <= on]
    if known is None or not bearings:
        return ()
    stop = _of_lot(known)
    found: dict[str, ShownMark] = {}
    sources = sources_of_lot(connection, lot)
    dropped = {each.name for each in claims_of_lot(connection, lot, rules) if each.state == "dropped"}
    for shown in _shown(connection, bearings, on):
        stopped = stop or shown.stop or _of_origin(shown.mark, sources, dropped)
        told = ShownMark(shown.mark, shown.licence, shown.share, shown.since, stopped, shown.on)
        found[shown.mark.mark] = _joined(found.get(shown.mark.mark), told)
    ready = (_blended(each) for each in found.values())
    return tuple(sorted(ready, key=lambda each: (TIERS.index(each.tier), each.mark.mark)))


def _of_lot(lot: KnownLot) -> str | None:
    """Return why no mark of the lot counts: what may not be sold may not be praised."""
    if lot.recalled:
        return "recalled"
    if lot.failed:
        return "failed"
    return "held" if lot.holds else None


def _shown(connection: Connection, bearings: Iterable[Bearing], on: date) -> Iterator[ShownMark]:
    """Yield the mark of each bearing and every one above it, each as its own chain of licences has it."""
    for each in bearings:
        chain = tuple(quota.licences_on(connection, each.licence, each.since))
        for place, licence in enumerate(chain):
            mark = brand_register.known_mark(connection, licence.mark)
            if mark is not None:
                stop, name = _of_chain(connection, chain[place:], on)
                yield ShownMark(mark, licence, each.share, each.since, stop, name)


def _of_chain(connection: Connection, chain: tuple[KnownLicence, ...], on: date) -> tuple[str | None, str]:
    """Return why a chain of licences does not count on that day, and where it breaks."""
    mark: KnownMark | None = None
    for licence in chain:
        mark = brand_register.known_mark(connection, licence.mark)
        if mark is None or mark.is_retired(on):
            return "retired", licence.mark
        stop = licence.stopped(on)
        if stop is not None:
            return stop, licence.licence
        if licence.left_kg < 0:
            return "overdrawn", licence.licence
    if mark is not None and mark.above is not None:
        return "unlicensed", mark.above
    return None, ""


def _of_origin(mark: KnownMark, sources: Iterable[Source], dropped: set[str]) -> str | None:
    if mark.gi is not None and mark.gi in dropped:
        return "origin"
    inside = all(each.division is not None and reaches(mark.divisions, each.division) for each in sources)
    return None if inside else "origin"


def _joined(before: ShownMark | None, told: ShownMark) -> ShownMark:
    """Return one mark from two licences for it: it counts where both do."""
    if before is None:
        return told
    first = before if before.stop is not None else told
    share, since = before.share + told.share, min(before.since, told.since)
    return ShownMark(told.mark, first.licence, share, since, first.stop, first.on)


def _blended(shown: ShownMark) -> ShownMark:
    if shown.stop is not None or shown.share >= WHOLE:
        return shown
    return ShownMark(shown.mark, shown.licence, shown.share, shown.since, "blended", shown.on)
