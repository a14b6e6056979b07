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
