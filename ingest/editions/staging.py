"""All that an edition needs is kept, before the edition is written down."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from civic_assistant.catalogue import Catalogue
from civic_assistant.edition_vectors import is_graph_due
from civic_assistant.index import TOKENS_FILE
from civic_assistant.kept_vectors import KeptVectors
from civic_assistant.vectors import add_to_server, new_vectors, newest_folder, open_vectors
from ingest.editions.exact_words import keep_keywords
from ingest.editions.storing import store_passages
from ingest.progress import Progress

if TYPE_CHECKING:
    from civic_assistant.embedding import Embedding
    from civic_assistant.settings import Settings


@dataclass(frozen=True, slots=True)
class Kept:
    """What the guides of an edition come to: passages, those that were embedded, and their words.

    ``keywords`` names the folder of the exact words; ``embedding_seconds`` are wall-clock.
    """

    passages: int
    embedded: int
    keywords: str
    embedding_seconds: float


def keep_all(
    digests: Iterable[str],
    catalogue: Catalogue,
    settings: Settings,
    embedding: Embedding,
    progress: Progress,
) -> Kept:
    """Keep vectors, tokens and words of all passages of guide versions that have none yet.

    Readers see nothing of it. A run that dies loses a batch at most; the next one goes on.
    """
    folder = settings.index_folder
    ids = catalogue.ids_by_language(digests)
    every = [id_ for own in ids.values() for id_ in own]
    vectors = KeptVectors(folder)
    unknown = set(every) - vectors.stored(every)
    missing = list(catalogue.passages_with(sorted(unknown)))
    started = time.monotonic()
    with progress.stage("embedding", len(missing)) as advance:
        store_passages(missing, catalogue, embedding, vectors, folder / TOKENS_FILE, advance)
    seconds = time.monotonic() - started
    _keep_graph(settings, vectors, every)
    return Kept(len(every), len(missing), keep_keywords(folder, catalogue, ids), seconds)


def _keep_graph(settings: Settings, vectors: KeptVectors, ids: list[str]) -> None:
    """Make the graph anew when too many passages are not in it; a server's takes them up."""
    folder = settings.index_folder
    is_there = settings.chroma_host is not None or newest_folder(folder).is_dir()
    held = set(open_vectors(settings, folder).ids()) if is_there else set()
    apart = [id_ for id_ in ids if id_ not in held]
    if settings.chroma_host is not None and apart:
        add_to_server(settings, folder, apart, vectors.read(apart))
    elif settings.chroma_host is None and is_graph_due(len(held), len(apart)):
        new_vectors(folder, ids, vectors.read(ids))
