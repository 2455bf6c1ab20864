"""Two texts of one section, compared by sentence and then by word."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from civic_assistant.guides import Section
from civic_assistant.sentences import sentence_spans

RunKind = Literal["same", "removed", "added"]

# A word with its inner marks (l'école, 12,50, rendez-vous), one ideogram, or one sign; with the
# blanks after it.
_WORD = re.compile(
    r"(?:[\u3040-\u9fff]|[^\W\u3040-\u9fff]+(?:[.,'’\-/][^\W\u3040-\u9fff]+)*|\S)\s*"
)
# Sentences less alike than that are not shown as one that changed.
_ALIKE = 0.45
# Beyond so many comparisons the sentences of a rewritten section are paired by their order.
_MOST_COMPARISONS = 2500


@dataclass(frozen=True, slots=True)
class Run:
    """Words in a row that stayed, went or came."""

    kind: RunKind
    text: str


@dataclass(frozen=True, slots=True)
class SentenceChange:
    """A sentence, list item or table row that changed; None where there was, or is, none.

    ``runs`` are the words of both in reading order.
    """

    before: str | None
    after: str | None
    runs: tuple[Run, ...]


def sentence_changes(
    before: Section | None, after: Section | None, language: str
) -> tuple[SentenceChange, ...]:
    """Return what changes from one text of a section to the other, in reading order."""
    old = list(_sentences(before, language)) if before else []
    new = list(_sentences(after, language)) if after else []
    changes: list[SentenceChange] = []
    for kind, old_start, old_end, new_start, new_end in _matcher(old, new).get_opcodes():
        if kind != "equal":
            pairs = _aligned(old[old_start:old_end], new[new_start:new_end])
            changes += [SentenceChange(one, other, word_runs(one, other)) for one, other in pairs]
    return tuple(changes)


def word_runs(before: str | None, after: str | None) -> tuple[Run, ...]:
    """Return the words of two sentences in one reading order: what stayed, what went, what came."""
    old, new = _WORD.findall(before or ""), _WORD.findall(after or "")
    bare_old, bare_new = [w.strip() for w in old], [w.strip() for w in new]
    runs: list[Run] = []
    for kind, old_start, old_end, new_start, new_end in _matcher(bare_old, bare_new).get_opcodes():
        if kind == "equal":
            runs.append(Run("same", "".join(new[new_start:new_end])))
            continue
        if old_start < old_end:
            runs.append(Run("removed", "".join(old[old_start:old_end])))
        if new_start < new_end:
            runs.append(Run("added", "".join(new[new_start:new_end])))
    return tuple(runs)


def word_pairs(text: str) -> Counter[tuple[str, str]]:
    """Return how often each two words follow each other in a text."""
    words = _words(text)
    return Counter(itertools.pairwise(words))


def _words(text: str) -> list[str]:
    return [word.strip() for word in _WORD.findall(text)]


def _likeness(one: Sequence[str], other: Sequence[str]) -> float:
    """Return how many words two sentences share in one order: 2 × shared / all."""
    matcher = _matcher(one, other)
    return matcher.ratio() if matcher.quick_ratio() >= _ALIKE else 0.0


def _matcher(one: Sequence[str], other: Sequence[str]) -> SequenceMatcher[str]:
    return SequenceMatcher(None, one, other, autojunk=False)


def _sentences(section: Section, language: str) -> Iterator[str]:
    """Yield the sentences of a section, its rows and items whole."""
    for block in section.blocks:
        text = section.text[block.start : block.end]
        if block.kind in ("row", "header"):
            yield text
        else:
            yield from (text[start:end] for start, end in sentence_spans(text, language))


def _aligned(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[str | None, str | None]]:
    """Yield each sentence with what it was, those too unlike to be one by themselves.

    The pairing keeps the order of both and has the greatest likeness in all.
    """
    if len(old) * len(new) > _MOST_COMPARISONS:
        pairs = [(place, place) for place in range(min(len(old), len(new)))]
    else:
        pairs = _best_pairs(old, new)
    next_old = next_new = 0
    for old_place, new_place in [*pairs, (len(old), len(new))]:
        yield from ((sentence, None) for sentence in old[next_old:old_place])
        yield from ((None, sentence) for sentence in new[next_new:new_place])
        if old_place < len(old):
            yield old[old_place], new[new_place]
        next_old, next_new = old_place + 1, new_place + 1


def _best_pairs(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    new_words = [_words(sentence) for sentence in new]
    likeness = [[_likeness(_words(one), other) for other in new_words] for one in old]
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for i in range(len(old) - 1, -1, -1):
        for j in range(len(new) - 1, -1, -1):
            paired = likeness[i][j] + best[i + 1][j + 1] if likeness[i][j] >= _ALIKE else 0.0
            best[i][j] = max(paired, best[i + 1][j], best[i][j + 1])
    pairs, i, j = [], 0, 0
    while i < len(old) and j < len(new):
        if likeness[i][j] >= _ALIKE and best[i][j] == likeness[i][j] + best[i + 1][j + 1]:
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return pairs
