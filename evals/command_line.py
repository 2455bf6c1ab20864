"""The program's measuring command."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from civic_assistant.command_line import IndexOption, LightOption, errors_told, settings_with
from evals.questions import load_set
from evals.report import scores_table
from evals.run import answer_set, read_run, write_run
from evals.score import score


def commands(app: typer.Typer) -> None:
    """Add the measuring command to the program."""
    app.command("evals")(measure)


def measure(
    name: Annotated[str, typer.Option("--set", help="A shipped set's name or a path.")] = "shipped",
    again: Annotated[
        Path | None, typer.Option("--score", help="Score a kept run instead of asking again.")
    ] = None,
    index: IndexOption = None,
    light: LightOption = False,
) -> None:
    """Ask a question set, keep the answers, and print how well they were found and refused."""
    with errors_told():
        from civic_assistant.assembly import assemble

        questions = load_set(name)
        settings = settings_with(index, light)
        if again is None:
            answers = list(answer_set(questions, assemble(settings, is_recording=False).assistant))
            again = settings.data_folder / "evals" / f"{Path(name).stem}.jsonl"
            write_run(again, answers)
        answers = read_run(again)
        by_id = {answer.id: answer for answer in answers}
        pairs = [(asked, by_id[asked.id]) for asked in questions if asked.id in by_id]
        Console(width=170).print(scores_table(pairs, f"{name}, embedding {settings.embedding}"))
        whole = score(pairs)
        if broken := sum(answer.outcome == "could_not_look" for answer in answers):
            typer.echo(f"{broken} questions could not be looked up: the figures are void", err=True)
            raise typer.Exit(1)
        typer.echo(
            f"evals {Path(name).stem}: {len(pairs)} questions, recall@1 {whole.recall_1 or 0:.3f}, "
            f"{whole.answered_wrongly} of {whole.unanswerable} unanswerable answered, "
            f"{100 * (whole.over_refused or 0):.1f} % of answerable refused"
        )
