"""Charts on paper and on a small phone: the same shapes, and words that can be read."""

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from flask import Flask
from flask_babel import Babel
from fpdf import FPDF
from playwright.sync_api import Browser
from pypdfium2 import PdfDocument, raw

from qr.pens import pdf_of
from tests.rooms import Rooms, opened_rooms
from web import chart_paper, charts
from web.chart_paper import SCALE, placed
from web.chart_shapes import Chart, Path
from web.charts import Bar, Line

WHEN = datetime(2026, 11, 20, tzinfo=UTC)
NARROW = 360


@pytest.fixture
def chinese() -> Iterator[None]:
    app = Flask(__name__)
    Babel(app, default_locale="zh")
    with app.test_request_context():
        yield


@pytest.fixture(scope="module")
def rooms(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rooms]:
    with opened_rooms(tmp_path_factory.mktemp("report")) as made:
        made.world.whole_chain()
        yield made


def on_paper(chart: Chart, most: float = 250) -> bytes:
    """Draw a chart on a page of its own."""

    def draw(pdf: FPDF) -> None:
        pdf.add_page()
        chart_paper.draw(pdf, placed(18, 20, chart, most))

    return pdf_of(210, 297, "图", WHEN, draw)


def words_of(content: bytes) -> str:
    document = PdfDocument(content)
    try:
        return "\n".join(page.get_textpage().get_text_range() for page in document)
    finally:
        document.close()


def drawn_paths(content: bytes) -> int:
    document = PdfDocument(content)
    try:
        return sum(1 for each in document[0].get_objects() if each.type == raw.FPDF_PAGEOBJ_PATH)
    finally:
        document.close()


def bars(rows: int = 2) -> Chart:
    told = [Bar(f"榆树{number}", (Decimal(12), Decimal(9), None)) for number in range(rows)]
    return charts.bars("产量与发码", told, names=("产量", "发码", "用标"), unit="吨")


def trend() -> Chart:
    points = (("2026Q1", Decimal("97.2")), ("2026Q2", None), ("2026Q3", Decimal(95)))
    return charts.lines("合格率", [Line("例行", points)], unit="%", target=Decimal(97))


@pytest.mark.usefixtures("chinese")
def test_each_bar_and_each_word_comes_on_paper() -> None:
    paper = on_paper(bars())

    # The key has three samples; of three values a row two are bars, and one is no value.
    assert drawn_paths(paper) == 3 + 2 * 2
    assert all(each in words_of(paper) for each in ("榆树0", "12 吨", "9 吨", "无数据", "发码"))


@pytest.mark.usefixtures("chinese")
def test_a_line_comes_on_paper_with_its_axis_its_target_and_a_mark_at_each_value() -> None:
    paper = on_paper(trend())

    assert drawn_paths(paper) == 1 + 2 + 1 + 2
    assert all(each in words_of(paper) for each in ("目标 97%", "2026Q3"))


@pytest.mark.usefixtures("chinese")
def test_a_line_of_one_value_is_a_mark_alone() -> None:
    chart = charts.lines("合格率", [Line("例行", (("2026Q1", Decimal(97)),))], unit="%")

    assert [len(each.points) for each in chart.shapes if isinstance(each, Path)] == [1]
    assert drawn_paths(on_paper(chart)) == 1 + 1 + 1


@pytest.mark.usefixtures("chinese")
def test_the_same_chart_gives_the_same_bytes() -> None:
    assert on_paper(trend()) == on_paper(trend())


@pytest.mark.parametrize(("most", "expected"), [(1000, 1.0), (50, None)])
@pytest.mark.usefixtures("chinese")
def test_a_chart_is_made_to_fit_the_page(most: float, expected: float | None) -> None:
    chart = bars(12)

    found = placed(0, 0, chart, most)

    assert found.scale == pytest.approx(SCALE * expected if expected else most / chart.height)
    assert found.height <= most + 1e-9


def test_the_report_on_paper_has_every_chart_of_the_page(rooms: Rooms) -> None:
    office, asked = rooms.person("sheng"), {"period": "2026", "division": "220000"}

    page = office.get("/regulator/report", **asked)
    told = words_of(office.get("/regulator/report.pdf", **asked).data)

    drawn = page.text.count('<figure class="chart">')
    assert drawn > 0
    assert "例行监测" in told
    assert all(each in told for each in ("抽检", "满意度"))


@pytest.mark.browser
def test_words_of_a_chart_can_be_read_on_a_small_phone(rooms: Rooms, browser: Browser) -> None:
    file = rooms.person("sheng").get("/regulator/report.html", period="2026", division="220000").text
    page = browser.new_page(viewport={"width": NARROW, "height": 740})
    page.set_content(file)

    sizes = page.evaluate(
        """() => Array.from(document.querySelectorAll(".chart svg text"), (one) => {
            const svg = one.ownerSVGElement.getBoundingClientRect(), box = one.getBoundingClientRect();
            const scale = svg.width / one.ownerSVGElement.viewBox.baseVal.width;
            return [parseFloat(getComputedStyle(one).fontSize) * scale, box.left >= svg.left - 1,
                    box.right <= svg.right + 1];
        })"""
    )
    wide = page.evaluate("document.documentElement.scrollWidth")
    page.close()

    assert sizes
    assert min(size for size, _, _ in sizes) >= 12
    assert all(left and right for _, left, right in sizes)
    assert wide <= NARROW
