"""The one way in: check a statement, write it to the log, index it.

1. In the caller's thread: do the sealed fields open, do the signatures hold?
2. A turn at the log (`turn`): is each statement allowed, is it written and found again?
3. The writer seals and commits; only then does the receipt come.
"""

import time
from collections.abc import Sequence
from concurrent.futures import Future
from typing import Any, TypeVar

from sqlalchemy import bindparam, select

from ledger import authorship, rotation
from ledger.dsse import AuthorKey
from ledger.errors import LedgerError
from ledger.log import Log
from ledger.rotation import Change, KeySchedule
from ledger.session import Session
from ledger.store import snapshot
from ledger.writer import Receipt, Writer
from traceability import erasing, indexing, judging, subjects, tables
from traceability.disclosure import check_opens, sealed_fields
from traceability.errors import Invalid, NotAllowed, Problem, TraceError
from traceability.events import Event
from traceability.kept import PlatformKeys, SealedValues
from traceability.keyring import Keys, Verified
from traceability.question import Question
from traceability.reading import Reader
from traceability.rule_shelf import RuleShelf
from traceability.statement import Signed, stated
from traceability.turn import Recorded, Turn

__all__ = ["REMEMBERED_SECONDS", "Journal", "NotAll", "Recorded", "key_schedule"]

Json = Any
T = TypeVar("T")

REMEMBERED_SECONDS = 1.0
"""How long a key that the platform keeps is used before it is asked for again."""

_PLATFORM_KEYS = Question(
    select(tables.party_key.c.key_id)
    .where(
        tables.party_key.c.party == bindparam("party"),
        tables.party_key.c.custody == "platform",
        tables.party_key.c.revoked_by.is_(None),
    )
    .order_by(tables.party_key.c.entry.desc())
)


class NotAll(Exception):
    """Statements that were to stand together cannot: *answers* says what would have come of each."""

    def __init__(self, answers: Sequence[Recorded | TraceError | LedgerError]) -> None:
        super().__init__("not all of the statements can be recorded")
        self.answers = tuple(answers)


class Journal:
    """Writes statements into one log."""

    def __init__(
        self,
        ledger: Log,
        writer: Writer,
        *,
        shelf: RuleShelf,
        sealed: SealedValues,
        platform: PlatformKeys,
    ) -> None:
        self._log = ledger
        self._writer = writer
        self._shelf = shelf
        self._sealed = sealed
        self._platform = platform
        self._keys = Keys(ledger.origin)
        self._unlocked: dict[str, tuple[AuthorKey, float]] = {}

    @property
    def origin(self) -> str:
        """Return the origin of the log that every statement names."""
        return self._log.origin

    def submit(self, *signed: Signed, source: str = "own") -> "Future[Receipt[tuple[Recorded, ...]]]":
        """Submit statements that stand or fall together; the receipt comes once they are sealed.

        The future raises `Refused`, `Repeated`, `NotAllowed` or a `LedgerError`; then nothing was written.
        """
        ready = [self._prepared(each) for each in signed]

        def work(session: Session) -> tuple[Recorded, ...]:
            turn = self._turn(session, source)
            return tuple(turn.enter(each, verified) for each, verified in ready)

        return self._answer(self._writer.submit(work), signed)

    def attempt(
        self, signed: Sequence[Signed], *, source: str = "own", keep_going: bool = False
    ) -> "Future[Receipt[tuple[Recorded | TraceError | LedgerError, ...]]]":
        """Try every one of *signed*; each stands by itself with *keep_going*, else all or none.

        The receipt says of each what came of it; without *keep_going* the future raises `NotAll` with the
        same answers where one of them fails.
        """
        ready = [self._prepared(each) for each in signed]

        def work(session: Session) -> tuple[Recorded | TraceError | LedgerError, ...]:
            turn = self._turn(session, source)
            answers = tuple(turn.attempt(each, verified) for each, verified in ready)
            if not keep_going and any(isinstance(each, Exception) for each in answers):
                raise NotAll(answers)
            return answers

        return self._answer(self._writer.submit(work), signed)

    def _turn(self, session: Session, source: str) -> Turn:
        return Turn(session, source, keys=self._keys, shelf=self._shelf, sealed=self._sealed)

    def _answer(self, answer: "Future[Receipt[T]]", signed: Sequence[Signed]) -> "Future[Receipt[T]]":
        return erasing.after(answer, self._log.engine) if erasing.erases(signed) else answer

    def _prepared(self, signed: Signed) -> tuple[Signed, Verified]:
        """Do for *signed*, in the caller's thread, whatever needs no turn at the log."""
        _check_opened(signed)
        return signed, self._keys.ahead(signed)

    def record(
        self,
        by: str,
        *events: Event,
        ids: Sequence[str | None] = (),
        claimed_by: str | None = None,
        source: str = "own",
    ) -> tuple[Recorded, ...]:
        """State *events* for *by* with the key in the platform's custody, and wait for the seal."""
        return (
            self.submit(*self.stated(by, *events, ids=ids, claimed_by=claimed_by), source=source)
            .result()
            .value
        )

    def stated(
        self, by: str, *events: Event, ids: Sequence[str | None] = (), claimed_by: str | None = None
    ) -> tuple[Signed, ...]:
        """Return *events* as statements of *by*, signed with the key in the platform's custody."""
        key = self.platform_key(by)
        chosen = [*ids, *[None] * (len(events) - len(ids))]
        return tuple(
            stated(event, key, by=by, log=self.origin, statement_id=each, claimed_by=claimed_by)
            for event, each in zip(events, chosen, strict=True)
        )

    def platform_key(self, party: str) -> AuthorKey:
        """Return the valid key that the platform keeps for *party*, or raise `NotAllowed`.

        It is remembered for `REMEMBERED_SECONDS`: one that another process has ended meanwhile is refused
        when it is its turn, as it would be if it ended between the signature and the turn.
        """
        found, until = self._unlocked.get(party, (None, 0.0))
        if found is None or time.monotonic() > until:
            found = self._unlock(party)
            self._unlocked[party] = found, time.monotonic() + REMEMBERED_SECONDS
        return found

    def _unlock(self, party: str) -> AuthorKey:
        with self._log.engine.connect() as connection:
            kept = {key.id: key for key in self._platform.of_party(connection, party)}
            for row in _PLATFORM_KEYS.rows(connection, party=party):
                if row.key_id in kept:
                    return kept[row.key_id]
        raise NotAllowed("no-platform-key", party=party)

    def register_key(self, record: dict[str, Json], seed: bytes | None = None) -> int:
        """Enter a key record (its links are filled in); with *seed* the platform keeps the key.

        Returns the index of the key entry. Raises what `ledger.authorship.check_key` raises.
        """
        return self._changed(self._writer.submit(lambda session: self._enter_key(session, record, seed)))

    def register_party(
        self,
        record: dict[str, Json],
        seed: bytes,
        registration: Signed,
        *,
        opening: dict[str, Json] | None = None,
    ) -> Recorded:
        """Enter a party's first key, kept by the platform, and its registration: both of them, or neither.

        With *opening* the log is opened in the same piece of work: it never has an entry 0 and no operator.
        """
        _, verified = self._prepared(registration)

        def work(session: Session) -> Recorded:
            if opening is not None:
                self._open(session, opening)
            self._enter_key(session, record, seed)
            return self._turn(session, "own").enter(registration, verified)

        return self._writer.submit(work).result().value

    def _enter_key(self, session: Session, record: dict[str, Json], seed: bytes | None) -> int:
        index = self._append_key_record(session, record, indexing.key_subjects(record["grant"]))
        if seed is not None:
            self._platform.keep(session.connection, record["grant"]["party"], AuthorKey(seed), seed)
        return index

    def revoke_key(self, record: dict[str, Json]) -> int:
        """Enter a revocation record (its links are filled in); the key ends with this entry."""
        ended = record["revocation"]["key"]

        def work(session: Session) -> int:
            index = self._append_key_record(session, record, frozenset({subjects.key(ended)}))
            self._platform.forget(session.connection, ended)
            return index

        return self._changed(self._writer.submit(work))

    def _changed(self, entered: "Future[Receipt[int]]") -> int:
        """Return the index of a key record once it is entered; what was remembered of keys is over."""
        index = entered.result().value
        self._unlocked.clear()
        return index

    def _append_key_record(self, session: Session, record: dict[str, Json], named: frozenset[str]) -> int:
        reader = Reader(session.connection)
        complete = record | {"links": judging.links(session.connection, named)}
        # Admitted by a copy: what may yet be undone must not stay in the ring.
        self._keys.ring(reader).copy().admit(complete, session.size)
        return self._append(session, reader, complete)

    def rotate_key(self, grant: dict[str, Json], seed: bytes, revocation: dict[str, Json]) -> int:
        """Enter a key that replaces another, kept by the platform, and the end of the other: both or neither.

        Returns the index of the key entry. Raises what `ledger.authorship` raises.
        """
        ended = frozenset({subjects.key(revocation["revocation"]["key"])})

        def work(session: Session) -> int:
            index = self._enter_key(session, grant, seed)
            self._append_key_record(session, revocation, ended)
            self._platform.forget(session.connection, revocation["revocation"]["key"])
            return index

        return self._changed(self._writer.submit(work))

    def log_keys(self) -> KeySchedule:
        """Return which of the log's own keys sign, as its entries tell."""
        with snapshot(self._log.engine) as connection:
            return key_schedule(Reader(connection), self.origin)

    def change_log_keys(self, change: Change) -> int:
        """Enter one step of a change of the log's own keys, unless it is the last; return its index.

        Raises what `KeySchedule.admit` raises.
        """

        def work(session: Session) -> int:
            reader, record = Reader(session.connection), change.record()
            schedule = key_schedule(reader, self.origin)
            if schedule.begun == change:
                return schedule.changes[-1]
            schedule.admit(record, session.size)
            return self._append(session, reader, record)

        return self._writer.submit(work).result().value

    def open(self, opening: dict[str, Json]) -> None:
        """Write entry 0: whose log this is, who registers keys, and by which rules it judges."""
        self._writer.submit(lambda session: self._open(session, opening)).result()

    def _open(self, session: Session, opening: dict[str, Json]) -> None:
        if session.size != 0:
            raise NotAllowed("log-already-open")
        record = {"kind": "log-opened", "links": {}, "opening": opening}
        authorship.check_opening(record, origin=self.origin)
        self._append(session, Reader(session.connection), record)

    def _append(self, session: Session, reader: Reader, record: dict[str, Json]) -> int:
        (index,) = session.append([record])
        indexing.index_entry(reader, reader.entry(index))
        return index


def key_schedule(reader: Reader, origin: str) -> KeySchedule:
    """Return which of the log's own keys are in force at each size, read from the entries that say so."""
    table = tables.key_record
    kinds = table.c.kind.in_(("log-opened", rotation.KIND))
    places = reader.connection.execute(select(table.c.entry).where(kinds).order_by(table.c.entry)).scalars()
    first, *changes = places.all() or [0]
    schedule = KeySchedule.opened(origin, reader.entry(first).record)
    for index in changes:
        schedule.admit(reader.entry(index).record, index)
    return schedule


def _check_opened(signed: Signed) -> None:
    """Raise unless exactly the sealed fields of the statement are opened by the values beside it."""
    fields = sealed_fields(signed.statement.event)
    if {each.pointer for each in signed.opened} != set(fields):
        raise Invalid(Problem("/sealed", "sealed-values-missing"))
    for each in signed.opened:
        if each.statement_id != signed.statement.id:
            raise Invalid(Problem(each.pointer, "sealed-for-another-statement"))
        check_opens(each, fields[each.pointer])
