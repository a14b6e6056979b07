"""A note is believed only where every line of a known key holds."""

import json
from base64 import b64decode
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import Malformed, NotProven
from ledger.note import (
    COSIGNATURE_ED25519,
    ED25519,
    MLDSA44,
    Ed25519Signer,
    Note,
    Signature,
    VerifierKey,
    signed,
    verified,
    with_lines,
)

VECTORS = Path(__file__).resolve().parents[2] / "data" / "vectors" / "ledger" / "note.json"
CASES: list[Any] = json.loads(VECTORS.read_text(encoding="utf-8"))["cases"]
LOG = Ed25519Signer("nongye.example/2026", sha256(b"log").digest())
TEXT = "nongye.example/2026\n1842\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"


def told(case: Any) -> tuple[str, list[str]]:
    """The verdict on a shared note, and who signed it."""
    try:
        note = Note.parse(case["note"].encode())
        return "proven", [
            key.name for key in verified(note, [VerifierKey.parse(key) for key in case["keys"]])
        ]
    except Malformed:
        return "malformed", []
    except NotProven:
        return "refused", []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["about"])
def test_the_shared_notes_get_their_verdict(case: Any) -> None:
    assert told(case) == (case["verdict"], case["signers"])


@pytest.mark.parametrize(
    "case", [case for case in CASES if case["verdict"] != "malformed"], ids=lambda case: case["about"]
)
def test_a_note_is_spelt_as_it_was_read(case: Any) -> None:
    assert Note.parse(case["note"].encode()).bytes().decode() == case["note"]


def test_the_kinds_of_keys_are_those_of_the_specification() -> None:
    assert (ED25519, COSIGNATURE_ED25519, MLDSA44) == (0x01, 0x04, 0x06)


def test_we_sign_as_another_implementation_does() -> None:
    typed_seed = b64decode("AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz")
    signer = Ed25519Signer("PeterNeumann", typed_seed[1:])
    (expected,) = (case["note"] for case in CASES if case["about"] == "an example of Go's implementation")

    note = signed(
        "If you think cryptography is the answer to your problem,\n"
        "then you don't know what your problem is.\n",
        signer,
    )

    assert note.bytes().decode() == expected
    assert signer.key.text() == "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"


LETTERS = st.characters(min_codepoint=0x20, exclude_categories=["Cs"])
TEXTS = st.lists(st.text(LETTERS, max_size=20), max_size=6).map(
    lambda lines: "".join(f"{line}\n" for line in lines) or "\n"
)


@given(TEXTS)
def test_every_text_can_be_signed_and_read_again(text: str) -> None:
    note = signed(text, LOG)

    assert Note.parse(note.bytes()) == note
    assert verified(note, [LOG.key]) == (LOG.key,)


@given(st.binary(max_size=60))
def test_whatever_is_read_is_spelt_the_same_or_refused(spelled: bytes) -> None:
    note = signed(TEXT, LOG).bytes()
    for candidate in (spelled, note + spelled, spelled + note):
        try:
            again = Note.parse(candidate).bytes()
        except Malformed:
            continue

        assert again == candidate


@pytest.mark.parametrize("bit", range(0, 8 * 60, 7))
def test_no_bent_signature_holds(bit: int) -> None:
    note = signed(TEXT, LOG)
    payload = bytearray(note.signatures[0].payload)
    payload[bit // 8] ^= 1 << bit % 8

    with pytest.raises(NotProven):
        verified(Note(TEXT, (Signature(LOG.key.name, LOG.key.key_id, bytes(payload)),)), [LOG.key])


@pytest.mark.parametrize("length", [1, 63, 65, 128])
def test_a_signature_has_64_bytes(length: int) -> None:
    payload = (signed(TEXT, LOG).signatures[0].payload * 2)[:length]

    with pytest.raises(NotProven):
        verified(Note(TEXT, (Signature(LOG.key.name, LOG.key.key_id, payload),)), [LOG.key])


@pytest.mark.parametrize(
    "spelled",
    [
        b"\xff\xfe\n\n\xe2\x80\x94 a AAAAAAA=\n",
        b"a\xc0\x80\n\n\xe2\x80\x94 a AAAAAAA=\n",
        b"\xed\xa0\x80\n\n\xe2\x80\x94 a AAAAAAA=\n",
    ],
)
def test_a_note_is_utf_8(spelled: bytes) -> None:
    with pytest.raises(Malformed):
        Note.parse(spelled)


@pytest.mark.parametrize("control", [chr(code) for code in range(32) if chr(code) != "\n"])
def test_a_note_holds_no_control_character(control: str) -> None:
    with pytest.raises(Malformed):
        Note.parse(signed(TEXT, LOG).bytes().replace(b"1842", f"18{control}42".encode()))
    with pytest.raises(Malformed):
        signed(f"18{control}42\n", LOG)


@pytest.mark.parametrize("text", ["", "no newline", "two\nlines", "half a pair \ud800\n"])
def test_a_text_ends_in_a_newline(text: str) -> None:
    with pytest.raises(Malformed):
        signed(text, LOG)


@pytest.mark.parametrize(
    ("lines", "accepted"), [(0, False), (1, True), (16, True), (100, True), (101, False)]
)
def test_a_note_has_1_to_100_signatures(*, lines: int, accepted: bool) -> None:
    signatures = tuple(Signature(f"witness.example/{number}", bytes(4), bytes(72)) for number in range(lines))
    spelled = TEXT + "\n" + "".join(signature.text() for signature in signatures)

    try:
        found = len(Note.parse(spelled.encode()).signatures)
    except Malformed:
        found = -1

    assert found == (lines if accepted else -1)


def test_a_further_line_is_put_below_and_a_repeated_one_replaces_the_older() -> None:
    other = Ed25519Signer("other.example/log", sha256(b"other").digest())
    note = signed(TEXT, LOG)
    (line,) = signed(TEXT, other).signatures
    older = Signature(line.name, line.key_id, b"older")

    once = with_lines(note, older)
    twice = with_lines(once, line, line)

    assert once.signatures == (*note.signatures, older)
    assert twice.signatures == (*note.signatures, line)
    assert verified(twice, [other.key, LOG.key]) == (LOG.key, other.key)


def test_a_line_of_a_known_name_with_another_key_id_is_passed_over() -> None:
    successor = Ed25519Signer(LOG.key.name, sha256(b"next").digest())
    note = signed(TEXT, LOG, successor)

    assert verified(note, [LOG.key]) == (LOG.key,)
    assert verified(note, [LOG.key, successor.key]) == (LOG.key, successor.key)
    assert verified(note, [LOG.key, LOG.key]) == (LOG.key,)


def test_two_keys_that_share_a_name_and_an_id_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    # Four bytes of ID can be forced to collide; here they are made equal to spare the search.
    monkeypatch.setattr(VerifierKey, "key_id", bytes(4))
    twin = Ed25519Signer(LOG.key.name, sha256(b"twin").digest())

    with pytest.raises(NotProven):
        verified(signed(TEXT, LOG), [LOG.key, twin.key])
