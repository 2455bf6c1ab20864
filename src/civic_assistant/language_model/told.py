"""What a language model did in a turn, in words, for who asks why an answer reads as it does."""

from __future__ import annotations

from collections.abc import Iterator

from civic_assistant.language_model.failure import FAILINGS, MEANINGS
from civic_assistant.language_model.rewritten import Rewritten, Unused
from civic_assistant.language_model.written import Dropped, Instead, JudgedSentence, Written

_DROPPED: dict[Dropped, str] = {
    "no_text": "it has no words",
    "too_long": "it is too long",
    "hidden": "it has characters that nobody sees",
    "twice": "it was said already",
    "no_quote": "it rests on no quote",
    "unknown_id": "it names a passage that was not given",
    "misquoted": "its quote does not stand in the passage",
    "quote_long": "its quotes are too long, or too many",
    "two_sections": "its quotes are of more than one section",
    "figure": "the quote lacks a figure of it",
    "swapped": "a figure stands in the place of another",
    "bound": "the least is said to be the most, or the other way",
    "negation": "a negation or an exception is missing, or added",
    "charged": "it promises, grants, gives or insults, and its quote does not",
    "stray": "it is about something else than its quote",
    "markup": "it has markup, or an address that its quote lacks",
    "letters": "it is written in letters of another script, or of two",
    "placeholder": "it says what stands for personal data that was taken out",
    "not_live": "the passage is not in the live edition, or not in force",
}
_INSTEAD: dict[Instead, str] = {
    "budget": "the budget for calls is spent",
    "down": "every endpoint is being left alone after failures",
    "late": "not all came in time",
    "none": "the model says that the passages do not answer",
    "lost": "too much of what it wrote does not hold",
    "language": "it wrote in another language than it was asked to",
    "copied": "it only copied the guide, which makes nothing plainer",
    "failed": "what it wrote broke the check, which the log tells",
    **{failing: MEANINGS[failing] for failing in FAILINGS if failing != "late"},
}


_UNUSED: dict[Unused, str] = {
    "budget": _INSTEAD["budget"],
    "down": _INSTEAD["down"],
    "hidden": _DROPPED["hidden"],
    "language": _INSTEAD["language"],
    "word": "nobody asked about this",
    "lost": "it leaves out a word of the question",
    "figure": "nobody asked about this figure",
    "negation": "it has a “not” more or less than what was asked",
    "screened": "it would not be looked up",
    **{failing: MEANINGS[failing] for failing in FAILINGS},
}


def told_rewriting(rewritten: Rewritten) -> Iterator[str]:
    """Yield the lines: prompt, model, calls, the question written, and what became of it."""
    yield f"Prompt        {rewritten.prompt}"
    yield f"Calls         {', '.join(rewritten.calls) or 'none'}"
    if rewritten.model:
        yield f"Model         {rewritten.model} at {rewritten.endpoint}"
        yield f"It wrote      {_on_one_line(rewritten.question)}"
    if rewritten.unused is not None:
        detail = f" ({_on_one_line(rewritten.detail)})" if rewritten.detail else ""
        yield f"Not searched  completed by rule instead: {_UNUSED[rewritten.unused]}{detail}"


def told_writing(written: Written) -> Iterator[str]:
    """Yield the lines: prompt, model, calls, and each sentence with what was decided on it."""
    yield f"Prompt        {written.prompt}, to be written in {written.language}"
    yield f"Calls         {', '.join(written.calls) or 'none'}"
    if written.model:
        yield f"Model         {written.model} at {written.endpoint}"
    if written.claimed is not None:
        yield f"It says       {written.claimed}"
    if written.instead is not None:
        yield f"Not shown     the guide's own sentences instead: {_INSTEAD[written.instead]}"
    for number, judged in enumerate(written.sentences, 1):
        yield from _sentence(number, judged, is_shown=written.instead is None)


def _sentence(number: int, judged: JudgedSentence, *, is_shown: bool) -> Iterator[str]:
    holds = "shown" if is_shown else "holds"
    why = holds if judged.dropped is None else f"dropped: {_DROPPED[judged.dropped]}"
    detail = f" ({_on_one_line(judged.detail)})" if judged.detail else ""
    yield f"{number}. {_on_one_line(judged.given.text)}"
    yield f"   {why}{detail}"
    for quote in judged.given.quotes:
        yield f"   quoted     “{_on_one_line(quote.quote)}” ({quote.passage_id[:8]})"


def _on_one_line(text: str) -> str:
    return " ".join(text.split())
