"""Showing the log to the world, within a second while entries arrive, and to its witnesses at once.

    publishing   each second, if the log has grown: sign the sealed head for publication
    asking       each second, whoever has not cosigned the newest one yet; who failed, less and less often

At a start each witness is first asked for the latest tree of ours that it cosigned (entry-format.md, 7): the
database must extend it. While so many are silent that they alone could be a quorum, nothing is published, for
they may know of entries that this database has lost. If one does, no entry is taken any more.

One process of an instance does this at a time, whoever holds instance/publisher.lock; the others stand by. On
several machines each does it, which costs one question more and changes nothing: publishing one size twice
gives one note, and a witness answers the same question twice.
"""

import fcntl
import logging
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO

from sqlalchemy.exc import SQLAlchemyError

from ledger.errors import LedgerError, NotProven
from ledger.note import Note
from ledger.policy import NO_QUORUM
from web import showing
from web.circle import PAUSE_SECONDS, TIMEOUT_SECONDS, Circle
from web.database import Services
from web.showing import Standing

QUORUM_SECONDS = 15.0
"""How long a command waits for the quorum."""

LOCK_FILE = "publisher.lock"

told = logging.getLogger("jizihao.publisher")
"""What went wrong while nobody was looking."""


class Publisher:
    """Two threads that publish, and ask the witnesses, as long as this process is the one to do it."""

    def __init__(self, shared: Services, circle: Circle, *, pause: float = PAUSE_SECONDS) -> None:
        self._shared = shared
        self._circle = circle
        self._pause = pause
        self._over = threading.Event()
        self._turn = threading.Event()
        self._told: Standing | None = None
        self._failures: dict[str, str] = {}
        self._threads = [
            threading.Thread(target=self._publishing, name="publishing", daemon=True),
            threading.Thread(target=self._asking, name="asking-witnesses", daemon=True),
        ]

    def start(self) -> None:
        """Begin."""
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        """End, and wait for what was begun: at most one question to the witnesses."""
        self._over.set()
        self._circle.close()
        for thread in self._threads:
            thread.join()

    def _publishing(self) -> None:
        published = 0
        while not self._over.wait(self._pause):
            with self._surviving("publishing"):
                self._stop_if_unsafe()
                if self._turn.is_set() and not self._circle.is_held and self._shared.log.size() > published:
                    published = showing.size_of(self._shared.log.publish())

    def _asking(self) -> None:
        with _turn_of(self._shared.settings.instance / LOCK_FILE, self._over, self._pause):
            if not self._over.is_set():
                self._turn.set()
            while not self._over.is_set():
                with self._surviving("asking"):
                    self._ask_once()
                self._over.wait(self._pause)

    @contextmanager
    def _surviving(self, doing: str) -> Iterator[None]:
        """Write down what went wrong, once, and go on: the next turn tries again."""
        went_wrong = ""
        try:
            yield
        except (LedgerError, SQLAlchemyError, OSError) as why:
            went_wrong = f"{type(why).__name__}: {str(why).splitlines()[0]}"
        if went_wrong and went_wrong != self._failures.get(doing):
            told.error("%s: %s", doing, went_wrong)
        self._failures[doing] = went_wrong

    def _ask_once(self) -> None:
        try:
            self._circle.compare()
            note = self._shared.log.published()
            if note is not None and not self._circle.is_held:
                self._circle.ask(note)
        finally:
            self._tell()

    def _tell(self) -> None:
        standing = self._circle.standing()
        if standing != self._told:
            showing.write_standing(self._shared.settings.instance, standing)
            self._told = standing

    def _stop_if_unsafe(self) -> None:
        """Take no more entries once a witness knows of some that are lost here, whoever found it out."""
        unsafe = self._circle.unsafe
        others = None if self._turn.is_set() else showing.read_standing(self._shared.settings.instance)
        if unsafe is not None or (others is not None and others.unsafe):
            self._shared.writer.close()


@contextmanager
def publishing(
    shared: Services, *, timeout: float = TIMEOUT_SECONDS, pause: float = PAUSE_SECONDS
) -> Iterator[Publisher | None]:
    """Publish and ask as long as this is held; raise `Unsafe` first if a witness knows of more than we hold.

    A policy without witnesses needs none of it: then whoever asks for the checkpoint has it published.
    """
    if not shared.policy.witnesses:
        yield None
        return
    with closing(Circle(shared, timeout=timeout)) as circle:
        circle.compare()
        if not circle.is_anyone_silent:
            # All have answered and none knows of more: what an earlier run was stopped for is over.
            showing.forget_unsafe(shared.settings.instance)
        publisher = Publisher(shared, circle, pause=pause)
        publisher.start()
        try:
            yield publisher
        finally:
            publisher.close()


def published(shared: Services, *, seconds: float | None = None) -> Note:
    """Publish, and return the newest checkpoint that the quorum has seen, waiting for it so many *seconds*.

    Where the policy asks for no quorum that is the newest one. Raises `NotProven` if no quorum has seen any.
    """
    policy = shared.policy
    if policy.quorum == NO_QUORUM:
        return shared.log.publish()
    patience = QUORUM_SECONDS if seconds is None else seconds
    if not _is_all_seen(shared):
        with closing(Circle(shared, timeout=min(patience, TIMEOUT_SECONDS))) as circle:
            _wait_for_quorum(shared, circle, time.monotonic() + patience)
    found = shared.log.witnessed(lambda note: showing.is_seen(note, policy))
    if found is None:
        raise NotProven("too few witnesses have seen a checkpoint of this log")
    return found


def _is_all_seen(shared: Services) -> bool:
    newest = shared.log.published()
    if newest is None or showing.size_of(newest) < shared.log.size():
        return False
    return showing.is_seen(newest, shared.policy)


def _wait_for_quorum(shared: Services, circle: Circle, deadline: float) -> None:
    """Ask until the newest checkpoint has its quorum, or time is over."""
    note = None
    while True:
        circle.compare()
        if not circle.is_held:
            note = note or shared.log.publish()
            circle.ask(note)
            newest = shared.log.published() or note
            # Somebody else has published a larger one: that is asked for by who did.
            if newest.text != note.text or showing.is_seen(newest, shared.policy):
                return
        if time.monotonic() + PAUSE_SECONDS > deadline:
            return
        time.sleep(PAUSE_SECONDS)


@contextmanager
def _turn_of(path: Path, over: threading.Event, pause: float) -> Iterator[None]:
    """Hold the lock in *path*, which a process that dies lets go of; give up waiting when it is *over*."""
    with path.open("ab") as lock:
        while not _locked(lock) and not over.wait(pause):
            pass
        yield


def _locked(lock: IO[bytes]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
