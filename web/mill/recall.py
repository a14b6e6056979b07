"""Calling a lot back: what was made of it, how many packs there are, where it went, how much time is left.

    level 1     begins within 24 hours, ends within 10 working days      (食品召回管理办法)
    level 2                   48                    20
    level 3                   72                    30

Whoever asks is shown where its own shipments went. The destinations of others are sealed: of those it learns
how many there are and who knows them, so that each of them can be told. Who holds how much now stands in the
log for all to see.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, get_args

from flask import Blueprint, render_template, request, url_for
from sqlalchemy import select

from traceability import goods, holdings, own_records, recall, tables, telling, tracing
from traceability.events import Event
from traceability.events.followup import Cause, Recalled, told_by
from traceability.events.registry import Role
from traceability.holdings import Lot
from traceability.reading import Reader
from web import deliveries
from web.access import me, require
from web.forms import Form
from web.recording import Answer, blank, event_of, filled, submitted
from web.services import services
from web.words import word

HOURS = {1: 24, 2: 48, 3: 72}
WORKING_DAYS = {1: 10, 2: 20, 3: 30}


@dataclass(frozen=True, slots=True)
class Affected:
    """A lot that the recall reaches: what is known of it, packs with live codes, and who holds it now."""

    name: str
    lot: Lot | None
    packs: int
    held: tuple[tuple[str, Decimal], ...]


@dataclass(frozen=True, slots=True)
class Sent:
    """A shipment of the asking party's own that held an affected lot, and where it went."""

    at: datetime
    lots: tuple[str, ...]
    to: str | None
    place: str | None


@dataclass(frozen=True, slots=True)
class Author:
    """Who said something, and in which entry."""

    by: str
    entry: int


@dataclass(frozen=True, slots=True)
class Reach:
    """Whom a recall reaches, as far as the asking party may know; *sealed* counts the shipments of others."""

    affected: tuple[Affected, ...]
    sent: tuple[Sent, ...]
    sealed: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Notice:
    """A recall that was issued, and until when it has to begin."""

    level: int
    cause: str
    at: datetime
    until: datetime

    def left(self, now: datetime) -> timedelta:
        """Return the time that is left, less than nothing once it has run out."""
        return self.until - now


def add_to(room: Blueprint, *roles: Role) -> None:
    """Give *room* the page of a recall, for people of *roles*."""
    guard = require(*roles)
    room.add_url_rule("/recall", "recall", guard(recall_of))
    room.add_url_rule("/recall", "submit_recall", guard(submit_recall), methods=["POST"])


def recall_of() -> str:
    """Show what a recall of one lot would reach, or one of one's own that was issued."""
    return _page(_asked_for(), blank())


def submit_recall() -> Answer:
    """Call a lot back."""
    found = _asked_for()
    return submitted(
        lambda values: _recalled(found, values),
        lambda form: _page(found, form),
        lambda _digest: url_for(f"{request.blueprint}.recall", lot=found.lot),
    )


def _asked_for() -> Lot:
    """Return the lot that the request names; raises `NotAllowed` where the party neither made nor had it."""
    with services().reading() as reader:
        return holdings.lot(reader, me().party, request.values.get("lot", ""))


def _recalled(found: Lot, values: dict[str, str]) -> Event:
    return event_of("recalled", values, {"lot": found.lot, **filled(values, "level", "cause", "note")})


def _page(found: Lot, form: Form) -> str:
    now = services().clock()
    with services().reading() as reader:
        reach = reach_of(reader, found.lot, me().party)
        return render_template(
            "mill/recall.html",
            lot=found,
            form=form,
            reach=reach,
            packs=sum(each.packs for each in reach.affected),
            notices=notices_of(reader, found.lot),
            now=now,
            names={**holdings.names(reader), **dict(deliveries.outsiders(reader))},
            recall_causes=[(cause, word("cause", cause)) for cause in get_args(Cause)],
            hours=HOURS,
            working_days=WORKING_DAYS,
        )


def reach_of(reader: Reader, lot: str, party: str) -> Reach:
    """Return what a recall of *lot* reaches, in what *party* may know."""
    lots = [lot, *tracing.forward(reader.connection, lot)]
    told = telling.of_goods(reader, lots)
    hit = [each for each in recall.shipments(told) if each.lots & set(lots)]
    authors = _authors(reader, {each.event_id for each in hit})
    others = Counter(authors[each.event_id].by for each in hit if authors[each.event_id].by != party)
    return Reach(
        affected=tuple(_affected(reader, each) for each in lots),
        sent=tuple(
            _sent(reader, each, lots, authors[each.event_id].entry)
            for each in hit
            if authors[each.event_id].by == party
        ),
        sealed=tuple(sorted(others.items())),
    )


def _authors(reader: Reader, names: set[str]) -> dict[str, Author]:
    """Return who shipped under each of these names of events, and in which entry."""
    table = tables.statement
    found: dict[str, Author] = {}
    for row in reader.connection.execute(select(table).where(table.c.void_by.is_(None))):
        name = row.event_id if row.event_id in names else row.statement_id
        if name in names:
            found[name] = Author(row.claimed_by or row.by, row.entry)
    return found


def _sent(reader: Reader, shipment: recall.Shipment, lots: Iterable[str], entry: int) -> Sent:
    """Return one of the party's own shipments with what it sealed itself."""
    told: Any = own_records.opened(reader, services().sealed, reader.statement(entry))
    event = told_by(told)
    to, place = getattr(event, "to", None), getattr(event, "destination", None)
    return Sent(
        shipment.at,
        tuple(sorted(shipment.lots & set(lots))),
        to if isinstance(to, str) else None,
        place if isinstance(place, str) else None,
    )


def _affected(reader: Reader, name: str) -> Affected:
    known = goods.known_lot(reader.connection, name)
    if known is None or known.maker is None:
        # Only a partner's claim names it: nothing is known of its mass here.
        return Affected(name, None, 0, ())
    held = tuple(sorted((party, stock) for party, stock in known.stock.items() if stock > 0))
    packs = sum(count for _, count in known.issues)
    return Affected(name, holdings.lot(reader, known.maker, name), packs, held)


def notices_of(reader: Reader, lot: str) -> list[Notice]:
    """Return the recalls of *lot* that stand, the newest first."""
    table = tables.recall
    rows = reader.connection.execute(tables.standing(table, table.c.lot == lot)).all()
    return [_notice(reader, row.entry) for row in reversed(rows)]


def _notice(reader: Reader, index: int) -> Notice:
    told = reader.statement(index).event
    event = told_by(told)
    assert isinstance(event, Recalled)  # noqa: S101 -- the row stands for nothing else
    return Notice(event.level, event.cause, event.at, event.at + timedelta(hours=HOURS[event.level]))
