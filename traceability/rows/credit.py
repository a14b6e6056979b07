"""The rows of what is said of parties' reliability, and of draws."""

import json

from traceability.events import credit
from traceability.rows.writing import Rows, add_own
from traceability.tables import credit as tables


@add_own.register
def _(event: credit.CreditObjected, rows: Rows) -> None:
    rows.add(tables.objection, digest=rows.statement.digest, target=event.target, party=rows.statement.by)


@add_own.register
def _(event: credit.CreditObjectionDecided, rows: Rows) -> None:
    day = event.day.isoformat()
    rows.add(tables.objection_decision, target=event.target, upheld=event.upheld, day=day)


@add_own.register
def _(event: credit.CreditRepaired, rows: Rows) -> None:
    rows.add(tables.repair, target=event.target, party=event.party, day=event.day.isoformat())


@add_own.register
def _(event: credit.DishonestyListed, rows: Rows) -> None:
    rows.add(
        tables.dishonesty,
        digest=rows.statement.digest,
        party=event.party,
        basis=event.legal_basis,
        facts=json.dumps(event.facts),
        excludes=json.dumps(event.excludes),
        since=event.since.isoformat(),
        until=event.until.isoformat(),
    )


@add_own.register
def _(event: credit.DishonestyRepaired, rows: Rows) -> None:
    day = event.since.isoformat()
    rows.add(tables.dishonesty_end, target=event.target, how="repaired", day=day, told=event.legal_basis)


@add_own.register
def _(event: credit.DishonestyLifted, rows: Rows) -> None:
    day = event.day.isoformat()
    rows.add(tables.dishonesty_end, target=event.target, how="lifted", day=day, told=event.lift_cause)


@add_own.register
def _(event: credit.DrawAnnounced, rows: Rows) -> None:
    rows.add(
        tables.draw,
        digest=rows.statement.digest,
        division=event.division,
        candidates=sum(len(group.parties) for group in event.pool),
        count=event.count,
        seed_size=event.seed_size,
    )


@add_own.register
def _(event: credit.DrawMade, rows: Rows) -> None:
    rows.add(tables.draw_made, target=event.target, size=event.size, root=event.root)
    for each in event.drawn:
        rows.add(tables.drawn, party=each.party, inspectors=json.dumps(each.inspectors))
