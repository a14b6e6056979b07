"""Every derived table, with the rows of an invented year: made again from the entries, and no edit unseen."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Connection, Table, create_engine, event, select, text
from sqlalchemy.pool import StaticPool

from traceability import schema, tables
from traceability.events import KINDS
from traceability.kept import sealed_value
from traceability.limits import shipped_rules
from traceability.reading import stored_entry
from traceability.replay import difference, rebuild
from web import demo
from web.clock import SeasonClock
from web.database import Services, init_instance, open_services
from web.settings import Settings

ELSEWHERE = {"draw_made", "drawn"}
"""What a draw gives depends on the root of the year's own log; test_draws_told has one."""

EVERY = [table for table in tables.metadata.sorted_tables if table.name not in ELSEWHERE]
REAL = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """Yield an instance that the demo season was told to."""
    folder = tmp_path_factory.mktemp("year")
    settings = Settings.init(folder, "test.example/year", "http://127.0.0.1:8000", {})
    clock = SeasonClock(lambda: REAL)
    clock.set_to(demo.begins())
    init_instance(settings, operator_name="虚构平台", now=clock)
    services = open_services(settings, now=clock)
    demo.load(services, lambda _done, _total: None)
    _tell_the_rest(services)
    yield services
    services.close()


def _tell_the_rest(services: Services) -> None:
    """Tell what no season has: the same rules once more, a partner's event and its end, a value hidden."""
    at = services.clock().isoformat()

    def say(by: str, kind: str, source: str = "own", **told: Any) -> None:
        services.journal.record(by, schema.load(kind, {"at": at, **told}), source=source)

    rules = shipped_rules()
    files = [{"name": name, "sha256": sha256} for name, sha256 in rules.files.items()]
    say("operator", "rules-adopted", version=rules.version, digest=rules.digest, files=files)
    claim = {"document": "{}", "event_id": "urn:uuid:1", "type": "ObjectEvent", "action": "ADD"}
    say("operator", "partner-claimed", "partner", position=0, objects=[{"uri": "urn:x:1"}], **claim)
    error = {"at": at, "reason": "incorrect_data"}
    say("operator", "partner-claimed", "partner", position=1, error=error, **claim)
    with services.reading() as reader:
        value = reader.connection.execute(select(sealed_value).limit(1)).one()
        named = tables.statement.c.statement_id == value.statement_id
        target = reader.connection.execute(select(tables.statement.c.digest).where(named)).scalar_one()
    say(value.by, "erased", target=target, fields=[value.pointer], done="hidden", cause="order")


@pytest.fixture(scope="module")
def live(year: Services) -> Iterator[Connection]:
    with year.engine.connect() as connection:
        yield connection


@pytest.fixture(scope="module")
def again(year: Services, live: Connection) -> Iterator[Connection]:
    """Yield a second database with the derived tables, made from the entries alone."""
    engine = create_engine("sqlite://", poolclass=StaticPool)
    event.listen(engine, "connect", lambda raw, _record: setattr(raw, "isolation_level", None))
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    tables.metadata.create_all(engine)
    entries = [each.entry for each in year.log.entries(0, year.log.size())]
    with engine.connect() as connection:
        rebuild(connection, entries, lambda _, index: stored_entry(live, index))
        yield connection
    engine.dispose()


def test_the_year_tells_every_kind_of_event(live: Connection) -> None:
    told = set(live.execute(select(tables.statement.c.effective_kind).distinct()).scalars())

    # A correction counts as what it puts in place.
    assert set(KINDS) - told == {"corrected", "draw-made"}


@pytest.mark.parametrize("table", EVERY, ids=lambda table: table.name)
def test_the_table_has_rows(live: Connection, table: Table) -> None:
    assert live.execute(select(table).limit(1)).first() is not None


@pytest.mark.parametrize("table", EVERY, ids=lambda table: table.name)
def test_the_entries_give_the_same_rows(live: Connection, again: Connection, table: Table) -> None:
    assert difference(live, again, table) is None


@pytest.mark.parametrize("table", EVERY, ids=lambda table: table.name)
def test_a_row_too_few_is_named_on_either_side(live: Connection, again: Connection, table: Table) -> None:
    with again.begin_nested() as change:
        again.execute(text(f"DELETE FROM {table.name} WHERE rowid = (SELECT max(rowid) FROM {table.name})"))
        found = [difference(live, again, table), difference(again, live, table)]
        change.rollback()

    assert [each and (each.what, each.where.split()[0]) for each in found] == [
        ("row-differs", table.name)
    ] * 2


@pytest.mark.parametrize("table", EVERY, ids=lambda table: table.name)
def test_a_changed_value_in_any_column_is_named(live: Connection, again: Connection, table: Table) -> None:
    unseen = [column.name for column in table.columns if not _seen(live, again, table, column.name)]

    assert unseen == []


def _seen(live: Connection, again: Connection, table: Table, column: str) -> bool:
    """Tell whether an edit of the last row's value is found."""
    with again.begin_nested() as change:
        order = f'ORDER BY "{column}" IS NULL, rowid DESC LIMIT 1'
        row = again.execute(text(f'SELECT rowid, "{column}" FROM {table.name} {order}')).one()
        again.execute(
            text(f'UPDATE {table.name} SET "{column}" = :bent WHERE rowid = :row'),
            {"bent": bent(row[1]), "row": row[0]},
        )
        found = difference(live, again, table)
        change.rollback()
    return found is not None


def bent(value: Any) -> Any:
    """Return a value of the same kind that is another one."""
    match value:
        case bytes():
            return bytes([value[0] ^ 1]) + value[1:]
        case int():
            return value + 100_000
        case None:
            return 0
        case _:
            return f"{value}x"
