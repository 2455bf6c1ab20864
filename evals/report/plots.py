"""Plots as geometry: where lines, dots and letters lie; ``plots.html`` draws them as inline SVG."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH = 380
SQUARE = 300
LEFT, RIGHT, TOP, BOTTOM = 46, 12, 12, 42
ROW = 24
NAMES = 132
"""Width of the names left of a dot plot."""
_TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)


@dataclass(frozen=True, slots=True)
class Line:
    """A straight line; ``style`` is the page's class for it."""

    x1: float
    y1: float
    x2: float
    y2: float
    style: str


@dataclass(frozen=True, slots=True)
class Dot:
    """A dot whose ``label`` the pointer tells."""

    x: float
    y: float
    style: str
    label: str


@dataclass(frozen=True, slots=True)
class Words:
    """Words at a place; ``anchor`` is SVG's (``start``, ``middle``, ``end``)."""

    x: float
    y: float
    text: str
    anchor: str
    is_upright: bool = False


@dataclass(frozen=True, slots=True)
class Plot:
    """One drawing of ``width`` by ``height``; ``curves`` are SVG point lists with their style."""

    title: str
    caption: str
    width: int
    height: int
    lines: tuple[Line, ...]
    curves: tuple[tuple[str, str], ...]
    dots: tuple[Dot, ...]
    words: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class Point:
    """A share against a share, with an optional interval of the second."""

    x: float
    y: float
    label: str
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One name with a share, its interval, and what it is compared with."""

    name: str
    value: float
    low: float
    high: float
    other: float | None = None


def curve_plot(
    title: str,
    caption: str,
    names: tuple[str, str],
    curves: Sequence[tuple[Sequence[tuple[float, float]], str]],
    points: Sequence[Point],
) -> Plot:
    """Return shares against shares, both axes from 0 to 100 %; ``names`` are those of x and y."""
    right, bottom = WIDTH - RIGHT, SQUARE - BOTTOM

    def x_of(share: float) -> float:
        return round(LEFT + share * (right - LEFT), 1)

    def y_of(share: float) -> float:
        return round(bottom - share * (bottom - TOP), 1)

    lines = [Line(LEFT, y_of(t), right, y_of(t), "grid") for t in _TICKS]
    lines += [
        Line(x_of(p.x), y_of(p.low), x_of(p.x), y_of(p.high), "whisker")
        for p in points
        if p.low is not None and p.high is not None
    ]
    words = [Words(x_of(t), bottom + 16, f"{100 * t:.0f}", "middle") for t in _TICKS]
    words += [Words(LEFT - 6, y_of(t) + 4, f"{100 * t:.0f}", "end") for t in _TICKS]
    words.append(Words((LEFT + right) / 2, SQUARE - 6, names[0], "middle"))
    words.append(Words(12, (TOP + bottom) / 2, names[1], "middle", is_upright=True))
    return Plot(
        title=title,
        caption=caption,
        width=WIDTH,
        height=SQUARE,
        lines=tuple(lines),
        curves=tuple(
            (" ".join(f"{x_of(x)},{y_of(y)}" for x, y in curve), style) for curve, style in curves
        ),
        dots=tuple(Dot(x_of(p.x), y_of(p.y), "dot", p.label) for p in points),
        words=tuple(words),
    )


def dot_plot(title: str, caption: str, rows: Sequence[Row]) -> Plot:
    """Return one row a name: its share with the interval, and a ring for the other share."""
    right, bottom = WIDTH - RIGHT, TOP + ROW * len(rows)

    def x_of(share: float) -> float:
        return round(NAMES + share * (right - NAMES), 1)

    lines = [Line(x_of(t), TOP, x_of(t), bottom, "grid") for t in _TICKS]
    words = [Words(x_of(t), bottom + 16, f"{100 * t:.0f}", "middle") for t in _TICKS]
    dots: list[Dot] = []
    for place, row in enumerate(rows):
        y = TOP + ROW * (place + 0.5)
        lines.append(Line(x_of(row.low), y, x_of(row.high), y, "whisker"))
        words.append(Words(NAMES - 8, y + 4, row.name, "end"))
        if row.other is not None:
            dots.append(Dot(x_of(row.other), y, "ring", f"{row.name}: {100 * row.other:.1f}"))
        dots.append(Dot(x_of(row.value), y, "dot", f"{row.name}: {100 * row.value:.1f}"))
    return Plot(
        title=title,
        caption=caption,
        width=WIDTH,
        height=bottom + 24,
        lines=tuple(lines),
        curves=(),
        dots=tuple(dots),
        words=tuple(words),
    )
