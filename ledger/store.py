"""Where the log is kept: SQL tables whose rows the database itself refuses to change.

    ledger_entry       index, bytes, leaf            one row an entry; leaf = its hash in the tree
    ledger_tile        level, index, root, hashes    one row a full tile: 256 hashes, and the root over them
    ledger_head        id = 1, size, frontier, note  the latest sealed checkpoint; only a larger replaces it
    ledger_published   size, note                    each checkpoint shown to the world, with the log's lines
    ledger_cosignature size, name, line              the latest line of each witness under one of those

The triggers guard against mistakes. Whoever owns the file can drop them; that is what the audit is for.
The tables speak the part of SQL that SQLite and PostgreSQL share; the two differ in this module alone.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Connection,
    Engine,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    create_engine,
    event,
    text,
)
from sqlalchemy.engine import URL, make_url

from ledger import contention, driver
from ledger.errors import Malformed
from ledger.guards import FIND, guard_statements, missing

LOCK_SECONDS = 30
# Beyond those that are kept: as many as there are threads, so that none waits for another's.
CONNECTIONS = 100
# A lock is waited for as long as on SQLite. A machine that vanished must not hold the log's lock for hours.
_POSTGRESQL_OPTIONS = {
    "lock_timeout": f"{LOCK_SECONDS}s",
    "synchronous_commit": "on",
    "tcp_keepalives_idle": 30,
    "tcp_keepalives_interval": 10,
    "tcp_keepalives_count": 3,
}

# SQLite takes only INTEGER, which is 64 bits wide there, for the number of a row.
PLACE = BigInteger().with_variant(Integer(), "sqlite")

metadata = MetaData()

entries = Table(
    "ledger_entry",
    metadata,
    Column("index", PLACE, primary_key=True, autoincrement=False),
    Column("bytes", LargeBinary, nullable=False),
    Column("leaf", LargeBinary, nullable=False),
    CheckConstraint("length(leaf) = 32", name="ledger_entry_leaf"),
)
tiles = Table(
    "ledger_tile",
    metadata,
    Column("level", SmallInteger, primary_key=True, autoincrement=False),
    Column("index", PLACE, primary_key=True, autoincrement=False),
    # Before the hashes: SQLite then finds it without reading through them, as every tile above needs it.
    Column("root", LargeBinary, nullable=False),
    Column("hashes", LargeBinary, nullable=False),
    CheckConstraint("length(hashes) = 8192", name="ledger_tile_hashes"),
    CheckConstraint("length(root) = 32", name="ledger_tile_root"),
)
head = Table(
    "ledger_head",
    metadata,
    Column("id", SmallInteger, primary_key=True, autoincrement=False),
    Column("size", PLACE, nullable=False),
    Column("frontier", LargeBinary, nullable=False),
    Column("note", LargeBinary, nullable=False),
    CheckConstraint("id = 1", name="ledger_head_one"),
)
published = Table(
    "ledger_published",
    metadata,
    Column("size", PLACE, primary_key=True, autoincrement=False),
    Column("note", LargeBinary, nullable=False),
)
cosignatures = Table(
    "ledger_cosignature",
    metadata,
    Column("size", PLACE, ForeignKey(published.c.size), primary_key=True, autoincrement=False),
    Column("name", String, primary_key=True),
    Column("line", String, nullable=False),
)


def engine_for(url: str) -> Engine:
    """Return an engine for *url* on which every commit is durable before it returns.

    SQLite needs a file: threads have connections of their own, and in memory each would see another database.
    """
    parsed = make_url(url)
    makers = {"sqlite": _on_sqlite, "postgresql": _on_postgresql}
    if parsed.get_backend_name() not in makers:
        raise Malformed("a ledger is kept on SQLite or PostgreSQL")
    engine = makers[parsed.get_backend_name()](parsed)
    contention.install(engine)
    return engine


CACHED_STATEMENTS = 2_000
"""How many statements a connection to SQLite keeps ready; an entry with its rows asks many different ones."""


def _on_sqlite(url: URL) -> Engine:
    if url.database in (None, "", ":memory:"):
        raise Malformed("a ledger on SQLite needs a file")
    # To read a statement again takes SQLite longer than to answer it; so does making a connection.
    arguments = {"timeout": LOCK_SECONDS, "cached_statements": CACHED_STATEMENTS}
    engine = create_engine(url, connect_args=arguments, pool_size=CONNECTIONS, max_overflow=0)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _on_postgresql(url: URL) -> Engine:
    options = " ".join(f"-c {name}={value}" for name, value in _POSTGRESQL_OPTIONS.items())
    # What the operator's own address asks for goes before.
    given = str(url.query.get("options", ""))
    return create_engine(
        url.set(drivername="postgresql+psycopg"),
        connect_args={"options": f"{options} {given}".strip(), "connect_timeout": 10},
        # A committed row must be seen by whoever gets the lock next: see `appending`.
        isolation_level="READ COMMITTED",
        # A server that was started again has forgotten the connections that we kept.
        pool_pre_ping=True,
        max_overflow=CONNECTIONS,
    )


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # The driver would begin transactions on its own, and too late; _begin_sqlite does it.
    connection.isolation_level = None
    for pragma in (
        f"busy_timeout = {LOCK_SECONDS * 1000}",
        "journal_mode = WAL",
        "synchronous = FULL",
        # Bringing the journal back into the file waits for the disk twice, and a page that was written many
        # times goes back once: every 64 MB, not every 4.
        "wal_autocheckpoint = 16000",
        "foreign_keys = ON",
        # Without it REPLACE deletes rows past the DELETE triggers.
        "recursive_triggers = ON",
        "secure_delete = ON",
        # KiB. A batch comes back to the same pages; the usual 2 MB would write and read them again meanwhile.
        "cache_size = -16384",
    ):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(connection: Connection) -> None:
    # A transaction that reads first and writes later can fail half-way; a writer takes the lock at once.
    writes = connection.get_execution_options().get("writes", False)
    driver.begin(connection, "BEGIN IMMEDIATE" if writes else "BEGIN")


def create(engine: Engine) -> None:
    """Make what is missing of the tables, and the triggers that guard them."""
    with writing(engine) as connection:
        metadata.create_all(connection)
        # Only their owner may make them again, and the application may be another.
        if missing_guards(connection):
            schema = connection.dialect.default_schema_name or ""
            for statement in guard_statements(connection.dialect.name, schema):
                connection.exec_driver_sql(statement)


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Hold a transaction that may write, from its first statement on; commit at the end, or undo it all."""
    with (
        contention.waiting(),
        engine.connect().execution_options(writes=True) as connection,
        connection.begin(),
    ):
        yield connection


@contextmanager
def appending(engine: Engine) -> Iterator[Connection]:
    """Hold the one transaction that may append: processes wait here for each other, readers do not wait."""
    with writing(engine) as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("LOCK TABLE ledger_head IN SHARE ROW EXCLUSIVE MODE"))
        yield connection


@contextmanager
def snapshot(engine: Engine) -> Iterator[Connection]:
    """Hold a transaction that only reads, and sees the database as it was at its first statement."""
    with contention.waiting(), engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        with connection.begin():
            yield connection


def missing_guards(connection: Connection) -> list[str]:
    """Return the names of guarding triggers that are absent, switched off or altered."""
    rows = connection.execute(text(FIND[connection.dialect.name]))
    return missing(connection.dialect.name, ((row[0], row[1], row[2], row[3]) for row in rows))
