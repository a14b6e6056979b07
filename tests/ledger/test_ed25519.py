"""The one equation, whoever computes it; the cases on which libraries disagree are in `test_dsse`."""

import json
import runpy
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st
from nacl.signing import VerifyKey

from ledger import ed25519

FOLDER = Path(__file__).resolve().parents[2] / "data" / "vectors"
SOUND = [
    each
    for each in json.loads((FOLDER / "ed25519.json").read_text())["vectors"]
    if each["verdict"] != "key-refused"
]


def normative(public: bytes, message: bytes, signature: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except InvalidSignature:
        return False
    return True


@pytest.mark.parametrize("quick", [True, False], ids=["libsodium first", "never libsodium"])
@pytest.mark.parametrize("vector", SOUND, ids=lambda vector: vector["name"])
def test_whoever_is_asked_first_the_verdict_is_the_same(
    vector: dict[str, str], quick: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ed25519, "QUICK", quick)
    public, message, signature = (bytes.fromhex(vector[name]) for name in ("public", "message", "signature"))

    assert ed25519.verify(public, message, signature) is (vector["verdict"] == "good")


def test_a_build_that_takes_more_than_the_equation_is_found_out_and_not_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    probe = ed25519._KEY, ed25519._MESSAGE, ed25519._COFACTORED
    monkeypatch.setattr(VerifyKey, "verify", lambda *_: b"")

    careless = runpy.run_path(str(ed25519.__file__))

    assert careless["_quickly"](*probe)
    assert not careless["QUICK"]
    assert not careless["verify"](*probe)
    assert not normative(*probe)


@given(st.binary(min_size=32, max_size=32), st.binary(max_size=64), st.integers(0, 64 * 8))
def test_a_signature_holds_until_a_bit_of_it_is_another(seed: bytes, message: bytes, bit: int) -> None:
    key = ed25519.SigningKey(seed)
    public, signature = bytes(key.verify_key), bytearray(key.sign(message).signature)
    if bit < 64 * 8:
        signature[bit // 8] ^= 1 << bit % 8

    assert ed25519.verify(public, message, bytes(signature)) is (bit == 64 * 8)
    assert normative(public, message, bytes(signature)) is (bit == 64 * 8)
