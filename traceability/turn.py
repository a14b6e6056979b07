"""One turn at the log: statements that are entered one behind another while nobody else writes.

1. Who was quicker? The same statement again gets the first receipt.
2. Do the rules allow it, seen with the past in this very transaction?
3. Is each signature by a key that is valid for its author now, and may that role say this?
4. The entry, its rows, and what opens its sealed fields: all of them, or none.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, select

from ledger import authorship, canonical
from ledger.canonical import instant_text
from ledger.errors import LedgerError, Malformed, NotProven
from ledger.session import Session
from traceability import indexing, judging, tables
from traceability.errors import NotAllowed, Repeated, TraceError
from traceability.events import Event, followup, may_state, registry
from traceability.kept import SealedValues
from traceability.keyring import Keys, Verified
from traceability.limits import RuleSet
from traceability.question import Question
from traceability.reading import Reader
from traceability.rule_shelf import RuleShelf
from traceability.statement import Signed

Json = Any

_KNOWN = Question(
    select(tables.statement.c.entry, tables.statement.c.digest).where(
        tables.statement.c.by == bindparam("author"), tables.statement.c.statement_id == bindparam("id")
    )
)


@dataclass(frozen=True, slots=True)
class Recorded:
    """Where a statement stands in the log, what it is called, and what the rules remarked."""

    index: int
    digest: str
    flags: tuple[dict[str, Json], ...]
    was_known: bool = False


class Turn:
    """What enters statements of one *source* in the transaction of a session.

    By which rules and keys they are judged is read once: in this transaction only what the turn itself enters
    can change the rules, and no statement changes the keys.
    """

    def __init__(
        self, session: Session, source: str, *, keys: Keys, shelf: RuleShelf, sealed: SealedValues
    ) -> None:
        self._session = session
        self._reader = Reader(session.connection)
        self._source = source
        self._ring = keys.ring(self._reader)
        self._shelf = shelf
        self._sealed = sealed
        self._rules: RuleSet | None = None

    def attempt(self, signed: Signed, verified: Verified) -> "Recorded | TraceError | LedgerError":
        """Enter *signed*, or leave no trace of it and return what `enter` raised."""
        session = self._session
        savepoint, tip = session.connection.begin_nested(), session.tip
        try:
            recorded = self.enter(signed, verified)
        except (TraceError, Malformed, NotProven) as error:
            savepoint.rollback()
            session.tip = tip
            self._rules = None
            return error
        savepoint.commit()
        return recorded

    def enter(self, signed: Signed, verified: Verified) -> Recorded:
        """Enter *signed* at the end of the log; of its signatures those in *verified* hold.

        Raises `Refused`, `Repeated`, `NotAllowed`, or a `LedgerError`; the caller undoes what was begun.
        """
        session, reader, statement = self._session, self._reader, signed.statement
        if (known := _known(reader, signed)) is not None:
            return known
        at = instant_text(session.at)
        record = judging.record_of(
            reader,
            signed,
            source=self._source,
            rule_set=self._rules_in_force(),
            index=session.size,
            recorded_at=at,
        )
        authorship.check_statement(
            record,
            self._ring.grant,
            origin=self._ring.origin,
            index=session.size,
            may_state=may_state,
            # It was checked when it was signed or read, and `append` checks the whole record once more.
            spell=canonical.respelt,
            check=verified.check,
        )
        self._check_adopted(indexing.effective(statement.event))
        (index,) = session.append([record])
        leaf = session.tip.prev
        indexing.index_recorded(reader, statement, record, index=index, recorded_at=at, leaf=leaf)
        self._sealed.keep(session.connection, statement.by, signed.opened)
        self._erase(statement.event)
        return Recorded(index, statement.digest, tuple(record["ruling"]["flags"]))

    def _rules_in_force(self) -> RuleSet:
        if self._rules is None:
            digest = judging.rules_in_force(self._session.connection)
            if digest is None:
                raise NotAllowed("log-not-open")
            self._rules = self._shelf.get(digest)
        return self._rules

    def _check_adopted(self, event: Event | None) -> None:
        if isinstance(event, registry.RulesAdopted):
            # Whoever adopts rules that nobody here has could record nothing ever after.
            self._shelf.get(event.digest)
            self._rules = None

    def _erase(self, event: Event) -> None:
        """Delete salt and value of what an erasure names, in the transaction that tells of it."""
        if isinstance(event, followup.Erased) and event.done == "erased":
            connection, table = self._session.connection, tables.statement
            found = select(table.c.statement_id).where(table.c.digest == event.target)
            self._sealed.erase(connection, str(connection.execute(found).scalar()), event.fields)


def _known(reader: Reader, signed: Signed) -> Recorded | None:
    """Return what the first writer of the same statement got, or None; `Repeated` for another content."""
    statement = signed.statement
    row = _KNOWN.first(reader.connection, author=statement.by, id=statement.id)
    if row is None:
        return None
    if row.digest != statement.digest:
        raise Repeated(statement.by, statement.id)
    flags = reader.entry(row.entry).record["ruling"]["flags"]
    return Recorded(row.entry, row.digest, tuple(flags), was_known=True)
