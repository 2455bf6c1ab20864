"""Who publishes from the command line, and why."""

from __future__ import annotations

import getpass
from typing import Annotated

import typer

AuthorOption = Annotated[
    str | None, typer.Option("--author", help="Who does it, if not the login's name.")
]
ReasonOption = Annotated[str, typer.Option("--reason", help="Why, for the history.")]


def author_or_login(author: str | None) -> str:
    """Return the author given, else the name of the login, or nothing where it has none."""
    if author is not None:
        return author
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return ""
