"""Trees, notes, proofs and policies in the shopper's browser, on the vectors of the ledger."""

import json
import time
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from ledger import merkle
from ledger.checkpoint import Checkpoint
from ledger.cosignature import Ed25519Cosigner, MLDSA44Cosigner
from ledger.note import Note
from ledger.policy import Policy
from ledger.tile import Tile

pytestmark = pytest.mark.browser

CONFORMANCE = Path(__file__).resolve().parents[2].parent / "shared" / "conformance" / "tlog"
VECTORS = Path(__file__).resolve().parents[2] / "data" / "vectors" / "ledger"

Case = dict[str, Any]


def cases(name: str) -> list[Case]:
    found: list[Case] = json.loads((VECTORS / f"{name}.json").read_text())["cases"]
    return found


def b64(raw: bytes) -> str:
    return b64encode(raw).decode()


def named(verdicts: list[Any], of: list[Case]) -> list[tuple[str, Any]]:
    return list(zip((one["about"] for one in of), verdicts, strict=True))


# ---- the tree ----

MERKLE = """async ([name, cases]) => {
  const m = await load("bytes", "merkle"), b = m.fromBase64, found = [];
  for (const { proof, size, index, leaf, root, old, oldRoot } of cases) {
    const of = leaf === undefined ? { old, oldRoot: b(oldRoot), size, root: b(root) }
      : { size, root: b(root), index, leaf: b(leaf) };
    found.push(await refusal(() => m[name](proof.map((one) => b(one)), of)));
  }
  return found; }"""


@pytest.mark.parametrize("name", ["inclusion", "consistency"])
def test_proofs_get_the_verdict_of_the_ledger(modules: Page, name: str) -> None:
    known = cases(name)

    found = modules.evaluate(MERKLE, [f"check{name.capitalize()}", known])

    assert named([code is None for code in found], known) == named([one["proven"] for one in known], known)


def of_others(one: Case) -> Case:
    """Return a vector of transparency-dev/merkle in our words."""
    proof = one["proof"] or []
    if "leafIdx" in one:
        place = {"size": one["treeSize"], "index": one["leafIdx"]}
        return {"proof": proof, **place, "leaf": one["leafHash"] or "", "root": one["root"] or ""}
    sizes = {"old": one["size1"], "size": one["size2"]}
    return {"proof": proof, **sizes, "oldRoot": one["root1"] or "", "root": one["root2"] or ""}


@pytest.mark.skipif(not CONFORMANCE.exists(), reason="the shared conformance data is not here")
@pytest.mark.parametrize("name", ["inclusion", "consistency"])
def test_proofs_get_the_verdict_that_others_give(modules: Page, name: str) -> None:
    files = sorted((CONFORMANCE / name).rglob("*.json"))
    known = [json.loads(file.read_text()) for file in files]

    found = modules.evaluate(MERKLE, [f"check{name.capitalize()}", [of_others(one) for one in known]])

    assert [code is not None for code in found] == [one["wantErr"] for one in known]


def test_roots_of_proofs_lead_to_the_roots_of_the_ledger(modules: Page) -> None:
    leaves = [merkle.leaf_hash(bytes([at])) for at in range(17)]
    known = []
    for size in range(1, len(leaves) + 1):
        root = merkle.root_of(leaves[:size])
        for index in range(size):
            path = merkle.prove_inclusion(reader(leaves), index=index, size=size)
            claim = {"size": size, "index": index, "leaf": b64(leaves[index]), "root": b64(root)}
            known.append({"proof": [b64(step) for step in path], **claim})

    assert modules.evaluate(MERKLE, ["checkInclusion", known]) == [None] * len(known)


def reader(leaves: list[bytes]) -> merkle.NodeReader:
    return lambda level, index: merkle.root_of(leaves[index << level : (index + 1) << level])


def tiles_of(leaves: list[bytes]) -> dict[str, str]:
    found = {}
    read = reader(leaves)
    for level, count in ((0, len(leaves)), (1, len(leaves) >> 8)):
        for index in range(-(-count // 256)):
            width = min(256, count - index * 256)
            hashes = b"".join(read(8 * level, index * 256 + at) for at in range(width))
            found[Tile(level, index, width).path()] = b64(hashes)
    return found


@pytest.mark.parametrize("size", [1, 2, 255, 256, 257, 300, 700])
def test_the_browser_proves_consistency_from_tiles_as_the_ledger_does(modules: Page, size: int) -> None:
    leaves = [merkle.leaf_hash(at.to_bytes(4, "big")) for at in range(size)]
    olds = [old for old in sorted({1, 2, size // 2, size - 1, size}) if 0 < old <= size]

    found = modules.evaluate(
        """async ([tiles, size, olds]) => {
           const m = await load("bytes", "history"), all = [];
           const read = m.nodeReader(async (path) => m.fromBase64(tiles[path]), size);
           for (const old of olds) all.push((await m.proveConsistency(read, { old, size })).map(m.toBase64));
           return all; }""",
        [tiles_of(leaves), size, olds],
    )

    proofs = (merkle.prove_consistency(reader(leaves), old=old, size=size) for old in olds)
    assert found == [[b64(step) for step in proof] for proof in proofs]


def test_tiles_have_the_paths_of_the_ledger(modules: Page) -> None:
    tiles = [Tile(0, 0, 256), Tile(0, 1234067, 256), Tile(1, 999, 1), Tile(2, 1000, 255)]

    found = modules.evaluate(
        """async (all) => { const m = await load("history");
           return all.map((one) => m.tilePath(...one)); }""",
        [[tile.level, tile.index, tile.width] for tile in tiles],
    )

    assert found == [tile.path() for tile in tiles]


# ---- notes, checkpoints, proofs ----


def test_notes_get_the_verdict_of_the_ledger(modules: Page) -> None:
    known = cases("note")

    found = modules.evaluate(
        """async (cases) => {
           const m = await load("bytes", "note", "errors"), found = [];
           for (const { note, keys } of cases) {
             try {
               const signers = await m.verified(m.parseNote(m.utf8(note)), keys.map(m.parseKey));
               found.push(["proven", signers.map(({ name }) => name)]);
             } catch (error) {
               found.push([error instanceof m.NotProven ? "refused" : "malformed", []]);
             }
           }
           return found; }""",
        known,
    )

    assert named(found, known) == named([[one["verdict"], one.get("signers", [])] for one in known], known)


def test_only_a_witness_that_saw_the_tree_and_not_in_the_future_counts(modules: Page) -> None:
    text = Checkpoint("nongye.example/2026", 5, bytes(32)).text()
    own = MLDSA44Cosigner("nongye.example/2026", bytes([9]) * 32)
    now = int(time.time())
    ahead = {"w0": -60, "w1": 240, "w2": 600}
    witnesses = [Ed25519Cosigner(f"{name}.test", name.encode() * 16) for name in ahead]
    lines = [one.cosign(text, now + by) for one, by in zip(witnesses, ahead.values(), strict=True)]
    note = Note(text, (*lines, own.cosign(text, 0)))
    keys = [*(one.key for one in witnesses), own.key]
    policy = "".join(
        f"witness {name} {key.text()}\n" for name, key in zip((*ahead, "own"), keys, strict=True)
    )

    found = modules.evaluate(
        """async ([note, policy]) => {
           const m = await load("bytes", "note", "policy");
           const { witnesses } = m.parsePolicy(policy), parsed = m.parseNote(m.utf8(note));
           const signers = await m.verified(parsed, witnesses);
           const counted = m.cosignersOf(parsed, witnesses, signers);
           return [signers.length, counted.map(({ witness }) => witness)]; }""",
        [note.bytes().decode(), f"{policy}quorum none\n"],
    )

    assert found == [4, ["w0", "w1"]]


def test_a_note_is_written_as_it_was_read(modules: Page) -> None:
    known = [one["note"] for one in cases("note") if one["verdict"] == "proven"]

    found = modules.evaluate(
        """async (all) => { const m = await load("bytes", "note");
           return all.map((text) => m.textOf(m.formatNote(m.parseNote(m.utf8(text))))); }""",
        known,
    )

    assert found == known


VKEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"


@pytest.mark.parametrize(
    "vkey",
    [VKEY.replace("530d903a", "530d903b"), VKEY.replace("+Aek", "+Aez"), "foo", "a b+530d903a+AekyeRrm"],
)
def test_a_key_whose_id_is_not_its_own_is_refused(modules: Page, vkey: str) -> None:
    found = modules.evaluate(
        """async (vkey) => { const m = await load("note"); return refusal(() => m.parseKey(vkey)); }""", vkey
    )

    assert found is not None


PROOFS = """async (cases) => {
  const m = await load("bytes", "proof", "note", "checkpoint", "merkle", "errors"), found = [];
  for (const { entry, origin, keys, proof } of cases) {
    try {
      const { index, path, note } = m.parseProof(proof);
      const { origin: found, size, root } = m.parseCheckpoint(note.text);
      const signers = await m.verified(note, keys.map(m.parseKey));
      if (found !== origin || signers.length !== keys.length) throw new m.NotProven("checkpoint-not-signed");
      m.checkInclusion(path, { size, root, index, leaf: m.leafHash(m.fromBase64(entry)) });
      if (m.formatProof(m.parseProof(proof)) !== proof) throw new Error("written otherwise");
    } catch (error) {
      const verdict = error instanceof m.NotProven ? "refused" : "malformed";
      found.push(error instanceof m.LedgerError ? verdict : String(error));
      continue;
    }
    found.push("proven");
  }
  return found; }"""


def test_whole_proofs_get_the_verdict_of_the_ledger(modules: Page) -> None:
    known = cases("proof")

    found = modules.evaluate(PROOFS, known)

    assert named(found, known) == named([one["verdict"] for one in known], known)


ROOT = b64(bytes(32))
SPELT = [f"log.test\n7\n{ROOT}\n", f"log.test\n0\n{ROOT}\n", f"日志.test\n9007199254740991\n{ROOT}\n"]
MISSPELT = [
    f"log.test\n007\n{ROOT}\n",
    f"log.test\n+7\n{ROOT}\n",
    f"log.test\n７\n{ROOT}\n",
    f"log.test\n7 \n{ROOT}\n",
    f"\n7\n{ROOT}\n",
    f"log.test\n7\n{ROOT}",
    f"log.test\n7\n{ROOT[:-4]}\n",
    f"log.test\n7\n{ROOT}\nextension\n",
    f"log.test\n9007199254740992\n{ROOT}\n",
]


def test_a_checkpoint_has_one_spelling(modules: Page) -> None:
    found = modules.evaluate(
        """async (all) => { const m = await load("checkpoint"); return all.map((text) => {
             try { return m.formatCheckpoint(m.parseCheckpoint(text)); }
             catch (error) { return error.code; } }); }""",
        [*SPELT, *MISSPELT],
    )

    assert found[: len(SPELT)] == SPELT
    assert set(found[len(SPELT) :]) <= {"bad-checkpoint", "not-a-number", "wrong-length"}


# ---- policies ----


def test_a_policy_is_read_and_its_quorum_counted(modules: Page) -> None:
    witnesses = [Ed25519Cosigner(f"w{at}.test", bytes([at]) * 32).key.text() for at in range(3)]
    lines = [
        f"log {VKEY} https://example.com/",
        *(f"witness w{at} {vkey}" for at, vkey in enumerate(witnesses)),
    ]
    policy = Policy.parse("\n".join([*lines, "group two 2 w0 w1 w2", "quorum two", ""]))
    cosigned = [[], ["w0"], ["w0", "w1"], ["w0", "w2"], ["w7", "w8"]]

    found = modules.evaluate(
        """async ([text, sets]) => { const m = await load("policy"); const policy = m.parsePolicy(text);
           return [policy.digest, sets.map((one) => m.quorumMet(policy, one))]; }""",
        [policy.text(), cosigned],
    )

    assert found == [policy.digest().hex(), [policy.quorum_met(set(one)) for one in cosigned]]


@pytest.mark.parametrize(
    "text",
    [
        f"log {VKEY}\n",
        f"log {VKEY}\nlog {VKEY}\nquorum none\n",
        f"log {VKEY}\nquorum who\n",
        f"log {VKEY}\nquorum none\nquorum none\n",
        f"log {VKEY} a b\nquorum none\n",
        "constructor x\nquorum none\n",
    ],
)
def test_a_policy_that_means_nothing_is_refused(modules: Page, text: str) -> None:
    found = modules.evaluate(
        """async (text) => { const m = await load("policy");
           return refusal(() => m.parsePolicy(text)); }""",
        text,
    )

    assert found == "bad-policy"
