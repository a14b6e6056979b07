"""Charts that the server lays out: no script, readable in black and white, and told in words as well.

    bars     one row for each thing: its label, below it a bar for each of its values, the figure beside each
    lines    values over time, a mark at each point, and a dashed line for a target

A screen reader is told the title and every figure; the same figures stand in a table for who wants it:

    {{ charts.bars(title, [Bar("榆树", (Decimal(12), Decimal(9)))], names=("产量", "发码"), unit="吨") }}
    {{ charts.lines(title, [Line("合格率", (("2026Q1", Decimal("97.2")), …))], unit="%", target=least) }}

A value that is None is no value: nothing is drawn, and the page says that there is no data.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from web.chart_shapes import LETTERS, WIDTH, Box, Chart, Dot, Path, Shape, Stroke, Word
from web.language import gettext

_FIGURE = 104
"""What is left free beside the longest bar, for its figure."""
_BAR, _GAP = 16, 10
_LINE = 20
_HEIGHT, _MARGIN, _FOOT = 220, 56, 28
_MOST_LABELS = 4

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


def bars(title: str, rows: Sequence[Bar], *, names: Sequence[str], unit: str = "") -> Chart:
    """Return a chart with a group of bars for each of *rows*; *names* are those of the series."""
    most = max((value for row in rows for value in row.values if value is not None), default=Decimal(0))
    scale = (WIDTH - _FIGURE) / _top(most)
    shapes, y = _key(names)
    for row in rows:
        shapes.append(Word(0, y + LETTERS, f"▲ {row.label}" if row.alarm else row.label))
        y += _LINE
        for place in range(len(row.values)):
            shapes += _bar(row, place, y, scale, unit)
            y += _BAR
        y += _GAP
    told = tuple((row.label, tuple(figure(value, unit) for value in row.values)) for row in rows)
    return Chart(title, y, tuple(shapes), ("", *names), told)


def _bar(row: Bar, place: int, y: float, scale: Decimal, unit: str) -> Iterator[Shape]:
    value = row.values[place]
    long = Decimal(0) if value is None else max(value, Decimal(0)) * scale
    yield Box(0, y + 1, float(long), _BAR - 3, place, row.alarm)
    yield Word(float(long) + 6, y + _BAR - 4, figure(value, unit))


def lines(title: str, told: Sequence[Line], *, unit: str = "", target: Number = None) -> Chart:
    """Return a chart of *told* over the labels of the first line; *target* is drawn across it."""
    labels = [label for label, _ in told[0].points] if told else []
    values = [value for line in told for _, value in line.points if value is not None]
    low, high = _span([*values, *(() if target is None else (target,))])
    shapes, top = _key([line.name for line in told])
    step = Decimal(WIDTH - 2 * _MARGIN) / max(len(labels) - 1, 1)

    def at(place: int, value: Decimal) -> tuple[float, float]:
        rise = (value - low) / (high - low) * (_HEIGHT - _FOOT - LETTERS)
        return float(_MARGIN + step * place), top + _HEIGHT - _FOOT - float(rise)

    shapes += _axis(labels, float(step), top + _HEIGHT - _FOOT)
    shapes += (
        Word(_MARGIN - 6, at(0, each)[1] + LETTERS / 3, figure(each, unit), "end") for each in (low, high)
    )
    if target is not None:
        shapes += _target(at(0, target)[1], target, unit)
    for place, line in enumerate(told):
        points = [at(number, value) for number, (_, value) in enumerate(line.points) if value is not None]
        shapes += [Path(tuple(points), place), *(Dot(x, y, place) for x, y in points)]
    rows = (
        (label, tuple(figure(line.points[number][1], unit) for line in told))
        for number, label in enumerate(labels)
    )
    return Chart(title, top + _HEIGHT, tuple(shapes), ("", *(line.name for line in told)), tuple(rows))


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


def _axis(labels: Sequence[str], step: float, y: float) -> Iterator[Shape]:
    yield Stroke(_MARGIN, y, WIDTH - 2 * _MARGIN, "axis")
    # No more labels than can be read side by side.
    every = -(-len(labels) // _MOST_LABELS) or 1
    for place in range(0, len(labels), every):
        yield Word(_MARGIN + step * place, y + LETTERS + 6, labels[place], "middle")


def _target(y: float, value: Decimal, unit: str) -> Iterator[Shape]:
    yield Stroke(_MARGIN, y, WIDTH - 2 * _MARGIN, "target")
    yield Word(WIDTH - _MARGIN, y - 6, gettext("目标 %(value)s", value=figure(value, unit)), "end")


def _key(names: Sequence[str]) -> tuple[list[Shape], float]:
    """Return the names of the series, as many side by side as fit, and where the chart begins below them."""
    shapes: list[Shape] = []
    x, y = 0, 0
    for place, name in enumerate(names):
        # A Chinese letter is as wide as it is high, a Latin one about half of that.
        wide = 20 + sum(LETTERS if ord(letter) > 0x2E7F else 8 for letter in name)
        if x and x + wide > WIDTH:
            x, y = 0, y + _LINE
        shapes += [Box(x, y + 3, 12, 12, place), Word(x + 18, y + LETTERS, name)]
        x += wide + 12
    return shapes, float(y + _LINE + _GAP)
