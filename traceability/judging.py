"""What the journal decides about a statement before it is written, and an inspector decides again.

    links     for each subject, where its newest entry so far stands
    flags     which rules it breaks without being refused

Both depend on earlier entries and on the rule set that the record names, and on nothing else.
"""

from base64 import b64encode
from collections.abc import Iterable
from typing import Any, cast

from sqlalchemy import Connection, bindparam, select

from ledger.canonical import instant_of
from traceability import indexing, rules, tables
from traceability.limits import RuleSet
from traceability.question import Question
from traceability.reading import Reader
from traceability.recollection import past_of
from traceability.statement import Signed, Statement

Json = Any

_NEWEST = Question(
    select(tables.subject.c.entry, tables.subject.c.leaf)
    .where(tables.subject.c.subject == bindparam("name"))
    .order_by(tables.subject.c.entry.desc())
    .limit(1)
)
_RULES_IN_FORCE = Question(select(tables.rule_set.c.digest).order_by(tables.rule_set.c.entry.desc()).limit(1))


def record_of(
    reader: Reader, signed: Signed, *, source: str, rule_set: RuleSet, index: int, recorded_at: str
) -> dict[str, Json]:
    """Return the record for the entry at *index*, or raise `Refused`.

    What the statement makes void is void afterwards in the derived tables, whatever follows.
    """
    statement = signed.statement
    indexing.make_void(reader.connection, statement, index)
    flags = _flags(reader, statement, source=source, rule_set=rule_set, index=index, recorded_at=recorded_at)
    about = indexing.subjects_of(reader, statement, tuple(each["key"] for each in signed.signatures))
    return {
        "kind": "statement",
        "links": links(reader.connection, about.touched | about.referred),
        "ruling": {"flags": flags, "rules": rule_set.digest, "source": source},
        "sigs": [dict(each) for each in signed.signatures],
        "statement": statement.body,
    }


def _flags(
    reader: Reader, statement: Statement, *, source: str, rule_set: RuleSet, index: int, recorded_at: str
) -> list[dict[str, Json]]:
    past = past_of(
        reader,
        statement.event,
        by=statement.by,
        claimed_by=statement.claimed_by,
        index=index,
        recorded_at=instant_of(recorded_at),
        rule_set=rule_set,
    )
    return rules.verdict(rules.judge(statement.event, past, rule_set), source)


def links(connection: Connection, names: Iterable[str]) -> dict[str, Json]:
    """Return for each subject `[index, leaf]` of its newest entry, `[]` where it has none."""
    return {name: newest(connection, name) for name in sorted(names)}


def newest(connection: Connection, name: str) -> list[Json]:
    """Return `[index, base64 leaf]` of the newest entry that touches the subject *name*, or `[]`."""
    row = _NEWEST.first(connection, name=name)
    return [] if row is None else [row.entry, b64encode(bytes(row.leaf)).decode()]


def rules_in_force(connection: Connection) -> str | None:
    """Return the digest of the rule set that the newest entry adopted."""
    return cast("str | None", _RULES_IN_FORCE.scalar(connection))
