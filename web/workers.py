"""Who answers at one port: one process with its threads, or several that stand in for each other.

    supervisor          holds the port; starts a worker where one is missing, stops them all when it stops
      ├ worker 0        a database pool, a writer and threads of its own, all opened after the fork
      └ worker 1 …      the same; what they share is the port, the database and the instance folder

Nothing that a fork would tear is open in the supervisor: no connection, no thread, no lock of a file.
Asked to stop, by SIGTERM or Ctrl-C, a worker takes no more connections, answers what it has read, and ends.
It ends so, too, when its supervisor has gone.
"""

import os
import signal
import socket
import sys
import time
import traceback
from collections.abc import Callable, Iterable
from types import FrameType
from typing import Any

import waitress  # type: ignore[import-untyped]  # it has no types
from waitress import wasyncore

THREADS = 8
WAITING = "jizihao.waiting"
"""The name in a request's environment of how many requests wait behind it for a thread of this process."""

# How long an answer that is under way may take once we are asked to stop, and how soon we see that we are.
GRACE_SECONDS = 30.0
TICK_SECONDS = 0.2
# A worker that cannot open its database will not be able to a moment later, either.
RESTART_SECONDS = 1.0
_BACKLOG = 1024
_CONNECTIONS = 1000
LARGEST_BODY = 2**30
"""Octets of a request that are read at all; what an application takes it says itself."""


class Stop:
    """Whether somebody has asked this process to stop; while it is held, asking ends nothing by itself."""

    def __init__(self) -> None:
        self.asked = False
        self._before: dict[signal.Signals, Any] = {}

    def __enter__(self) -> "Stop":
        for each in (signal.SIGINT, signal.SIGTERM):
            self._before[each] = signal.signal(each, self._ask)
        return self

    def __exit__(self, *_: object) -> None:
        for each, handler in self._before.items():
            signal.signal(each, handler)

    def _ask(self, _signal: int, _frame: FrameType | None) -> None:
        # A terminal's Ctrl-C reaches a worker twice, from the terminal and from its supervisor.
        self.asked = True


def answer(
    app: Any,
    listener: socket.socket,
    *,
    threads: int,
    is_over: Callable[[], bool],
    largest_body: int = LARGEST_BODY,
) -> None:
    """Answer at *listener* with *app* until *is_over*; return when what was read is answered."""
    channels: dict[int, Any] = {}
    listener.listen(_BACKLOG)

    def told(environ: dict[str, Any], start_response: Any) -> Any:
        environ[WAITING] = len(server.task_dispatcher.queue)
        return app(environ, start_response)

    server = waitress.create_server(
        told,
        map=channels,
        sockets=[listener],
        threads=threads,
        ident=None,
        connection_limit=_CONNECTIONS,
        max_request_body_size=largest_body,
        asyncore_use_poll=True,
    )
    try:
        while not is_over():
            _turn(channels)
        # 1. No more connections.
        server.del_channel(channels)
        # 2. What was read is answered, and the answers leave.
        deadline = time.monotonic() + GRACE_SECONDS
        while _is_busy(server.active_channels.values()) and time.monotonic() < deadline:
            _turn(channels)
        # 3. Nobody is cut short who is not over time.
        server.task_dispatcher.shutdown()
    finally:
        server.close()
        wasyncore.close_all(channels)


def _turn(channels: dict[int, Any]) -> None:
    wasyncore.loop(timeout=TICK_SECONDS, use_poll=True, map=channels, count=1)


def _is_busy(channels: Iterable[Any]) -> bool:
    return any(channel.requests or channel.total_outbufs_len for channel in channels)


def supervise(
    work: Callable[[int, Callable[[], bool]], None],
    *,
    workers: int,
    stop: Stop,
    died: Callable[[int], None],
) -> None:
    """Keep *workers* processes at *work* until *stop*; then let them finish.

    *work* is told the number of its place, from 0, and what says that it is over. *died* is told the process
    id of each worker that ended unasked; another takes its place.
    """
    places: dict[int, int] = {}
    try:
        while not stop.asked:
            for number in sorted(set(range(workers)) - set(places.values())):
                places[_forked(work, number, stop)] = number
            time.sleep(TICK_SECONDS)
            for pid in _ended(places):
                del places[pid]
                if not stop.asked:
                    died(pid)
                    time.sleep(RESTART_SECONDS)
    finally:
        _end(places)


def _forked(work: Callable[[int, Callable[[], bool]], None], number: int, stop: Stop) -> int:
    """Start a process that does *work* and return its id."""
    parent = os.getpid()
    # What is still in these buffers would be written twice.
    sys.stdout.flush()
    sys.stderr.flush()
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        work(number, lambda: stop.asked or os.getppid() != parent)
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        # What the supervisor opened is the supervisor's to close: no handler of its stack runs here.
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _ended(pids: Iterable[int]) -> list[int]:
    return [pid for pid in pids if os.waitpid(pid, os.WNOHANG)[0]]


def _end(places: dict[int, int]) -> None:
    """Ask every worker to stop, wait for it, and kill whoever is over time."""
    for pid in places:
        os.kill(pid, signal.SIGTERM)
    left, deadline = set(places), time.monotonic() + GRACE_SECONDS * 2
    while left and time.monotonic() < deadline:
        left -= set(_ended(left))
        time.sleep(TICK_SECONDS / 4)
    for pid in left:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
