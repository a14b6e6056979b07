import os
import stat
from pathlib import Path

import pytest

from ledger.errors import Conflict, Malformed, NotProven
from ledger.keyfile import LogKeys, Passphrase, Seeds, protection, read, rewrite, write
from ledger.note import signed, verified
from tests.logs import ORIGIN

KEYS = LogKeys(b"1" * 32, b"2" * 32)
BEGUN = LogKeys(b"3" * 32, b"4" * 32, retiring=KEYS.newest)
KEY = b"k" * 32


@pytest.mark.parametrize("passphrase", [None, "稻花香里说丰年", "", "octets that are no UTF-8: \udcff"])
def test_what_is_written_is_read(tmp_path: Path, passphrase: str | None) -> None:
    write(tmp_path / "keys", KEYS, passphrase)

    assert read(tmp_path / "keys", passphrase) == KEYS
    assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) == 0o600
    assert (b"MTEx" in (tmp_path / "keys").read_bytes()) == (passphrase is None)


def test_a_new_file_and_its_name_are_durable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[bool] = []
    monkeypatch.setattr("os.fsync", lambda number: synced.append(stat.S_ISDIR(os.fstat(number).st_mode)))

    write(tmp_path / "keys", KEYS)

    assert synced == [False, True]


@pytest.mark.parametrize("passphrase", [None, "", "wrong"])
def test_another_passphrase_opens_nothing(tmp_path: Path, passphrase: str | None) -> None:
    write(tmp_path / "keys", KEYS, "right")

    with pytest.raises(NotProven):
        read(tmp_path / "keys", passphrase)


def test_a_key_file_is_never_overwritten(tmp_path: Path) -> None:
    write(tmp_path / "keys", KEYS)

    with pytest.raises(FileExistsError):
        write(tmp_path / "keys", LogKeys.drawn())

    assert read(tmp_path / "keys") == KEYS


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"{}", b'{"sealed":"x"}', b'{"ed25519":"AA==","mldsa44":"AA==","v":1}']
)
def test_another_file_is_malformed(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "keys").write_bytes(content)

    with pytest.raises(Malformed):
        read(tmp_path / "keys", "passphrase")


def test_drawn_keys_sign_and_stay_unseen() -> None:
    keys = LogKeys.drawn()
    ed25519, mldsa44 = keys.signer(ORIGIN), keys.publish_signer(ORIGIN)

    note = signed(f"{ORIGIN}\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n", ed25519, mldsa44)

    assert verified(note, [ed25519.key, mldsa44.key]) == (ed25519.key, mldsa44.key)
    assert repr(keys) == "LogKeys()"
    assert keys != LogKeys.drawn()


@pytest.mark.parametrize("keys", [KEYS, BEGUN, BEGUN.finished(ORIGIN)])
@pytest.mark.parametrize(("lock", "told"), [(None, "none"), ("口令", "passphrase"), (KEY, "key")])
def test_each_generation_is_read_as_it_was_written(
    tmp_path: Path, keys: LogKeys, lock: Passphrase, told: str
) -> None:
    write(tmp_path / "keys", KEYS)

    rewrite(tmp_path / "keys", keys, lock)

    assert read(tmp_path / "keys", lock) == keys
    assert protection(tmp_path / "keys") == told
    assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["keys"]


@pytest.mark.parametrize("wrong", [None, "k" * 32, b"x" * 32, ""])
def test_another_key_opens_nothing(tmp_path: Path, wrong: Passphrase) -> None:
    write(tmp_path / "keys", KEYS, KEY)

    with pytest.raises(NotProven) as refused:
        read(tmp_path / "keys", wrong)

    assert (refused.value.facts, "k" * 32 in refused.value.reason) == ({}, False)


def test_a_key_for_the_cipher_opens_no_passphrase(tmp_path: Path) -> None:
    write(tmp_path / "keys", KEYS, "right")

    with pytest.raises(NotProven):
        read(tmp_path / "keys", KEY)


@pytest.mark.parametrize("length", [0, 31, 33])
def test_a_key_for_the_cipher_is_32_bytes(tmp_path: Path, length: int) -> None:
    with pytest.raises(Malformed):
        write(tmp_path / "keys", KEYS, bytes(length))


def test_both_generations_sign_during_a_change_and_one_before_and_after() -> None:
    done = BEGUN.finished(ORIGIN)

    both = (*KEYS.vkeys(ORIGIN), *BEGUN.newest.vkeys(ORIGIN))
    assert (KEYS.vkeys(ORIGIN), KEYS.former()) == (KEYS.newest.vkeys(ORIGIN), ())
    assert (BEGUN.vkeys(ORIGIN), BEGUN.former()) == (both, ())
    assert (done.vkeys(ORIGIN), done.former()) == (both[2:], both[:2])
    assert [each.key for each in BEGUN.sealers(ORIGIN)] == [both[0], both[2]]
    assert [each.key for each in BEGUN.publishers(ORIGIN)] == [both[1], both[3]]


def test_a_change_draws_fresh_seeds_and_keeps_what_was_retired() -> None:
    done = BEGUN.finished(ORIGIN)

    again = done.begun()

    assert again.retiring == Seeds(done.ed25519, done.mldsa44)
    assert again.retired == done.retired
    assert {again.ed25519, again.mldsa44}.isdisjoint({done.ed25519, done.mldsa44})


def test_a_change_begins_once_and_ends_once() -> None:
    with pytest.raises(Conflict):
        BEGUN.begun()
    with pytest.raises(Conflict):
        KEYS.finished(ORIGIN)


def test_old_seeds_leave_the_file_for_good(tmp_path: Path) -> None:
    write(tmp_path / "keys", BEGUN)
    assert b"MTEx" in (tmp_path / "keys").read_bytes()

    rewrite(tmp_path / "keys", BEGUN.finished(ORIGIN))

    assert b"MTEx" not in (tmp_path / "keys").read_bytes()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files to others")
def test_a_file_that_root_rewrites_stays_its_owners(tmp_path: Path) -> None:
    write(tmp_path / "keys", KEYS)
    os.chown(tmp_path / "keys", 12345, 54321)

    rewrite(tmp_path / "keys", BEGUN)

    found = (tmp_path / "keys").stat()
    assert (found.st_uid, found.st_gid, stat.S_IMODE(found.st_mode)) == (12345, 54321, 0o600)


@pytest.mark.parametrize("call", ["os.fdopen", "os.fsync", "pathlib.Path.replace"])
def test_a_rewrite_that_fails_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    """The disk is full, or refuses, at each step before the new file has the old one's name."""
    write(tmp_path / "keys", KEYS)

    def fail(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(call, fail)
        with pytest.raises(OSError, match="No space"):
            rewrite(tmp_path / "keys", BEGUN)

    assert read(tmp_path / "keys") == KEYS
    rewrite(tmp_path / "keys", BEGUN)
    assert read(tmp_path / "keys") == BEGUN


@pytest.mark.parametrize(
    "content",
    [
        b'{"ed25519":"AA==","mldsa44":"AA==","retired":1,"v":1}',
        b'{"ed25519":"AA==","mldsa44":"AA==","retiring":1,"v":1}',
        b'{"nonce":"AA==","sealed":"AA==","v":1}',
        b'{"nonce":"AAAAAAAAAAAAAAAA","sealed":"AA==","v":2}',
    ],
)
def test_another_file_with_our_members_is_malformed(tmp_path: Path, content: bytes) -> None:
    seed = b"A" * 43 + b"="
    (tmp_path / "keys").write_bytes(
        content.replace(b'"ed25519":"AA==","mldsa44":"AA=="', b'"ed25519":"%b","mldsa44":"%b"' % (seed, seed))
    )

    with pytest.raises(Malformed):
        read(tmp_path / "keys", KEY)
