"""What a database still holds of rows that were deleted, and how to make it let go.

SQLite overwrites a deleted row with zeros (`secure_delete`), but in its write-ahead log the old page stands
until that log is emptied. PostgreSQL keeps the dead row in its table until a VACUUM. Both need a moment in
which nobody reads what was there before.
"""

from contextlib import closing

from sqlalchemy import Engine, Table, text
from sqlalchemy.exc import SQLAlchemyError

from ledger.errors import LedgerError

# Whoever waits for this is a person who erased something; the next attempt comes with the next start.
PATIENCE_MILLISECONDS = 500

_IS_OURS = text("SELECT pg_has_role(relowner, 'USAGE') FROM pg_class WHERE oid = to_regclass(:table)")


def let_go(engine: Engine, table: Table) -> bool:
    """Let no file of the database hold the deleted rows of *table*; False where somebody was in the way."""
    try:
        return _emptied(engine) if engine.dialect.name == "sqlite" else _vacuumed(engine, table)
    except (LedgerError, SQLAlchemyError):
        return False


def _emptied(engine: Engine) -> bool:
    # A connection of its own: a checkpoint runs in no transaction, and this one waits for a short time only.
    with closing(engine.dialect.connect(str(engine.url.database))) as raw:
        raw.execute(f"PRAGMA busy_timeout = {PATIENCE_MILLISECONDS}")
        busy, _, _ = raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        return not busy


def _vacuumed(engine: Engine, table: Table) -> bool:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        # Nobody may vacuum another's table: PostgreSQL passes it over with a warning.
        if not connection.execute(_IS_OURS, {"table": table.name}).scalar():
            return False
        connection.execute(text(f"SET lock_timeout = {PATIENCE_MILLISECONDS}"))
        try:
            connection.execute(text(f'VACUUM "{table.name}"'))
        finally:
            connection.execute(text("RESET lock_timeout"))
    return True
