"""One link of the chain: what was recorded, when, and the fingerprint of the link before it.

    {"at":"2026-09-21T08:00:00.000000Z",    when it was recorded; never earlier than the entry before
     "index":7,                             its place, counted from 0
     "prev":"<base64 of 32 bytes>",         leaf hash of entry 6; 32 zero bytes before entry 0
     "record":{…},                          what is recorded
     "v":1}                                 the version of all of this

The bytes are RFC 8785 (no spaces, no line breaks), at most 65,535 of them, as c2sp.org/tlog-tiles can bundle.
As `prev` is a leaf hash, the leaves of the tree are the chain.
"""

from dataclasses import dataclass
from typing import TypeVar

from ledger import canonical
from ledger.canonical import Json
from ledger.errors import Malformed
from ledger.merkle import HASH_LENGTH, Hash, leaf_hash
from ledger.spelling import base64_bytes, base64_text

VERSION = 1
LONGEST = 65_535
BEFORE_THE_FIRST: Hash = bytes(HASH_LENGTH)

EntryBytes = bytes
T = TypeVar("T")

_MEMBERS = {"at", "index", "prev", "record", "v"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One link; *at* is an instant as `canonical.instant_text` spells it."""

    index: int
    at: str
    prev: Hash
    record: dict[str, Json]

    def __post_init__(self) -> None:
        canonical.instant_of(self.at)
        if self.index < 0 or len(self.prev) != HASH_LENGTH:
            raise Malformed("an entry has a place and the 32-byte hash of the entry before it")
        # Only the first entry has nothing before it.
        if self.index == 0 and self.prev != BEFORE_THE_FIRST:
            raise Malformed("nothing stands before the first entry")

    def bytes(self) -> EntryBytes:
        """Spell the entry as it is hashed, stored and served."""
        members = {
            "at": self.at,
            "index": self.index,
            "prev": base64_text(self.prev),
            "record": self.record,
            "v": VERSION,
        }
        return _of_length(canonical.dumps(members))

    @property
    def leaf(self) -> Hash:
        """The entry's leaf in the tree, which the next entry names as `prev`."""
        return leaf_hash(self.bytes())

    @classmethod
    def parse(cls, spelt: EntryBytes) -> "Entry":
        """Read what `bytes` wrote, or raise `Malformed`."""
        members = canonical.loads(_of_length(spelt))
        if not isinstance(members, dict) or set(members) != _MEMBERS:
            raise Malformed("an entry has exactly the members at, index, prev, record and v")
        # True equals 1 to Python; in an entry it is another thing.
        if _typed(members, "v", int) != VERSION:
            raise Malformed("an entry of an unknown version")
        return cls(
            index=_typed(members, "index", int),
            at=_typed(members, "at", str),
            prev=base64_bytes(_typed(members, "prev", str)),
            record=_typed(members, "record", dict),
        )


def _typed(members: dict[str, Json], name: str, kind: type[T]) -> T:
    value = members[name]
    if type(value) is not kind:
        raise Malformed("a member is of the wrong kind", facts={"pointer": f"/{name}"})
    return value


def _of_length(spelt: EntryBytes) -> EntryBytes:
    if len(spelt) > LONGEST:
        raise Malformed("an entry is at most 65,535 bytes", facts={"bytes": len(spelt)})
    return spelt
