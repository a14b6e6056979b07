"""What time it is, asked in one place so that a test may answer.

A clock is a function that returns an aware instant in UTC; legal days are those of Asia/Shanghai.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime

from traceability.events.fact import SHANGHAI

Clock = Callable[[], datetime]


def now() -> datetime:
    """Return this instant, in UTC."""
    return datetime.now(UTC)


def today(clock: Clock = now) -> date:
    """Return the legal day: the date in Asia/Shanghai."""
    return clock().astimezone(SHANGHAI).date()


class SeasonClock:
    """A real clock that stands, while the demo season is told, where the season says.

    The log does not run backwards with it: an entry is never earlier than the one before it.
    """

    def __init__(self, real: Clock = now) -> None:
        self._real = real
        self._told: datetime | None = None

    def __call__(self) -> datetime:
        """Return the instant that was set last, else the real one, in UTC."""
        return self._real() if self._told is None else self._told

    def set_to(self, at: datetime) -> None:
        """Stand still at *at*, an aware instant."""
        self._told = at.astimezone(UTC)

    def go_on(self) -> None:
        """Tell the real time again."""
        self._told = None
