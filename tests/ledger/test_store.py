from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from ledger import store
from ledger.errors import Malformed
from ledger.guards import guards
from ledger.writer import Writer
from tests.logs import log_on, record


@pytest.fixture
def full(engine: Engine, tmp_path: Path) -> Engine:
    """A ledger of 300 entries, published: each table has a row."""
    log = log_on(engine, tmp_path / "mark")
    with Writer(log) as writer:
        writer.submit(lambda session: log.append(session, [record(n) for n in range(300)])).result()
    log.publish()
    return engine


ENTRY = (
    'INSERT INTO ledger_entry ("index", bytes, leaf)'
    ' SELECT {}, bytes, leaf FROM ledger_entry WHERE "index" = 0'
)
TWO_ENTRIES = (
    'INSERT INTO ledger_entry ("index", bytes, leaf)'
    " SELECT place, bytes, leaf FROM ledger_entry"
    " CROSS JOIN (SELECT {} AS place UNION ALL SELECT {}) AS places"
    ' WHERE "index" = 0'
)
TILE = (
    'INSERT INTO ledger_tile (level, "index", hashes, root)'
    " SELECT {}, {}, hashes, root FROM ledger_tile WHERE level = 0"
)
REFUSED = [
    "UPDATE ledger_entry SET bytes = leaf",
    'UPDATE ledger_entry SET "index" = 1000 WHERE "index" = 299',
    "DELETE FROM ledger_entry",
    'DELETE FROM ledger_entry WHERE "index" = 299',
    ENTRY.format(299),
    ENTRY.format(301),
    ENTRY.format(-1),
    ENTRY.format(7) + " ON CONFLICT DO NOTHING",
    ENTRY.format(7) + ' ON CONFLICT ("index") DO UPDATE SET bytes = excluded.bytes',
    *(TWO_ENTRIES.format(*pair) for pair in ((300, 302), (299, 300), (301, 302), (300, 300), (-1, 300))),
    "UPDATE ledger_tile SET root = root",
    "DELETE FROM ledger_tile",
    TILE.format(0, 2),
    TILE.format(0, 0),
    TILE.format(1, 1),
    "UPDATE ledger_head SET size = 300",
    "UPDATE ledger_head SET size = 299",
    "UPDATE ledger_head SET note = frontier",
    "UPDATE ledger_head SET id = 2, size = 301",
    "DELETE FROM ledger_head",
    "INSERT INTO ledger_head (id, size, frontier, note) SELECT 1, 301, frontier, note FROM ledger_head",
    "INSERT INTO ledger_head (id, size, frontier, note) SELECT 2, 301, frontier, note FROM ledger_head",
    "UPDATE ledger_published SET note = note",
    "DELETE FROM ledger_published",
    "INSERT INTO ledger_published (size, note) SELECT 299, note FROM ledger_published",
]


@pytest.mark.parametrize("statement", REFUSED)
def test_the_database_refuses_to_change_the_log(full: Engine, statement: str) -> None:
    with pytest.raises(DBAPIError), store.writing(full) as connection:
        connection.execute(text(statement))

    with full.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM ledger_entry")).scalar() == 300


@pytest.mark.parametrize("table", ["ledger_entry", "ledger_tile", "ledger_head", "ledger_published"])
def test_sqlite_refuses_to_replace(sqlite_engine: Engine, tmp_path: Path, table: str) -> None:
    log = log_on(sqlite_engine, tmp_path / "mark")
    with Writer(log) as writer:
        writer.submit(lambda session: log.append(session, [record(n) for n in range(300)])).result()
    log.publish()

    for command in ("REPLACE INTO", "INSERT OR REPLACE INTO", "INSERT OR IGNORE INTO"):
        statement = f"{command} {table} SELECT * FROM {table}"
        with pytest.raises(DBAPIError), store.writing(sqlite_engine) as connection:
            connection.execute(text(statement))


@pytest.mark.parametrize("table", ["ledger_entry", "ledger_tile", "ledger_head", "ledger_published"])
def test_postgresql_refuses_to_truncate(full: Engine, table: str) -> None:
    if full.dialect.name != "postgresql":
        pytest.skip("SQLite has no TRUNCATE")

    with pytest.raises(DBAPIError), store.writing(full) as connection:
        connection.execute(text(f"TRUNCATE {table} CASCADE"))


def test_the_next_entry_and_a_larger_head_are_let_in(full: Engine) -> None:
    with store.writing(full) as connection:
        connection.execute(text(ENTRY.format(300)))
        connection.execute(text("UPDATE ledger_head SET size = 301"))

    with full.connect() as connection:
        assert connection.execute(text("SELECT size FROM ledger_head")).scalar() == 301


def test_the_next_two_entries_are_let_in_together(full: Engine) -> None:
    with store.writing(full) as connection:
        connection.execute(text(TWO_ENTRIES.format(300, 301)))

    with full.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM ledger_entry")).scalar() == 302


@pytest.mark.parametrize(
    "weakened",
    [
        "DROP TRIGGER {name} ON {table}",
        "ALTER TABLE {table} DISABLE TRIGGER {name}",
        "ALTER TABLE {table} ENABLE REPLICA TRIGGER {name}",
        "CREATE OR REPLACE TRIGGER {name} BEFORE UPDATE OF leaf ON {table}"
        " FOR EACH ROW EXECUTE FUNCTION {name}()",
        "CREATE OR REPLACE TRIGGER {name} BEFORE UPDATE ON {table}"
        " FOR EACH ROW WHEN (false) EXECUTE FUNCTION {name}()",
        "CREATE OR REPLACE TRIGGER {name} BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
        "CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql"
        " SET search_path = pg_catalog, public, pg_temp AS 'BEGIN RETURN NEW; END'",
        "ALTER FUNCTION {name}() RESET search_path",
    ],
)
def test_every_way_to_weaken_a_guard_of_postgresql_is_missed(engine: Engine, weakened: str) -> None:
    if engine.dialect.name != "postgresql":
        pytest.skip("SQLite's triggers can only be dropped")
    with store.writing(engine) as connection:
        connection.exec_driver_sql(weakened.format(name="ledger_entry_update", table="ledger_entry"))

    with engine.connect() as connection:
        missing = store.missing_guards(connection)

    assert missing == ["ledger_entry_update"]


def test_making_the_tables_again_changes_nothing(full: Engine) -> None:
    store.create(full)

    with full.connect() as connection:
        assert store.missing_guards(connection) == []
        assert connection.execute(text("SELECT count(*) FROM ledger_entry")).scalar() == 300


def test_a_dropped_guard_is_missed_and_made_again(engine: Engine) -> None:
    on_table = " ON ledger_entry" if engine.dialect.name == "postgresql" else ""
    with store.writing(engine) as connection:
        connection.execute(text(f"DROP TRIGGER ledger_entry_update{on_table}"))

    with engine.connect() as connection:
        missing = store.missing_guards(connection)

    store.create(engine)
    with engine.connect() as connection:
        assert store.missing_guards(connection) == []
    assert missing == ["ledger_entry_update"]


def test_a_guard_that_was_weakened_is_missed(engine: Engine) -> None:
    weak = next(guard for guard in guards(engine.dialect.name) if guard.name == "ledger_entry_delete")
    with store.writing(engine) as connection:
        if engine.dialect.name == "sqlite":
            connection.execute(text("DROP TRIGGER ledger_entry_delete"))
            connection.exec_driver_sql(weak.for_sqlite().replace("1 = 1", "1 = 2"))
        else:
            connection.execute(text("ALTER TABLE ledger_entry DISABLE TRIGGER ledger_entry_delete"))

    with engine.connect() as connection:
        missing = store.missing_guards(connection)

    assert missing == ["ledger_entry_delete"]


def test_sqlite_is_durable_at_each_commit(sqlite_engine: Engine) -> None:
    pragmas = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "recursive_triggers": 1}

    with sqlite_engine.connect() as connection:
        found = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in pragmas}

    assert found == pragmas


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:"])
def test_a_ledger_in_memory_is_refused(url: str) -> None:
    with pytest.raises(Malformed):
        store.engine_for(url)


def test_a_failed_transaction_leaves_nothing(full: Engine) -> None:
    def fail() -> None:
        with store.writing(full) as connection:
            connection.execute(text(ENTRY.format(300)))
            raise RuntimeError("the caller fails")

    with pytest.raises(RuntimeError):
        fail()

    with full.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM ledger_entry")).scalar() == 300
