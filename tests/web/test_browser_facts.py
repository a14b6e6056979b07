"""What the shopper's browser says: facts as the server writes them, faults in both languages."""

import re
from base64 import b64encode
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser import STATIC
from traceability.disclosure import SealedValue
from traceability.events import MAY_STATE
from web.facts import format_fact

pytestmark = pytest.mark.browser

WORDS = {"commodity": {"paddy": "稻谷"}, "piece": {"ear": "穗"}}
FORMATTED: list[tuple[Any, str, str]] = [
    ("三环唑", "text", "三环唑"),
    (3, "text", "3"),
    (["a", "b"], "text", "a、b"),
    ("3090", "mass", "3,090 公斤"),
    ("3090.5", "mass", "3,090.5 公斤"),
    ("999", "mass", "999 公斤"),
    ("1000000.001", "mass", "1,000,000.001 公斤"),
    ("-1234.5678", "number", "-1,234.5678"),
    (1200, "number", "1,200"),
    (0, "number", "0"),
    (1200, "pieces", "1,200 穗"),
    ({"kg": "20"}, "amount", "20 公斤"),
    ({"pieces": 7}, "amount", "7 穗"),
    ("2026-09-21", "date", "2026-09-21"),
    ("2026-09-20T16:30:59.999999Z", "instant", "2026-09-21 00:30"),
    ("0.125", "share", "12.5%"),
    ("1", "share", "100%"),
    ("0", "share", "0%"),
    ("0.5", "share", "50%"),
    ("0.00125", "share", "0.125%"),
    ("1.25", "share", "125%"),
    ("yushu", "party", "yushu"),
    ("/lot/yushu/rice/R1", "lot", "R1"),
    ("https://id.gs1.org/01/09520000000012/10/A%2F1", "lot", "A/1"),
    ("paddy", "word:commodity", "稻谷"),
    ("toString", "word:commodity", "toString"),
    ("x", "word:nothing", "x"),
    (True, "word:commodity", "true"),
]


def test_values_are_formatted_as_the_page_formats_them(modules: Page) -> None:
    found = modules.evaluate(
        """async ([words, cases]) => { const m = await load("facts");
           return cases.map(([value, form]) =>
             m.format(value, form, { lang: "zh", words, unit: "ear", units: new Set(["ear"]) })); }""",
        [WORDS, FORMATTED],
    )

    assert found == [text for _, _, text in FORMATTED]


def test_english_differs_only_in_words(modules: Page) -> None:
    found = modules.evaluate(
        """async (cases) => { const m = await load("facts");
           const told = { lang: "en", words: {}, units: new Set() };
           return cases.map(([value, form]) => m.format(value, form, told)); }""",
        [["3090", "mass"], [["a", "b"], "text"], ["paddy", "word:commodity"]],
    )

    assert found == ["3,090 kg", "a, b", "paddy"]


def test_the_server_formats_by_the_same_rules() -> None:
    kept = ((value, form, text) for value, form, text in FORMATTED if not form.startswith("word:"))

    found = [(value, form, format_fact(form, value, "zh", unit="穗")) for value, form, _ in kept]

    assert found == [row for row in FORMATTED if not row[1].startswith("word:")]


def test_a_seal_is_opened_as_python_sealed_it(modules: Page) -> None:
    value = SealedValue("urn:uuid:1", "/places/0/place", bytes(range(32)), "榆树 市场")

    found = modules.evaluate(
        """async (of) => { const m = await load("bytes", "facts"); return m.toHex(m.sealOf(of)); }""",
        {
            "statement": value.statement_id,
            "pointer": value.pointer,
            "salt": b64encode(value.salt).decode(),
            "value": value.value,
        },
    )

    assert found == value.digest.hex()


# ---- what is said ----


def test_every_fault_is_told_in_both_languages(modules: Page) -> None:
    source = "".join(file.read_text() for file in STATIC.glob("*.js"))
    thrown = (
        r'(?:Malformed|NotProven|fault|refuse)\(\s*"([a-z0-9-]+)"|code: "([a-z0-9-]+)"|return "(key-[a-z-]+)"'
    )
    codes = {next(filter(None, groups)) for groups in re.findall(thrown, source)}

    told = modules.evaluate(
        """async () => { const { sentences } = await load("verify-words");
           return Object.values(sentences).map((one) => Object.keys(one.faults)); }"""
    )

    assert [codes - set(one) for one in told] == [set(), set()]
    assert len(codes) > 50
    assert sorted(told[0]) == sorted(told[1])


def test_the_browser_knows_who_may_state_what_as_the_journal_does(modules: Page) -> None:
    found = modules.evaluate("""async () => (await load("may-state")).mayState""")

    assert found == {kind: sorted(roles) for kind, roles in MAY_STATE.items()}
