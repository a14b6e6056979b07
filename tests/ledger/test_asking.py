"""A log asks its witnesses all at once, waits for none too long, and counts no line that is not checked."""

import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from hashlib import sha256
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from ledger import asking
from ledger.asking import (
    AHEAD,
    CLOCKS_DIFFER_SECONDS,
    COSIGNED,
    NONSENSE,
    REFUSED,
    SHOWN,
    UNREACHABLE,
    Answered,
    Witnesses,
)
from ledger.checkpoint import Checkpoint
from ledger.cosignature import Ed25519Cosigner, MLDSA44Cosigner
from ledger.errors import Malformed
from ledger.merkle import Hash, leaf_hash, prove_consistency, root_of
from ledger.note import Ed25519Signer, Note, signed, with_lines
from ledger.policy import Policy
from ledger.witness import SIZE, Request
from tests import partners
from tests.partners import Part, Partner, answering, playing

ORIGIN = "nongye.example/2026"
LOG = Ed25519Signer(ORIGIN, sha256(b"log").digest())
LEAVES = [leaf_hash(bytes([number])) for number in range(9)]
LIAR = Ed25519Cosigner("liar.example", sha256(b"liar").digest())
LIAR_LATER = MLDSA44Cosigner("liar.example", sha256(b"liar, later").digest())


def note_of(size: int) -> Note:
    return signed(Checkpoint(ORIGIN, size, root_of(LEAVES[:size])).text(), LOG)


def consistency(old: int, size: int) -> tuple[Hash, ...]:
    def node(level: int, index: int) -> Hash:
        return root_of(LEAVES[index << level : (index + 1) << level])

    return prove_consistency(node, old=old, size=size)


def policy_of(*lines: str, quorum: str = "none") -> Policy:
    return Policy.parse(f"log {LOG.key.text()}\n{''.join(lines)}quorum {quorum}\n")


def liar_at(url: str) -> str:
    return f"witness liar {LIAR.key.text()} {url}\nwitness liar-later {LIAR_LATER.key.text()} {url}\n"


@pytest.fixture(name="witness")
def served(tmp_path: Path) -> Iterator[Partner]:
    with partners.honest(tmp_path / "witness", LOG.key) as found:
        yield found


@pytest.fixture(name="asked")
def opened() -> Iterator[Callable[[Policy], Witnesses]]:
    """Make witnesses of a policy, which hang up when the test is over."""
    with ExitStack() as stack:

        def made(policy: Policy) -> Witnesses:
            found = Witnesses(policy)
            stack.callback(found.close)
            return found

        yield made


Asked = Callable[[Policy], Witnesses]


def test_all_keys_behind_one_address_are_asked_at_once(witness: Partner, asked: Asked) -> None:
    (found,) = asked(policy_of(witness.lines("w"))).ask(note_of(3), consistency)

    cosigned = with_lines(note_of(3), *found.lines.values())
    assert (found.state, found.names, found.size) == (COSIGNED, ("w", "w-later"), 3)
    assert [line.name for line in cosigned.signatures] == [ORIGIN, "witness.example/w1", "witness.example/w1"]


def test_a_tree_that_grows_is_proven_from_what_was_acknowledged(witness: Partner, asked: Asked) -> None:
    witnesses = asked(policy_of(witness.lines("w")))

    states = [witnesses.ask(note_of(size), consistency)[0].state for size in (3, 3, 7, 9)]

    assert states == [COSIGNED] * 4


def test_who_forgot_the_size_is_told_it_and_goes_on(witness: Partner, asked: Asked) -> None:
    policy = policy_of(witness.lines("w"))
    asked(policy).ask(note_of(4), consistency)

    (found,) = asking.ask(note_of(9), policy, consistency)

    assert (found.state, found.size) == (COSIGNED, 9)


def test_a_witness_that_has_seen_more_is_ahead(witness: Partner, asked: Asked) -> None:
    witnesses = asked(policy_of(witness.lines("w")))
    witnesses.ask(note_of(9), consistency)

    (found,) = asked(policy_of(witness.lines("w"))).ask(note_of(4), consistency)

    assert (found.state, found.size, dict(found.lines)) == (AHEAD, 9, {})


def test_a_witness_of_other_logs_refuses(tmp_path: Path, asked: Asked) -> None:
    with partners.honest(tmp_path / "w") as witness:
        (found,) = asked(policy_of(witness.lines("w"))).ask(note_of(1), consistency)

    assert found.state == REFUSED


def test_a_fork_is_refused(witness: Partner, asked: Asked) -> None:
    witnesses = asked(policy_of(witness.lines("w")))
    witnesses.ask(note_of(3), consistency)
    fork = signed(Checkpoint(ORIGIN, 3, LEAVES[0]).text(), LOG)

    (found,) = witnesses.ask(fork, consistency)

    assert found.state == REFUSED
    assert witness.state is not None
    assert [each.what for each in witness.state.evidence()] == ["fork"]


def test_only_the_logs_own_lines_are_sent(asked: Asked) -> None:
    note = with_lines(note_of(3), LIAR.cosign(note_of(3).text, 1))
    with playing(answering(404)) as told:
        asked(policy_of(liar_at(told.url))).ask(note, consistency)

    assert Request.parse(told.asked[0][2]).spelt == note_of(3).bytes()


def test_a_witness_whose_state_was_rolled_back_is_not_noticed(tmp_path: Path, asked: Asked) -> None:
    """A limit that docs/witnessing.md tells: its answers are those of an honest witness of yesterday."""
    with partners.honest(tmp_path / "w", LOG.key) as witness:
        witnesses = asked(policy_of(witness.lines("w")))
        witnesses.ask(note_of(3), consistency)
    shutil.copytree(tmp_path / "w", tmp_path / "older")
    port = int(witness.url.rpartition(":")[2])
    with partners.honest(tmp_path / "w", port=port):
        ahead = witnesses.ask(note_of(7), consistency)
    with partners.honest(tmp_path / "older", port=port):
        back = witnesses.ask(note_of(9), consistency)

    assert [each.state for each in (*ahead, *back)] == [COSIGNED, COSIGNED]


# Who does not answer, and who answers something else.


def test_a_slow_one_does_not_hold_up_the_others(witness: Partner, asked: Asked) -> None:
    woken = threading.Event()
    with playing(partners.slow(woken)) as told:
        witnesses = asked(policy_of(witness.lines("w"), liar_at(told.url)))
        begun = time.monotonic()

        found = witnesses.ask(note_of(3), consistency, timeout=0.5)
        again = witnesses.ask(note_of(3), consistency, timeout=0.5)

        took = time.monotonic() - begun
        woken.set()

    assert [each.state for each in (*found, *again)] == [COSIGNED, UNREACHABLE] * 2
    assert took < 3


def test_one_that_drips_is_hung_up_on(asked: Asked) -> None:
    woken = threading.Event()
    with playing(partners.slow(woken, drip=b"X-Drip: 1\r\n")) as told:
        begun = time.monotonic()

        (found,) = asked(policy_of(liar_at(told.url))).ask(note_of(3), consistency, timeout=0.5)

        took = time.monotonic() - begun
        woken.set()

    assert (found.state, took < 3) == (UNREACHABLE, True)


def test_nobody_at_the_address(asked: Asked) -> None:
    with playing(answering(200)) as told:
        nowhere = told.url

    (found,) = asked(policy_of(liar_at(nowhere))).ask(note_of(3), consistency)

    assert found.state == UNREACHABLE


def test_a_connection_that_went_stale_is_made_again(tmp_path: Path, asked: Asked) -> None:
    with partners.honest(tmp_path / "w", LOG.key) as witness:
        port = int(witness.url.rpartition(":")[2])
        witnesses = asked(policy_of(witness.lines("w")))
        first = witnesses.ask(note_of(3), consistency)
    with partners.honest(tmp_path / "w", port=port):
        second = witnesses.ask(note_of(4), consistency)

    assert [each.state for each in (*first, *second)] == [COSIGNED, COSIGNED]


@pytest.mark.parametrize(
    ("part", "state"),
    [
        (answering(404), REFUSED),
        (answering(403), REFUSED),
        (answering(422), REFUSED),
        (answering(409), REFUSED),
        (answering(409, b"what\n"), REFUSED),
        (answering(409, b"04\n"), REFUSED),
        (answering(409, b"0\n", {"Content-Type": SIZE}), NONSENSE),
        (answering(409, b"4\n"), AHEAD),
        (answering(400), REFUSED),
        (answering(302, headers={"Location": "/elsewhere"}), REFUSED),
        (answering(500), UNREACHABLE),
        (answering(503), UNREACHABLE),
        (answering(200), NONSENSE),
        (answering(200, b"\xff\xff\n"), NONSENSE),
        (answering(200, b"<html>welcome</html>\n"), NONSENSE),
        (answering(200, b"x" * 70000), UNREACHABLE),
        (answering(200, b"short", {"Content-Length": "9"}), UNREACHABLE),
    ],
)
def test_other_answers_give_no_line(part: Part, state: str, asked: Asked) -> None:
    with playing(part) as told:
        (found,) = asked(policy_of(liar_at(told.url))).ask(note_of(3), consistency, timeout=0.7)

    assert (found.state, dict(found.lines)) == (state, {})


def test_a_redirect_is_not_followed(asked: Asked) -> None:
    with playing(answering(307, headers={"Location": "/add-checkpoint"})) as told:
        asked(policy_of(liar_at(told.url))).ask(note_of(3), consistency)

    assert len(told.asked) == 1


def test_one_that_names_another_size_each_time_is_left_alone(asked: Asked) -> None:
    sizes = iter([b"1\n", b"2\n", b"1\n", b"2\n"])

    def part(request: BaseHTTPRequestHandler, _body: bytes) -> None:
        partners.send(request, 409, next(sizes))

    with playing(part) as told:
        (found,) = asked(policy_of(liar_at(told.url))).ask(note_of(3), consistency)

    assert (found.state, len(told.asked)) == (REFUSED, asking.TRIES)


# Lines that do not count.


def lying(lines: Callable[[str, int], str]) -> Part:
    """Return the part that answers what *lines* makes of the checkpoint and the POSIX second that it is."""

    def part(request: BaseHTTPRequestHandler, body: bytes) -> None:
        text = Request.parse(body).checkpoint.text()
        partners.send(request, 200, lines(text, int(time.time())).encode())

    return part


def line(text: str, at: int) -> str:
    return LIAR.cosign(text, at).text()


def later_line(text: str, at: int) -> str:
    return LIAR_LATER.cosign(text, at).text()


STRANGER = Ed25519Cosigner("liar.example", bytes(32))
SLACK = CLOCKS_DIFFER_SECONDS - 5
BEYOND = CLOCKS_DIFFER_SECONDS + 5


@pytest.mark.parametrize(
    ("lines", "state", "names"),
    [
        (line, COSIGNED, {"liar"}),
        (lambda text, now: line(text, now) + later_line(text, now), COSIGNED, {"liar", "liar-later"}),
        (lambda text, now: line(text, now) + STRANGER.cosign(text, now).text(), COSIGNED, {"liar"}),
        (lambda text, now: line(text, now - SLACK), COSIGNED, {"liar"}),
        (lambda text, now: line(text, now + SLACK), COSIGNED, {"liar"}),
        (lambda text, now: line(text, now - BEYOND), NONSENSE, set()),
        (lambda text, now: line(text, now + BEYOND), NONSENSE, set()),
        (lambda text, _now: line(text, 1), NONSENSE, set()),
        (lambda text, now: line(text, now) + later_line(text, 1), COSIGNED, {"liar"}),
        (lambda text, now: STRANGER.cosign(text, now).text(), NONSENSE, set()),
        (lambda text, now: line(text.replace("\n3\n", "\n4\n"), now), NONSENSE, set()),
        (lambda text, now: line(text, now) + later_line(text.replace("3", "4"), now), NONSENSE, set()),
        (lambda text, now: line(text, now).replace("—", "-"), NONSENSE, set()),
        (lambda text, now: line(text, now).rstrip("\n"), NONSENSE, set()),
        (lambda text, now: "\n" + line(text, now), NONSENSE, set()),
    ],
)
def test_lines_are_checked_before_they_count(
    lines: Callable[[str, int], str], state: str, names: set[str], asked: Asked
) -> None:
    with playing(lying(lines)) as told:
        (found,) = asked(policy_of(liar_at(told.url))).ask(note_of(3), consistency)

    assert (found.state, set(found.lines)) == (state, names)


# What monitors see.


def test_the_latest_note_is_shown(witness: Partner, asked: Asked) -> None:
    witnesses = asked(policy_of(witness.lines("w")))
    before = witnesses.latest(ORIGIN)
    witnesses.ask(note_of(3), consistency)

    (after,) = witnesses.latest(ORIGIN)

    assert [(each.state, each.note) for each in before] == [(SHOWN, None)]
    assert (after.state, after.size, after.note and after.note.text) == (SHOWN, 3, note_of(3).text)


@pytest.mark.parametrize(
    ("part", "state"),
    [(answering(200, b"what"), NONSENSE), (answering(500), UNREACHABLE), (answering(301), UNREACHABLE)],
)
def test_who_shows_nothing_that_reads_was_not_reached(part: Part, state: str, asked: Asked) -> None:
    with playing(part) as told:
        (found,) = asked(policy_of(liar_at(told.url))).latest(ORIGIN)

    assert (found.state, found.note) == (state, None)


def test_witnesses_without_an_address_are_not_asked(asked: Asked) -> None:
    assert asked(policy_of(f"witness silent {LIAR.key.text()}\n")).ask(note_of(1), consistency) == []


def test_only_those_that_are_named_are_asked(witness: Partner, asked: Asked) -> None:
    with playing(answering(404)) as told:
        found = asked(policy_of(witness.lines("w"), liar_at(told.url))).ask(
            note_of(1), consistency, urls=[told.url]
        )

    assert [each.url for each in found] == [told.url]


@pytest.mark.parametrize(
    "url",
    [
        "ftp://w.example",
        "https://",
        "https://u:p@w.example",
        "https://w.example/?q",
        "https://[w.example",
        "https://w.example:port",
        "https://w.example:99999",
        "https://w.example/见证",
    ],
)
def test_an_address_that_cannot_be_called_is_refused(url: str) -> None:
    with pytest.raises(Malformed) as refused:
        Witnesses(policy_of(liar_at(url)))

    assert "u:p" not in str(refused.value.facts)


def test_a_failure_of_our_own_is_told_and_ends_nothing(witness: Partner, asked: Asked) -> None:
    def broken(_old: int, _size: int) -> tuple[Hash, ...]:
        raise Malformed("our tree does not read")

    witnesses = asked(policy_of(witness.lines("w")))
    witnesses.ask(note_of(1), consistency)

    (found,) = witnesses.ask(note_of(3), broken)

    assert found == Answered(witness.url, ("w", "w-later"), NONSENSE, "our tree does not read")
