"""What later facts say of earlier ones. Targets are named by statement digest (hex), never by index."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from traceability.events.fact import Event, Private, private
from traceability.events.roles import ALL, LABORATORIES, MAKERS, REGULATORS

Reason = Literal["did-not-occur", "incorrect"]
Cause = Literal["failed-test", "banned-pesticide", "interval-broken", "contamination", "mislabelled", "other"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrected(Event):
    """An earlier statement of the same author is void; *replacement* says what is right instead."""

    kind: ClassVar[str] = "corrected"

    target: str
    reason: Reason
    note: Private = private()
    replacement: Event | None = None

    def __post_init__(self) -> None:
        Event.__post_init__(self)
        if self.replacement is not None and isinstance(self.replacement, Corrected):
            raise ValueError("a correction does not replace by a correction")


def told_by(event: Event) -> Event:
    """Return what *event* tells: a correction tells what it puts in place, if anything; all else itself."""
    return event.replacement or event if isinstance(event, Corrected) else event


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmed(Event):
    """A second party says that a statement is right."""

    kind: ClassVar[str] = "confirmed"

    target: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Recalled(Event):
    """A lot and all that was made of it is called back (食品召回管理办法, levels 1 to 3)."""

    kind: ClassVar[str] = "recalled"

    lot: str
    level: Literal[1, 2, 3]
    cause: Cause
    note: Private = private()


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldResolved(Event):
    """A second party looked into the flags of a statement; its lots may move on."""

    kind: ClassVar[str] = "hold-resolved"

    target: str
    note: Private = private()


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased(Event):
    """Sealed values of a statement were hidden or erased; chain and proofs go on without them."""

    kind: ClassVar[str] = "erased"

    target: str
    fields: tuple[str, ...]
    done: Literal["hidden", "erased"]
    cause: Literal["consent-withdrawn", "retention-ended", "order"]


KINDS: tuple[type[Event], ...] = (Corrected, Confirmed, Recalled, HoldResolved, Erased)

MAY_STATE: dict[str, frozenset[str]] = {
    Corrected.kind: ALL,
    Confirmed.kind: ALL,
    Recalled.kind: MAKERS | REGULATORS,
    HoldResolved.kind: REGULATORS | LABORATORIES,
    Erased.kind: ALL,
}
