"""An index grown to a size with varied copies of real guides, and the change of one guide in it."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from civic_assistant.embedding import open_embedding
from civic_assistant.guides import Guide
from evals.bench.apart import disk_mib, peak_mib
from evals.bench.echo import EchoEmbedding
from evals.bench.variation import Vocabulary
from ingest.passages import passages_of
from ingest.progress import Progress
from ingest.publish import publish
from ingest.sources import Loaded, SourceDocument

if TYPE_CHECKING:
    from civic_assistant.embedding import Embedding
    from civic_assistant.settings import Settings

SOURCE = "town"


@dataclass(frozen=True, slots=True)
class Grown:
    """What it took to publish an index of a size, in a process of its own.

    ``seconds`` (wall-clock) and ``processor_s`` hold everything but the embedding: reading,
    cutting, keeping, Chroma, exact words and verification. Memory is the process's peak, with the
    vectors of the guides that were varied; disk is by the index folder's parts.
    """

    passages: int
    guides: int
    seconds: float
    processor_s: float
    memory_mib: float
    disk_mib: dict[str, float]


@dataclass(frozen=True, slots=True)
class Changed:
    """What it took to publish one edited guide of an index of a size, in a process of its own.

    Its ``embedded`` passages are embedded by the real model, which was open before.
    """

    passages: int
    embedded: int
    seconds: float
    processor_s: float
    memory_mib: float


@dataclass(frozen=True, slots=True)
class GrownSource:
    """Guides, then varied copies of them, until there are at least ``size`` passages.

    ``edited`` guides, counted from the first, have other words than in another source.
    """

    guides: Sequence[Guide]
    size: int
    edited: int = 0
    name: str = SOURCE

    def documents(self) -> Iterator[SourceDocument]:
        """Yield one document a guide; a copy is made when it is loaded."""
        vocabulary = Vocabulary(self.guides)
        counts = [len(passages_of(guide)) for guide in self.guides]
        passages = number = 0
        while passages < self.size:
            copy, place = divmod(number, len(self.guides))
            guide, is_edited = self.guides[place], number < self.edited
            document = f"{copy}/{guide.source}/{guide.document}"
            seed = f"{document} edited" if is_edited else document
            fingerprint = hashlib.sha256(f"{seed} {guide.sections}".encode()).hexdigest()
            load = partial(self._load, vocabulary, guide, document, copy, is_edited)
            yield SourceDocument(document, fingerprint, load)
            passages += counts[place]
            number += 1

    def _load(
        self, vocabulary: Vocabulary, guide: Guide, document: str, copy: int, is_edited: bool
    ) -> Loaded:
        if copy:
            guide = vocabulary.varied_guide(guide, str(copy))
        if is_edited:
            guide = vocabulary.edited_guide(guide, "edited")
        return Loaded(replace(guide, source=self.name, document=document))


def grow(settings: Settings, guides: Sequence[Guide], size: int) -> Grown:
    """Publish an index of at least ``size`` passages into the settings' index folder."""
    return grow_with(open_embedding(settings), settings, guides, size)


def grow_with(
    embedding: Embedding, settings: Settings, guides: Sequence[Guide], size: int
) -> Grown:
    """Do as `grow` with a model that is open."""
    echo = EchoEmbedding(embedding, [p.embedded_text for g in guides for p in passages_of(g)])
    wall, processor = time.perf_counter(), time.process_time()
    published = publish(GrownSource(guides, size), settings, echo, Progress(visible=False))
    wall, processor = time.perf_counter() - wall, time.process_time() - processor
    parts: dict[str, float] = {}
    for path in sorted(settings.index_folder.iterdir()):
        name = path.name.removesuffix("-wal").removesuffix("-shm")
        parts[name] = parts.get(name, 0.0) + disk_mib(path)
    return Grown(
        passages=published.passages,
        guides=published.guides,
        seconds=wall,
        processor_s=processor,
        memory_mib=peak_mib(),
        disk_mib=parts,
    )


def change(settings: Settings, guides: Sequence[Guide], size: int) -> Changed:
    """Publish the grown index again, with its first guide edited."""
    return change_with(open_embedding(settings), settings, guides, size)


def change_with(
    embedding: Embedding, settings: Settings, guides: Sequence[Guide], size: int
) -> Changed:
    """Do as `change` with a model that is open."""
    wall, processor = time.perf_counter(), time.process_time()
    source = GrownSource(guides, size, edited=1)
    published = publish(source, settings, embedding, Progress(visible=False))
    return Changed(
        passages=published.passages,
        embedded=published.embedded,
        seconds=time.perf_counter() - wall,
        processor_s=time.process_time() - processor,
        memory_mib=peak_mib(),
    )
