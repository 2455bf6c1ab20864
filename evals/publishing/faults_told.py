"""A run of kills as a table: how many fell into which stage."""

from __future__ import annotations

from rich.table import Table

from evals.publishing.faults import FaultRun
from evals.publishing.publisher import STAGES


def told_kills(run: FaultRun) -> Table:
    """Return the kills by stage, a row for publishing and one for going back."""
    table = Table(title="\nPublishers killed while readers ask", title_justify="left")
    table.add_column("")
    for name in (*STAGES, "kills -9", "too late", "seconds unkilled"):
        table.add_column(name, justify="right")
    for step, seconds in run.lengths.items():
        kills = [run.stages[step, stage] for stage in STAGES]
        shown = [str(count) if count else "–" for count in kills]
        table.add_row(step, *shown, f"{sum(kills)}", f"{run.late[step]}", f"{seconds:.2f}")
    return table


def told_reading(run: FaultRun) -> str:
    """Return a sentence on what readers did meanwhile."""
    return (
        f"{run.seen} questions answered and the server asked {run.served} times while "
        f"{run.editions} editions were live, of which readers saw {run.read_editions}; "
        f"{run.seconds:.0f} s"
    )
