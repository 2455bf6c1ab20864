"""A sentence as it is read: each official term in brackets behind its name."""

from __future__ import annotations

from collections.abc import Callable

from civic_assistant.messages import isolated
from civic_assistant.outcomes import AnswerSentence

# Chinese brackets are as wide as a character and need no blank.
_BRACKETS = {"zh": ("（", "）")}


def bracketed(
    sentence: AnswerSentence,
    language: str,
    written: Callable[[str], str] = str,
    marked: Callable[[str], str] = str,
) -> str:
    """Return a sentence in a language with its terms.

    ``written`` escapes what stands around the terms, ``marked`` escapes and marks a term. A term
    keeps its own direction of writing.
    """
    before, after = _BRACKETS.get(language, (" (", ")"))
    pieces: list[str] = []
    last = 0
    for term in sentence.terms:
        shown = marked(str(isolated(term.term, language)))
        pieces += [written(sentence.text[last : term.at]), before, shown, after]
        last = term.at
    return "".join((*pieces, written(sentence.text[last:])))
