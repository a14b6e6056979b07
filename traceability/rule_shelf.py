"""Every rule set that the log names, kept by its digest and never edited, only superseded.

    <folder>/<sha256 of the file>       the bytes of one reference table
    <folder>/<digest of the set>        the manifest: {"files":[[name, its SHA-256],…],"version":…}

So an audit years later judges an old entry by the tables of its day.
"""

import hashlib
from collections.abc import Mapping
from pathlib import Path

from ledger import canonical
from ledger.errors import NotProven
from traceability import rule_copies
from traceability.limits import RuleSet


class RuleShelf:
    """Rule sets on disk, content-addressed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._loaded: dict[str, RuleSet] = {}

    def put(self, rules: RuleSet, files: Mapping[str, bytes]) -> None:
        """Keep *rules* and the bytes of its files; what is there already is left alone."""
        self._folder.mkdir(parents=True, exist_ok=True)
        named = [[name, rules.files[name]] for name in sorted(files)]
        manifest = canonical.dumps({"files": named, "version": rules.version})
        for content in (*files.values(), manifest):
            path = self._folder / hashlib.sha256(content).hexdigest()
            if not path.exists():
                path.write_bytes(content)
        self._loaded[rules.digest] = rules

    def get(self, digest: str) -> RuleSet:
        """Return the rule set with this digest, each file checked against its name.

        Raises `NotProven` where it is missing or was changed.
        """
        if digest not in self._loaded:
            manifest = canonical.loads(self._read(digest))
            files = {name: self._read(sha256) for name, sha256 in manifest["files"]}
            rules = RuleSet.load(files)
            if rules.digest != digest:
                raise NotProven("a rule set has another digest than the log names", facts={"digest": digest})
            self._loaded[digest] = rules
        return self._loaded[digest]

    def files(self, digest: str) -> dict[str, bytes]:
        """Return the manifest of the rule set and its files by name, as `rule_copies` names them.

        Raises `NotProven` where one is missing or was changed, `Malformed` for a digest of something else.
        """
        return rule_copies.files_of(digest, lambda _digest, _name, sha256: self._read(sha256))

    def _read(self, sha256: str) -> bytes:
        path = self._folder / sha256
        if not path.is_file():
            raise NotProven("a rule set or one of its files is missing", facts={"sha256": sha256})
        content = path.read_bytes()
        if hashlib.sha256(content).hexdigest() != sha256:
            raise NotProven("a file of a rule set was changed", facts={"sha256": sha256})
        return content
