"""The log is shown within a second, its witnesses are asked at once, and what they know holds it back."""

import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from hashlib import sha256
from pathlib import Path

import pytest

from ledger.asking import NONSENSE, UNREACHABLE
from ledger.canonical import Json
from ledger.checkpoint import Checkpoint
from ledger.errors import Busy, NotProven, Unsafe
from ledger.keys import VerifierKey
from ledger.note import Ed25519Signer, Note, signed
from ledger.policy import Policy
from ledger.session import Session
from ledger.trust import cosigned
from tests import partners
from tests.partners import Partner, answering, playing
from traceability import audit
from web import publisher, showing
from web.circle import RENEWED_SECONDS, Circle
from web.database import Services, auditing, init_instance, open_services
from web.publisher import published
from web.settings import Settings
from web.showing import read_standing, seen_by, shown

ORIGIN = "nongye.example/2026"
PATIENCE_SECONDS = 20
publishing = partial(publisher.publishing, pause=0.05)


@pytest.fixture(name="folder", scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made") / "instance"
    init_instance(Settings.init(folder, ORIGIN, "http://127.0.0.1:8000"), operator_name="吉")
    return folder


@contextmanager
def opened(folder: Path, policy: str = "") -> Iterator[Services]:
    """Open the instance in *folder* under a policy of its own keys and the lines of *policy*."""
    environ = {}
    if policy:
        (folder / "policy").write_text(policy, encoding="utf-8")
        environ["JIZIHAO_WITNESS_POLICY"] = str(folder / "policy")
    services = open_services(Settings.load(folder, environ))
    try:
        yield services
    finally:
        services.close()


@pytest.fixture(name="instance")
def copied(folder: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(folder, tmp_path / "instance"))


@pytest.fixture(name="keys")
def of_the_log(folder: Path) -> tuple[VerifierKey, ...]:
    with opened(folder) as services:
        return services.policy.keys_of(ORIGIN)


Keys = tuple[VerifierKey, ...]


def policy_of(keys: Keys, *lines: str, quorum: str = "none", group: str = "") -> str:
    logs = "".join(f"log {key.text()}\n" for key in keys)
    return f"{logs}{''.join(lines)}{group}quorum {quorum}\n"


def grow(services: Services, entries: int = 1) -> None:
    for number in range(entries):
        record: dict[str, Json] = {"kind": "trial", "links": {}, "number": number}
        services.writer.submit(partial(appended, services, record)).result()


def appended(services: Services, record: dict[str, Json], session: Session) -> range:
    return services.log.append(session, [record])


def size(note: Note | None) -> int:
    return showing.size_of(note)


def shown_size(services: Services) -> int:
    try:
        return size(shown(services))
    except NotProven:
        return 0


def seen_size(services: Services) -> int:
    """Return the size of the checkpoint that is shown, 0 while its quorum has not seen it."""
    return shown_size(services) if showing.is_seen(latest(services), services.policy) else 0


def latest(services: Services) -> Note:
    return shown(services) if services.log.published() else services.log.head()[1]


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, "it did not come true"
        time.sleep(0.05)


@pytest.fixture(name="witness")
def served(keys: Keys, tmp_path: Path) -> Iterator[Partner]:
    with partners.honest(tmp_path / "witness", *keys) as found:
        yield found


def test_while_entries_arrive_the_log_is_published_and_seen(
    instance: Path, keys: Keys, witness: Partner
) -> None:
    with opened(instance, policy_of(keys, witness.lines("w"), quorum="w")) as services, publishing(services):
        until(lambda: seen_size(services) == 3)
        grow(services, 2)

        until(lambda: seen_size(services) == 5)

        assert seen_by(shown(services), services.policy) == {"w", "w-later"}
        assert services.log.proof(4, lambda note: showing.is_seen(note, services.policy)).note == shown(
            services
        )


def test_nobody_is_asked_again_once_all_have_answered(instance: Path, keys: Keys, witness: Partner) -> None:
    with opened(instance, policy_of(keys, witness.lines("w"), quorum="w")) as services:
        services.log.publish()
        with closing(Circle(services)) as circle:
            circle.compare()
            circle.ask(services.log.published() or pytest.fail("nothing is published"))
            before = shown(services)

            circle.ask(before)

            assert shown(services) == before


@pytest.mark.parametrize(("rested", "is_later"), [(RENEWED_SECONDS - 1, False), (RENEWED_SECONDS, True)])
def test_a_log_that_rests_is_seen_again_after_an_hour(
    instance: Path, keys: Keys, tmp_path: Path, rested: float, *, is_later: bool
) -> None:
    now = int(time.time())
    told, passed = [now], [100.0]
    with (
        partners.honest(tmp_path / "witness", *keys, clock=lambda: told[0]) as witness,
        opened(instance, policy_of(keys, witness.lines("w"), quorum="w")) as services,
        closing(Circle(services, monotonic=lambda: passed[0])) as circle,
    ):
        services.log.publish()
        circle.ask(latest(services))
        told[0], passed[0] = now + 60, 100.0 + rested

        circle.ask(latest(services))

        assert cosigned(latest(services), services.policy)["w"] == (now + 60 if is_later else now)


def test_without_witnesses_whoever_asks_has_it_published(instance: Path) -> None:
    with opened(instance) as services, publishing(services) as thread:
        grow(services)

        assert (thread, size(shown(services)), size(published(services))) == (None, 4, 4)


def test_one_of_three_may_be_down(instance: Path, keys: Keys, tmp_path: Path) -> None:
    with (
        partners.honest(tmp_path / "a", *keys, name="a.example") as one,
        partners.honest(tmp_path / "b", *keys, name="b.example") as two,
        partners.honest(tmp_path / "c", *keys, name="c.example") as three,
    ):
        lines = [
            each.lines(name).splitlines(keepends=True)[0]
            for name, each in zip("abc", (one, two, three), strict=True)
        ]
        gone = lines[2].replace(three.url, "http://127.0.0.1:9")
        policy = policy_of(keys, *lines[:2], gone, group="group g 2 a b c\n", quorum="g")
        with opened(instance, policy) as services:
            note = published(services, seconds=5)

            assert (size(note), seen_by(note, services.policy)) == (3, frozenset("ab"))


def test_a_slow_one_holds_up_neither_publishing_nor_the_others(
    instance: Path, keys: Keys, tmp_path: Path
) -> None:
    woken = threading.Event()
    with (
        partners.honest(tmp_path / "a", *keys, name="a.example") as one,
        partners.honest(tmp_path / "b", *keys, name="b.example") as two,
        playing(partners.slow(woken)) as slow,
        opened(
            instance,
            policy_of(
                keys, one.lines("a"), two.lines("b").replace(two.url, slow.url),
                group="group g all a a-later\n", quorum="g",
            ),
        ) as services,
        publishing(services, timeout=0.5),
    ):  # fmt: skip
        until(lambda: seen_size(services) == 3)
        grow(services)

        until(lambda: seen_size(services) == 4)

        assert seen_by(shown(services), services.policy) == {"a", "a-later"}
        woken.set()


# What is not counted.


def test_a_liar_is_not_counted_and_the_log_stays_unseen(instance: Path, keys: Keys, witness: Partner) -> None:
    with playing(answering(200, b"\xe2\x80\x94 witness.example/w1 AAAAAAAA\n")) as liar:
        policy = policy_of(keys, witness.lines("w").replace(witness.url, liar.url), quorum="w")
        with opened(instance, policy) as services, closing(Circle(services)) as circle:
            circle.ask(services.log.publish())

            assert [(each.state, each.names) for each in circle.standing().witnesses] == [
                (NONSENSE, ("w", "w-later"))
            ]
            assert seen_by(shown(services), services.policy) == set()
            with pytest.raises(NotProven, match="too few witnesses"):
                services.log.proof(0, lambda note: showing.is_seen(note, services.policy))


def test_without_its_quorum_nothing_is_proven(instance: Path, keys: Keys, witness: Partner) -> None:
    policy = policy_of(keys, witness.lines("w").replace(witness.url, "http://127.0.0.1:9"), quorum="w")
    with opened(instance, policy) as services:
        with pytest.raises(NotProven, match="too few witnesses"):
            published(services, seconds=0.1)
        with pytest.raises(NotProven, match="nothing has been published"):
            shown(services)


def test_the_newest_seen_one_is_shown_before_a_newer_unseen_one(
    instance: Path, keys: Keys, witness: Partner
) -> None:
    policy = policy_of(keys, witness.lines("w"), quorum="w")
    with opened(instance, policy) as services:
        seen = published(services)
        grow(services)
        newer = services.log.publish()

        assert (size(newer), shown(services)) == (4, seen)


def test_a_kept_line_that_was_altered_counts_no_more(instance: Path, keys: Keys, witness: Partner) -> None:
    with opened(instance, policy_of(keys, witness.lines("w"), quorum="w")) as services:
        note = published(services)
        (line, *_) = [each for each in note.signatures if each.name != ORIGIN]
        bent = type(line)(line.name, line.key_id, line.payload[:-1] + bytes([line.payload[-1] ^ 1]))

        services.log.add_cosignatures(3, [bent])

        assert seen_by(shown(services), services.policy) == set()


# At the start.


def test_what_an_earlier_run_was_stopped_for_stops_no_later_one(
    instance: Path, keys: Keys, witness: Partner
) -> None:
    showing.write_standing(instance, showing.Standing(True, "a witness has cosigned a larger tree", ()))
    policy = policy_of(keys, witness.lines("w"), quorum="w")
    with (
        opened(instance, policy) as first,
        opened(instance, policy) as second,
        publishing(first),
        publishing(second),
    ):
        until(lambda: seen_size(second) == 3)
        grow(second)

        until(lambda: seen_size(second) == 4)

    standing = read_standing(instance)
    assert standing is not None
    assert (standing.is_held, standing.unsafe) == (False, "")


def test_those_who_stand_by_stop_with_the_one_that_was_told(
    instance: Path, keys: Keys, witness: Partner
) -> None:
    policy = policy_of(keys, witness.lines("w"), quorum="w")
    with (
        opened(instance, policy) as first,
        opened(instance, policy) as second,
        publishing(first),
        publishing(second),
    ):
        until(lambda: seen_size(second) == 3)

        showing.write_standing(instance, showing.Standing(True, "a witness has cosigned a larger tree", ()))

        until(lambda: not (first.writer.is_running and second.writer.is_running))

        (stopped,) = (each for each in (first, second) if not each.writer.is_running)
        with pytest.raises(Busy):
            grow(stopped)


def test_a_witness_that_knows_of_more_refuses_the_start(
    instance: Path, keys: Keys, witness: Partner, tmp_path: Path
) -> None:
    older = Path(shutil.copytree(instance, tmp_path / "older"))
    policy = policy_of(keys, witness.lines("w"), quorum="w")
    with opened(instance, policy) as services:
        grow(services, 2)
        published(services)

    with (
        opened(older, policy) as services,
        pytest.raises(Unsafe, match="a larger tree") as found,
        publishing(services),
    ):
        pass

    assert found.value.facts == {"size": 3, "witnessed": 5}


def test_a_witness_of_another_history_refuses_the_start(
    instance: Path, keys: Keys, witness: Partner, tmp_path: Path
) -> None:
    other = Path(shutil.copytree(instance, tmp_path / "other"))
    policy = policy_of(keys, witness.lines("w"), quorum="w")
    with opened(instance, policy) as services:
        grow(services)
        published(services)

    with opened(other, policy) as services:
        grow(services, 2)
        with pytest.raises(Unsafe, match="another history"), publishing(services):
            pass


def test_a_note_that_we_did_not_sign_does_not_count(instance: Path, keys: Keys, witness: Partner) -> None:
    forged = signed(Checkpoint(ORIGIN, 99, bytes(32)).text(), Ed25519Signer(ORIGIN, bytes(32)))
    with playing(answering(200, forged.bytes())) as liar:
        policy = policy_of(keys, witness.lines("w").replace(witness.url, liar.url), quorum="w")
        with opened(instance, policy) as services, closing(Circle(services)) as circle:
            circle.compare()

            assert [each.state for each in circle.standing().witnesses] == [NONSENSE]
            assert circle.is_held


def test_an_unreachable_witness_holds_publishing_until_it_answers(
    instance: Path, keys: Keys, witness: Partner, tmp_path: Path
) -> None:
    with playing(answering(503)) as down:
        policy = policy_of(keys, witness.lines("w").replace(witness.url, down.url), quorum="w")
        with opened(instance, policy) as services, publishing(services):
            until(lambda: read_standing(instance) is not None)
            held = read_standing(instance)
            assert held is not None
            assert [held.is_held, *(each.state for each in held.witnesses)] == [True, UNREACHABLE]
            assert services.log.published() is None
            grow(services)

            down.part = answering(404)

            until(lambda: size(services.log.published()) == 4)
            until(lambda: not (read_standing(instance) or held).is_held)


@pytest.mark.parametrize(
    ("quorum", "held"),
    [("none", True), ("two", False), ("one", True), ("a", False), ("c", True)],
)
def test_those_who_alone_could_be_a_quorum_hold_it(
    quorum: str, held: bool, instance: Path, keys: Keys, witness: Partner
) -> None:
    first, later = witness.lines("a").splitlines(keepends=True)
    silent = VerifierKey("c.example", 4, Ed25519Signer("c.example", b"\x03" * 32).key.public).text()
    lines = (first, later.replace("a-later", "b"), f"witness c {silent} http://127.0.0.1:9\n")
    group = {"two": "group two 2 a b c\n", "one": "group one 1 a b c\n"}.get(quorum, "")
    policy = policy_of(keys, *lines, group=group, quorum=quorum)
    with opened(instance, policy) as services, closing(Circle(services)) as circle:
        circle.compare()

        assert circle.is_held is held


def test_one_that_turns_out_to_know_more_stops_the_writer(
    instance: Path, keys: Keys, witness: Partner, tmp_path: Path
) -> None:
    older = Path(shutil.copytree(instance, tmp_path / "older"))
    ahead = policy_of(keys, witness.lines("w"), quorum="w")
    with opened(instance, ahead) as services:
        grow(services, 2)
        published(services)
    note = witness.state and witness.state.latest(sha256(ORIGIN.encode()).hexdigest())
    with (
        playing(answering(503)) as down,
        opened(older, ahead.replace(witness.url, down.url)) as services,
        publishing(services),
    ):
        until(lambda: read_standing(older) is not None)

        down.part = answering(200, note or b"")

        until(lambda: not services.writer.is_running)
        with pytest.raises(Busy):
            grow(services)
        standing = read_standing(older)
    assert standing is not None
    assert (standing.is_held, standing.unsafe) == (True, "a witness has cosigned a larger tree")


def test_of_two_processes_one_asks_and_the_other_takes_over(
    instance: Path, keys: Keys, witness: Partner
) -> None:
    policy = policy_of(keys, witness.lines("w"), quorum="w")
    with opened(instance, policy) as second, publishing(second):
        with opened(instance, policy) as first, publishing(first):
            until(lambda: seen_size(second) == 3)
            grow(first)
            until(lambda: seen_size(second) == 4)
        grow(second)

        until(lambda: seen_size(second) == 5)

        assert seen_by(shown(second), second.policy) == {"w", "w-later"}


def test_a_policy_that_only_names_witnesses_asks_them_and_waits_for_none(
    instance: Path, keys: Keys, witness: Partner
) -> None:
    with opened(instance, policy_of(keys, witness.lines("w"))) as services, publishing(services):
        until(lambda: shown_size(services) == 3 and len(seen_by(shown(services), services.policy)) == 2)

        assert Policy.parse(services.policy.text()).quorum == "none"
        assert publisher.LOCK_FILE in {each.name for each in instance.iterdir()}


@pytest.mark.parametrize(("minutes", "found"), [(9, []), (11, [("quorum-not-met", "ledger_published")])])
def test_an_audit_leaves_witnesses_a_while(
    minutes: int, found: list[tuple[str, str]], instance: Path, keys: Keys, witness: Partner
) -> None:
    with opened(instance, policy_of(keys, witness.lines("w"), quorum="w")) as services:
        published(services)
        grow(services)
        services.log.publish()
        with auditing(services.settings) as subject:
            then = datetime.now(UTC) + timedelta(minutes=minutes)

            report = audit.audit(replace(subject, now=then))

    assert [(each.what, each.where) for each in report.findings if each.what.startswith("quorum")] == found


def test_an_audit_names_a_log_that_nobody_has_seen(instance: Path, keys: Keys, witness: Partner) -> None:
    with opened(instance, policy_of(keys, witness.lines("w"), quorum="w")) as services:
        services.log.publish()
        with auditing(services.settings) as subject:
            report = audit.audit(subject)

    assert [(each.what, dict(each.facts)) for each in report.findings] == [
        ("quorum-not-met", {"witnesses": 0})
    ]
