"""The program's measuring command."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from civic_assistant.command_line import IndexOption, LightOption, errors_told, settings_with
from civic_assistant.errors import SourceError

if TYPE_CHECKING:
    from civic_assistant.embedding import Embedding
    from civic_assistant.settings import Settings
    from evals.questions import Corpus, QuestionSet
    from evals.run import Run

WORSE = 4
"""Exit status of ``--check`` when a figure is worse than recorded, beyond noise."""


def commands(app: typer.Typer) -> None:
    """Add the measuring command to the program."""
    app.command("evals")(measure)


def measure(
    names: Annotated[
        list[str] | None,
        typer.Option("--set", help="A shipped set's name or a path; several times for several."),
    ] = None,
    index: IndexOption = None,
    light: LightOption = False,
    out: Annotated[
        Path | None, typer.Option(help="Where runs and report go (data_folder/evals/runs).")
    ] = None,
    again: Annotated[
        bool, typer.Option("--score", help="Score the runs in --out instead of asking again.")
    ] = False,
    omos: Annotated[
        Path | None, typer.Option(help="A folder of OMoS-QA's files: its dev split is read too.")
    ] = None,
    baselines: Annotated[
        bool, typer.Option(help="Rank with BM25, vectors, their fusion and llama-index too.")
    ] = True,
    record: Annotated[
        bool, typer.Option("--record", help="Make these the figures to compare with.")
    ] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Exit with 4 when a figure got worse than recorded.")
    ] = False,
) -> None:
    """Ask the question sets, score what came of it, and write one report.

    Without --set every shipped set is asked whose guides are at hand.
    """
    with errors_told():
        from evals.omos import read_omos_run
        from evals.pool import omos_pool, pools_of
        from evals.report import write_report
        from evals.run import read_runs
        from evals.summary import line, pool_table

        settings = settings_with(index, light)
        folder = out or settings.data_folder / "evals" / "runs" / settings.embedding
        if not again:
            _ask(names or [], settings, index, folder, baselines)
            if omos is not None:
                _read_pages(omos, settings, folder)
        pools = pools_of(read_runs(folder))
        if (pages := read_omos_run(folder)) is not None:
            pools.append(omos_pool(pages))
        if not pools:
            raise SourceError(f"no run in {str(folder)!r}: nothing to score")
        console = Console(width=150)
        for pool in pools:
            console.print(pool_table(pool))
            if record:
                pool.record()
        write_report(folder / "report.html", pools)
        typer.echo(f"report: {folder / 'report.html'}")
        typer.echo(line(pools))
        if check and any(pool.worse for pool in pools):
            raise typer.Exit(WORSE)


def _ask(
    names: list[str], settings: Settings, index: Path | None, folder: Path, baselines: bool
) -> None:
    """Ask each set over the pinned index of its corpus and write the runs."""
    from civic_assistant.embedding import open_embedding
    from civic_assistant.model_folder import ensure_models
    from evals.questions import open_set, present_sets
    from evals.run import write_run

    ensure_models(settings)
    embedding = open_embedding(settings)
    grouped: dict[Corpus, list[QuestionSet]] = {}
    for name in names or present_sets():
        asked = open_set(name)
        grouped.setdefault(asked.card.corpus, []).append(asked)
    for corpus, sets in grouped.items():
        try:
            for run in _runs(corpus, sets, settings, index, embedding, baselines):
                write_run(folder, run)
        except SourceError as error:
            if names:
                raise
            missing = ", ".join(asked.name for asked in sets)
            typer.echo(f"{missing}: not asked: {error}", err=True)


def _read_pages(omos: Path, settings: Settings, folder: Path) -> None:
    """Let the product's reader choose sentences on OMoS-QA's pages and write what it chose."""
    from civic_assistant.choosing import load_chooser
    from civic_assistant.embedding import open_embedding
    from civic_assistant.reading import open_reader
    from evals.omos import OmosRun, ask_pages, read_omos, write_omos_run
    from evals.page_reader import PageEmbedding, PageReader
    from evals.pinned import checkout_commit

    questions = read_omos(omos)
    embedding = open_embedding(settings)
    pages: dict[str, list[str]] = {}
    for asked in questions:
        pages.setdefault(asked.language, []).append(asked.context)
    embedded = PageEmbedding(embedding, pages)
    reader = PageReader(embedded, load_chooser(), open_reader(settings))
    made_of = {
        "embedding": embedding.identity,
        "reader": reader.name,
        "commit": checkout_commit(),
    }
    answers = ask_pages(questions, reader)
    write_omos_run(folder, OmosRun(mode=settings.embedding, made_of=made_of, answers=answers))


def _runs(
    corpus: Corpus,
    sets: list[QuestionSet],
    settings: Settings,
    index: Path | None,
    embedding: Embedding,
    with_baselines: bool,
) -> list[Run]:
    """Ask sets of one corpus.

    Raises:
        SourceError: the corpus is not at hand, or a question could not be looked up.
    """
    from civic_assistant.assembly import assemble
    from evals.baselines import Baselines
    from evals.pinned import ASKED_ON, pinned_settings, publish_corpus
    from evals.run import ask_set
    from ingest.progress import Progress

    pinned = pinned_settings(corpus, settings, index)
    if index is None:
        publish_corpus(corpus, pinned, embedding, Progress(visible=sys.stderr.isatty()))
    noon = datetime.combine(ASKED_ON, time(12), UTC)
    product = assemble(pinned, embedding, clock=lambda: noon, is_recording=False)
    cache = settings.data_folder / "evals" / "llama-index"
    plain = (
        Baselines(product.index, embedding, settings.town_language, cache)
        if with_baselines
        else None
    )
    runs = [ask_set(asked, product, plain) for asked in sets]
    for run in runs:
        if broken := sum(given.outcome == "could_not_look" for given in run.answers):
            raise SourceError(
                f"{broken} questions of {run.manifest.set_name!r} could not be looked up: "
                "their figures would be void; see the log"
            )
    return runs
