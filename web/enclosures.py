"""Documents that people enclose with a record: checked, kept outside the log, named there by their SHA-256.

    upload  →  PDF, PNG or JPEG by its first bytes, at most 8 MiB  →  instance/evidence/<sha256>

What is kept is exactly what was uploaded, so that its digest can be checked against the entry. While a form
is put right, it carries the digest as a token that only the party which uploaded the document can use.
"""

import io
import warnings

from flask import current_app
from itsdangerous import BadData, URLSafeSerializer
from PIL import Image, UnidentifiedImageError
from werkzeug.datastructures import FileStorage

from traceability.errors import Invalid, Problem
from traceability.evidence import Evidence
from web.database import Services

LARGEST = 8 * 1024 * 1024
MOST_PIXELS = 60_000_000
KINDS = {b"%PDF-": "application/pdf", b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}
"""How each kind of document begins."""
ACCEPTED = ",".join(KINDS.values())

_SALT = "jizihao/enclosure/v1"


def evidence(shared: Services) -> Evidence:
    """Return where documents are kept."""
    return Evidence(shared.settings.instance / "evidence")


def kind_of(content: bytes) -> str | None:
    """Return the media type of a document by its first bytes, whatever its name says."""
    return next((kind for start, kind in KINDS.items() if content.startswith(start)), None)


def keep(shared: Services, upload: FileStorage, party: str, *, where: str) -> str:
    """Keep an uploaded document of *party* and return its token, or raise `Invalid` at *where*."""
    with upload.stream:
        content = upload.stream.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise Invalid(Problem(where, "file-too-large", (("most", str(LARGEST // 2**20)),)))
    kind = kind_of(content)
    if kind is None:
        raise Invalid(Problem(where, "not-a-report"))
    if kind.startswith("image/"):
        _check_picture(content, where)
    return str(_tokens().dumps([party, evidence(shared).keep(content)]))


def digest_of(token: str, party: str) -> str | None:
    """Return the digest that a form carries for *party*; None for a token of others, or of nobody."""
    try:
        owner, digest = _tokens().loads(token)
    except (BadData, TypeError, ValueError):
        return None
    return str(digest) if owner == party else None


def _tokens() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt=_SALT)


def _check_picture(content: bytes, where: str) -> None:
    try:
        with warnings.catch_warnings():
            # A picture that unpacks to gigabytes is told by its head alone.
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=("PNG", "JPEG")) as picture:
                picture.verify()
                is_small = picture.width * picture.height <= MOST_PIXELS
    except (
        OSError,
        SyntaxError,
        ValueError,
        UnidentifiedImageError,
        Image.DecompressionBombWarning,
        Image.DecompressionBombError,
    ):
        is_small = False
    if not is_small:
        raise Invalid(Problem(where, "not-a-picture"))
