"""What was said before of a party's credit, and of a draw."""

from collections.abc import Iterator
from dataclasses import replace

from sqlalchemy import Connection, bindparam, select

from traceability import tables
from traceability.events import Event, credit, followup
from traceability.past import Past
from traceability.past.credit import CreditPast, PastDraw
from traceability.question import Question
from traceability.recollection.trade import Asked, past_statement
from traceability.scope import above, covers
from traceability.tables import credit as credit_tables
from traceability.tree_root import root_at
from traceability.vocabulary import divisions

_DECISION, _END, _MADE = (
    Question(tables.standing(table, table.c.target == bindparam("target")))
    for table in (credit_tables.objection_decision, credit_tables.dishonesty_end, credit_tables.draw_made)
)
_LISTED = Question(
    tables.standing(
        credit_tables.dishonesty,
        credit_tables.dishonesty.c.party == bindparam("party"),
        credit_tables.dishonesty.c.until >= bindparam("since"),
        credit_tables.dishonesty.c.since <= bindparam("until"),
    )
)
_MAKING = tables.statement.alias("making")
_UNMADE = Question(
    select(credit_tables.draw.c.entry, credit_tables.draw.c.digest, tables.statement.c.by)
    .join(tables.statement, tables.statement.c.entry == credit_tables.draw.c.entry)
    .where(
        credit_tables.draw.c.division == bindparam("division"),
        tables.statement.c.void_by.is_(None),
        ~select(credit_tables.draw_made.c.entry)
        .join(_MAKING, _MAKING.c.entry == credit_tables.draw_made.c.entry)
        .where(credit_tables.draw_made.c.target == credit_tables.draw.c.digest, _MAKING.c.void_by.is_(None))
        .exists(),
    )
)
_AIMED = (
    credit.CreditObjected
    | credit.CreditObjectionDecided
    | credit.CreditRepaired
    | credit.DishonestyRepaired
    | credit.DishonestyLifted
)


def recollect(asked: Asked, past: Past) -> Past:
    """Return *past* with what the rules of credit and draws ask."""
    if isinstance(asked.told, followup.Corrected):
        target = None if past.target is None else past.target.event
        made = isinstance(target, credit.DrawAnnounced) and _is_made(asked.connection, asked.told.target)
        past = replace(past, credit=replace(past.credit, size=asked.index, is_drawn=made))
    match asked.event:
        case credit.DrawAnnounced() as event:
            return _announced(asked, past, event)
        case credit.DrawMade() as event:
            return _made(asked, past, event)
        case credit.DishonestyListed() as event:
            return _listed(asked, past, event)
        case credit.CreditObjected() | credit.CreditObjectionDecided() | credit.CreditRepaired() as event:
            return _aimed(asked, past, event.target, getattr(event, "party", None))
        case credit.DishonestyRepaired() | credit.DishonestyLifted() as event:
            return _aimed(asked, past, event.target)
        case _:
            return past


def _aimed(asked: Asked, past: Past, target: str, party: str | None = None) -> Past:
    """Return *past* with what is aimed at: it is *party*'s credit, or of whom it lists, or its author's."""
    known = past_statement(asked.reader, target, before=asked.index)
    about = {} if known is None else {target: known}
    listing = known.event if known is not None and isinstance(known.event, credit.DishonestyListed) else None
    whose = party or (listing.party if listing is not None else None if known is None else known.by)
    return replace(
        past,
        credit=replace(
            past.credit,
            about=about,
            division=None if whose is None else _division(asked.connection, whose),
            listing=listing,
            ended=_END.first(asked.connection, target=target) is not None,
            decided=_DECISION.first(asked.connection, target=target) is not None,
        ),
    )


def _listed(asked: Asked, past: Past, event: credit.DishonestyListed) -> Past:
    known = ((each, past_statement(asked.reader, each, before=asked.index)) for each in event.facts)
    term = {"since": event.since.isoformat(), "until": event.until.isoformat()}
    already = [
        row
        for row in _LISTED.rows(asked.connection, party=event.party, **term)
        if not any(end.day <= term["since"] for end in _END.rows(asked.connection, target=row.digest))
    ]
    told = CreditPast(
        size=asked.index,
        about={each: said for each, said in known if said is not None},
        division=_division(asked.connection, event.party),
        listed=bool(already),
    )
    return replace(past, credit=told)


_PARTY = Question(tables.standing(tables.party, tables.party.c.party == bindparam("party")))
_WITHIN = Question(
    select(tables.party.c.party, tables.party.c.role, tables.party.c.division)
    .join(tables.statement, tables.statement.c.entry == tables.party.c.entry)
    .where(tables.statement.c.void_by.is_(None))
    .order_by(tables.party.c.entry)
)


def _division(connection: Connection, party: str) -> str | None:
    rows = _PARTY.rows(connection, party=party)
    return str(rows[-1].division) if rows else None


def _announced(asked: Asked, past: Past, event: credit.DrawAnnounced) -> Past:
    # A draw is of all who are there; nothing smaller than the register says who that is.
    candidates = candidates_of(asked.connection, event.division, event.roles)
    unmade = tuple(_unmade(asked, event.division))
    return replace(past, credit=replace(past.credit, size=asked.index, candidates=candidates, unmade=unmade))


def _unmade(asked: Asked, division: str) -> Iterator[PastDraw]:
    """Yield what the office has announced for a division that overlaps, and neither made nor withdrawn."""
    for each in sorted({*above(division), *(code for code in divisions() if covers(division, code))}):
        for row in _UNMADE.rows(asked.connection, division=each):
            told = _counting(asked.reader.statement(row.entry).event)
            if row.by == asked.by and isinstance(told, credit.DrawAnnounced):
                yield PastDraw(row.digest, row.by, told, made=False, root=None)


def _is_made(connection: Connection, target: str) -> bool:
    return _MADE.first(connection, target=target) is not None


def _counting(event: Event) -> Event | None:
    # What counts of a correction is what it puts in place.
    return event.replacement if isinstance(event, followup.Corrected) else event


def candidates_of(connection: Connection, division: str, roles: tuple[str, ...]) -> frozenset[str]:
    """Return the registered parties of *roles* in *division*, as each was registered last."""
    last = {row.party: row for row in _WITHIN.rows(connection)}
    return frozenset(
        party for party, row in last.items() if row.role in roles and covers(division, row.division)
    )


def _made(asked: Asked, past: Past, event: credit.DrawMade) -> Past:
    known = past_statement(asked.reader, event.target, before=asked.index)
    draw = None
    announced = None if known is None else _counting(known.event)
    if known is not None and not known.void and isinstance(announced, credit.DrawAnnounced):
        reached = announced.seed_size <= asked.index
        draw = PastDraw(
            digest=event.target,
            by=known.by,
            event=announced,
            made=_is_made(asked.connection, event.target),
            root=root_at(asked.connection, announced.seed_size).hex() if reached else None,
        )
    origin = str(asked.reader.entry(0).record["opening"]["origin"])
    return replace(past, credit=CreditPast(origin=origin, size=asked.index, draw=draw))
