"""Several processes that share one long piece of work, each with an interpreter of its own.

    parent ──(path)───────────→ process 1 … n       once, at the start
           ──(_SHARE, shared)─→ process 1 … n       what all further tasks know
           ──(task, argument)─→ any that is idle    answered with what the task returns, or what it raises

The processes are new ones: a fork would carry open databases and locks of other threads with it, and
multiprocessing would load the parent's main program, with all its pages, into each. They end when the parent
closes their standard input, so none outlives it, however it ends.
"""

import os
import pickle
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from queue import SimpleQueue
from types import TracebackType
from typing import Any, BinaryIO, Self, TypeVar

S = TypeVar("S")
T = TypeVar("T")
R = TypeVar("R")

# A process costs a fifth of a second to start: a log shorter than this is done sooner than it would be.
WORTH_A_PROCESS = 16_384

_SHARE = "share"
_START = (
    "import pickle, sys; sys.path[:] = pickle.load(sys.stdin.buffer); "
    "from ledger.crew import serve; serve(sys.stdin.buffer)"
)


def processors() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def suitable(size: int) -> int:
    """Return how many processes are worth their start for *size* entries."""
    return max(1, min(processors(), size // WORTH_A_PROCESS))


class Crew:
    """So many processes; one alone is this process itself. Use it as a context."""

    def __init__(self, workers: int) -> None:
        self._processes = [_Process() for _ in range(workers if workers > 1 else 0)]
        self._idle: SimpleQueue[_Process] = SimpleQueue()
        for each in self._processes:
            self._idle.put(each)
        self._threads = ThreadPoolExecutor(max(1, len(self._processes)), thread_name_prefix="crew")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _where: TracebackType | None
    ) -> None:
        for each in self._processes:
            each.end()
        self._threads.shutdown(cancel_futures=True)
        for each in self._processes:
            each.close()

    def map(self, task: Callable[[S, T], R], shared: S, each: Iterable[T]) -> Iterator[R]:
        """Yield task(shared, argument) for each argument in its order; few answers wait at any moment.

        *task* is a function of a module, and all that it takes and returns can be pickled.
        """
        if not self._processes:
            yield from (task(shared, argument) for argument in each)
            return
        for process in self._processes:
            process.share(shared)
        waiting: deque[Future[R]] = deque()
        for argument in each:
            waiting.append(self._threads.submit(self._ask, task, argument))
            if len(waiting) > len(self._processes):
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()

    def _ask(self, task: Callable[..., Any], argument: object) -> Any:
        process = self._idle.get()
        try:
            return process.ask(task, argument)
        finally:
            self._idle.put(process)


@dataclass(frozen=True, slots=True)
class _Raised:
    """What a task raised instead of an answer."""

    error: BaseException


class _Process:
    """One process, seen from the parent."""

    def __init__(self) -> None:
        self._popen = subprocess.Popen(  # noqa: S603 -- this interpreter, and a line of our own
            [sys.executable, "-c", _START], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        self._send(sys.path)

    def share(self, shared: object) -> None:
        """Say what all further tasks know."""
        self._send((_SHARE, shared))

    def ask(self, task: Callable[..., Any], argument: object) -> Any:
        """Return what the task answers, or raise what it raised; `OSError` if the process is gone."""
        self._send((task, argument))
        try:
            answer = pickle.load(self._pipe(self._popen.stdout))  # noqa: S301 -- our own process wrote it
        except EOFError:
            raise _gone() from None
        if isinstance(answer, _Raised):
            raise answer.error
        return answer

    def end(self) -> None:
        """Let it stop at once: nobody waits for its answer any more."""
        self._popen.terminate()

    def close(self) -> None:
        """Wait for its end and let go of its pipes."""
        for pipe in (self._popen.stdin, self._popen.stdout):
            try:
                self._pipe(pipe).close()
            except OSError:
                continue  # what was still to be sent reaches nobody
        self._popen.wait()

    def _send(self, message: object) -> None:
        pipe = self._pipe(self._popen.stdin)
        try:
            pickle.dump(message, pipe, protocol=pickle.HIGHEST_PROTOCOL)
            pipe.flush()
        except BrokenPipeError:
            raise _gone() from None

    @staticmethod
    def _pipe(pipe: Any) -> BinaryIO:
        if pipe is None:
            raise _gone()
        return pipe  # type: ignore[no-any-return]  # Popen was asked for bytes


def _gone() -> OSError:
    return OSError("a process that shared the work has ended before its time")


def serve(requests: BinaryIO) -> None:
    """Answer *requests* until there are no more: the whole life of one process of a crew."""
    # Ctrl-C reaches everybody at the terminal; the parent decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    answers = os.fdopen(os.dup(1), "wb")
    # What a task prints must not stand among the answers.
    os.dup2(2, 1)
    shared: object = None
    while True:
        try:
            task, argument = pickle.load(requests)  # noqa: S301 -- the parent wrote it
        except EOFError:
            return
        if task == _SHARE:
            shared = argument
            continue
        answers.write(_answered(task, shared, argument))
        answers.flush()


def _answered(task: Callable[[Any, Any], Any], shared: object, argument: object) -> bytes:
    try:
        return pickle.dumps(task(shared, argument), protocol=pickle.HIGHEST_PROTOCOL)
    except Exception as error:
        return pickle.dumps(_Raised(error), protocol=pickle.HIGHEST_PROTOCOL)
