"""How another process, or another connection of this one, comes to see the same database at the same moment.

    PostgreSQL    the first reader exports its snapshot, the others take it over
    SQLite        each has its own: rows below the first reader's size never change, and none reads further

Rows are read as they stand, through the driver: a column type would stumble over what somebody has put there.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # the processes that only read do without it
    from sqlalchemy import Connection

WAIT_SECONDS = 30


def legible(octets: bytes) -> str:
    """Read what stands as text: what is no UTF-8 must not end an inspection, it is a finding."""
    return octets.decode("utf-8", "backslashreplace")


@contextmanager
def legibly(connection: "Connection") -> Iterator[None]:
    """Let an open connection of SQLAlchemy read whatever somebody has put into a column of text."""
    raw: Any = connection.connection.dbapi_connection
    if connection.dialect.name != "sqlite" or raw is None:
        yield
        return
    before, raw.text_factory = raw.text_factory, legible
    try:
        yield
    finally:
        raw.text_factory = before


class View:
    """A read-only transaction on the driver's own connection."""

    def __init__(self, raw: Any, mark: str) -> None:
        self._raw = raw
        self._mark = mark

    def rows(self, query: str, *values: int | str | bytes) -> list[tuple[Any, ...]]:
        """Return all rows of *query*, whose values stand as question marks."""
        cursor = self._raw.cursor()
        try:
            cursor.execute(query.replace("?", self._mark), values)
            return cursor.fetchall()  # type: ignore[no-any-return]  # the drivers do not say
        finally:
            cursor.close()

    def row(self, query: str, *values: int | str | bytes) -> tuple[Any, ...] | None:
        """Return the first row of *query*, if there is one."""
        return next(iter(self.rows(query, *values)), None)


@dataclass(frozen=True, slots=True)
class Vantage:
    """Where to look from: how the driver connects, and the exported snapshot if the database has such."""

    dialect: str
    arguments: tuple[Any, ...]
    options: dict[str, Any]
    snapshot: str | None

    @classmethod
    def of(cls, connection: "Connection") -> "Vantage":
        """Return the vantage of an open `store.snapshot`; on PostgreSQL it holds as long as that is open."""
        engine, snapshot = connection.engine, None
        if connection.dialect.name == "postgresql":
            snapshot = str(connection.exec_driver_sql("SELECT pg_export_snapshot()").scalar_one())
        arguments, options = engine.dialect.create_connect_args(engine.url)
        if connection.dialect.name == "sqlite":
            arguments, options = list(arguments[:1]), {}
        # SQLAlchemy's own way of adapting values does not travel, and rows are read as they stand.
        plain = {name: value for name, value in options.items() if name != "context"}
        return cls(connection.dialect.name, tuple(arguments), plain, snapshot)

    @contextmanager
    def opened(self) -> Iterator[View]:
        """Hold a transaction that only reads."""
        opened = self._on_sqlite() if self.dialect == "sqlite" else self._on_postgresql()
        with opened as view:
            yield view

    @contextmanager
    def _on_sqlite(self) -> Iterator[View]:
        with closing(
            sqlite3.connect(
                self.arguments[0], timeout=WAIT_SECONDS, isolation_level=None, check_same_thread=False
            )
        ) as raw:
            raw.text_factory = legible
            raw.execute("PRAGMA query_only = ON").close()
            raw.execute("BEGIN").close()
            # The snapshot is taken by the first read.
            raw.execute("SELECT count(*) FROM sqlite_master").close()
            yield View(raw, "?")

    @contextmanager
    def _on_postgresql(self) -> Iterator[View]:
        import psycopg  # noqa: PLC0415 -- an optional driver, and only this database needs it

        with closing(psycopg.connect(*self.arguments, **self.options)) as raw:
            raw.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            # The name of a snapshot cannot be a parameter; the server itself has spelt it.
            raw.execute(f"SET TRANSACTION SNAPSHOT '{self.snapshot}'")
            yield View(raw, "%s")
            raw.rollback()
