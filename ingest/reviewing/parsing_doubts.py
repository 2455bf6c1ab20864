"""Pages that parsed badly: glued words, lost tables, headings not found, hardly any text.

A page is measured against the other guides of its language and against its own last version; a
doubt is for an editor to look at, never a reason to refuse.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from civic_assistant.figures import figures_of
from civic_assistant.guides import Guide, Section
from ingest.reviewing.glued_words import glued_words
from ingest.reviewing.parsing_norms import (
    Norms,
    heading_lines,
    is_headed,
    length_of,
    prose_length,
    texts_of,
)

DoubtKind = Literal[
    "glued_words", "little_text", "lost_table", "no_headings", "replaced_characters"
]

# A page with less than this share of a short guide, of its last version or of its original.
_LITTLE = 0.4
# Glued words that are told: one or two are a name or a slip of the pen.
_GLUED = 3
# A page this long without a heading, and a section longer than any other guide's by this factor.
_UNHEADED_WORDS = 150
_LONG_SECTION = 1.5
# What so many of the other guides have too is no doubt.
_USUAL = 0.01
# Amounts side by side, or cells below each other, that were a table.
_SIDE_BY_SIDE = 3
_CELLS = 6
_CELL_WORDS = 4
_KEPT_FIGURES = 0.5

_PIPES = re.compile(r"\|[^|]*\|")
_BROKEN = re.compile(
    r"\ufffd|[\ue000-\uf8ff]|\(cid:\d+\)|Ã[\x80-\xbf©¨ªàâ«´®¯»¼]|â€[\x80-\xbf™œž¦“”]|Â[°«»€§]"
    r"|[^\W\d_]\?[^\W\d_]"
)


@dataclass(frozen=True, slots=True)
class Doubt:
    """What speaks for a page that parsed badly.

    ``path`` is the section where it shows first, empty for the whole page; ``sample`` a few words
    of it, or numbers that are compared (``little_text``: words now and usual); ``count`` how
    often it shows.
    """

    kind: DoubtKind
    guide_id: str
    language: str
    document: str
    path: tuple[str, ...]
    sample: str
    count: int


def doubts_of(
    guide: Guide, norms: Norms, before: Guide | None = None, original: Guide | None = None
) -> tuple[Doubt, ...]:
    """Return what speaks for a page that parsed badly, one doubt a kind.

    ``norms`` are those of the other guides of its language, ``before`` its last version,
    ``original`` the guide in the language that it was written in.
    """
    found = (
        _replaced_characters(guide),
        _little_text(guide, norms, before, original),
        _glued(guide, norms),
        _no_headings(guide, norms),
        _lost_table(guide, before, original),
    )
    return tuple(doubt for doubt in found if doubt is not None)


def _doubt(
    kind: DoubtKind, guide: Guide, sample: str, count: int, section: Section | None = None
) -> Doubt:
    path = (*section.path, *section.situation) if section else ()
    return Doubt(kind, guide.id, guide.language, guide.document, path, sample, count)


def _replaced_characters(guide: Guide) -> Doubt | None:
    """Signs that stand for a letter which could not be read."""
    hits = [
        (text, match)
        for text in texts_of(guide)
        for match in _BROKEN.finditer(text)
        if "://" not in _word_around(text, match)
    ]
    if not hits:
        return None
    text, match = hits[0]
    sample = text[max(match.start() - 20, 0) : match.end() + 20]
    section = next((s for s in guide.sections if s.text == text), None)
    return _doubt("replaced_characters", guide, sample, len(hits), section)


def _word_around(text: str, match: re.Match[str]) -> str:
    start = max(text.rfind(" ", 0, match.start()), text.rfind("\n", 0, match.start())) + 1
    return text[start : match.end()]


def _little_text(
    guide: Guide, norms: Norms, before: Guide | None, original: Guide | None
) -> Doubt | None:
    """Hardly any text, or far less than the page had or than its original has."""
    length = length_of(guide)
    usual = max(
        norms.short_guide if norms.is_enough else 0.0,
        length_of(before) if before else 0.0,
        length_of(original) if original else 0.0,
    )
    if length >= _LITTLE * usual:
        return None
    return _doubt("little_text", guide, f"{length:.0f} / {usual:.0f}", 1)


def _glued(guide: Guide, norms: Norms) -> Doubt | None:
    glued = glued_words(guide, norms)
    if sum(glued.values()) < _GLUED:
        return None
    first = next(iter(glued))
    section = next((s for s in guide.sections if first in s.text), None)
    return _doubt("glued_words", guide, ", ".join(list(glued)[:5]), len(glued), section)


def _no_headings(guide: Guide, norms: Norms) -> Doubt | None:
    """No heading at all, a line that is one elsewhere, or more text under one than anywhere."""
    is_usual = norms.is_enough and norms.unheaded > _USUAL
    if not is_headed(guide) and length_of(guide) >= _UNHEADED_WORDS and not is_usual:
        return _doubt("no_headings", guide, guide.title, 1)
    if norms.is_enough and norms.heading_lines <= _USUAL:
        lines = list(heading_lines(guide, norms.headings))
        if lines:
            section, line = lines[0]
            return _doubt("no_headings", guide, line, len(lines), section)
    longest = max(guide.sections, key=prose_length, default=None)
    if longest is None or not norms.is_enough:
        return None
    words = prose_length(longest)
    if words <= max(_LONG_SECTION * norms.long_section, _UNHEADED_WORDS):
        return None
    return _doubt("no_headings", guide, longest.text[:60], 1, longest)


def _lost_table(guide: Guide, before: Guide | None, original: Guide | None) -> Doubt | None:
    """Cells that stand in a line or below each other, or a table that is not there any more."""
    spilt = [
        found for section in guide.sections if (found := _spilt_cells(section, guide.language))
    ]
    if spilt:
        section, sample = spilt[0]
        return _doubt("lost_table", guide, sample, len(spilt), section)
    for other in (before, original):
        if other is None or _rows(guide) or not (rows := _rows(other)):
            continue
        if _shared_amounts(guide, other) >= _KEPT_FIGURES:
            return _doubt("lost_table", guide, other.document, rows)
    return None


def _spilt_cells(section: Section, language: str) -> tuple[Section, str] | None:
    cells = 0
    for block in section.blocks:
        text = section.text[block.start : block.end]
        if block.kind in ("row", "header"):
            cells = 0
            continue
        if _PIPES.search(text) or _amounts_side_by_side(text, language) >= _SIDE_BY_SIDE:
            return section, text[:80]
        is_cell = block.kind == "paragraph" and len(text.split()) <= _CELL_WORDS
        cells = cells + 1 if is_cell and text[-1:] not in ".:;!?" else 0
        if cells >= _CELLS:
            return section, text[:80]
    return None


def _amounts_side_by_side(text: str, language: str) -> int:
    """Return how many amounts stand side by side, with nothing but blanks between them."""
    if sum(character.isdigit() for character in text) < _SIDE_BY_SIDE:
        return 0
    amounts = [f for f in figures_of(text, language) if f.kind == "amount" and not f.is_implied]
    longest = run = 1 if amounts else 0
    for one, other in itertools.pairwise(amounts):
        run = run + 1 if not text[one.end : other.start].strip() else 1
        longest = max(longest, run)
    return longest


def _rows(guide: Guide) -> int:
    return sum(block.kind == "row" for section in guide.sections for block in section.blocks)


def _shared_amounts(guide: Guide, other: Guide) -> float:
    """Return the share of the other's amounts that the guide still has."""
    theirs, own = _amounts(other), _amounts(guide)
    return len(theirs.keys() & own.keys()) / len(theirs) if theirs else 0.0


def _amounts(guide: Guide) -> Mapping[object, int]:
    found: dict[object, int] = {}
    for section in guide.sections:
        for figure in figures_of(section.text, guide.language):
            if figure.kind == "amount" and not figure.is_implied:
                found[figure.readings[0]] = found.get(figure.readings[0], 0) + 1
    return found
