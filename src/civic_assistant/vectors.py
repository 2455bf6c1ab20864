"""Passage vectors in Chroma: written through llama-index's vector store, asked directly."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import chromadb
import numpy as np
from chromadb.api.collection_configuration import CreateHNSWConfiguration
from chromadb.config import Settings as ChromaSettings
from llama_index.core.schema import TextNode
from llama_index.vector_stores.chroma import ChromaVectorStore
from numpy.typing import NDArray

from civic_assistant.errors import CouldNotLook, IndexUnusable

if TYPE_CHECKING:
    from civic_assistant.settings import Settings

COLLECTION = "civic-passages"
# Chroma refuses more ids a call than its SQLite takes variables.
BATCH = 4000
# With Chroma's own numbers (16, 100, 100) a question over 42,967 passages of national guides is
# given 91 % of its 90 nearest and 97 % of the best twelve; with these all (docs/decisions/0006).
NEIGHBOURS: CreateHNSWConfiguration = {
    "space": "cosine",
    "max_neighbors": 32,
    "ef_construction": 200,
    "ef_search": 600,
}


class PassageVectors:
    """Unit vectors by passage id; passages of all editions lie side by side.

    A filter would cost Chroma fifty times a plain query, so that a query returns whatever is
    nearest and the caller drops what is not live.
    """

    def __init__(self, client: Any, collection: str = COLLECTION) -> None:
        self._collection = client.get_or_create_collection(
            collection, embedding_function=None, configuration={"hnsw": NEIGHBOURS}
        )
        self._store = ChromaVectorStore.from_collection(self._collection)

    def __len__(self) -> int:
        return int(self._collection.count())

    def add(self, ids: Sequence[str], vectors: NDArray[np.float32], guides: Sequence[str]) -> None:
        """Store unit ``vectors`` (n, dimensions) under ``ids``; known ids are left alone."""
        for start in range(0, len(ids), BATCH):
            stop = start + BATCH
            nodes = [
                TextNode(id_=id_, text="", embedding=vector.tolist(), metadata={"guide": guide})
                for id_, vector, guide in zip(
                    ids[start:stop], vectors[start:stop], guides[start:stop], strict=True
                )
            ]
            self._store.add(list(nodes))

    def stored(self, ids: Sequence[str]) -> set[str]:
        """Return those of ``ids`` that have a vector."""
        found: set[str] = set()
        for start in range(0, len(ids), BATCH):
            found.update(self._collection.get(list(ids[start : start + BATCH]), include=[])["ids"])
        return found

    def vectors_of(self, ids: Sequence[str]) -> NDArray[np.float32]:
        """Return the vectors of ``ids`` (n, dimensions), in that order; raises `CouldNotLook`."""
        rows = self._collection.get(list(ids), include=["embeddings"])
        by_id = dict(zip(rows["ids"], rows["embeddings"], strict=True))
        try:
            return np.asarray([by_id[id_] for id_ in ids], dtype=np.float32)
        except KeyError as error:
            message = f"passage {error} has no vector in Chroma: publish the guides again"
            raise CouldNotLook(message) from error

    def nearest(self, vector: NDArray[np.float32], count: int) -> list[tuple[str, float]]:
        """Return up to ``count`` (passage id, cosine), nearest first; raises `CouldNotLook`.

        Chroma is asked itself: llama-index's query reads every passage's metadata and makes a node
        of each, which takes eight times as long as finding them.
        """
        try:
            found = self._collection.query(
                query_embeddings=vector[np.newaxis], n_results=count, include=["distances"]
            )
        except Exception as error:  # Chroma and its server's client raise many kinds
            raise CouldNotLook(f"Chroma did not answer: {error}") from error
        cosines = [1.0 - float(distance) for distance in found["distances"][0]]
        return list(zip(found["ids"][0], cosines, strict=True))


def open_vectors(settings: Settings, index_folder: Path) -> PassageVectors:
    """Open the passage vectors of an index: a Chroma server by setting, else embedded.

    Raises:
        IndexUnusable: Chroma cannot be opened or reached.
    """
    quiet = ChromaSettings(anonymized_telemetry=False)
    try:
        if settings.chroma_host is None:
            folder = index_folder / "chroma"
            folder.mkdir(parents=True, exist_ok=True)
            return PassageVectors(chromadb.PersistentClient(path=str(folder), settings=quiet))
        client = chromadb.HttpClient(
            host=settings.chroma_host,
            port=settings.chroma_port,
            ssl=settings.chroma_ssl,
            settings=quiet,
        )
        return PassageVectors(client, f"{COLLECTION}-{index_folder.resolve().name}")
    except Exception as error:  # Chroma raises ValueError, RuntimeError and errors of its own
        where = settings.chroma_host or index_folder / "chroma"
        message = f"Chroma at {str(where)!r} cannot be opened: {error}. Check the chroma settings."
        raise IndexUnusable(message) from error
