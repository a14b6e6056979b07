"""Whether the office that a sampling names has itself said so: it has told of it, or confirmed what was told.

    the office told of the sampling            it has
    somebody else did, naming the office       it has once it confirms the sampling, or a report of its sample

Nothing void counts: neither the office's word nor what it was said of.
"""

from typing import Any

from sqlalchemy import Connection, bindparam, select

from traceability import tables
from traceability.question import Question
from traceability.tables import testing

_SAID = Question(
    select(tables.statement.c.digest).where(
        tables.statement.c.entry == bindparam("entry"), tables.statement.c.void_by.is_(None)
    )
)
_REPORTS = Question(
    select(tables.statement.c.digest)
    .join(testing.test_report, testing.test_report.c.entry == tables.statement.c.entry)
    .where(
        testing.test_report.c.sample == bindparam("sample"),
        testing.test_report.c.lot == bindparam("lot"),
        tables.statement.c.void_by.is_(None),
    )
)
_CONFIRMED = Question(
    tables.standing(
        tables.confirmation,
        tables.confirmation.c.target == bindparam("digest"),
        tables.confirmation.c.by == bindparam("by"),
    ).limit(1)
)


def office_says(connection: Connection, sampling: Any) -> bool:
    """Tell whether the office of the row *sampling* has said so itself."""
    office = sampling.ordered_by
    if office is None or office == sampling.by:
        return True
    told = [
        *_SAID.rows(connection, entry=sampling.entry),
        *_REPORTS.rows(connection, sample=sampling.sample, lot=sampling.lot),
    ]
    return any(_CONFIRMED.first(connection, digest=each.digest, by=office) is not None for each in told)
