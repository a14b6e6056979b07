"""How the log's own key changes: the old key and the new one sign together for a while, and the log says so.

    {"kind":"log-keys","links":{},"change":{"log":"<origin>","new":["<vkey>",…],"old":["<vkey>",…],
                                            "phase":"begin"|"end","v":1}}

    entry    0 ……………… i begin ……………… j end …………
    keys     old        old and new     new              of every checkpoint of a size above 0, i and j

The record bears no signature of its own: the checkpoints above it are signed by both, and that is its proof.
A checkpoint may bear more lines than it must; keys that are not in force count for nothing. Entry 0 names the
first keys. A reader who trusts the old key follows it to the new one with `followed`.
"""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from ledger.canonical import Json
from ledger.checkpoint import Checkpoint
from ledger.entry import Entry
from ledger.errors import LedgerError, Malformed, NotProven
from ledger.keys import ED25519, MLDSA44, VerifierKey
from ledger.merkle import check_inclusion, leaf_hash
from ledger.note import Note, verified
from ledger.policy import Keyed, Policy
from ledger.proof import TlogProof
from ledger.trust import check_quorum

KIND = "log-keys"
BEGIN, END = "begin", "end"
_CHANGES, _ENOUGH = b'"record":{"change":', 160

Keys = tuple[VerifierKey, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """One step of a change of keys: which are given up, which come, and whether it begins or ends."""

    log: str
    old: Keys
    new: Keys
    phase: str

    def __post_init__(self) -> None:
        if self.phase not in (BEGIN, END):
            raise Malformed("a change of keys begins or ends", facts={"phase": self.phase})
        check_log_keys(self.log, self.old)
        check_log_keys(self.log, self.new)
        if set(self.old) & set(self.new):
            raise Malformed("a key cannot take its own place")

    def record(self) -> dict[str, Json]:
        """Spell the record that the log writes."""
        change = {
            "log": self.log,
            "new": [key.text() for key in self.new],
            "old": [key.text() for key in self.old],
            "phase": self.phase,
            "v": 1,
        }
        return {"kind": KIND, "links": {}, "change": change}

    @classmethod
    def parse(cls, record: Mapping[str, Json]) -> "Change":
        """Read what `record` wrote; `Malformed` for every other form."""
        change = record.get("change")
        if set(record) != {"kind", "links", "change"} or record["kind"] != KIND or record["links"] != {}:
            raise Malformed("not a change of the log's keys")
        if not isinstance(change, dict) or set(change) != {"log", "new", "old", "phase", "v"}:
            raise Malformed("not exactly the members that belong here", facts={"pointer": "/change"})
        if type(change["v"]) is not int or change["v"] != 1:
            raise Malformed("a change of keys in an unknown version")
        if type(change["log"]) is not str or type(change["phase"]) is not str:
            raise Malformed("a member of the wrong kind", facts={"pointer": "/change"})
        return cls(change["log"], vkeys_of(change["old"]), vkeys_of(change["new"]), change["phase"])


def vkeys_of(spelt: Json) -> Keys:
    """Read a JSON list of verifier keys; `Malformed` for anything else."""
    if not isinstance(spelt, list) or not all(type(each) is str for each in spelt):
        raise Malformed("not a list of verifier keys")
    return tuple(VerifierKey.parse(each) for each in spelt)


def check_log_keys(origin: str, keys: Sequence[VerifierKey]) -> None:
    """Raise `Malformed` unless *keys* can sign for the log *origin*: at least one Ed25519 key, none twice."""
    if any(key.name != origin or key.kind not in (ED25519, MLDSA44) for key in keys):
        raise Malformed("not a key of this log", facts={"log": origin})
    # A four-byte ID that two keys share would leave nobody able to say whose line it is.
    if len({key.key_id for key in keys}) != len(keys) or not any(key.kind == ED25519 for key in keys):
        raise Malformed("a log signs with an Ed25519 key, and each of its keys is another")


class KeySchedule:
    """Which keys must have signed a checkpoint of each size, as the entries of the log tell."""

    def __init__(self, origin: str, first: Keys) -> None:
        self.origin = origin
        # From a size above each of these places on, these keys sign.
        self._after: list[int] = [-1]
        self._keys: list[Keys] = [first]
        self._begun: Change | None = None

    @classmethod
    def opened(cls, origin: str, record: Mapping[str, Json]) -> "KeySchedule":
        """Return the schedule that entry 0 begins; `Malformed` unless it names keys of this log."""
        opening = record.get("opening")
        if record.get("kind") != "log-opened" or not isinstance(opening, dict):
            raise Malformed("entry 0 opens a log")
        first = vkeys_of(opening.get("vkeys"))
        check_log_keys(origin, first)
        return cls(origin, first)

    def copy(self) -> "KeySchedule":
        """Return a schedule of its own that begins with the same keys."""
        found = KeySchedule(self.origin, self._keys[0])
        found._after, found._keys, found._begun = list(self._after), list(self._keys), self._begun
        return found

    @property
    def begun(self) -> Change | None:
        """The change of keys that has begun and not ended, if there is one."""
        return self._begun

    @property
    def changes(self) -> tuple[int, ...]:
        """The places of all entries that changed the keys."""
        return tuple(self._after[1:])

    def in_force(self, size: int) -> Keys:
        """Return the keys that must all have signed the published checkpoint of *size*."""
        return self._keys[bisect_left(self._after, size) - 1]

    @property
    def newest(self) -> Keys:
        """The keys that must sign what comes after the last change."""
        return self._keys[-1]

    def every(self) -> Keys:
        """Return every key that was ever in force, each once, the oldest first."""
        return tuple(dict.fromkeys(key for keys in self._keys for key in keys))

    def admit(self, record: Mapping[str, Json], index: int) -> None:
        """Take over the change that the record at *index* tells; records of other kinds pass by.

        Raises `Malformed` for another form, `NotProven` for a change that cannot follow what was before; then
        nothing is taken over.
        """
        if record.get("kind") != KIND:
            return
        change = Change.parse(record)
        if change.log != self.origin:
            raise NotProven("keys of another log", facts={"log": change.log})
        if change.phase == BEGIN:
            self._begin(change, index)
        else:
            self._end(change, index)

    def _begin(self, change: Change, index: int) -> None:
        if self._begun is not None:
            raise NotProven("a change of keys has begun already", facts={"index": self._after[-1]})
        if change.old != self._keys[-1]:
            raise NotProven("the keys given up are not those in force", facts={"index": index})
        every = self.every()
        # Whoever took an old key must not be able to bring it back, nor one that passes for it.
        if {key.key_id for key in change.new} & {key.key_id for key in every}:
            raise NotProven("a new key has signed before", facts={"index": index})
        self._take(index, (*change.old, *change.new))
        self._begun = change

    def _end(self, change: Change, index: int) -> None:
        begun = self._begun
        if begun is None or (begun.old, begun.new) != (change.old, change.new):
            raise NotProven("no such change of keys has begun", facts={"index": index})
        self._take(index, change.new)
        self._begun = None

    def _take(self, index: int, keys: Keys) -> None:
        if index <= self._after[-1]:
            raise NotProven("changes of keys come one after another", facts={"index": index})
        self._after.append(index)
        self._keys.append(keys)


def check_signed(note: Note, schedule: KeySchedule) -> None:
    """Raise `NotProven` unless every key in force at its size has signed the checkpoint *note*."""
    checkpoint = Checkpoint.parse(note.text)
    if checkpoint.origin != schedule.origin:
        raise NotProven("a checkpoint of another log", facts={"origin": checkpoint.origin})
    wanted = schedule.in_force(checkpoint.size)
    missing = set(wanted) - set(verified(note, schedule.every()))
    if missing:
        facts: dict[str, str | int] = {"size": checkpoint.size, "keys": len(missing)}
        raise NotProven("a key in force has not signed the checkpoint", facts=facts)


def followed(policy: Policy, entry: bytes, proof: bytes, *, now: datetime) -> Policy:
    """Return *policy* with the new keys of a log in the place of the old, or raise `Malformed`, `NotProven`.

    *entry* is the one that begins the change, *proof* its proof under a checkpoint of the change-over: signed
    by every key that *policy* lists for the log and by every new one, and cosigned by the policy's quorum.
    """
    begun, shown = Entry.parse(entry), TlogProof.parse(proof)
    change, checkpoint = Change.parse(begun.record), Checkpoint.parse(shown.note.text)
    if change.phase != BEGIN or begun.index != shown.index:
        raise NotProven("not the entry that begins a change of keys, or the proof of another entry")
    if checkpoint.origin != change.log:
        raise NotProven("keys of another log", facts={"log": change.log})
    listed = policy.keys_of(change.log)
    if not listed or not set(listed) <= set(change.old):
        raise NotProven("the policy lists other keys than those given up", facts={"log": change.log})
    check_inclusion(
        shown.path,
        size=checkpoint.size,
        root=checkpoint.root,
        index=shown.index,
        leaf=leaf_hash(entry),
    )
    both = (*change.old, *change.new)
    if set(verified(shown.note, both)) != set(both):
        raise NotProven("not both the old and the new keys have signed", facts={"log": change.log})
    check_quorum(shown.note, policy, now)
    return with_keys(policy, change.log, change.new)


def leads_on(policy: Policy, entry: bytes) -> bool:
    """Whether *entry*, of whatever log, says that it begins a change of the keys that *policy* lists."""
    # RFC 8785 sorts members: of all records only a change of keys begins so.
    if _CHANGES not in entry[:_ENOUGH]:
        return False
    try:
        change = Change.parse(Entry.parse(entry).record)
    except LedgerError:
        return False
    listed = policy.keys_of(change.log)
    return change.phase == BEGIN and bool(listed) and set(listed) <= set(change.old)


def with_keys(policy: Policy, origin: str, keys: Sequence[VerifierKey]) -> Policy:
    """Return *policy* with *keys* in the place of those that it lists for the log *origin*."""
    addresses = [url for key, url in policy.logs if key.name == origin]
    address = next((url for url in addresses if url is not None), None)
    lines: list[Keyed] = [(key, address) for key in keys]
    place = next((at for at, (key, _) in enumerate(policy.logs) if key.name == origin), len(policy.logs))
    others = [keyed for keyed in policy.logs if keyed[0].name != origin]
    return replace(policy, logs=(*others[:place], *lines, *others[place:]))
