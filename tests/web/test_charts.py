"""Charts drawn by the server."""

from decimal import Decimal
from xml.etree import ElementTree

import pytest
from flask import Flask
from flask_babel import Babel

from web import charts
from web.chart_shapes import Chart
from web.charts import Bar, Line


@pytest.fixture(autouse=True)
def chinese() -> object:
    """Answer in Chinese."""
    app = Flask(__name__)
    Babel(app, default_locale="zh")
    with app.test_request_context():
        yield


def drawn(chart: Chart) -> ElementTree.Element:
    """Return the figure, which must be well-formed."""
    return ElementTree.fromstring(chart.__html__())  # noqa: S314 -- drawn here


def test_a_bar_is_as_long_as_its_value() -> None:
    figure = drawn(
        charts.bars("标题", [Bar("榆树", (Decimal(10), Decimal(5)))], names=("甲", "乙"), unit="吨")
    )

    widths = [float(each.get("width", "")) for each in figure.iter("rect") if each.get("height") == "13"]
    assert widths[0] == 2 * widths[1]
    assert [each.text for each in figure.iter("td")] == ["10 吨", "5 吨"]


def test_no_value_is_no_bar_and_says_so() -> None:
    figure = drawn(charts.bars("标题", [Bar("榆树", (None,))], names=("甲",)))

    assert [each.get("width") for each in figure.iter("rect") if each.get("height") == "13"] == ["0"]
    assert [each.text for each in figure.iter("td")] == ["无数据"]


def test_what_stands_out_is_told_by_its_class() -> None:
    figure = drawn(charts.bars("标题", [Bar("榆树", (Decimal(1),), alarm=True)], names=("甲",)))

    assert ["chart-alarm" in each.get("class", "") for each in figure.iter("rect")] == [False, True]


def test_a_line_has_a_mark_at_each_value_and_none_where_there_is_no_data() -> None:
    points = (("一季度", Decimal("97.2")), ("二季度", None), ("三季度", Decimal("96.5")))

    figure = drawn(charts.lines("标题", [Line("合格率", points)], unit="%", target=Decimal(97)))

    assert len(list(figure.iter("circle"))) == 2
    assert [each.text for each in figure.iter("td")] == ["97.2%", "无数据", "96.5%"]


def test_a_chart_of_nothing_is_still_a_chart() -> None:
    assert drawn(charts.lines("标题", [])).tag == drawn(charts.bars("标题", [], names=())).tag == "figure"


def test_what_people_wrote_is_escaped() -> None:
    chart = charts.bars("<b>", [Bar('"><script>', (Decimal(1),))], names=("<i>",))

    assert "<script>" not in chart.__html__()
    assert drawn(chart).find("figcaption") is not None


@pytest.mark.parametrize(
    ("value", "text"),
    [(Decimal(1234567), "1,234,567"), (Decimal("0.005"), "0"), (Decimal("3.50"), "3.5"), (Decimal(0), "0")],
)
def test_figures_are_short(value: Decimal, text: str) -> None:
    assert charts.figure(value) == text
