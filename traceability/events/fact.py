"""What every event has: a kind, the time it is said to have happened, and who typed it for whom.

kind     what happened, one word of the list in `events.KINDS`
at       when, as its author claims; the log adds when it was told
zone     the clock the author read, "+08:00"
clerk    who typed it (sealed: a person)
member   for whom (a random id; the name is sealed where the member was registered)
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True)
class Sealed:
    """A private value as the log has it: a salted digest (32 bytes) that opens nothing by itself."""

    digest: bytes

    def __post_init__(self) -> None:
        if len(self.digest) != 32:
            raise ValueError("a sealed digest has 32 bytes")


Private = str | Sealed | None
"""A private value: in the clear before it is signed, sealed afterwards."""


def private() -> Any:
    """Declare a private field: sealed in the log, its value kept where it can be erased."""
    return field(default=None, metadata={"private": True})


def legal_day(at: datetime) -> date:
    """Return the date in Asia/Shanghai, by which intervals and laws are counted."""
    return at.astimezone(SHANGHAI).date()


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened, as one party claims it."""

    kind: ClassVar[str] = ""

    at: datetime
    zone: str = "+08:00"
    clerk: Private = private()
    member: str | None = None

    def __post_init__(self) -> None:
        if self.at.tzinfo is None or self.at.utcoffset() != UTC.utcoffset(None):
            raise ValueError("an instant is in UTC")

    @property
    def day(self) -> date:
        """The legal day: the date in Asia/Shanghai."""
        return legal_day(self.at)
