"""One link of the chain: what was recorded, when, and the fingerprint of the link before it.

    {"at":"2026-09-21T08:00:00.000000Z",    when it was recorded; never earlier than the entry before
     "index":7,                             its place, counted from 0
     "prev":"<base64 of 32 bytes>",         leaf hash of entry 6; 32 zero bytes before entry 0
     "record":{…},                          what is recorded
     "v":1}                                 the version of all of this

The bytes are RFC 8785 (no spaces, no line breaks), at most 65,535 of them, as c2sp.org/tlog-tiles can bundle.
As `prev` is a leaf hash, the leaves of the tree are the chain.

A record may be spelt and checked long before its place is known: `ready`. Its entry is then put together from
bytes, member by member, and is the same as `Entry.bytes` gives.
"""

from binascii import b2a_base64
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import NamedTuple, TypeVar

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
        members = _members(spelt)
        return cls(
            index=_typed(members, "index", int),
            at=_typed(members, "at", str),
            prev=base64_bytes(_typed(members, "prev", str)),
            record=_typed(members, "record", dict),
        )


class Ready(bytes):
    """The canonical bytes of a record that fits into an entry wherever it comes to stand.

    Made by `ready` or `Ready.parse` alone: whoever holds one need not look at it again.
    """

    __slots__ = ()

    @classmethod
    def parse(cls, spelt: bytes) -> "Ready":
        """Check what somebody else spelt, or raise `Malformed`."""
        # Read where it will stand, one level deep; bytes that close the record early give another member.
        members = canonical.loads(b'{"record":%s}' % spelt)
        if set(members) != {"record"}:
            raise Malformed("a record is one value")
        return ready(members["record"])


def ready(record: dict[str, Json]) -> Ready:
    """Spell *record* as it will stand in its entry; `Malformed` if it is no record or too long for one."""
    if type(record) is not dict:
        raise Malformed("a record is an object")
    spelt = canonical.dumps({"record": record})[len(b'{"record":') : -len(b"}")]
    if len(spelt) > LONGEST_RECORD:
        raise Malformed("a record is too long for an entry", facts={"bytes": len(spelt)})
    return Ready(spelt)


class Links(NamedTuple):
    """Entries one behind another, and the leaf of each."""

    spelt: list[EntryBytes]
    leaves: list[Hash]


def chained(start: int, at: str, prev: Hash, records: Iterable[Ready]) -> Links:
    """Spell the entries of *records* from the place *start* on; *prev* is the leaf before the first of them.

    Beside the disk this is what an append costs, so it calls no function of ours for an entry.
    """
    opening = b'{"at":"%s","index":' % at.encode()
    spelt: list[EntryBytes] = []
    leaves: list[Hash] = []
    for index, record in enumerate(records, start):
        link = b2a_base64(prev, newline=False)
        entry = b'%s%d,"prev":"%s","record":%s,"v":1}' % (opening, index, link, record)
        prev = sha256(b"\x00" + entry).digest()
        spelt.append(entry)
        leaves.append(prev)
    return Links(spelt, leaves)


def record_of(spelt: EntryBytes) -> dict[str, Json]:
    """Read only what is recorded, for those who have compared place and link byte by byte; or `Malformed`."""
    members = _members(spelt)
    canonical.instant_of(_typed(members, "at", str))
    return _typed(members, "record", dict)


def _members(spelt: EntryBytes) -> dict[str, Json]:
    members = canonical.loads(_of_length(spelt))
    if not isinstance(members, dict) or set(members) != _MEMBERS:
        raise Malformed("an entry has exactly the members at, index, prev, record and v")
    # True equals 1 to Python; in an entry it is another thing.
    if _typed(members, "v", int) != VERSION:
        raise Malformed("an entry of an unknown version")
    return members


def _typed(members: dict[str, Json], name: str, kind: type[T]) -> T:
    value = members[name]
    if type(value) is not kind:
        raise Malformed("a member is of the wrong kind", facts={"pointer": f"/{name}"})
    return value


def _of_length(spelt: EntryBytes) -> EntryBytes:
    if len(spelt) > LONGEST:
        raise Malformed("an entry is at most 65,535 bytes", facts={"bytes": len(spelt)})
    return spelt


# What is left of an entry for its record, at the last place there can be.
_LAST = Entry(canonical.BEYOND - 1, "2026-09-21T08:00:00.000000Z", BEFORE_THE_FIRST, {})
LONGEST_RECORD = LONGEST - len(_LAST.bytes()) + len(b"{}")
