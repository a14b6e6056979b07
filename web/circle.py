"""The witnesses of an instance, and where each of them stands with its log.

    silent     not heard of since the start: it may know of a larger tree of ours than this database holds
    compared   what it cosigned last is the beginning of our tree, or nothing
    cosigned   it has seen the newest checkpoint
    unsafe     it has cosigned, under our own signature, what this database does not hold

Who fails is asked again after 2, 4, 8 … seconds, a minute at most; who has cosigned, an hour later.
"""

import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.exc import IntegrityError

from ledger.asking import AHEAD, COSIGNED, NONSENSE, SHOWN, Answered, Witnesses
from ledger.errors import Unsafe
from ledger.note import Note
from web import showing
from web.database import Services
from web.showing import Heard, Standing

PAUSE_SECONDS = 1.0
TIMEOUT_SECONDS = 5.0
LONGEST_BACK_OFF_SECONDS = 60.0
RENEWED_SECONDS = 3600.0
"""A cosignature says when a tree was seen. While the log rests it is asked for again so often, so that a
reader who asks for a recent one is not refused."""


@dataclass(slots=True)
class _Due:
    """When a witness is asked again, by `time.monotonic`, and how often it has failed in a row.

    *renewed_at* is when it is asked although nothing is new.
    """

    at: float = 0.0
    failures: int = 0
    renewed_at: float = 0.0

    def failed(self, now: float) -> None:
        self.failures += 1
        self.at = now + min(LONGEST_BACK_OFF_SECONDS, PAUSE_SECONDS * 2.0**self.failures)

    def succeeded(self) -> None:
        self.at, self.failures = 0.0, 0


class Circle:
    """The witnesses of an instance, and where each stands with the log."""

    def __init__(
        self,
        shared: Services,
        *,
        timeout: float = TIMEOUT_SECONDS,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._shared = shared
        self._timeout = timeout
        self._monotonic = monotonic
        self._witnesses = Witnesses(shared.policy, lambda: shared.clock().timestamp())
        self._silent = set(self._witnesses.urls)
        self._due = {url: _Due() for url in self._witnesses.urls}
        self._cosigned: dict[str, int] = dict.fromkeys(self._witnesses.urls, 0)
        self._heard: dict[str, Answered] = {}
        self.unsafe: Unsafe | None = None

    @property
    def is_held(self) -> bool:
        """Whether nothing may be published yet: those that are silent could know of more than we hold."""
        if self.unsafe is not None:
            return True
        names = {name for url in self._silent for name in self._witnesses.names_at(url)}
        # Where the silent ones alone are no quorum, whatever a quorum has seen, one that answered has seen.
        return bool(names) and self._shared.policy.quorum_met(names)

    @property
    def is_anyone_silent(self) -> bool:
        """Whether a witness has not been heard of since the start."""
        return bool(self._silent)

    def compare(self) -> None:
        """Ask those that were silent so far for the latest tree that they cosigned.

        Raises `Unsafe` if our database does not extend it, and from then on: nothing undoes what it means.
        """
        if self.unsafe is not None:
            raise self.unsafe
        for found in self._witnesses.latest(
            self._shared.log.origin, timeout=self._timeout, urls=self._those_due(self._silent)
        ):
            self._take(self._compared(found))
            if self._heard[found.url].state == SHOWN:
                self._silent.discard(found.url)

    def ask(self, note: Note) -> None:
        """Ask those that are due and have not cosigned *note* lately; keep each one's lines as it answers."""
        size, now = showing.size_of(note), self._monotonic()
        urls = self._those_due(
            {url for url, seen in self._cosigned.items() if seen < size or self._due[url].renewed_at <= now}
        )

        def keep(found: Answered) -> None:
            if found.state == COSIGNED:
                # Another process may keep the same witness's line at this moment.
                with contextlib.suppress(IntegrityError):
                    self._shared.log.add_cosignatures(size, tuple(found.lines.values()))
                self._cosigned[found.url] = size
                self._due[found.url].renewed_at = now + RENEWED_SECONDS
            elif found.state == AHEAD:
                # What it shows must be looked at: only our own signature makes it count.
                self._silent.add(found.url)
            self._take(found)

        self._witnesses.ask(note, self._shared.log.consistency, timeout=self._timeout, urls=urls, each=keep)

    def standing(self) -> Standing:
        """Return where each witness stands."""
        heard = tuple(
            Heard(each.url, each.names, each.state, each.reason, each.size) for each in self._heard.values()
        )
        return Standing(self.is_held, "" if self.unsafe is None else self.unsafe.reason, heard)

    def close(self) -> None:
        """Hang up."""
        self._witnesses.close()

    def _compared(self, found: Answered) -> Answered:
        try:
            if found.note is None or self._shared.log.check_witnessed(found.note):
                return found
        except Unsafe as why:
            self.unsafe = why
            raise
        return Answered(found.url, found.names, NONSENSE, "it shows a note that this log has not signed")

    def _those_due(self, urls: set[str]) -> set[str]:
        now = self._monotonic()
        return {url for url in urls if self._due[url].at <= now}

    def _take(self, found: Answered) -> None:
        self._heard[found.url] = found
        if found.state in {COSIGNED, SHOWN}:
            self._due[found.url].succeeded()
        else:
            self._due[found.url].failed(self._monotonic())
