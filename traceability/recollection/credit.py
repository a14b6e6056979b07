"""What was said before of a party's credit, and of a draw."""

from dataclasses import replace

from sqlalchemy import Connection, bindparam, select

from traceability import tables
from traceability.events import credit, followup
from traceability.past import Past
from traceability.past.credit import CreditPast, PastDraw
from traceability.question import Question
from traceability.recollection.trade import Asked, past_statement
from traceability.scope import covers
from traceability.tables import credit as credit_tables
from traceability.tree_root import root_at

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
        past = replace(past, credit=replace(past.credit, size=asked.index))
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
    return replace(past, credit=replace(past.credit, size=asked.index, candidates=candidates))


def candidates_of(connection: Connection, division: str, roles: tuple[str, ...]) -> frozenset[str]:
    """Return the registered parties of *roles* in *division*, as each was registered last."""
    last = {row.party: row for row in _WITHIN.rows(connection)}
    return frozenset(
        party for party, row in last.items() if row.role in roles and covers(division, row.division)
    )


def _made(asked: Asked, past: Past, event: credit.DrawMade) -> Past:
    known = past_statement(asked.reader, event.target, before=asked.index)
    draw = None
    # What counts of a correction is what it puts in place.
    told = known.event.replacement if known and isinstance(known.event, followup.Corrected) else None
    announced = told or (None if known is None else known.event)
    if known is not None and not known.void and isinstance(announced, credit.DrawAnnounced):
        reached = announced.seed_size <= asked.index
        draw = PastDraw(
            digest=event.target,
            by=known.by,
            event=announced,
            made=_MADE.first(asked.connection, target=event.target) is not None,
            root=root_at(asked.connection, announced.seed_size).hex() if reached else None,
        )
    origin = str(asked.reader.entry(0).record["opening"]["origin"])
    return replace(past, credit=CreditPast(origin=origin, size=asked.index, draw=draw))
