"""The runs of the attack: all attempts, the question sets with a small model, failing endpoints."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from civic_assistant.command_line import errors_told

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)

Threads = Annotated[int, typer.Option(min=1, help="Threads of the small model's server.")]
_WIDTH = 110


@app.callback(invoke_without_command=True)
def attack(
    context: typer.Context,
    small: Annotated[
        int, typer.Option(min=0, help="Attempts that the small model is asked, too.")
    ] = 14,
    threads: Threads = 1,
    show: Annotated[
        bool, typer.Option("--show/--no-show", help="Name what reached the page.")
    ] = True,
) -> None:
    """Try every attempt on a hostile writer, and a few on a small real model.

    The exit status is 1 when anything reached the page.
    """
    if context.invoked_subcommand is not None:
        return
    with errors_told():
        from evals.attack.attempts import load_attempts, sampled
        from evals.attack.run import attack_hostile, attack_small
        from evals.attack.told import (
            is_held,
            told_by_kind,
            told_by_language,
            told_line,
            told_reached,
        )
        from evals.attack.town import open_town
        from evals.endpoints.small_model import ABSENT, model_file

        attempts, town = load_attempts(), open_town()
        runs = [attack_hostile(town, attempts, lambda tried: None)]
        left_out = ""
        if model_file() is None:
            left_out = f"the small model was left out: {ABSENT}"
        elif small:
            chosen = sampled(attempts, small)
            runs.append(attack_small(town, chosen, threads, lambda tried: None))
    console = Console(width=_WIDTH)
    for run in runs:
        if show:
            for line in told_reached(run):
                console.print(line, markup=False, highlight=False)
        console.print(told_by_kind(run))
        console.print(told_by_language(run))
        for id_, why in run.refused.items():
            console.print(f"{id_}: {why}", markup=False, highlight=False)
    for line in filter(None, [left_out, *map(told_line, runs)]):
        console.print(line, markup=False, highlight=False, soft_wrap=True)
    if not all(map(is_held, runs)):
        raise typer.Exit(1)


@app.command("small")
def ask_sets(
    seconds: Annotated[float, typer.Option(min=1, help="No question is begun after that.")] = 600,
    threads: Threads = 1,
    kept: Annotated[
        Path | None, typer.Option(help="Where answers are kept, to go on from another time.")
    ] = None,
) -> None:
    """Ask the town's question sets with the small real model: what of it reaches the citizen.

    The exit status is 1 when anything unsupported does.
    """
    with errors_told():
        from evals.attack.small import ask_small, told_small
        from evals.attack.town import open_town
        from evals.endpoints.small_model import ABSENT, model_file

        if model_file() is None:
            typer.echo(f"left out: {ABSENT}")
            return
        town = open_town()
        file = kept or town.settings.data_folder / "evals" / "small-model.jsonl"
        asked = ask_small(town, file, seconds, threads, lambda line: typer.echo(line, err=True))
    for one in asked:
        for fault in one.unheld:
            typer.echo(f"[{one.id}] {fault}")
    for line in told_small(asked):
        typer.echo(line)
    if any(one.unheld for one in asked):
        raise typer.Exit(1)


@app.command("failing")
def ask_failing_endpoints(
    questions: Annotated[int, typer.Option(min=1, help="Questions of each endpoint.")] = 20,
) -> None:
    """Ask endpoints that are killed, slow or lying; the exit status is 1 when one ends wrong."""
    with errors_told():
        from evals.attack.failing import ask_failing, told_failing
        from evals.attack.town import open_town

        ended = ask_failing(open_town(), questions, lambda one: typer.echo(one.way, err=True))
    console = Console(width=_WIDTH)
    for fault in (fault for one in ended for fault in one.faults):
        console.print(fault, markup=False, highlight=False)
    console.print(told_failing(ended))
    wrong = sum(len(one.faults) for one in ended)
    asked = sum(one.questions for one in ended)
    longest = max(one.seconds for one in ended)
    console.print(
        f"{asked} questions of {len(ended)} endpoints that fail: {wrong} ended wrong, "
        f"the longest wait for a model was {longest:.1f} s",
        highlight=False,
    )
    if wrong:
        raise typer.Exit(1)


if __name__ == "__main__":
    app()
