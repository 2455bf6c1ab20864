"""The last check before an answer is shown: every quote stands in the live edition."""

from __future__ import annotations

import unicodedata
from datetime import date

from civic_assistant.guides import Passage
from civic_assistant.index import LiveEdition
from civic_assistant.outcomes import Answered, Citation


def normalised(text: str) -> str:
    """Return the text as quotes are compared: NFC, every run of white space one space."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def is_quoted(citation: Citation, passage: Passage) -> bool:
    """Whether the citation's offsets slice back to its quote, at word borders of the passage."""
    text, start, end = passage.text, citation.start, citation.end
    if not 0 <= start < end <= len(text):
        return False
    cuts_word = (start > 0 and text[start - 1].isalnum() and text[start].isalnum()) or (
        end < len(text) and text[end - 1].isalnum() and text[end].isalnum()
    )
    return not cuts_word and normalised(text[start:end]) == normalised(citation.quote)


def is_verified(
    answered: Answered, passages: dict[str, Passage], live: LiveEdition, today: date
) -> bool:
    """Whether every sentence is its quote and every quote stands in a live guide in force.

    ``passages`` maps passage ids to the passages as the edition holds them.
    """
    for sentence in answered.sentences:
        citation = sentence.citation
        passage = passages.get(citation.passage_id)
        if passage is None or citation.edition != live.number:
            return False
        if not live.may_answer(citation.passage_id, today):
            return False
        if normalised(sentence.text) != normalised(citation.quote):
            return False
        if not is_quoted(citation, passage):
            return False
    return bool(answered.sentences)
