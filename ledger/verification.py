"""An entry and its proof, judged by a policy that the reader brought along: no database, no network.

    entry        the bytes are an entry in its one spelling, and the proof is for its place
    log          every key that the policy lists for this log has signed the checkpoint
    witnesses    as many witnesses as the policy asks for have cosigned it, none of them in the future
    fresh        they did so recently enough; only if asked
    inclusion    the entry stands under the checkpoint's root
    key          the author's key entry is proven in the same ways, under the same checkpoint or a later one
                 that is shown to have grown from it; only if given
    author       the statement is signed with that key, granted before it to the party that speaks
    registrar    entry 0, proven likewise, names who vouched for the key, and the log's keys; only if given
    revocation   none is known up to here; a later one would not undo this entry

The policy must come from elsewhere: what a proof says of itself proves nothing. No check can be switched off:
what was not given is told as not checked, and whatever was given must hold.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from ledger.authorship import KeyGrant, Keyring, check_statement, granted
from ledger.checkpoint import Checkpoint
from ledger.entry import Entry
from ledger.errors import LedgerError, Malformed, NotProven
from ledger.merkle import check_consistency, check_inclusion, leaf_hash
from ledger.policy import Policy
from ledger.proof import Growth, TlogProof
from ledger.rotation import KIND as LOG_KEYS
from ledger.rotation import KeySchedule
from ledger.trust import CLOCKS_DIFFER, check_log, check_quorum, cosigned

PROVEN, REFUSED, NOT_CHECKED = "proven", "refused", "not-checked"

Files = tuple[bytes, bytes]
"""The bytes of an entry, and its proof."""


@dataclass(frozen=True, slots=True)
class Check:
    """One question, its answer (`PROVEN`, `REFUSED` or `NOT_CHECKED`) and the reason in plain words."""

    name: str
    state: str
    reason: str


@dataclass(frozen=True, slots=True)
class _Belief:
    """What the reader brought along to judge with."""

    policy: Policy
    now: datetime
    fresh: timedelta | None
    grown: tuple[Growth, ...]


@dataclass(frozen=True, slots=True)
class _Case:
    """An entry and its proof, read."""

    entry: Entry
    spelt: bytes
    proof: TlogProof
    checkpoint: Checkpoint

    @classmethod
    def read(cls, files: Files) -> "_Case":
        spelt, proof = files
        read = TlogProof.parse(proof)
        return cls(Entry.parse(spelt), spelt, read, Checkpoint.parse(read.note.text))

    def check_place(self) -> str:
        if self.entry.index != self.proof.index:
            facts = {"entry": self.entry.index, "proof": self.proof.index}
            raise NotProven("the proof is for another entry", facts=facts)
        return f"entry {self.entry.index}, recorded at {self.entry.at}"

    def check_log(self, belief: _Belief) -> str:
        keys = check_log(self.proof.note, belief.policy)
        return f"{self.checkpoint.origin}, signed with {len(keys)} of {len(keys)} keys"

    def check_witnesses(self, belief: _Belief) -> str:
        found = check_quorum(self.proof.note, belief.policy, belief.now)
        return f"seen by {len(found)} witnesses" if found else "the policy asks for no witness"

    def check_fresh(self, belief: _Belief, fresh: timedelta) -> str:
        recent = {
            name
            for name, at in cosigned(self.proof.note, belief.policy).items()
            if (belief.now - fresh).timestamp() <= at <= (belief.now + CLOCKS_DIFFER).timestamp()
        }
        # Only a witness tells the time; where the policy asks for none, one is still needed for this.
        if not recent or not belief.policy.quorum_met(recent):
            raise NotProven("no quorum has seen this checkpoint recently", facts={"witnesses": len(recent)})
        return f"seen by {len(recent)} witnesses within {int(fresh.total_seconds())} seconds"

    def check_inclusion(self) -> str:
        check_inclusion(
            self.proof.path,
            size=self.checkpoint.size,
            root=self.checkpoint.root,
            index=self.proof.index,
            leaf=leaf_hash(self.spelt),
        )
        return f"under the root of {self.checkpoint.size} entries"

    def check_beside(self, case: "_Case", belief: _Belief) -> str:
        """Check that this entry is proven as *case* is, in the same tree or in one that grew from it."""
        if self.checkpoint.origin != case.checkpoint.origin:
            raise NotProven("an entry of another log", facts={"origin": self.checkpoint.origin})
        self.check_log(belief)
        self.check_witnesses(belief)
        self.check_inclusion()
        _check_grown(case.checkpoint, self.checkpoint, belief.grown)
        return self.check_place()


def verify(
    entry: bytes,
    proof: bytes,
    policy: Policy,
    *,
    now: datetime,
    fresh: timedelta | None = None,
    key: Files | None = None,
    opening: Files | None = None,
    also: Sequence[Files] = (),
    consistency: Sequence[bytes] = (),
) -> list[Check]:
    """Answer each question about *entry* and its *proof*; proven is what no check refuses, see `is_proven`.

    *key* is the author's key entry and its proof; *opening* entry 0 and its proof. Where the registrar's key,
    or the log's, was changed since entry 0, *also* gives the entries that say so; revocations may stand there
    too. Where one of these is under a later checkpoint than *entry*, *consistency* gives the proof that the
    log grew from one to the other, see `ledger.proof.Growth`. Bytes in another form than ours are refused
    like a forgery: one flipped bit can make either.
    """
    try:
        case = _Case.read((entry, proof))
    except Malformed as why:
        return [Check("entry", REFUSED, _told(why))]
    try:
        belief = _Belief(policy, now, fresh, tuple(Growth.parse(each) for each in consistency))
    except Malformed as why:
        return [Check("consistency", REFUSED, _told(why))]
    checks = [
        *_place_checks(case, belief),
        *_author_checks(case, belief, key),
        *_registrar_checks(case, belief, key, opening, also),
    ]
    return [*checks, _unasked("revocation", f"none known up to entry {case.entry.index}")]


def is_proven(checks: list[Check]) -> bool:
    """Whether no check refuses. What was not checked is for the reader to judge."""
    return all(check.state != REFUSED for check in checks)


def _place_checks(case: _Case, belief: _Belief) -> Iterator[Check]:
    fresh = belief.fresh
    yield _check("entry", case.check_place)
    yield _check("log", lambda: case.check_log(belief))
    yield _check("witnesses", lambda: case.check_witnesses(belief))
    if fresh is None:
        yield _unasked("fresh", "no --fresh was given")
    else:
        yield _check("fresh", lambda: case.check_fresh(belief, fresh))
    yield _check("inclusion", case.check_inclusion)


def _author_checks(case: _Case, belief: _Belief, files: Files | None) -> Iterator[Check]:
    if files is None:
        yield _unasked("author", "no --key was given")
        return
    try:
        key = _Case.read(files)
    except Malformed as why:
        yield Check("key", REFUSED, _told(why))
        return
    yield _check("key", lambda: key.check_beside(case, belief))
    yield _check("author", lambda: _check_author(case, key))


def _check_author(case: _Case, key: _Case) -> str:
    origin = case.checkpoint.origin
    grant = granted(key.entry.record, origin=origin, index=key.entry.index)

    def known(key_id: str) -> KeyGrant | None:
        return grant if key_id == grant.key_id else None

    check_statement(case.entry.record, known, origin=origin, index=case.entry.index)
    kept = "its own key" if grant.custody == "author" else "a key that the platform keeps for it"
    return f"signed for {grant.party} ({grant.role}) with {kept}"


def _registrar_checks(
    case: _Case, belief: _Belief, key: Files | None, opening: Files | None, also: Sequence[Files]
) -> Iterator[Check]:
    if opening is None and also:
        yield Check("registrar", REFUSED, "what followed entry 0 says nothing without it")
    elif opening is None:
        if key is not None:
            yield _unasked("registrar", "only entry 0 of the log says who may register keys")
    else:
        yield _check("registrar", lambda: _check_opened(case, belief, key, opening, also))


def _check_opened(
    case: _Case, belief: _Belief, key: Files | None, opening: Files, also: Sequence[Files]
) -> str:
    """Check that entry 0, and the changes since, name the log's keys and whoever vouched for the author's."""
    given = [_Case.read(files) for files in (opening, *also, *([] if key is None else [key]))]
    for each in given:
        each.check_beside(case, belief)
    chain = {each.entry.index: each for each in given}
    if 0 not in chain:
        raise NotProven("not the entry that opens the log", facts={"index": min(chain)})
    told = [(index, chain[index].entry.record) for index in sorted(chain)]
    ring, origin = Keyring(case.checkpoint.origin), case.checkpoint.origin
    schedule = KeySchedule.opened(origin, told[0][1])
    for index, record in told:
        ring.admit(record, index)
        if record.get("kind") == LOG_KEYS:
            schedule.admit(record, index)
    # A policy may list some of the log's keys; it must list none that the log does not name.
    if not set(belief.policy.keys_of(origin)) <= set(schedule.in_force(case.checkpoint.size)):
        raise NotProven(
            "the log does not name the keys that the policy lists for it", facts={"origin": origin}
        )
    if key is None:
        return "entry 0 names the log's keys"
    # Once more, with what is known of the key now: who vouched for it, and perhaps that it had ended.
    check_statement(case.entry.record, ring.grant, origin=origin, index=case.entry.index)
    return "entry 0 names the log's keys, and whoever vouched for the author's key"


def _check_grown(old: Checkpoint, new: Checkpoint, grown: Sequence[Growth]) -> None:
    """Raise `NotProven` unless *new* is *old*, or one of *grown* shows that it begins with it."""
    if (old.size, old.root) == (new.size, new.root):
        return
    facts = {"size": old.size, "later": new.size}
    if new.size <= old.size:
        raise NotProven("not under the same checkpoint, nor under a later one", facts=facts)
    shown = next((each for each in grown if (each.old, each.size) == (old.size, new.size)), None)
    if shown is None:
        raise NotProven("nothing shows that the log grew from one checkpoint to the other", facts=facts)
    check_consistency(shown.path, old=old.size, old_root=old.root, size=new.size, root=new.root)


def _check(name: str, question: Callable[[], str]) -> Check:
    try:
        return Check(name, PROVEN, question())
    except LedgerError as why:
        return Check(name, REFUSED, _told(why))


def _told(why: LedgerError) -> str:
    facts = ", ".join(f"{name} {fact}" for name, fact in why.facts.items())
    return f"{why.reason} ({facts})" if facts else why.reason


def _unasked(name: str, reason: str) -> Check:
    return Check(name, NOT_CHECKED, reason)
