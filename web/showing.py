"""Which checkpoint is shown to the world, and how many witnesses have seen it.

    the policy asks for a quorum   the newest published checkpoint that it has seen, or if there is none
                                   the newest of all
    it only names witnesses        the newest published one, with the lines that it has by now
    it names none                  the log as it stands this moment, published now

What was last heard of the witnesses stands in the instance folder, so that every process can tell it:
instance/witnesses.json.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from pathlib import Path

from ledger import trust
from ledger.checkpoint import Checkpoint
from ledger.errors import LedgerError, NotProven
from ledger.export import note_to_show
from ledger.note import Note
from ledger.policy import NO_QUORUM, Policy
from web.database import Services

STANDING_FILE = "witnesses.json"


@dataclass(frozen=True, slots=True)
class Heard:
    """What was last heard of the witness at *url*: a state of `ledger.asking`, and why."""

    url: str
    names: tuple[str, ...]
    state: str
    reason: str
    size: int | None


@dataclass(frozen=True, slots=True)
class Standing:
    """How the log stands with its witnesses.

    *is_held*: nothing is published before a witness has answered that could know of more. *unsafe*: one does,
    and no entry is taken any more; this is the reason.
    """

    is_held: bool
    unsafe: str
    witnesses: tuple[Heard, ...]


def seen_by(note: Note, policy: Policy) -> frozenset[str]:
    """Return the witnesses of *policy*, by its names, that have cosigned *note*; none where a line fails."""
    return _seen_by(note.bytes(), policy.text())


def is_seen(note: Note, policy: Policy) -> bool:
    """Whether enough witnesses have cosigned *note*."""
    return policy.quorum_met(seen_by(note, policy))


def newest_seen(notes: Iterable[Note], policy: Policy) -> Note | None:
    """Return the first of *notes* that the quorum of *policy* has seen; None where it asks for none."""
    if policy.quorum == NO_QUORUM:
        return None
    return next((note for note in notes if is_seen(note, policy)), None)


def shown(shared: Services) -> Note:
    """Return the checkpoint to show; `NotProven` if there is none yet."""
    log, policy = shared.log, shared.policy
    if not policy.witnesses:
        return note_to_show(log)
    seen = None if policy.quorum == NO_QUORUM else log.witnessed(lambda note: is_seen(note, policy))
    found = seen or log.published()
    if found is None:
        raise NotProven("nothing has been published yet")
    return found


def covering(shared: Services, index: int) -> Note | None:
    """Return the checkpoint that best vouches for the entry at *index*, or None if only a sealed one has it.

    Best is one that enough witnesses have seen, then one that is published.
    """
    policy = shared.policy
    seen = None if policy.quorum == NO_QUORUM else shared.log.witnessed(lambda note: is_seen(note, policy))
    notes = (seen, shared.log.published())
    return next((note for note in notes if size_of(note) > index), None)


def count_of(spelt: str, policy: Policy) -> int:
    """Return how many witnesses of *policy* have cosigned the note that *spelt* spells."""
    try:
        return len(_seen_by(spelt.encode(), policy.text()))
    except LedgerError:
        return 0


def size_of(note: Note | None) -> int:
    """Return how many entries *note* commits to."""
    return 0 if note is None else Checkpoint.parse(note.text).size


def read_standing(instance: Path) -> Standing | None:
    """Return what the publishing process last wrote; None where none has."""
    try:
        told = json.loads((instance / STANDING_FILE).read_text(encoding="utf-8"))
        heard = tuple(Heard(**{**each, "names": tuple(each["names"])}) for each in told["witnesses"])
        return Standing(bool(told["is_held"]), str(told["unsafe"]), heard)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def write_standing(instance: Path, standing: Standing) -> None:
    """Write *standing* whole: who reads it sees the old one or the new one."""
    beside = instance / f"{STANDING_FILE}.new"
    beside.write_text(json.dumps(asdict(standing), ensure_ascii=False, indent=1), encoding="utf-8")
    beside.replace(instance / STANDING_FILE)


def forget_unsafe(instance: Path) -> None:
    """Take back that a witness knows of more than we hold, if that was written by an earlier run."""
    told = read_standing(instance)
    if told is not None and told.unsafe:
        write_standing(instance, replace(told, is_held=False, unsafe=""))


@lru_cache(maxsize=512)
def _seen_by(spelt: bytes, policy: str) -> frozenset[str]:
    # Each line costs up to a third of a millisecond, and a page asks for the same note again and again.
    try:
        return frozenset(trust.cosigned(Note.parse(spelt), Policy.parse(policy)))
    except NotProven:
        return frozenset()
