"""The modules that a shopper's browser runs, each on the vectors that the ledger itself must pass."""

import hashlib
import json
import re
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from ledger import canonical, merkle
from ledger.cosignature import Ed25519Cosigner
from ledger.dsse import AuthorKey
from ledger.errors import LedgerError
from ledger.note import Ed25519Signer, Note, signed, verified, with_lines
from ledger.policy import Policy
from ledger.tile import Tile
from tests.browser import STATIC, Pages
from traceability.disclosure import SealedValue
from traceability.events import MAY_STATE

pytestmark = pytest.mark.browser

CONFORMANCE = Path(__file__).resolve().parents[2].parent / "shared" / "conformance" / "tlog"
VECTORS = Path(__file__).resolve().parents[2] / "data" / "vectors"

LOAD = """
window.load = async (...names) => Object.assign({}, ...(await Promise.all(
  names.map((name) => import(`/static/${name}.js`)))));
window.refusal = async (work) => { try { await work(); return null; } catch (error) { return error.code || String(error); } };
"""


@pytest.fixture(scope="module")
def modules(browser: Browser, pages: Pages) -> Iterator[Page]:
    """Open a page of the server from which a test can import any module."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(pages.write("/modules", f"<!doctype html><title>modules</title><script>{LOAD}</script>"))
    yield page
    context.close()


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
        """async (text) => { const m = await load("bytes"); return refusal(() => m.fromBase64(text)); }""", text
    )

    assert found == "not-base64"


def test_base64_that_is_right_comes_back(modules: Page) -> None:
    raws = [bytes(range(length)) for length in range(8)]

    found = modules.evaluate(
        """async (all) => { const m = await load("bytes"); return all.map((one) => m.toHex(m.fromBase64(one))); }""",
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


def test_the_ledgers_own_vectors_of_odd_keys_and_signatures(modules: Page) -> None:
    file = VECTORS / "ed25519.json"
    if not file.exists():
        file = VECTORS / "ledger" / "ed25519.json"
    if not file.exists():
        pytest.skip("data/vectors/ed25519.json is not there")
    cases = [case for case in cases_of(json.loads(file.read_text())) if {"public", "message", "signature"} <= set(case)]
    expected = [bool(case.get("valid", case.get("good"))) for case in cases]

    found = modules.evaluate(
        """async (cases) => { const m = await load("bytes", "ed25519"); const found = [];
           for (const one of cases) found.push(await refusal(() => m.checkSignature(...one.map(m.fromHex)))); return found; }""",
        [[case["public"], case["message"], case["signature"]] for case in cases],
    )

    assert [code is None for code in found] == expected


def cases_of(found: Any) -> list[dict[str, Any]]:
    if isinstance(found, list):
        return found
    return [case for cases in found.values() if isinstance(cases, list) for case in cases]


# ---- canonical JSON ----

SPELT = [
    '{"a":1}', '{"a":-1,"b":"吉林","links":{"urn:x:1":[]}}', '{"a":{"links":{"https://id.gs1.org/01/1":[1,"x"]}}}',
    '"\\"\\\\"', "[]", "[true,false]", "9007199254740991", "-9007199254740991", '{"constructor":"x","toString":[]}',
    "[" * 16 + "]" * 16,
]  # fmt: skip
MISSPELT = [
    "", "null", '{"a":null}', "1.0", "1.5", "1e2", "-0", "9007199254740992", "-9007199254740992", '{"a":1,"a":1}', '{"a":1,"a":2}',
    '{"b":1,"a":1}', '{ "a":1}', '"\\u0061"', '"\\/"', '"\\n"', '"a\\u0301"', '"\u202e"', '"\u0085"', '"\u2066"',
    '{"1a":1}', '{"a-b":1}', '{"":1}', '{"__proto__":1}', '{"links":{"a b":1}}', '{"links":{"吉":1}}',
    '{"links":{"x":{"a-b":1}}}', '"\\ud800"', "[1,]", "[" * 17 + "]" * 17, "\ufeff1", "01", "+1", '"a', "[1] ",
]  # fmt: skip


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


# ---- the tree ----

MERKLE = """async (cases) => { const m = await load("bytes", "merkle"); const b = m.fromBase64;
  return Promise.all(cases.map(([name, proof, of]) => refusal(() => {
    for (const hash of ["root", "leaf", "oldRoot"]) if (hash in of) of[hash] = b(of[hash]);
    m[name](proof.map((one) => b(one)), of); }))); }"""


def leaves(size: int) -> list[bytes]:
    return [merkle.leaf_hash(bytes([at])) for at in range(size)]


def reader(of: list[bytes]) -> merkle.NodeReader:
    return lambda level, index: merkle.root_of(of[index << level : (index + 1) << level])


def bent(proof: tuple[bytes, ...]) -> list[tuple[bytes, ...]]:
    """Return *proof* with each of its hashes changed, one left out, and one more."""
    flipped = [
        (*proof[:step], bytes([hash_[0] ^ 1]) + hash_[1:], *proof[step + 1 :]) for step, hash_ in enumerate(proof)
    ]
    return [*flipped, *([proof[:-1]] if proof else []), (*proof, bytes(32))]


def test_inclusion_proofs_hold_and_bent_ones_do_not(modules: Page) -> None:
    good, bad = [], []
    for size in range(1, 18):
        of = leaves(size)
        for index in range(size):
            claim = {"size": size, "root": b64(merkle.root_of(of)), "index": index, "leaf": b64(of[index])}
            proof = merkle.prove_inclusion(reader(of), index=index, size=size)
            good.append(["checkInclusion", [b64(step) for step in proof], claim])
            bad += [["checkInclusion", [b64(step) for step in other], claim] for other in bent(proof)]
            bad.append(["checkInclusion", [b64(step) for step in proof], claim | {"index": size}])

    found = modules.evaluate(MERKLE, good + bad)

    assert [code is None for code in found] == [True] * len(good) + [False] * len(bad)


def test_consistency_proofs_hold_and_bent_ones_do_not(modules: Page) -> None:
    good, bad = [], []
    of = leaves(17)
    for size in range(1, 18):
        for old in range(1, size + 1):
            roots = {"oldRoot": b64(merkle.root_of(of[:old])), "root": b64(merkle.root_of(of[:size]))}
            proof = merkle.prove_consistency(reader(of), old=old, size=size)
            claim = {"old": old, "size": size, **roots}
            good.append(["checkConsistency", [b64(step) for step in proof], claim])
            bad += [["checkConsistency", [b64(step) for step in other], claim] for other in bent(proof)]
            bad.append(["checkConsistency", [b64(step) for step in proof], claim | {"oldRoot": b64(bytes(32))}])

    found = modules.evaluate(MERKLE, good + bad)

    assert [code is None for code in found] == [True] * len(good) + [False] * len(bad)


@pytest.mark.skipif(not CONFORMANCE.exists(), reason="the conformance data is not beside this project")
def test_the_vectors_of_transparency_dev(modules: Page) -> None:
    # 193 of 196 agree with RFC 9162; a tree of size 0 is a matter of convention.
    vectors = [json.loads(file.read_text()) for file in sorted(CONFORMANCE.rglob("*.json"))]
    vectors = [one for one in vectors if one.get("size1", 1) and one.get("treeSize", 1)]

    found = modules.evaluate(MERKLE, [vector_case(one) for one in vectors])

    assert [code is not None for code in found] == [one["wantErr"] for one in vectors]


def vector_case(one: dict[str, Any]) -> list[Any]:
    proof = one["proof"] or []
    if "leafIdx" in one:
        claim = {"size": one["treeSize"], "index": one["leafIdx"], "leaf": one["leafHash"] or "", "root": one["root"] or ""}
        return ["checkInclusion", proof, claim]
    claim = {"old": one["size1"], "size": one["size2"], "oldRoot": one["root1"] or "", "root": one["root2"] or ""}
    return ["checkConsistency", proof, claim]


@pytest.mark.parametrize("size", [1, 2, 255, 256, 257, 300, 700])
def test_the_browser_proves_consistency_from_tiles_as_the_ledger_does(modules: Page, size: int) -> None:
    of = [merkle.leaf_hash(at.to_bytes(4, "big")) for at in range(size)]
    tiles = {}
    for level, count in ((0, size), (1, size >> 8)):
        for index in range(-(-count // 256)):
            width = min(256, count - index * 256)
            read = reader(of)
            raw = b"".join(read(8 * level, index * 256 + at) for at in range(width))
            tiles[Tile(level, index, width).path()] = b64(raw)
    olds = [old for old in sorted({1, 2, size // 2, size - 1, size}) if 0 < old <= size]

    found = modules.evaluate(
        """async ([tiles, size, olds]) => { const m = await load("bytes", "history"); const all = [];
           const read = m.nodeReader(async (path) => m.fromBase64(tiles[path]), size);
           for (const old of olds) all.push((await m.proveConsistency(read, { old, size })).map(m.toBase64)); return all; }""",
        [tiles, size, olds],
    )

    assert found == [
        [b64(step) for step in merkle.prove_consistency(reader(of), old=old, size=size)] for old in olds
    ]


# ---- notes, checkpoints, proofs, policies ----

FOO = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
FOO_NOTE = (
    "This is an example message.\n\n\u2014 example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYN"
    "ZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
)
NOTE = """async ([text, vkeys]) => { const m = await load("bytes", "note");
  try { const found = await m.verified(m.parseNote(m.utf8(text)), vkeys.map(m.parseKey));
        return found.map((key) => key.name); } catch (error) { return error.code || String(error); } }"""


def test_the_official_note_holds(modules: Page) -> None:
    assert modules.evaluate(NOTE, [FOO_NOTE, [FOO]]) == ["example.com/foo"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (FOO_NOTE.replace("example m", "Example m"), "wrong-note-signature"),
        (FOO_NOTE + "\u2014 other.test AAAAAAA=\n", ["example.com/foo"]),
        (FOO_NOTE[:-1], "bad-note"),
        (FOO_NOTE.replace("This", "This\r"), "bad-note"),
        (FOO_NOTE.replace("This", "This\t"), "bad-note"),
        (FOO_NOTE.replace("\n\n", "\n"), "bad-note"),
        (FOO_NOTE.replace("\u2014", "-"), "bad-note"),
        (FOO_NOTE.replace("aQM=", "aQN="), "not-base64"),
        (FOO_NOTE + FOO_NOTE.split("\n\n")[1] * 100, "bad-note"),
        (FOO_NOTE + FOO_NOTE.split("\n\n")[1].replace("Uw2QOkn8", "Uw2QOkn9"), "wrong-note-signature"),
    ],
)
def test_other_notes_do_not(modules: Page, text: str, code: Any) -> None:
    assert modules.evaluate(NOTE, [text, [FOO]]) == code


def test_witnesses_are_counted_and_a_lying_line_refuses_the_note(modules: Page) -> None:
    signer, witness = Ed25519Signer("log.test", bytes(32)), Ed25519Cosigner("witness.test", b"w" * 32)
    text = f"log.test\n1\n{b64(bytes(32))}\n"
    note = with_lines(signed(text, signer), witness.cosign(text, 1767225600))
    late = Note.parse(note.bytes())
    lying = with_lines(signed(text, signer), witness.cosign(text.replace("\n1\n", "\n2\n"), 1767225600))
    vkeys = [signer.key.text(), witness.key.text()]

    found = [modules.evaluate(NOTE, [one.bytes().decode(), vkeys]) for one in (note, lying)]

    assert found == [[key.name for key in verified(late, [signer.key, witness.key])], "wrong-note-signature"]


@pytest.mark.parametrize(
    "vkey", [FOO.replace("530d903a", "530d903b"), FOO.replace("+Aek", "+Aez"), "foo", "a b+530d903a+AekyeRrm"]
)
def test_a_key_whose_id_is_not_its_own_is_refused(modules: Page, vkey: str) -> None:
    found = modules.evaluate(
        """async (vkey) => { const m = await load("note"); return refusal(() => m.parseKey(vkey)); }""", vkey
    )

    assert found is not None


ROOT = b64(bytes(32))


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        (f"log.test\n7\n{ROOT}\n", True),
        (f"log.test\n0\n{ROOT}\n", True),
        (f"log.test\n007\n{ROOT}\n", False),
        (f"log.test\n+7\n{ROOT}\n", False),
        (f"log.test\n７\n{ROOT}\n", False),
        (f"log.test\n7 \n{ROOT}\n", False),
        (f"\n7\n{ROOT}\n", False),
        (f"log.test\n7\n{ROOT}", False),
        (f"log.test\n7\n{ROOT[:-4]}\n", False),
        (f"log.test\n9007199254740992\n{ROOT}\n", False),
    ],
)
def test_a_checkpoint_has_one_spelling(modules: Page, text: str, holds: bool) -> None:
    found = modules.evaluate(
        """async (text) => { const m = await load("checkpoint");
           try { return m.formatCheckpoint(m.parseCheckpoint(text)); } catch (error) { return null; } }""",
        text,
    )

    assert found == (text if holds else None)


PROOF = """c2sp.org/tlog-proof@v1
index 2
9xWrP6pdBx5uKsS7mU1b9zWUPcw3mdoNCF55gM+5M2o=
T1X2GdkhUjV3iyufF9b0kVsWFxIU0VI4EpNml2Teci4=
zMKa4OAqd7D0V4wawXST15z0JiEEkprIBPkfxOesWvA=

jilin.example/trace-ledger
5
gy5gl3aksFyiCO95a/1vLXz88A3dRq+0l9Sxte8ZqZQ=

— jilin.example/trace-ledger 4WlaOjPOFjsBNiXx5R0Cr1Mi/CoazCMnHwkdmXkz27M2lmBCfHOcvsV1LwvNU7tcFLxAp2rXhKE6iuxiJrPjXstB0wY=
— witness.example/amr TpO9qgAAAABpVbkAlE0M0vpPFVkRdj9ZUF3yCxrvPcuKONibDqQEiIsPveGyvvQkptctSUfKZ17HcYvG8sN0f+zEAp2VEqtu/WAcCw==
"""
PROOF_KEYS = [
    "jilin.example/trace-ledger+e1695a3a+AUjgW0k/ifzcgyVjX9IWULGe+1D6pl4bRPrYer6KCTfe",
    "witness.example/amr+4e93bdaa+BAbL7K7b2+JbT1u2zcuO23EMBwrKfyjjJg20c3uMQGbx",
]


def test_a_whole_proof_is_read_checked_and_written_again(modules: Page) -> None:
    found = modules.evaluate(
        """async ([text, vkeys]) => { const m = await load("bytes", "proof", "note", "checkpoint", "merkle");
           const proof = m.parseProof(text); const { size, root } = m.parseCheckpoint(proof.note.text);
           m.checkInclusion(proof.path, { size, root, index: proof.index, leaf: m.leafHash(m.utf8("three")) });
           const signers = await m.verified(proof.note, vkeys.map(m.parseKey));
           return [m.formatProof(proof), signers.length]; }""",
        [PROOF, PROOF_KEYS],
    )

    assert found == [PROOF, 2]


@pytest.mark.parametrize("change", [("@v1", "@v2"), ("index 2", "index 02"), ("index 2\n", ""), ("M2o=", "M2p=")])
def test_another_spelling_of_a_proof_is_refused(modules: Page, change: tuple[str, str]) -> None:
    found = modules.evaluate(
        """async (text) => { const m = await load("proof"); return refusal(() => m.parseProof(text)); }""",
        PROOF.replace(*change),
    )

    assert found is not None


def test_a_policy_is_read_and_its_quorum_counted(modules: Page) -> None:
    witnesses = [Ed25519Cosigner(f"w{at}.test", bytes([at]) * 32).key.text() for at in range(3)]
    text = (
        f"log {FOO} https://example.com/\n"
        + "".join(f"witness w{at} {vkey}\n" for at, vkey in enumerate(witnesses))
        + "group two 2 w0 w1 w2\nquorum two\n"
    )
    policy = Policy.parse(text)
    sets = [[], ["w0"], ["w0", "w1"], ["w0", "w2"], ["w7", "w8"]]

    found = modules.evaluate(
        """async ([text, sets]) => { const m = await load("policy"); const policy = m.parsePolicy(text);
           return [policy.digest, sets.map((one) => m.quorumMet(policy, one))]; }""",
        [policy.text(), sets],
    )

    assert found == [policy.digest().hex(), [policy.quorum_met(set(one)) for one in sets]]


@pytest.mark.parametrize(
    "text",
    [
        f"log {FOO}\n",
        f"log {FOO}\nlog {FOO}\nquorum none\n",
        f"log {FOO}\nquorum who\n",
        f"log {FOO}\nquorum none\nquorum none\n",
        f"log {FOO} a b\nquorum none\n",
        "constructor x\nquorum none\n",
    ],
)
def test_a_policy_that_means_nothing_is_refused(modules: Page, text: str) -> None:
    found = modules.evaluate(
        """async (text) => { const m = await load("policy"); return refusal(() => m.parsePolicy(text)); }""", text
    )

    assert found == "bad-policy"


# ---- facts ----

WORDS = {"commodity": {"paddy": "稻谷"}, "piece": {"ear": "穗"}}
FORMATTED = [
    ("三环唑", "text", "三环唑"), (3, "text", "3"), ("3090", "mass", "3,090 公斤"), ("3090.5", "mass", "3,090.5 公斤"),
    ("999", "mass", "999 公斤"), ("1000000.001", "mass", "1,000,000.001 公斤"), ("-1234.5678", "number", "-1,234.5678"),
    (1200, "number", "1,200"), (0, "number", "0"), ("2026-09-21", "date", "2026-09-21"),
    ("2026-09-20T16:30:59.999999Z", "instant", "2026-09-21 00:30"), ("0.125", "share", "12.5%"), ("1", "share", "100%"),
    ("0", "share", "0%"), ("0.5", "share", "50%"), ("0.00125", "share", "0.125%"), ("1.25", "share", "125%"),
    ("paddy", "word:commodity", "稻谷"), ("toString", "word:commodity", "toString"), ("x", "word:nothing", "x"),
    ("yushu", "party", "yushu"), ("/lot/yushu/rice/R1", "lot", "R1"),
    ("https://id.gs1.org/01/09520000000012/10/A%2F1", "lot", "A/1"), (1200, "pieces", "1,200 穗"),
    ({"kg": "20"}, "amount", "20 公斤"), ({"pieces": 7}, "amount", "7 穗"), (["a", "b"], "text", "a、b"),
    (True, "word:commodity", "true"),
]  # fmt: skip


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
        """async () => { const m = await load("facts"); const told = { lang: "en", words: {}, units: new Set() };
           return [m.format("3090", "mass", told), m.format(["a", "b"], "text", told), m.format("paddy", "word:commodity", told)]; }"""
    )

    assert found == ["3,090 kg", "a, b", "paddy"]


def test_a_seal_is_opened_as_python_sealed_it(modules: Page) -> None:
    value = SealedValue("urn:uuid:1", "/places/0/place", bytes(range(32)), "榆树 市场")

    found = modules.evaluate(
        """async (of) => { const m = await load("bytes", "facts"); return m.toHex(m.sealOf(of)); }""",
        {"statement": value.statement_id, "pointer": value.pointer, "salt": b64(value.salt), "value": value.value},
    )

    assert found == value.digest.hex()


# ---- what is said ----


def test_every_fault_is_told_in_both_languages(modules: Page) -> None:
    source = "".join(file.read_text() for file in STATIC.glob("*.js"))
    thrown = r'(?:Malformed|NotProven|fault|refuse)\(\s*"([a-z0-9-]+)"|code: "([a-z0-9-]+)"|return "(key-[a-z-]+)"'
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
