"""What a browser needs to check a page by itself: entries, paths, one checkpoint, and who may be believed.

The shape is drawn at the head of static/verification.js; docs/formats.md describes it.
"""

import re
from functools import cache
from pathlib import Path
from typing import Any

from ledger import shelf
from ledger.errors import LedgerError
from ledger.merkle import NodeReader, prove_inclusion
from ledger.spelling import base64_text
from ledger.tile import node_reader
from traceability.reading import Reader
from traceability.story import Story
from web.database import Services

STATIC = Path(__file__).parent / "static"
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
    """Return the proofs of every record of *story*, under the latest checkpoint that *reader* sees."""
    head = shelf.read_head(reader.connection)
    if head is None:
        return {}
    note = shelf.latest_published(reader.connection)
    # A published checkpoint has the lines of witnesses; one that is only sealed has the newer entries.
    best = note if note is not None and note.text == head.note.text else head.note
    # One reader for all paths: they share most of their nodes.
    read = node_reader(shelf.tile_reader(reader.connection), head.size)
    return {
        "v": 1,
        "lang": language,
        "lot": story.lot,
        "origin": shared.journal.origin,
        "policy": shared.policy.text(),
        "checkpoint": best.bytes().decode(),
        "entries": [
            {
                "index": record.index,
                "bytes": base64_text(record.spelt),
                "path": _path(read, record.index, head.size),
            }
            for record in story.records
        ],
        "chapters": [
            {"id": chapter.id, "entries": [chapter.record.index], "subject": chapter.subject}
            for chapter in story.chapters
        ],
        "subjects": story.subjects,
    }


def _path(read: NodeReader, index: int, size: int) -> list[str]:
    """Return the path of an entry; of one that the log no longer has, a path that proves nothing."""
    try:
        return [base64_text(each) for each in prove_inclusion(read, index=index, size=size)]
    except LedgerError:
        return []
