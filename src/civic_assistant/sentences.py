"""Where sentences begin and end in official text, by offsets."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files

import sentencex  # type: ignore[import-untyped]

_LAST_WORD = re.compile(r"(\d\s?)?(?<![^\s\d(\[«“\"'’])([^\s\d(\[«“\"'’]+)$")
_STOPPED = re.compile(r"[.…]\s*$")
_ONLY_NUMBER = re.compile(r"^[(\[]?(?:\d{1,3}|[a-z]|[ivx]{1,4})[.)]\s*$", re.IGNORECASE)
_FIRST_LETTER = re.compile(r"[^\W_]")
_INITIALS = re.compile(r"(?:[A-ZÀ-ÞА-ЯЄІЇҐ]\.-?)*[A-ZÀ-ÞА-ЯЄІЇҐ]")
_LINE = re.compile(r"[^\n]+")
_LOOKED_BACK = 200
"""Characters before a boundary that decide on it; all of them would take quadratic time."""


def sentence_spans(text: str, language: str) -> list[tuple[int, int]]:
    """Return the begin and end of each sentence, in order, without the spaces around it.

    A line end always ends a sentence. Full stops of shortened words (art., M., p. ex.), initials,
    numbers and list numbers do not. Rules by language from sentencex, which knows about 300; what
    official text needs besides is decided here, and in doubt two sentences stay one.
    """
    spans: list[tuple[int, int]] = []
    for line in _LINE.finditer(text):
        spans.extend(_spans_of_line(line.group(), line.start(), language))
    return spans


def _spans_of_line(line: str, offset: int, language: str) -> list[tuple[int, int]]:
    sentences: list[tuple[int, int]] = []
    end = 0
    for piece in sentencex.segment(language, line):
        start, end = end, end + len(piece)
        if sentences:
            begun, before = sentences[-1]
            left = line[max(begun, before - _LOOKED_BACK) : before]
            if _belongs_together(left, piece, language):
                sentences[-1] = (begun, end)
                continue
        sentences.append((start, end))
    spans = []
    for start, end in sentences:
        sentence = line[start:end]
        bare = sentence.strip()
        first = offset + start + len(sentence) - len(sentence.lstrip())
        if bare:
            spans.append((first, first + len(bare)))
    return spans


def _belongs_together(left: str, right: str, language: str) -> bool:
    """Whether the boundary between two pieces falls inside a sentence."""
    if not left.strip() or not right.strip() or not _FIRST_LETTER.search(right):
        return True
    if not _STOPPED.search(left):
        return False
    if _ONLY_NUMBER.match(left.strip()):
        return True
    first = _FIRST_LETTER.search(right)
    if first is not None and first.group().islower():
        return True
    last = _LAST_WORD.search(left.rstrip().removesuffix("."))
    word = last.group(2) if last else ""
    if last and last.group(1) and len(word) <= 2:  # `12 h.`: a unit, not a shortened word
        return False
    if _INITIALS.fullmatch(word) or word.casefold() in _abbreviations("announcing", language):
        return True
    measures = word.casefold() in _abbreviations("measuring", "any")
    return measures and first is not None and first.group().isdigit()


@cache
def _abbreviations(sort: str, language: str) -> frozenset[str]:
    table = tomllib.loads(
        files("civic_assistant").joinpath("abbreviations.toml").read_text("utf-8")
    )
    return frozenset(table[sort].get(language, ()))
