"""A PostgreSQL database from its making to an audit, as its owner and the application do it."""

from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from tests import chains
from tests.engines import Owned
from tests.servers import serving
from tests.terminal import Ran, Terminal

INIT = ("init", "--origin", "test.example/log", "--base-url", "http://127.0.0.1:8000")
PARTY = ("party", "add", "heitu", "--role", "cooperative", "--name", "虚构合作社", "--division", "220182")


def prepare(terminal: Terminal, owned: Owned) -> Ran:
    """Let the owner make the tables and grant the role."""
    return terminal("database", "prepare", "--owner-url", owned.owner_url, "--role", owned.role)


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    return Terminal(tmp_path / "instance")


def test_an_application_that_only_appends_does_everything(
    terminal: Terminal, owned: Owned, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepared = prepare(terminal, owned)
    monkeypatch.setenv("JIZIHAO_DATABASE_URL", owned.app_url)
    chain = chains.write(tmp_path / "chain.json", chains.events())

    codes = [terminal(*command).code for command in (INIT, PARTY, ("import", chain), ("rebuild",))]
    traced = terminal("trace", chains.P1, "--back", "--json")
    with serving(terminal.folder, environ={"JIZIHAO_DATABASE_URL": owned.app_url}) as server:
        ready = server.ask("/readyz").json
        page = server.ask("/log/checkpoint")
    audited = terminal("audit", "--json")

    assert (prepared.code, codes) == (0, [0, 0, 0, 0])
    assert traced.json["lots"] == chains.EXPECTED["trace_back"][chains.P1]
    assert (ready["checks"]["role"], page.status, "Note:" in server.words()) == ("ok", 200, False)
    assert (audited.code, audited.json["sound"]) == (0, True)


def test_the_owner_that_runs_the_application_is_warned(
    terminal: Terminal, owned: Owned, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JIZIHAO_DATABASE_URL", owned.owner_url)
    made = terminal(*INIT)

    with serving(terminal.folder, environ={"JIZIHAO_DATABASE_URL": owned.owner_url}) as server:
        words = server.words()

    assert made.code == 0
    assert "can drop the triggers that guard them" in words


def test_a_database_may_be_prepared_again(terminal: Terminal, owned: Owned) -> None:
    assert [prepare(terminal, owned).code, prepare(terminal, owned).code] == [0, 0]


def test_a_role_without_rights_cannot_begin(
    terminal: Terminal, owned: Owned, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JIZIHAO_DATABASE_URL", owned.app_url)

    ran = terminal(*INIT)

    assert (ran.code, "Traceback" in ran.err) == (2, False)


def test_what_cannot_be_prepared_is_told(terminal: Terminal, owned: Owned, tmp_path: Path) -> None:
    sqlite = f"sqlite:///{tmp_path / 'a.sqlite'}"
    nobody = terminal("database", "prepare", "--owner-url", owned.owner_url, "--role", "nobody_here")
    file = terminal("database", "prepare", "--owner-url", sqlite, "--role", "app")

    assert [nobody.code, file.code] == [2, 2]
    assert "CREATE ROLE nobody_here" in nobody.err
    assert "SQLite has no roles" in file.err


def test_an_owner_is_not_granted_to_itself(terminal: Terminal, owned: Owned) -> None:
    owner = str(make_url(owned.owner_url).username)

    ran = terminal("database", "prepare", "--owner-url", owned.owner_url, "--role", owner)

    assert (ran.code, "owner of ledger_entry" in ran.err) == (2, True)


def test_a_database_that_does_not_answer_is_told(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("psycopg")
    monkeypatch.setenv("JIZIHAO_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nothing")

    ran = terminal(*INIT)

    assert (ran.code, "Traceback" in ran.err, "does not answer" in ran.err) == (2, False, True)
