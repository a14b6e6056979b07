"""Somebody else's log copied into a folder of ours, nothing in it believed before it is proven.

    policy             whose signatures count; given by whoever keeps the copy, never taken from the log
    checkpoint         the last one whose tree is wholly here
    tile/…, rules/…    as the log serves them, see source.py
    fork-<size>-<…>    two notes that no honest log could have signed both, kept as evidence

A checkpoint is taken if the policy believes it, if it is not older than the last one, and if its tree begins
with the last one's. Then filling.py brings the rest, and the checkpoint after it.

While the log's keys change, old and new sign together (rotation.py). If the entry that begins the change is
among those that are brought, the policy is led to the new keys, as `python -m ledger follow` would do it:

    1  entries and tiles durable, the checkpoint signed by both      2  the policy      3  the checkpoint

A crash between 2 and 3 leaves a policy of the new keys, which believes the same checkpoint the next time.
"""

from collections.abc import Iterable, Sequence
from contextlib import closing
from datetime import datetime
from hashlib import sha256

from ledger.checkpoint import Checkpoint
from ledger.entry import Entry
from ledger.errors import LedgerError, Malformed, NotProven
from ledger.filling import Beside, Filled, Progress, bring, covered, nothing_beside, show, wanting
from ledger.merkle import prove_inclusion
from ledger.note import Note
from ledger.outlet import CHECKPOINT, DirectoryOutlet, Seen
from ledger.policy import Policy
from ledger.proof import TlogProof
from ledger.proven import CONNECTIONS, Ahead, ProvenTree, pieces_of
from ledger.rotation import followed, leads_on
from ledger.source import Absent, Source
from ledger.tile import node_reader
from ledger.trust import check_log, check_quorum

POLICY = "policy"


def kept_policy(outlet: DirectoryOutlet) -> Policy | None:
    """Return the policy that an earlier run kept beside the copy."""
    try:
        return Policy.parse(outlet.read(POLICY))
    except Absent:
        return None


def mirror(
    source: Source,
    outlet: DirectoryOutlet,
    policy: Policy,
    now: datetime,
    *,
    beside: Beside = nothing_beside,
    progress: Progress = lambda _done, _total: None,
    connections: int = CONNECTIONS,
) -> Filled:
    """Bring the copy in *outlet* up to the checkpoint that *source* shows, or raise and leave it as it is.

    Raises `NotProven` or `Malformed` for what is not as the checkpoint says, with the path in its facts;
    `Conflict` where the copy is of another log; `OSError` where *source* cannot be reached.
    """
    note = believed(source, policy, now)
    seen = outlet.seen()
    new = Checkpoint.parse(note.text)
    old = covered(seen, new.origin)
    if seen is not None:
        _check_goes_on(source, outlet, note, seen)
    pieces = pieces_of(new.size, wanting(old.size, new.size))
    wanted = (path for path in pieces if not outlet.has(path))
    _keep_policy(outlet, policy)
    watching = _Watching(policy, beside)
    with closing(Ahead(source.read, wanted, connections)) as ahead:
        filled = bring(
            outlet,
            note,
            seen,
            outlet.read,
            ahead.read,
            put=outlet.mend,
            beside=watching.beside,
            progress=progress,
        )
    if watching.beginning is not None:
        _keep_policy(outlet, _followed(policy, watching.beginning, outlet, note, now))
    show(outlet, note, seen)
    return filled


class _Watching:
    """Looks at entries as they go by for the one that begins a change of the keys that *policy* lists."""

    def __init__(self, policy: Policy, beside: Beside) -> None:
        self._policy = policy
        self._beside = beside
        self.beginning: bytes | None = None

    def beside(self, entries: Sequence[bytes]) -> Iterable[tuple[str, bytes]]:
        """Yield what the caller wants beside these *entries*."""
        for entry in entries:
            # An honest log has one: keys that were given up never come back.
            if self.beginning is None and leads_on(self._policy, entry):
                self.beginning = entry
        return self._beside(entries)


def _followed(policy: Policy, entry: bytes, outlet: DirectoryOutlet, note: Note, now: datetime) -> Policy:
    """Return *policy* with the new keys, if *note* is enough to follow to them."""
    checkpoint, index = Checkpoint.parse(note.text), Entry.parse(entry).index
    read = node_reader(ProvenTree(checkpoint, outlet.read).tile, checkpoint.size)
    try:
        proof = TlogProof(index, prove_inclusion(read, index=index, size=checkpoint.size), note)
        return followed(policy, entry, proof.bytes(), now=now)
    except LedgerError:
        # What is not proven leads nowhere; the old keys have just been enough.
        return policy


def _keep_policy(outlet: DirectoryOutlet, policy: Policy) -> None:
    if policy != kept_policy(outlet):
        outlet.replace(POLICY, policy.text().encode("utf-8", "surrogateescape"))


def believed(source: Source, policy: Policy, now: datetime) -> Note:
    """Return the checkpoint that *source* shows, if *policy* believes it."""
    try:
        note = Note.parse(source.read(CHECKPOINT))
        check_log(note, policy)
        check_quorum(note, policy, now)
    except (Malformed, NotProven) as why:
        raise type(why)(why.reason, facts={**why.facts, "path": CHECKPOINT}) from None
    except Absent:
        raise NotProven("there is no checkpoint", facts={"path": CHECKPOINT}) from None
    return note


def _check_goes_on(source: Source, outlet: DirectoryOutlet, note: Note, seen: Seen) -> None:
    """Raise `NotProven` unless *note* goes on from what was *seen*; keep both as evidence if none could."""
    new, old = Checkpoint.parse(note.text), Checkpoint.parse(Note.parse(seen.content).text)
    if new.size >= old.size:
        holds = ProvenTree(new, outlet.read, source.read).begins_with(old)
    else:
        # What is here already is enough to tell an old checkpoint from one that was made up.
        holds = ProvenTree(old, outlet.read).begins_with(new)
    facts: dict[str, str | int] = {"seen": old.size, "shown": new.size, "path": CHECKPOINT}
    if not holds:
        kept = [_keep_evidence(outlet, each) for each in (seen.content, note.bytes())]
        raise NotProven(
            "the log has forked: it signed two trees", facts={**facts, "evidence": ", ".join(kept)}
        )
    if new.size < old.size:
        raise NotProven("the checkpoint is older than one that was seen", facts=facts)


def _keep_evidence(outlet: DirectoryOutlet, spelled: bytes) -> str:
    """Keep a signed note under a name that says its size and what it is, and return the name."""
    size = Checkpoint.parse(Note.parse(spelled).text).size
    path = f"fork-{size}-{sha256(spelled).hexdigest()[:16]}"
    outlet.put(path, spelled)
    outlet.settle()
    return path
