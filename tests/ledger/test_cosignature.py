"""A witness signs a tree and a time, in a form that can be taken for nothing else."""

from collections.abc import Callable
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey, MLDSA44PublicKey

from ledger.checkpoint import Checkpoint
from ledger.cosignature import Ed25519Cosigner, MLDSA44Cosigner, check_cosignature
from ledger.errors import Malformed, NotProven
from ledger.merkle import leaf_hash, root_of
from ledger.note import Ed25519Signer, Note, Signature, VerifierKey, signed, verified, with_lines

ORIGIN = "jilin.example/trace-ledger"
SEED = sha256(b"witness key").digest()
CHECKPOINT = Checkpoint(ORIGIN, 5, root_of(leaf_hash(word) for word in b"one two three four five".split()))
TEXT = CHECKPOINT.text()
AT = 1_767_225_600
LATEST = 2**63 - 1

Cosigner = Ed25519Cosigner | MLDSA44Cosigner
BOTH = pytest.mark.parametrize("kind", [Ed25519Cosigner, MLDSA44Cosigner])


def witness(kind: Callable[[str, bytes], Cosigner]) -> Cosigner:
    return kind("witness.example/amr", SEED)


def test_an_ed25519_cosignature_is_the_one_that_others_make() -> None:
    cosigner = Ed25519Cosigner("witness.example/amr", SEED)

    line = cosigner.cosign(TEXT, AT)

    assert line.text() == (
        "— witness.example/amr TpO9qgAAAABpVbkAlE0M0vpPFVkRdj9ZUF3yCxrvPcuKONib"
        "DqQEiIsPveGyvvQkptctSUfKZ17HcYvG8sN0f+zEAp2VEqtu/WAcCw==\n"
    )
    assert cosigner.key.text() == (
        "witness.example/amr+4e93bdaa+BAbL7K7b2+JbT1u2zcuO23EMBwrKfyjjJg20c3uMQGbx"
    )
    assert len(line.key_id + line.payload) == 76


def test_an_ml_dsa_cosignature_covers_the_message_of_the_specification() -> None:
    cosigner = MLDSA44Cosigner("witness.example/amr", SEED)
    message = (
        b"subtree/v1\n\0" + b"\x13witness.example/amr" + AT.to_bytes(8) + b"\x1ajilin.example/trace-ledger"
    )
    message += bytes(8) + (5).to_bytes(8) + CHECKPOINT.root

    line = cosigner.cosign(TEXT, AT)

    MLDSA44PublicKey.from_public_bytes(cosigner.key.public).verify(line.payload[8:], message)
    assert line.payload[:8] == AT.to_bytes(8)
    assert len(line.key_id + line.payload) == 2432


def test_an_ml_dsa_cosignature_of_another_signer_is_accepted() -> None:
    private = MLDSA44PrivateKey.from_seed_bytes(SEED)
    key = VerifierKey("w", 0x06, private.public_key().public_bytes_raw())
    message = b"subtree/v1\n\0\x01w" + AT.to_bytes(8) + b"\x1ajilin.example/trace-ledger" + bytes(8)
    message += (5).to_bytes(8) + CHECKPOINT.root

    assert check_cosignature(key, TEXT, AT.to_bytes(8) + private.sign(message)) == AT
    with pytest.raises(NotProven):
        check_cosignature(key, TEXT, AT.to_bytes(8) + private.sign(message, b"context"))


@BOTH
@pytest.mark.parametrize("at", [1, AT, LATEST])
def test_a_cosignature_tells_when_the_tree_was_seen(kind: type[Cosigner], at: int) -> None:
    cosigner = witness(kind)

    line = cosigner.cosign(TEXT, at)

    assert check_cosignature(cosigner.key, TEXT, line.payload) == at


@BOTH
@pytest.mark.parametrize("at", [0, -1, LATEST + 1, 2**64])
def test_no_witness_signs_without_a_time_that_fits(kind: type[Cosigner], at: int) -> None:
    with pytest.raises(Malformed):
        witness(kind).cosign(TEXT, at)


@BOTH
@pytest.mark.parametrize("at", [0, AT - 1, AT + 1, LATEST, LATEST + 1, 2**64 - 1])
def test_an_altered_time_does_not_hold(kind: type[Cosigner], at: int) -> None:
    cosigner = witness(kind)
    line = cosigner.cosign(TEXT, AT)

    with pytest.raises(NotProven):
        check_cosignature(cosigner.key, TEXT, at.to_bytes(8) + line.payload[8:])


@BOTH
@pytest.mark.parametrize("place", [8, 40, 71, -1])
def test_a_bent_cosignature_does_not_hold(kind: type[Cosigner], place: int) -> None:
    cosigner = witness(kind)
    payload = bytearray(cosigner.cosign(TEXT, AT).payload)
    payload[place] ^= 1

    with pytest.raises(NotProven):
        check_cosignature(cosigner.key, TEXT, bytes(payload))


@BOTH
@pytest.mark.parametrize("length", [0, 7, 8, -1])
def test_a_cosignature_has_its_length(kind: type[Cosigner], length: int) -> None:
    cosigner = witness(kind)
    payload = cosigner.cosign(TEXT, AT).payload

    for odd in (payload[:length], payload + b"\0"):
        with pytest.raises(NotProven):
            check_cosignature(cosigner.key, TEXT, odd)


OTHERS = [
    Checkpoint("jilin.example/other-ledger", 5, CHECKPOINT.root),
    Checkpoint(ORIGIN, 6, CHECKPOINT.root),
    Checkpoint(ORIGIN, 5, leaf_hash(b"five")),
]


@BOTH
@pytest.mark.parametrize("other", OTHERS)
def test_a_cosignature_is_of_one_log_one_size_and_one_root(kind: type[Cosigner], other: Checkpoint) -> None:
    cosigner = witness(kind)
    line = cosigner.cosign(TEXT, AT)

    with pytest.raises(NotProven):
        check_cosignature(cosigner.key, other.text(), line.payload)


@pytest.mark.parametrize(("kind", "covered"), [(Ed25519Cosigner, True), (MLDSA44Cosigner, False)])
def test_only_ed25519_covers_lines_below_the_root(*, kind: type[Cosigner], covered: bool) -> None:
    cosigner = witness(kind)
    line = cosigner.cosign(TEXT, AT)

    try:
        check_cosignature(cosigner.key, TEXT + "further line\n", line.payload)
    except NotProven:
        found = True
    else:
        found = False

    assert found is covered


def test_an_ml_dsa_cosignature_names_its_cosigner() -> None:
    line = MLDSA44Cosigner("witness.example/amr", SEED).cosign(TEXT, AT)
    namesake = MLDSA44Cosigner("witness.example/other", SEED)

    with pytest.raises(NotProven):
        check_cosignature(namesake.key, TEXT, line.payload)


def test_a_log_states_its_own_tree_with_ml_dsa_at_time_0() -> None:
    log, quantum_safe = Ed25519Signer(ORIGIN, SEED), MLDSA44Cosigner(ORIGIN, SEED)

    note = Note.parse(signed(TEXT, log, quantum_safe).bytes())

    assert verified(note, [log.key, quantum_safe.key]) == (log.key, quantum_safe.key)
    assert check_cosignature(quantum_safe.key, TEXT, note.signatures[1].payload) == 0


def test_nobody_else_may_leave_out_the_time() -> None:
    private = MLDSA44PrivateKey.from_seed_bytes(SEED)
    key = VerifierKey("w", 0x06, private.public_key().public_bytes_raw())
    message = b"subtree/v1\n\0\x01w" + bytes(8) + b"\x1ajilin.example/trace-ledger" + bytes(8)
    payload = bytes(8) + private.sign(message + (5).to_bytes(8) + CHECKPOINT.root)

    with pytest.raises(NotProven):
        check_cosignature(key, TEXT, payload)


def test_a_signature_of_one_kind_is_none_of_another() -> None:
    log, cosigner = Ed25519Signer(ORIGIN, SEED), Ed25519Cosigner(ORIGIN, SEED)
    plain, timed = log.sign(TEXT.encode()), cosigner.cosign(TEXT, AT).payload

    for key, payload in [(cosigner.key, AT.to_bytes(8) + plain), (log.key, timed), (log.key, timed[8:])]:
        with pytest.raises(NotProven):
            verified(Note(TEXT, (Signature(ORIGIN, key.key_id, payload),)), [key])
    with pytest.raises(NotProven):
        check_cosignature(log.key, TEXT, plain)


@pytest.mark.parametrize("text", ["not a checkpoint\n", "", TEXT.replace("5", "05")])
def test_ml_dsa_covers_checkpoints_only(text: str) -> None:
    cosigner = MLDSA44Cosigner("witness.example/amr", SEED)
    payload = cosigner.cosign(TEXT, AT).payload

    with pytest.raises(Malformed):
        cosigner.cosign(text, AT)
    with pytest.raises(NotProven):
        check_cosignature(cosigner.key, text, payload)


@pytest.mark.parametrize(("length", "accepted"), [(255, True), (256, False)])
def test_the_name_of_an_ml_dsa_cosigner_has_at_most_255_bytes(*, length: int, accepted: bool) -> None:
    cosigner = MLDSA44Cosigner("w" * length, SEED)

    try:
        found = check_cosignature(cosigner.key, TEXT, cosigner.cosign(TEXT, AT).payload)
    except Malformed:
        found = None

    assert found == (AT if accepted else None)


def test_a_failing_cosignature_spoils_the_note_of_a_good_log() -> None:
    log = Ed25519Signer(ORIGIN, sha256(b"log key").digest())
    for kind in (Ed25519Cosigner, MLDSA44Cosigner):
        line = witness(kind).cosign(OTHERS[1].text(), AT)
        note = with_lines(signed(TEXT, log), line)

        assert verified(note, [log.key]) == (log.key,)
        with pytest.raises(NotProven):
            verified(note, [log.key, witness(kind).key])
