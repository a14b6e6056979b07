"""How an organisation comes in and goes out: proposed, verified by its regulator, suspended, resumed, ended.

    party-proposed    by the party itself, or by the operator for it     may tell who it is, and no more yet
    party-verified    by a regulator whose division covers the party's   all that its role may state
    party-suspended   likewise, with a ground and perhaps a last day     nothing new of the trade
    party-resumed     likewise                                           as before
    party-ended       likewise, or by the party itself                   nothing new, for good

`party-registered` goes on as it was: a regulator's own registration is its verification. One by the operator
lets the party work, too, as it always did, and is shown as registered and not verified.
"""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Literal

from traceability.events.fact import Event, Private, private
from traceability.events.registry import PartyRegistered
from traceability.events.roles import ALL, REGULATORS

SuspensionGround = Literal["records-missing", "false-record", "failed-tests", "unlawful-input", "other"]
EndGround = Literal["closed", "merged", "moved", "duplicate", "ordered"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyProposed(PartyRegistered):
    """An organisation asks to take part, in the words of a registration."""

    kind: ClassVar[str] = "party-proposed"


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyVerified(Event):
    """A regulator has found that the organisation is what it says it is."""

    kind: ClassVar[str] = "party-verified"

    party: str
    note: Private = private()


@dataclass(frozen=True, slots=True, kw_only=True)
class PartySuspended(Event):
    """A regulator stops the organisation until the day *until*, or without one until it is resumed."""

    kind: ClassVar[str] = "party-suspended"

    party: str
    ground: SuspensionGround
    until: date | None = None
    note: Private = private()

    def __post_init__(self) -> None:
        Event.__post_init__(self)
        if self.until is not None and self.until < self.day:
            raise ValueError("a suspension does not end before it begins")


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyResumed(Event):
    """A regulator lets a suspended organisation go on."""

    kind: ClassVar[str] = "party-resumed"

    party: str
    note: Private = private()


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyEnded(Event):
    """The organisation takes part no longer; what it stated stays."""

    kind: ClassVar[str] = "party-ended"

    party: str
    ending: EndGround
    note: Private = private()


KINDS: tuple[type[Event], ...] = (PartyProposed, PartyVerified, PartySuspended, PartyResumed, PartyEnded)

MAY_STATE: dict[str, frozenset[str]] = {
    PartyProposed.kind: ALL - REGULATORS,
    PartyVerified.kind: REGULATORS,
    PartySuspended.kind: REGULATORS,
    PartyResumed.kind: REGULATORS,
    PartyEnded.kind: ALL,
}
