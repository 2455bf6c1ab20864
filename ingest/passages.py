"""Passages out of a guide: whole sentences of one section, about as long as a reader takes in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from civic_assistant.guides import Block, Guide, Passage, Section, passage_id
from civic_assistant.sentences import sentence_spans

PASSAGE_RULES = "1"
"""The version of what this module decides; an index of other rules is not mixed with it."""

PASSAGE_WORDS = 220
"""About how many words a passage has; measured better than 512-token cuts on national guides."""
_WHOLE_SECTION_WORDS = PASSAGE_WORDS * 6 // 5
"""A section up to this length is one passage, so that no tail of a few words is left over."""
_LONG_WORD = 15
_WORDS_PER_IDEOGRAM = 0.6
_CONTEXT_SEPARATOR = " › "


@dataclass(frozen=True, slots=True)
class _Piece:
    """What is never cut: a sentence, an item, a row; or a list's introduction and first item."""

    start: int
    end: int
    words: float


def passages_of(guide: Guide) -> tuple[Passage, ...]:
    """Return the guide's card and then its passages, in reading order.

    A passage lies in one section, begins and ends where a block or a sentence does, overlaps no
    other, and together they hold all of the section's text. A list keeps with its introduction,
    and a table with its header, where they fit. A sentence beyond the length stays whole.
    """
    seen: Counter[tuple[str, str]] = Counter()
    passages = []
    for section, start, end, text, context in [_card(guide), *_cuts(guide)]:
        ordinal = seen[context, text]
        seen[context, text] += 1
        identity = passage_id(guide.id, guide.language, context, text, ordinal)
        passages.append(
            Passage(identity, guide.id, guide.language, section, start, end, text, context)
        )
    return tuple(passages)


def _card(guide: Guide) -> tuple[int, int, int, str, str]:
    about = f"{guide.title}: {guide.description}" if guide.description else guide.title
    return -1, 0, 0, "", _CONTEXT_SEPARATOR.join((*guide.theme, about))


def _cuts(guide: Guide) -> Iterator[tuple[int, int, int, str, str]]:
    for number, section in enumerate(guide.sections):
        context = _CONTEXT_SEPARATOR.join((guide.title, *section.path, *section.situation))
        for start, end in section_cuts(section, guide.language):
            yield number, start, end, section.text[start:end], context


def section_cuts(section: Section, language: str) -> list[tuple[int, int]]:
    """Return where the passages of a section begin and end."""
    pieces = [piece for group in _groups(section, language) for piece in group]
    if not pieces:
        return []
    if sum(piece.words for piece in pieces) <= _WHOLE_SECTION_WORDS:
        return [(pieces[0].start, pieces[-1].end)]
    cuts: list[list[_Piece]] = [[]]
    for group in _groups(section, language):
        whole = sum(piece.words for piece in group)
        if whole <= PASSAGE_WORDS and not _fits(cuts[-1], whole):
            cuts.append([])
        for piece in group:
            if not _fits(cuts[-1], piece.words):
                cuts.append([])
            cuts[-1].append(piece)
    return [(cut[0].start, cut[-1].end) for cut in cuts]


def _fits(cut: list[_Piece], words: float) -> bool:
    return not cut or sum(piece.words for piece in cut) + words <= PASSAGE_WORDS


def _groups(section: Section, language: str) -> Iterator[list[_Piece]]:
    """Yield the pieces that should stay together, a paragraph or a list at a time."""
    blocks = list(section.blocks)
    while blocks:
        length = _list_length(section, blocks)
        yield list(_pieces(section, blocks[:length], language))
        del blocks[:length]


def _list_length(section: Section, blocks: list[Block]) -> int:
    """Return how many blocks from the first on are one list or table with what introduces it."""
    first = blocks[0]
    introduces = section.text[first.start : first.end].endswith((":", "："))
    if first.kind == "paragraph" and not introduces:
        return 1
    length = 1
    while length < len(blocks) and blocks[length].kind != "paragraph":
        length += 1
    return length


def _pieces(section: Section, blocks: list[Block], language: str) -> Iterator[_Piece]:
    """Yield a group's pieces; what leads a list (introduction, header) sticks to what follows."""
    leading: int | None = None
    for number, block in enumerate(blocks):
        text = section.text[block.start : block.end]
        leads = number + 1 < len(blocks) and (block.kind == "header" or text.endswith((":", "：")))
        if leads and word_count(text) <= PASSAGE_WORDS // 2:
            leading = block.start if leading is None else leading
            continue
        start = block.start if leading is None else leading
        leading = None
        yield from _sentences(section.text, start, block, language)


def _sentences(text: str, start: int, block: Block, language: str) -> Iterator[_Piece]:
    """Yield a block whole, or its sentences when it is longer than a passage."""
    words = word_count(text[start : block.end])
    if words <= PASSAGE_WORDS or block.kind in ("header", "row"):
        yield _Piece(start, block.end, words)
        return
    for begin, end in sentence_spans(text[block.start : block.end], language):
        first = start if begin == 0 else block.start + begin
        last = block.start + end
        yield _Piece(first, last, word_count(text[first:last]))


def word_count(text: str) -> float:
    """Return about how many words a text has, in scripts without spaces too."""
    ideograms = sum("\u3040" <= character <= "\u9fff" for character in text)
    return _WORDS_PER_IDEOGRAM * ideograms + _spaced_words(text.split())


def _spaced_words(words: Iterable[str]) -> int:
    return sum(1 + len(word) // _LONG_WORD for word in words if not "\u3040" <= word[0] <= "\u9fff")
