"""Accounts: hashed, sealed row by row, and silent about which part of a sign-in was wrong."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import Connection, create_engine, update

from tests.webapp import PASSWORD, add_account
from traceability.errors import Invalid, Problem
from web import accounts
from web.accounts import RowBroken, account_table, check_password, find, set_active, set_password

KEY = bytes(range(32))


@pytest.fixture
def connection() -> Iterator[Connection]:
    engine = create_engine("sqlite://")
    accounts.metadata.create_all(engine)
    with engine.begin() as opened:
        yield opened
    engine.dispose()


def test_an_account_is_found_as_it_was_made(connection: Connection) -> None:
    made = add_account(connection, KEY, "farm", "xiaoman")

    assert find(connection, KEY, "xiaoman") == made


def test_a_password_is_kept_as_its_argon2_hash_only(connection: Connection) -> None:
    made = add_account(connection, KEY, "farm")

    assert (made.password.startswith("$argon2id$"), PASSWORD in made.password) == (True, False)


def test_only_the_right_password_of_an_open_account_will_do(connection: Connection) -> None:
    made = add_account(connection, KEY, "farm")

    answers = [
        check_password(made, PASSWORD),
        check_password(made, PASSWORD + " "),
        check_password(replace(made, active=False), PASSWORD),
        check_password(None, PASSWORD),
        check_password(None, "nobody has this password"),
        check_password(replace(made, password="no hash"), PASSWORD),
    ]

    assert answers == [True, False, False, False, False, False]


def test_a_name_that_nobody_has_costs_a_hash_too(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    class Hasher:
        def hash(self, password: str) -> str:
            return f"hash of {password}"

        def verify(self, known: str, _password: str) -> bool:
            asked.append(known)
            return True

    monkeypatch.setattr(accounts, "hasher", Hasher())
    accounts._nobody.cache_clear()

    answer = check_password(None, "anything")

    accounts._nobody.cache_clear()
    assert (answer, asked) == (False, ["hash of nobody has this password"])


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("party", "other"),
        ("role", "regulator"),
        ("division", "220000"),
        ("language", "en"),
        ("password", accounts.hasher.hash("planted")),
        ("active", False),
        ("mac", bytes(32)),
        ("name", "renamed"),
    ],
    # A hash is another one each time; two processes that share the tests need the same names.
    ids=["party", "role", "division", "language", "password", "active", "mac", "name"],
)
def test_a_row_that_somebody_edited_lets_nobody_in(
    connection: Connection, column: str, value: object
) -> None:
    add_account(connection, KEY, "farm")
    connection.execute(update(account_table).values({column: value}))

    with pytest.raises(RowBroken):
        find(connection, KEY, "renamed" if column == "name" else "farm")


def test_a_changed_account_is_sealed_anew(connection: Connection) -> None:
    made = add_account(connection, KEY, "farm")

    closed = set_active(connection, KEY, made, active=False)
    changed = set_password(connection, KEY, closed, "新米上市 2026 年")

    assert (find(connection, KEY, "farm"), changed.active) == (changed, False)
    assert check_password(replace(changed, active=True), "新米上市 2026 年")


@pytest.mark.parametrize(
    ("password", "codes"),
    [
        ("甲乙丙丁戊己庚辛壬", ["password-short"]),
        ("甲乙丙丁戊己庚辛壬癸", []),
        ("abcdefghij" * 20, []),
        ("abcdefghij" * 20 + "k", ["password-long"]),
        ("1234567890", ["password-common"]),
        ("Password123", ["password-common"]),
        ("abcabcabcabc", ["password-common"]),
        ("my-Xiaoman-2026", ["password-is-name"]),
    ],
)
def test_a_password_has_rules(password: str, codes: list[str]) -> None:
    assert [each.code for each in accounts.password_problems("xiaoman", password)] == codes


@pytest.mark.parametrize("name", ["ab", "a-b-9", "a" * 40])
def test_a_name_of_the_right_form_is_taken(connection: Connection, name: str) -> None:
    assert add_account(connection, KEY, "farm", name).name == name


@pytest.mark.parametrize("name", ["a" * 41, "a", "Ab", "a--b", "-ab", "ab-", "a b", "小满"])
def test_a_name_of_another_form_is_refused(connection: Connection, name: str) -> None:
    with pytest.raises(Invalid) as refused:
        add_account(connection, KEY, "farm", name)

    assert refused.value.problems == (Problem("name", "name-form", (("value", name),)),)


def test_a_name_is_given_once_and_the_transaction_goes_on(connection: Connection) -> None:
    first = add_account(connection, KEY, "farm", "xiaoman")

    with pytest.raises(Invalid) as refused:
        add_account(connection, KEY, "processor", "xiaoman")

    assert (refused.value.problems, find(connection, KEY, "xiaoman")) == (
        (Problem("name", "name-taken"),),
        first,
    )


def test_a_role_and_a_language_that_nobody_knows_are_named(connection: Connection) -> None:
    with pytest.raises(Invalid) as refused:
        accounts.create(
            connection,
            KEY,
            name="xiaoman",
            party="p",
            role="king",  # type: ignore[arg-type]  # what a command line may bring
            division="220283",
            language="fr",
            password=PASSWORD,
        )

    assert [each.code for each in refused.value.problems] == ["role-unknown", "language-unknown"]
