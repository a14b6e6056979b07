"""Who owns the database can change it: these tests do what such an owner would."""

import sqlite3
from typing import Any

from tests.world import World


def spoil(told: World, sql: str, *values: Any) -> None:
    """Change the database as its owner can: behind the application's back, without the guards."""
    with sqlite3.connect(told.services.settings.instance / "jizihao.sqlite3") as connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        changed = connection.execute(sql, values).rowcount
    connection.close()
    assert changed > 0


def entries_of(told: World, kind: str) -> list[int]:
    """Return the entries of the log that state an event of *kind*."""
    size = told.services.log.size()
    records = [(index, told.services.log.entry(index)[0].record) for index in range(size)]
    return [
        index
        for index, record in records
        if record["kind"] == "statement" and record["statement"]["event"]["kind"] == kind
    ]
