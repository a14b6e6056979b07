"""A witness remembers before it answers, keeps what speaks against a log, and never signs without memory."""

import shutil
import sqlite3
import threading
from hashlib import sha256
from pathlib import Path

import pytest

from ledger.checkpoint import Checkpoint
from ledger.cosignature import MLDSA44Cosigner, check_cosignature
from ledger.errors import NotProven, Unsafe
from ledger.keys import COSIGNATURE_ED25519, MLDSA44, VerifierKey
from ledger.merkle import Hash, leaf_hash, node_hash
from ledger.note import Ed25519Signer, Note, Signer, signed, verified
from ledger.witness import FORK, UNPROVEN, Answer, Request
from ledger.witness_rows import MOST_KEPT, Evidence
from ledger.witness_state import (
    CLOCK_WENT_BACK,
    EXPOSED,
    KEY_FILE,
    NO_KEY,
    NO_STATE,
    NOT_EMPTY,
    NOT_ITS_OWN,
    SLACK_SECONDS,
    STATE_FILE,
    UNREADABLE,
    Standing,
    create,
    opened,
)

NOW = 1767225600
ORIGIN = "nongye.example/2026"
LOG = Ed25519Signer(ORIGIN, sha256(b"log").digest())
LATER = MLDSA44Cosigner(ORIGIN, sha256(b"log for later").digest())
NEXT = Ed25519Signer(ORIGIN, sha256(b"the next key").digest())
ONE, TWO, THREE = leaf_hash(b"one"), leaf_hash(b"two"), leaf_hash(b"three")
PAIR = node_hash(ONE, TWO)


def asked(size: int, root: Hash, old: int = 0, *proof: Hash, by: tuple[Signer, ...] = (LOG,)) -> bytes:
    checkpoint = Checkpoint(ORIGIN, size, root)
    return Request(old, proof, checkpoint, signed(checkpoint.text(), *by).bytes()).bytes()


@pytest.fixture(name="folder")
def made(tmp_path: Path) -> Path:
    create(tmp_path / "witness", "witness.example/w1")
    with opened(tmp_path / "witness") as state:
        state.add_logs([LOG.key])
    return tmp_path / "witness"


def answered(folder: Path, *bodies: bytes, second: int = NOW) -> list[Answer]:
    with opened(folder) as state:
        return [state.answer(body, lambda: second) for body in bodies]


def statuses(folder: Path, *bodies: bytes, second: int = NOW) -> list[int]:
    return [each.status for each in answered(folder, *bodies, second=second)]


def test_both_keys_sign_and_each_line_ends_once(folder: Path) -> None:
    (given,) = answered(folder, asked(1, ONE))

    note = Note.parse(f"{Checkpoint(ORIGIN, 1, ONE).text()}\n".encode() + given.body.encode())
    with opened(folder) as state:
        assert [key.kind for key in verified(note, state.keys)] == [COSIGNATURE_ED25519, MLDSA44]
        pairs = zip(state.keys, note.signatures, strict=True)
        times = [check_cosignature(key, note.text, line.payload) for key, line in pairs]
    assert times == [NOW, NOW]


def test_what_was_cosigned_is_there_after_a_restart(folder: Path) -> None:
    answered(folder, asked(1, ONE))

    again = answered(folder, asked(2, PAIR), asked(2, PAIR, 1, TWO), asked(2, PAIR, 2))

    assert [each.status for each in again] == [409, 200, 200]
    assert again[0].body == "1\n"
    with opened(folder) as state:
        assert state.standings() == [Standing(ORIGIN, (LOG.key,), 2, NOW)]


def test_the_latest_note_bears_the_logs_line_and_both_of_the_witness(folder: Path) -> None:
    stranger = Ed25519Signer("stranger.example", bytes(32))
    answered(folder, asked(1, ONE, by=(stranger, LOG)))

    with opened(folder) as state:
        shown = state.latest(sha256(ORIGIN.encode()).hexdigest())
        none = state.latest(sha256(b"another").hexdigest())
        keys = (LOG.key, *state.keys)

    assert shown is not None
    assert none is None
    assert verified(Note.parse(shown), keys) == keys
    assert [line.name for line in Note.parse(shown).signatures] == [key.name for key in keys]


def test_of_many_at_once_exactly_one_wins(folder: Path) -> None:
    answered(folder, asked(1, ONE))
    found: list[int] = []
    with opened(folder) as state:
        roots = [sha256(bytes([number])).digest() for number in range(6)]
        bodies = [asked(2, node_hash(ONE, each), 1, each) for each in roots]
        ready = threading.Barrier(len(bodies))

        def ask(body: bytes) -> None:
            ready.wait()
            found.append(state.answer(body, lambda: NOW).status)

        threads = [threading.Thread(target=ask, args=(body,)) for body in bodies]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert sorted(found) == [200, 409, 409, 409, 409, 409]


# Keys of a log.


@pytest.mark.parametrize(
    ("by", "status"),
    [
        ((LOG,), 200),
        ((NEXT,), 200),
        ((LOG, NEXT), 200),
        ((LATER,), 403),
        ((LOG, LATER), 200),
    ],
)
def test_while_a_log_changes_its_key_either_is_believed(
    folder: Path, by: tuple[Signer, ...], status: int
) -> None:
    with opened(folder) as state:
        state.add_logs([NEXT.key, LOG.key])

    assert statuses(folder, asked(1, ONE, by=by)) == [status]


def test_a_line_of_a_known_key_that_fails_spoils_a_good_one(folder: Path) -> None:
    with opened(folder) as state:
        state.add_logs([NEXT.key])
    wrong = signed(Checkpoint(ORIGIN, 2, PAIR).text(), NEXT).signatures[0].text()

    assert statuses(folder, asked(1, ONE) + wrong.encode()) == [403]


def test_the_log_may_sign_with_a_key_that_outlives_curves(folder: Path) -> None:
    with opened(folder) as state:
        state.add_logs([LATER.key])

    assert statuses(folder, asked(1, ONE, by=(LATER,))) == [200]


def test_a_key_that_is_taken_away_is_believed_no_more_and_nothing_is_forgotten(folder: Path) -> None:
    answered(folder, asked(1, ONE))
    with opened(folder) as state:
        taken = [state.remove_log(LOG.key), state.remove_log(LOG.key)]

    gone = statuses(folder, asked(2, PAIR, 1, TWO))
    with opened(folder) as state:
        state.add_logs([NEXT.key])

    assert taken == [True, False]
    assert gone == [404]
    assert statuses(folder, asked(2, PAIR, by=(NEXT,)), asked(2, PAIR, 1, TWO, by=(NEXT,))) == [409, 200]


# Evidence.


def test_both_notes_of_a_fork_are_kept_as_they_came(folder: Path) -> None:
    answered(folder, asked(2, PAIR))
    fork = asked(2, ONE, 2)

    refused = statuses(folder, fork, fork)

    with opened(folder) as state:
        kept = state.latest(sha256(ORIGIN.encode()).hexdigest())
        assert state.evidence() == [Evidence(ORIGIN, FORK, kept or b"", fork.partition(b"\n\n")[2], NOW)]
    assert refused == [422, 422]


def test_what_was_not_proven_is_kept_until_it_is(folder: Path) -> None:
    answered(folder, asked(1, ONE), asked(2, PAIR, 1, THREE))
    with opened(folder) as state:
        before = [each.what for each in state.evidence()]

    answered(folder, asked(2, PAIR, 1, TWO))

    with opened(folder) as state:
        assert (before, state.evidence()) == ([UNPROVEN], [])


def test_a_fork_that_was_shown_too_early_is_kept_once_it_proves_something(folder: Path) -> None:
    """A log that lies shows its second tree before the first has grown so far, and hopes that is all."""
    answered(folder, asked(1, ONE), asked(2, ONE, 1), asked(2, PAIR, 1, TWO), asked(2, ONE, 2))

    with opened(folder) as state:
        kept = state.latest(sha256(ORIGIN.encode()).hexdigest())
        assert [(each.what, each.kept) for each in state.evidence()] == [(FORK, kept)]


def test_no_log_fills_the_disk_with_what_speaks_against_it(folder: Path) -> None:
    answered(folder, asked(1, ONE))
    roots = [sha256(bytes([number])).digest() for number in range(MOST_KEPT + 2)]
    unproven, forks = [asked(2, root, 1, TWO) for root in roots], [asked(1, root, 1) for root in roots]

    answered(folder, *unproven, *forks)

    with opened(folder) as state:
        kept = [each.what for each in state.evidence()]
    assert (kept.count(UNPROVEN), kept.count(FORK)) == (MOST_KEPT, MOST_KEPT)


def test_lines_of_strangers_are_not_kept(folder: Path) -> None:
    stranger = Ed25519Signer("stranger.example", bytes(32))
    answered(folder, asked(2, PAIR), asked(2, ONE, 2, by=(LOG, stranger)))

    with opened(folder) as state:
        (kept,) = state.evidence()
    assert kept.shown == asked(2, ONE, 2).partition(b"\n\n")[2]


def test_what_the_log_has_not_signed_is_no_evidence(folder: Path) -> None:
    answered(folder, asked(2, PAIR), asked(2, ONE, 2, by=(NEXT,)))

    with opened(folder) as state:
        assert state.evidence() == []


# The clock.


@pytest.mark.parametrize(("second", "status"), [(NOW, 200), (NOW + 1, 200), (NOW - 1, 503)])
def test_no_time_is_signed_before_the_last_one(folder: Path, second: int, status: int) -> None:
    answered(folder, asked(1, ONE))

    found = answered(folder, asked(2, PAIR, 1, TWO), second=second)
    then = statuses(folder, asked(2, PAIR, 2), second=NOW + 2)

    assert [each.status for each in found] == [status]
    assert then == [200 if status == 200 else 409]


@pytest.mark.parametrize(("behind", "refused"), [(SLACK_SECONDS, False), (SLACK_SECONDS + 1, True)])
def test_a_start_well_before_the_last_time_is_refused(folder: Path, behind: int, refused: bool) -> None:
    answered(folder, asked(1, ONE))

    with opened(folder) as state:
        if refused:
            with pytest.raises(Unsafe, match=CLOCK_WENT_BACK):
                state.check_clock(NOW - behind)
        else:
            state.check_clock(NOW - behind)


# Key and state belong together.


def refusal(folder: Path, passphrase: str | None = None) -> str:
    with pytest.raises(Unsafe) as found, opened(folder, passphrase):
        pass
    return found.value.reason


def test_a_witness_is_made_once(folder: Path) -> None:
    with pytest.raises(Unsafe, match=NOT_EMPTY):
        create(folder, "witness.example/w1")


@pytest.mark.parametrize("gone", [KEY_FILE, STATE_FILE])
def test_neither_half_is_made_again_beside_the_other(folder: Path, gone: str) -> None:
    (folder / gone).unlink()

    with pytest.raises(Unsafe, match=NOT_EMPTY):
        create(folder, "witness.example/w1")


def test_without_its_state_nothing_is_opened(folder: Path) -> None:
    (folder / STATE_FILE).unlink()

    assert refusal(folder) == NO_STATE
    assert not (folder / STATE_FILE).exists()


def test_without_its_key_nothing_is_opened(folder: Path) -> None:
    (folder / KEY_FILE).unlink()

    assert refusal(folder) == NO_KEY


def test_another_keys_state_is_not_opened(folder: Path, tmp_path: Path) -> None:
    create(tmp_path / "other", "witness.example/w1")
    shutil.copy(tmp_path / "other" / STATE_FILE, folder / STATE_FILE)

    assert refusal(folder) == NOT_ITS_OWN


@pytest.mark.parametrize("content", [b"", b"not a database at all, whatever it was" * 9])
def test_a_state_that_does_not_read_is_not_opened(folder: Path, content: bytes) -> None:
    (folder / STATE_FILE).write_bytes(content)

    assert refusal(folder) == UNREADABLE


def test_a_state_without_an_identity_is_nobodys(folder: Path) -> None:
    connection = sqlite3.connect(folder / STATE_FILE)
    connection.execute("DELETE FROM witness_identity")
    connection.commit()
    connection.close()

    assert refusal(folder) == NOT_ITS_OWN


def test_a_key_that_others_can_read_is_not_used(folder: Path) -> None:
    (folder / KEY_FILE).chmod(0o640)

    assert refusal(folder) == EXPOSED


def test_the_key_may_have_a_passphrase(tmp_path: Path) -> None:
    keys = create(tmp_path / "w", "witness.example/w1", "a long passphrase")

    with opened(tmp_path / "w", "a long passphrase") as state:
        assert state.keys == keys
    with pytest.raises(NotProven), opened(tmp_path / "w"):
        pass
    assert (tmp_path / "w" / KEY_FILE).stat().st_mode & 0o777 == 0o600


def test_the_keys_are_of_the_two_kinds_of_witnesses(folder: Path) -> None:
    with opened(folder) as state:
        kinds = [(key.name, key.kind) for key in state.keys]
        assert [VerifierKey.parse(key.text()) for key in state.keys] == list(state.keys)

    assert kinds == [("witness.example/w1", COSIGNATURE_ED25519), ("witness.example/w1", MLDSA44)]
