"""What can be wrong with a log, drawn as one small tree.

LedgerError
├── Malformed    the bytes are not in the form that the specification gives
├── NotProven    the form is right, but the proof or the signature does not hold
├── Conflict     somebody else moved the log on; read again and retry
├── Busy         too much is waiting to be written; try again later
├── Unreachable  the database does not answer; try again when it does
└── Unsafe       this log must not go on from what is stored: refuse rather than fork
    └── KeysChanged   the log signs with a key that this process has not
"""

from collections.abc import Mapping


class LedgerError(Exception):
    """A verdict on a log: a plain reason, and the facts that it rests on."""

    def __init__(self, reason: str, *, facts: Mapping[str, str | int] | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.facts: dict[str, str | int] = dict(facts or {})


class Malformed(LedgerError):
    """The bytes are not in the form that the specification gives."""


class NotProven(LedgerError):
    """The form is right, but the proof or the signature does not hold."""


class Conflict(LedgerError):
    """Somebody else moved the log on, or said something else under the same name."""


class Busy(LedgerError):
    """Too much is waiting to be written already, or nothing is taken any more."""


class Unreachable(LedgerError):
    """The database does not answer, so nothing can be said and nothing promised."""


class Unsafe(LedgerError):
    """The stored log does not extend what it once promised, so nothing may be added to it."""


class KeysChanged(Unsafe):
    """The log's own keys were changed by another process, so this one must not sign with what it has."""
