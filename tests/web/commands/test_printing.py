"""Labels from the terminal: the codes are recorded first, and each can be read and checked."""

from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from PIL import Image

from qr import code
from tests import world
from tests.terminal import Terminal
from tests.world import BASE_URL, PADDY_LOT, RICE_LOT
from web.settings import Settings


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    with world.opened(tmp_path) as made:
        made.whole_chain()
    return Terminal(tmp_path / "instance")


def read(path: Path) -> set[str]:
    """Return what every code says on a page or picture, as another program reads it."""
    if path.suffix != ".pdf":
        with Image.open(path) as picture:
            return {each.text for each in zxingcpp.read_barcodes(picture)}
    document = pypdfium2.PdfDocument(path)
    try:
        pages = [page.render(scale=300 / 72).to_pil() for page in document]
        return {each.text for page in pages for each in zxingcpp.read_barcodes(page)}
    finally:
        document.close()


def addresses(terminal: Terminal, *indices: int) -> set[str]:
    """Return the addresses of packs of the rice."""
    key = Settings.load(terminal.folder, {}).serial_key
    return {f"{BASE_URL}{RICE_LOT}/{code.serial(key, RICE_LOT, index)}" for index in indices}


def test_a_sheet_bears_the_codes_that_were_recorded(terminal: Terminal, tmp_path: Path) -> None:
    ran = terminal("labels", RICE_LOT, "--count", "3", "--pack", "5", "--out", tmp_path / "sheet.pdf")

    assert ran.code == 0, ran.err
    assert read(tmp_path / "sheet.pdf") == addresses(terminal, 0, 1, 2)
    last = terminal("entries", "--lot", RICE_LOT, "--json").json[-1]
    assert (last["kind"], last["by"]) == ("codes-issued", "mifang")


def test_indices_go_on_where_they_stopped(terminal: Terminal, tmp_path: Path) -> None:
    terminal("labels", RICE_LOT, "--count", "2", "--out", tmp_path / "first.pdf")

    ran = terminal("labels", RICE_LOT, "--count", "1", "--out", tmp_path / "next.png")

    assert ran.code == 0
    assert read(tmp_path / "next.png") == addresses(terminal, 2)


def test_each_picture_is_a_file(terminal: Terminal, tmp_path: Path) -> None:
    terminal("labels", RICE_LOT, "--count", "2", "--out", tmp_path / "pack.svg")

    assert sorted(path.name for path in tmp_path.glob("*.svg")) == ["pack-0001.svg", "pack-0002.svg"]


@pytest.mark.parametrize(("count", "code_"), [(660, 0), (661, 1)])
def test_there_are_no_more_codes_than_packs(
    count: int, code_: int, terminal: Terminal, tmp_path: Path
) -> None:
    # 3,300 kg of rice fill 660 packs of 5 kg.
    before = terminal.size

    ran = terminal("labels", RICE_LOT, "--count", str(count), "--pack", "5", "--out", tmp_path / "sheet.pdf")

    assert ran.code == code_
    assert (tmp_path / "sheet.pdf").exists() == (code_ == 0)
    assert terminal.size == before + (code_ == 0)


def test_only_who_holds_the_lot_gets_codes_for_it(terminal: Terminal, tmp_path: Path) -> None:
    out = tmp_path / "sheet.pdf"

    used_up = terminal("labels", PADDY_LOT, "--count", "1", "--out", out)
    others = terminal("labels", RICE_LOT, "--count", "1", "--out", out, "--as", "heitu")

    assert (used_up.code, others.code) == (2, 1)
    assert not out.exists()


def test_no_code_is_issued_for_a_file_that_cannot_be_written(terminal: Terminal, tmp_path: Path) -> None:
    before = terminal.size

    ran = terminal("labels", RICE_LOT, "--count", "1", "--out", tmp_path / "nowhere" / "a.pdf")

    assert (ran.code, terminal.size) == (2, before)


@pytest.mark.parametrize("pack", ["0", "-1", "many", "1e99", "0.0001", "nan"])
def test_a_pack_holds_something(pack: str, terminal: Terminal, tmp_path: Path) -> None:
    ran = terminal("labels", RICE_LOT, "--count", "1", "--out", tmp_path / "a.pdf", "--pack", pack)

    assert ran.code == 2
    assert "Traceback" not in ran.err
