"""Charts as SVG that the server draws: no script, readable in black and white, and told in words as well.

    bars     one row for each thing: a bar for each of its values, and the figure beside it
    lines    values over time, a mark at each point, and a dashed line for a target

A screen reader is told the title and every figure; the same figures stand in a table for who wants it:

    {{ charts.bars(title, [Bar("榆树", (Decimal(12), Decimal(9)))], names=("产量", "发码"), unit="吨") }}
    {{ charts.lines(title, [Line("合格率", (("2026Q1", Decimal("97.2")), …))], unit="%", target=least) }}

A value that is None is no value: nothing is drawn, and the page says that there is no data.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from markupsafe import Markup, escape

from web.language import gettext

WIDTH = 640
_LABEL = 170
_FIGURE = 120
_BAR = 16
_GAP = 10
_HEIGHT = 240
_MARGIN = 44
# Told apart without colour, too: full, hatched, dotted.
_FILLS = ("chart-a", "chart-b", "chart-c")

Number = Decimal | None


@dataclass(frozen=True, slots=True)
class Bar:
    """One row of a bar chart: its label, a value for each series, and whether it stands out."""

    label: str
    values: tuple[Number, ...]
    alarm: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its name, and its points in their order as (label, value)."""

    name: str
    points: tuple[tuple[str, Number], ...]


def bars(title: str, rows: Sequence[Bar], *, names: Sequence[str], unit: str = "") -> Markup:
    """Return a chart with a group of bars for each of *rows*; *names* are those of the series."""
    most = max((value for row in rows for value in row.values if value is not None), default=Decimal(0))
    scale = (WIDTH - _LABEL - _FIGURE) / _top(most)
    parts: list[Markup] = []
    y = 28
    for row in rows:
        label = f"▲ {row.label}" if row.alarm else row.label
        parts.append(_text(_LABEL - 8, y + _BAR * len(row.values) / 2 + 4, label, "end"))
        for place in range(len(row.values)):
            parts.append(_bar(row, place, y, scale, unit))
            y += _BAR
        y += _GAP
    told = [(row.label, [figure(value, unit) for value in row.values]) for row in rows]
    return _framed(title, Markup().join((_key(names), *parts)), y, _table(("", *names), told))


def _bar(row: Bar, place: int, y: float, scale: Decimal, unit: str) -> Markup:
    value = row.values[place]
    long = Decimal(0) if value is None else max(value, Decimal(0)) * scale
    style = f"{_FILLS[place % len(_FILLS)]}{' chart-alarm' if row.alarm else ''}"
    rect = Markup('<rect class="{}" x="{}" y="{}" width="{}" height="{}"/>').format(
        style, _LABEL, y + 1, _spelt(long), _BAR - 3
    )
    return rect + _text(float(_LABEL + long) + 6, y + _BAR - 5, figure(value, unit), "start")


def lines(title: str, told: Sequence[Line], *, unit: str = "", target: Number = None) -> Markup:
    """Return a chart of *told* over the labels of the first line; *target* is drawn across it."""
    labels = [label for label, _ in told[0].points] if told else []
    values = [value for line in told for _, value in line.points if value is not None]
    values += [] if target is None else [target]
    low, high = _span(values)
    step = Decimal(WIDTH - 2 * _MARGIN) / max(len(labels) - 1, 1)

    def at(place: int, value: Decimal) -> tuple[Decimal, Decimal]:
        rise = (value - low) / (high - low) * (_HEIGHT - 2 * _MARGIN)
        return _MARGIN + step * place, Decimal(_HEIGHT - _MARGIN) - rise

    parts = [_axis(labels, step), _scale(low, at(0, low)[1], unit), _scale(high, at(0, high)[1], unit)]
    if target is not None:
        parts.append(_target(at(0, target)[1], target, unit))
    for place, line in enumerate(told):
        points = [at(number, value) for number, (_, value) in enumerate(line.points) if value is not None]
        parts.append(_polyline(points, place))
    rows = [
        (label, [figure(line.points[number][1], unit) for line in told])
        for number, label in enumerate(labels)
    ]
    table = _table(("", *(line.name for line in told)), rows)
    return _framed(title, Markup().join((_key([line.name for line in told]), *parts)), _HEIGHT, table)


def figure(value: Number, unit: str = "") -> str:
    """Return *value* as the charts write it: thousands apart, no more than two decimals."""
    if value is None:
        return gettext("无数据")
    rounded = (
        value.quantize(Decimal("0.01")) if value != value.to_integral_value() else value.quantize(Decimal(1))
    )
    spelt = f"{rounded:,f}"
    spelt = spelt.rstrip("0").rstrip(".") if "." in spelt else spelt
    return f"{spelt}{'' if unit == '%' else ' ' if unit else ''}{unit}"


def _top(most: Decimal) -> Decimal:
    """Return the least round number that is not below *most*: 1, 2 or 5 times a power of ten."""
    if most <= 0:
        return Decimal(1)
    power = Decimal(10) ** most.adjusted()
    return next(step * power for step in (1, 2, 5, 10) if step * power >= most)


def _span(values: Sequence[Decimal]) -> tuple[Decimal, Decimal]:
    if not values:
        return Decimal(0), Decimal(1)
    low, high = min(values), max(values)
    room = (high - low) / 10 or Decimal(1)
    floor = (low - room).to_integral_value(rounding="ROUND_FLOOR")
    return floor, (high + room).to_integral_value(rounding=ROUND_CEILING)


def _polyline(points: Sequence[tuple[Decimal, Decimal]], place: int) -> Markup:
    path = " ".join(f"{_spelt(x)},{_spelt(y)}" for x, y in points)
    style = _FILLS[place % len(_FILLS)]
    line = Markup('<polyline class="chart-line {}" points="{}"/>').format(style, path)
    dots = (
        Markup('<circle class="{}" cx="{}" cy="{}" r="4"/>').format(style, _spelt(x), _spelt(y))
        for x, y in points
    )
    return line + Markup().join(dots)


def _axis(labels: Sequence[str], step: Decimal) -> Markup:
    base = _HEIGHT - _MARGIN
    line = Markup('<line class="chart-axis" x1="{}" y1="{}" x2="{}" y2="{}"/>').format(
        _MARGIN, base, WIDTH - _MARGIN, base
    )
    # No more labels than can be read side by side.
    every = -(-len(labels) // 8) or 1
    texts = (
        _text(float(_MARGIN + step * place), base + 18, label, "middle")
        for place, label in enumerate(labels)
        if place % every == 0
    )
    return line + Markup().join(texts)


def _scale(value: Decimal, y: Decimal, unit: str) -> Markup:
    return _text(_MARGIN - 6, float(y) + 4, figure(value, unit), "end")


def _target(y: Decimal, value: Decimal, unit: str) -> Markup:
    line = Markup('<line class="chart-target" x1="{}" y1="{}" x2="{}" y2="{}"/>').format(
        _MARGIN, _spelt(y), WIDTH - _MARGIN, _spelt(y)
    )
    told = gettext("目标 %(value)s", value=figure(value, unit))
    return line + _text(WIDTH - _MARGIN, float(y) - 6, told, "end")


def _text(x: float, y: float, text: str, anchor: str) -> Markup:
    place = (_spelt(Decimal(str(x))), _spelt(Decimal(str(y))))
    return Markup('<text x="{}" y="{}" text-anchor="{}">{}</text>').format(*place, anchor, text)


def _key(names: Sequence[str]) -> Markup:
    parts = []
    x = _LABEL
    for place, name in enumerate(names):
        box = Markup('<rect class="{}" x="{}" y="6" width="12" height="12"/>').format(_FILLS[place % 3], x)
        parts.append(box + _text(x + 18, 16, name, "start"))
        # A Chinese letter is as wide as it is high, a Latin one half of that.
        x += 40 + sum(14 if ord(letter) > 0x2E7F else 8 for letter in name)
    return Markup().join(parts)


def _table(head: Sequence[str], rows: Sequence[tuple[str, Sequence[str]]]) -> Markup:
    cells = Markup().join(Markup('<th scope="col">{}</th>').format(name) for name in head)
    body = Markup().join(
        Markup('<tr><th scope="row">{}</th>{}</tr>').format(
            label, Markup().join(Markup("<td>{}</td>").format(value) for value in values)
        )
        for label, values in rows
    )
    return Markup("<table><thead><tr>{}</tr></thead><tbody>{}</tbody></table>").format(cells, body)


def _framed(title: str, drawn: Markup, height: float, table: Markup) -> Markup:
    svg = Markup(
        '<svg role="img" aria-label="{}" viewBox="0 0 {} {}" width="{}" height="{}">{}</svg>'
    ).format(title, WIDTH, _spelt(Decimal(height)), WIDTH, _spelt(Decimal(height)), drawn)
    more = Markup('<details class="fine"><summary>{}</summary>{}</details>').format(gettext("看数字"), table)
    return Markup('<figure class="chart"><figcaption>{}</figcaption>{}{}</figure>').format(
        escape(title), svg, more
    )


def _spelt(number: Decimal) -> str:
    """Return a coordinate to a tenth of a pixel."""
    return f"{number:.1f}".removesuffix(".0")
