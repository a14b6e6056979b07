"""An entry and its proof, judged by a policy that the reader brought along: no database, no network.

    entry        the bytes are an entry, and the proof is for its place
    log          every key that the policy lists for this log has signed the checkpoint
    witnesses    as many witnesses as the policy asks for have cosigned it
    fresh        they did so recently enough; only if asked
    inclusion    the entry stands under the checkpoint's root
    key          the author's key entry is proven in the same four ways; only if given
    author       the statement is signed with that key, granted before it to the party that speaks
    registrar    who vouched for the key: told only by entry 0 of the log
    revocation   none is known up to here; a later one would not undo this entry

The policy must come from elsewhere: what a proof says of itself proves nothing.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from ledger.authorship import KeyGrant, check_statement, granted
from ledger.checkpoint import Checkpoint
from ledger.cosignature import check_cosignature
from ledger.entry import Entry
from ledger.errors import LedgerError, Malformed, NotProven
from ledger.merkle import check_inclusion, leaf_hash
from ledger.note import Note, verified
from ledger.policy import Policy
from ledger.proof import TlogProof

PROVEN, REFUSED, NOT_CHECKED = "proven", "refused", "not-checked"

# A witness whose clock runs ahead by more than this is not believed about time.
CLOCKS_DIFFER = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Check:
    """One question, its answer (`PROVEN`, `REFUSED` or `NOT_CHECKED`) and the reason in plain words."""

    name: str
    state: str
    reason: str


@dataclass(frozen=True, slots=True)
class _Case:
    """An entry and its proof, read."""

    entry: Entry
    spelt: bytes
    proof: TlogProof
    checkpoint: Checkpoint

    @classmethod
    def read(cls, spelt: bytes, proof: bytes) -> "_Case":
        read = TlogProof.parse(proof)
        return cls(Entry.parse(spelt), spelt, read, Checkpoint.parse(read.note.text))

    def check_place(self) -> str:
        if self.entry.index != self.proof.index:
            facts = {"entry": self.entry.index, "proof": self.proof.index}
            raise NotProven("the proof is for another entry", facts=facts)
        return f"entry {self.entry.index}, recorded at {self.entry.at}"

    def check_log(self, policy: Policy) -> str:
        keys = policy.keys_of(self.checkpoint.origin)
        if not keys:
            raise NotProven("the policy does not know this log", facts={"origin": self.checkpoint.origin})
        missing = set(keys) - set(verified(self.proof.note, keys))
        if missing:
            raise NotProven("a key that the policy lists for this log has not signed")
        return f"{self.checkpoint.origin}, signed with {len(keys)} of {len(keys)} keys"

    def check_witnesses(self, policy: Policy) -> str:
        cosigned = _cosigned(self.proof.note, policy)
        if not policy.quorum_met(set(cosigned)):
            raise NotProven("too few witnesses have seen this checkpoint", facts={"witnesses": len(cosigned)})
        return f"seen by {len(cosigned)} witnesses" if cosigned else "the policy asks for no witness"

    def check_fresh(self, policy: Policy, now: datetime, fresh: timedelta) -> str:
        recent = {
            name
            for name, at in _cosigned(self.proof.note, policy).items()
            if (now - fresh).timestamp() <= at <= (now + CLOCKS_DIFFER).timestamp()
        }
        # Only a witness tells the time; where the policy asks for none, one is still needed for this.
        if not recent or not policy.quorum_met(recent):
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


def verify(
    entry: bytes,
    proof: bytes,
    policy: Policy,
    *,
    now: datetime,
    fresh: timedelta | None = None,
    key: tuple[bytes, bytes] | None = None,
) -> list[Check]:
    """Answer each question about *entry* and its *proof*; proven is what no check refuses, see `is_proven`.

    *key* is the author's key entry and its proof. Bytes in another form than ours are refused like a forgery:
    one flipped bit can make either.
    """
    try:
        case = _Case.read(entry, proof)
    except Malformed as why:
        return [Check("entry", REFUSED, _told(why))]
    checks = [*_place_checks(case, policy, now, fresh), *_author_checks(case, key, policy)]
    return [*checks, _unasked("revocation", f"none known up to entry {case.entry.index}")]


def is_proven(checks: list[Check]) -> bool:
    """Whether no check refuses. What was not checked is for the reader to judge."""
    return all(check.state != REFUSED for check in checks)


def _place_checks(case: _Case, policy: Policy, now: datetime, fresh: timedelta | None) -> Iterator[Check]:
    yield _check("entry", case.check_place)
    yield _check("log", lambda: case.check_log(policy))
    yield _check("witnesses", lambda: case.check_witnesses(policy))
    if fresh is None:
        yield _unasked("fresh", "no --fresh was given")
    else:
        yield _check("fresh", lambda: case.check_fresh(policy, now, fresh))
    yield _check("inclusion", case.check_inclusion)


def _author_checks(case: _Case, files: tuple[bytes, bytes] | None, policy: Policy) -> Iterator[Check]:
    if files is None:
        yield _unasked("author", "no --key was given")
        return
    try:
        key = _Case.read(*files)
    except Malformed as why:
        yield Check("key", REFUSED, _told(why))
        return
    yield _check("key", lambda: _check_key_entry(case, key, policy))
    yield _check("author", lambda: _check_author(case, key))
    yield _unasked("registrar", "only entry 0 of the log says who may register keys")


def _check_key_entry(case: _Case, key: _Case, policy: Policy) -> str:
    if key.checkpoint.origin != case.checkpoint.origin:
        raise NotProven("the key entry is of another log", facts={"origin": key.checkpoint.origin})
    key.check_log(policy)
    key.check_witnesses(policy)
    key.check_inclusion()
    return key.check_place()


def _check_author(case: _Case, key: _Case) -> str:
    origin = case.checkpoint.origin
    grant = granted(key.entry.record, origin=origin, index=key.entry.index)

    def known(key_id: str) -> KeyGrant | None:
        return grant if key_id == grant.key_id else None

    check_statement(case.entry.record, known, origin=origin, index=case.entry.index)
    kept = "its own key" if grant.custody == "author" else "a key that the platform keeps for it"
    return f"signed for {grant.party} ({grant.role}) with {kept}"


def _cosigned(note: Note, policy: Policy) -> dict[str, int]:
    """Return the names of witnesses of *policy* that cosigned *note*, and the POSIX second of each."""
    cosigned: dict[str, int] = {}
    for name, (key, _) in policy.witnesses.items():
        for line in note.signatures:
            if (line.name, line.key_id) == (key.name, key.key_id):
                cosigned[name] = check_cosignature(key, note.text, line.payload)
    return cosigned


def _check(name: str, question: Callable[[], str]) -> Check:
    try:
        return Check(name, PROVEN, question())
    except (NotProven, Malformed) as why:
        return Check(name, REFUSED, _told(why))


def _told(why: LedgerError) -> str:
    facts = ", ".join(f"{name} {fact}" for name, fact in why.facts.items())
    return f"{why.reason} ({facts})" if facts else why.reason


def _unasked(name: str, reason: str) -> Check:
    return Check(name, NOT_CHECKED, reason)
