"""Bar charts as plain numbers for an SVG template: no script, no style attribute, no library."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

WIDTH = 720
SPARK_WIDTH, SPARK_HEIGHT = 120, 28
_LEFT, _TOP, _BAR, _BETWEEN = 190, 8, 12, 7
_COLUMNS_HEIGHT, _AXIS = 190, 28
_LONGEST = 26
_WIDEST = 84
"""The widest that the columns of one group are together: a few groups are no blocks of colour."""


_Kind = TypeVar("_Kind", bound=str)


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar in the plot's own units; ``series`` counts from 0 and picks the pattern."""

    x: float
    y: float
    width: float
    height: float
    series: int
    value: int


@dataclass(frozen=True, slots=True)
class Label:
    """A text at a place; ``anchor`` as in SVG."""

    x: float
    y: float
    text: str
    anchor: str = "middle"


@dataclass(frozen=True, slots=True)
class Plot:
    """A chart of one grouping, with the same as a table: (group, values)."""

    name: str
    height: float
    bars: tuple[Bar, ...]
    labels: tuple[Label, ...]
    series: tuple[str, ...]
    table: tuple[tuple[str, tuple[int, ...]], ...]
    most: int


def bars(
    name: str,
    groups: Sequence[tuple[str, Mapping[_Kind, int]]],
    series: Mapping[_Kind, str],
    *,
    is_time: bool,
) -> Plot:
    """Return columns from left to right for times, rows from top to bottom for names.

    ``groups`` pair a label with its counts; ``series`` maps the kinds drawn to their labels.
    """
    table = tuple(
        (label, tuple(counts.get(kind, 0) for kind in series)) for label, counts in groups
    )
    most = max((value for _, values in table for value in values), default=0)
    drawn = _columns(table, most) if is_time else _rows(table, most)
    return Plot(name, *drawn, tuple(series.values()), table, most)


def spark(values: Sequence[int]) -> tuple[Bar, ...]:
    """Return small columns of one height for a row of a table; a value of 0 keeps a thin line."""
    most, room = max(values, default=0) or 1, SPARK_WIDTH / max(len(values), 1)
    width = min(room * 0.8, _BAR)
    heights = [max(1.0, value / most * SPARK_HEIGHT) for value in values]
    return tuple(
        Bar(number * room, SPARK_HEIGHT - height, width, height, 0, value)
        for number, (value, height) in enumerate(zip(values, heights, strict=True))
    )


_Drawn = tuple[float, tuple[Bar, ...], tuple[Label, ...]]
_Table = tuple[tuple[str, tuple[int, ...]], ...]


def _rows(table: _Table, most: int) -> _Drawn:
    drawn, labels = [], []
    scale = (WIDTH - _LEFT - 50) / max(most, 1)
    height = max((len(values) for _, values in table), default=1) * (_BAR + 1)
    for number, (label, values) in enumerate(table):
        top = _TOP + number * (height + _BETWEEN)
        labels.append(Label(_LEFT - 10, top + height / 2 + 4, _short(label), "end"))
        for series, value in enumerate(values):
            y = top + series * (_BAR + 1)
            drawn.append(Bar(_LEFT, y, value * scale, _BAR, series, value))
            labels.append(Label(_LEFT + value * scale + 5, y + _BAR - 2, str(value), "start"))
    return _TOP * 2 + len(table) * (height + _BETWEEN), tuple(drawn), tuple(labels)


def _short(label: str) -> str:
    """Return a label that fits beside its row; the table below has all of it."""
    return label if len(label) <= _LONGEST else f"{label[: _LONGEST - 1].rstrip()}…"


def _columns(table: _Table, most: int) -> _Drawn:
    drawn, labels = [], []
    room = (WIDTH - 40) / max(len(table), 1)
    scale = _COLUMNS_HEIGHT / max(most, 1)
    step = max(1, -(-len(table) // 9))
    bottom = _TOP + 14 + _COLUMNS_HEIGHT
    labels.append(Label(4, _TOP + 10, str(most), "start"))
    width = min(room * 0.8, _WIDEST)
    for number, (label, values) in enumerate(table):
        middle = 36 + (number + 0.5) * room
        bar = width / max(len(values), 1)
        for series, value in enumerate(values):
            x, height = middle - width / 2 + series * bar, value * scale
            drawn.append(Bar(x, bottom - height, bar, height, series, value))
        if number % step == 0:
            labels.append(Label(middle, bottom + 18, label))
    return bottom + _AXIS, tuple(drawn), tuple(labels)
