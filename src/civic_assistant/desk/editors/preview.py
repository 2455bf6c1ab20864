"""What becomes of a document: its sections as citizens read them, cut into passages.

Documents are read by the bounded process that reads them for publishing, so that the preview is
what will be published, and a document that would be refused is refused here.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from civic_assistant.desk.editors.drafts import guide_of
from civic_assistant.errors import DocumentRefused
from civic_assistant.guides import BlockKind, FactKind, Guide, Section
from ingest.drafts.working_copy import WorkingCopy
from ingest.formats import FORMATS
from ingest.guide_file import GUIDE_FILE
from ingest.passages import section_cuts, word_count
from ingest.sections import CELL_SEPARATOR


@dataclass(frozen=True, slots=True)
class ShownBlock:
    """A paragraph, an item at its depth, or the cells of a table's row."""

    kind: BlockKind
    level: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShownCut:
    """One passage: the unit that is found and quoted; ``number`` counts from 1 over the guide."""

    number: int
    words: int
    blocks: tuple[ShownBlock, ...]


@dataclass(frozen=True, slots=True)
class ShownSection:
    """A heading's own text; ``situation`` is the case it holds for, ``topic`` what it tells."""

    path: tuple[str, ...]
    situation: tuple[str, ...]
    topic: FactKind | None
    page: int | None
    cuts: tuple[ShownCut, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """A document as it was read, or why it cannot be; ``warnings`` name places to look at."""

    title: str = ""
    description: str = ""
    sections: tuple[ShownSection, ...] = ()
    warnings: tuple[str, ...] = ()
    refused: DocumentRefused | None = None

    @property
    def passages(self) -> int:
        """How many passages it is cut into."""
        return sum(len(section.cuts) for section in self.sections)


def preview_of(draft: WorkingCopy, name: str) -> Preview:
    """Return what becomes of a document as the draft has it."""
    try:
        loaded = draft.loaded(name)
    except DocumentRefused as refusal:
        return Preview(refused=refusal)
    return Preview(
        title=loaded.guide.title,
        description=loaded.guide.description,
        sections=tuple(_sections(loaded.guide)),
        warnings=loaded.warnings,
    )


def preview_of_content(draft: WorkingCopy, corpus: Path, name: str, content: bytes) -> Preview:
    """Return what would become of a document with this content; the draft stays as it is.

    It stands in the place of every other format of its language.
    """
    with tempfile.TemporaryDirectory(prefix="civic-preview-") as folder:
        scratch = WorkingCopy(Path(folder), corpus)
        description = f"{guide_of(name)}/{GUIDE_FILE}"
        try:
            described = draft.content(description)
            if described is not None:
                scratch.change(description, described)
            scratch.change(name, content)
            stem = name.rpartition(".")[0]
            for other in (f"{stem}{ending}" for ending in FORMATS):
                if other != name and scratch.digest(other) is not None:
                    scratch.remove(other)
        except DocumentRefused as refusal:
            return Preview(refused=refusal)
        return preview_of(scratch, name)


def _sections(guide: Guide) -> Iterator[ShownSection]:
    number = 0
    for section in guide.sections:
        cuts = []
        for start, end in section_cuts(section, guide.language):
            number += 1
            words = round(word_count(section.text[start:end]))
            cuts.append(ShownCut(number, words, tuple(_blocks(section, start, end))))
        yield ShownSection(
            section.path, section.situation, section.topic, section.page, tuple(cuts)
        )


def _blocks(section: Section, start: int, end: int) -> Iterator[ShownBlock]:
    """Yield what of each block lies in a passage."""
    for block in section.blocks:
        first, last = max(start, block.start), min(end, block.end)
        if first < last:
            text = section.text[first:last].strip()
            is_row = block.kind in ("header", "row")
            cells = text.split(CELL_SEPARATOR) if is_row else [text]
            yield ShownBlock(block.kind, block.level, tuple(cells))
