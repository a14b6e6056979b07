"""What the application may do in a PostgreSQL database that belongs to somebody else.

    table                                            SELECT  INSERT  UPDATE  DELETE
    ledger_entry, ledger_tile, ledger_published        x       x
    ledger_head, ledger_cosignature                    x       x       x
    every other table                                  x       x       x       x

The triggers refuse to change what is written, and an owner can drop triggers. So the tables belong to one
role, and the application is another, which can neither change a row of the log nor make a table beside it.
SQLite has no roles: there the file's owner can do everything.
"""

from collections.abc import Iterable, Iterator

from sqlalchemy import Connection, text

from ledger.errors import Malformed, NotProven
from ledger.guards import quoted
from ledger.store import cosignatures, entries, head, metadata, published, tiles

_GROWING = frozenset({entries.name, tiles.name, published.name})
_TURNING = frozenset({head.name, cosignatures.name})


def granted(table: str) -> str:
    """Return the rights on *table* that the application needs, as GRANT spells them."""
    if table in _GROWING:
        return "SELECT, INSERT"
    return "SELECT, INSERT, UPDATE" if table in _TURNING else "SELECT, INSERT, UPDATE, DELETE"


def statements(role: str, *, database: str, schema: str, tables: Iterable[str]) -> Iterator[str]:
    """Yield what takes every right on *tables* of *schema* from everybody and gives *role* what it needs."""
    app, place = quoted(role), quoted(schema)
    yield f"GRANT CONNECT ON DATABASE {quoted(database)} TO {app}"
    # Before PostgreSQL 15 everybody could make tables in the public schema; temporary ones still can be.
    yield f"REVOKE CREATE ON SCHEMA {place} FROM PUBLIC, {app}"
    yield f"REVOKE TEMPORARY ON DATABASE {quoted(database)} FROM PUBLIC, {app}"
    yield f"GRANT USAGE ON SCHEMA {place} TO {app}"
    for table in tables:
        where = f"{place}.{quoted(table)}"
        yield f"REVOKE ALL ON {where} FROM PUBLIC, {app}"
        yield f"GRANT {granted(table)} ON {where} TO {app}"
    yield f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {place} TO {app}"


def grant(connection: Connection, role: str, tables: Iterable[str]) -> None:
    """Give *role* its rights, as the owner of *tables*, and make sure that it has no others.

    Raises `Malformed` where there are no roles or none of this name, `NotProven` where it could still change
    the log: it is a superuser, an owner, or a member of either.
    """
    if connection.dialect.name != "postgresql":
        raise Malformed("only PostgreSQL has roles")
    if not connection.execute(text("SELECT 1 FROM pg_roles WHERE rolname = :role"), {"role": role}).scalar():
        raise Malformed("there is no such role", facts={"role": role})
    database = connection.execute(text("SELECT current_database()")).scalar_one()
    schema = connection.execute(text("SELECT current_schema()")).scalar_one()
    for statement in statements(role, database=database, schema=schema, tables=tables):
        connection.exec_driver_sql(statement)
    found = excesses(connection, role)
    if found:
        raise NotProven("the role could still change the log", facts={"role": role, "by": "; ".join(found)})


def excesses(connection: Connection, role: str | None = None) -> list[str]:
    """Return by what *role*, or whoever is connected, could change the log in spite of its triggers."""
    if connection.dialect.name != "postgresql":
        return []
    named = {"role": role or connection.execute(text("SELECT current_user")).scalar_one()}
    log = {"tables": list(metadata.tables)}
    found = [row.what for row in connection.execute(text(_EXCESSES), {**named, **log})]
    return sorted(found)


# A right of somebody else counts where the role may act as that somebody (pg_has_role, "MEMBER").
_EXCESSES = """
    WITH log AS (
        SELECT oid, relname, relowner FROM pg_class
        WHERE relnamespace = current_schema()::regnamespace AND relname = ANY(:tables) AND relkind = 'r'
    )
    SELECT 'superuser' AS what FROM pg_roles WHERE rolsuper AND pg_has_role(:role, oid, 'MEMBER')
    UNION
    SELECT 'owner of ' || relname FROM log WHERE pg_has_role(:role, relowner, 'MEMBER')
    UNION
    SELECT lower(kind) || ' on ' || relname
    FROM log, unnest(ARRAY['UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) AS kind
    WHERE has_table_privilege(:role, oid, kind)
        AND NOT (kind = 'UPDATE' AND relname IN ('ledger_head', 'ledger_cosignature'))
    UNION
    SELECT 'create in ' || current_schema() WHERE has_schema_privilege(:role, current_schema(), 'CREATE')
"""
