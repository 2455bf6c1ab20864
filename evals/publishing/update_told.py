"""An update as a table, its aims, and one line."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path

from rich.table import Table

from evals.bench.comparison import Aim
from evals.publishing.kept_steps import Step, StepName
from evals.publishing.update import Update

UNCHANGED_SHARE = 0.01
"""Of a full rebuild's seconds, those that a run may take which finds nothing new."""
LIVE_SECONDS = 10.0
BACK_SECONDS = 5.0

_LIMITS: tuple[tuple[StepName, float], ...] = (
    ("guide", LIVE_SECONDS),
    ("back", BACK_SECONDS),
    ("sheet", LIVE_SECONDS),
)

_LABELS: dict[StepName, str] = {
    "town": "the town's guides, empty index",
    "build": "full build of the first version",
    "update": "update to the second",
    "again": "the same again, nothing new",
    "rebuild": "full rebuild of the second",
    "guide": "one guide of the town changed",
    "back": "rollback",
    "sheet": "one national sheet changed",
}
_ROWS: tuple[tuple[str, Callable[[Step], str]], ...] = (
    ("seconds, the program's start included", lambda s: f"{s.run.seconds:,.1f}"),
    ("… without its start", lambda s: f"{s.run.seconds - s.run.start_seconds:,.1f}"),
    ("processor seconds", lambda s: f"{s.run.processor_s:,.1f}"),
    ("peak memory, MiB", lambda s: f"{s.run.peak_mib:,.0f}"),
    ("passages embedded", lambda s: f"{s.embedded:,}"),
    ("… of the edition's", lambda s: f"{s.passages:,}"),
    ("sections changed", lambda s: f"{s.changes.sections_changed:,}"),
    ("… added", lambda s: f"{s.changes.sections_added:,}"),
    ("… withdrawn", lambda s: f"{s.changes.sections_withdrawn:,}"),
    ("guides added", lambda s: f"{s.changes.added:,}"),
    ("… changed", lambda s: f"{s.changes.changed:,}"),
    ("… of them in their text", lambda s: f"{s.changes.reworded:,}"),
    ("… withdrawn", lambda s: f"{s.changes.withdrawn:,}"),
    ("… unchanged", lambda s: f"{s.changes.unchanged:,}"),
    ("documents refused", lambda s: f"{s.run.refused:,}"),
    ("… kept as published", lambda s: f"{s.run.kept:,}"),
    ("answered from it after, seconds", lambda s: "" if s.live_s is None else f"{s.live_s:.1f}"),
)


def told_update(update: Update) -> Iterator[str | Table]:
    """Yield what was measured: a line that says how, the table, and what is not as it must be."""
    share = "" if update.share >= 1 else f", {update.share:.1%} of their sheets"
    feed = update.feed
    yield (
        f"\nTwo versions of the national guides ({', '.join(update.audiences)}{share}), embedding "
        f"{update.embedding}, on {update.cores} cores, for which {update.load:.1f} programs were "
        f"queuing at the start. Of {feed.files:,} files {feed.added:,} were added and "
        f"{feed.changed:,} changed, {feed.withdrawn:,} went. The index was there before one guide "
        "changed, and a product beside answered from it."
    )
    table = Table("")
    for step in update.steps:
        table.add_column(_LABELS[step.name], justify="right")
    for label, text in _ROWS:
        table.add_row(label, *map(text, update.steps))
    yield table
    if update.kept:
        yield (
            f"{update.kept} guides stay in the updated index that can no longer be read; the "
            "rebuilt one has never read them."
        )
    yield from (f"NOT THE SAME: {difference}" for difference in update.apart)


def update_aims(update: Update) -> tuple[Aim, ...]:
    """Return what is aimed at, each with the figure of this run, start of the program included."""
    full, again = update.step("rebuild").run.seconds, update.step("again").run.seconds
    return (
        Aim(
            "nothing new",
            f"{again / full:.2%} of a full rebuild",
            f"< {UNCHANGED_SHARE:.0%}",
            again < UNCHANGED_SHARE * full,
        ),
        *(
            Aim(
                _LABELS[name],
                f"answered after {_live(update, name):.1f} s",
                f"< {limit:.0f} s",
                _live(update, name) < limit,
            )
            for name, limit in _LIMITS
        ),
        Aim(
            "updated index as the rebuilt one",
            f"{len(update.apart)} differences",
            "none",
            not update.apart,
        ),
    )


def line(update: Update) -> str:
    """Return the main figures and the aims that were missed in one line."""
    renewed, again, full = (update.step(name) for name in ("update", "again", "rebuild"))
    guide, back, sheet = (_live(update, name) for name, _ in _LIMITS)
    parts = [
        f"{renewed.embedded:,} of {renewed.passages:,} passages embedded",
        f"{renewed.run.seconds:.1f} s against {full.run.seconds:.1f} s for a full rebuild "
        f"({renewed.run.seconds / full.run.seconds:.0%})",
        f"no change {again.run.seconds:.1f} s ({again.run.seconds / full.run.seconds:.2%})",
        f"one guide {guide:.1f} s",
        f"rolled back {back:.1f} s",
        f"one national sheet {sheet:.1f} s",
    ]
    missed = [f"{a.label}: {a.value} ({a.wanted})" for a in update_aims(update) if not a.is_met]
    end = f" | MISSED: {'; '.join(missed)}" if missed else ""
    return f"update: {', '.join(parts)}{end}"


def _live(update: Update, name: StepName) -> float:
    """Return the seconds until a step was answered from; a product ran beside it."""
    seconds = update.step(name).live_s
    assert seconds is not None
    return seconds


def write_update(update: Update, path: Path) -> None:
    """Write the figures as JSON."""
    told = {**asdict(update), "aims": [asdict(aim) for aim in update_aims(update)]}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
