"""Rule sets that travel with a log, so that whoever holds a copy can judge its entries once more.

    rules/<digest>/manifest.json    the bytes with this SHA-256: {"files":[[name, its SHA-256],…],"version":…}
    rules/<digest>/<name>           each file that the manifest names

Nobody is believed about them: an entry names the digest, the digest is that of the manifest, and so on down.
"""

import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from ledger import canonical
from ledger.errors import Malformed, NotProven

MANIFEST = "manifest.json"
_NAMED = re.compile(rb'"rules":"([0-9a-f]{64})"')
_DIGEST = re.compile("[0-9a-f]{64}")
_NAME = re.compile(r"[a-z][a-z0-9_]{0,60}\.[a-z]{1,10}")
_MOST_FILES = 64

ReadSet = Callable[[str, str, str], bytes]
"""(digest of the set, name of the file, SHA-256 of the file): its bytes, which nobody has checked yet."""


def files_of(digest: str, read: ReadSet) -> dict[str, bytes]:
    """Return the manifest and the files of the rule set with this *digest*, each of which hashes to its name.

    Raises `NotProven` where one does not, `Malformed` where the manifest is none.
    """
    if not _DIGEST.fullmatch(digest):
        raise Malformed("not the digest of a rule set")
    manifest = _checked(digest, MANIFEST, digest, read)
    named = _named(canonical.loads(manifest))
    return {MANIFEST: manifest, **{name: _checked(digest, name, sha256, read) for name, sha256 in named}}


def _checked(digest: str, name: str, sha256: str, read: ReadSet) -> bytes:
    content = read(digest, name, sha256)
    if hashlib.sha256(content).hexdigest() != sha256:
        raise NotProven("a file of a rule set was changed", facts={"path": f"rules/{digest}/{name}"})
    return content


def _named(manifest: Any) -> list[tuple[str, str]]:
    files = manifest.get("files") if isinstance(manifest, dict) else None
    if not isinstance(files, list) or len(files) > _MOST_FILES:
        raise Malformed("not the manifest of a rule set")
    return [_named_file(each) for each in files]


def _named_file(pair: Any) -> tuple[str, str]:
    match pair:
        case [str(name), str(sha256)] if _NAME.fullmatch(name) and _DIGEST.fullmatch(sha256):
            return name, sha256
    raise Malformed("not the manifest of a rule set")


class RuleCopies:
    """Gives the files of each rule set that entries name, once; *gather* finds the set with a digest."""

    def __init__(self, gather: Callable[[str], dict[str, bytes]]) -> None:
        self._gather = gather
        self._given: set[str] = set()

    def beside(self, entries: Sequence[bytes]) -> Iterator[tuple[str, bytes]]:
        """Yield path and bytes of what these *entries* name for the first time."""
        for digest in sorted({found.decode() for entry in entries for found in _NAMED.findall(entry)}):
            if digest not in self._given:
                self._given.add(digest)
                for name, content in self._gather(digest).items():
                    yield f"rules/{digest}/{name}", content
