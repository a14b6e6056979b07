"""What witnesses have seen of a log decides what it proves, and whether it may go on, on both databases."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

from ledger.checkpoint import Checkpoint
from ledger.cosignature import Ed25519Cosigner
from ledger.errors import NotProven, Unsafe
from ledger.log import Log
from ledger.note import Ed25519Signer, Note, signed
from ledger.session import Session
from ledger.writer import Writer
from tests.logs import ORIGIN, SIGNER, log_on, record

WITNESS = Ed25519Cosigner("witness.example", bytes(32))


@pytest.fixture(name="log")
def of_five(engine: Engine, tmp_path: Path) -> Log:
    log = log_on(engine, tmp_path / "high-water")
    grow(log, 5)
    return log


def grow(log: Log, entries: int) -> None:
    def work(session: Session) -> range:
        return log.append(session, [record(number) for number in range(entries)])

    with Writer(log) as writer:
        writer.submit(work).result()


def cosign(log: Log) -> Note:
    note = log.publish()
    log.add_cosignatures(Checkpoint.parse(note.text).size, [WITNESS.cosign(note.text, 1)])
    return log.published() or note


def by_witness(note: Note) -> bool:
    return any(line.name == WITNESS.key.name for line in note.signatures)


def test_the_largest_note_that_is_enough_is_found(log: Log) -> None:
    before = log.witnessed(by_witness)
    seen = cosign(log)
    grow(log, 1)
    log.publish()

    assert (before, log.witnessed(by_witness), log.witnessed(lambda _note: False)) == (None, seen, None)


def test_proofs_are_cut_under_what_witnesses_have_seen(log: Log) -> None:
    seen = cosign(log)
    grow(log, 1)
    log.publish()

    assert log.proof(4, by_witness).note == seen
    assert log.proof(5).note == log.published()
    with pytest.raises(NotProven, match="too few witnesses"):
        log.proof(5, by_witness)


def test_a_witnesses_note_that_the_log_extends_lets_it_go_on(log: Log) -> None:
    seen = cosign(log)
    grow(log, 1)

    assert log.check_witnessed(seen)


@pytest.mark.parametrize(
    ("size", "reason"),
    [(6, "a witness has cosigned a larger tree"), (5, "a witness has cosigned another history")],
)
def test_a_witnesses_note_that_it_does_not_extend_stops_it(log: Log, size: int, reason: str) -> None:
    note = signed(Checkpoint(ORIGIN, size, bytes(32)).text(), SIGNER)

    with pytest.raises(Unsafe) as found:
        log.check_witnessed(note)

    assert (found.value.reason, found.value.facts) == (reason, {"size": 5, "witnessed": size})


@pytest.mark.parametrize(
    "note",
    [
        signed(Checkpoint(ORIGIN, 9, bytes(32)).text(), Ed25519Signer(ORIGIN, bytes(32))),
        signed(Checkpoint("other.example", 9, bytes(32)).text(), SIGNER),
        signed("no checkpoint\n", SIGNER),
    ],
)
def test_what_the_log_has_not_signed_does_not_count(log: Log, note: Note) -> None:
    assert not log.check_witnessed(note)


def test_an_empty_database_stops_at_any_note_of_its_own(engine: Engine, tmp_path: Path) -> None:
    note = signed(Checkpoint(ORIGIN, 1, bytes(32)).text(), SIGNER)

    with pytest.raises(Unsafe, match="a larger tree"):
        log_on(engine, tmp_path / "high-water").check_witnessed(note)
