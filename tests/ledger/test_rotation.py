from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from ledger.checkpoint import Checkpoint
from ledger.cosignature import Ed25519Cosigner, MLDSA44Cosigner
from ledger.errors import LedgerError, Malformed, NotProven, Unsafe
from ledger.fsck import fsck
from ledger.highwater import FileHighWater
from ledger.keyfile import LogKeys
from ledger.keys import VerifierKey
from ledger.log import Log
from ledger.note import Ed25519Signer, Note, signed, with_lines
from ledger.policy import Policy
from ledger.proof import TlogProof
from ledger.rotation import BEGIN, END, Change, KeySchedule, check_signed, followed, with_keys
from ledger.writer import Writer
from tests.logs import ORIGIN, Clock, record
from tests.records import opening

OLD = LogKeys(sha256(b"old").digest(), sha256(b"old later").digest())
NEW = LogKeys(sha256(b"new").digest(), sha256(b"new later").digest())
NEXT = LogKeys(sha256(b"next").digest(), sha256(b"next later").digest())
BOTH = LogKeys(NEW.ed25519, NEW.mldsa44, retiring=OLD.newest)
DONE = BOTH.finished(ORIGIN)
OLD_KEYS, NEW_KEYS, NEXT_KEYS = (keys.vkeys(ORIGIN) for keys in (OLD, NEW, NEXT))
BEGUN, ENDED = (Change(ORIGIN, OLD_KEYS, NEW_KEYS, phase) for phase in (BEGIN, END))
WITNESS = Ed25519Cosigner("witness.example/w1", sha256(b"witness key").digest())


def opened() -> dict[str, Any]:
    found = opening()
    found["opening"]["vkeys"] = [key.text() for key in OLD_KEYS]
    return found


def schedule(*changes: tuple[int, Change]) -> KeySchedule:
    found = KeySchedule.opened(ORIGIN, opened())
    for index, change in changes:
        found.admit(change.record(), index)
    return found


@pytest.mark.parametrize(
    ("size", "keys"),
    [
        (0, OLD_KEYS),
        (1, OLD_KEYS),
        (5, OLD_KEYS),
        (6, (*OLD_KEYS, *NEW_KEYS)),
        (9, (*OLD_KEYS, *NEW_KEYS)),
        (10, NEW_KEYS),
        (10**9, NEW_KEYS),
    ],
)
def test_both_sign_every_checkpoint_between_the_two_entries(size: int, keys: tuple[VerifierKey, ...]) -> None:
    found = schedule((5, BEGUN), (9, ENDED))

    assert found.in_force(size) == keys


def test_a_second_change_follows_the_first() -> None:
    begun, ended = (Change(ORIGIN, NEW_KEYS, NEXT_KEYS, phase) for phase in (BEGIN, END))

    found = schedule((5, BEGUN), (9, ENDED), (10, begun), (11, ended))

    assert [found.in_force(size) for size in (10, 11, 12)] == [NEW_KEYS, (*NEW_KEYS, *NEXT_KEYS), NEXT_KEYS]
    assert found.every() == (*OLD_KEYS, *NEW_KEYS, *NEXT_KEYS)
    assert (found.changes, found.begun) == ((5, 9, 10, 11), None)


def test_a_copy_goes_its_own_way() -> None:
    found = schedule((5, BEGUN))

    copy = found.copy()
    copy.admit(ENDED.record(), 9)

    assert (found.begun, copy.begun) == (BEGUN, None)
    assert found.in_force(10) == (*OLD_KEYS, *NEW_KEYS)


def test_other_records_pass_by() -> None:
    found = schedule()

    found.admit(record(1), 1)

    assert found.in_force(2) == OLD_KEYS


REFUSED: dict[str, tuple[list[tuple[int, Change]], type[LedgerError]]] = {
    "an end without a beginning": ([(5, ENDED)], NotProven),
    "a beginning within a change": ([(5, BEGUN), (6, BEGUN)], NotProven),
    "an end of another change": ([(5, BEGUN), (6, Change(ORIGIN, OLD_KEYS, NEXT_KEYS, END))], NotProven),
    "old keys that are not in force": ([(5, Change(ORIGIN, NEW_KEYS, NEXT_KEYS, BEGIN))], NotProven),
    "old keys in another order": ([(5, Change(ORIGIN, OLD_KEYS[::-1], NEW_KEYS, BEGIN))], NotProven),
    "one of the old keys alone": ([(5, Change(ORIGIN, OLD_KEYS[:1], NEW_KEYS, BEGIN))], NotProven),
    "a key that signed before": (
        [(5, BEGUN), (6, ENDED), (7, Change(ORIGIN, NEW_KEYS, OLD_KEYS, BEGIN))],
        NotProven,
    ),
    "an end before its beginning": ([(5, BEGUN), (5, ENDED)], NotProven),
}


@pytest.mark.parametrize("what", REFUSED)
def test_a_change_that_cannot_follow_is_refused_and_takes_over_nothing(what: str) -> None:
    (*before, last), error = REFUSED[what]
    found = schedule(*before)
    in_force = found.in_force(100)

    with pytest.raises(error):
        found.admit(last[1].record(), last[0])

    assert found.in_force(100) == in_force


def bent(**change: Any) -> dict[str, Any]:
    found = BEGUN.record()
    return found | {"change": found["change"] | change}


MALFORMED: dict[str, dict[str, Any]] = {
    "another version": bent(v=2),
    "a version that is true": bent(v=True),
    "another phase": bent(phase="middle"),
    "a phase that is no word": bent(phase=1),
    "no new keys": bent(new=[]),
    "keys that are no list": bent(new="x"),
    "keys that are no words": bent(new=[1]),
    "a key that does not read": bent(new=["x"]),
    "a member more": bent(more=1),
    "links": BEGUN.record() | {"links": {"urn:x": []}},
    "a member of the record more": BEGUN.record() | {"sigs": []},
    "no change": {"kind": "log-keys", "links": {}},
    "a change that is no object": BEGUN.record() | {"change": []},
    "one key twice": bent(new=[NEW_KEYS[0].text(), NEW_KEYS[0].text()]),
    "no Ed25519 key": bent(new=[NEW_KEYS[1].text()]),
    "the same keys": bent(new=[key.text() for key in OLD_KEYS]),
    "the key of another name": bent(new=[NEW.signer("other.example/log").key.text()]),
    "the key of a witness": bent(new=[NEW_KEYS[0].text(), Ed25519Cosigner(ORIGIN, bytes(32)).key.text()]),
}


@pytest.mark.parametrize("what", MALFORMED)
def test_a_change_in_another_form_is_malformed(what: str) -> None:
    with pytest.raises(Malformed):
        schedule().admit(MALFORMED[what], 5)


def test_a_change_of_another_log_is_refused() -> None:
    name = "other.example/log"
    other = Change(name, OLD.vkeys(name), NEW.vkeys(name), BEGIN)

    with pytest.raises(NotProven):
        schedule().admit(other.record(), 5)


def test_a_change_is_read_as_it_was_written() -> None:
    assert Change.parse(BEGUN.record()) == BEGUN


@pytest.mark.parametrize("vkeys", [None, [], ["x"], [MLDSA44Cosigner(ORIGIN, bytes(32)).key.text()]])
def test_an_opening_that_names_no_key_of_the_log_is_malformed(vkeys: Any) -> None:
    found = opened()
    found["opening"]["vkeys"] = vkeys

    with pytest.raises(Malformed):
        KeySchedule.opened(ORIGIN, found)


def test_another_record_opens_nothing() -> None:
    with pytest.raises(Malformed):
        KeySchedule.opened(ORIGIN, BEGUN.record())


# Whole logs.


def log_with(engine: Engine, folder: Path, keys: LogKeys) -> Log:
    """Return the log as a process with these keys opens it."""
    sealer, *others = keys.sealers(ORIGIN)
    return Log(
        engine,
        ORIGIN,
        sealer,
        FileHighWater(folder / "mark"),
        Clock(),
        publish_signers=keys.publishers(ORIGIN),
        co_signers=others,
        former=keys.former(),
    )


def write(log: Log, *records: dict[str, Any]) -> None:
    with Writer(log) as writer:
        writer.submit(lambda session: log.append(session, list(records))).result()


def signers(note: Note | None) -> set[bytes]:
    assert note is not None
    return {line.key_id for line in note.signatures}


def ids(*keys: VerifierKey) -> set[bytes]:
    return {key.key_id for key in keys}


@pytest.fixture
def rotated(sqlite_engine: Engine, tmp_path: Path) -> Engine:
    """A log of seven entries: opened, one record, begun at 2, two records, ended at 5, one record."""
    log = log_with(sqlite_engine, tmp_path, OLD)
    write(log, opened(), record(1))
    log.publish()
    log = log_with(sqlite_engine, tmp_path, BOTH)
    write(log, BEGUN.record())
    log.publish()
    write(log, record(3), record(4))
    log.publish()
    write(log, ENDED.record())
    log.publish()
    log = log_with(sqlite_engine, tmp_path, DONE)
    write(log, record(6))
    log.publish()
    return sqlite_engine


def published(engine: Engine) -> Iterator[Note]:
    with engine.connect() as connection:
        for (spelt,) in connection.exec_driver_sql("SELECT note FROM ledger_published ORDER BY size").all():
            yield Note.parse(bytes(spelt))


def test_each_published_checkpoint_bears_the_lines_of_its_keys(rotated: Engine) -> None:
    found = [(Checkpoint.parse(note.text).size, signers(note)) for note in published(rotated)]

    both = ids(*OLD_KEYS, *NEW_KEYS)
    # The old keys may still sign the checkpoint that ends their time.
    assert found == [(2, ids(*OLD_KEYS)), (3, both), (5, both), (6, both), (7, ids(*NEW_KEYS))]
    whole = schedule((2, BEGUN), (5, ENDED))
    for note in published(rotated):
        check_signed(note, whole)


@pytest.mark.parametrize("size", [3, 5])
@pytest.mark.parametrize("place", range(4))
def test_a_checkpoint_of_the_change_over_without_one_of_its_lines_is_refused(
    rotated: Engine, size: int, place: int
) -> None:
    note = next(each for each in published(rotated) if Checkpoint.parse(each.text).size == size)
    fewer = Note(note.text, (*note.signatures[:place], *note.signatures[place + 1 :]))

    with pytest.raises(NotProven):
        check_signed(fewer, schedule((2, BEGUN), (5, ENDED)))


def test_a_checkpoint_under_another_name_is_refused(rotated: Engine) -> None:
    note = signed(Checkpoint("other.example/log", 3, bytes(32)).text(), *BOTH.sealers("other.example/log"))

    with pytest.raises(NotProven):
        check_signed(note, schedule((2, BEGUN)))


def test_the_head_is_sealed_with_both_keys_at_once(sqlite_engine: Engine, tmp_path: Path) -> None:
    write(log_with(sqlite_engine, tmp_path, OLD), opened())

    log = log_with(sqlite_engine, tmp_path, BOTH)
    write(log, BEGUN.record(), record(2))

    assert signers(log.head()[1]) == ids(OLD_KEYS[0], NEW_KEYS[0])


@pytest.mark.parametrize("keys", [OLD, BOTH, DONE])
def test_new_secrets_without_the_entry_leave_a_log_that_goes_on(
    sqlite_engine: Engine, tmp_path: Path, keys: LogKeys
) -> None:
    """Step 1 of a beginning was the last: the file holds both, and the log has not heard of it."""
    write(log_with(sqlite_engine, tmp_path, OLD), opened())
    write(log_with(sqlite_engine, tmp_path, BOTH), record(1))

    log = log_with(sqlite_engine, tmp_path, keys)
    if keys is OLD:
        # Another process sealed with a key that this one has not.
        with pytest.raises(Unsafe):
            log.check_start()
    else:
        write(log, record(2))
        assert log.size() == 3


def test_a_process_with_the_old_secrets_alone_is_refused_from_the_entry_on(
    engine: Engine, tmp_path: Path
) -> None:
    log = log_with(engine, tmp_path, OLD)
    with Writer(log) as writer:
        writer.submit(lambda session: log.append(session, [opened()])).result()
        write(log_with(engine, tmp_path, BOTH), BEGUN.record())

        late = writer.submit(lambda session: log.append(session, [record(2)]))

        with pytest.raises(Unsafe, match="restart with its new key file"):
            late.result()
        with pytest.raises(Unsafe, match="restart with its new key file"):
            log.publish()
    assert log.size() == 2


def test_secrets_that_were_not_erased_yet_do_no_harm(sqlite_engine: Engine, tmp_path: Path) -> None:
    """The end was entered, and the next step never came: both still sign, and the new key alone goes on."""
    write(log_with(sqlite_engine, tmp_path, OLD), opened())
    write(log_with(sqlite_engine, tmp_path, BOTH), BEGUN.record(), ENDED.record())

    write(log_with(sqlite_engine, tmp_path, BOTH), record(3))
    write(log_with(sqlite_engine, tmp_path, DONE), record(4))

    assert log_with(sqlite_engine, tmp_path, DONE).size() == 5


def test_a_key_file_that_forgot_the_retired_keys_does_not_start(rotated: Engine, tmp_path: Path) -> None:
    log_with(rotated, tmp_path, DONE).check_start()

    with pytest.raises(Unsafe):
        log_with(rotated, tmp_path, NEW).check_start()


def test_a_retired_key_seals_no_head(sqlite_engine: Engine, tmp_path: Path) -> None:
    write(log_with(sqlite_engine, tmp_path, OLD), opened())

    with pytest.raises(Unsafe):
        log_with(sqlite_engine, tmp_path, DONE).check_start()


@pytest.mark.parametrize("keys", [OLD_KEYS, NEW_KEYS, (*OLD_KEYS, *NEW_KEYS), NEW_KEYS[:1]])
def test_an_audit_believes_the_whole_log_whichever_of_its_keys_it_trusts(
    rotated: Engine, keys: tuple[VerifierKey, ...]
) -> None:
    assert fsck(rotated, origin=ORIGIN, keys=keys).found == ()


def test_an_audit_that_trusts_another_key_believes_nothing(rotated: Engine) -> None:
    assert "head-altered" in {finding.what for finding in fsck(rotated, origin=ORIGIN, keys=NEXT_KEYS).found}


def test_a_thief_of_the_database_cannot_name_the_next_key(sqlite_engine: Engine, tmp_path: Path) -> None:
    """All is consistent, from entry 0 to the head; but nobody saw what the old key should have signed."""
    records = [opened(), record(1), BEGUN.record(), ENDED.record()]
    stolen = log_with(sqlite_engine, tmp_path, NEW)
    write(stolen, *records)
    stolen.publish()

    found = fsck(sqlite_engine, origin=ORIGIN, keys=OLD_KEYS)

    assert {finding.what for finding in found.found} == {"key-change-unseen"}


# Following.

URL = "https://nongye.example/log"
NOW = datetime.fromtimestamp(1_790_000_060, UTC)
LINES = "".join(f"log {key.text()} {URL}\n" for key in OLD_KEYS)
ALONE = Policy.parse(f"{LINES}quorum none\n")
WITNESSED = Policy.parse(f"{LINES}witness w1 {WITNESS.key.text()}\nquorum w1\n")


@pytest.fixture
def files(rotated: Engine, tmp_path: Path) -> tuple[bytes, TlogProof]:
    """The entry that begins the change, and its proof under a checkpoint of the change-over, witnessed."""
    log = log_with(rotated, tmp_path, DONE)
    note = next(each for each in published(rotated) if Checkpoint.parse(each.text).size == 5)
    seen = with_lines(note, WITNESS.cosign(note.text, 1_790_000_000))
    return log.entry(2).spelt, log.proof_under(2, seen)


@pytest.mark.parametrize("policy", [ALONE, WITNESSED])
def test_who_trusts_the_old_keys_follows_to_the_new(policy: Policy, files: tuple[bytes, TlogProof]) -> None:
    found = followed(policy, files[0], files[1].bytes(), now=NOW)

    assert found.logs == tuple((key, URL) for key in NEW_KEYS)
    assert (found.witnesses, found.quorum) == (policy.witnesses, policy.quorum)


def test_a_policy_with_the_sealing_key_alone_follows_too(files: tuple[bytes, TlogProof]) -> None:
    policy = Policy.parse(f"log {OLD_KEYS[0].text()}\nquorum none\n")

    assert followed(policy, files[0], files[1].bytes(), now=NOW).keys_of(ORIGIN) == NEW_KEYS


def with_note(proof: TlogProof, *lines: Any) -> bytes:
    return TlogProof(proof.index, proof.path, Note(proof.note.text, lines)).bytes()


def test_each_line_but_those_that_nobody_asks_for_is_needed(files: tuple[bytes, TlogProof]) -> None:
    entry, proof = files
    for place in range(len(proof.note.signatures)):
        fewer = (*proof.note.signatures[:place], *proof.note.signatures[place + 1 :])
        with pytest.raises(NotProven):
            followed(WITNESSED, entry, with_note(proof, *fewer), now=NOW)


@pytest.mark.parametrize(("ahead", "refused"), [(5, False), (5.1, True)])
def test_a_witness_from_the_future_leads_nowhere(
    files: tuple[bytes, TlogProof], ahead: float, *, refused: bool
) -> None:
    entry, proof = files
    now = NOW - timedelta(minutes=ahead + 1)

    if refused:
        with pytest.raises(NotProven, match="too few witnesses"):
            followed(WITNESSED, entry, proof.bytes(), now=now)
    else:
        assert followed(WITNESSED, entry, proof.bytes(), now=now).keys_of(ORIGIN) == NEW_KEYS


def test_a_checkpoint_after_the_change_over_proves_nothing_to_the_old_policy(
    rotated: Engine, tmp_path: Path
) -> None:
    log = log_with(rotated, tmp_path, DONE)

    with pytest.raises(NotProven):
        followed(ALONE, log.entry(2).spelt, log.proof(2).bytes(), now=NOW)


@pytest.mark.parametrize("index", [0, 1, 3, 5])
def test_no_other_entry_is_followed(rotated: Engine, tmp_path: Path, index: int) -> None:
    log = log_with(rotated, tmp_path, DONE)
    note = next(each for each in published(rotated) if Checkpoint.parse(each.text).size == 6)

    with pytest.raises((NotProven, Malformed)):
        followed(ALONE, log.entry(index).spelt, log.proof_under(index, note).bytes(), now=NOW)


def test_a_stranger_to_the_old_keys_is_not_led_anywhere(files: tuple[bytes, TlogProof]) -> None:
    for stranger in ("quorum none\n", f"log {NEXT_KEYS[0].text()}\nquorum none\n"):
        with pytest.raises(NotProven):
            followed(Policy.parse(stranger), files[0], files[1].bytes(), now=NOW)


def test_an_entry_that_names_other_new_keys_is_not_under_the_root(files: tuple[bytes, TlogProof]) -> None:
    forged = files[0].replace(NEW_KEYS[0].text().encode(), NEXT_KEYS[0].text().encode())

    with pytest.raises(NotProven):
        followed(ALONE, forged, files[1].bytes(), now=NOW)


def test_each_flipped_bit_of_the_entry_leads_nowhere(files: tuple[bytes, TlogProof]) -> None:
    entry, proof = files
    spelt = proof.bytes()
    for place in range(0, len(entry), 37):
        bent = bytearray(entry)
        bent[place] ^= 1
        with pytest.raises(LedgerError):
            followed(ALONE, bytes(bent), spelt, now=NOW)


def test_new_keys_stand_where_the_old_ones_stood() -> None:
    other = Ed25519Signer("other.example/log", bytes(32)).key
    policy = Policy.parse(f"log {other.text()}\n{LINES}quorum none\n")

    assert with_keys(policy, ORIGIN, NEW_KEYS).logs == ((other, None), *((key, URL) for key in NEW_KEYS))
    assert with_keys(policy, "third.example", NEXT_KEYS[:0]).logs == policy.logs
