"""A simulated week told: in the terminal, as JSON, and on a page with plots."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from rich.table import Table as Shown

from evals.handoff.pages import scatter, table, write_page
from evals.handoff.week import Judged, Week
from evals.report.plots import Plot
from evals.report.tables import Table

_DRAWN = 45.0
"""Minutes at the ends of the axes."""


def told_week(week: Week) -> Iterator[Shown]:
    """Yield the tables for the terminal."""
    for told in _tables(week):
        shown = Shown(title=f"\n{told.caption}", title_justify="left")
        for name in told.head:
            shown.add_column(name, justify="right" if shown.columns else "left")
        for row in told.rows:
            shown.add_row(*(cell.text for cell in row))
        yield shown


def write_week(week: Week, folder: Path) -> None:
    """Write ``week.json`` and ``week.html``."""
    folder.mkdir(parents=True, exist_ok=True)
    told = {**asdict(week), "waits": len(week.waits), "left_over": week.left_over}
    path = folder / "week.json"
    path.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    line = f"{sum(week.ends.values())} unsure outcomes, {week.left_over} left over"
    write_page(folder / "week.html", "A simulated office week", line, _tables(week), _plots(week))


def _tables(week: Week) -> list[Table]:
    total = sum(week.ends.values())
    ended = [(name, f"{count}", f"{count / total:.1%}") for name, count in week.ends.items()]
    weeks = f"{len(week.seeds)} weeks" if len(week.seeds) > 1 else "one week"
    return [
        table(
            f"What every unsure outcome came to, in {weeks}. {week.full} citizens were told that "
            "too many wait.",
            ("", "outcomes", "share"),
            ended,
        ),
        table(
            "The wait told when the citizen chose to wait, and the wait that came, in minutes. "
            f"{week.left_queue} left the queue before a person came, and are not among these.",
            (
                "", "waits", "told", "came", "told − came", "off, mean", "off, median",
                "came as said or sooner", "at most 5 min off",
            ),
            [_row(one) for one in week.judged],
        ),
    ]  # fmt: skip


def _row(one: Judged) -> tuple[str, ...]:
    minutes = (one.told, one.true, one.bias, one.absolute, one.middle)
    return (
        one.name,
        f"{one.waits}",
        *(f"{value:+.1f}" if value is one.bias else f"{value:.1f}" for value in minutes),
        f"{one.no_later:.0%}",
        f"{one.near:.0%}",
    )


def _plots(week: Week) -> list[Plot]:
    pairs = [(one.estimated / 60, (one.true or 0.0) / 60, one) for one in week.waits]
    dots = [
        (told, true, f"{one.at:%A %H:%M} UTC, {one.desk}: told {told:.0f}, came {true:.0f} min")
        for told, true, one in pairs
    ]
    ideal = [((0.0, 0.0), (_DRAWN, _DRAWN))]
    hours = [
        ((one.at.hour + one.at.minute / 60 + 1) % 24, told - true, f"{one.at:%A %H:%M}")
        for told, true, one in pairs
    ]
    late = [(hour, -off, when) for hour, off, when in hours if off < 0]
    return [
        scatter(
            "Told and come",
            "Each dot is a citizen whom a person reached; on the dashed line the wait came as it "
            "was told, above it later.",
            ("minutes told", "minutes that came"),
            dots,
            curves=[(curve, "ideal") for curve in ideal],
            whole=(_DRAWN, _DRAWN),
        ),
        scatter(
            "Later than told, by the hour",
            "By how many minutes a person came later than told.",
            ("hour in Paris", "minutes later"),
            late,
            whole=(24.0, _DRAWN),
        ),
    ]
