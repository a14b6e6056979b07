import json
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger import canonical
from ledger.dsse import STATEMENT, AuthorKey, check_public_key, check_signature, key_id, pae
from ledger.edwards import BASE, NEUTRAL, L, Point
from ledger.errors import Malformed, NotProven
from ledger.spelling import base64_bytes

FOLDER = Path(__file__).resolve().parents[2] / "data" / "vectors"
ED25519 = json.loads((FOLDER / "ed25519.json").read_text())["vectors"]
VECTOR = json.loads((FOLDER / "statement.json").read_text())


def verdict(public: bytes, message: bytes, signature: bytes) -> str:
    try:
        check_signature(public, message, signature)
    except Malformed:
        return "key-refused"
    except NotProven:
        return "signature-refused"
    return "good"


@pytest.mark.parametrize("vector", ED25519, ids=lambda vector: vector["name"])
def test_each_signature_is_judged_as_the_vectors_say(vector: dict[str, str]) -> None:
    parts = (bytes.fromhex(vector[name]) for name in ("public", "message", "signature"))

    found = verdict(*parts)

    assert found == vector["verdict"]


@pytest.mark.parametrize("length", [0, 31, 33])
def test_a_key_of_another_length_is_refused(length: int) -> None:
    with pytest.raises(Malformed):
        check_public_key(bytes(length))


def test_the_signed_bytes_are_those_of_the_vector() -> None:
    key = AuthorKey(bytes.fromhex(VECTOR["seed"]))

    message = pae(STATEMENT, canonical.dumps(VECTOR["statement"]))

    assert message.hex() == VECTOR["pae"]
    assert sha256(message).hexdigest() == VECTOR["digest"]
    assert key.public.hex() == VECTOR["public"]
    assert key.id == key_id(key.public) == VECTOR["key_id"]
    assert key.sign(message) == base64_bytes(VECTOR["signature"])


def test_the_encoding_is_that_of_the_dsse_protocol() -> None:
    message = pae("http://example.com/HelloWorld", b"hello world")

    assert message == b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"


def test_lengths_are_counted_in_bytes() -> None:
    message = pae("稻", "谷".encode())

    assert message == "DSSEv1 3 稻 3 谷".encode()


def test_a_key_does_not_show_its_seed() -> None:
    key = AuthorKey(b"secret seed, thirty-two bytes!!!")

    assert repr(key) == f"AuthorKey({key.id})"


@given(st.binary(min_size=32, max_size=32))
def test_a_point_has_one_spelling(encoded: bytes) -> None:
    try:
        point = Point.decoded(encoded)
    except Malformed:
        return

    assert point.encoded() == encoded


@given(st.integers(0, 2**256), st.integers(0, 2**256))
def test_the_base_makes_a_group_of_prime_order(first: int, second: int) -> None:
    total = first * BASE + second * BASE

    assert total == (first + second) % L * BASE
    assert total != "a point"
    assert {total, NEUTRAL} >= {(first + second) % L * BASE}
