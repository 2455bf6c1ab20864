"""The run ``faults``: publishers killed at random moments while readers ask."""

from __future__ import annotations

import random
import signal
import sys
import tempfile
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from civic_assistant.command_line import errors_told

NOTES = 40
"""At most so many faults are named."""


def faults(
    kills: Annotated[int, typer.Option(min=1, help="Kills that must hit a running publish.")] = 100,
    readers: Annotated[int, typer.Option(min=1, help="Processes that ask meanwhile.")] = 2,
    serve: Annotated[
        bool, typer.Option("--serve/--no-serve", help="Ask a real server, too, how it is.")
    ] = True,
    seed: Annotated[
        int | None, typer.Option(help="What chance begins with; else it is drawn, and printed.")
    ] = None,
) -> None:
    """Kill publishers (-9) while readers ask; end with what was mixed, empty or lost."""
    from evals.publishing.faults import run_faults
    from evals.publishing.faults_told import told_kills, told_reading

    # Else readers and server would outlive a run that is stopped.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    chosen = random.SystemRandom().randrange(1_000_000) if seed is None else seed
    typer.echo(f"seed: {chosen}")
    with errors_told(), tempfile.TemporaryDirectory(prefix="civic-publishing-") as folder:
        run = run_faults(
            Path(folder),
            kills=kills,
            seed=chosen,
            readers=readers,
            is_served=serve,
            tell=lambda line: typer.echo(line, err=True),
        )
    Console(width=140).print(told_kills(run))
    typer.echo(told_reading(run))
    for note in run.notes[:NOTES]:
        typer.echo(note)
    typer.echo(f"{run}")
    if not run.is_clean:
        raise typer.Exit(1)
