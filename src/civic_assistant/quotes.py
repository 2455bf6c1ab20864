"""Where a quote stands in a passage: exactly after normalisation, at token borders."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from civic_assistant.figures import figures_of
from civic_assistant.figures.lexicon import HAN
from civic_assistant.sentences import sentence_spans
from civic_assistant.traced import Traced, traced

_OPENING = "«‹“„‟‚‛｢「『"
_CLOSING = "»›”｣」』"
_SIGNS = {
    **dict.fromkeys(_OPENING, "«"), **dict.fromkeys(_CLOSING, "»"),
    **dict.fromkeys("’‘ʼ`´＇′", "'"), "…": "...", "−": "-",
}  # fmt: skip
# Blanks that typography adds: runs, within guillemets, before double signs.
_BLANKS = re.compile(r"(?<= ) +|(?<=«) +| +(?=[»:;!?%€])")
_EDGES = re.compile(r"\A +| +\Z")
_QUOTATION_MARKS = str.maketrans("«»", '""')


@dataclass(frozen=True, slots=True)
class Located:
    """Where a quote stands: ``text[start:end]``, and the whole sentences around it.

    ``sentences`` are the offsets of these sentences (list items, table rows); ``places`` says at
    how many places the text has the quote, the first of which is told.
    """

    start: int
    end: int
    sentences: tuple[int, int]
    places: int


def locate_quote(quote: str, text: str, language: str) -> Located | None:
    """Return where a text has the quote, or None.

    Compared are letters, digits and signs, in NFC: kinds of blanks, quotation marks, dashes and
    apostrophes do not matter, nor do soft hyphens and blanks that typography adds before signs.
    A place that begins or ends within a word or a figure does not count: "5 days" is not in "15
    days", nor "234,50 €" in "1 234,50 €".
    """
    spans = [span for span in _places(quote, text) if _is_whole(text, *span, language)]
    if not spans:
        return None
    start, end = spans[0]
    return Located(start, end, widened(text, start, end, language), len(spans))


def stands_at(quote: str, text: str, start: int, end: int, language: str) -> bool:
    """Whether ``text[start:end]`` is the quote and cuts neither a word nor a figure."""
    if not 0 <= start < end <= len(text):
        return False
    return normalised(text[start:end]) == normalised(quote) and _is_whole(
        text, start, end, language
    )


def normalised(text: str) -> str:
    """Return the text as quotes are compared."""
    return _normal(text).text


def widened(text: str, start: int, end: int, language: str) -> tuple[int, int]:
    """Return the offsets of the whole sentences, items and rows that the span touches."""
    touched = [(a, b) for a, b in sentence_spans(text, language) if a < end and start < b]
    if not touched:
        return start, end
    return min(start, touched[0][0]), max(end, touched[-1][1])


def _places(quote: str, text: str) -> Iterator[tuple[int, int]]:
    wanted, held = normalised(quote), _normal(text)
    start = held.text.find(wanted) if wanted else -1
    while start >= 0:
        end = start + len(wanted)
        if held.parts(start) and held.parts(end):
            yield held.origin(start, end)
        start = held.text.find(wanted, start + 1)


def _is_whole(text: str, start: int, end: int, language: str) -> bool:
    """Whether a span begins and ends between words and between figures."""
    if _is_inside_word(text, start) or _is_inside_word(text, end):
        return False
    if _is_sentence_border(text, start) and _is_sentence_border(text, end):
        return True  # no figure goes over the end of a sentence
    return not any(
        figure.start < border < figure.end
        for figure in figures_of(text, language)
        for border in (start, end)
        if not figure.is_implied
    )


def _is_inside_word(text: str, place: int) -> bool:
    """Whether a place lies between two letters or digits; Chinese words have no borders."""
    if not 0 < place < len(text):
        return False
    left, right = text[place - 1], text[place]
    if unicodedata.combining(right):
        return True
    return left.isalnum() and right.isalnum() and not (HAN.match(left) or HAN.match(right))


def _is_sentence_border(text: str, place: int) -> bool:
    """Whether a place is the text's edge, or a line or sentence ends there and no number begins."""
    before, after = text[:place].rstrip(" \u00a0\u202f"), text[place:].lstrip(" \u00a0\u202f")
    if not before or not after or before.endswith("\n") or after.startswith("\n"):
        return True
    is_apart = len(before) < place or place + len(after) < len(text)
    is_stopped = before[-1] in ".!?:;。！？؟" and not before[-2:-1].isdigit()  # "am 3. Juni"
    return is_apart and is_stopped and not after[0].isdigit()


def _normal(text: str) -> Traced:
    held = traced(text, _normal_character).without(_BLANKS).without(_EDGES)
    return Traced(held.text.translate(_QUOTATION_MARKS), held.starts, held.ends)


@lru_cache(maxsize=8192)
def _normal_character(character: str) -> str:
    if character.isspace():
        return " "
    if character in _SIGNS:
        return _SIGNS[character]
    category = unicodedata.category(character[0])
    if category == "Cf":
        return ""
    if category == "Pd":
        return "-"
    return unicodedata.normalize("NFC", character)
