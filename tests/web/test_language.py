"""Chinese first, English complete: every sentence and every word stands in both."""

import re
import typing
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_type_hints

import pytest
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from traceability.events import KINDS as EVENT_KINDS
from traceability.events import MAY_STATE
from web import generated
from web.catalogue import TwoTranslations, catalogue, extracted, translated
from web.language import (
    N_,
    choose,
    cli_language,
    current,
    gettext,
    ngettext,
    speaking,
    told,
    without_language,
)
from web.terms import FIELDS, KINDS
from web.words import VOCABULARIES, choices, word

PLACES = re.compile(r"%\((\w+)\)[sd]")


def test_every_sentence_has_its_english_and_no_english_is_left_over() -> None:
    assert extracted() == translated("en")


def test_a_sentence_and_its_english_have_the_same_places_for_facts() -> None:
    differing = [
        message.id
        for message in catalogue("en")
        if message.id and set(PLACES.findall(str(message.id))) != set(PLACES.findall(str(message.string)))
    ]

    assert differing == []


def test_no_sentence_has_a_per_cent_sign_that_breaks_it() -> None:
    texts = [str(text) for message in catalogue("en") if message.id for text in (message.id, message.string)]

    assert [text for text in texts if "%" in PLACES.sub("", text).replace("%%", "")] == []


def test_two_files_may_not_differ_over_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "en" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    head = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
    (folder / "a.po").write_text(head + 'msgid "米"\nmsgstr "rice"\n', encoding="utf-8")
    (folder / "b.po").write_text(head + 'msgid "米"\nmsgstr "metre"\n', encoding="utf-8")
    monkeypatch.setattr("web.catalogue.FOLDER", tmp_path)

    with pytest.raises(TwoTranslations, match=r"b\.po"):
        catalogue("en")


def test_what_has_no_english_is_printed_as_an_entry_to_fill_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(generated, "extracted", lambda: {'说"好"', ("%(num)s 批", "%(num)s 批")})
    monkeypatch.setattr(generated, "translated", lambda _language: {"旧"})

    lines = list(generated.missing_english())

    assert lines == [
        'msgid "%(num)s 批"\nmsgid_plural "%(num)s 批"\nmsgstr[0] ""\nmsgstr[1] ""\n',
        'msgid "说\\"好\\""\nmsgstr ""\n',
        "# not used: 旧",
    ]


@pytest.mark.parametrize(
    ("wishes", "header", "expected"),
    [
        ((None, None), "", "zh"),
        ((None, None), "*", "zh"),
        ((None, None), "zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ((None, None), "zh-Hant-TW", "zh"),
        ((None, None), "en-GB,en;q=0.9,zh;q=0.8", "en"),
        ((None, None), "fr,de;q=0.5", "en"),
        ((None, None), "fr,zh;q=0.5", "zh"),
        ((None, None), "zh;q=0,en", "en"),
        (("en", None), "zh", "en"),
        (("fr", "en"), "zh", "en"),
        (("zh", "en"), "en", "zh"),
        (("<script>", ""), "zh", "zh"),
    ],
)
def test_a_choice_goes_before_the_browser_and_the_browser_before_chinese(
    wishes: tuple[str | None, ...], header: str, expected: str
) -> None:
    assert choose(wishes, parse_accept_header(header, LanguageAccept)) == expected


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C.UTF-8"}, "en"),
        ({"LANG": "en_US.UTF-8", "LC_MESSAGES": "zh_TW.UTF-8"}, "zh"),
        ({"LANG": "", "LC_ALL": ""}, "en"),
        ({}, "en"),
    ],
)
def test_a_terminal_speaks_the_language_of_its_locale(environ: dict[str, str], expected: str) -> None:
    assert cli_language(environ) == expected


def test_outside_a_request_chinese_is_spoken_until_another_is_asked_for() -> None:
    heard = [current()]
    with speaking("en"):
        heard.append(current())
        with speaking("zh"):
            heard.append(current())
        heard.append(current())

    assert [*heard, current()] == ["zh", "en", "zh", "en", "zh"]


def test_facts_stand_in_their_places_in_both_languages() -> None:
    said = [gettext("没有找到：%(name)s。", name="A%1")]
    with speaking("en"):
        said.append(gettext("没有找到：%(name)s。", name="A%1"))
        said.append(told("没有找到：%(name)s。", {}))

    assert said == ["没有找到：A%1。", "Not found: A%1.", "Not found: —."]


def test_a_number_of_things_is_told_even_where_no_english_is_known() -> None:
    with speaking("en"):
        assert ngettext(N_("%(num)s 桶"), "%(num)s 桶", 2) == "2 桶"


@pytest.mark.parametrize(
    ("address", "expected"),
    [("/a?lang=en&b=1", "/a?b=1"), ("/a?lang=en", "/a"), ("/a", "/a"), ("/a?b=", "/a?b=")],
)
def test_a_choice_of_language_is_taken_off_the_way_back(address: str, expected: str) -> None:
    assert without_language(address) == expected


def test_every_kind_of_record_has_its_words() -> None:
    assert set(KINDS) == {*EVENT_KINDS, "log-opened", "log-keys", "key", "revocation"}


def test_every_field_of_every_event_has_its_words() -> None:
    named = {field for of in _classes() for field, _ in _fields(of)}

    assert named - set(FIELDS) == set()


def test_every_choice_of_every_field_has_its_words() -> None:
    offered = {
        (name, str(value)) for of in _classes() for name, hint in _fields(of) for value in _values(hint)
    }

    assert [pair for pair in sorted(offered) if pair[1] not in VOCABULARIES[pair[0]]] == []


def test_every_word_says_something_in_each_language() -> None:
    silent = [
        (name, code)
        for name, words in VOCABULARIES.items()
        for code, pair in words.items()
        if not all(text.strip() == text and text for text in pair)
    ]

    assert silent == []


def test_a_code_without_a_word_is_shown_as_it_is() -> None:
    assert (word("process", "milling", "zh"), word("process", "puffing", "zh")) == ("碾米", "puffing")


def test_a_form_offers_each_code_with_its_word() -> None:
    assert choices("measure") == [("mass", "按重量"), ("pieces", "按件数")]


def test_the_browser_has_the_same_words() -> None:
    assert (generated.STATIC / "words.js").read_text(encoding="utf-8") == generated.words_module()


def test_the_browser_has_the_same_roles() -> None:
    text = (generated.STATIC / "may-state.js").read_text(encoding="utf-8")

    assert (text, set(MAY_STATE)) == (generated.may_state_module(), set(EVENT_KINDS))


def _classes() -> Iterator[type[Any]]:
    """Yield every event class and every class inside one."""
    waiting: list[type[Any]] = list(EVENT_KINDS.values())
    seen: set[type[Any]] = set()
    while waiting:
        of = waiting.pop()
        if of in seen:
            continue
        seen.add(of)
        parts = [inner for _, hint in _fields(of) for inner in _parts(hint)]
        waiting += [inner for inner in parts if isinstance(inner, type) and is_dataclass(inner)]
        yield of


def _fields(of: type[Any]) -> list[tuple[str, Any]]:
    hints = get_type_hints(of)
    return [(each.name, hints[each.name]) for each in fields(of)]


def _parts(hint: Any) -> Iterator[Any]:
    yield hint
    if get_origin(hint) is not Literal:
        for part in typing.get_args(hint):
            yield from _parts(part)


def _values(hint: Any) -> Iterator[Any]:
    for part in _parts(hint):
        if get_origin(part) is Literal:
            yield from get_args(part)
