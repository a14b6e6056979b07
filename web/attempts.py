"""How often somebody failed of late, counted in the database, so that every worker process knows.

    key      HMAC of whose failures they are and of the limit: no name and no address is kept
    count    how many there were since the first of them
    until    when they are forgotten, in seconds of Unix time
    mac      the seal of the row

The limits themselves are Flask-Limiter's, whose own memory is that of one process; this stands in its place.
The table is *kept*: it cannot be rebuilt from the log.
"""

import hashlib
import hmac
import time
from collections.abc import Callable
from typing import Any, Protocol

from limits.storage import Storage
from sqlalchemy import BigInteger, Column, Connection, Engine, Integer, LargeBinary, Table, Text, select
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from ledger import store
from traceability import kept
from web.accounts import metadata

SCHEME = "jizihao"

attempt = Table(
    "sign_in_attempt",
    metadata,
    Column("key", Text, primary_key=True),
    Column("count", Integer, nullable=False),
    Column("until", BigInteger().with_variant(Integer(), "sqlite"), nullable=False, index=True),
    Column("mac", LargeBinary, nullable=False),
)


class Shared(Protocol):
    """Where the counts are kept, and under which seal."""

    @property
    def engine(self) -> Engine:
        """The database."""

    @property
    def kept_key(self) -> bytes:
        """The key of the seals."""


class Attempts(Storage):
    """What Flask-Limiter asks of a storage; *shared* gives the database of the running application."""

    STORAGE_SCHEME = [SCHEME]  # noqa: RUF012 -- so the class that we implement has it

    def __init__(self, uri: str | None = None, *, shared: Callable[[], Shared], **options: Any) -> None:
        super().__init__(uri, **options)
        self._shared = shared

    @property
    def base_exceptions(self) -> type[Exception]:
        """Return what may go wrong below."""
        return SQLAlchemyError

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count *amount* more failures of *key*, forgotten *expiry* seconds after the first; return all."""
        shared, named = self._shared(), self._named(key)
        while True:
            now = int(time.time())
            try:
                with store.writing(shared.engine) as connection:
                    connection.execute(attempt.delete().where(attempt.c.until <= now))
                    found = _counted(connection, shared.kept_key, named, until=now + expiry, amount=amount)
            except IntegrityError:
                continue  # another process counted the first of them at the same moment: count on from there
            if found is not None:
                return found

    def get(self, key: str) -> int:
        """Return how many failures of *key* are remembered."""
        row = self._row(key)
        return 0 if row is None else int(row.count)

    def get_expiry(self, key: str) -> float:
        """Return when those of *key* are forgotten, in seconds of Unix time."""
        row = self._row(key)
        return time.time() if row is None else float(row.until)

    def check(self) -> bool:
        """Say whether the database answers."""
        try:
            self.get("")
        except SQLAlchemyError:
            return False
        return True

    def reset(self) -> int:
        """Forget everything; return how much there was."""
        with store.writing(self._shared().engine) as connection:
            return connection.execute(attempt.delete()).rowcount

    def clear(self, key: str) -> None:
        """Forget the failures of *key*."""
        with store.writing(self._shared().engine) as connection:
            connection.execute(attempt.delete().where(attempt.c.key == self._named(key)))

    def _row(self, key: str) -> Any:
        alive = (attempt.c.key == self._named(key)) & (attempt.c.until > time.time())
        with store.snapshot(self._shared().engine) as connection:
            return connection.execute(
                select(attempt.c["count"].label("count"), attempt.c.until).where(alive)
            ).first()

    def _named(self, key: str) -> str:
        return hmac.new(
            self._shared().kept_key, f"jizihao/attempt/v1 {key}".encode(), hashlib.sha256
        ).hexdigest()


def _counted(connection: Connection, kept_key: bytes, named: str, *, until: int, amount: int) -> int | None:
    """Add *amount* to the count of *named* and return it; None where somebody else did so meanwhile."""
    before = connection.execute(select(attempt).where(attempt.c.key == named)).mappings().first()
    if before is None:
        first = {"key": named, "count": amount, "until": until}
        connection.execute(attempt.insert().values(kept.sealed_row(kept_key, attempt.name, first)))
        return amount
    # The time runs from the first of them: whoever goes on guessing is not locked out for longer.
    more = {"key": named, "count": before["count"] + amount, "until": before["until"]}
    still = (attempt.c.key == named) & (attempt.c.mac == before["mac"])
    row = kept.sealed_row(kept_key, attempt.name, more)
    return more["count"] if connection.execute(attempt.update().where(still).values(row)).rowcount else None
