"""Bar charts as plain numbers for an SVG template: no script, no style attribute, no library."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from civic_assistant.handoff.events import EventKind

WIDTH = 720
_LEFT, _TOP, _ROW, _BAR = 190, 8, 46, 12
_COLUMNS_HEIGHT, _AXIS = 190, 28


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
    groups: Sequence[tuple[str, Mapping[EventKind, int]]],
    series: Mapping[EventKind, str],
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


_Drawn = tuple[float, tuple[Bar, ...], tuple[Label, ...]]
_Table = tuple[tuple[str, tuple[int, ...]], ...]


def _rows(table: _Table, most: int) -> _Drawn:
    drawn, labels = [], []
    scale = (WIDTH - _LEFT - 50) / max(most, 1)
    for number, (label, values) in enumerate(table):
        top = _TOP + number * _ROW
        labels.append(Label(_LEFT - 10, top + _ROW / 2, label, "end"))
        for series, value in enumerate(values):
            y = top + series * (_BAR + 1)
            drawn.append(Bar(_LEFT, y, value * scale, _BAR, series, value))
            labels.append(Label(_LEFT + value * scale + 5, y + _BAR - 2, str(value), "start"))
    return _TOP * 2 + len(table) * _ROW, tuple(drawn), tuple(labels)


def _columns(table: _Table, most: int) -> _Drawn:
    drawn, labels = [], []
    room = (WIDTH - 40) / max(len(table), 1)
    scale = _COLUMNS_HEIGHT / max(most, 1)
    step = max(1, -(-len(table) // 9))
    bottom = _TOP + 14 + _COLUMNS_HEIGHT
    labels.append(Label(4, _TOP + 10, str(most), "start"))
    for number, (label, values) in enumerate(table):
        left = 36 + number * room
        bar = room * 0.8 / max(len(values), 1)
        for series, value in enumerate(values):
            height = value * scale
            drawn.append(Bar(left + series * bar, bottom - height, bar, height, series, value))
        if number % step == 0:
            labels.append(Label(left, bottom + 18, label, "start"))
    return bottom + _AXIS, tuple(drawn), tuple(labels)
