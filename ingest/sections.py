"""Sections out of a neutral stream of headings, paragraphs, items and table rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from civic_assistant.guides import Block, BlockKind, FactKind, Section
from ingest.characters import clean_text
from ingest.topics import situation_in_heading, topic_of_heading

CELL_SEPARATOR = " | "


@dataclass(frozen=True, slots=True)
class _Place:
    """One heading or situation that the text now read lies under."""

    level: int
    text: str
    is_situation: bool
    anchor: str | None
    page: int | None
    topic: FactKind | None


@dataclass(slots=True)
class _Draft:
    """The section that is being filled."""

    path: tuple[str, ...]
    situation: tuple[str, ...]
    anchor: str | None
    page: int | None
    topic: FactKind | None
    lines: list[str] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    length: int = 0


class SectionBuilder:
    """Collects a document in reading order and cuts it into sections.

    A heading opens a section under the last heading of a smaller level. A situation (a heading
    that says so, or the `situation` context) is kept apart from the path. Sections without text
    are dropped. A paragraph or table that begins on another page continues its section in a new one
    with the same path, so that a citation names the right page.
    """

    def __init__(self, language: str | None = None) -> None:
        """Read headings in this language when known, otherwise in all that are known."""
        self._language = language
        self._places: list[_Place] = []
        self._floor = 0
        self._sections: list[Section] = []
        self._draft: _Draft | None = None

    def heading(
        self,
        level: int,
        text: str,
        anchor: str | None = None,
        page: int | None = None,
        situation: bool = False,
        topic: FactKind | None = None,
    ) -> None:
        """Open a section; ``level`` counts from 1 for the widest.

        The heading is a situation when ``situation`` says so or when it begins with the word for
        it (``Situation : vous êtes mineur``). Without ``topic`` the heading's words decide it.
        Levels are counted anew inside a `situation` context.
        """
        words = clean_text(text)
        if not words:
            return
        case = situation_in_heading(words)
        self._close()
        while len(self._places) > self._floor and self._places[-1].level >= level:
            self._places.pop()
        is_situation = situation or case is not None
        known = topic or (None if is_situation else topic_of_heading(words, self._language))
        self._places.append(_Place(level, case or words, is_situation, anchor, page, known))

    @contextmanager
    def situation(self, text: str, anchor: str | None = None) -> Iterator[None]:
        """Put everything said inside under this situation, whatever headings are met there."""
        self._close()
        depth, floor = len(self._places), self._floor
        if words := clean_text(text):
            self._places.append(_Place(0, words, True, anchor, None, None))
        self._floor = len(self._places)
        try:
            yield
        finally:
            self._close()
            del self._places[depth:]
            self._floor = floor

    def paragraph(self, text: str, page: int | None = None) -> None:
        """Add a paragraph."""
        self._add("paragraph", clean_text(text), page=page)

    def item(self, text: str, level: int = 0, page: int | None = None) -> None:
        """Add a list item, without its bullet; ``level`` 0 is the outermost list."""
        self._add("item", clean_text(text), level, page)

    def row(self, cells: Sequence[str], header: bool = False, page: int | None = None) -> None:
        """Add a table row; empty cells at its end are left out."""
        cleaned = [clean_text(cell) for cell in cells]
        while cleaned and not cleaned[-1]:
            cleaned.pop()
        self._add("header" if header else "row", CELL_SEPARATOR.join(cleaned), page=page)

    def build(self) -> tuple[Section, ...]:
        """Return the sections met so far, in reading order."""
        self._close()
        return tuple(self._sections)

    def _add(self, kind: BlockKind, text: str, level: int = 0, page: int | None = None) -> None:
        if not text:
            return
        draft = self._draft
        turned = (
            draft is not None and kind in ("paragraph", "header") and None not in (page, draft.page)
        )
        if draft is None or (turned and page != draft.page):
            draft = self._open(page)
        start = draft.length + 1 if draft.lines else 0
        draft.lines.append(text)
        draft.blocks.append(Block(kind, start, start + len(text), level))
        draft.length = start + len(text)

    def _open(self, page: int | None) -> _Draft:
        self._close()
        innermost = self._places[-1] if self._places else None
        self._draft = _Draft(
            path=tuple(place.text for place in self._places if not place.is_situation),
            situation=tuple(place.text for place in self._places if place.is_situation),
            anchor=next((p.anchor for p in reversed(self._places) if p.anchor), None),
            page=page or (innermost.page if innermost else None),
            topic=next((p.topic for p in reversed(self._places) if p.topic), None),
        )
        return self._draft

    def _close(self) -> None:
        draft, self._draft = self._draft, None
        if draft is not None:
            self._sections.append(
                Section(
                    path=draft.path,
                    text="\n".join(draft.lines),
                    blocks=tuple(draft.blocks),
                    situation=draft.situation,
                    anchor=draft.anchor,
                    page=draft.page,
                    topic=draft.topic,
                )
            )
