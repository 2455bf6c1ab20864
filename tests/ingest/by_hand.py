"""Publishing without a model and without files: guides by hand, vectors of their words."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import numpy as np

from civic_assistant.catalogue import guide_digest
from civic_assistant.embedding import Embedding, Role, TextVectors, TokenVectors
from civic_assistant.errors import DocumentRefused
from civic_assistant.guides import Guide
from civic_assistant.settings import Settings
from ingest.progress import Progress
from ingest.publish import Prepared, Published, prepare, publish
from ingest.sources import Loaded, SourceDocument
from tests.guides_by_hand import guide, section

DIMENSIONS = 16


class WordEmbedding(Embedding):
    """A text's vector is the sum of its words', which their letters decide; a word is a token."""

    def __init__(self) -> None:
        super().__init__(model_name="words", identity="words/1", dimensions=DIMENSIONS)

    def _read(self, texts: list[str], role: Role, *, is_by_token: bool) -> TextVectors:
        tokens = [_tokens(text) for text in texts]
        sums = np.array([own.vectors.sum(axis=0) for own in tokens], np.float32)
        lengths = np.linalg.norm(sums, axis=1, keepdims=True)
        return TextVectors(sums / np.maximum(lengths, 1e-9), tokens if is_by_token else ())


def _tokens(text: str) -> TokenVectors:
    words = text.split() or ["?"]
    vectors = [np.random.default_rng(zlib.crc32(w.encode())).normal(size=DIMENSIONS) for w in words]
    spans = [(text.find(word), text.find(word) + len(word)) for word in words]
    return TokenVectors(np.array(vectors, np.float32), np.array(spans, np.int32))


@dataclass(frozen=True, slots=True)
class Shelf:
    """A source of guides by hand."""

    guides: tuple[Guide, ...]
    name: str = "town"

    def documents(self) -> Iterator[SourceDocument | DocumentRefused]:
        for one in self.guides:
            own = replace(one, source=self.name)
            yield SourceDocument(one.document, guide_digest(own, ""), lambda own=own: Loaded(own))  # type: ignore[misc]


def fee(name: str, euros: int) -> Guide:
    """Return a guide of one passage that names a fee."""
    text = f"La démarche {name} coûte {euros} €."
    return guide(name, name.title(), section(("paragraph", text), path=("Tarifs",)))


def fees(count: int, euros: int = 10) -> tuple[Guide, ...]:
    return tuple(fee(f"guide-{number:02}", euros) for number in range(count))


@dataclass(slots=True)
class Town:
    """An index of its own, published into from shelves."""

    folder: Path
    embedding: Embedding = field(default_factory=WordEmbedding)
    day: date = date(2026, 11, 22)

    @property
    def settings(self) -> Settings:
        return Settings(index_folder=self.folder / "index", corpus_folder=self.folder / "corpus")

    def publish(
        self, *guides: Guide, source: str = "town", is_confirmed: bool = False
    ) -> Published:
        return publish(
            Shelf(guides, source),
            self.settings,
            self.embedding,
            Progress(visible=False),
            author="awa",
            is_withdrawal_confirmed=is_confirmed,
        )

    def prepare(self, *guides: Guide, source: str = "town") -> Prepared:
        return prepare(
            Shelf(guides, source),
            self.settings,
            self.embedding,
            Progress(visible=False),
            author="awa",
        )
