"""What a reader makes of one document, before ``guide.toml`` says whose it is."""

from __future__ import annotations

from dataclasses import dataclass

from civic_assistant.errors import DocumentRefused
from civic_assistant.guides import Section
from ingest.bounds import BLOCK_CHARACTERS, GUIDE_BLOCKS, GUIDE_CHARACTERS, TITLE_CHARACTERS
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
        DocumentRefused: There is no title or no text, or more than a guide may have.
    """
    words = clean_text(title)
    if not words:
        raise DocumentRefused(document, "it has no title.", title_remedy)
    if not sections:
        raise DocumentRefused(document, "it has no text under its title.", "Write the guide.")
    if len(words) > TITLE_CHARACTERS:
        reason = f"its title has {len(words)} characters; at most {TITLE_CHARACTERS} are read."
        raise DocumentRefused(document, reason, title_remedy)
    blocks = sum(len(section.blocks) for section in sections)
    length = sum(len(section.text) for section in sections)
    if length > GUIDE_CHARACTERS or blocks > GUIDE_BLOCKS:
        reason = f"its text has {length} characters in {blocks} paragraphs, items and rows; "
        reason += f"at most {GUIDE_CHARACTERS} in {GUIDE_BLOCKS} are read."
        raise DocumentRefused(document, reason, "Split it into several guides.")
    longest = max(block.end - block.start for section in sections for block in section.blocks)
    if longest > BLOCK_CHARACTERS:
        reason = (
            f"one of its paragraphs has {longest} characters; at most {BLOCK_CHARACTERS} are read."
        )
        raise DocumentRefused(document, reason, "Cut it into several paragraphs.")
    first = sections[0]
    before_headings = not first.path and not first.situation
    paragraphs = [b for b in first.blocks if b.kind == "paragraph"] if before_headings else []
    description = first.text[paragraphs[0].start : paragraphs[0].end] if paragraphs else ""
    return ParsedDocument(words, description, sections, warnings)
