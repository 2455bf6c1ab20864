"""A cited source as the page's card shows it: where it stands, and the quotes in their context."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from itertools import groupby
from pathlib import PurePath
from typing import Literal

from civic_assistant.chat.markdown import safe_address
from civic_assistant.chat.page_words import direction
from civic_assistant.guides import BlockKind
from civic_assistant.messages import Messages, format_date, language_name
from civic_assistant.outcomes import Source

SERVED_DOCUMENTS = {
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
"""Original documents the page serves, and their media types; never what a browser would run."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text, marked when the answer quotes it."""

    text: str
    marked: bool


Cell = tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Neighbouring blocks shown as one: a paragraph, a list of items, or a table."""

    kind: Literal["paragraph", "list", "table"]
    header: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class SourceCard:
    """What ``SourceCard.jsx`` is given; every field can be written as JSON.

    ``language`` and ``direction`` are the guide's, ``spoken`` and ``spoken_direction`` those of
    the words around it.
    """

    anchor: str
    number: int
    title: str
    language: str
    direction: str
    spoken: str
    spoken_direction: str
    place: str
    situation: str
    department: str
    updated: str
    notes: tuple[str, ...]
    attribution: str
    address: str
    document: str
    groups: tuple[Group, ...]
    labels: Mapping[str, str]

    def props(self) -> Mapping[str, object]:
        """Return the card as plain dictionaries and lists."""
        return asdict(self)


def source_card(
    source: Source,
    number: int,
    anchor: str,
    messages: Messages,
    corrections: tuple[str, ...] = (),
) -> SourceCard:
    """Describe a source in the words of a page language; the guide's own text stays as it is.

    ``number`` counts from 1 within the answer; ``anchor`` identifies the card on the page.
    ``corrections`` are the marks of those that overrule the guide.
    """
    place = [" › ".join(source.path)] if source.path else []
    if source.page is not None:
        place.append(messages.text("answer.page", page=source.page))
    updated = source.updated_on
    department = source.department or source.authority
    return SourceCard(
        anchor=anchor,
        number=number,
        title=source.title,
        language=source.language,
        direction=direction(source.language),
        spoken=messages.language,
        spoken_direction=direction(messages.language),
        place=" · ".join(place),
        situation=" › ".join(source.situation),
        department=messages.text("answer.department", name=department) if department else "",
        updated=messages.text("answer.updated_on", date=format_date(updated, messages.language))
        if updated
        else "",
        notes=(
            *(messages.text("correction.applies", mark=mark) for mark in corrections),
            *_notes(source, messages),
        ),
        attribution=source.attribution,
        address=_place_on_page(source) or "",
        document=_original(source) or "",
        groups=tuple(_groups(source)),
        labels={
            "source": messages.text("answer.source"),
            "context": messages.text("answer.context"),
            "official": messages.text("answer.official_page"),
            "original": messages.text("answer.original_document"),
            "situation": messages.text("answer.situation"),
            "attribution": messages.text("answer.attribution"),
            "newWindow": messages.text("page.new_window"),
        },
    )


def other_language_note(language: str, messages: Messages) -> str:
    """Say that a passage stays in its own language."""
    name = language_name(language, messages.language)
    return messages.text("answer.other_language", language=name)


def _notes(source: Source, messages: Messages) -> Iterator[str]:
    if source.is_overdue and source.review_by is not None:
        day = format_date(source.review_by, messages.language)
        yield messages.text("answer.overdue", date=day)
    if source.language != messages.language:
        yield other_language_note(source.language, messages)


def _place_on_page(source: Source) -> str | None:
    address = safe_address(source.address)
    if address is None or "#" in address:
        return address
    if source.anchor:
        return safe_address(f"{address}#{source.anchor}")
    if source.page is not None and address.lower().endswith(".pdf"):
        return f"{address}#page={source.page}"
    return address


def _original(source: Source) -> str | None:
    suffix = PurePath(source.document).suffix.lower()
    if suffix not in SERVED_DOCUMENTS:
        return None
    page = f"#page={source.page}" if source.page is not None and suffix == ".pdf" else ""
    return f"/documents/{source.guide_id}/{source.language}{suffix}{page}"


def _groups(source: Source) -> Iterator[Group]:
    def kind(block: tuple[BlockKind, int, int]) -> Literal["paragraph", "list", "table"]:
        match block[0]:
            case "paragraph":
                return "paragraph"
            case "item":
                return "list"
            case "header" | "row":
                return "table"

    for group, blocks in groupby(source.blocks, kind):
        header: tuple[Cell, ...] = ()
        rows: list[tuple[Cell, ...]] = []
        for name, start, end in blocks:
            cells = tuple(_cells(source, start, end, split=group == "table"))
            if name == "header" and not header and not rows:
                header = cells
            else:
                rows.append(cells)
        yield Group(group, header, tuple(rows))


def _cells(source: Source, start: int, end: int, *, split: bool) -> Iterator[Cell]:
    while split and (bar := source.text.find(" | ", start, end)) >= 0:
        yield tuple(_pieces(source.text, start, bar, source.marks))
        start = bar + len(" | ")
    yield tuple(_pieces(source.text, start, end, source.marks))


def _pieces(text: str, start: int, end: int, marks: Iterable[tuple[int, int]]) -> Iterator[Piece]:
    at = start
    for mark_start, mark_end in sorted(marks):
        mark_start, mark_end = max(mark_start, at), min(mark_end, end)
        if mark_start >= mark_end:
            continue
        if at < mark_start:
            yield Piece(text[at:mark_start], marked=False)
        yield Piece(text[mark_start:mark_end], marked=True)
        at = mark_end
    if at < end:
        yield Piece(text[at:end], marked=False)
