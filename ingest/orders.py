"""Orders to a program in a guide's text: a guide speaks to citizens, or it is not published."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from civic_assistant.errors import ContentRefused
from civic_assistant.folding import folded
from civic_assistant.guides import Guide
from civic_assistant.sentences import sentence_spans

_REMEDY = "Take it out: the guide's readers are citizens, and it would be quoted to them."
_SHOWN = 80
_UNSPACED = frozenset({"zh"})
_CELLS = " | "
# What may stand before and behind a program that is addressed, up to the colon.
_BEFORE = r"(?:[^\s:]+ ){0,5}?"
_BEHIND = r"(?:(?: [^\s:]+){0,3})"
_ARTICLE = r"(?:[^\s:]{1,6}['’ ]){0,2}"
_COLON = r" ?[:：]"
_ONLY = r"(?: (?:seulement|uniquement|only|solo|solamente|soltanto|somente|apenas|nur))?"


def refuse_orders(guide: Guide) -> None:
    """See that a guide gives no orders to a program that reads it.

    Raises:
        ContentRefused: one of its texts does; the sentence is named.
    """
    for text in _texts(guide):
        if is_order(text):
            told = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
            reason = f"it speaks to a program that reads it: {told!r}."
            raise ContentRefused(guide.document, reason, _REMEDY)


def is_order(sentence: str) -> bool:
    """Whether a sentence, heading or cell speaks to a program, in any of the page's languages."""
    plain = " ".join(folded(sentence).split())
    return any(pattern.search(plain) for pattern in _patterns())


def _texts(guide: Guide) -> Iterator[str]:
    """Yield the title, the headings, and each sentence and cell of a guide."""
    yield guide.title
    for fact in guide.facts:
        yield fact.text
    for section in guide.sections:
        yield from (*section.path, *section.situation)
        for start, end in sentence_spans(section.text, guide.language):
            yield from section.text[start:end].split(_CELLS)


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    file = files("ingest").joinpath("orders.toml")
    languages = tomllib.loads(file.read_text("utf-8"))
    return tuple(
        re.compile(pattern)
        for language, words in languages.items()
        for pattern in _of_language(words, is_spaced=language not in _UNSPACED)
    )


def _of_language(words: dict[str, list[str]], *, is_spaced: bool) -> Iterator[str]:
    program, helper, notice, override = (
        f"(?:{'|'.join(words[name])})" for name in ("program", "helper", "notice", "override")
    )
    yield rf"^{helper} ?[:：,،，]"
    if is_spaced:
        yield rf"^{_BEFORE}{_ARTICLE}(?<!\w){program}(?!\w){_BEHIND}{_COLON}"
        yield rf"^{notice} {_ARTICLE}{helper}{_ONLY}{_COLON}"
        yield rf"(?<!\w){override}"
    else:
        yield rf"^[^:：]{{0,10}}{program}[^:：]{{0,8}}{_COLON}"
        yield rf"^{notice}{helper}{_COLON}"
        yield override
