"""An instance, its organisations and its accounts."""

import io
import stat
from pathlib import Path

import pytest

from ledger import store
from tests.terminal import Terminal
from web import accounts
from web.settings import Settings

PASSWORD = "稻花香里说丰年 2026"


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    return Terminal.of_new(tmp_path / "instance")


def register(terminal: Terminal, party: str = "heitu") -> int:
    """Register a cooperative and return the exit code."""
    told = ("--role", "cooperative", "--name", "虚构合作社", "--division", "220182")
    return terminal("party", "add", party, *told).code


def test_nobody_else_can_read_the_secrets(terminal: Terminal) -> None:
    modes = {stat.S_IMODE(path.stat().st_mode) for path in (terminal.folder / "secrets").iterdir()}

    assert modes == {0o600}


def test_an_init_that_was_cut_short_is_finished_by_the_same_words_alone(tmp_path: Path) -> None:
    Settings.init(tmp_path / "instance", "a.example/log", "http://127.0.0.1:8000")
    terminal = Terminal(tmp_path / "instance")

    other = terminal("init", "--origin", "b.example/log", "--base-url", "http://127.0.0.1:8000")
    same = terminal("init", "--origin", "a.example/log", "--base-url", "http://127.0.0.1:8000")
    again = terminal("init", "--origin", "a.example/log", "--base-url", "http://127.0.0.1:8000")

    assert (other.code, same.code, again.code) == (2, 0, 2)


def test_an_instance_is_never_made_over_another(terminal: Terminal) -> None:
    before = (terminal.folder / "secrets" / "log-key").read_bytes()

    ran = terminal("init", "--origin", "other.example/log", "--base-url", "http://127.0.0.1:8000")

    assert ran.code == 2
    assert (terminal.folder / "secrets" / "log-key").read_bytes() == before


@pytest.mark.parametrize(
    ("origin", "base_url"),
    [
        ("https://a.example", "http://127.0.0.1"),
        ("a b", "http://127.0.0.1"),
        ("", "http://127.0.0.1"),
        ("a.example", "127.0.0.1"),
        ("a.example", "ftp://a.example"),
        ("a.example", "http://"),
        ("a.example", "http://a.example:99999"),
    ],
)
def test_an_origin_or_address_that_is_none_is_code_2(origin: str, base_url: str, tmp_path: Path) -> None:
    ran = Terminal(tmp_path / "instance")("init", "--origin", origin, "--base-url", base_url)

    assert ran.code == 2
    assert not (tmp_path / "instance").exists()


def test_a_party_is_registered_once(terminal: Terminal) -> None:
    assert register(terminal) == 0
    before = terminal.size

    assert register(terminal) == 1
    assert terminal.size == before
    assert terminal("audit").code == 0


@pytest.mark.parametrize("party", ["Heitu", "hei tu", "-heitu", "", "x" * 31, "黑土"])
def test_a_party_has_a_plain_id(party: str, terminal: Terminal) -> None:
    before = terminal.size

    assert register(terminal, party) in {1, 2}
    assert terminal.size == before


def test_an_account_is_opened_with_a_password_from_standard_input(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    register(terminal)
    monkeypatch.setattr("sys.stdin", io.StringIO(PASSWORD + "\n"))

    ran = terminal("user", "add", "heitu-li", "--party", "heitu", "--password-stdin")

    assert (ran.code, PASSWORD in ran.err + ran.out) == (0, False)
    settings = Settings.load(terminal.folder, {})
    engine = store.engine_for(settings.database_url)
    try:
        with engine.connect() as connection:
            account = accounts.find(connection, settings.kept_key, "heitu-li")
    finally:
        engine.dispose()
    assert account is not None
    assert (account.party, account.role, account.division) == ("heitu", "cooperative", "220182")
    assert accounts.check_password(account, PASSWORD)


@pytest.mark.parametrize("password", ["", "short", "1234567890", "heitu-li heitu-li"])
def test_a_password_that_will_not_do_opens_no_account(
    password: str, terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    register(terminal)
    monkeypatch.setattr("sys.stdin", io.StringIO(password + "\n"))

    ran = terminal("user", "add", "heitu-li", "--party", "heitu", "--password-stdin")

    assert ran.code == 2
    assert "password" in ran.err


def test_an_account_is_for_a_registered_party(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(PASSWORD + "\n"))

    assert terminal("user", "add", "somebody", "--party", "nobody", "--password-stdin").code == 1
