"""Hashes, signatures and the one spelling of JSON in the shopper's browser, on the vectors of the ledger."""

import hashlib
import json
import re
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from ledger import canonical, merkle
from ledger.dsse import AuthorKey
from ledger.errors import LedgerError
from tests.browser import STATIC

pytestmark = pytest.mark.browser

VECTORS = Path(__file__).resolve().parents[2] / "data" / "vectors"


def b64(raw: bytes) -> str:
    return b64encode(raw).decode()


# ---- bytes and hashes ----


@pytest.mark.parametrize("name", ["sha256", "sha512"])
def test_hashes_agree_with_python_for_every_length_around_the_blocks(modules: Page, name: str) -> None:
    messages = [bytes((at * 7 + length) % 256 for at in range(length)) for length in [*range(300), 70_000]]

    found = modules.evaluate(
        f"""async (all) => {{ const m = await load("bytes", "{name}");
            return all.map((text) => m.toHex(m.{name}(m.fromHex(text)))); }}""",
        [message.hex() for message in messages],
    )

    assert found == [hashlib.new(name, message).hexdigest() for message in messages]


@pytest.mark.parametrize("text", ["YQ", "YR==", "YQ==\n", " YQ==", "Y-Q=", "YQ=", "YQ===", "====", "é==="])
def test_base64_has_one_spelling(modules: Page, text: str) -> None:
    found = modules.evaluate(
        """async (text) => { const m = await load("bytes"); return refusal(() => m.fromBase64(text)); }""",
        text,
    )

    assert found == "not-base64"


def test_base64_that_is_right_comes_back(modules: Page) -> None:
    raws = [bytes(range(length)) for length in range(8)]

    found = modules.evaluate(
        """async (all) => { const m = await load("bytes");
           return all.map((one) => m.toHex(m.fromBase64(one))); }""",
        [b64(raw) for raw in raws],
    )

    assert found == [raw.hex() for raw in raws]


# ---- Ed25519 ----

# RFC 8032, 7.1: TEST 1 to 3 and TEST SHA(abc).
RFC_8032 = [
    ("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
     "d25bf5f0595bbe24655141438e7a100b"),
    ("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c"
     "387b2eaeb4302aeeb00d291612bb0c00"),
    ("fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc659"
     "4a7c15e9716ed28dc027beceea1ec40a"),
]  # fmt: skip
GROUP_ORDER = 2**252 + 27742317777372353535851937790883648493
VERIFIERS = ["verifyOwn", "verifyInBrowser", "verify"]


def ask(modules: Page, verifier: str, cases: list[tuple[str, str, str]]) -> list[bool]:
    found: list[bool] = modules.evaluate(
        """async ([name, cases]) => { const m = await load("bytes", "ed25519"); const found = [];
           for (const one of cases) found.push(await m[name](...one.map(m.fromHex))); return found; }""",
        [verifier, cases],
    )
    return found


@pytest.mark.parametrize("verifier", VERIFIERS)
def test_good_signatures_hold(modules: Page, verifier: str) -> None:
    key = AuthorKey(bytes(32))
    made = [(key.public.hex(), text.hex(), key.sign(text).hex()) for text in (b"", b"rice", bytes(500))]
    cases = [*RFC_8032, *made]

    assert ask(modules, verifier, cases) == [True] * len(cases)


@pytest.mark.parametrize("verifier", VERIFIERS)
def test_bent_signatures_do_not_hold(modules: Page, verifier: str) -> None:
    public, message, good = RFC_8032[1]
    bent = [(public, message, bytes_with_bit(good, bit)) for bit in range(0, 512, 31)]
    scalar = int.from_bytes(bytes.fromhex(good)[32:], "little") + GROUP_ORDER
    twin = good[:64] + scalar.to_bytes(32, "little").hex()
    # R with a part of order eight: only the equation with the cofactor takes it.
    cofactored = (STATIC / "ed25519.js").read_text()
    parts = re.search(r'forged:\s+"([0-9a-f]{64})" \+\s+"([0-9a-f]{64})"', cofactored)
    assert parts is not None
    forged = parts[1] + parts[2]
    cases = [*bent, (public, message, twin), (public, message, forged), (public, "73", good)]

    assert ask(modules, verifier, cases) == [False] * len(cases)


def bytes_with_bit(text: str, bit: int) -> str:
    raw = bytearray.fromhex(text)
    raw[bit // 8] ^= 1 << bit % 8
    return raw.hex()


def test_chromium_knows_ed25519_so_both_ways_are_tried_here(modules: Page) -> None:
    found = modules.evaluate("""async () => (await load("ed25519")).browserKnowsEd25519()""")

    assert found is True


UNSOUND = {
    "00" * 32: "key-small-order",
    "01" + "00" * 31: "key-small-order",
    "ec" + "ff" * 30 + "7f": "key-small-order",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a": "key-small-order",
    "ee" + "ff" * 30 + "7f": "key-not-canonical",
    "ed" + "ff" * 30 + "7f": "key-not-canonical",
    "02" + "00" * 31: "key-no-point",
    RFC_8032[0][0]: None,
}


def test_keys_that_libraries_read_in_two_ways_are_refused(modules: Page) -> None:
    found = modules.evaluate(
        """async (keys) => { const m = await load("bytes", "ed25519");
           return Promise.all(keys.map((key) => refusal(() => m.checkPublicKey(m.fromHex(key))))); }""",
        list(UNSOUND),
    )

    assert found == list(UNSOUND.values())


ODD: list[dict[str, str]] = json.loads((VECTORS / "ed25519.json").read_text())["vectors"]


def test_odd_keys_and_signatures_get_the_verdict_of_the_ledger(modules: Page) -> None:
    found = modules.evaluate(
        """async (cases) => { const m = await load("bytes", "ed25519"); const found = [];
           for (const one of cases) {
             const code = await refusal(() => m.checkSignature(...one.map(m.fromHex)));
             found.push(code === null ? "good" : code.startsWith("key-") ? "key-refused"
               : code === "wrong-signature" ? "signature-refused" : code); }
           return found; }""",
        [[case["public"], case["message"], case["signature"]] for case in ODD],
    )

    assert dict(zip([one["name"] for one in ODD], found, strict=True)) == {
        one["name"]: one["verdict"] for one in ODD
    }


@pytest.mark.parametrize("verifier", VERIFIERS)
def test_own_arithmetic_and_the_browsers_agree_on_sound_keys(modules: Page, verifier: str) -> None:
    sound = [one for one in ODD if one["verdict"] != "key-refused"]

    found = ask(modules, verifier, [(one["public"], one["message"], one["signature"]) for one in sound])

    assert found == [one["verdict"] == "good" for one in sound]


# ---- canonical JSON ----

SPELT = [
    '{"a":-1,"b":"吉林","links":{"urn:x:1":[]}}',
    '{"a":{"links":{"https://id.gs1.org/01/1":[1,"x"]}}}',
    '{"constructor":"x","toString":[]}',
    "[" * 16 + "]" * 16,
]
MISSPELT = [
    *(
        "",
        "null",
        "1.0",
        "1.5",
        "1e2",
        "-0",
        "01",
        "+1",
        "[1,]",
        "[1] ",
        '"a',
        "\ufeff1",
        "[" * 17 + "]" * 17,
    ),
    *(
        "9007199254740992",
        "-9007199254740992",
        '{"a":null}',
        '{"a":1,"a":1}',
        '{"a":1,"a":2}',
        '{"b":1,"a":1}',
    ),
    *('"\\u0061"', '"\\/"', '"\\n"', '"\\ud800"', '"a\u0301"', '"\u202e"', '"\u0085"', '"\u2066"'),
    *('{"1a":1}', '{"a-b":1}', '{"":1}', '{"__proto__":1}', '{"links":{"a b":1}}', '{"links":{"吉":1}}'),
    '{"links":{"x":{"a-b":1}}}',
]

SHARED: dict[str, Any] = json.loads((VECTORS / "canonical.json").read_text())
SPELT += SHARED["good"]
MISSPELT += [case["text"] for case in SHARED["refused"]]


def python_reads(text: str) -> bool:
    try:
        canonical.loads(text.encode())
    except LedgerError:
        return False
    return True


def test_one_spelling_is_read_and_written_again(modules: Page) -> None:
    found = modules.evaluate(
        """async (all) => { const m = await load("bytes", "canonical");
           return all.map((text) => m.textOf(m.dumps(m.loads(m.utf8(text))))); }""",
        SPELT,
    )

    assert found == SPELT
    assert [python_reads(text) for text in SPELT] == [True] * len(SPELT)


def test_every_other_spelling_is_refused_as_python_refuses_it(modules: Page) -> None:
    found = modules.evaluate(
        """async (all) => { const m = await load("bytes", "canonical"); const found = [];
           for (const text of all) found.push(await refusal(() => m.loads(m.utf8(text)))); return found; }""",
        MISSPELT,
    )

    assert [text for text, code in zip(MISSPELT, found, strict=True) if code is None] == []
    assert [text for text in MISSPELT if python_reads(text)] == []


def test_broken_utf8_is_refused(modules: Page) -> None:
    found = modules.evaluate(
        """async (all) => { const m = await load("bytes", "canonical");
           return Promise.all(all.map((text) => refusal(() => m.loads(m.fromHex(text))))); }""",
        ["22ff22", "22c0af22", "22eda08022", "22e59022"],
    )

    assert found == ["not-utf8"] * 4


def test_a_statement_and_its_entry_have_the_bytes_of_the_ledger(modules: Page) -> None:
    vector = json.loads((VECTORS / "statement.json").read_text())

    found = modules.evaluate(
        """async ({ statement, type, public: key, entry, signature }) => {
           const m = await load("bytes", "canonical", "dsse", "ed25519", "entry", "sha256");
           const body = m.dumps(statement), message = m.pae(type, body);
           await m.checkSignature(m.fromHex(key), message, m.fromBase64(signature));
           const { leaf } = m.parseEntry(m.utf8(entry.bytes));
           const digest = m.toHex(m.sha256(message));
           return [m.textOf(body), m.toHex(message), digest, m.keyId(m.fromHex(key)), leaf]; }""",
        vector,
    )

    names = ("body", "pae", "digest", "key_id")
    assert found == [*(vector[name] for name in names), b64(leaf_of(vector["entry"]["bytes"]))]


def leaf_of(entry: str) -> bytes:
    return merkle.leaf_hash(entry.encode())
