"""A verifier key and a signature line have one spelling each."""

from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey

from ledger.errors import Malformed
from ledger.keys import COSIGNATURE_ED25519, ED25519, MLDSA44, Signature, VerifierKey
from ledger.spelling import base64_text

FOO = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
WITNESS = "witness.example/amr+4e93bdaa+BAbL7K7b2+JbT1u2zcuO23EMBwrKfyjjJg20c3uMQGbx"
PUBLIC = Ed25519PrivateKey.from_private_bytes(bytes(32)).public_key().public_bytes_raw()


@pytest.mark.parametrize(
    ("vkey", "name", "kind"),
    [
        (FOO, "example.com/foo", ED25519),
        (WITNESS, "witness.example/amr", COSIGNATURE_ED25519),
        ("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", "PeterNeumann", ED25519),
    ],
)
def test_a_verifier_key_is_spelt_as_it_was_read(vkey: str, name: str, kind: int) -> None:
    key = VerifierKey.parse(vkey)

    assert (key.name, key.kind, key.key_id.hex(), key.text()) == (name, kind, vkey.split("+")[1], vkey)


def test_the_key_id_of_each_kind_is_its_own() -> None:
    post_quantum = MLDSA44PrivateKey.from_seed_bytes(bytes(32)).public_key().public_bytes_raw()
    for kind, public in ((ED25519, PUBLIC), (COSIGNATURE_ED25519, PUBLIC), (MLDSA44, post_quantum)):
        key = VerifierKey("吉林.example/log", kind, public)

        expected = sha256("吉林.example/log\n".encode() + bytes([kind]) + public).digest()[:4]
        assert (key.key_id, VerifierKey.parse(key.text())) == (expected, key)


@pytest.mark.parametrize(
    "vkey",
    [
        "",
        "+",
        "++",
        FOO.replace("530d903a", "530d903b"),
        FOO.replace("530d903a", "530D903A"),
        FOO.replace("530d903a", "30d903a"),
        FOO.replace("foo", "bar"),
        FOO.replace("example.com/foo", ""),
        FOO[:-1],
        FOO + "=",
        FOO + "\n",
        " " + FOO,
        FOO.replace("foo", "f oo"),
        FOO.replace("3U2k", "3U2l"),
        "example.com/foo+530d903a+",
        "example.com/foo+530d903a+AQ==",
        "example.com/foo+530d903a",
    ],
)
def test_other_spellings_of_a_verifier_key_are_refused(vkey: str) -> None:
    with pytest.raises(Malformed):
        VerifierKey.parse(vkey)


@pytest.mark.parametrize("kind", [0x00, 0x02, 0x03, 0x05, 0x07, 0xFF, 256, -1])
def test_keys_of_other_kinds_are_refused(kind: int) -> None:
    with pytest.raises(Malformed):
        VerifierKey("example.com/foo", kind, PUBLIC)


@pytest.mark.parametrize(
    ("kind", "length"), [(ED25519, 31), (ED25519, 33), (MLDSA44, 1311), (MLDSA44, 1313), (MLDSA44, 32)]
)
def test_a_key_has_the_length_of_its_kind(kind: int, length: int) -> None:
    with pytest.raises(Malformed):
        VerifierKey("example.com/foo", kind, PUBLIC[:1] * length)


@pytest.mark.parametrize("kind", [ED25519, COSIGNATURE_ED25519])
@pytest.mark.parametrize(
    "public", [b"\x01" + bytes(31), bytes(32), b"\xee" + b"\xff" * 30 + b"\x7f", b"\xff" * 32]
)
def test_an_unsound_ed25519_key_is_refused(kind: int, public: bytes) -> None:
    with pytest.raises(Malformed):
        VerifierKey("example.com/foo", kind, public)


NAMES = ["", "a b", "a+b", "a\u3000b", "a\u00a0b", "a\u2028b", "a\u0085b", "a\tb", "a\nb", "a\0b", "a\ud800b"]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_holds_no_space_plus_sign_or_control_character(name: str) -> None:
    with pytest.raises(Malformed):
        VerifierKey(name, ED25519, PUBLIC)
    with pytest.raises(Malformed):
        Signature(name, bytes(4), b"x")


def test_a_signature_line_is_spelt_as_it_was_read() -> None:
    line = "— 吉林.example/log " + base64_text(b"\x01\x02\x03\x04five") + "\n"

    signature = Signature.parse(line)

    assert signature == Signature("吉林.example/log", b"\x01\x02\x03\x04", b"five")
    assert signature.text() == line


@pytest.mark.parametrize(
    "line",
    [
        "",
        "\n",
        "— \n",
        "— name\n",
        "— name \n",
        "— name AAAAAA==\n",
        "— name AAAAAAA",
        "-- name AAAAAAA=\n",
        "—name AAAAAAA=\n",
        "—  name AAAAAAA=\n",
        "— name  AAAAAAA=\n",
        "— name AAAAAAA= \n",
        " — name AAAAAAA=\n",
        "— name AAAAAAA=\n\n",
        "— na+me AAAAAAA=\n",
    ],
)
def test_other_spellings_of_a_signature_line_are_refused(line: str) -> None:
    assert Signature.parse("— name AAAAAAA=\n") == Signature("name", bytes(4), b"\0")
    with pytest.raises(Malformed):
        Signature.parse(line)
