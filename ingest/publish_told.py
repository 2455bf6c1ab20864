"""What a plan or a publish came to, on the command line."""

from __future__ import annotations

import sys

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from ingest.plan import Plan
from ingest.publish import Prepared, Published

REFUSED = 3
"""Exit status when something was refused and the rest was published."""
SHOWN = 40


def tell_prepared(prepared: Prepared) -> None:
    """Print what was staged, by document, and leave with status 3 when something was refused."""
    plan = prepared.plan
    _tell_plan(plan)
    for what, names in (
        ("added", plan.added),
        ("changed", plan.changed),
        ("withdrawn", plan.withdrawn),
    ):
        for name in names[:SHOWN]:
            typer.echo(f"  {what}: {name}")
        if len(names) > SHOWN:
            typer.echo(f"  … and {len(names) - SHOWN} more {what}")
    if prepared.edition is None:
        typer.echo(f"nothing would change: edition {prepared.base} stays")
    else:
        typer.echo(
            f"edition {prepared.edition} is staged: {prepared.guides} guides, "
            f"{prepared.passages} passages, {prepared.embedded} embedded "
            f"in {prepared.seconds:.1f} s"
        )
        typer.echo(f"publish it:  civic-assistant publish --edition {prepared.edition}")
        typer.echo(f"give it up:  civic-assistant plan --drop {prepared.edition}")
    if plan.refused:
        raise typer.Exit(REFUSED)


def tell_published(published: Published, *, is_failing: bool = True) -> None:
    """Print what a publish did, and leave with status 3 when something was refused."""
    plan = published.plan
    _tell_plan(plan)
    rate = published.embedded / published.embedding_seconds if published.embedding_seconds else 0
    typer.echo(
        f"edition {published.edition}: {published.guides} guides, {published.passages} passages, "
        f"{published.embedded} embedded ({rate:.0f}/s) in {published.seconds:.1f} s"
    )
    if plan.refused and is_failing:
        raise typer.Exit(REFUSED)


def _tell_plan(plan: Plan) -> None:
    console = Console(width=None if sys.stdout.isatty() else 160)
    if plan.refused:
        table = Table("document", "what is wrong", "what to do", title="Refused")
        for refusal in plan.refused[:SHOWN]:
            table.add_row(escape(refusal.document), escape(refusal.reason), escape(refusal.remedy))
        console.print(table)
        if len(plan.refused) > SHOWN:
            console.print(f"… and {len(plan.refused) - SHOWN} more")
    for document, warning in plan.warnings[:SHOWN]:
        console.print(f"[yellow]check[/] {escape(document)}: {escape(warning)}")
    console.print(
        f"{escape(plan.source)}: {len(plan.added)} added, {len(plan.changed)} changed, "
        f"{len(plan.unchanged)} unchanged, {len(plan.withdrawn)} withdrawn, "
        f"{len(plan.refused)} refused ({len(plan.kept)} kept as published)"
    )
