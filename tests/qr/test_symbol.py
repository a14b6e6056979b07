"""Squares, read back by a decoder that is not ours."""

import re
from io import BytesIO

import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from qr.errors import Unprintable
from qr.symbol import QUIET, Squares, best_mask, picture, png, squares, svg, terminal

URL = "https://jizihao.cn/01/09521234560015/10/JL26-0917A/21/00000010G9BPX6D5EJDT"
addresses = st.text(
    st.characters(codec="ascii", min_codepoint=0x21, max_codepoint=0x7E), min_size=1, max_size=150
)


def read(image: Image.Image) -> list[tuple[str, str]]:
    return [(found.text, found.ec_level) for found in zxingcpp.read_barcodes(image)]


def image_of(matrix: Squares) -> Image.Image:
    return picture(matrix, 4).convert("L")


@settings(max_examples=40, deadline=None)
@given(addresses)
def test_any_address_is_read_back_letter_for_letter(address: str) -> None:
    assert read(image_of(squares(address))) == [(address, "M")]


@pytest.mark.parametrize("mask", range(8))
def test_each_mask_is_read_back(mask: int) -> None:
    assert read(image_of(squares(URL, mask))) == [(URL, "M")]


def test_the_best_mask_is_the_one_taken_by_itself() -> None:
    assert squares(URL) == squares(URL, best_mask(URL))


def test_the_smallest_version_is_taken() -> None:
    # Versions 1 and 2 hold 14 and 26 bytes at error correction M, ISO/IEC 18004 table 7.
    assert [len(squares("a" * length)) for length in (14, 15, 26, 27)] == [21, 25, 25, 29]


def test_a_png_is_read_back() -> None:
    with Image.open(BytesIO(png(URL, scale=3))) as image:
        assert read(image.convert("L")) == [(URL, "M")]


def test_an_svg_has_one_path_that_is_read_back() -> None:
    drawn = svg(URL, title='a "lot" & <more>', side="30mm")

    width = int(re.findall(r'viewBox="0 0 (\d+) \1"', drawn)[0])
    image = Image.new("L", (width, width), 255)
    (path,) = re.findall(r'<path d="([^"]+)"/>', drawn)
    for x, y, length in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\3z", path):
        image.paste(0, (int(x), int(y), int(x) + int(length), int(y) + 1))
    assert read(image.resize((width * 4, width * 4), Image.Resampling.NEAREST)) == [(URL, "M")]
    assert 'aria-label="a &quot;lot&quot; &amp; &lt;more&gt;"' in drawn


@pytest.mark.parametrize("colour", [True, False])
def test_a_terminal_shows_what_is_read_back(colour: bool) -> None:
    shown = terminal(URL, colour=colour)

    lines = re.sub(r"\x1b\[[0-9;]*m", "", shown).splitlines()
    image = Image.new("L", (len(lines[0]), 2 * len(lines)), 255)
    for y, line in enumerate(lines):
        for x, half in enumerate(line):
            for lower, inked in enumerate((half in "▀█", half in "▄█")):
                if inked is colour:
                    image.putpixel((x, 2 * y + lower), 0)
    large = image.resize((image.width * 4, image.height * 4), Image.Resampling.NEAREST)
    assert read(large) == [(URL, "M")]


def test_the_border_is_four_squares_wide() -> None:
    image = picture(squares(URL), 1)

    assert (QUIET, image.getbbox(), image.width) == (
        4,
        (0, 0, image.width, image.width),
        len(squares(URL)) + 8,
    )
    assert all(image.getpixel((x, y)) for x in range(image.width) for y in range(4))


@pytest.mark.parametrize("address", ["", "https://吉账.cn/", "a\nb", "a\0", "a" * 2332])
def test_what_is_no_address_or_too_long_is_refused(address: str) -> None:
    with pytest.raises(Unprintable):
        squares(address)


def test_the_longest_address_is_still_drawn() -> None:
    # Version 40 at error correction M holds 2,331 bytes.
    assert len(squares("a" * 2331, 0)) == 177
