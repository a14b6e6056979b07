"""What is checked before a log goes on from a database: that it is not older than what was promised.

    1  it does not end before the high-water mark, which is kept elsewhere
    2  its last entries, hashed again, follow one another; its root, computed again, is the sealed one
    3  it begins with the tree of the mark, and with each that was published

This proves the head, not the past: an entry is hashed again whenever it is read, and the audit does the rest.
"""

from collections.abc import Sequence

from sqlalchemy import Connection

from ledger import shelf
from ledger.checkpoint import Checkpoint
from ledger.entry import BEFORE_THE_FIRST, Entry
from ledger.errors import KeysChanged, Malformed, NotProven, Unsafe
from ledger.keys import VerifierKey
from ledger.merkle import Frontier, NodeReader, check_consistency, leaf_hash, prove_consistency
from ledger.note import Note, verified
from ledger.shelf import Head
from ledger.tile import FULL, node_reader

# The database's own list of published notes is checked this far back at a start; the audit checks all of it.
PUBLISHED_CHECKED = 256


def check_start(
    connection: Connection,
    *,
    origin: str,
    key: VerifierKey,
    mark: Note | None,
    beside: Sequence[VerifierKey] = (),
    former: Sequence[VerifierKey] = (),
) -> Head | None:
    """Return the head to go on from, or None for a log without entries; raise `Unsafe` if neither is safe.

    The head must be signed with *key* or one *beside* it; older notes may be with a *former* one.
    """
    signing = (key, *beside)
    try:
        head = shelf.read_head(connection)
        check_reaches(head, mark)
        if head is None:
            _check_empty(connection)
            return None
        if mark is None:
            raise Unsafe("the high-water mark is missing", facts={"size": head.size})
        check_own(head.note, origin, signing)
        _check_tail(connection, head)
        _check_root(connection, head)
        # One reader for all: their proofs share the tiles at the right edge.
        read = node_reader(shelf.tile_reader(connection), head.size)
        check_extends(read, head, mark, origin=origin, keys=(*signing, *former))
        for size, spelt in shelf.last_published(connection, most=PUBLISHED_CHECKED):
            note = Note.parse(spelt)
            shelf.check_size(size, Checkpoint.parse(note.text))
            check_extends(read, head, note, origin=origin, keys=(*signing, *former))
    except (Malformed, NotProven) as why:
        raise Unsafe(why.reason, facts=why.facts) from why
    return head


def check_reaches(head: Head | None, mark: Note | None) -> None:
    """Raise `Unsafe` if the log ends before the mark, or has another tree of its size."""
    if mark is None or (head is not None and head.note.text == mark.text):
        return
    size, marked = 0 if head is None else head.size, Checkpoint.parse(mark.text)
    if size < marked.size or (head is not None and size == marked.size and head.checkpoint() != marked):
        facts: dict[str, str | int] = {"size": size, "mark": marked.size}
        raise Unsafe("the database falls short of the high-water mark: has it been restored?", facts=facts)


def check_extends(
    read: NodeReader, head: Head, note: Note, *, origin: str, keys: Sequence[VerifierKey]
) -> None:
    """Raise `NotProven` unless *note* is the log's own and the tree under *head* begins with its tree.

    *read* gives the nodes of the tree under *head*.
    """
    check_own(note, origin, keys)
    old, new = Checkpoint.parse(note.text), head.checkpoint()
    proof = prove_consistency(read, old=old.size, size=head.size)
    check_consistency(proof, old=old.size, old_root=old.root, size=head.size, root=new.root)


def check_witnessed(
    connection: Connection, head: Head | None, note: Note, *, origin: str, keys: Sequence[VerifierKey]
) -> bool:
    """Raise `Unsafe` unless the tree under *head* begins with that of *note*; False if not the log's own."""
    try:
        check_own(note, origin, keys)
    except (Malformed, NotProven):
        return False
    size, seen = 0 if head is None else head.size, Checkpoint.parse(note.text).size
    if head is None or size < seen:
        raise Unsafe("a witness has cosigned a larger tree", facts={"size": size, "witnessed": seen})
    try:
        read = node_reader(shelf.tile_reader(connection), head.size)
        check_extends(read, head, note, origin=origin, keys=keys)
    except NotProven as why:
        facts: dict[str, str | int] = {"size": size, "witnessed": seen}
        raise Unsafe("a witness has cosigned another history", facts=facts) from why
    return True


def check_own(note: Note, origin: str, keys: Sequence[VerifierKey]) -> None:
    """Raise `NotProven` unless the log signed *note*: nobody else's note may hold it back, or move it on."""
    if Checkpoint.parse(note.text).origin != origin or not verified(note, keys):
        raise NotProven("the note is not signed by this log", facts={"origin": origin})


def check_knows(note: Note, origin: str, keys: Sequence[VerifierKey]) -> None:
    """Raise `Unsafe` if the log signs with a key that is not among *keys*: ours are no longer all of them."""
    known = {key.key_id for key in keys}
    if any(line.name == origin and line.key_id not in known for line in note.signatures):
        raise KeysChanged(
            "the log's keys have changed: restart with its new key file", facts={"origin": origin}
        )


def _check_empty(connection: Connection) -> None:
    if shelf.count_entries(connection) > 0:
        raise Unsafe("there are entries, but no checkpoint seals them")


def _check_tail(connection: Connection, head: Head) -> None:
    """Hash the entries since the last full tile again, at least one, and follow their links."""
    start = head.size - (head.size % FULL or 1)
    prev = shelf.leaf_at(connection, start - 1) if start else BEFORE_THE_FIRST
    for index, spelt in enumerate(shelf.checked_entries(connection, start, head.size), start):
        entry = Entry.parse(spelt)
        if entry.index != index or entry.prev != prev:
            raise Unsafe("an entry does not follow the one before it", facts={"index": index})
        prev = leaf_hash(spelt)
    if shelf.count_entries(connection) != head.size:
        raise Unsafe("there are entries that no checkpoint seals", facts={"size": head.size})


def _check_root(connection: Connection, head: Head) -> None:
    """Compute the root again from the right edge of the tiles."""
    edge = Frontier.read(node_reader(shelf.tile_reader(connection), head.size), head.size)
    sealed = head.checkpoint()
    if edge != head.frontier or (sealed.size, sealed.root) != (head.size, edge.root()):
        raise Unsafe("the stored tree is not the one that was sealed", facts={"size": head.size})
