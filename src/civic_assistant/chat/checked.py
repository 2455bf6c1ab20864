"""A verified answer on the page: who checked it and when, and what staff wrote, as theirs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass

from civic_assistant.chat.markdown import plain
from civic_assistant.chat.page_words import direction
from civic_assistant.chat.sources import SourceCard
from civic_assistant.messages import Messages, format_date, language_name
from civic_assistant.outcomes import Checked


@dataclass(frozen=True, slots=True)
class CheckedNote:
    """What ``CheckedReply.jsx`` is given: that staff's words are in another language.

    ``language`` and ``direction`` are theirs, which the page finds by ``anchor``; ``spoken`` and
    ``spoken_direction`` those of the words around them.
    """

    anchor: str
    note: str
    language: str
    direction: str
    spoken: str
    spoken_direction: str

    def props(self) -> Mapping[str, object]:
        """Return the note as a plain dictionary, which can be written as JSON."""
        return asdict(self)


def checked_note(checked: Checked, anchor: str, messages: Messages) -> CheckedNote | None:
    """Return what to say of the language of a verified answer; None when it is the page's."""
    if checked.language == messages.language:
        return None
    name = language_name(checked.language, messages.language)
    return CheckedNote(
        anchor=anchor,
        note=messages.text("answer.verified_language", language=name),
        language=checked.language,
        direction=direction(checked.language),
        spoken=messages.language,
        spoken_direction=direction(messages.language),
    )


def checked_lines(
    checked: Checked, note: CheckedNote | None, cards: Sequence[SourceCard], messages: Messages
) -> Iterator[str]:
    """Yield the paragraphs of the message: who checked it, what they wrote, its sources by number.

    No member of staff is named. What they wrote is a quotation; the reference in it leads to the
    note, from which the page takes its language.
    """
    day = format_date(checked.on, messages.language)
    yield f"**{plain(messages.text('answer.verified', desk=checked.desk, date=day))}**"
    paragraphs = [
        [plain(line) for line in part.splitlines() if line.strip()]
        for part in re.split(r"\n\s*\n", checked.text)
        if part.strip()
    ]
    if note is not None:
        paragraphs[-1][-1] += f" [\\[{note.language}\\]](#{note.anchor})"
    yield "\n>\n".join("\n".join(f"> {line}" for line in lines) for lines in paragraphs)
    references = " ".join(f"[\\[{card.number}\\]](#{card.anchor})" for card in cards)
    yield f"{plain(messages.text('answer.rests_on'))} {references}"
