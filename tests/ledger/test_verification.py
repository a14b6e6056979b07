from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from sqlalchemy import Engine

from ledger.checkpoint import Checkpoint
from ledger.cosignature import Ed25519Cosigner
from ledger.dsse import AuthorKey
from ledger.keyfile import LogKeys
from ledger.log import Log
from ledger.note import Ed25519Signer, Note, signed, with_lines
from ledger.policy import Policy
from ledger.proof import Growth, TlogProof
from ledger.rotation import Change
from ledger.verification import is_proven, verify
from ledger.writer import Writer
from tests.logs import COSIGNER, ORIGIN, SIGNER, log_on, record
from tests.records import FARM, NEW, OPERATOR, STRANGER, key_record, opening, revocation, statement

WITNESS = Ed25519Cosigner("witness.example/w1", sha256(b"witness key").digest())
SEEN = datetime(2026, 9, 21, 9, tzinfo=UTC)
LOGS = f"log {SIGNER.key.text()}\nlog {COSIGNER.key.text()}\n"
WITNESSED = Policy.parse(f"{LOGS}witness w1 {WITNESS.key.text()}\nquorum w1\n")
ALONE = Policy.parse(f"{LOGS}quorum none\n")


class Files(NamedTuple):
    """A statement and its author's key entry, each with its proof."""

    entry: bytes
    proof: bytes
    key_entry: bytes
    key_proof: bytes


def files_of(log: Log, index: int, key_index: int) -> Files:
    return Files(
        log.entry(index).spelt,
        log.proof(index).bytes(),
        log.entry(key_index).spelt,
        log.proof(key_index).bytes(),
    )


@pytest.fixture
def log(sqlite_engine: Engine, tmp_path: Path) -> Log:
    """A log with two keys and a statement at 3, published and seen by a witness."""
    log = log_on(sqlite_engine, tmp_path / "mark")
    records: list[dict[str, Any]] = [
        opening(),
        key_record(OPERATOR, OPERATOR, party="operator", role="operator"),
        key_record(FARM, OPERATOR, FARM),
        statement(),
        key_record(NEW, OPERATOR, NEW, party="other"),
    ]
    with Writer(log) as writer:
        writer.submit(lambda session: log.append(session, records)).result()
    log.add_cosignatures(5, [WITNESS.cosign(log.publish().text, int(SEEN.timestamp()))])
    return log


@pytest.fixture
def files(log: Log) -> Files:
    return files_of(log, 3, 2)


def states(
    files: Files, policy: Policy = WITNESSED, *, fresh: int | None = None, late: int = 60, key: bool = True
) -> dict[str, str]:
    checks = verify(
        files.entry,
        files.proof,
        policy,
        now=SEEN + timedelta(seconds=late),
        fresh=None if fresh is None else timedelta(seconds=fresh),
        key=(files.key_entry, files.key_proof) if key else None,
    )
    assert is_proven(checks) == all(check.state != "refused" for check in checks)
    return {check.name: check.state for check in checks}


ALL = {
    "entry": "proven",
    "log": "proven",
    "witnesses": "proven",
    "fresh": "not-checked",
    "inclusion": "proven",
    "key": "proven",
    "author": "proven",
    "registrar": "not-checked",
    "revocation": "not-checked",
}


def test_a_true_statement_is_proven(files: Files) -> None:
    assert states(files) == ALL


def test_without_its_key_the_author_is_not_checked(files: Files) -> None:
    found = states(files, key=False)

    assert found == {
        name: state for name, state in ALL.items() if name not in ("key", "registrar")
    } | {"author": "not-checked"}  # fmt: skip


@pytest.mark.parametrize(
    ("fresh", "late", "state"),
    [
        (60, 60, "proven"),
        (59, 60, "refused"),
        (0, 0, "proven"),
        (60, -300, "proven"),
    ],
)
def test_a_checkpoint_is_fresh_as_long_as_asked(files: Files, fresh: int, late: int, state: str) -> None:
    found = states(files, fresh=fresh, late=late)

    assert found == ALL | {"fresh": state}


def test_a_cosignature_from_the_future_counts_for_nothing(files: Files) -> None:
    assert states(files, late=-300) == ALL
    assert states(files, fresh=60, late=-301) == ALL | {
        "witnesses": "refused", "fresh": "refused", "key": "refused"
    }  # fmt: skip


def test_without_witness_nothing_is_fresh(files: Files) -> None:
    assert states(files, ALONE) == ALL
    assert states(files, ALONE, fresh=60) == ALL | {"fresh": "refused"}


def refused(found: dict[str, str]) -> set[str]:
    return {name for name, state in found.items() if state == "refused"}


def with_note(files: Files, note: Note) -> Files:
    proof = TlogProof.parse(files.proof)
    return files._replace(proof=TlogProof(proof.index, proof.path, note).bytes())


def test_every_key_that_the_policy_lists_must_have_signed(files: Files) -> None:
    note = TlogProof.parse(files.proof).note
    sealed_only = Note(
        note.text, tuple(line for line in note.signatures if line.key_id != COSIGNER.key.key_id)
    )

    found = states(with_note(files, sealed_only))

    assert refused(found) == {"log"}
    only = Policy.parse(f"log {SIGNER.key.text()}\nwitness w1 {WITNESS.key.text()}\nquorum w1\n")
    assert refused(states(with_note(files, sealed_only), only)) == set()


def test_a_witness_that_has_not_signed_is_missed(files: Files) -> None:
    note = TlogProof.parse(files.proof).note
    unseen = Note(note.text, tuple(line for line in note.signatures if line.name == ORIGIN))

    found = states(with_note(files, unseen), fresh=3600)

    assert refused(found) == {"witnesses", "fresh"}


def test_a_policy_that_does_not_know_the_log_proves_nothing(files: Files) -> None:
    stranger = Policy.parse("quorum none\n")

    assert refused(states(files, stranger)) == {"log", "key"}


def test_a_checkpoint_with_another_text_is_refused(files: Files) -> None:
    note = TlogProof.parse(files.proof).note
    bent = Note(note.text.replace("\n5\n", "\n6\n"), note.signatures)

    assert {"log", "witnesses"} <= refused(states(with_note(files, bent)))


def test_another_entry_under_the_proof_is_refused(log: Log, files: Files) -> None:
    other = files._replace(entry=log.entry(1).spelt)

    assert {"entry", "inclusion", "author"} <= refused(states(other))


def test_the_proof_of_another_entry_is_refused(log: Log, files: Files) -> None:
    other = files._replace(proof=log.proof(1).bytes())

    assert refused(states(other)) == {"entry", "inclusion"}


def test_another_partys_key_is_refused(log: Log) -> None:
    assert refused(states(files_of(log, 3, 4))) == {"author"}


def test_an_entry_that_is_no_key_is_refused(log: Log) -> None:
    assert refused(states(files_of(log, 3, 1)._replace(key_entry=b"{}"))) == {"key"}
    assert refused(states(files_of(log, 3, 0))) == {"author"}


def test_each_flipped_bit_of_the_entry_is_refused(files: Files) -> None:
    for place in range(len(files.entry)):
        bent = bytearray(files.entry)
        bent[place] ^= 1

        assert refused(states(files._replace(entry=bytes(bent)), key=False)), place


@pytest.mark.parametrize("name", ["proof", "key_entry", "key_proof"])
def test_each_flipped_bit_of_the_other_files_is_refused(files: Files, name: str) -> None:
    whole: bytes = getattr(files, name)
    # The ML-DSA line is long; each seventh of its letters will do.
    places = [*range(400), *range(400, len(whole), 7)]
    for place in places:
        if place >= len(whole):
            continue
        bent = bytearray(whole)
        bent[place] ^= 1
        found = states(files._replace(**{name: bytes(bent)}))

        # A line under another name is nobody's; then its signer is missed.
        assert refused(found), (name, place)


def test_a_shorter_or_longer_path_is_refused(files: Files) -> None:
    proof = TlogProof.parse(files.proof)

    for path in (proof.path[1:], proof.path[:-1], (*proof.path, bytes(32)), (bytes(32), *proof.path)):
        bent = files._replace(proof=TlogProof(proof.index, path, proof.note).bytes())
        assert refused(states(bent)) == {"inclusion"}


def test_a_key_granted_later_is_refused(sqlite_engine: Engine, tmp_path: Path) -> None:
    log = log_on(sqlite_engine, tmp_path / "mark")
    with Writer(log) as writer:
        records: list[dict[str, Any]] = [opening(), statement(), key_record(FARM, OPERATOR, FARM)]
        writer.submit(lambda session: log.append(session, records)).result()

    assert refused(states(files_of(log, 1, 2), ALONE)) == {"author"}


# The same log, or what it has grown to.


class Grown(NamedTuple):
    """A statement proven at five entries, its key proven at seven, and what joins the two."""

    files: Files
    growth: bytes
    opening: tuple[bytes, bytes]


@pytest.fixture
def grown(log: Log, files: Files) -> Grown:
    with Writer(log) as writer:
        writer.submit(lambda session: log.append(session, [record(5), record(6)])).result()
    log.add_cosignatures(7, [WITNESS.cosign(log.publish().text, int(SEEN.timestamp()))])
    later = files_of(log, 3, 2)
    growth = Growth(5, 7, log.consistency(5, 7)).bytes()
    found = files._replace(key_entry=later.key_entry, key_proof=later.key_proof)
    return Grown(found, growth, (log.entry(0).spelt, log.proof(0).bytes()))


def judged(files: Files, **given: Any) -> dict[str, str]:
    key = (files.key_entry, files.key_proof)
    checks = verify(files.entry, files.proof, WITNESSED, now=SEEN, key=key, **given)
    return {check.name: check.state for check in checks}


def test_a_key_under_a_later_checkpoint_needs_the_proof_that_the_log_grew(grown: Grown) -> None:
    assert refused(judged(grown.files)) == {"key"}
    assert judged(grown.files, consistency=[grown.growth]) == ALL


def test_a_key_under_an_earlier_checkpoint_is_refused(log: Log, grown: Grown, files: Files) -> None:
    turned = files._replace(proof=log.proof(3).bytes())

    found = judged(turned, consistency=[grown.growth])

    assert refused(found) == {"key"}


def test_a_bent_or_another_proof_of_growth_is_refused(log: Log, grown: Grown) -> None:
    honest = Growth.parse(grown.growth)
    others = [Growth(4, 7, log.consistency(4, 7)), Growth(5, 6, log.consistency(5, 6)), Growth(5, 7, ())]
    for step, node in enumerate(honest.path):
        bent = bytes([node[0] ^ 1]) + node[1:]
        others.append(Growth(5, 7, (*honest.path[:step], bent, *honest.path[step + 1 :])))

    for other in others:
        assert refused(judged(grown.files, consistency=[other.bytes()])) == {"key"}, other


def test_a_key_under_a_fork_of_the_same_size_is_refused(files: Files) -> None:
    """Log and witness have both signed two trees of one size: the reader sees it by comparing."""
    root = bytes(32)
    note = signed(Checkpoint(ORIGIN, 5, root).text(), SIGNER, COSIGNER)
    note = with_lines(note, WITNESS.cosign(note.text, int(SEEN.timestamp())))
    forked = TlogProof(2, TlogProof.parse(files.key_proof).path, note)

    found = states(files._replace(key_proof=forked.bytes()))

    assert refused(found) == {"key"}


@pytest.mark.parametrize(
    "spelt", [b"", b"old 5\nsize 7", b"old 5\n", b"old 05\nsize 7\n", b"size 7\nold 5\n", b"old 0\nsize 7\n",
              b"old 7\nsize 5\n", b"old 5\nsize 7\nAA==\n", b"old 5\nsize 7\n!\n", b"\xff\n\n"]
)  # fmt: skip
def test_a_proof_of_growth_in_another_form_is_refused(files: Files, spelt: bytes) -> None:
    checks = verify(files.entry, files.proof, WITNESSED, now=SEEN, consistency=[spelt])

    assert [(check.name, check.state) for check in checks] == [("consistency", "refused")]


# Who registers keys.


def opening_of(log: Log) -> tuple[bytes, bytes]:
    return log.entry(0).spelt, log.proof(0).bytes()


def test_the_registrar_is_proven_by_entry_0(log: Log, files: Files) -> None:
    assert judged(files, opening=opening_of(log)) == ALL | {"registrar": "proven"}


def test_entry_0_may_stand_under_a_later_checkpoint_too(grown: Grown) -> None:
    found = judged(grown.files, opening=grown.opening, consistency=[grown.growth])

    assert found == ALL | {"registrar": "proven"}
    assert refused(judged(grown.files, opening=grown.opening)) == {"key", "registrar"}


def test_entry_0_without_an_author_tells_the_keys_of_the_log(log: Log, files: Files) -> None:
    checks = verify(files.entry, files.proof, WITNESSED, now=SEEN, opening=opening_of(log))

    told = {check.name: check.state for check in checks}
    assert told == {name: state for name, state in ALL.items() if name != "key"} | {
        "author": "not-checked", "registrar": "proven"
    }  # fmt: skip


@pytest.mark.parametrize("index", [1, 2, 3])
def test_another_entry_than_the_first_opens_nothing(log: Log, files: Files, index: int) -> None:
    other = (log.entry(index).spelt, log.proof(index).bytes())

    assert refused(judged(files, opening=other)) == {"registrar"}


def test_what_follows_the_opening_says_nothing_without_it(log: Log, files: Files) -> None:
    assert refused(judged(files, also=[opening_of(log)])) == {"registrar"}


def test_a_true_entry_does_not_hide_a_forged_one_that_was_given_beside_it(log: Log, files: Files) -> None:
    entry, proof = opening_of(log)
    forged = (entry.replace(b"operator", b"operatar", 1), proof)
    assert forged != (entry, proof)

    found = judged(files, opening=forged, also=[(entry, proof)])

    assert refused(found) == {"registrar"}


def small(engine: Engine, folder: Path, *records: dict[str, Any]) -> Log:
    log = log_on(engine, folder / "mark")
    with Writer(log) as writer:
        writer.submit(lambda session: log.append(session, records)).result()
    log.add_cosignatures(len(records), [WITNESS.cosign(log.publish().text, int(SEEN.timestamp()))])
    return log


def of(log: Log, index: int) -> tuple[bytes, bytes]:
    return log.entry(index).spelt, log.proof(index).bytes()


def test_a_key_that_a_stranger_vouched_for_is_refused(sqlite_engine: Engine, tmp_path: Path) -> None:
    log = small(sqlite_engine, tmp_path, opening(), key_record(FARM, STRANGER, FARM), statement())

    found = judged(files_of(log, 2, 1), opening=of(log, 0))

    assert refused(found) == {"registrar"}


def test_the_key_of_a_registrar_who_came_later_is_led_back_to_entry_0(
    sqlite_engine: Engine, tmp_path: Path
) -> None:
    """Entry 0 names the operator; the operator's new key is at 2, and vouches for the farm's at 3."""
    log = small(
        sqlite_engine,
        tmp_path,
        opening(),
        key_record(OPERATOR, OPERATOR, party="operator", role="operator"),
        key_record(NEW, OPERATOR, NEW, party="operator", role="operator", replaces=OPERATOR.id),
        key_record(FARM, NEW, FARM),
        statement(),
    )
    files = files_of(log, 4, 3)

    assert refused(judged(files, opening=of(log, 0))) == {"registrar"}
    assert refused(judged(files, opening=of(log, 0), also=[of(log, 2)])) == {"registrar"}
    found = judged(files, opening=of(log, 0), also=[of(log, 2), of(log, 1)])
    assert found == ALL | {"registrar": "proven"}


@pytest.mark.parametrize(("index", "state"), [(2, "proven"), (4, "refused")])
def test_a_revocation_that_is_shown_ends_the_key_for_what_follows(
    sqlite_engine: Engine, tmp_path: Path, index: int, state: str
) -> None:
    again = statement(id="urn:uuid:00000000-0000-4000-8000-000000000001")
    records = [opening(), key_record(FARM, OPERATOR, FARM), statement(), revocation(FARM), again]
    log = small(sqlite_engine, tmp_path, *records)

    found = judged(files_of(log, index, 1), opening=of(log, 0), also=[of(log, 3)])

    # Without the revocation nobody can know of it: that is told, not hidden.
    assert found == ALL | {"registrar": state}


def test_a_log_that_does_not_name_the_keys_of_the_policy_is_refused(
    sqlite_engine: Engine, tmp_path: Path
) -> None:
    others = opening()
    others["opening"]["vkeys"] = [Ed25519Signer(ORIGIN, bytes(32)).key.text()]
    log = small(sqlite_engine, tmp_path, others, key_record(FARM, OPERATOR, FARM), statement())

    assert refused(judged(files_of(log, 2, 1), opening=of(log, 0))) == {"registrar"}


def test_the_keys_of_the_log_are_led_back_to_entry_0_over_their_changes(
    sqlite_engine: Engine, tmp_path: Path
) -> None:
    first = LogKeys(bytes(32), b"1" * 32).vkeys(ORIGIN)
    others = opening()
    others["opening"]["vkeys"] = [key.text() for key in first]
    begin, end = (Change(ORIGIN, first, (SIGNER.key, COSIGNER.key), phase) for phase in ("begin", "end"))
    log = small(
        sqlite_engine,
        tmp_path,
        others,
        begin.record(),
        end.record(),
        key_record(FARM, OPERATOR, FARM),
        statement(),
    )
    files = files_of(log, 4, 3)

    assert refused(judged(files, opening=of(log, 0))) == {"registrar"}
    assert refused(judged(files, opening=of(log, 0), also=[of(log, 2)])) == {"registrar"}
    found = judged(files, opening=of(log, 0), also=[of(log, 1), of(log, 2)])
    assert found == ALL | {"registrar": "proven"}


def test_a_note_of_another_log_does_not_carry_the_key(files: Files) -> None:
    other = Ed25519Signer("another.example/log", sha256(b"other").digest())
    text = TlogProof.parse(files.key_proof).note.text.replace(ORIGIN, "another.example/log")
    proof = TlogProof.parse(files.key_proof)
    carried = files._replace(key_proof=TlogProof(proof.index, proof.path, signed(text, other)).bytes())
    policy = Policy.parse(f"{LOGS}log {other.key.text()}\nquorum none\n")

    assert refused(states(carried, policy)) == {"key"}


def test_platform_custody_is_told(sqlite_engine: Engine, tmp_path: Path) -> None:
    log = log_on(sqlite_engine, tmp_path / "mark")
    author = AuthorKey(sha256(b"kept").digest())
    with Writer(log) as writer:
        records = [opening(), key_record(author, OPERATOR, author, custody="platform"), statement(author)]
        writer.submit(lambda session: log.append(session, records)).result()
    files = files_of(log, 2, 1)

    checks = verify(files.entry, files.proof, ALONE, now=SEEN, key=(files.key_entry, files.key_proof))

    told = {check.name: check.reason for check in checks}
    assert told["author"] == "signed for yushu-heimin (cooperative) with a key that the platform keeps for it"
