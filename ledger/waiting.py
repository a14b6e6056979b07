"""What waits to be written: in the order in which it came, and never more than can be written soon.

Whoever adds waits for nobody. Whoever takes waits until there is something, and gets all of it that may share
one transaction.
"""

import threading
from collections import deque
from math import ceil
from typing import Generic, Protocol, TypeVar

from ledger.errors import Busy

# How much shares one transaction at most: so many pieces of work, so many bytes of records.
LARGEST_GROUP = 256
LARGEST_GROUP_BYTES = 8 * 2**20
# How much may wait. One piece of work may be as large as all that may wait, if nothing else does.
LONGEST_QUEUE = 1024
MOST_BYTES_WAITING = 64 * 2**20
# Of the time that a group takes, the newest counts for so much.
_NEWEST = 0.25


class Job(Protocol):
    """Something that waits."""

    @property
    def size(self) -> int:
        """How many bytes it brings."""


J = TypeVar("J", bound=Job)


class Line(Generic[J]):
    """A bounded queue that is taken from in groups."""

    def __init__(self, longest: int = LONGEST_QUEUE, *, most_bytes: int = MOST_BYTES_WAITING) -> None:
        self._longest = longest
        self._most_bytes = most_bytes
        self._jobs: deque[J] = deque()
        self._bytes = 0
        self._changed = threading.Condition(threading.Lock())
        self._idle = False
        self._closed = False
        self._seconds_a_group = 0.0

    def put(self, job: J) -> None:
        """Add *job*, or raise `Busy` with the seconds after which it may be worth trying again."""
        with self._changed:
            if self._closed:
                raise Busy("the writer is closed")
            if len(self._jobs) >= self._longest or self._bytes + job.size > self._most_bytes:
                facts = {"waiting": len(self._jobs), "seconds": self._seconds()}
                raise Busy("too much is waiting to be written", facts=facts)
            self._jobs.append(job)
            self._bytes += job.size
            if self._idle:
                self._changed.notify()

    def is_idle(self) -> bool:
        """Whether nothing waits, nothing that was taken is still being written, and more may be added."""
        with self._changed:
            return self._idle and not self._jobs and not self._closed

    def next_group(self) -> list[J]:
        """Wait until there is something, and take what may share a transaction; nothing once it is closed."""
        with self._changed:
            self._idle = True
            while not self._jobs and not self._closed:
                self._changed.wait()
            self._idle = False
            return self._taken()

    def _taken(self) -> list[J]:
        group: list[J] = []
        taken = 0
        while self._jobs and len(group) < LARGEST_GROUP:
            if group and taken + self._jobs[0].size > LARGEST_GROUP_BYTES:
                break
            taken += self._jobs[0].size
            group.append(self._jobs.popleft())
        self._bytes -= taken
        return group

    def close(self) -> None:
        """Take nothing more; what waits is still given out."""
        with self._changed:
            self._closed = True
            self._changed.notify()

    def took(self, seconds: float) -> None:
        """Note how long the last group took, for what `Busy` advises."""
        self._seconds_a_group += _NEWEST * (seconds - self._seconds_a_group)

    def _seconds(self) -> int:
        """Estimate how long all that waits will take: whole seconds, at least one."""
        groups = max(len(self._jobs) / LARGEST_GROUP, self._bytes / LARGEST_GROUP_BYTES)
        return max(1, ceil(groups * self._seconds_a_group))
