"""What a browser needs to check a page by itself: entries, paths, one checkpoint, and who may be believed.

    {"v":1, "lot":…, "origin":…, "policy":…, "checkpoint":…,
     "entries":[{"index":…,"bytes":…,"path":[…]},…],
     "handovers":["c2sp.org/tlog-proof@v1…",…],     each change of the log's own keys, signed by old and new
     "beyond":["/lot/…",…],                         what the lot came from and there was no room for
     "consistency":[…]}                             from the size that the asker saw before, if it said one

A page adds its language, chapters and subjects (static/verification.js). docs/formats.md describes it.
"""

import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from sqlalchemy import select

from ledger import shelf
from ledger.checkpoint import Checkpoint
from ledger.errors import LedgerError
from ledger.merkle import NodeReader, prove_consistency, prove_inclusion
from ledger.note import Note
from ledger.proof import TlogProof
from ledger.rotation import KIND as KEY_CHANGE
from ledger.spelling import base64_text
from ledger.tile import node_reader
from traceability import tables
from traceability.chronicle import Chronicle, Record
from traceability.reading import Reader
from traceability.story import Story
from web import key_life, showing
from web.database import Services

STATIC = Path(__file__).parent / "static"
MOST_NOTES = 64
"""How many checkpoints are looked at for one that enough witnesses have seen."""

_IMPORTED = re.compile(r"""^(?:import|export)\b[^;]*?from "\./([a-z0-9-]+\.js)";""", re.MULTILINE)


@cache
def modules(first: str = "verify.js") -> tuple[str, ...]:
    """Return the module *first* and all that it imports, so that a page can ask for them at once."""
    found = [first]
    for name in found:
        text = (STATIC / name).read_text(encoding="utf-8")
        found += [each for each in dict.fromkeys(_IMPORTED.findall(text)) if each not in found]
    return tuple(found)


def bundle(shared: Services, reader: Reader, story: Story, language: str) -> dict[str, Any]:
    """Return the proofs of every record of *story*, with what its page shows of them and where."""
    return {
        **proofs(shared, reader, story),
        "lang": language,
        "chapters": [
            {"id": chapter.id, "entries": [chapter.record.index], "subject": chapter.subject}
            for chapter in story.chapters
        ],
        "subjects": story.subjects,
    }


def proofs(shared: Services, reader: Reader, story: Story, *, since: int | None = None) -> dict[str, Any]:
    """Return the proofs of every record of *story* under one checkpoint, and that it grew from *since*."""
    changes = key_changes(reader)
    records = _with(story.records, changes)
    note = checkpoint_over(shared, reader, end=max(record.index for record in records) + 1)
    if note is None:
        return {}
    size = Checkpoint.parse(note.text).size
    # One reader for all paths: they share most of their nodes.
    read = _nodes(reader, size)
    told = {
        "v": 1,
        "lot": story.lot,
        "origin": shared.journal.origin,
        "policy": shared.policy.text(),
        "checkpoint": note.bytes().decode(),
        "entries": [_sent(record, read, size) for record in records],
        "handovers": [proof.bytes().decode() for proof in _handovers(shared, reader, changes)],
        "beyond": list(story.beyond),
    }
    return told if since is None or since >= size else {**told, "consistency": _grown(read, since, size)}


def checkpoint_over(shared: Services, reader: Reader, *, end: int) -> Note | None:
    """Return the checkpoint under which entries up to before *end* are shown; None before the first entry.

    Best is one that enough witnesses have seen; then one that is published, with its lines of ML-DSA. One
    that is only sealed holds the entries of the last moment, and is shown where no other has them yet.
    """
    seen = showing.newest_seen(shelf.cosigned_notes(reader.connection, most=MOST_NOTES), shared.policy)
    for note in (seen, shelf.latest_published(reader.connection)):
        if note is not None and Checkpoint.parse(note.text).size >= end:
            return note
    head = shelf.read_head(reader.connection)
    return None if head is None else head.note


def key_changes(reader: Reader) -> list[Record]:
    """Return every entry in which the log changed its own keys."""
    table = tables.key_record
    found = select(table.c.entry).where(table.c.kind == KEY_CHANGE).order_by(table.c.entry)
    chronicle = Chronicle(reader)
    return [chronicle.at(index) for index in reader.connection.execute(found).scalars()]


def _with(records: list[Record], more: list[Record]) -> list[Record]:
    found = {record.index: record for record in (*records, *more)}
    return [found[index] for index in sorted(found)]


def _sent(record: Record, read: NodeReader, size: int) -> dict[str, Any]:
    path = _path(read, record.index, size)
    return {"index": record.index, "bytes": base64_text(record.spelt), "path": path}


def _nodes(reader: Reader, size: int) -> NodeReader:
    return node_reader(shelf.tile_reader(reader.connection), size)


def _path(read: NodeReader, index: int, size: int) -> list[str]:
    """Return the path of an entry; of one that the log no longer has, a path that proves nothing."""
    try:
        return [base64_text(each) for each in prove_inclusion(read, index=index, size=size)]
    except LedgerError:
        return []


def _grown(read: NodeReader, since: int, size: int) -> list[str]:
    return [base64_text(each) for each in prove_consistency(read, old=since, size=size)]


def _handovers(shared: Services, reader: Reader, changes: list[Record]) -> Iterator[TlogProof]:
    """Yield the proof of each entry that began a change of keys, under a checkpoint of the change-over."""
    # Beginnings and ends take turns; an end may be still to come.
    ends = {begun.index: ended.index for begun, ended in pairwise(changes)}
    for begun in changes[::2]:
        note = key_life.note_of_change(reader, shared.policy, begun.index, ends.get(begun.index))
        if note is not None:
            size = Checkpoint.parse(note.text).size
            path = prove_inclusion(_nodes(reader, size), index=begun.index, size=size)
            yield TlogProof(begun.index, path, note)
