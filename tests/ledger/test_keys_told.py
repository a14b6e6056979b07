"""An inspection follows the keys that the log tells of: its own, which change, and those of authors."""

from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy import Engine

from ledger.authorship import Keyring, anything
from ledger.cosignature import MLDSA44Cosigner
from ledger.entry import Entry
from ledger.fsck import Findings, fsck
from ledger.highwater import FileHighWater
from ledger.keys import VerifierKey
from ledger.keys_told import KeysTold, Signatures, tells_of_keys
from ledger.log import Log
from ledger.note import Ed25519Signer
from ledger.rotation import BEGIN, END, Change
from ledger.writer import Writer
from tests.logs import COSIGNER, ORIGIN, SIGNER, Clock, record
from tests.records import FARM, OPERATOR, STRANGER, key_record, opening, revocation, statement

NEW = Ed25519Signer(ORIGIN, sha256(b"new log key").digest())
NEW_COSIGNER = MLDSA44Cosigner(ORIGIN, sha256(b"new log key for later").digest())
THIEF = Ed25519Signer(ORIGIN, sha256(b"thief").digest())
OLD_KEYS, NEW_KEYS = (SIGNER.key, COSIGNER.key), (NEW.key, NEW_COSIGNER.key)


def change(phase: str) -> dict[str, object]:
    return Change(ORIGIN, OLD_KEYS, NEW_KEYS, phase).record()


def appended(log: Log, *records: dict[str, object]) -> None:
    with Writer(log) as writer:
        writer.submit(lambda session: log.append(session, list(records))).result()


def changed_over(engine: Engine, folder: Path, *, seen: bool) -> None:
    """Let a log change its key from entry 300 to entry 302; *seen*: it publishes in between."""
    mark, clock = FileHighWater(folder / "mark"), Clock()
    first = Log(engine, ORIGIN, SIGNER, mark, clock, publish_signers=[COSIGNER])
    opened = opening()
    opened["opening"]["vkeys"] = [key.text() for key in OLD_KEYS]
    appended(first, opened, *(record(number) for number in range(1, 300)))
    first.publish()
    both = Log(
        engine, ORIGIN, SIGNER, mark, clock, publish_signers=[COSIGNER, NEW_COSIGNER], co_signers=[NEW]
    )
    appended(both, change(BEGIN), record(301))
    if seen:
        both.publish()
    last = Log(engine, ORIGIN, NEW, mark, clock, publish_signers=[NEW_COSIGNER], former=OLD_KEYS)
    appended(last, change(END), record(303))
    last.publish()


def inspect(engine: Engine, keys: Iterable[VerifierKey], workers: int = 1) -> Findings:
    return fsck(engine, origin=ORIGIN, keys=keys, workers=workers)


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("keys", [OLD_KEYS, NEW_KEYS, (*OLD_KEYS, *NEW_KEYS)], ids=["old", "new", "both"])
def test_whoever_trusts_any_key_of_the_log_follows_its_change(
    sqlite_engine: Engine, tmp_path: Path, keys: tuple[VerifierKey, ...], workers: int
) -> None:
    changed_over(sqlite_engine, tmp_path, seen=True)

    findings = inspect(sqlite_engine, keys, workers)

    assert (findings.size, findings.found) == (304, ())


def test_a_change_that_nobody_saw_signed_by_both_keys_is_found(sqlite_engine: Engine, tmp_path: Path) -> None:
    changed_over(sqlite_engine, tmp_path, seen=False)

    findings = inspect(sqlite_engine, OLD_KEYS)

    assert [(each.what, each.index) for each in findings.found] == [("key-change-unseen", 300)]


def test_a_key_that_the_log_never_had_is_not_followed(sqlite_engine: Engine, tmp_path: Path) -> None:
    changed_over(sqlite_engine, tmp_path, seen=True)

    findings = inspect(sqlite_engine, [THIEF.key])

    assert findings.found[0].what == "head-altered"


RECORDS = [
    opening(),
    key_record(FARM, OPERATOR, FARM),
    statement(),
    revocation(FARM),
    statement(),
    key_record(STRANGER, STRANGER, STRANGER, party="nobody"),
    statement(STRANGER, by="nobody"),
]


def spelt(index: int) -> bytes:
    prev = bytes(32) if index == 0 else b"\1" * 32
    return Entry(index, "2026-09-21T08:00:00.000000Z", prev, RECORDS[index]).bytes()


def test_the_few_entries_that_tell_of_keys_are_known_by_their_beginning() -> None:
    assert [tells_of_keys(spelt(index)) for index in range(7)] == [
        True,
        True,
        False,
        True,
        False,
        True,
        False,
    ]


def test_statements_are_judged_by_the_place_of_the_keys_that_sign_them() -> None:
    told = KeysTold(Keyring(ORIGIN))
    for index in range(7):
        if tells_of_keys(spelt(index)):
            told.admit(index, spelt(index))
    look = Signatures(told.ring, anything)

    found = [finding.index for index in range(7) for finding in look(index, RECORDS[index])]

    # 2 stands before the revocation, 4 behind it; nobody vouched for the stranger's key.
    assert found == [4, 6]


def test_what_is_no_entry_tells_of_no_keys() -> None:
    told = KeysTold(Keyring(ORIGIN))

    told.admit(0, b'"record":{"kind":"log-opened"')

    assert (told.ring.grants(), told.schedule) == ((), None)
