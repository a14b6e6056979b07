"""The audit finds an edit of any byte, and names it."""

import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import select

from ledger import store
from ledger.canonical import instant_of
from ledger.checkpoint import Checkpoint
from ledger.entry import Entry
from ledger.errors import Unsafe
from tests import world
from traceability import audit, kept
from traceability.audit import Report
from traceability.lockbox import Lockbox
from traceability.statement import Statement, sign
from web import accounts, attempts, database, once, reports
from web.database import Services
from web.scan_counts import ScanCounter
from web.settings import Settings

EMPTY = {"ledger_tile", "ledger_cosignature"}
"""Tables that a log of this size does not fill; ledger/test_fsck has a larger one."""


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a closed instance with a row in each table."""
    folder = tmp_path_factory.mktemp("sound")
    with world.opened(folder) as made:
        world.everything(made)
        services = made.services
        with services.engine.begin() as connection:
            accounts.create(
                connection,
                services.kept_key,
                name="wang",
                party="heitu",
                role="cooperative",
                division="220182",
                language="zh",
                password="correct horse battery",
            )
        asked = once.asked(
            services.settings.mac_key, party="heitu", method="POST", route="/", key="1", body={}
        )
        once.Once(services.engine, services.kept_key, made.clock).run(asked, lambda: once.Done(201, ("00",)))
        attempts.Attempts(shared=lambda: services).incr("wang", 10**9)
        with store.writing(services.engine) as connection:
            reports.keep_rating(
                connection, services.kept_key, lot=world.RICE_LOT, score=5, day=made.clock().date()
            )
        counter = ScanCounter()
        counter.seen(world.RICE_LOT, 0, made.clock(), visitor=b"shopper")
        counter.flush(services.engine, services.kept_key)
    return folder / "instance"


def copied(instance: Path, folder: Path) -> Path:
    """Return a copy of an instance that may be tampered with."""
    copy = folder / "instance"
    shutil.copytree(instance, copy)
    return copy


def audited(instance: Path, since: Checkpoint | None = None) -> Report:
    """Return what the audit says of an instance, without the check at the start."""
    with database.auditing(Settings.load(instance, {}), since=since) as subject:
        return audit.audit(subject)


def tampered(instance: Path, edit: str | Callable[[sqlite3.Connection], None]) -> None:
    """Edit the database file as somebody with a shell would: the guards are dropped and put back."""
    with closing(sqlite3.connect(instance / "jizihao.sqlite3", isolation_level=None)) as connection:
        guards = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in guards:
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute("PRAGMA foreign_keys = OFF")
        if isinstance(edit, str):
            connection.execute(edit)
        else:
            edit(connection)
        for _, sql in guards:
            connection.execute(sql)


def every_column() -> Iterator[tuple[str, str]]:
    """Yield each column of each table that an instance has."""
    for metadata in (database.LOG_TABLES, database.DERIVED_TABLES, *database.KEPT_TABLES):
        for table in metadata.sorted_tables:
            for column in table.columns:
                yield table.name, column.name


def test_a_sound_instance_is_sound(sound: Path) -> None:
    report = audited(sound)

    assert report.findings == []
    assert report.trusted_from == "instance"
    assert set(report.checked) == {"entries", "statements", "derived_tables", "sealed_fields", "kept_rows"}


def test_every_table_belongs_to_one_class_and_has_rows(sound: Path) -> None:
    derived = {table.name for table in database.DERIVED_TABLES.sorted_tables}
    with closing(sqlite3.connect(sound / "jizihao.sqlite3")) as connection:
        names = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        others = names - derived
        empty = {name for name in others if not connection.execute(f'SELECT 1 FROM "{name}"').fetchone()}

    assert names == {table for table, _ in every_column()}
    assert empty == EMPTY


def the_columns_of_each_class() -> Iterator[tuple[str, str]]:
    """Yield each column of the log and of the kept tables, and of one of the derived (see test_every_row)."""
    derived = {table.name for table in database.DERIVED_TABLES.sorted_tables} - {"statement"}
    return (each for each in every_column() if each[0] not in EMPTY | derived)


@pytest.mark.parametrize(("table", "column"), list(the_columns_of_each_class()), ids=str)
def test_a_changed_value_is_found_and_named(sound: Path, tmp_path: Path, table: str, column: str) -> None:
    instance = copied(sound, tmp_path)
    refused = False

    def change(connection: sqlite3.Connection) -> None:
        nonlocal refused
        row, value = connection.execute(
            f'SELECT rowid, "{column}" FROM "{table}" ORDER BY "{column}" IS NULL, rowid DESC LIMIT 1'
        ).fetchone()
        try:
            connection.execute(f'UPDATE "{table}" SET "{column}" = ? WHERE rowid = ?', (bent(value), row))
        except sqlite3.IntegrityError:
            refused = True  # the table itself allows no other value: ledger_head.id

    tampered(instance, change)
    report = audited(instance)

    assert refused == ((table, column) == ("ledger_head", "id"))
    assert refused or any(finding.where.startswith(table) for finding in report.findings)


def bent(value: object) -> object:
    """Return a value of the same kind that is another one."""
    match value:
        case bytes():
            return bytes([value[0] ^ 1]) + value[1:]
        case 0 | 1:
            return 1 - value
        case int():
            return value + 1000
        case None:
            return 0
        case _:
            return f"{value}x"


@pytest.mark.parametrize("many", [1, 5])
def test_the_last_entries_cannot_be_deleted(sound: Path, tmp_path: Path, many: int) -> None:
    instance = copied(sound, tmp_path)
    size = audited(instance).size

    tampered(instance, f'DELETE FROM ledger_entry WHERE "index" >= {size - many}')
    report = audited(instance)

    assert report.findings[0].what == "entries-missing"
    assert report.findings[0].index == size - many
    with pytest.raises(Unsafe):
        database.open_services(Settings.load(instance, {}))


def test_an_edited_entry_is_named(sound: Path, tmp_path: Path) -> None:
    instance = copied(sound, tmp_path)

    other = """CAST(replace(CAST(bytes AS TEXT), '"kg":"5000"', '"kg":"9000"') AS BLOB)"""
    tampered(instance, f'UPDATE ledger_entry SET bytes = {other} WHERE "index" = 21')
    report = audited(instance)

    assert (report.findings[0].what, report.findings[0].where, report.findings[0].index) == (
        "entry-altered",
        "ledger_entry index=21",
        21,
    )


def test_an_older_database_is_refused_at_the_start(sound: Path, tmp_path: Path) -> None:
    instance = copied(sound, tmp_path)
    older = (instance / "jizihao.sqlite3").read_bytes()
    services = database.open_services(Settings.load(instance, {}))
    services.log.publish()
    member = world.World(services, world.SetClock(services.clock()))
    member.say("heitu", "input-bought", name="新买的肥", category="fertiliser", amount="1", unit="kg")
    services.close()

    for name in ("jizihao.sqlite3-wal", "jizihao.sqlite3-shm"):
        (instance / name).unlink(missing_ok=True)
    (instance / "jizihao.sqlite3").write_bytes(older)

    with pytest.raises(Unsafe, match="high-water"):
        database.open_services(Settings.load(instance, {}))


def test_a_log_rewritten_with_its_own_key_is_found_with_a_kept_checkpoint(
    sound: Path, tmp_path: Path
) -> None:
    """Whoever holds the instance can tell the whole story anew; only what was kept elsewhere shows it."""
    kept_note = _checkpoint(sound)
    forged = tmp_path / "forged"
    shutil.copytree(sound, forged)
    (forged / "jizihao.sqlite3").unlink()
    (forged / "high-water").unlink()
    rewritten(sound, forged)

    alone, against = audited(forged), audited(forged, since=kept_note)

    assert alone.findings == []
    assert {finding.what for finding in against.findings} == {"not-an-extension"}
    assert against.trusted_from == "policy"


def _checkpoint(instance: Path) -> Checkpoint:
    services = database.open_services(Settings.load(instance, {}))
    try:
        return services.log.head()[0]
    finally:
        services.close()


def rewritten(sound: Path, forged: Path) -> None:
    """Fill the empty instance *forged* with the entries of *sound*, but with a better test result.

    Everything is signed again with the instance's own keys; sealed values, keys and times are the old ones.
    """
    old = database.open_services(Settings.load(sound, {}))
    clock = world.SetClock(old.clock())
    settings = Settings.load(forged, {})
    engine = store.engine_for(settings.database_url)
    database.create_tables(engine)
    engine.dispose()
    new = database.open_services(settings, now=clock)
    try:
        for index in range(old.log.size()):
            entry = old.log.entry(index).entry
            clock.now = instant_of(entry.at)
            again(old, new, entry)
        new.log.publish()
    finally:
        old.close()
        new.close()


def again(old: Services, new: Services, entry: Entry) -> None:
    """Enter the record of *entry* once more, links and signatures made afresh."""
    record = entry.record
    if record["kind"] == "log-opened":
        new.journal.open(record["opening"])
    elif record["kind"] == "key":
        new.journal.register_key(record, seed_of(old, record["grant"]["party"]))
    else:
        body = json.loads(json.dumps(record["statement"]).replace('"0.05"', '"0.01"'))
        statement = Statement.parse(body)
        with old.reading() as reader:
            opened = old.sealed.of_statement(reader.connection, statement.id)
        signed = sign(statement, new.journal.platform_key(statement.by), opened=tuple(opened.values()))
        new.journal.submit(signed, source=record["ruling"]["source"]).result()


def seed_of(services: Services, party: str) -> bytes:
    """Return the seed of a party's key, as the platform keeps it."""
    with services.reading() as reader:
        row = reader.connection.execute(
            select(kept.platform_key).where(kept.platform_key.c.party == party)
        ).one()
    return Lockbox(services.settings.platform_key).unlock(bytes(row.seed), row.key_id.encode())


def test_a_sealed_value_that_is_gone_without_an_erasure_is_found(sound: Path, tmp_path: Path) -> None:
    instance = copied(sound, tmp_path)

    tampered(instance, "DELETE FROM sealed_value WHERE pointer = '/label_photo'")
    report = audited(instance)

    assert {finding.what for finding in report.findings} == {"sealed-value-missing"}


def test_a_guard_that_is_gone_is_found_and_the_rest_is_checked_all_the_same(
    sound: Path, tmp_path: Path
) -> None:
    instance = copied(sound, tmp_path)

    with closing(sqlite3.connect(instance / "jizihao.sqlite3", isolation_level=None)) as connection:
        connection.execute("DROP TRIGGER ledger_entry_update")
    report = audited(instance)

    assert [(finding.what, finding.where) for finding in report.findings] == [
        ("guard-missing", "trigger ledger_entry_update")
    ]
    assert "statements" in report.checked


@pytest.mark.parametrize(
    "edit",
    [
        "UPDATE lot SET by_product = 2 WHERE by_product = 1",
        "UPDATE product SET name = CAST(name AS BLOB)",
        "UPDATE product SET name = CAST(X'fffe' AS TEXT)",
        "UPDATE account SET name = CAST(X'fffe' AS TEXT)",
        "UPDATE sealed_value SET value = CAST(X'fffe' AS TEXT)",
    ],
)
def test_a_value_of_another_kind_is_found_and_does_not_end_the_audit(
    sound: Path, tmp_path: Path, edit: str
) -> None:
    instance = copied(sound, tmp_path)

    tampered(instance, edit)
    report = audited(instance)

    assert not report.sound
    assert {finding.where.split()[0] for finding in report.findings} == {edit.split()[1]}
