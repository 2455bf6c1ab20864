"""The runs of the handoff: ``faults``, ``load`` and ``week``."""

from __future__ import annotations

import asyncio
import logging
import random
import signal
import sys
import tempfile
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from civic_assistant.command_line import errors_told
from civic_assistant.settings import load_settings
from evals.handoff.database import SERVER, Kind, NoServer, database

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, no_args_is_help=True)

KINDS: tuple[Kind, ...] = ("postgresql", "sqlite")
NOTES = 40
"""At most so many faults are named."""
PROCESSES: dict[Kind, int] = {"postgresql": 2, "sqlite": 1}
ServerOption = Annotated[
    str, typer.Option("--postgresql", help="A PostgreSQL server; a schema is made and dropped.")
]
SeedOption = Annotated[
    int | None, typer.Option(help="What chance begins with; else it is drawn, and printed.")
]

OutOption = Annotated[
    Path | None, typer.Option(help="Where figures and page go (data_folder/evals/handoff).")
]


@app.callback()
def runs() -> None:
    """Show what the handoff promises: under faults, under load, and through an office week."""
    # aiohttp reports every socket that was cut on it.
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)
    # Else the servers would outlive a run that is stopped.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))


@app.command()
def faults(
    conversations: Annotated[int, typer.Option(min=1, help="Conversations at once.")] = 200,
    rounds: Annotated[int, typer.Option(min=2, help="Messages of each side.")] = 6,
    only: Annotated[
        str | None, typer.Option(help="postgresql (two processes) or sqlite (one).")
    ] = None,
    seed: SeedOption = None,
    server: ServerOption = SERVER,
) -> None:
    """Kill servers and cut sockets while people talk; end with what was lost, doubled or late."""
    from evals.handoff.faults import FaultRun, run_faults
    from evals.handoff.town import published_index

    chosen = _seed(seed)
    results: list[FaultRun] = []
    with errors_told():
        index = published_index()
        for kind in KINDS if only is None else [kind for kind in KINDS if kind == only]:
            with tempfile.TemporaryDirectory(prefix="civic-faults-") as folder:
                scratch = Path(folder)
                try:
                    with database(kind, scratch, server) as address:
                        run = run_faults(
                            address,
                            scratch,
                            index,
                            processes=PROCESSES[kind],
                            conversations=conversations,
                            rounds=rounds,
                            seed=chosen,
                        )
                        results.append(asyncio.run(run))
                except NoServer as error:
                    typer.echo(f"{kind} is skipped: {error}", err=True)
    table = Table(title="\nServers killed and sockets cut while people talk", title_justify="left")
    for name in (
        "", "conversations", "messages", "seconds", "kills -9", "connections cut",
        "sockets opened", "sent again",
    ):  # fmt: skip
        table.add_column(name, justify="right")
    for one in results:
        table.add_row(
            one.database, f"{one.conversations}", f"{one.verdict.messages}", f"{one.seconds:.0f}",
            f"{one.kills}", f"{one.cuts}", f"{one.sockets}", f"{one.sent_again}",
        )  # fmt: skip
    Console(width=130).print(table)
    for one in results:
        for note in one.verdict.notes[:NOTES]:
            typer.echo(f"{one.database}: {note}")
        if len(results) > 1:
            typer.echo(f"{one.database}: {one.verdict}")
    if not results:
        raise typer.Exit(2)
    verdict = results[0].verdict
    for one in results[1:]:
        verdict += one.verdict
    typer.echo(f"{verdict}")
    if not verdict.is_clean:
        raise typer.Exit(1)


@app.command()
def load(
    level: Annotated[
        list[int] | None, typer.Option(help="Citizens at once, fewest first; may be repeated.")
    ] = None,
    on: Annotated[str, typer.Option(help="sqlite (one process) or postgresql (two).")] = "sqlite",
    seed: SeedOption = None,
    server: ServerOption = SERVER,
    out: OutOption = None,
) -> None:
    """Let more and more citizens and agents talk at once, until something gives; say what did."""
    from evals.handoff.load import LEVELS, Level, run_level
    from evals.handoff.load_told import bound, told_load, write_load
    from evals.handoff.town import published_index

    chosen = _seed(seed)
    kind = next((kind for kind in KINDS if kind == on), None)
    if kind is None:
        raise typer.BadParameter(f"--on {on!r}: write sqlite or postgresql")
    levels: list[Level] = []
    with errors_told():
        index = published_index()
        for citizens in level or LEVELS:
            typer.echo(f"{citizens} citizens", err=True)
            with tempfile.TemporaryDirectory(prefix="civic-load-") as folder:
                scratch = Path(folder)
                with database(kind, scratch, server) as address:
                    run = run_level(
                        address,
                        scratch,
                        index,
                        processes=PROCESSES[kind],
                        citizens=citizens,
                        seed=chosen,
                    )
                    levels.append(asyncio.run(run))
            write_load(levels, _folder(out))
            if levels[-1].gave:
                break
    for shown in told_load(levels):
        Console(width=130).print(shown)
    typer.echo(f"figures: {_folder(out) / 'load.html'}, {_folder(out) / 'load.json'}")
    typer.echo(bound(levels))


@app.command()
def week(
    weeks: Annotated[int, typer.Option(min=1, help="Weeks, each drawn anew.")] = 4,
    seed: SeedOption = None,
    out: OutOption = None,
) -> None:
    """Let office weeks pass in simulated time; end with what every unsure outcome came to."""
    from evals.handoff.week import live_weeks
    from evals.handoff.week_told import told_week, write_week

    first = _seed(seed)
    with errors_told(), tempfile.TemporaryDirectory(prefix="civic-week-") as folder:
        lived = live_weeks(range(first, first + weeks), Path(folder))
        target = _folder(out)
        write_week(lived, target)
    for shown in told_week(lived):
        Console(width=130).print(shown)
    typer.echo(f"figures: {target / 'week.html'}, {target / 'week.json'}")
    typer.echo(
        f"{sum(lived.ends.values())} unsure outcomes, {lived.left_over} left over; "
        f"the wait told is off by {lived.judged[0].bias:+.1f} min on average"
    )
    if lived.left_over:
        raise typer.Exit(1)


def _folder(out: Path | None) -> Path:
    return out or load_settings().data_folder / "evals" / "handoff"


def _seed(seed: int | None) -> int:
    chosen = random.SystemRandom().randrange(1_000_000) if seed is None else seed
    typer.echo(f"seed: {chosen}")
    return chosen


if __name__ == "__main__":
    app()
