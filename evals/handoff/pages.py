"""The runs' pages: one HTML each, with plots, that asks for nothing outside itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from math import ceil
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from evals.report.plots import BOTTOM, LEFT, RIGHT, SQUARE, TOP, WIDTH, Dot, Line, Plot, Words
from evals.report.tables import Cell, Table


def scatter(
    title: str,
    caption: str,
    names: tuple[str, str],
    dots: Sequence[tuple[float, float, str]],
    *,
    curves: Sequence[tuple[Sequence[tuple[float, float]], str]] = (),
    whole: tuple[float, float] | None = None,
) -> Plot:
    """Return dots and curves over axes from 0 to round numbers; ``names`` are those of x and y.

    A dot is x, y and what the pointer tells; ``whole`` gives the ends of the axes.
    """
    points = [(x, y) for x, y, _ in dots] + [point for curve, _ in curves for point in curve]
    ends = whole or (_round_up(max(x for x, _ in points)), _round_up(max(y for _, y in points)))
    right, bottom = WIDTH - RIGHT, SQUARE - BOTTOM

    def x_of(value: float) -> float:
        return round(LEFT + min(1.0, value / ends[0]) * (right - LEFT), 1)

    def y_of(value: float) -> float:
        return round(bottom - min(1.0, value / ends[1]) * (bottom - TOP), 1)

    lines = [Line(LEFT, y_of(t * ends[1]), right, y_of(t * ends[1]), "grid") for t in _TICKS]
    words = [Words(x_of(t * ends[0]), bottom + 16, f"{t * ends[0]:g}", "middle") for t in _TICKS]
    words += [Words(LEFT - 6, y_of(t * ends[1]) + 4, f"{t * ends[1]:g}", "end") for t in _TICKS]
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
        dots=tuple(Dot(x_of(x), y_of(y), "dot", label) for x, y, label in dots),
        words=tuple(words),
    )


def table(caption: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> Table:
    """Return a table of plain texts."""
    return Table(caption, tuple(head), tuple(tuple(Cell(text) for text in row) for row in rows))


def write_page(
    path: Path, title: str, line: str, tables: Sequence[Table], plots: Sequence[Plot]
) -> None:
    """Write a page of tables and plots under its title and main line."""
    environment = Environment(
        loader=PackageLoader("evals.report", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    text = environment.get_template("figures.html").render(
        title=title, line=line, tables=tables, plots=plots, made_at=datetime.now(UTC)
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


_TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)


def _round_up(value: float) -> float:
    for step in (1, 2, 4, 8, 12, 20, 40, 60, 80, 100, 200, 400, 800, 1000, 2000, 4000, 8000):
        if value <= step:
            return float(step)
    return float(ceil(value / 1000) * 1000)
