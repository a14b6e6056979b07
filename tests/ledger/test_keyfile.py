import stat
from pathlib import Path

import pytest

from ledger.errors import Malformed, NotProven
from ledger.keyfile import LogKeys, read, write
from ledger.note import signed, verified
from tests.logs import ORIGIN

KEYS = LogKeys(b"1" * 32, b"2" * 32)


@pytest.mark.parametrize("passphrase", [None, "稻花香里说丰年", ""])
def test_what_is_written_is_read(tmp_path: Path, passphrase: str | None) -> None:
    write(tmp_path / "keys", KEYS, passphrase)

    assert read(tmp_path / "keys", passphrase) == KEYS
    assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) == 0o600
    assert (b"MTEx" in (tmp_path / "keys").read_bytes()) == (passphrase is None)


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
