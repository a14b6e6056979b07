"""Asking witnesses to cosign: all at once, none for longer than a limit, and nothing believed unchecked.

    cosigned      its lines hold, bear its name and key, and were made just now
    shown         it showed the latest tree of ours that it cosigned, or said that it has none
    ahead         it has cosigned a larger tree of ours than this one: is our database an old one?
    refused       404 or 403: it does not know us; 422, or 409 without a size: it sees no growth; or the like
    nonsense      what it sent is not what witnesses send, or does not hold
    unreachable   no answer within the limit, or an error of its own (5xx)

A witness is an address of the policy; all keys that the policy lists under one address are asked in one call.
c2sp.org/tlog-witness; deployed witnesses differ in their codes, so both spellings of a refusal are final.
"""

import queue
import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from ledger.calling import Caller, NoAnswer, Reply
from ledger.checkpoint import Checkpoint
from ledger.errors import LedgerError, Malformed, NotProven
from ledger.keys import Signature, VerifierKey
from ledger.merkle import Hash
from ledger.note import Note, verified
from ledger.policy import Policy
from ledger.spelling import whole_number
from ledger.witness import Request

COSIGNED, SHOWN, AHEAD = "cosigned", "shown", "ahead"
REFUSED, NONSENSE, UNREACHABLE = "refused", "nonsense", "unreachable"
STATES = (COSIGNED, SHOWN, AHEAD, REFUSED, NONSENSE, UNREACHABLE)

TRIES = 3
TIMEOUT_SECONDS, HANG_UP_SECONDS = 5.0, 1.0
CLOCKS_DIFFER_SECONDS = 300
"""A line whose time is further from ours than this was not made just now, or by a clock that is wrong."""

Consistency = Callable[[int, int], Sequence[Hash]]
"""Gives the proof that the tree of the second size begins with that of the first."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of asking one witness: *lines*, by the names that the policy gives to its keys.

    *size* is that of the largest tree which it said that it has cosigned; *note* the one that it showed.
    """

    url: str
    names: tuple[str, ...]
    state: str
    reason: str = ""
    lines: Mapping[str, Signature] = field(default_factory=dict)
    size: int | None = None
    note: Note | None = None


class _Final(Exception):
    """There is nothing more to ask, and no line."""

    def __init__(self, state: str, reason: str, size: int | None = None) -> None:
        super().__init__(reason)
        self.state, self.reason, self.size = state, reason, size


class _Door:
    """One address, the keys behind it, and the size that it acknowledged last."""

    def __init__(self, url: str, keys: Mapping[str, VerifierKey]) -> None:
        self.url = url
        self.keys = dict(keys)
        self.caller = Caller(url)
        self.acknowledged = 0
        self.busy = threading.Lock()

    def answered(self, state: str, reason: str = "", size: int | None = None) -> Answered:
        """Return the answer of this witness without a line."""
        return Answered(self.url, tuple(self.keys), state, reason, size=size)


_Question = Callable[[_Door, float], Answered]


class Witnesses:
    """The witnesses of a policy that have an address, each with an open connection and what it said last."""

    def __init__(self, policy: Policy, clock: Callable[[], float] = time.time) -> None:
        self.policy = policy
        self._clock = clock
        by_url: dict[str, dict[str, VerifierKey]] = {}
        for name, (key, url) in policy.witnesses.items():
            if url is not None:
                by_url.setdefault(url.rstrip("/"), {})[name] = key
        self._doors = {url: _Door(url, keys) for url, keys in by_url.items()}

    @property
    def urls(self) -> tuple[str, ...]:
        """The addresses that are asked."""
        return tuple(self._doors)

    def names_at(self, url: str) -> tuple[str, ...]:
        """Return the names that the policy gives to the keys behind *url*."""
        return tuple(self._doors[url].keys)

    def ask(
        self,
        note: Note,
        consistency: Consistency,
        *,
        timeout: float = TIMEOUT_SECONDS,
        urls: Collection[str] | None = None,
        each: Callable[[Answered], None] | None = None,
    ) -> list[Answered]:
        """Ask those at *urls*, or all, to cosign *note*, all at once; return within *timeout* seconds.

        *consistency* is called from several threads; *each* in this one, with every answer as it comes.
        """
        asked = _without_cosignatures(note)

        def question(door: _Door, deadline: float) -> Answered:
            return _conversation(door, asked, consistency, deadline, self._clock)

        return self._all(question, timeout, urls, each)

    def latest(
        self, origin: str, *, timeout: float = TIMEOUT_SECONDS, urls: Collection[str] | None = None
    ) -> list[Answered]:
        """Return what those at *urls*, or all, show as the latest tree of *origin*; nobody has checked it."""
        path = f"/{sha256(origin.encode()).hexdigest()}/checkpoint"
        return self._all(lambda door, deadline: _shown(door, path, deadline), timeout, urls)

    def close(self) -> None:
        """Hang up."""
        for door in self._doors.values():
            door.caller.interrupt()
            # Who is still being asked hangs up when the interrupted call ends.
            if door.busy.acquire(timeout=HANG_UP_SECONDS):
                door.caller.hang_up()
                door.busy.release()

    def _all(
        self,
        question: _Question,
        timeout: float,
        urls: Collection[str] | None,
        each: Callable[[Answered], None] | None = None,
    ) -> list[Answered]:
        """Put *question* to each in a thread of its own, and hang up on whoever is late."""
        deadline = time.monotonic() + timeout
        asked = [door for url, door in self._doors.items() if urls is None or url in urls]
        answers: queue.SimpleQueue[Answered] = queue.SimpleQueue()
        for door in asked:
            what = (door, question, deadline, answers)
            threading.Thread(target=_put, args=what, name="asking", daemon=True).start()
        found: dict[str, Answered] = {}
        for answer in _collected(asked, answers, deadline):
            found[answer.url] = answer
            if each is not None:
                each(answer)
        return [found[door.url] for door in asked]


def _collected(
    asked: list[_Door], answers: "queue.SimpleQueue[Answered]", deadline: float
) -> Iterator[Answered]:
    """Yield the answers of *asked* as they come, and at the deadline those that did not."""
    late = {door.url: door for door in asked}
    while late:
        try:
            answer = answers.get(timeout=max(0.0, deadline - time.monotonic()))
        except queue.Empty:
            break
        del late[answer.url]
        yield answer
    for door in late.values():
        door.caller.interrupt()
        yield door.answered(UNREACHABLE, "no answer within the limit")


def ask(
    note: Note,
    policy: Policy,
    consistency: Consistency,
    *,
    timeout: float = TIMEOUT_SECONDS,
    clock: Callable[[], float] = time.time,
) -> list[Answered]:
    """Ask every witness of *policy* once, and hang up; see `Witnesses.ask`."""
    witnesses = Witnesses(policy, clock)
    try:
        return witnesses.ask(note, consistency, timeout=timeout)
    finally:
        witnesses.close()


def _put(door: _Door, question: _Question, deadline: float, answers: "queue.SimpleQueue[Answered]") -> None:
    """Answer for one witness, whatever it does."""
    if not door.busy.acquire(blocking=False):
        answers.put(door.answered(UNREACHABLE, "it has not answered the last question yet"))
        return
    try:
        answers.put(question(door, deadline))
    except _Final as end:
        answers.put(door.answered(end.state, end.reason, end.size))
    except NoAnswer as why:
        answers.put(door.answered(UNREACHABLE, str(why)))
    except LedgerError as why:
        answers.put(door.answered(NONSENSE, why.reason))
    finally:
        door.busy.release()


def _conversation(
    door: _Door, note: Note, consistency: Consistency, deadline: float, clock: Callable[[], float]
) -> Answered:
    """Ask until there are lines, or nothing more to ask."""
    checkpoint = Checkpoint.parse(note.text)
    for _ in range(TRIES):
        old = min(door.acknowledged, checkpoint.size)
        # Of the empty tree, and of this one itself, there is nothing to prove.
        proof = tuple(consistency(old, checkpoint.size)) if 0 < old < checkpoint.size else ()
        body = Request(old, proof, checkpoint, note.bytes()).bytes()
        reply = door.caller.call("POST", "/add-checkpoint", body, deadline=deadline)
        if reply.status == 200:
            lines = _checked_lines(note, door.keys, reply.body, clock())
            door.acknowledged = checkpoint.size
            return Answered(door.url, tuple(door.keys), COSIGNED, "", lines, checkpoint.size)
        door.acknowledged = _size_to_go_on_from(reply, old, checkpoint.size)
    raise _Final(REFUSED, "it names another size each time", door.acknowledged)


def _size_to_go_on_from(reply: Reply, old: int, size: int) -> int:
    """Return the size that a 409 names, or raise `_Final` for every other answer."""
    if reply.status >= 500:
        raise _Final(UNREACHABLE, f"it answers {reply.status}")
    if reply.status in {403, 404}:
        raise _Final(REFUSED, "it does not know this log, or not its key")
    told = _size_in(reply) if reply.status == 409 else None
    if told is None:
        seen = "it does not see that the tree has only grown"
        raise _Final(REFUSED, seen if reply.status in {409, 422} else f"it answers {reply.status}")
    if told > size:
        raise _Final(AHEAD, "it has cosigned a larger tree", told)
    if told == old:
        raise _Final(NONSENSE, "it refuses the size that it names itself", told)
    return told


def _size_in(reply: Reply) -> int | None:
    try:
        return whole_number(reply.body.decode("ascii").removesuffix("\n"))
    except (UnicodeDecodeError, Malformed):
        return None


def _checked_lines(
    note: Note, keys: Mapping[str, VerifierKey], body: bytes, now: float
) -> dict[str, Signature]:
    """Return the line of each of *keys* in *body*; raise unless all of them hold, and one is of now."""
    answered = Note.parse(f"{note.text}\n".encode() + body)
    verified(answered, keys.values())
    found: dict[str, Signature] = {}
    for name, key in keys.items():
        for line in answered.signatures:
            if (line.name, line.key_id) == (key.name, key.key_id) and _is_of_now(line, now):
                found[name] = line
    if not found:
        raise NotProven("no line of a key that the policy lists, made just now")
    return found


def _is_of_now(line: Signature, now: float) -> bool:
    # A witness MUST NOT omit the time, and 0 is a log's own way to do so.
    at = int.from_bytes(line.payload[:8])
    return at > 0 and abs(at - now) <= CLOCKS_DIFFER_SECONDS


def _shown(door: _Door, path: str, deadline: float) -> Answered:
    reply = door.caller.call("GET", path, deadline=deadline)
    if reply.status == 404:
        return door.answered(SHOWN, "it has cosigned nothing of this log")
    if reply.status != 200:
        raise _Final(UNREACHABLE, f"it answers {reply.status}")
    note = Note.parse(reply.body)
    size = Checkpoint.parse(note.text).size
    return Answered(door.url, tuple(door.keys), SHOWN, size=size, note=note)


def _without_cosignatures(note: Note) -> Note:
    """Return *note* with the log's own lines alone: a witness asks for no others."""
    origin = Checkpoint.parse(note.text).origin
    return Note(note.text, tuple(line for line in note.signatures if line.name == origin))
