"""What of a summary may be shown: each item held against the messages that it names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from civic_assistant.bounds import is_bound_turned
from civic_assistant.charged import charged_words
from civic_assistant.comparison import Text, is_supported, swapped_figures
from civic_assistant.folding import folded
from civic_assistant.keywords import stems
from civic_assistant.language_model.checked import shown_text
from civic_assistant.language_model.line import Line, Speaker
from civic_assistant.language_model.nearness import LEAST_NEARNESS, Nearness
from civic_assistant.language_model.sentence_form import form_fault
from civic_assistant.negations import reversal_of
from civic_assistant.sentences import sentence_spans

Part = Literal["asked", "told", "open"]
ItemFault = Literal[
    "hidden", "no_text", "too_long", "no_message", "speaker", "placeholder", "figure", "swapped",
    "bound", "name", "negation", "charged", "stray", "markup", "letters",
]  # fmt: skip
"""Why an item is not shown. ``no_message``: it names none, too many, or one that there is not;
``speaker``: what was told rests on nobody who told it; ``placeholder``: it speaks of what was taken
out; ``name``: a name that the messages lack; ``stray``: it is about something else than they are;
the others are as in `Dropped`."""

ITEM_LENGTH = 300
MOST_MESSAGES = 4
NEAR = 0.1
"""Sentences as near as the nearest, but for this, are what an item is about."""
_SPEAKERS: Mapping[Part, frozenset[Speaker]] = {
    "asked": frozenset({"citizen"}),
    "told": frozenset({"agent", "assistant"}),
    "open": frozenset({"citizen"}),
}
_WORD = re.compile(r"[^\W\d_]+")
_PLACEHOLDER = re.compile(r"\[[^\]\n]{1,30}\]")
_BEGINS = re.compile(r"(?:^|[.!?:«“\"(]\s*)$")


@dataclass(frozen=True, slots=True)
class SummaryItem:
    """A sentence of a summary and the positions of the messages that it rests on, in order."""

    text: str
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class SummaryRules:
    """What items are held against: the messages as the model read them, and meaning.

    ``language`` is that of the summary; ``known`` are names that everybody knows, the town's.
    """

    lines: Mapping[int, Line]
    language: str
    known: str
    nearness: Nearness | None

    def fault_of(self, part: Part, item: SummaryItem) -> ItemFault | None:
        """Return why an item may not be shown, or None."""
        text = shown_text(item.text)
        if text is None:
            return "hidden"
        if not any(character.isalnum() for character in text):
            return "no_text"
        if len(text) > ITEM_LENGTH:
            return "too_long"
        lines = [self.lines[number] for number in item.numbers if number in self.lines]
        if not 0 < len(lines) == len(item.numbers) <= MOST_MESSAGES:
            return "no_message"
        said = [line for line in lines if line.speaker in _SPEAKERS[part]]
        if not said:
            return "speaker"
        if _PLACEHOLDER.search(text):
            return "placeholder"
        return self._unheld(text, said)

    def _unheld(self, text: str, lines: Sequence[Line]) -> ItemFault | None:
        if (form := form_fault(text, self.language, [line.text for line in lines])) is not None:
            return form
        said = Text.read(text, self.language)
        held = list(_by_language(lines))
        for figure in said.known:
            holders = [h for h in held if figure.is_implied or is_supported(figure, said, h)]
            if not holders:
                return "figure"
            if all(is_bound_turned(figure, said, holder) for holder in holders):
                return "bound"
        if len(held) == 1 and any(swapped_figures(said, held[0])):
            return "swapped"
        if any(self._strange_names(said, held)):
            return "name"
        weighing = (charged_words(text, self.language, h.text, h.language) for h in held)
        if all(words is not None for words in weighing):
            return "charged"
        return self._turned(text, held)

    def _strange_names(self, said: Text, held: Sequence[Text]) -> Iterator[str]:
        """Yield words with a capital, not at the beginning, that neither message nor town has."""
        texts = [self.known, *(h.text for h in held)]
        words = {folded(word) for text in texts for word in _WORD.findall(text)}
        roots = {stem for text in texts for stem in stems(text, self.language)}
        figures = [(figure.start, figure.end) for figure in said.known]
        for match in _WORD.finditer(said.text):
            word = match.group()
            is_first = _BEGINS.search(said.text, 0, match.start()) is not None
            is_figure = any(start <= match.start() < end for start, end in figures)
            if is_first or is_figure or not word[0].isupper() or folded(word) in words:
                continue
            if not roots.issuperset(stems(word, self.language)):
                yield word

    def _turned(self, text: str, held: Sequence[Text]) -> ItemFault | None:
        """Return what is wrong with its negations, beside the sentences that it is about.

        A negation of theirs must be in the item; one of the item's may stand anywhere in the
        messages.
        """
        about = [self._about(text, h) for h in held]
        best = max(near for near, _ in about)
        if self.nearness is not None and best < LEAST_NEARNESS:
            return "stray"
        for (near, quote), h in zip(about, held, strict=True):
            reversal = reversal_of(text, self.language, quote, h.language)
            if near == best and reversal is not None and reversal.change == "dropped":
                return "negation"
        added = (reversal_of(h.text, h.language, text, self.language) for h in held)
        is_added = all(a is not None and a.change == "dropped" for a in added)
        return "negation" if is_added else None

    def _about(self, text: str, held: Text) -> tuple[float, str]:
        """Return how near the nearest sentence is, and the sentences that an item is about."""
        spans = sentence_spans(held.text, held.language)
        if self.nearness is None or not spans:
            return 1.0, held.text
        sentences = [held.text[start:end] for start, end in spans]
        nearnesses = self.nearness.between(
            [text] * len(sentences), self.language, sentences, held.language
        )
        best = max(nearnesses)
        near = (s for s, n in zip(sentences, nearnesses, strict=True) if n >= best - NEAR)
        return best, "\n".join(near)


def _by_language(lines: Sequence[Line]) -> Iterator[Text]:
    for language in dict.fromkeys(line.language for line in lines):
        own = (line.text for line in lines if line.language == language)
        yield Text.read("\n".join(own), language)
