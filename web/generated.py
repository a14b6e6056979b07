"""What is written from other files, so that nobody types it twice.

    python -m web.generated

writes static/words.js from `web.words`, static/may-state.js from `traceability.events` and static/fields.js
from `web.chapters`, and prints, ready to be filled in, each sentence of the pages that has no English yet.
Tests compare all four.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

from traceability.events import MAY_STATE
from traceability.vocabulary import divisions
from web import chapters
from web.catalogue import Message, extracted, translated
from web.language import LANGUAGES, gettext, speaking
from web.words import VOCABULARIES

STATIC = Path(__file__).parent / "static"


def words_module() -> str:
    """Return the text of static/words.js."""
    spoken = {
        language: {
            name: {code: pair[at] for code, pair in words.items()} for name, words in VOCABULARIES.items()
        }
        for at, language in enumerate(("zh", "en"))
    }
    return _module("The words for codes, by language, vocabulary and code.", "words", spoken)


def may_state_module() -> str:
    """Return the text of static/may-state.js."""
    allowed = {kind: sorted(roles) for kind, roles in MAY_STATE.items()}
    return _module("Which roles may state which kind of event.", "mayState", allowed)


def fields_module() -> str:
    """Return the text of static/fields.js."""
    told = {
        "rows": [
            {"at": at, "label": _spoken(label), "main": label in chapters.MAIN, "members": members}
            for at, label, members in chapters.NAMES
        ],
        "expected": chapters.EXPECTED,
        "results": [
            {"name": name, "label": _spoken(label), "form": form} for name, label, form in chapters.RESULT
        ],
        "divisions": {code: {"zh": each.name_zh, "en": each.name_en} for code, each in divisions().items()},
    }
    return _module(
        "Which facts of a record a shopper is told, under which names, in which form.", "fields", told
    )


def _spoken(sentence: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for language in LANGUAGES:
        with speaking(language):
            found[language] = gettext(sentence)
    return found


def missing_english() -> Iterator[str]:
    """Yield each sentence without English as an entry of a .po file, then each that no page uses."""
    wanted, there = extracted(), translated("en")
    yield from (_entry(message) for message in sorted(wanted - there, key=str))
    yield from (f"# not used: {message}" for message in sorted(there - wanted, key=str))


def _module(says: str, name: str, value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True)
    return f"/** {says} Written by `python -m web.generated`. */\nexport const {name} = {text};\n"


def _entry(message: Message) -> str:
    if isinstance(message, str):
        return f'msgid {_quoted(message)}\nmsgstr ""\n'
    singular, plural = map(_quoted, message)
    return f'msgid {singular}\nmsgid_plural {plural}\nmsgstr[0] ""\nmsgstr[1] ""\n'


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def main() -> None:
    """Write the modules and print what has no English."""
    (STATIC / "words.js").write_text(words_module(), encoding="utf-8")
    (STATIC / "may-state.js").write_text(may_state_module(), encoding="utf-8")
    (STATIC / "fields.js").write_text(fields_module(), encoding="utf-8")
    sys.stdout.writelines(line + "\n" for line in missing_english())


if __name__ == "__main__":
    main()
