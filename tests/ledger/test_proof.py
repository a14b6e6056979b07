"""A proof in one text holds for one entry, at one place, in one log."""

import json
from base64 import b64decode
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.checkpoint import Checkpoint
from ledger.cosignature import Ed25519Cosigner
from ledger.errors import Malformed, NotProven
from ledger.merkle import check_inclusion, leaf_hash, prove_inclusion, root_of
from ledger.note import Ed25519Signer, VerifierKey, signed, verified, with_lines
from ledger.proof import TlogProof

VECTORS = Path(__file__).resolve().parents[2] / "data" / "vectors" / "ledger" / "proof.json"
CASES: list[Any] = json.loads(VECTORS.read_text(encoding="utf-8"))["cases"]
LOG = Ed25519Signer("jilin.example/trace-ledger", sha256(b"log key").digest())
WITNESS = Ed25519Cosigner("witness.example/amr", sha256(b"witness key").digest())
APPENDIX_A = """\
c2sp.org/tlog-proof@v1
index 2
9xWrP6pdBx5uKsS7mU1b9zWUPcw3mdoNCF55gM+5M2o=
T1X2GdkhUjV3iyufF9b0kVsWFxIU0VI4EpNml2Teci4=
zMKa4OAqd7D0V4wawXST15z0JiEEkprIBPkfxOesWvA=

jilin.example/trace-ledger
5
gy5gl3aksFyiCO95a/1vLXz88A3dRq+0l9Sxte8ZqZQ=

— jilin.example/trace-ledger 4WlaOjPOFjsBNiXx5R0Cr1Mi/CoazCMnHwkdmXkz27M2lmBCfHOcvsV1LwvNU7tcFLxAp2rXhKE6iuxiJrPjXstB0wY=
— witness.example/amr TpO9qgAAAABpVbkAlE0M0vpPFVkRdj9ZUF3yCxrvPcuKONibDqQEiIsPveGyvvQkptctSUfKZ17HcYvG8sN0f+zEAp2VEqtu/WAcCw==
"""  # noqa: E501 -- a signature line cannot be broken


def check(case: Any) -> None:
    """All that a proof must withstand, where every key must have signed."""
    proof = TlogProof.parse(case["proof"].encode())
    checkpoint = Checkpoint.parse(proof.note.text)
    keys = {VerifierKey.parse(key) for key in case["keys"]}
    if checkpoint.origin != case["origin"] or set(verified(proof.note, keys)) != keys:
        raise NotProven("not vouched for")
    leaf = leaf_hash(b64decode(case["entry"]))
    check_inclusion(proof.path, size=checkpoint.size, root=checkpoint.root, index=proof.index, leaf=leaf)


def verdict(case: Any) -> str:
    try:
        check(case)
    except Malformed:
        return "malformed"
    except NotProven:
        return "refused"
    return "proven"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["about"])
def test_the_shared_proofs_get_their_verdict(case: Any) -> None:
    assert verdict(case) == case["verdict"]


def test_we_write_the_proof_that_other_implementations_write() -> None:
    leaves = [leaf_hash(word) for word in b"one two three four five".split()]
    text = Checkpoint("jilin.example/trace-ledger", 5, root_of(leaves)).text()
    note = with_lines(signed(text, LOG), WITNESS.cosign(text, 1_767_225_600))
    path = prove_inclusion(
        lambda level, index: root_of(leaves[index << level : (index + 1) << level]), index=2, size=5
    )

    proof = TlogProof(2, path, note)

    assert proof.bytes().decode() == APPENDIX_A
    assert TlogProof.parse(APPENDIX_A.encode()) == proof


@pytest.mark.parametrize(
    "case", [case for case in CASES if case["verdict"] != "malformed"], ids=lambda case: case["about"]
)
def test_a_proof_is_spelt_as_it_was_read(case: Any) -> None:
    assert TlogProof.parse(case["proof"].encode()).bytes().decode() == case["proof"]


NOTE = signed("any text\n\nwith an empty line\n", LOG)


@given(
    st.integers(0, 2**63 - 1),
    st.lists(st.binary(min_size=32, max_size=32), max_size=63),
    st.none() | st.binary(min_size=1, max_size=99),
)
def test_every_proof_can_be_read_again(index: int, path: list[bytes], extra: bytes | None) -> None:
    proof = TlogProof(index, tuple(path), NOTE, extra)

    assert TlogProof.parse(proof.bytes()) == proof


@pytest.mark.parametrize(
    ("index", "path", "extra"),
    [
        (-1, (), None),
        (2**63, (), None),
        (0, (bytes(31),), None),
        (0, (bytes(33),), None),
        (0, (bytes(32),) * 64, None),
        (0, (), b""),
    ],
)
def test_a_proof_that_no_tree_has_is_refused(
    index: int, path: tuple[bytes, ...], extra: bytes | None
) -> None:
    with pytest.raises(Malformed):
        TlogProof(index, path, NOTE, extra)


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"\xff",
        "c2sp.org/tlog-proof@v1\nindex ２".encode(),
        b"c2sp.org/tlog-proof@v1",
        b"c2sp.org/tlog-proof@v1\nextra AAEC",
    ],
)
def test_a_head_that_is_none_is_refused(head: bytes) -> None:
    with pytest.raises(Malformed):
        TlogProof.parse(head + b"\n\n" + NOTE.bytes())
