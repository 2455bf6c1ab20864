"""What an answer may be made of: sentences, introduced lists, tables with their header."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from civic_assistant.guides import Block, BlockKind, Passage, Section
from civic_assistant.sentences import sentence_spans

UnitKind = Literal["sentence", "list", "table"]


@dataclass(frozen=True, slots=True)
class Span:
    """A part of a unit: ``passage.text[start:end]`` is a sentence, an item or a row."""

    kind: BlockKind
    passage: Passage
    start: int
    end: int

    @property
    def text(self) -> str:
        """The words of the span."""
        return self.passage.text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Unit:
    """The least that may be quoted: a sentence, or a list or table with what leads to it."""

    kind: UnitKind
    section: int
    spans: tuple[Span, ...]


def units_of(section: Section, passages: Sequence[Passage], language: str) -> list[Unit]:
    """Return the units of a section in order.

    ``passages`` are all passages of the section, in order. The sentence right before a list or
    table goes with it: it says what the items are, with a colon or without.
    """
    number = passages[0].section
    units: list[Unit] = []
    lead: tuple[Span, ...] = ()
    for kind, run in groupby(section.blocks, key=lambda b: _UNIT_OF[b.kind]):
        spans = [s for block in run for s in _spans_of(block, passages, language)]
        if kind != "sentence":
            units.append(Unit(kind, number, (*lead, *spans)))
            lead = ()
            continue
        units.extend(Unit("sentence", number, (span,)) for span in (*lead, *spans[:-1]))
        lead = tuple(spans[-1:])
    units.extend(Unit("sentence", number, (span,)) for span in lead)
    return units


_UNIT_OF: dict[BlockKind, UnitKind] = {
    "paragraph": "sentence",
    "item": "list",
    "header": "table",
    "row": "table",
}


def _spans_of(block: Block, passages: Sequence[Passage], language: str) -> Iterator[Span]:
    """Yield the spans of a block, cut where its passages are cut."""
    for passage in passages:
        start, end = max(block.start, passage.start), min(block.end, passage.end)
        if start >= end:
            continue
        offset = start - passage.start
        text = passage.text[offset : end - passage.start]
        if block.kind == "paragraph":
            for begin, finish in sentence_spans(text, language):
                yield Span("paragraph", passage, offset + begin, offset + finish)
        elif stripped := text.strip():
            begin = offset + len(text) - len(text.lstrip())
            yield Span(block.kind, passage, begin, begin + len(stripped))
