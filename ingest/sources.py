"""What a source of guides offers to publishing: a cheap listing, then one document at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from civic_assistant.errors import DocumentRefused
from civic_assistant.guides import Guide


@dataclass(frozen=True, slots=True)
class Loaded:
    """A guide as it was read; ``warnings`` are sentences for the editor, each naming its place."""

    guide: Guide
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DocumentFile:
    """A file that a guide is made from: its name below the source and the SHA-256 of its bytes."""

    name: str
    path: Path
    digest: str


@dataclass(frozen=True, slots=True)
class SourceDocument:
    """One document of a source, not read yet.

    ``name`` is its path below the source, as editors know it. ``fingerprint`` is a SHA-256 in hex
    over everything the guide is made from: the document, what describes it, the reader's version.
    ``load`` reads it; it raises `DocumentRefused`. ``files`` are those to be kept once it is
    published; a feed that can be fetched again names none.
    """

    name: str
    fingerprint: str
    load: Callable[[], Loaded]
    files: tuple[DocumentFile, ...] = ()


class Source(Protocol):
    """A feed of guides: the town's folder, the national archive."""

    @property
    def name(self) -> str:
        """The feed's name, as the guides carry it (``town``, ``national``)."""

    def documents(self) -> Iterator[SourceDocument | DocumentRefused]:
        """Yield every document, and the refusals that are known before reading, in a fixed order.

        Raises:
            SourceError: The source as a whole cannot be read, so that nothing may be concluded
                from what is missing in it.
        """
