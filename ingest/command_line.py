"""The program's publishing commands: plan, publish, bad-files, chat, and those of others."""

from __future__ import annotations

import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from civic_assistant.catalogue import open_catalogue
from civic_assistant.command_line import IndexOption, LightOption, errors_told, settings_with
from civic_assistant.embedding import open_embedding
from civic_assistant.errors import SourceError
from civic_assistant.model_folder import ensure_models
from civic_assistant.settings import Settings
from ingest.authors import AuthorOption, ReasonOption, author_or_login
from ingest.bad_files import ARCHIVES, write_bad_files
from ingest.editions.commands import edition_commands
from ingest.editions.suspending import suspend_answers_told
from ingest.folder import FolderSource
from ingest.national.commands import routine_commands
from ingest.national.source import NationalArchive
from ingest.plan_told import tell_plan
from ingest.progress import Progress
from ingest.publish import Published, go_live, prepare
from ingest.publish import publish as publish_source
from ingest.publish_told import tell_published
from ingest.reviewing.kept_questions import keep_questions
from ingest.sources import Source

FolderArgument = Annotated[Path | None, typer.Argument(help="A folder of guides.")]
SourceOption = Annotated[str, typer.Option(help="The name the guides are published under.")]
KeepQuestionsOption = Annotated[
    bool | None,
    typer.Option(
        "--keep-questions/--no-keep-questions",
        help="Refuse when a test question would get worse (default: the setting).",
    ),
]
ConfirmOption = Annotated[
    bool,
    typer.Option("--confirm-withdrawals", help="What is missing is meant to be withdrawn."),
]


def commands(app: typer.Typer) -> None:
    """Add the publishing commands to the program."""
    app.command()(plan)
    app.command()(publish)
    app.command("bad-files")(bad_files)
    app.command()(chat)
    edition_commands(app)
    routine_commands(app)


def plan(
    folder: FolderArgument = None,
    source: SourceOption = "town",
    drop: Annotated[
        int | None, typer.Option("--drop", help="Give up this staged edition instead.")
    ] = None,
    confirm: ConfirmOption = False,
    author: AuthorOption = None,
    reason: ReasonOption = "",
    index: IndexOption = None,
    light: LightOption = False,
) -> None:
    """Stage what publishing a folder would make of the guides, and say what would change.

    Said are the sentences that change, the questions that get another answer, pages that parsed
    badly, translations that lag, contradictions. Citizens see nothing of it before
    `publish --edition`. Exit status 3 says that something was refused.
    """
    with errors_told():
        settings = settings_with(index, light)
        if drop is not None:
            open_catalogue(settings.index_folder).drop_staged(drop, datetime.now(UTC))
            typer.echo(f"edition {drop} is given up")
            return
        ensure_models(settings)
        embedding, progress = open_embedding(settings), Progress(visible=sys.stderr.isatty())
        prepared = prepare(
            FolderSource(folder or settings.corpus_folder, source),
            settings,
            embedding,
            progress,
            author=author_or_login(author),
            reason=reason,
            is_withdrawal_confirmed=confirm,
        )
        tell_plan(prepared, settings, embedding, progress)


def publish(
    folder: FolderArgument = None,
    source: SourceOption = "town",
    edition: Annotated[
        int | None, typer.Option("--edition", help="Make this staged edition live instead.")
    ] = None,
    confirm: ConfirmOption = False,
    keep: KeepQuestionsOption = None,
    author: AuthorOption = None,
    reason: ReasonOption = "",
    index: IndexOption = None,
    light: LightOption = False,
) -> None:
    """Publish a folder of guides: what is new and changed is read, the rest is kept.

    Exit status 3 says that something was refused; the rest is published.
    """
    if edition is not None and folder is not None:
        raise typer.BadParameter("give either a folder or --edition")
    with errors_told():
        settings = settings_with(index, light)
        who = author_or_login(author)
        if edition is not None:
            if settings.publish_keeps_questions if keep is None else keep:
                _keep_questions(edition, settings)
            go_live(edition, settings, author=who, reason=reason)
            typer.echo(f"edition {edition} is live")
            if index is None:
                suspend_answers_told(settings, open_embedding(settings))
            return
        found = FolderSource(folder or settings.corpus_folder, source)
        tell_published(
            _publish(
                found,
                settings,
                is_served=index is None,
                author=who,
                reason=reason,
                is_confirmed=confirm,
                keeps_questions=keep,
            )
        )


def bad_files(light: LightOption = True) -> None:
    """Publish a folder of bad documents into an index of its own and print what was refused."""
    with errors_told(), tempfile.TemporaryDirectory() as scratch:
        folder, index = Path(scratch) / "guides", Path(scratch) / "index"
        folder.mkdir()
        write_bad_files(folder)
        settings = settings_with(index, light)
        tell_published(_publish(FolderSource(folder, "bad-files"), settings), is_failing=False)
        for archive in sorted((folder / ARCHIVES).iterdir()):
            typer.echo(f"\n{archive.name}")
            source = NationalArchive([str(archive)], folder, settings.national_audiences)
            try:
                tell_published(_publish(source, settings), is_failing=False)
            except SourceError as error:
                typer.echo(f"refused whole: {error}")


def chat(index: IndexOption = None, light: LightOption = False) -> None:
    """Publish the town's guides, then serve the page: what `make chat` runs."""
    with errors_told():
        from civic_assistant.assembly import assemble
        from civic_assistant.serving import serve

        settings = settings_with(index, light)
        ensure_models(settings)
        embedding = open_embedding(settings)
        progress = Progress(visible=sys.stderr.isatty())
        town = FolderSource(settings.corpus_folder)
        tell_published(publish_source(town, settings, embedding, progress), is_failing=False)
        serve(assemble(settings, embedding))


def _keep_questions(edition: int, settings: Settings) -> None:
    """See that a staged edition makes no test question worse; raises `QuestionsWorse`."""
    base = open_catalogue(settings.index_folder).edition(edition).base
    progress = Progress(visible=sys.stderr.isatty())
    keep_questions(base, edition, settings, open_embedding(settings), progress)


def _publish(
    source: Source,
    settings: Settings,
    *,
    is_served: bool = False,
    author: str = "",
    reason: str = "",
    is_confirmed: bool = False,
    keeps_questions: bool | None = None,
) -> Published:
    """Publish; for the index that citizens are answered from, suspend what rested on the old."""
    ensure_models(settings)
    embedding = open_embedding(settings)
    published = publish_source(
        source,
        settings,
        embedding,
        Progress(visible=sys.stderr.isatty()),
        author=author,
        reason=reason,
        is_withdrawal_confirmed=is_confirmed,
        keeps_questions=keeps_questions,
    )
    if is_served and published.plan.is_change:
        suspend_answers_told(settings, embedding)
    return published
