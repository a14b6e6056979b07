"""The sentences of the pages, Chinese as they stand in the code, and what each is in English.

A msgid is the Chinese sentence itself. Each room keeps its English in a file of its own, so that two people
can work at once: translations/en/LC_MESSAGES/messages.po, farm.po, mill.po … All are read as they are at
start; nothing compiled is kept.

`python -m web.generated` prints, ready to be filled in, each sentence that has no English yet, and names
each that no page uses any more.
"""

import io
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

HERE = Path(__file__).parent
FOLDER = HERE / "translations"
METHODS = [("templates/**.html", "jinja2"), ("**.py", "python")]
KEYWORDS = {"_": None, "N_": None, "gettext": None, "ngettext": (1, 2)}

Message = str | tuple[str, ...]
"""A sentence, or the pair of its singular and its plural."""


class TwoTranslations(Exception):
    """Two files give one sentence two English forms."""


@cache
def translations(language: str) -> NullTranslations:
    """Return what turns msgids into *language*: nothing at all for Chinese."""
    if language == "zh":
        return NullTranslations()
    compiled = io.BytesIO()
    write_mo(compiled, catalogue(language))
    compiled.seek(0)
    return Translations(fp=compiled)


def catalogue(language: str) -> Catalog:
    """Return all files of *language* as one; raise `TwoTranslations` where they differ."""
    joined = Catalog(locale=language)
    for path in sorted((FOLDER / language / "LC_MESSAGES").glob("*.po")):
        with path.open("rb") as file:
            read = read_po(file, locale=language, abort_invalid=True)
        for message in read:
            if not message.id:
                continue
            known = joined.get(message.id)
            if known is not None and known.string != message.string:
                raise TwoTranslations(f"{path.name}: {message.id}")
            joined[message.id] = message
    return joined


def extracted() -> set[Message]:
    """Return every msgid in the templates and modules of `web`."""
    found = extract_from_dir(
        HERE, METHODS, keywords=KEYWORDS, options_map={"templates/**.html": {"silent": "no"}}
    )
    return {each[2] for each in found if each[2]}


def translated(language: str) -> set[Message]:
    """Return every msgid that has a full translation into *language*."""
    return {_as_message(each.id) for each in catalogue(language) if each.id and _is_full(each.string)}


def _as_message(found: str | list[str] | tuple[str, ...]) -> Message:
    return found if isinstance(found, str) else tuple(found)


def _is_full(string: str | list[str] | tuple[str, ...] | None) -> bool:
    return all(string) if isinstance(string, (list, tuple)) else bool(string)
