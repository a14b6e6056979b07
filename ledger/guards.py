"""The triggers that make the database itself refuse to change what the log has written.

Each guard is one condition under which a change of a table is refused, written once and spelt for SQLite and
for PostgreSQL. NEW and OLD are the row after and before the change.
"""

from collections.abc import Iterator
from dataclasses import dataclass

ALWAYS = "1 = 1"


@dataclass(frozen=True, slots=True)
class Guard:
    """Refuse *change* ("INSERT", "UPDATE", "DELETE" or "TRUNCATE") of *table* where *condition* holds."""

    table: str
    change: str
    condition: str
    reason: str

    @property
    def name(self) -> str:
        """The trigger's name."""
        return f"{self.table}_{self.change.lower()}"

    def for_sqlite(self) -> str:
        """Spell the trigger as SQLite keeps it."""
        return (
            f"CREATE TRIGGER {self.name} BEFORE {self.change} ON {self.table} WHEN {self.condition}"
            f" BEGIN SELECT RAISE(ABORT, '{self.reason}'); END"
        )

    def body_for_postgresql(self) -> str:
        """Spell what the trigger's function does."""
        refuse = f"RAISE EXCEPTION '{self.reason}' USING ERRCODE = 'integrity_constraint_violation';"
        # A trigger on a statement has neither NEW nor OLD; one before DELETE must return OLD to let it pass.
        row = {"DELETE": "OLD", "TRUNCATE": "NULL"}.get(self.change, "NEW")
        return f"BEGIN IF {self.condition} THEN {refuse} END IF; RETURN {row}; END"

    def for_postgresql(self) -> Iterator[str]:
        """Spell the function and the trigger that calls it."""
        each = "STATEMENT" if self.change == "TRUNCATE" else "ROW"
        yield (
            f"CREATE OR REPLACE FUNCTION {self.name}() RETURNS trigger LANGUAGE plpgsql"
            f" AS $guard$ {self.body_for_postgresql()} $guard$"
        )
        yield (
            f"CREATE OR REPLACE TRIGGER {self.name} BEFORE {self.change} ON {self.table}"
            f" FOR EACH {each} EXECUTE FUNCTION {self.name}()"
        )


def _next_in(table: str, where: str = "") -> str:
    """Spell that the new row is not the next one of *table*."""
    rows = f"{table}{where}"
    return f'NEW."index" <> (SELECT coalesce(max("index") + 1, 0) FROM {rows})'  # noqa: S608 -- our own names


_CHANGES = (
    Guard("ledger_entry", "INSERT", _next_in("ledger_entry"), "an entry stands right behind the last"),
    Guard("ledger_entry", "UPDATE", ALWAYS, "entries are never changed"),
    Guard("ledger_entry", "DELETE", ALWAYS, "entries are never deleted"),
    Guard(
        "ledger_tile",
        "INSERT",
        _next_in("ledger_tile", " WHERE level = NEW.level"),
        "a tile stands right behind the last of its level",
    ),
    Guard("ledger_tile", "UPDATE", ALWAYS, "tiles are never changed"),
    Guard("ledger_tile", "DELETE", ALWAYS, "tiles are never deleted"),
    Guard("ledger_head", "INSERT", "EXISTS (SELECT 1 FROM ledger_head)", "a log has one head"),
    Guard("ledger_head", "UPDATE", "NEW.size <= OLD.size", "a log only grows"),
    Guard("ledger_head", "DELETE", ALWAYS, "a log keeps its head"),
    Guard(
        "ledger_published",
        "INSERT",
        "EXISTS (SELECT 1 FROM ledger_published WHERE size >= NEW.size)",
        "a smaller tree is not published after a larger",
    ),
    Guard("ledger_published", "UPDATE", ALWAYS, "published notes are never changed"),
    Guard("ledger_published", "DELETE", ALWAYS, "published notes are never deleted"),
)
_TABLES = ("ledger_entry", "ledger_tile", "ledger_head", "ledger_published")
_TRUNCATIONS = tuple(Guard(table, "TRUNCATE", ALWAYS, "the log is never emptied") for table in _TABLES)


def guards(dialect: str) -> tuple[Guard, ...]:
    """Return the guards that *dialect* needs: SQLite has no TRUNCATE."""
    return _CHANGES if dialect == "sqlite" else _CHANGES + _TRUNCATIONS


def guard_statements(dialect: str) -> Iterator[str]:
    """Yield what makes the triggers that are missing."""
    for guard in guards(dialect):
        if dialect == "sqlite":
            yield guard.for_sqlite().replace("CREATE TRIGGER", "CREATE TRIGGER IF NOT EXISTS", 1)
        else:
            yield from guard.for_postgresql()
