"""The application's role in a PostgreSQL database: it appends, and the database lets it do no more."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from ledger import roles, store
from ledger.errors import Malformed, NotProven
from ledger.writer import Writer
from tests.engines import Owned, owned_database
from tests.logs import log_on, record


@contextmanager
def engines_of(owned: Owned) -> Iterator[tuple[Engine, Engine]]:
    """Give the owner's engine and the application's, with the tables made and the role granted its rights."""
    owner, app = store.engine_for(owned.owner_url), store.engine_for(owned.app_url)
    store.create(owner)
    with store.writing(owner) as connection:
        roles.grant(connection, owned.role, store.metadata.tables)
    yield owner, app
    owner.dispose()
    app.dispose()


@pytest.fixture
def engines(owned: Owned) -> Iterator[tuple[Engine, Engine]]:
    with engines_of(owned) as made:
        yield made


@pytest.fixture
def owner(engines: tuple[Engine, Engine]) -> Engine:
    return engines[0]


@pytest.fixture
def app(engines: tuple[Engine, Engine]) -> Engine:
    return engines[1]


@pytest.fixture(scope="module")
def refused_app(postgresql_url: str) -> Iterator[Engine]:
    """An application whose every statement is refused, so that one database serves all of them."""
    with owned_database(postgresql_url) as owned, engines_of(owned) as (_, app):
        yield app


def fill(app: Engine, mark: Path, count: int = 300) -> None:
    """Append *count* entries and publish them, as the application."""
    log = log_on(app, mark)
    with Writer(log) as writer:
        writer.submit(lambda session: log.append(session, [record(n) for n in range(count)])).result()
    log.publish()


def state_of(app: Engine, statement: str) -> str:
    """Return the SQLSTATE with which *statement* is refused."""
    with pytest.raises(DBAPIError) as refused, store.writing(app) as connection:
        connection.exec_driver_sql(statement)
    return str(getattr(refused.value.orig, "sqlstate", ""))


def test_the_application_appends_and_publishes(app: Engine, tmp_path: Path) -> None:
    fill(app, tmp_path / "mark")

    log = log_on(app, tmp_path / "mark")
    assert log.size() == 300
    with app.connect() as connection:
        assert roles.excesses(connection) == []
        assert store.missing_guards(connection) == []


def test_the_application_makes_no_tables_that_are_there(app: Engine) -> None:
    store.create(app)

    with app.connect() as connection:
        assert store.missing_guards(connection) == []


NOT_ALLOWED = "42501"
LOG_TABLES = ("ledger_entry", "ledger_tile", "ledger_head", "ledger_published", "ledger_cosignature")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_entry SET bytes = leaf",
        "UPDATE ledger_tile SET root = root",
        "UPDATE ledger_published SET note = note",
        *(f"DELETE FROM {table}" for table in LOG_TABLES),
        *(f"TRUNCATE {table} CASCADE" for table in LOG_TABLES),
        *(f"ALTER TABLE {table} DISABLE TRIGGER ALL" for table in LOG_TABLES),
        *(f"DROP TABLE {table} CASCADE" for table in LOG_TABLES),
        "DROP TRIGGER ledger_entry_delete ON ledger_entry",
        "DROP FUNCTION ledger_entry_delete() CASCADE",
        "CREATE OR REPLACE FUNCTION ledger_entry_delete() RETURNS trigger LANGUAGE plpgsql"
        " AS 'BEGIN RETURN OLD; END'",
        "CREATE TRIGGER a BEFORE INSERT ON ledger_entry FOR EACH ROW EXECUTE FUNCTION ledger_entry_delete()",
        "CREATE RULE a AS ON INSERT TO ledger_entry DO INSTEAD NOTHING",
        "CREATE TABLE other ()",
        "CREATE TEMPORARY TABLE ledger_entry (a int)",
        "CREATE SCHEMA other",
        "SET session_replication_role = replica",
        "ALTER TABLE ledger_entry OWNER TO CURRENT_USER",
    ],
)
def test_the_database_refuses_the_application_what_would_change_the_log(
    refused_app: Engine, statement: str
) -> None:
    assert state_of(refused_app, statement) == NOT_ALLOWED


def test_the_head_that_may_be_replaced_only_grows(app: Engine, tmp_path: Path) -> None:
    fill(app, tmp_path / "mark")

    assert state_of(app, "UPDATE ledger_head SET size = 299") == "23000"


@pytest.mark.parametrize(
    "grant",
    [
        "GRANT {owner} TO {role}",
        "GRANT DELETE ON ledger_entry TO {role}",
        "GRANT TRIGGER ON ledger_tile TO PUBLIC",
    ],
)
def test_a_role_that_could_change_the_log_is_found(owned: Owned, owner: Engine, grant: str) -> None:
    admin = store.engine_for(owned.admin_url)
    with store.writing(admin) as connection:
        before = roles.excesses(connection, owned.role)
        connection.exec_driver_sql(grant.format(owner=owner.url.username, role=owned.role))

        after = roles.excesses(connection, owned.role)
        connection.rollback()
    admin.dispose()

    assert (before, after != []) == ([], True)


def test_the_owner_itself_is_found(owner: Engine) -> None:
    with owner.connect() as connection:
        found = roles.excesses(connection)

    assert {"owner of ledger_entry", "delete on ledger_entry", "create in public"} <= set(found)


def test_the_rights_that_were_too_many_are_taken_away(owned: Owned, owner: Engine, app: Engine) -> None:
    with store.writing(owner) as connection:
        connection.exec_driver_sql(f"GRANT ALL ON ledger_entry TO {owned.role}")
        connection.exec_driver_sql("GRANT DELETE ON ledger_entry TO PUBLIC")
        roles.grant(connection, owned.role, store.metadata.tables)

    assert state_of(app, "DELETE FROM ledger_entry") == NOT_ALLOWED


def test_the_owner_is_no_role_for_the_application(owned: Owned, owner: Engine) -> None:
    with pytest.raises(NotProven), store.writing(owner) as connection:
        roles.grant(connection, str(owner.url.username), store.metadata.tables)

    with owner.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM ledger_entry")).scalar() == 0


def test_a_role_that_is_not_there_is_told(owner: Engine) -> None:
    with pytest.raises(Malformed), store.writing(owner) as connection:
        roles.grant(connection, "nobody_of_this_name", store.metadata.tables)


def test_sqlite_has_no_roles(sqlite_engine: Engine) -> None:
    with pytest.raises(Malformed), store.writing(sqlite_engine) as connection:
        roles.grant(connection, "app", store.metadata.tables)

    with sqlite_engine.connect() as connection:
        assert roles.excesses(connection) == []


def test_a_temporary_table_does_not_stand_before_the_logs(engine: Engine) -> None:
    if engine.dialect.name != "postgresql":
        pytest.skip("on SQLite a trigger sees its own database only")
    with store.writing(engine) as connection:
        connection.exec_driver_sql("CREATE TEMPORARY TABLE ledger_entry AS SELECT 6::bigint AS index")

        with pytest.raises(DBAPIError):
            connection.exec_driver_sql(
                "INSERT INTO public.ledger_entry VALUES (7, 'x', decode(repeat('00', 32), 'hex'))"
            )
        connection.rollback()
