"""Who may sign in, for which organisation, and how they prove it.

    name      what a person types to sign in          party     the organisation they act for
    role      the organisation's, for the pages        division  where it is (a regulator's own area)
    language  zh or en                                 password  an argon2id hash, never the password
    active    whether they may sign in                 mac       the seal of the row

The table is *kept*: it cannot be rebuilt from the log, so each row bears an HMAC under a key outside the
database, and a row that somebody edited by hand lets nobody in.
"""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from functools import cache
from typing import Any, get_args

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Boolean, Column, Connection, LargeBinary, MetaData, Table, Text, select
from sqlalchemy.exc import IntegrityError

from traceability import kept
from traceability.errors import Invalid, Problem
from traceability.events.registry import Role
from web.language import LANGUAGES

metadata = MetaData()

TABLE = "account"

account_table = Table(
    TABLE,
    metadata,
    Column("name", Text, primary_key=True),
    Column("party", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("division", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("password", Text, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("mac", LargeBinary, nullable=False),
)

NAME = re.compile(r"[a-z0-9](?:-?[a-z0-9]){1,39}")
SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 200
# Guessed first by whoever guesses; each is long enough to pass the length rule.
COMMON = frozenset(
    {
        "0123456789",
        "0987654321",
        "1234567890",
        "1q2w3e4r5t",
        "1qaz2wsx3edc",
        "5201314520",
        "administrator",
        "iloveyou1314",
        "passw0rd123",
        "password123",
        "qwertyuiop",
        "woaini1314520",
    }
)
hasher = PasswordHasher()


class RowBroken(Exception):
    """An account's row does not hold under its seal: somebody changed it outside this program."""


@dataclass(frozen=True, slots=True)
class Account:
    """A person who may sign in for an organisation."""

    name: str
    party: str
    role: Role
    division: str
    language: str
    password: str
    active: bool = True


def create(
    connection: Connection,
    kept_key: bytes,
    *,
    name: str,
    party: str,
    role: Role,
    division: str,
    language: str,
    password: str,
) -> Account:
    """Add an account and return it; raise `Invalid` for a name, role or password that will not do."""
    problems = [*_name_problems(name, role, language), *password_problems(name, password)]
    if problems:
        raise Invalid(*problems)
    made = Account(name, party, role, division, language, hasher.hash(password))
    try:
        with connection.begin_nested():
            connection.execute(account_table.insert().values(**_row(kept_key, made)))
    except IntegrityError:
        raise Invalid(Problem("name", "name-taken")) from None
    return made


def find(connection: Connection, kept_key: bytes, name: str) -> Account | None:
    """Return the account of *name* or None; raise `RowBroken` if its seal does not hold."""
    row = connection.execute(select(account_table).where(account_table.c.name == name)).mappings().first()
    if row is None:
        return None
    if not kept.row_holds(kept_key, TABLE, dict(row)):
        raise RowBroken(name)
    return Account(**{column: value for column, value in row.items() if column != "mac"})


def check_password(account: Account | None, password: str) -> bool:
    """Tell whether *password* is the account's; it takes the same time where there is no account."""
    # The hash of a password that nobody has stands in, so that the clock names no accounts.
    known = account.password if account is not None else _nobody()
    try:
        hasher.verify(known, password[:LONGEST_PASSWORD])
    except (VerificationError, InvalidHashError):
        return False
    return account is not None and account.active


def set_password(connection: Connection, kept_key: bytes, account: Account, password: str) -> Account:
    """Give *account* another password, which ends its sessions; raise `Invalid` if it will not do."""
    problems = password_problems(account.name, password)
    if problems:
        raise Invalid(*problems)
    return _update(connection, kept_key, replace(account, password=hasher.hash(password)))


def set_active(connection: Connection, kept_key: bytes, account: Account, *, active: bool) -> Account:
    """Let *account* sign in, or no longer; its sessions end at once."""
    return _update(connection, kept_key, replace(account, active=active))


def password_problems(name: str, password: str) -> list[Problem]:
    """Return what keeps *password* from being one: too short, too long, common, or the name itself."""
    plain = password.casefold()
    rules = {
        "password-short": len(password) < SHORTEST_PASSWORD,
        "password-long": len(password) > LONGEST_PASSWORD,
        "password-common": plain in COMMON or len(set(plain)) < 4,
        "password-is-name": bool(name) and name in plain,
    }
    return [Problem("password", code) for code, broken in rules.items() if broken]


def _name_problems(name: str, role: str, language: str) -> list[Problem]:
    rules = {
        ("name", "name-form", name): not NAME.fullmatch(name) or len(name) > 40,
        ("role", "role-unknown", role): role not in get_args(Role),
        ("language", "language-unknown", language): language not in LANGUAGES,
    }
    broken = [each for each, is_broken in rules.items() if is_broken]
    return [Problem(where, code, (("value", value),)) for where, code, value in broken]


def _update(connection: Connection, kept_key: bytes, account: Account) -> Account:
    row = _row(kept_key, account)
    connection.execute(account_table.update().where(account_table.c.name == account.name).values(**row))
    return account


def _row(kept_key: bytes, account: Account) -> Mapping[str, Any]:
    return kept.sealed_row(kept_key, TABLE, asdict(account))


@cache
def _nobody() -> str:
    return hasher.hash("nobody has this password")
