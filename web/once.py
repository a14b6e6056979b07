"""A program that asks twice gets one answer: what was done under an `Idempotency-Key` is not done again.

    party, method, route, key    whose request it is; one key serves one body
    body                         HMAC-SHA256 of the canonical body: a digest alone could be guessed
    status                       what was answered, 0 while the work is under way
    digests                      what was recorded; the answer itself is made afresh, and its proofs with it
    at                           when the request came; after thirty days the row goes
    mac                          the seal of the row

    claim the key ─ do the work ─ remember ─ answer          a refusal gives the key back: it may be mended

A crash between the work and the remembering leaves a claim. It lapses after a minute, and whoever asks again
does the work under the same statement id (`statement_id`), which the log itself lets in only once.

The table is *kept*: it cannot be rebuilt from the log.
"""

import hashlib
import hmac
import json
import re
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, Connection, Engine, Integer, LargeBinary, MetaData, Table, Text, select
from sqlalchemy.exc import IntegrityError

from ledger import store
from ledger.canonical import instant_of, instant_text
from ledger.errors import Conflict, Unsafe
from traceability import kept
from traceability.epcis import strictjson
from traceability.errors import Invalid, Problem

metadata = MetaData()

http_once = Table(
    "http_once",
    metadata,
    Column("party", Text, primary_key=True),
    Column("method", Text, primary_key=True),
    Column("route", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("body", LargeBinary, nullable=False),
    Column("status", Integer, nullable=False),
    Column("digests", Text, nullable=False),
    Column("at", Text, nullable=False, index=True),
    Column("mac", LargeBinary, nullable=False),
)

HEADER = "Idempotency-Key"
REMEMBERED = timedelta(days=30)
LAPSES = timedelta(minutes=1)
PATIENCE_SECONDS = 5.0
UNDER_WAY = 0
_KEY = re.compile(r"[!-~]{1,200}")
_PAUSE_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class Asked:
    """One request, as it is told from all others."""

    party: str
    method: str
    route: str
    key: str
    body: bytes

    @property
    def name(self) -> Mapping[str, str]:
        """Return the key of its row."""
        return {"party": self.party, "method": self.method, "route": self.route, "key": self.key}

    def statement_id(self, mac_key: bytes) -> str:
        """Return the one statement id for this request: who repeats it states nothing new."""
        said = json.dumps(["jizihao/once/v1", *self.name.values(), self.body.hex()]).encode()
        return uuid.UUID(bytes=hmac.digest(mac_key, said, hashlib.sha256)[:16], version=4).urn


@dataclass(frozen=True, slots=True)
class Done:
    """What a request led to: the status of its answer, and the digests of what it recorded."""

    status: int
    digests: tuple[str, ...]


def asked(mac_key: bytes, *, party: str, method: str, route: str, key: str, body: Any) -> Asked:
    """Return the request that bears *key*; raise `Invalid` where *key* will not do. *body* is JSON."""
    if not _KEY.fullmatch(key):
        raise Invalid(Problem(HEADER, "not-a-once-key"))
    spelled = strictjson.dumps(body).encode()
    return Asked(party, method, route, key, hmac.digest(mac_key, spelled, hashlib.sha256))


class Once:
    """The requests of the last thirty days that bore a key."""

    def __init__(self, engine: Engine, kept_key: bytes, clock: Callable[[], datetime]) -> None:
        self._engine = engine
        self._kept_key = kept_key
        self._clock = clock

    def run(self, this: Asked, work: Callable[[], Done], *, patience: float = PATIENCE_SECONDS) -> Done:
        """Do *work* unless *this* was done before; return what came of it, now or then.

        Raises what *work* raises, and remembers nothing of it. `Invalid` for a key that came with another
        body, `Conflict` where the same request is still under way after *patience* seconds.
        """
        # 1. Claim the key. Who comes while we work waits for our answer.
        if (before := self._claimed(this, time.monotonic() + patience)) is not None:
            return before
        # 2. The work. A crash after it leaves the claim, which lapses.
        try:
            done = work()
        except BaseException:
            self._forget(this)
            raise
        # 3. Remember. Only then is anybody told.
        self._remember(this, done)
        return done

    def _claimed(self, this: Asked, deadline: float) -> Done | None:
        while True:
            try:
                found = self._claim(this)
            except IntegrityError:
                continue  # somebody else claimed it between our look and our claim: look again
            if found is None or found.status != UNDER_WAY:
                return found
            if time.monotonic() >= deadline:
                raise Conflict("the same request is still under way")
            time.sleep(_PAUSE_SECONDS)

    def _claim(self, this: Asked) -> Done | None:
        """Take the key for *this* and return None, or return what stands under it."""
        now = self._clock()
        with store.writing(self._engine) as connection:
            purge(connection, now)
            found = self._found(connection, this)
            claim = self._row(this, Done(UNDER_WAY, ()), now)
            if found is None:
                # Plainly inserted: of two who saw nothing, the database lets one in.
                connection.execute(http_once.insert().values(claim))
                return None
            if not _is_lapsed(found, now):
                return Done(found.status, tuple(found.digests.split()))
            still = http_once.c.mac == found.mac
            taken = connection.execute(_named(http_once.update(), this).where(still).values(claim)).rowcount
            # Somebody else took the lapsed claim over: it is under way again.
            return None if taken else Done(UNDER_WAY, ())

    def _found(self, connection: Connection, this: Asked) -> Any:
        row = connection.execute(_named(select(http_once), this)).first()
        if row is None:
            return None
        if not kept.row_holds(self._kept_key, http_once.name, row._asdict()):
            raise Unsafe("what was remembered of a request was changed outside this program")
        if not hmac.compare_digest(bytes(row.body), this.body):
            raise Invalid(Problem(HEADER, "once-key-taken", (("value", this.key),)))
        return row

    def _remember(self, this: Asked, done: Done) -> None:
        row = self._row(this, done, self._clock())
        with store.writing(self._engine) as connection:
            if not connection.execute(_named(http_once.update(), this).values(row)).rowcount:
                connection.execute(http_once.insert().values(row))

    def _forget(self, this: Asked) -> None:
        with store.writing(self._engine) as connection:
            connection.execute(_named(http_once.delete(), this))

    def _row(self, this: Asked, done: Done, now: datetime) -> dict[str, Any]:
        row = {
            **this.name,
            "body": this.body,
            "status": done.status,
            "digests": " ".join(done.digests),
            "at": instant_text(now),
        }
        return kept.sealed_row(self._kept_key, http_once.name, row)


def purge(connection: Connection, now: datetime) -> int:
    """Delete what is older than thirty days; return how much there was."""
    oldest = instant_text(now - REMEMBERED)
    return connection.execute(http_once.delete().where(http_once.c.at < oldest)).rowcount


def _named(statement: Any, this: Asked) -> Any:
    return statement.where(*(http_once.c[column] == value for column, value in this.name.items()))


def _is_lapsed(row: Any, now: datetime) -> bool:
    return row.status == UNDER_WAY and instant_of(row.at) < now - LAPSES
