"""The keys that the log has granted so far, read from its key entries once and remembered."""

from contextlib import suppress
from dataclasses import dataclass

from sqlalchemy import select

from ledger.authorship import Keyring
from ledger.dsse import check_signature
from ledger.errors import LedgerError
from ledger.spelling import base64_bytes
from traceability import tables
from traceability.question import Question
from traceability.reading import Reader
from traceability.statement import Signed

_KEY_RECORDS = Question(select(tables.key_record).order_by(tables.key_record.c.entry))
_NEWEST = Question(select(tables.key_record).order_by(tables.key_record.c.entry.desc()).limit(1))


@dataclass(frozen=True, slots=True)
class Verified:
    """Signatures over *message* that were found to hold, each with its public key."""

    message: bytes
    held: frozenset[tuple[bytes, bytes]]

    def check(self, public: bytes, message: bytes, signature: bytes) -> None:
        """Raise what `ledger.dsse.check_signature` raises; verify only what was not verified before."""
        if message != self.message or (public, signature) not in self.held:
            check_signature(public, message, signature)


class Keys:
    """A keyring that follows the log; safe to ask inside a transaction that may yet be undone."""

    def __init__(self, origin: str) -> None:
        self._origin = origin
        self._ring = Keyring(origin)
        self._read: list[tuple[int, bytes]] = []

    def ring(self, reader: Reader) -> Keyring:
        """Return the ring as of the entries that *reader*'s transaction sees."""
        newest = [(row.entry, bytes(row.leaf)) for row in _NEWEST.rows(reader.connection)]
        # A leaf commits to every entry before it: where the last is the same, all are.
        if newest != self._read[-1:]:
            rows = _KEY_RECORDS.rows(reader.connection)
            self._follow(reader, [(row.entry, bytes(row.leaf)) for row in rows])
        return self._ring

    def ahead(self, signed: Signed) -> Verified:
        """Return which signatures of *signed* hold, by keys that are known already; without a database.

        Verifying takes longer than anything else at the door, and needs no turn at it. Whether the key is
        valid at its place in the log is not asked here.
        """
        message = signed.statement.signed_bytes
        held: set[tuple[bytes, bytes]] = set()
        for each in signed.signatures:
            grant = self._ring.grant(each["key"])
            # What fails here fails again in its turn, where the answer is given.
            with suppress(LedgerError):
                if grant is not None:
                    signature = base64_bytes(each["sig"])
                    check_signature(grant.public, message, signature)
                    held.add((grant.public, signature))
        return Verified(message, frozenset(held))

    def _follow(self, reader: Reader, found: list[tuple[int, bytes]]) -> None:
        # An undone transaction may have shown us entries that never were: their leaves give them away.
        goes_on = found[: len(self._read)] == self._read
        ring = self._ring.copy() if goes_on else Keyring(self._origin)
        for index, _ in found[len(self._read) if goes_on else 0 :]:
            ring.admit(reader.entry(index).record, index)
        self._ring, self._read = ring, found
