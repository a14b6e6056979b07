"""What can be wrong with a code or a label, drawn as one small tree.

CodeError
├── NotIssued    a serial that nobody issued: another spelling, another lot's, or a guess
├── Mistyped     a code typed with a slip of the finger in it
├── NotPossible  amounts from which no number of packs follows
└── Unprintable  a label that could not be read, or would claim more than is true
"""

from collections.abc import Mapping


class CodeError(Exception):
    """A verdict on a code: a plain reason, and the facts that it rests on."""

    code = "code-error"

    def __init__(self, reason: str, *, facts: Mapping[str, str | int] | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.facts: dict[str, str | int] = dict(facts or {})

    def __str__(self) -> str:
        return self.reason


class NotIssued(CodeError):
    """The serial was never issued for this lot."""

    code = "serial-not-issued"


class Mistyped(CodeError):
    """The typed code has a wrong length, a foreign letter or a check symbol that does not fit."""

    code = "code-mistyped"


class NotPossible(CodeError):
    """No number of packs follows from these amounts."""

    code = "packs-not-possible"


class Unprintable(CodeError):
    """The label could not be read by a scanner, or would claim more than is true."""

    code = "label-unprintable"
