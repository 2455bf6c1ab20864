"""The words of the corpus: guide, section, block, fact, passage."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

Audience = Literal["individuals", "businesses", "associations"]
AUDIENCES: tuple[Audience, ...] = get_args(Audience)

BlockKind = Literal["paragraph", "item", "header", "row"]

FactKind = Literal[
    "who", "documents", "cost", "delay", "where", "hours", "how",
    "online_service", "form", "legal_basis", "contact",
]  # fmt: skip
FACT_KINDS: tuple[FactKind, ...] = get_args(FactKind)


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, list item or table row of a section; ``section.text[start:end]`` is its text.

    ``header`` is a table's first row; ``level`` is the depth of a list item, 0 for the outermost.
    A row's cells are joined by `` | ``. The text of an item does not include its bullet.
    """

    kind: BlockKind
    start: int
    end: int
    level: int = 0


@dataclass(frozen=True, slots=True)
class Section:
    """A heading's own text in a guide.

    ``text`` is NFC, one block a line; ``path`` runs from the outermost heading to this one and
    leaves out the guide's title; ``situation`` is the case the text applies to, outermost first,
    and empty when it applies to everybody. ``anchor`` is a fragment on the official page,
    ``page`` a page of the document counted from 1. ``topic`` is what the section tells, when known.
    """

    path: tuple[str, ...]
    text: str
    blocks: tuple[Block, ...]
    situation: tuple[str, ...] = ()
    anchor: str | None = None
    page: int | None = None
    topic: FactKind | None = None

    @property
    def heading(self) -> str:
        """The innermost heading, or an empty string for text before the first heading."""
        return self.path[-1] if self.path else ""


@dataclass(frozen=True, slots=True)
class Fact:
    """A typed field of a procedure: what it is, in the guide's words, and where it leads."""

    kind: FactKind
    text: str
    situation: tuple[str, ...] = ()
    address: str | None = None


@dataclass(frozen=True, slots=True)
class Guide:
    """One official procedure document in one language.

    The same ``id`` in another ``language`` is a translation of the same guide. ``source`` names
    the feed that published it (``town``, ``national``). ``theme`` runs from the widest to the
    narrowest. ``attribution`` must be shown wherever the guide is quoted, when it is not empty.
    ``document`` is the file's name below its source, for messages to editors.
    """

    id: str
    title: str
    language: str
    source: str
    document: str
    sections: tuple[Section, ...]
    description: str = ""
    address: str | None = None
    authority: str = ""
    department: str = ""
    audiences: tuple[Audience, ...] = ("individuals",)
    theme: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()
    valid_from: date | None = None
    valid_until: date | None = None
    review_by: date | None = None
    updated_on: date | None = None
    licence: str = ""
    attribution: str = ""

    def is_in_force(self, today: date) -> bool:
        """Whether the guide may answer today: begun, and not expired."""
        begun = self.valid_from is None or self.valid_from <= today
        return begun and (self.valid_until is None or today <= self.valid_until)

    def is_overdue(self, today: date) -> bool:
        """Whether the guide's review date has passed."""
        return self.review_by is not None and self.review_by < today


@dataclass(frozen=True, slots=True)
class Passage:
    """The unit that is indexed: whole sentences of one section of one guide.

    ``text == guide.sections[section].text[start:end]``. ``context`` (title, path, situation) is
    embedded with the text and never quoted. A *card* stands for the whole guide (theme, title,
    description): it helps to find a guide and is never quoted; its ``section`` is -1.
    """

    id: str
    guide_id: str
    language: str
    section: int
    start: int
    end: int
    text: str
    context: str

    @property
    def is_card(self) -> bool:
        """Whether this passage stands for its whole guide."""
        return self.section < 0

    @property
    def embedded_text(self) -> str:
        """What the embedding model reads."""
        return f"{self.context}\n{self.text}" if self.text else self.context


def passage_id(guide_id: str, language: str, context: str, text: str, ordinal: int) -> str:
    """Return the stable identity of a passage: 32 hex digits over what is embedded and where.

    ``ordinal`` counts earlier passages of the same guide with the same context and text, so that
    a repeated paragraph keeps an identity of its own.
    """
    parts = (guide_id, language, context, text, str(ordinal))
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:32]


def blocks_of(section: Section, passage: Passage) -> Iterator[Block]:
    """Yield the blocks of the section that lie at least partly in the passage, in order."""
    for block in section.blocks:
        if block.start < passage.end and block.end > passage.start:
            yield block
