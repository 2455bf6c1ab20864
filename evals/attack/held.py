"""Whether what is shown is held by the live edition, by a check that shares nothing with the last.

Nothing of the product's own reading of quotes and figures is used: digits and letters alone count.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from civic_assistant.index import Index, LiveEdition
from civic_assistant.outcomes import Answered, AnswerSentence

_NUMBER = re.compile(r"\d+(?:[  .,'’]\d+)*")
_PARTS = re.compile(r"\d+")


def unheld(answered: Answered, index: Index, live: LiveEdition) -> Iterator[str]:
    """Yield what an answer shows and its quotes do not hold, in words.

    Each quote must stand in a passage of the live edition, and each number of a sentence in its
    quotes or in the title and headings that these stand under. A number in words is not read.
    """
    for sentence in answered.sentences:
        ids = {citation.passage_id for citation in sentence.citations}
        passages = index.passages(ids, live)
        for citation in sentence.citations:
            passage = passages.get(citation.passage_id)
            if passage is None or citation.edition != live.number:
                yield f"a quote of no live passage: {citation.quote}"
            elif _letters(citation.quote) not in _letters(passage.text):
                yield f"a quote that stands nowhere: {citation.quote}"
        contexts = [passage.context for passage in passages.values()]
        yield from (
            f"the number {number} is in no quote: {sentence.text}"
            for number in _strangers(sentence, contexts)
        )


def _strangers(sentence: AnswerSentence, contexts: list[str]) -> Iterator[str]:
    held = "\n".join([*(citation.quote for citation in sentence.citations), *contexts])
    numbers, parts = _numbers(held), set(_PARTS.findall(_digits(held)))
    for number in _NUMBER.findall(_digits(sentence.text)):
        if _joined(number) not in numbers and not set(_PARTS.findall(number)) <= parts:
            yield number


def _numbers(text: str) -> set[str]:
    return {_joined(number) for number in _NUMBER.findall(_digits(text))}


def _joined(number: str) -> str:
    return "".join(_PARTS.findall(number))


def _digits(text: str) -> str:
    """Return the text with every digit, of whatever script, as an ASCII one."""
    return "".join(
        str(unicodedata.digit(c)) if unicodedata.category(c) == "Nd" else c for c in text
    )


def _letters(text: str) -> str:
    """Return the letters and digits of a text alone, as they are compared."""
    return "".join(c for c in unicodedata.normalize("NFKC", text).casefold() if c.isalnum())
