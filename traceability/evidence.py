"""Documents that partners sent, kept as they came, each under the SHA-256 of its bytes.

    <folder>/<sha256>       readable by the operator alone, for it names buyers and places

Entries name a document by sealed digest, so that whoever is shown it can check that it is the one.
"""

import hashlib
import os
from pathlib import Path


class Evidence:
    """Documents on disk, content-addressed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, document: bytes) -> str:
        """Keep *document* and return its digest in hex; what is there already is left alone."""
        digest = hashlib.sha256(document).hexdigest()
        path = self._folder / digest
        if not path.exists():
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            half = self._folder / f"{digest}.{os.getpid()}.new"
            half.unlink(missing_ok=True)
            # Unreadable to others from its first moment, and never half a document under its name.
            with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(document)
                file.flush()
                os.fsync(file.fileno())
            half.replace(path)
        return digest

    def get(self, digest: str) -> bytes | None:
        """Return the document with this digest, or None where it is not kept."""
        path = self._folder / digest
        return path.read_bytes() if path.is_file() else None
