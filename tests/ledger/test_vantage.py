import pickle

from sqlalchemy import Engine, text

from ledger import store
from ledger.vantage import Vantage


def count(view_rows: list[tuple[int, ...]]) -> int:
    return view_rows[0][0]


COUNT = "SELECT count(*) FROM ledger_entry"
ADD = 'INSERT INTO ledger_entry ("index", bytes, leaf) VALUES (0, :spelt, :leaf)'


def test_a_vantage_that_has_travelled_sees_the_database_and_cannot_change_it(engine: Engine) -> None:
    with store.snapshot(engine) as connection:
        vantage: Vantage = pickle.loads(pickle.dumps(Vantage.of(connection)))  # noqa: S301 -- our own

        with vantage.opened() as view:
            refused = False
            try:
                view.rows("DELETE FROM ledger_head")
            except Exception as error:
                refused = "read" in str(error)

    assert refused


def test_on_postgresql_everybody_sees_the_moment_of_the_first(postgresql_url: str) -> None:
    engine = store.engine_for(postgresql_url)
    try:
        with engine.begin() as connection:
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
        store.create(engine)
        with store.snapshot(engine) as connection:
            vantage = Vantage.of(connection)
            with store.writing(engine) as other:
                other.execute(text(ADD), {"spelt": b"{}", "leaf": bytes(32)})

            with vantage.opened() as view:
                before = count(view.rows(COUNT))
        with store.snapshot(engine) as connection, Vantage.of(connection).opened() as view:
            after = count(view.rows(COUNT))
    finally:
        engine.dispose()

    assert (before, after) == (0, 1)


def test_a_view_stands_still_while_the_log_goes_on(sqlite_engine: Engine) -> None:
    with store.snapshot(sqlite_engine) as connection:
        vantage = Vantage.of(connection)
    with vantage.opened() as view:
        with store.writing(sqlite_engine) as other:
            other.execute(text(ADD), {"spelt": b"{}", "leaf": bytes(32)})

        assert count(view.rows(COUNT)) == 0

    with vantage.opened() as view:
        assert count(view.rows(COUNT)) == 1


def test_text_that_is_no_text_is_read_in_a_legible_form(sqlite_engine: Engine) -> None:
    with store.snapshot(sqlite_engine) as connection:
        vantage = Vantage.of(connection)

    with vantage.opened() as view:
        assert view.row("SELECT CAST(X'61ff' AS TEXT)") == ("a\\xff",)
