"""A key may change at any moment, and the power may fail in the middle: the log goes on all the same."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import pytest

from ledger import keyfile
from ledger.__main__ import main as offline
from ledger.checkpoint import Checkpoint
from ledger.cosignature import Ed25519Cosigner
from ledger.dsse import AuthorKey
from ledger.errors import NotProven, Unsafe
from ledger.keyfile import LogKeys
from ledger.keys import VerifierKey
from ledger.policy import Policy
from ledger.rotation import Change
from ledger.spelling import base64_text
from tests import world
from tests.terminal import Ran, Terminal
from tests.world import ORIGIN as ORIGIN_OF_WORLD
from tests.world import World
from traceability import schema
from traceability.errors import NotAllowed
from web import key_life
from web.database import init_instance, key_file, key_record, log_keys, open_services
from web.settings import NotSetUp, Settings

ORIGIN = "test.example/log"
WITNESS = Ed25519Cosigner("witness.example/w1", sha256(b"witness key").digest())


@pytest.fixture
def found(tmp_path: Path) -> Settings:
    """The settings of an instance that has just been set up."""
    settings = Settings.init(tmp_path / "instance", ORIGIN, "http://127.0.0.1:8000")
    init_instance(settings, operator_name="operator")
    return settings


@pytest.fixture
def terminal(found: Settings) -> Terminal:
    return Terminal(found.instance)


def phase(settings: Settings) -> str:
    services = open_services(settings)
    try:
        return key_life.standing(services).phase
    finally:
        services.close()


@dataclass(frozen=True)
class Copied:
    """Somebody's copy of what a log publishes."""

    terminal: Terminal
    public: Path
    copy: Path

    def brought(self, *options: str | Path) -> Ran:
        """Publish the log and bring the copy up to it."""
        assert self.terminal("publish", self.public).code == 0
        return self.terminal("mirror", self.public, self.copy, *options)

    def policy(self) -> tuple[VerifierKey, ...]:
        return Policy.parse((self.copy / "policy").read_bytes()).keys_of(ORIGIN)


def published(terminal: Terminal, index: int, folder: Path) -> tuple[str, str]:
    assert terminal("prove", str(index), "--out", folder).code == 0
    return str(folder / f"{index}.entry"), str(folder / f"{index}.tlog-proof")


def test_a_whole_change_from_the_old_policy_to_the_new(terminal: Terminal, tmp_path: Path) -> None:
    (tmp_path / "old").write_text(terminal("policy").out)

    begun = terminal("key", "rotate-log", "--begin")
    both = Policy.parse(terminal("policy").out)
    ended = terminal("key", "rotate-log", "--finish")

    assert (begun.code, ended.code) == (0, 0)
    old, new = Policy.parse((tmp_path / "old").read_text()), Policy.parse(terminal("policy").out)
    assert both.logs == (*old.logs, *new.logs)
    # The proof of the change still leads there, though the old secrets are gone.
    files = published(terminal, 3, tmp_path / "out")
    assert offline(["follow", "--policy", str(tmp_path / "old"), *files]) == 0
    assert terminal("audit").code == 0


def test_who_asks_for_a_witness_follows_with_what_it_saw(found: Settings, tmp_path: Path) -> None:
    before = log_keys(found).vkeys(ORIGIN)
    policy = tmp_path / "policy"
    lines = "".join(f"log {key.text()}\n" for key in before)
    policy.write_text(f"{lines}witness w1 {WITNESS.key.text()}\nquorum w1\n")
    terminal = Terminal(found.instance)
    environ = {"JIZIHAO_WITNESS_POLICY": str(policy)}
    found = Settings.load(found.instance, environ)

    index = key_life.begin(found)
    with pytest.raises(NotAllowed, match="key-change-unseen"):
        key_life.finish(found)
    services = open_services(found)
    note = services.log.publish()
    services.log.add_cosignatures(
        Checkpoint.parse(note.text).size, [WITNESS.cosign(note.text, 1_790_000_000)]
    )
    services.close()
    key_life.finish(found)

    services = open_services(found)
    shown = key_life.handover(services, index)
    assert shown is not None
    assert services.policy.keys_of(ORIGIN) == log_keys(found).vkeys(ORIGIN)
    assert services.policy.quorum == "w1"
    (tmp_path / "entry").write_bytes(services.log.entry(index).spelt)
    (tmp_path / "proof").write_bytes(services.log.proof_under(index, shown).bytes())
    services.close()
    assert offline(["follow", "--policy", str(policy), str(tmp_path / "entry"), str(tmp_path / "proof")]) == 0
    assert terminal.size == 5


def test_without_waiting_for_witnesses_a_change_ends_when_it_is_told_to(
    found: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    policy = tmp_path / "policy"
    policy.write_text(f"witness w1 {WITNESS.key.text()}\nquorum w1\n")
    monkeypatch.setenv("JIZIHAO_WITNESS_POLICY", str(policy))
    terminal = Terminal(found.instance)
    terminal("key", "rotate-log", "--begin")

    refused = terminal("key", "rotate-log", "--finish")
    forced = terminal("key", "rotate-log", "--finish", "--without-witnesses")

    assert (refused.code, forced.code) == (1, 0)


@pytest.fixture
def copied(terminal: Terminal, tmp_path: Path) -> Copied:
    """A copy of the published log, made with its policy of before any change."""
    (tmp_path / "old").write_text(terminal("policy").out)
    copied = Copied(terminal, tmp_path / "public", tmp_path / "copy")
    assert copied.brought("--policy", tmp_path / "old").code == 0
    return copied


def test_a_copy_that_saw_the_change_over_goes_on_with_the_new_key(copied: Copied, terminal: Terminal) -> None:
    terminal("key", "rotate-log", "--begin")
    during = copied.brought()
    terminal("key", "rotate-log", "--finish")
    after = copied.brought()

    assert (during.code, after.code) == (0, 0), after.err
    assert ("new ones" in during.err, "new ones" in after.err) == (True, False)
    assert copied.policy() == Policy.parse(terminal("policy").out).keys_of(ORIGIN)


def test_a_copy_that_missed_the_change_over_stays_where_it_was(copied: Copied, terminal: Terminal) -> None:
    before = copied.policy()
    terminal("key", "rotate-log", "--begin")
    terminal("key", "rotate-log", "--finish")
    # The checkpoint of the end still bears both; the next one does not.
    party = ("--role", "cooperative", "--name", "黑土", "--division", "220182")
    assert terminal("party", "add", "heitu", *party).code == 0

    assert (copied.brought().code, copied.policy()) == (1, before)


def test_a_copy_that_was_cut_before_its_checkpoint_goes_on(
    copied: Copied, terminal: Terminal, cut: pytest.MonkeyPatch
) -> None:
    terminal("key", "rotate-log", "--begin")
    with cut.context() as patch:
        patch.setattr("ledger.mirror.show", fail)
        assert copied.brought().code == 2
    terminal("key", "rotate-log", "--finish")

    assert copied.brought().code == 0


# The power fails.


class PowerCut(Exception):
    """The process ends here."""


@pytest.fixture
def cut(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    with monkeypatch.context() as patch:
        yield patch


def fail(*_: object, **__: object) -> None:
    raise PowerCut


CUTS_OF_BEGIN = {
    "before the file": ("ledger.keyfile.rewrite", "steady"),
    "before the entry": ("traceability.journal.Journal.change_log_keys", "drawn"),
    "before it is published": ("ledger.log.Log.publish", "changing"),
}


@pytest.mark.parametrize("where", CUTS_OF_BEGIN)
def test_a_beginning_that_was_cut_is_begun_again(
    found: Settings, cut: pytest.MonkeyPatch, where: str, tmp_path: Path
) -> None:
    step, left = CUTS_OF_BEGIN[where]
    (tmp_path / "old").write_text(Terminal(found.instance)("policy").out)
    with cut.context() as patch:
        patch.setattr(step, fail)
        with pytest.raises(PowerCut):
            key_life.begin(found)
    drawn = log_keys(found)
    assert phase(found) == left

    # Until the entry stands the new key is nobody's to ask for.
    old = Policy.parse((tmp_path / "old").read_text())
    assert left == "changing" or Policy.parse(Terminal(found.instance)("policy").out) == old
    assert Terminal(found.instance)("audit").code == 0

    index = key_life.begin(found)

    assert (index, phase(found)) == (3, "changing")
    # Secrets once drawn are never drawn anew: an entry may stand on them.
    assert left == "steady" or log_keys(found) == drawn
    files = published(Terminal(found.instance), index, tmp_path / "out")
    assert offline(["follow", "--policy", str(tmp_path / "old"), *files]) == 0


CUTS_OF_FINISH = {
    "before the entry": ("traceability.journal.Journal.change_log_keys", "changing"),
    "before the file": ("ledger.keyfile.rewrite", "ended"),
}


@pytest.mark.parametrize("where", CUTS_OF_FINISH)
def test_an_end_that_was_cut_is_ended_again(found: Settings, cut: pytest.MonkeyPatch, where: str) -> None:
    step, left = CUTS_OF_FINISH[where]
    key_life.begin(found)
    with cut.context() as patch:
        patch.setattr(step, fail)
        with pytest.raises(PowerCut):
            key_life.finish(found)
    assert phase(found) == left
    assert len(Policy.parse(Terminal(found.instance)("policy").out).logs) == (4 if left == "changing" else 2)
    assert Terminal(found.instance)("audit").code == 0

    key_life.finish(found)

    assert (phase(found), log_keys(found).retiring, Terminal(found.instance).size) == ("steady", None, 5)


def test_a_change_between_cuts_can_still_be_written_to(found: Settings, cut: pytest.MonkeyPatch) -> None:
    with cut.context() as patch:
        patch.setattr("traceability.journal.Journal.change_log_keys", fail)
        with pytest.raises(PowerCut):
            key_life.begin(found)
    terminal = Terminal(found.instance)

    added = terminal(
        "party", "add", "heitu", "--role", "cooperative", "--name", "黑土", "--division", "220182"
    )

    assert added.code == 0, added.err
    assert (key_life.begin(found), terminal("audit").code) == (5, 0)


# Who may not, and when.


def test_a_process_that_was_running_is_refused_until_it_is_started_again(found: Settings) -> None:
    running = open_services(found)
    key_life.begin(found)

    with pytest.raises(Unsafe, match="restart"):
        running.grant_platform_key("heitu", "cooperative")
    running.close()

    again = open_services(found)
    again.grant_platform_key("heitu", "cooperative")
    again.close()


def test_an_older_key_file_is_refused(found: Settings) -> None:
    old = key_file(found).read_bytes()
    key_life.begin(found)
    key_file(found).write_bytes(old)

    with pytest.raises(Unsafe, match="restart with its new key file"):
        open_services(found)


def test_the_key_file_of_another_log_is_refused(found: Settings) -> None:
    keyfile.rewrite(key_file(found), LogKeys.drawn())

    with pytest.raises(Unsafe):
        open_services(found)


def test_new_secrets_that_the_log_does_not_know_are_told(found: Settings) -> None:
    key_life.begin(found)
    keys = log_keys(found)
    keyfile.rewrite(
        key_file(found),
        LogKeys(
            b"x" * 32,
            b"y" * 32,
            retiring=keys.retiring,
            retired=tuple(key.text() for key in keys.newest.vkeys(ORIGIN)),
        ),
    )
    services = open_services(found)

    with pytest.raises(NotAllowed, match="key-file-differs"):
        key_life.standing(services)
    services.close()


def test_two_changes_at_once_are_refused(found: Settings) -> None:
    with key_life._alone(found), pytest.raises(NotAllowed, match="key-change-running"):
        key_life.begin(found)


def test_each_step_has_its_time(terminal: Terminal) -> None:
    early = terminal("key", "rotate-log", "--finish")
    neither = terminal("key", "rotate-log")
    terminal("key", "rotate-log", "--begin")
    again = terminal("key", "rotate-log", "--begin")
    size = terminal.size

    assert (early.code, neither.code, again.code, size) == (1, 2, 0, 4)


def test_a_second_change_waits_for_the_end_of_the_first(found: Settings, cut: pytest.MonkeyPatch) -> None:
    key_life.begin(found)
    with cut.context() as patch:
        patch.setattr("ledger.keyfile.rewrite", fail)
        with pytest.raises(PowerCut):
            key_life.finish(found)

    with pytest.raises(NotAllowed, match="key-change-begun"):
        key_life.begin(found)
    key_life.finish(found)
    key_life.begin(found)
    key_life.finish(found)

    assert len(log_keys(found).former()) == 4


def test_a_change_of_another_log_is_not_entered(found: Settings) -> None:
    services = open_services(found)
    strange = Change(ORIGIN, LogKeys.drawn().vkeys(ORIGIN), LogKeys.drawn().vkeys(ORIGIN), "begin")

    with pytest.raises(NotProven):
        services.journal.change_log_keys(strange)

    assert services.log.size() == 3
    services.close()


def test_a_key_of_a_stranger_in_the_operators_policy_stays_in_sight(found: Settings, tmp_path: Path) -> None:
    strange = LogKeys.drawn().vkeys(ORIGIN)[0]
    (tmp_path / "policy").write_text(f"log {strange.text()}\nquorum none\n")
    environ = {"JIZIHAO_WITNESS_POLICY": str(tmp_path / "policy")}
    services = open_services(Settings.load(found.instance, environ))

    assert services.policy.keys_of(ORIGIN) == (strange,)
    services.close()


def test_the_standing_of_the_keys_is_told(terminal: Terminal) -> None:
    first = terminal("key", "status", "--json").json
    terminal("key", "rotate-log", "--begin")
    second = terminal("key", "status", "--json").json
    terminal("key", "rotate-log", "--finish")
    third = terminal("key", "status", "--json").json

    assert (first["phase"], first["begun"], first["protection"]) == ("steady", None, "none")
    assert (second["phase"], second["begun"], third["phase"]) == ("changing", 3, "steady")
    assert second["signing"] == first["signing"] + third["signing"]
    assert third["retired"] == first["signing"]
    assert terminal("key", "status").out.count("\n") == 6


# The key file.


KEY = base64_text(b"k" * 32)


def protected(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch, environ: dict[str, str], given: str, option: str
) -> int:
    with monkeypatch.context() as patch:
        for name, value in environ.items():
            patch.setenv(name, value)
        patch.setattr("sys.stdin", io.StringIO(given))
        return terminal("key", "protect", option).code


def test_a_key_file_is_protected_changed_and_freed(
    found: Settings, terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = log_keys(found)
    word, sealing = {"JIZIHAO_KEY_PASSPHRASE": "稻花香"}, {"JIZIHAO_KEY_ENCRYPTION_KEY": KEY}

    assert protected(terminal, monkeypatch, {}, "稻花香\n", "--passphrase-stdin") == 0
    assert keyfile.read(key_file(found), "稻花香") == keys
    assert terminal("entries").code == 2
    assert protected(terminal, monkeypatch, {}, "", "--remove") == 2
    assert protected(terminal, monkeypatch, word, f"{KEY}\n", "--encryption-key-stdin") == 0
    assert keyfile.read(key_file(found), b"k" * 32) == keys
    assert log_keys(Settings.load(found.instance, sealing)) == keys
    assert protected(terminal, monkeypatch, sealing, "", "--remove") == 0
    assert log_keys(found) == keys


def test_no_secret_is_told(found: Settings, terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    protected(terminal, monkeypatch, {}, "右边的词\n", "--passphrase-stdin")
    monkeypatch.setenv("JIZIHAO_KEY_PASSPHRASE", "左边的词")

    ran = terminal("policy")

    assert (ran.code, ran.out, "左边的词" in ran.err) == (2, "", False)
    with pytest.raises(NotSetUp) as refused:
        log_keys(Settings.load(found.instance, {"JIZIHAO_KEY_PASSPHRASE": "左边的词"}))
    assert refused.value.code == "locked"


@pytest.mark.parametrize("option", ["--passphrase-stdin", "--encryption-key-stdin"])
def test_a_secret_that_is_no_text_is_not_repeated(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch, option: str
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"secret\xff\n"), encoding="utf-8"))

    ran = terminal("key", "protect", option)

    assert (ran.code, "UTF-8" in ran.err, "secret" in ran.err) == (2, True, False)


def test_a_passphrase_need_not_be_text(found: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    octets = "secret\udcff"
    keyfile.rewrite(key_file(found), log_keys(found), octets)

    opened = Settings.load(found.instance, {"JIZIHAO_KEY_PASSPHRASE": octets})

    assert log_keys(opened).newest == keyfile.read(key_file(found), octets).newest


@pytest.mark.parametrize(
    ("given", "option"),
    [("\n", "--passphrase-stdin"), ("AAAA\n", "--encryption-key-stdin"), ("!\n", "--encryption-key-stdin")],
)
def test_a_new_secret_that_is_none_changes_nothing(
    found: Settings, terminal: Terminal, monkeypatch: pytest.MonkeyPatch, given: str, option: str
) -> None:
    before = key_file(found).read_bytes()

    assert protected(terminal, monkeypatch, {}, given, option) == 2
    assert key_file(found).read_bytes() == before


@pytest.mark.parametrize(
    "environ",
    [
        {"JIZIHAO_KEY_ENCRYPTION_KEY": "AAAA"},
        {"JIZIHAO_KEY_ENCRYPTION_KEY": "!"},
        {"JIZIHAO_KEY_ENCRYPTION_KEY": KEY, "JIZIHAO_KEY_PASSPHRASE": "x"},
    ],
)
def test_an_encryption_key_is_32_bytes_and_alone(found: Settings, environ: dict[str, str]) -> None:
    with pytest.raises(NotSetUp) as refused:
        Settings.load(found.instance, environ)

    assert (refused.value.code, refused.value.value) == ("malformed", "")


# Keys of organisations.


@pytest.fixture
def made(tmp_path: Path) -> Iterator[World]:
    with world.opened(tmp_path) as opened:
        yield opened


def valid(made: World, party: str) -> list[str]:
    with made.services.reading() as reader:
        return [row.key_id for row in key_life.keys_of(reader, party) if row.revoked_by is None]


@pytest.mark.parametrize("lost", [False, True])
def test_the_key_of_a_party_is_replaced_and_the_old_one_ends(made: World, *, lost: bool) -> None:
    (old,) = valid(made, "heitu")

    index, key = key_life.rotate(made.services, "heitu", lost=lost)

    assert valid(made, "heitu") == [key]
    granted, ended = (made.services.log.entry(at).entry.record for at in (index, index + 1))
    voucher = made.services.registrar().id if lost else old
    assert [each["key"] for each in granted["sigs"]] == [voucher, key]
    assert (granted["grant"]["replaces"], ended["revocation"]["key"]) == (old, old)
    assert ended["revocation"]["reason"] == ("lost" if lost else "superseded")
    made.say("heitu", "member-registered", member="m7")
    assert made.services.journal.platform_key("heitu").id == key


def test_the_registrars_own_key_is_replaced_and_vouches_on(made: World) -> None:
    old = made.services.registrar().id

    index, key = key_life.rotate(made.services, "operator")

    assert made.services.registrar().id == key
    ended = made.services.log.entry(index + 1).entry.record
    assert [each["key"] for each in ended["sigs"]] == [key]
    _, other = key_life.rotate(made.services, "heitu", lost=True)
    assert valid(made, "heitu") == [other]
    with pytest.raises(NotAllowed):
        key_life.revoke(made.services, key, "ended")
    assert key_life.revoke(made.services, old, "ended") == index + 1


def test_the_last_statement_before_the_end_stands_and_the_first_after_it_is_refused(made: World) -> None:
    events = [
        schema.load("member-registered", {"at": made.clock.now.isoformat(), "member": f"m{n}"})
        for n in (7, 8)
    ]
    # Both were signed while the key was valid: the log's order decides, not the hour of signing.
    before, after = made.services.journal.stated("heitu", *events)

    (recorded,) = made.services.journal.submit(before).result().value
    ended = key_life.revoke(made.services, before.signatures[0]["key"], "compromised")

    assert ended == recorded.index + 1
    with pytest.raises(NotProven, match="not valid at this entry"):
        made.services.journal.submit(after).result()
    assert made.services.log.size() == ended + 1
    assert valid(made, "heitu") == []
    with pytest.raises(NotAllowed, match="no-platform-key"):
        key_life.rotate(made.services, "heitu")


def test_the_seed_of_an_ended_key_is_kept_no_longer(made: World) -> None:
    (old,) = valid(made, "heitu")

    key_life.rotate(made.services, "heitu")

    with made.services.reading() as reader:
        kept = made.services.platform.of_party(reader.connection, "heitu")
    assert [key.id for key in kept] == valid(made, "heitu") != [old]


def test_keys_are_listed_replaced_and_ended_from_the_terminal(made: World) -> None:
    terminal = Terminal(made.services.settings.instance)
    (old,) = valid(made, "heitu")

    rotated = terminal("key", "rotate", "heitu")
    told = terminal("key", "list", "heitu", "--json").json
    ended = terminal("key", "revoke", told[1]["key"], "--reason", "ended")
    lines = terminal("key", "list").out.splitlines()

    assert (rotated.code, ended.code) == (0, 0)
    assert [(each["key"] == old, each["ended"] is None) for each in told] == [(True, False), (False, True)]
    assert {each["custody"] for each in told} == {"platform"}
    assert sum("heitu" in line for line in lines) == 2
    assert terminal("audit").code == 0


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("list", "nobody"), 1),
        (("rotate", "nobody"), 1),
        (("revoke", "nothing", "--reason", "lost"), 1),
        (("revoke", "nothing", "--reason", "bored"), 2),
        (("revoke", "nothing"), 2),
    ],
)
def test_what_is_not_there_is_told(terminal: Terminal, arguments: tuple[str, ...], code: int) -> None:
    ran = terminal("key", *arguments)

    assert ran.code == code
    assert "Traceback" not in ran.err


def test_a_party_with_a_key_of_its_own_changes_it_itself(made: World) -> None:
    own = AuthorKey(b"7" * 32)
    registrar = made.services.registrar()
    record = key_record(ORIGIN_OF_WORLD, own, registrar, party="heitu", role="cooperative", custody="author")
    made.services.journal.register_key(record)

    with pytest.raises(NotAllowed, match="key-own-custody"):
        key_life.rotate(made.services, "heitu")
