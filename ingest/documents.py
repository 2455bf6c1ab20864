"""What a reader makes of one document, before ``guide.toml`` says whose it is."""

from __future__ import annotations

from dataclasses import dataclass

from civic_assistant.errors import DocumentRefused
from civic_assistant.guides import Section
from ingest.characters import clean_text


@dataclass(frozen=True, slots=True)
class ParsedDocument:
    """A document as it was read; ``warnings`` are sentences for its editor, naming the place."""

    title: str
    description: str
    sections: tuple[Section, ...]
    warnings: tuple[str, ...] = ()


def parsed_document(
    document: str,
    title: str,
    sections: tuple[Section, ...],
    *,
    title_remedy: str,
    warnings: tuple[str, ...] = (),
) -> ParsedDocument:
    """Return the parsed document; its description is the first paragraph before any heading.

    Raises:
        DocumentRefused: There is no title or no text.
    """
    words = clean_text(title)
    if not words:
        raise DocumentRefused(document, "it has no title.", title_remedy)
    if not sections:
        raise DocumentRefused(document, "it has no text under its title.", "Write the guide.")
    first = sections[0]
    before_headings = not first.path and not first.situation
    paragraphs = [b for b in first.blocks if b.kind == "paragraph"] if before_headings else []
    description = first.text[paragraphs[0].start : paragraphs[0].end] if paragraphs else ""
    return ParsedDocument(words, description, sections, warnings)
