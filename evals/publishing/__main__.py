"""The runs of publishing: ``faults`` and ``update``."""

from __future__ import annotations

import typer

from evals.publishing.faults_command import faults
from evals.publishing.update_command import update

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, no_args_is_help=True)


@app.callback()
def runs() -> None:
    """Show what publishing promises: whole under kills, and at the cost of what changed."""


app.command()(faults)
app.command()(update)


if __name__ == "__main__":
    app()
