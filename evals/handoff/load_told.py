"""Load told: in the terminal, as JSON, and on a page with plots."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from itertools import takewhile
from pathlib import Path

from rich.table import Table as Shown

from evals.handoff.load import PATIENCE_SECONDS, PAUSE_SECONDS, Level, Spread
from evals.handoff.pages import scatter, table, write_page
from evals.report.plots import Plot
from evals.report.tables import Table


def told_load(levels: Sequence[Level]) -> Iterator[Shown]:
    """Yield the table for the terminal."""
    told = _table(levels)
    shown = Shown(title=f"\n{told.caption}", title_justify="left")
    for name in told.head:
        shown.add_column(name, justify="right" if shown.columns else "left")
    for row in told.rows:
        shown.add_row(*(cell.text for cell in row))
    yield shown


def bound(levels: Sequence[Level]) -> str:
    """Return the line that a run ends with: how many it bears, and what gives first."""
    borne = list(takewhile(lambda level: not level.gave, levels))
    broken = next((level for level in levels if level.gave), None)
    most = f"{borne[-1].citizens} citizens are borne" if borne else "no level is borne"
    if broken is None:
        return f"{most}; nothing gave up to there"
    return f"{most}; at {broken.citizens} gives: {', '.join(broken.gave)}"


def write_load(levels: Sequence[Level], folder: Path) -> None:
    """Write ``load.json`` and ``load.html``."""
    folder.mkdir(parents=True, exist_ok=True)
    told = [
        {**asdict(one), "session_kib": one.session_kib, "talk_kib": one.talk_kib, "gave": one.gave}
        for one in levels
    ]
    path = folder / "load.json"
    path.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    title = "Citizens and agents at work together"
    write_page(folder / "load.html", title, bound(levels), [_table(levels)], list(_plots(levels)))


def _table(levels: Sequence[Level]) -> Table:
    desk = (_ms(one.to_desk) for one in levels)
    page = (_ms(one.to_page) for one in levels)
    rows: list[tuple[str, ...]] = [
        ("agents", *(f"{one.agents}" for one in levels)),
        ("server processes", *(f"{one.processes}" for one in levels)),
        ("messages, both ways", *(f"{one.messages}" for one in levels)),
        ("… a second while talking", *(f"{one.per_second:.1f}" for one in levels)),
        ("… never delivered", *(f"{one.undelivered}" for one in levels)),
        ("citizen to desk, ms, p50 / p95", *desk),
        ("desk to citizen, ms, p50 / p95", *page),
        ("bot's answer, ms, p50 / p95", *(_ms(one.answer) for one in levels)),
        ("processor while talking, cores", *(f"{one.processor:.2f}" for one in levels)),
        ("memory before anybody came, MiB", *(f"{one.memory_mib[0]:.0f}" for one in levels)),
        ("… with all pages open", *(f"{one.memory_mib[1]:.0f}" for one in levels)),
        ("… after the talks", *(f"{one.memory_mib[2]:.0f}" for one in levels)),
        ("one open page, KiB", *(f"{one.session_kib:.0f}" for one in levels)),
        ("one citizen, with question and talk, KiB", *(f"{one.talk_kib:.0f}" for one in levels)),
        ("gives", *(", ".join(one.gave) or "–" for one in levels)),
    ]  # fmt: skip
    return table(
        "Each side of every conversation writes a message in "
        f"{PAUSE_SECONDS:.0f} s on average; every conversation is open in a tab at the desk. "
        "Clients and servers share this machine.",
        ("citizens at once", *(f"{one.citizens}" for one in levels)),
        rows,
    )


def _ms(taken: Spread) -> str:
    return f"{1000 * taken.p50:.0f} / {1000 * taken.p95:.0f}"


def _plots(levels: Sequence[Level]) -> Iterator[Plot]:
    most = max(one.citizens for one in levels)
    desk = [(float(one.citizens), 1000 * one.to_desk.p95) for one in levels]
    page = [(float(one.citizens), 1000 * one.to_page.p95) for one in levels]
    patience = 1000 * PATIENCE_SECONDS
    yield scatter(
        "How long a message takes",
        "95 of 100 messages arrive within so many milliseconds; the dashed line is one second.",
        ("citizens at once", "ms, p95"),
        [(x, y, f"to the desk: {y:.0f} ms") for x, y in desk]
        + [(x, y, f"to the page: {y:.0f} ms") for x, y in page],
        curves=[
            (desk, "curve"),
            (page, "curve"),
            ([(0.0, patience), (float(most), patience)], "ideal"),
        ],
    )
    memory = [(float(one.citizens), one.memory_mib[2]) for one in levels]
    yield scatter(
        "Memory",
        "MiB of all server processes after the talks.",
        ("citizens at once", "MiB"),
        [(x, y, f"{y:.0f} MiB") for x, y in memory],
        curves=[(memory, "curve")],
    )
