"""Every good and bad record of a party, each with the entry that tells of it.

    good   a sampling passed · goods received as told · a month told in time · a certificate in force
    bad    a sampling failed · a recall · a case · a correction overdue · a shopper's report that proved true
           · a hold that nobody has resolved · told late · a statement withdrawn · serious dishonesty

A party is judged by what it stated itself and by what offices and laboratories found of its lots; what a
partner claims of it is no record. Void statements give none. An objection that was upheld, a repair and a
resolved hold leave the record where it is, marked: it weighs nothing.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date

from sqlalchemy import Connection

from traceability import tables
from traceability.credit import found_of_it, told_itself
from traceability.credit.record import CreditRecord, State, Whose
from traceability.tables import credit as credit_tables


def records(connection: Connection, whose: Whose, on: date) -> list[CreditRecord]:
    """Return the records of the parties asked about that were told by that day, oldest first."""
    found = [record for source in _SOURCES for record in source(connection, whose, on) if record.day <= on]
    states = _states(connection, whose, on)
    told = (replace(each, state=states.get((each.party, each.digest), each.state)) for each in found)
    return sorted(told, key=lambda each: (each.day, each.entry, each.record, each.party))


def _states(connection: Connection, whose: Whose, on: date) -> Mapping[tuple[str, str], State]:
    """Return what was said later of records, by party and statement."""
    found: dict[tuple[str, str], State] = {}
    objection, decision = credit_tables.objection, credit_tables.objection_decision
    answers = {
        row.target: row.upheld
        for row in connection.execute(tables.standing(decision, decision.c.day <= on.isoformat()))
    }
    for row in connection.execute(tables.standing(objection, whose(objection.c.party))):
        if row.digest not in answers:
            found[(row.party, row.target)] = "objection-open"
        elif answers[row.digest]:
            found[(row.party, row.target)] = "objection-upheld"
    repair = credit_tables.repair
    for row in connection.execute(
        tables.standing(repair, whose(repair.c.party), repair.c.day <= on.isoformat())
    ):
        if found.get((row.party, row.target)) != "objection-upheld":
            found[(row.party, row.target)] = "repaired"
    return found


_SOURCES: tuple[Callable[[Connection, Whose, date], Iterable[CreditRecord]], ...] = (
    told_itself.flags,
    told_itself.withdrawn,
    told_itself.timely_months,
    told_itself.confirmed,
    found_of_it.results,
    found_of_it.recalls,
    found_of_it.case_files,
    found_of_it.complaints,
    found_of_it.certificates,
    found_of_it.dishonesty,
)
