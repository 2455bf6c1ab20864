"""Publishing guides with the product, timed."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from civic_assistant.catalogue import open_catalogue
from civic_assistant.embedding import open_embedding
from civic_assistant.model_folder import model_folder
from civic_assistant.model_tokenizer import open_tokenizer
from evals.bench.apart import disk_mib, peak_mib
from evals.bench.samples import sources
from ingest.passages import word_count
from ingest.progress import Progress
from ingest.publish import publish

if TYPE_CHECKING:
    from pathlib import Path

    from civic_assistant.settings import Settings

BASELINE = "llama-index"
BASELINE_OUR_PASSAGES = "llama-index, our passages"


@dataclass(frozen=True, slots=True)
class Ingested:
    """What it took a system to make guides searchable, in a process of its own.

    ``words`` are those of the guides' texts, ``handed_words`` those of the passages that the model
    was given, with what they repeat; ``unread`` is the share of the latter's characters that lie
    behind the most tokens the model reads. ``opened_s`` is how long opening the model took, which
    ``seconds`` (wall-clock) and ``processor_s`` leave out. Memory is the process's peak.
    """

    system: str
    threads: int
    guides: int
    passages: int
    words: float
    handed_words: float
    unread: float
    opened_s: float
    seconds: float
    processor_s: float
    memory_mib: float
    disk_mib: float

    @property
    def read_words(self) -> float:
        """Words that the model read."""
        return self.handed_words * (1 - self.unread)


def ingest(settings: Settings, sampled: Path | None, words: float) -> Ingested:
    """Publish the settings' corpus and a sample into their index folder, not there yet.

    ``words`` are those of all these guides.
    """
    start = time.perf_counter()
    embedding = open_embedding(settings)
    opened = time.perf_counter() - start
    wall, processor = time.perf_counter(), time.process_time()
    for source in sources(settings.corpus_folder, sampled):
        publish(source, settings, embedding, Progress(visible=False))
    wall, processor = time.perf_counter() - wall, time.process_time() - processor
    memory = peak_mib()
    catalogue = open_catalogue(settings.index_folder)
    entries = catalogue.entries(catalogue.live_edition())
    texts = [p.embedded_text for p in catalogue.passages(entry.digest for entry in entries)]
    return Ingested(
        system=settings.embedding,
        threads=settings.threads,
        guides=len(entries),
        passages=len(texts),
        words=words,
        handed_words=sum(map(word_count, texts)),
        unread=unread_share(texts, model_folder(settings)),
        opened_s=opened,
        seconds=wall,
        processor_s=processor,
        memory_mib=memory,
        disk_mib=disk_mib(settings.index_folder),
    )


def unread_share(texts: Iterable[str], folder: Path) -> float:
    """Return the share of the texts' characters that the model in ``folder`` cuts off."""
    tokenizer = open_tokenizer(folder)
    read = total = 0
    for text in texts:
        encoding = tokenizer.encode(text)
        total += len(text)
        read += max(end for _, end in encoding.offsets) if encoding.overflowing else len(text)
    return 1 - read / total if total else 0.0
