"""What cannot be rebuilt from the log, row by row under a seal of its own.

    sealed_value    what opens a sealed field, until it is erased
    platform_key    the keys that the platform keeps for those who have none of their own, encrypted

Every row has a MAC under a key outside the database, over the table's name and the row's values, so that
an audit finds a value that was changed behind the application's back.
"""

import hashlib
import hmac
from base64 import b64encode
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    LargeBinary,
    MetaData,
    Select,
    Table,
    Text,
    bindparam,
    delete,
    insert,
    select,
)

from ledger import canonical, dsse
from ledger.canonical import Json
from traceability import tables
from traceability.disclosure import SealedValue
from traceability.lockbox import Lockbox
from traceability.question import Question, insertion

metadata = MetaData()

MAC = "mac"

sealed_value = Table(
    "sealed_value",
    metadata,
    Column("statement_id", Text, primary_key=True),
    Column("pointer", Text, primary_key=True),
    Column("by", Text, nullable=False, index=True),
    Column("salt", LargeBinary, nullable=False),
    Column("value", Text, nullable=False),
    Column(MAC, LargeBinary, nullable=False),
)

platform_key = Table(
    "platform_key",
    metadata,
    Column("key_id", Text, primary_key=True),
    Column("party", Text, nullable=False, index=True),
    Column("seed", LargeBinary, nullable=False),
    Column(MAC, LargeBinary, nullable=False),
)


_OF_PARTY = Question(select(platform_key).where(platform_key.c.party == bindparam("party")))


def sealed_row(key: bytes, table: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the row *values* of *table* with its MAC (HMAC-SHA-256 under *key*, 32 bytes)."""
    return {**values, MAC: row_mac(key, table, values)}


def row_holds(key: bytes, table: str, row: Mapping[str, Any]) -> bool:
    """Tell whether the values of *row* are those that its MAC was made over."""
    values = {name: value for name, value in row.items() if name != MAC}
    return hmac.compare_digest(bytes(row[MAC]), row_mac(key, table, values))


def row_mac(key: bytes, table: str, values: Mapping[str, Any]) -> bytes:
    """Return the MAC of a row: absent values and bytes are spelled so that no two rows share one text."""
    # SQLAlchemy's names are a kind of str of their own.
    spelled = {str(name): _spelled(value) for name, value in values.items() if value is not None}
    return hmac.digest(key, canonical.dumps(["jizihao/kept/v1", str(table), spelled]), hashlib.sha256)


def _spelled(value: Any) -> Json:
    if isinstance(value, bytes | memoryview):
        return {"bytes": b64encode(value).decode()}
    return value if isinstance(value, bool | int) else {"text": b64encode(str(value).encode()).decode()}


class SealedValues:
    """The values behind sealed fields: shown to those they belong to, erasable for good."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def keep(self, connection: Connection, by: str, values: Iterable[SealedValue]) -> None:
        """Store what opens the sealed fields of a statement by *by*."""
        rows = [
            {
                "statement_id": each.statement_id,
                "pointer": each.pointer,
                "by": by,
                "salt": each.salt,
                "value": each.value,
            }
            for each in values
        ]
        if rows:
            sealed = [sealed_row(self._key, "sealed_value", row) for row in rows]
            insertion(sealed_value).write(connection, sealed)

    def of_statement(self, connection: Connection, statement_id: str) -> dict[str, SealedValue]:
        """Return what opens the statement's sealed fields, by pointer; hidden and erased ones are absent."""
        rows = connection.execute(shown().where(sealed_value.c.statement_id == statement_id))
        return {
            row.pointer: SealedValue(statement_id, row.pointer, bytes(row.salt), row.value) for row in rows
        }

    def erase(self, connection: Connection, statement_id: str, pointers: Iterable[str]) -> int:
        """Delete salt and value of these fields together; return how many there were."""
        found = delete(sealed_value).where(
            sealed_value.c.statement_id == statement_id, sealed_value.c.pointer.in_(list(pointers))
        )
        return connection.execute(found).rowcount


def shown() -> Select[Any]:
    """Select the sealed values that nobody asked to hide: hidden ones wait for their retention to end."""
    hidden = (
        select(tables.statement.c.statement_id)
        .join(tables.erasure, tables.erasure.c.target == tables.statement.c.digest)
        .where(
            tables.statement.c.statement_id == sealed_value.c.statement_id,
            tables.erasure.c.field == sealed_value.c.pointer,
        )
    )
    return select(sealed_value).where(~hidden.exists())


class PlatformKeys:
    """The signing keys in the platform's custody (平台代签), encrypted at rest."""

    def __init__(self, key: bytes, lockbox: Lockbox) -> None:
        self._key = key
        self._lockbox = lockbox

    def keep(self, connection: Connection, party: str, key: dsse.AuthorKey, seed: bytes) -> None:
        """Store the seed of *party*'s new key."""
        row = {"key_id": key.id, "party": party, "seed": self._lockbox.lock(seed, key.id.encode())}
        connection.execute(insert(platform_key).values(**sealed_row(self._key, "platform_key", row)))

    def forget(self, connection: Connection, key_id: str) -> None:
        """Delete the seed of a key that has ended: what nobody keeps, nobody can steal."""
        connection.execute(delete(platform_key).where(platform_key.c.key_id == key_id))

    def of_party(self, connection: Connection, party: str) -> list[dsse.AuthorKey]:
        """Return the keys that the platform keeps for *party*; the log says which of them are valid."""
        rows = _OF_PARTY.rows(connection, party=party)
        return [dsse.AuthorKey(self._lockbox.unlock(bytes(row.seed), row.key_id.encode())) for row in rows]
