"""Says which verified answers fell with a publish, on the command line."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import typer

from civic_assistant.errors import CivicError
from ingest.editions.after_publish import suspend_answers

if TYPE_CHECKING:
    from civic_assistant.embedding import Embedding
    from civic_assistant.settings import Settings


def suspend_answers_told(settings: Settings, embedding: Embedding) -> None:
    """Suspend what the live edition no longer bears; what goes wrong is said, and no more."""
    try:
        count = suspend_answers(settings, embedding, datetime.now(UTC))
    except CivicError as error:
        typer.echo(f"verified answers were not looked at: {error}", err=True)
        return
    if count:
        typer.echo(f"{count} verified answers suspended: see /desk/verified")
