"""Many names in portions: a database takes only so many parameters in one question."""

from collections.abc import Iterable, Iterator
from typing import TypeVar

AT_ONCE = 500

Value = TypeVar("Value")


def portions(values: Iterable[Value]) -> Iterator[list[Value]]:
    """Yield *values*, in their order, in lists of up to `AT_ONCE`."""
    every = list(values)
    for start in range(0, len(every), AT_ONCE):
        yield every[start : start + AT_ONCE]
