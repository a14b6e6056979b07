"""One file that holds several: it comes back as it was, and no byte of it changes unnoticed."""

import subprocess
import tarfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger.errors import LedgerError, Malformed, NotProven
from web import parcel

KEY = b"k" * 32


@pytest.fixture
def files(tmp_path: Path) -> list[tuple[str, Path]]:
    found = []
    for name, content in {"empty": b"", "block": bytes(512), "odd": b"x" * 1000, "in/side": b"y"}.items():
        path = tmp_path / name.replace("/", "-")
        path.write_bytes(content)
        found.append((name, path))
    return found


def packed(files: list[tuple[str, Path]], to: Path) -> Path:
    parcel.pack(to, KEY, {"kind": "trial", "size": 3}, files)
    return to


def test_what_is_packed_comes_back(files: list[tuple[str, Path]], tmp_path: Path) -> None:
    file = packed(files, tmp_path / "parcel")
    (tmp_path / "out").mkdir()

    parcel.unpack(file, KEY, tmp_path / "out")

    assert [(tmp_path / "out" / name).read_bytes() for name, _ in files] == [
        path.read_bytes() for _, path in files
    ]
    assert parcel.manifest_of(file, KEY)[0].about == {"kind": "trial", "size": 3}
    assert parcel.unproven_member(file, "odd", largest=10) == b"x" * 10
    assert parcel.unproven_member(file, "none", largest=10) is None


def test_any_tar_lists_it(files: list[tuple[str, Path]], tmp_path: Path) -> None:
    file = packed(files, tmp_path / "parcel")

    listed = subprocess.run(["tar", "-tf", str(file)], capture_output=True, text=True, check=True).stdout

    assert listed.split() == ["manifest.json", *(name for name, _ in files)]
    with tarfile.open(file) as archive:
        assert archive.getnames() == listed.split()


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(where=st.integers(min_value=0, max_value=6000), bit=st.integers(min_value=0, max_value=7))
def test_a_bit_that_turned_anywhere_is_refused(
    files: list[tuple[str, Path]], tmp_path: Path, where: int, bit: int
) -> None:
    file = tmp_path / "parcel"
    if not file.exists():
        packed(files, file)
    spelt = bytearray(file.read_bytes())
    spelt[where % len(spelt)] ^= 1 << bit
    bent, out = tmp_path / "bent", tmp_path / f"out-{where}-{bit}"
    bent.write_bytes(spelt)
    out.mkdir(exist_ok=True)

    with pytest.raises(LedgerError):
        parcel.unpack(bent, KEY, out)


@pytest.mark.parametrize("length", [0, 1, 511, 512, 600, 1024, 2000])
def test_a_file_that_was_cut_off_is_refused(
    files: list[tuple[str, Path]], tmp_path: Path, length: int
) -> None:
    file = packed(files, tmp_path / "parcel")
    file.write_bytes(file.read_bytes()[:length])
    (tmp_path / "out").mkdir()

    with pytest.raises(Malformed):
        parcel.unpack(file, KEY, tmp_path / "out")


def test_another_key_opens_nothing(files: list[tuple[str, Path]], tmp_path: Path) -> None:
    file = packed(files, tmp_path / "parcel")

    with pytest.raises(NotProven):
        parcel.manifest_of(file, b"l" * 32)


def test_a_name_that_leads_elsewhere_is_refused(files: list[tuple[str, Path]], tmp_path: Path) -> None:
    parcel.pack(tmp_path / "parcel", KEY, {}, [("../outside", files[0][1])])

    with pytest.raises(Malformed):
        parcel.unpack(tmp_path / "parcel", KEY, tmp_path)


def test_a_file_that_changes_while_it_is_packed_is_noticed(
    files: list[tuple[str, Path]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    header = parcel._header

    def changing(name: str, size: int) -> bytes:
        files[2][1].write_bytes(b"z" * 1000)
        return header(name, size)

    monkeypatch.setattr(parcel, "_header", changing)

    with pytest.raises(NotProven):
        packed(files, tmp_path / "parcel")
