"""What introduces a correction, in the words of a page language, and the same as plain text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from civic_assistant.messages import Messages, format_date, language_name
from civic_assistant.outcomes import ShownCorrection


def heading(correction: ShownCorrection, messages: Messages) -> str:
    """Say whose words a correction is, and from when to when they hold."""
    since = format_date(correction.since, messages.language)
    if correction.until is None:
        return messages.text("correction.since", date=since)
    until = format_date(correction.until, messages.language)
    return messages.text("correction.between", start=since, end=until)


def notes(correction: ShownCorrection, messages: Messages) -> Iterator[str]:
    """Yield what else is to be known of it: a review date that has passed, another language."""
    if correction.is_overdue:
        day = format_date(correction.review_by, messages.language)
        yield messages.text("correction.overdue", date=day)
    if correction.language != messages.language:
        name = language_name(correction.language, messages.language)
        yield messages.text("correction.language", language=name)


def plain_corrections(
    corrections: Iterable[ShownCorrection], messages: Messages, *, names_guide: bool = False
) -> Iterator[str]:
    """Yield each correction as paragraphs of plain text: heading, guide, its words, notes.

    Its words are a line of their own, so that they run in their own direction.
    """
    for correction in corrections:
        guide = messages.text("correction.guide", title=correction.title)
        yield "\n".join(
            (
                heading(correction, messages),
                *((guide,) if names_guide else ()),
                correction.text,
                *notes(correction, messages),
            )
        )
