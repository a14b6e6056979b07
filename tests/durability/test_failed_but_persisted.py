"""What a failure at the commit leaves: what its caller is told, what is stored, what asking again answers.

The same table stands in docs/operations.md.
"""

import re
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, text

from ledger import store
from ledger.highwater import FileHighWater
from ledger.note import Note
from tests import world
from tests.documents import DOCS
from tests.durability.proxy import Moment, Wire, wire_to
from tests.world import World
from traceability import schema
from traceability.statement import Signed
from web.database import HIGH_WATER, Services, open_services
from web.settings import Settings

MANY = 12
Failure = Callable[[Services], AbstractContextManager[None]]


@dataclass(frozen=True)
class Outcome:
    """What came of a statement: the error its caller saw, and whether it stands in the log all the same."""

    error: str
    is_stored: bool


def bought(made: World) -> list[Signed]:
    """Return purchases that stand or fall together, too many for the pages that the database has."""
    told = {"category": "fertiliser", "amount": "50", "unit": "kg", "dealer": "虚构农资店"}
    at = made.clock().isoformat()
    events = [schema.load("input-bought", {"at": at, "name": f"虚构尿素 {n}", **told}) for n in range(MANY)]
    return list(made.services.journal.stated("heitu", *events))


@contextmanager
def full_disk(services: Services) -> Iterator[None]:
    """Let SQLite find no page more."""
    set_pragma(services, "max_page_count", "page_count")
    yield


@contextmanager
def locked(services: Services) -> Iterator[None]:
    """Let somebody else hold the database for longer than anybody waits."""
    set_pragma(services, "busy_timeout", "50")
    other = sqlite3.connect(str(services.engine.url.database), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.close()


def set_pragma(services: Services, name: str, value: str) -> None:
    """Set a pragma on every connection that is opened from now on; *value* may name another one."""

    def prepare(raw: Any, _record: object) -> None:
        number = raw.execute(f"PRAGMA {value}").fetchone()[0] if value.isidentifier() else value
        raw.execute(f"PRAGMA {name} = {number}").fetchone()

    services.engine.dispose()
    event.listen(services.engine, "connect", prepare)


@contextmanager
def answer_lost(services: Services) -> Iterator[None]:
    """Let the commit take effect, and its caller hear of an error."""
    dialect, commit = services.engine.dialect, services.engine.dialect.do_commit

    def fail(raw: Any) -> None:
        commit(raw)
        dialect.do_commit = commit  # type: ignore[method-assign]  # the edge of the world, put back
        raise sqlite3.OperationalError("disk I/O error")

    dialect.do_commit = fail  # type: ignore[assignment, method-assign]  # as above
    yield


@contextmanager
def mark_fails(services: Services) -> Iterator[None]:
    """Let the disk of the high-water mark be full."""
    mark = services.log.high_water
    raise_to = mark.raise_to

    def fail(_: Note) -> None:
        raise OSError(28, "No space left on device")

    mark.raise_to = fail  # type: ignore[assignment, method-assign]  # as above
    try:
        yield
    finally:
        mark.raise_to = raise_to  # type: ignore[method-assign]  # as above


ON_SQLITE: dict[str, tuple[Failure, Outcome]] = {
    "disk full": (full_disk, Outcome("OperationalError", is_stored=False)),
    "database locked": (locked, Outcome("Busy", is_stored=False)),
    "commit took effect, its answer was lost": (answer_lost, Outcome("OperationalError", is_stored=True)),
    "mark not raised": (mark_fails, Outcome("Unsafe", is_stored=True)),
}
ON_POSTGRESQL: dict[str, tuple[Moment, Outcome]] = {
    "cut before COMMIT arrived": ("before", Outcome("Unreachable", is_stored=False)),
    "cut after COMMIT took effect": ("after", Outcome("Unreachable", is_stored=True)),
}


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Signed]]:
    folder = tmp_path_factory.mktemp("failing")
    with world.opened(folder) as made:
        signed = bought(made)
    return folder / "instance", signed


@pytest.mark.parametrize("case", ON_SQLITE)
def test_a_failed_commit_on_sqlite(case: str, base: tuple[Path, list[Signed]], tmp_path: Path) -> None:
    failure, expected = ON_SQLITE[case]
    settings = Settings.load(Path(shutil.copytree(base[0], tmp_path / "instance")), {})

    found = outcome_of(settings, base[1], failure)

    assert found == expected


@pytest.mark.parametrize("case", ON_POSTGRESQL)
def test_a_connection_that_is_lost_at_the_commit(case: str, tmp_path: Path, postgresql_url: str) -> None:
    moment, expected = ON_POSTGRESQL[case]
    emptied(postgresql_url)
    with wire_to(postgresql_url) as (wire, url):
        with world.opened(tmp_path, url=url) as made:
            signed = bought(made)

        found = outcome_of(
            Settings.load(tmp_path / "instance", {"JIZIHAO_DATABASE_URL": url}),
            signed,
            lambda _: cutting(wire, moment),
        )

    assert found == expected


def emptied(url: str) -> None:
    engine = store.engine_for(url)
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    engine.dispose()


@contextmanager
def cutting(wire: Wire, moment: Moment) -> Iterator[None]:
    wire.cut = moment
    yield


def outcome_of(settings: Settings, signed: list[Signed], failure: Failure) -> Outcome:
    """Let *failure* meet the statements; open the instance again, and send them again."""
    services = open_services(settings)
    before = services.log.size()
    try:
        with failure(services):
            error = services.journal.submit(*signed).exception()
    finally:
        services.close()
    # The next start finds whatever is there, and the mark catches up with it.
    services = open_services(settings)
    try:
        after = services.log.size()
        assert FileHighWater(settings.instance / HIGH_WATER).read() == services.log.head()[1]
        again = services.journal.submit(*signed).result().value
        assert [each.index for each in again] == [*range(before, before + MANY)]
        assert {each.was_known for each in again} == {after > before}
        assert services.log.size() == before + MANY
    finally:
        services.close()
    return Outcome(type(error).__name__, is_stored=after > before)


def test_the_table_for_operators_says_the_same() -> None:
    operations = (DOCS / "operations.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([^|]+) \| `(\w+)`[^|]* \| (yes|no) \|", operations, re.MULTILINE)

    told = {case: Outcome(error, is_stored=stored == "yes") for case, error, stored in rows}

    assert told == {case: outcome for case, (_, outcome) in {**ON_SQLITE, **ON_POSTGRESQL}.items()}
