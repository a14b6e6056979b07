"""The picture of a pesticide's label: checked, kept outside the log, and named there by its sealed digest.

What is kept is exactly what was uploaded, so that its SHA-256 can be checked against the entry.
"""

import io
import re
import warnings

from PIL import Image, UnidentifiedImageError
from werkzeug.datastructures import FileStorage

from traceability.errors import Invalid, Problem
from traceability.evidence import Evidence
from web.database import Services

LARGEST = 8 * 1024 * 1024
MOST_PIXELS = 60_000_000
FORMATS = ("PNG", "JPEG")

_DIGEST = re.compile(r"[0-9a-f]{64}")


def evidence(shared: Services) -> Evidence:
    """Return where pictures and documents are kept."""
    return Evidence(shared.settings.instance / "evidence")


def keep(shared: Services, upload: FileStorage | None, kept: str | None, *, where: str) -> str | None:
    """Keep an uploaded picture and return its digest; without a new one, what the form *kept* before.

    Raises `Invalid` at *where* for what is no PNG or JPEG, or too large.
    """
    if upload is None or not upload.filename:
        return kept if kept and _DIGEST.fullmatch(kept) and evidence(shared).get(kept) else None
    content = upload.stream.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise Invalid(Problem(where, "too-large", (("most", str(LARGEST)),)))
    check(content, where)
    return evidence(shared).keep(content)


def check(content: bytes, where: str) -> None:
    """Raise `Invalid` unless *content* is a whole PNG or JPEG of a size that a camera makes."""
    try:
        with warnings.catch_warnings():
            # A picture that unpacks to gigabytes is told by its head alone.
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=FORMATS) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    raise Invalid(Problem(where, "not-a-picture"))
                picture.verify()
    except (
        OSError,
        SyntaxError,
        ValueError,
        UnidentifiedImageError,
        Image.DecompressionBombWarning,
        Image.DecompressionBombError,
    ):
        raise Invalid(Problem(where, "not-a-picture")) from None
