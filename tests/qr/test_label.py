"""Labels, sheets and slips: every code is read, the words are there, and nothing runs into the code."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO
from itertools import islice
from typing import Any
from xml.etree import ElementTree

import pypdfium2
import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from qr import layout
from qr.code import serial
from qr.drawing import SAMPLE, Code, Words
from qr.errors import Mistyped, Unprintable
from qr.label import (
    LARGE,
    Certificate,
    Label,
    Paper,
    Sheet,
    certificate_pdf,
    is_sample,
    label_png,
    label_svg,
    sheet_pdf,
)
from qr.short import short_code
from qr.symbol import squares

AT = datetime(2026, 9, 17, 8, tzinfo=UTC)
LOT = "https://id.gs1.org/01/09521234560015/10/JL26-0917A"
HOSTILE = [
    "哈" * 3000,
    "W" * 300,
    "שלום עולם " * 20,
    "\u202e" + "evil" * 30,
    "🙂👩‍🌾" * 40,
    "\n\0\ud800",
    "a\u0301" * 90,
]


def label_of(index: int = 0, **changes: object) -> Label:
    mark = serial(bytes(32), LOT, index)
    words = {
        "url": f"https://jizihao.cn/01/09521234560015/10/JL26-0917A/21/{mark}",
        "product": "长粒香大米（示例）",
        "producer": "梅河口市示例水稻种植农民专业合作社",
        "origin": "吉林省通化市梅河口市",
        "lot": "JL26-0917A",
        "packed_on": date(2026, 9, 17),
        "net": "5 千克",
        "short": short_code(LOT),
        "policy_digest16": "0f1e2d3c4b5a6978",
        "sample": False,
        "serial": mark,
    }
    return Label(**(words | changes))  # type: ignore[arg-type]  # the changes are as the test says


CERTIFICATE = Certificate(
    rows=(
        ("产品名称", "黑木耳（干）"),
        ("数量", "500 千克"),
        ("产地", "吉林省延边朝鲜族自治州汪清县"),
        ("开具时间", "2026-09-17"),
        ("承诺主体", "汪清县示例黑木耳种植农民专业合作社"),
        ("联系方式", "0433-0000000"),
    ),
    promise=(
        "未使用禁用农药、兽药及其他化合物；使用的常规农药、兽药残留不超标。",
        "依据：质量安全控制符合要求",
    ),
    url="https://jizihao.cn/lot/heimuer/mu-er/H26-3",
    short=short_code(LOT),
    sample=False,
)


@contextmanager
def opened(pdf: bytes) -> Iterator[list[tuple[Image.Image, str]]]:
    """The pages of a PDF as pictures of 200 dots an inch, and their words."""
    document = pypdfium2.PdfDocument(pdf)
    pages = []
    for page in document:
        words = page.get_textpage()
        pages.append((page.render(scale=200 / 72).to_pil(), words.get_text_range()))
        words.close()
        page.close()
    yield pages
    document.close()


def read(image: Image.Image) -> list[str]:
    return sorted(found.text for found in zxingcpp.read_barcodes(image))


@pytest.mark.parametrize(("sheet", "sheets"), [(Sheet(), [24, 1]), (LARGE, [8, 8, 8, 1])])
def test_every_code_of_every_sheet_is_read(sheet: Sheet, sheets: list[int]) -> None:
    labels = [label_of(index) for index in range(25)]

    pdf = sheet_pdf(labels, made_at=AT, sheet=sheet)

    run = iter(labels)
    with opened(pdf) as pages:
        assert [read(image) for image, _ in pages] == [
            sorted(label.url for label in islice(run, count)) for count in sheets
        ]


def test_a_sheet_says_in_chinese_what_the_law_wants() -> None:
    label = label_of(extra=("承诺达标合格证", "依据：自行检测合格"))

    pdf = sheet_pdf([label], made_at=AT)

    with opened(pdf) as [(_, words)]:
        assert "".join(words.split()) == "".join(
            (
                *(short_code(LOT), "扫码或在网页输入短码查询", serial(bytes(32), LOT, 0)),
                *("长粒香大米（示例）", "产地吉林省通化市梅河口市"),
                *("生产者梅河口市示例水稻种植农民专业合作社", "批号JL26-0917A"),
                *("包装日期2026-09-17", "净含量5千克", "承诺达标合格证", "依据：自行检测合格"),
                "验证策略policy0f1e2d3c4b5a6978",
            )
        )


def test_a_page_carries_a_small_part_of_the_typeface() -> None:
    pdf = sheet_pdf([label_of(index) for index in range(24)], made_at=AT)

    assert len(pdf) < 100_000


def test_the_same_labels_at_the_same_time_are_the_same_bytes() -> None:
    labels = [label_of(index) for index in range(3)]

    assert sheet_pdf(labels, made_at=AT) == sheet_pdf(iter(labels), made_at=AT)


def test_progress_is_told_label_by_label_while_the_run_is_read() -> None:
    told: list[int] = []
    read_before: list[int] = []

    def run() -> Iterator[Label]:
        for index in range(50):
            read_before.append(len(told))
            yield label_of(index)

    sheet_pdf(run(), made_at=AT, progress=told.append)

    assert told == list(range(1, 51))
    # No sheet is read before the one ahead of it is drawn.
    assert (read_before[23], read_before[24], read_before[48]) == (0, 24, 48)


def test_a_picture_of_a_label_is_read_at_once() -> None:
    with Image.open(BytesIO(label_png(label_of(), 203))) as image:
        assert read(image.convert("L")) == [label_of().url]


def test_an_svg_of_a_label_has_its_words_and_its_code() -> None:
    drawn = label_svg(label_of(product='<米 & "谷">'))

    assert drawn.count("&lt;米 &amp; &quot;谷&quot;&gt;</text>") == 1
    assert 'width="63.5mm" height="33.9mm"' in drawn


@pytest.mark.parametrize("sample", [True, False])
def test_a_sample_says_so_and_only_a_sample(sample: bool) -> None:
    label = label_of(sample=sample)

    with opened(sheet_pdf([label], made_at=AT)) as [(image, words)]:
        on_sheet = (SAMPLE in words.replace("\r\n", " "), read(image))
    with Image.open(BytesIO(label_png(label))) as picture:
        coloured = picture.convert("HSV").getchannel("S").getextrema() != (0, 0)
    with opened(certificate_pdf(replace(CERTIFICATE, sample=sample), made_at=AT)) as [(_, on_slip)]:
        slip = SAMPLE in on_slip.replace("\r\n", " ")
    assert (on_sheet, SAMPLE in label_svg(label), coloured, slip) == (
        (sample, [label.url]),
        sample,
        sample,
        sample,
    )


@pytest.mark.parametrize(
    ("base", "sample"),
    [
        ("https://jizihao.cn", False),
        ("https://zs.jl.gov.cn:8443/吉", False),
        ("https://JIZIHAO.CN./", False),
        ("https://8.8.8.8", False),
        ("https://[2001:4860:4860::8888]/", False),
        ("https://localhost.cn", False),
        ("http://jizihao.cn", True),
        ("jizihao.cn", True),
        ("", True),
        ("https://", True),
        ("https://localhost:8000", True),
        ("https://demo.localhost", True),
        ("https://raspberrypi", True),
        ("https://farm.local", True),
        ("https://nongye.example", True),
        ("https://www.example.com", True),
        ("https://a.test", True),
        ("https://a.invalid.", True),
        ("https://127.0.0.1", True),
        ("https://127.1", True),
        ("https://0x7f.1", True),
        ("https://10.0.0.8", True),
        ("https://172.16.0.1", True),
        ("https://172.15.0.1", False),
        ("https://192.168.1.20:8000", True),
        ("https://169.254.1.1", True),
        ("https://100.64.0.1", True),
        ("https://224.0.0.1", True),
        ("https://[::1]", True),
        ("https://[fe80::1%25eth0]", True),
        ("https://[fd00::1]", True),
        ("https://[::ffff:192.168.0.1]", True),
        ("https://[not", True),
        ("https://jizihao.cn:99999", True),
        ("https://me@jizihao.cn", True),
        ("https://127。0。0。1", True),
    ],
)
def test_only_an_address_for_all_the_world_makes_no_sample(base: str, sample: bool) -> None:
    assert is_sample(base) is sample


@given(st.text())
def test_no_text_breaks_the_question_whether_it_is_a_sample(base: str) -> None:
    assert is_sample(base) in (True, False)


@pytest.mark.parametrize("url", ["http://jizihao.cn/lot/a/b/c", "https://192.168.0.8/lot/a/b/c"])
def test_a_label_cannot_hide_that_it_is_a_sample(url: str) -> None:
    with pytest.raises(Unprintable):
        label_of(url=url, sample=False)
    with pytest.raises(Unprintable):
        replace(CERTIFICATE, url=url)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_words_leave_the_code_readable(text: str) -> None:
    label = label_of(
        product=text, producer=text, origin=text, lot=text, net=text, extra=(text,) * 5, sample=True
    )

    with opened(sheet_pdf([label] * 2, made_at=AT)) as [(image, _)]:
        on_sheet = read(image)
    with Image.open(BytesIO(label_png(label))) as picture:
        in_picture = read(picture.convert("L"))
    ElementTree.fromstring(label_svg(label))  # noqa: S314 -- made by ourselves a moment ago
    assert (on_sheet, in_picture) == ([label.url] * 2, [label.url])


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.text(max_size=60), min_size=7, max_size=7),
    st.sampled_from([(63.5, 33.9), (99.1, 67.7), (40, 60), (100, 20)]),
)
def test_words_stay_on_the_label_and_beside_the_code(texts: list[str], size: tuple[float, float]) -> None:
    title, *said = texts
    width, height = size
    rows = tuple((text[:5], text) for text in said[:4])
    short = (short_code(LOT), "0" * 23)

    drawing = layout.label(
        squares("https://a.cn/"),
        title,
        rows,
        tuple(said[4:]),
        under=short,
        foot="验证策略 policy 0f1e2d3c4b5a6978",
        sample=False,
        width=width,
        height=height,
    )

    (code,) = (mark for mark in drawing.marks if isinstance(mark, Code))
    lines = [mark for mark in drawing.marks if isinstance(mark, Words)]
    assert [
        line for line in lines if line.x < 0 or line.x + line.width > width or not 0 < line.y < height
    ] == []
    beside = [line for line in lines if line.y - line.size < code.y + code.side]
    assert [line for line in beside if line.text not in short and line.x < code.x + code.side] == []


def test_words_left_out_are_told_by_an_ellipsis() -> None:
    marks = layout.column("米", (("产地", "吉林"),), ("很长的承诺" * 40,) * 4, width=35, height=20, unit=1)

    assert [mark.text[-1] for mark in (marks[0], marks[-1])] == ["米", "…"]


def test_an_address_too_long_for_the_label_is_refused() -> None:
    with pytest.raises(Unprintable):
        label_png(label_of(url="https://jizihao.cn/lot/" + "a" * 1000))


def test_too_few_dots_for_the_code_are_refused() -> None:
    with pytest.raises(Unprintable):
        label_png(label_of(), 72)


@pytest.mark.parametrize(
    "wrong",
    [
        {"policy_digest16": "0F1E2D3C4B5A6978"},
        {"policy_digest16": ""},
        {"short": short_code(LOT).replace("-", "")},
        {"serial": "1"},
        {"serial": "o" * 20},
    ],
)
def test_a_label_with_a_wrong_code_does_not_exist(wrong: dict[str, Any]) -> None:
    with pytest.raises(Unprintable):
        label_of(**wrong)


def test_a_label_with_a_mistyped_short_code_does_not_exist() -> None:
    with pytest.raises(Mistyped):
        label_of(short="000-000-001")


def test_a_row_without_words_is_left_out() -> None:
    rows = label_of(net=" ", packed_on=None, origin="").rows

    assert [caption for caption, _ in rows] == ["生产者", "批号"]


def test_a_sheet_without_labels_is_refused() -> None:
    with pytest.raises(Unprintable):
        sheet_pdf([], made_at=AT)


def test_a_time_without_its_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        sheet_pdf([label_of()], made_at=AT.replace(tzinfo=None))


@pytest.mark.parametrize(
    "wrong", [{"columns": 4}, {"rows": 9}, {"rows": 0}, {"left": -1.0}, {"label_height": 0.0}]
)
def test_a_sheet_whose_labels_do_not_fit_does_not_exist(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="labels"):
        Sheet(**wrong)  # type: ignore[arg-type]  # whole numbers and lengths


@pytest.mark.parametrize("paper", list(Paper))
def test_a_slip_shows_title_rows_and_promise_and_its_code_is_read(paper: Paper) -> None:
    pdf = certificate_pdf(CERTIFICATE, made_at=AT, paper=paper)

    with opened(pdf) as [(image, words)]:
        flat = "".join(words.split())
        said = [caption + text for caption, text in CERTIFICATE.rows] + list(CERTIFICATE.promise)
        assert [text for text in said if text.replace(" ", "") not in flat] == []
        assert (flat[:7], read(image)) == ("承诺达标合格证", [CERTIFICATE.url])


@pytest.mark.parametrize("paper", list(Paper))
@pytest.mark.parametrize("text", HOSTILE)
def test_a_slip_of_hostile_words_stays_one_page_and_readable(text: str, paper: Paper) -> None:
    slip = replace(CERTIFICATE, rows=((text, text),) * 20, promise=(text,) * 8, title=text)

    with opened(certificate_pdf(slip, made_at=AT, paper=paper)) as [(image, _)]:
        assert read(image) == [slip.url]


@pytest.mark.parametrize(("rows", "promise"), [(21, 0), (0, 9)])
def test_a_slip_with_too_many_lines_does_not_exist(rows: int, promise: int) -> None:
    with pytest.raises(Unprintable):
        replace(CERTIFICATE, rows=(("产地", "吉林"),) * rows, promise=("承诺",) * promise)
