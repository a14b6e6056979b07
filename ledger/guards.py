"""The triggers that make the database itself refuse to change what the log has written.

Each guard is one condition under which a change of a table is refused, written once and spelt for SQLite and
for PostgreSQL. NEW and OLD are the row after and before the change.

A trigger costs PostgreSQL more for each row than the row itself, so there the entries of one statement are
judged together, after it and before anybody sees them, in the table `added` of all its new rows.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

ALWAYS = "1 = 1"
# How pg_trigger.tgtype spells when a trigger fires; PostgreSQL's catalog/pg_trigger.h.
_EACH_ROW, _BEFORE = 1, 2
_BITS = {"INSERT": 4, "DELETE": 8, "UPDATE": 16, "TRUNCATE": 32}

Found = tuple[str, str, int, str]
"""A trigger as the database has it: its name, its table, when it fires, its source."""


@dataclass(frozen=True, slots=True)
class Guard:
    """Refuse *change* ("INSERT", "UPDATE", "DELETE" or "TRUNCATE") of *table* where *condition* holds.

    *condition_of_added*, if given, says the same of all the rows of a statement, for PostgreSQL.
    """

    table: str
    change: str
    condition: str
    reason: str
    condition_of_added: str = ""

    @property
    def name(self) -> str:
        """The trigger's name."""
        return f"{self.table}_{self.change.lower()}"

    @property
    def is_for_each_row(self) -> bool:
        """Whether PostgreSQL asks it for each row, or once for a statement."""
        return self.change != "TRUNCATE" and not self.condition_of_added

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
        row = ("OLD" if self.change == "DELETE" else "NEW") if self.is_for_each_row else "NULL"
        condition = self.condition_of_added or self.condition
        return f"BEGIN IF {condition} THEN {refuse} END IF; RETURN {row}; END"

    def for_postgresql(self, schema: str) -> Iterator[str]:
        """Spell the function and the trigger that calls it, for the tables of *schema*."""
        # Its search path is its own: nobody's temporary table can stand before the log's.
        yield (
            f"CREATE OR REPLACE FUNCTION {self.name}() RETURNS trigger LANGUAGE plpgsql"
            f" SET search_path = pg_catalog, {quoted(schema)}, pg_temp"
            f" AS $guard$ {self.body_for_postgresql()} $guard$"
        )
        when = "AFTER" if self.condition_of_added else "BEFORE"
        added = " REFERENCING NEW TABLE AS added" if self.condition_of_added else ""
        each = "ROW" if self.is_for_each_row else "STATEMENT"
        yield (
            f"CREATE OR REPLACE TRIGGER {self.name} {when} {self.change} ON {self.table}{added}"
            f" FOR EACH {each} EXECUTE FUNCTION {self.name}()"
        )

    def as_found(self, dialect: str) -> Found:
        """Return how the database tells of this guard while it is in force."""
        if dialect == "sqlite":
            return self.name, self.table, 0, self.for_sqlite()
        kind = _BITS[self.change] + (0 if self.condition_of_added else _BEFORE)
        kind += _EACH_ROW if self.is_for_each_row else 0
        return self.name, self.table, kind, self.body_for_postgresql()


def quoted(name: str) -> str:
    """Spell *name* as SQL reads the name of a schema, a role or a table."""
    return '"' + name.replace('"', '""') + '"'


def _next_in(table: str, where: str = "") -> str:
    """Spell that the new row is not the next one of *table*."""
    rows = f"{table}{where}"
    return f'NEW."index" <> (SELECT coalesce(max("index") + 1, 0) FROM {rows})'  # noqa: S608 -- our own names


# The first of them stands behind an entry that was there (or is the very first), and none is left out between
# it and the last; that none stands there already is what the primary key says. A statement that brings
# nothing has tried to write over what is there (ON CONFLICT DO NOTHING).
_NOT_NEXT_TOGETHER = (
    '(SELECT count(*) = 0 OR count(*) <> max(a."index") - min(a."index") + 1 OR min(a."index") <>'
    ' coalesce((SELECT e."index" + 1 FROM ledger_entry e WHERE e."index" = min(a."index") - 1), 0)'
    " FROM added a)"
)

_CHANGES = (
    Guard(
        "ledger_entry",
        "INSERT",
        _next_in("ledger_entry"),
        "an entry stands right behind the last",
        _NOT_NEXT_TOGETHER,
    ),
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


def guard_statements(dialect: str, schema: str) -> Iterator[str]:
    """Yield what makes the triggers that are missing, for the tables of *schema*."""
    for guard in guards(dialect):
        if dialect == "sqlite":
            yield guard.for_sqlite().replace("CREATE TRIGGER", "CREATE TRIGGER IF NOT EXISTS", 1)
        else:
            yield from guard.for_postgresql(schema)


def missing(dialect: str, found: Iterable[Found]) -> list[str]:
    """Return the names of the guards that are not among *found*."""
    there = {(name, table, kind, source.strip()) for name, table, kind, source in found}
    return [guard.name for guard in guards(dialect) if guard.as_found(dialect) not in there]


# What tells the triggers in force, for each database.
FIND = {
    "sqlite": "SELECT name, tbl_name, 0, sql FROM sqlite_master WHERE type = 'trigger'",
    # tgenabled: O and A fire for ordinary sessions, D and R do not.
    "postgresql": """
        SELECT tgname, relname, tgtype, prosrc
        FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid JOIN pg_proc ON pg_proc.oid = tgfoid
        WHERE NOT tgisinternal AND tgenabled IN ('O', 'A') AND tgqual IS NULL AND tgattr::text = ''
            AND relnamespace = current_schema()::regnamespace
            AND proconfig = ARRAY['search_path=pg_catalog, ' || quote_ident(current_schema()) || ', pg_temp']
    """,
}
