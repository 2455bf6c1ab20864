"""Passage vectors in Chroma: written through llama-index's vector store, asked directly.

An embedded Chroma is a folder that is written once, before anybody reads it, and never again: a
crash would break a graph that is being written over, and a process that has one open never sees
what another adds. What is published later lies beside it until a new one is made
(`EditionVectors`). A Chroma server has one collection, which takes up what
is published and loses what the purge drops.
"""

from __future__ import annotations

import shutil
import threading
import weakref
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
FIRST_FOLDER = "chroma"
"""The embedded Chroma of a new index; the next ones are ``chroma-2``, ``chroma-3``…"""
# Chroma refuses more ids a call than its SQLite takes variables.
BATCH = 4000
# With Chroma's own numbers (16, 100, 100) a question over 42,967 passages of national guides is
# given 91 % of its 90 nearest and 97 % of the best twelve; with these all (docs/decisions/0010).
NEIGHBOURS: CreateHNSWConfiguration = {
    "space": "cosine",
    "max_neighbors": 32,
    "ef_construction": 200,
    "ef_search": 600,
}
# Chroma counts who uses a folder, but does not lock the count. A finalizer may run in between.
_opening = threading.RLock()


class PassageVectors:
    """Unit vectors by passage id in one collection; closed with the last reference to it.

    A filter would cost Chroma fifty times a plain query, so that a query returns whatever is
    nearest and the caller drops what is not in its edition.
    """

    def __init__(
        self, client: Any, collection: str = COLLECTION, folder: Path | None = None, size: int = 0
    ) -> None:
        self.folder = folder
        # The graph is written to the disk when it has so many vectors: once, where that is known.
        hnsw = {**NEIGHBOURS, "sync_threshold": max(size, 2)} if size else NEIGHBOURS
        self._collection = client.get_or_create_collection(
            collection, embedding_function=None, configuration={"hnsw": hnsw}
        )
        self._store = ChromaVectorStore.from_collection(self._collection)
        weakref.finalize(self, _close, client).atexit = False

    def __len__(self) -> int:
        return int(self._collection.count())

    def add(self, ids: Sequence[str], vectors: NDArray[np.float32]) -> None:
        """Store unit ``vectors`` (n, dimensions) under ``ids``; known ids are left alone."""
        for start in range(0, len(ids), BATCH):
            stop = start + BATCH
            nodes = [
                TextNode(id_=id_, text="", embedding=vector.tolist())
                for id_, vector in zip(ids[start:stop], vectors[start:stop], strict=True)
            ]
            self._store.add(list(nodes))

    def drop(self, ids: Sequence[str]) -> None:
        """Forget the vectors of ``ids``; unknown ones are left alone."""
        for start in range(0, len(ids), BATCH):
            self._collection.delete(list(ids[start : start + BATCH]))

    def ids(self) -> list[str]:
        """Return every id that has a vector."""
        return list(self._collection.get(include=[])["ids"])

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


def open_vectors(
    settings: Settings, index_folder: Path, held: PassageVectors | None = None
) -> PassageVectors:
    """Open the vectors of an index: a Chroma server by setting, else its newest folder.

    ``held`` is returned when it is that one already.

    Raises:
        IndexUnusable: Chroma is not there, or cannot be opened or reached.
    """
    if settings.chroma_host is not None:
        return held or _on_server(settings, index_folder)
    folder = newest_folder(index_folder)
    if held is not None and held.folder == folder:
        return held
    if not folder.is_dir():
        raise IndexUnusable(f"the index has no {str(folder)!r}: publish the guides again")
    return _embedded(folder)


def newest_folder(index_folder: Path) -> Path:
    """Return the folder of the embedded Chroma that was made last."""
    return max(_folders(index_folder), key=_number, default=index_folder / FIRST_FOLDER)


def new_vectors(index_folder: Path, ids: Sequence[str], vectors: NDArray[np.float32]) -> None:
    """Make an embedded Chroma of these vectors, which readers take up with their next edition.

    It gets its name when it is whole. Of the older ones the last is left to those who read it.

    Raises:
        IndexUnusable: Chroma cannot be opened.
    """
    folders = sorted(_folders(index_folder), key=_number)
    name = f"{FIRST_FOLDER}-{_number(folders[-1]) + 1}" if folders else FIRST_FOLDER
    staged = index_folder / f"{name}.staged"
    drop_unfinished(index_folder)
    staged.mkdir(parents=True)
    _embedded(staged, len(ids)).add(ids, vectors)
    staged.rename(index_folder / name)
    for old in folders[:-1]:
        shutil.rmtree(old, ignore_errors=True)


def drop_unfinished(index_folder: Path) -> None:
    """Remove what runs that died left of an embedded Chroma; only while no other publish runs."""
    for left in index_folder.glob(f"{FIRST_FOLDER}*.staged"):
        shutil.rmtree(left)


def keep_newest(index_folder: Path) -> None:
    """Remove every embedded Chroma but the newest."""
    for old in sorted(_folders(index_folder), key=_number)[:-1]:
        shutil.rmtree(old, ignore_errors=True)


def add_to_server(
    settings: Settings, index_folder: Path, ids: Sequence[str], vectors: NDArray[np.float32]
) -> None:
    """Add vectors to the collection of a Chroma server; raises `IndexUnusable`."""
    _on_server(settings, index_folder).add(ids, vectors)


def drop_from_server(settings: Settings, index_folder: Path, ids: Sequence[str]) -> None:
    """Take vectors out of the collection of a Chroma server; raises `IndexUnusable`."""
    _on_server(settings, index_folder).drop(ids)


def _folders(index_folder: Path) -> list[Path]:
    return [path for path in index_folder.glob(f"{FIRST_FOLDER}*") if _number(path)]


def _number(folder: Path) -> int:
    """Return the number of an embedded Chroma, 0 for another folder."""
    if folder.name == FIRST_FOLDER:
        return 1
    number = folder.name.removeprefix(f"{FIRST_FOLDER}-")
    return int(number) if number.isdigit() else 0


def _embedded(folder: Path, size: int = 0) -> PassageVectors:
    try:
        with _opening:
            client = chromadb.PersistentClient(path=str(folder), settings=_quiet())
        return _collected(client, COLLECTION, folder, size)
    except Exception as error:  # Chroma raises ValueError, RuntimeError and errors of its own
        message = f"Chroma in {str(folder)!r} cannot be opened: {error}. Check the chroma settings."
        raise IndexUnusable(message) from error


def _on_server(settings: Settings, index_folder: Path) -> PassageVectors:
    host = settings.chroma_host or ""
    try:
        with _opening:
            client = chromadb.HttpClient(
                host=host, port=settings.chroma_port, ssl=settings.chroma_ssl, settings=_quiet()
            )
        return _collected(client, f"{COLLECTION}-{index_folder.resolve().name}")
    except Exception as error:  # Chroma raises ValueError, RuntimeError and errors of its own
        message = f"Chroma at {host!r} cannot be opened: {error}. Check the chroma settings."
        raise IndexUnusable(message) from error


def _quiet() -> ChromaSettings:
    return ChromaSettings(anonymized_telemetry=False)


def _collected(
    client: Any, collection: str, folder: Path | None = None, size: int = 0
) -> PassageVectors:
    """Open the collection; a client that cannot is closed."""
    try:
        return PassageVectors(client, collection, folder, size)
    except Exception:
        _close(client)
        raise


def _close(client: Any) -> None:
    with _opening:
        client.close()
        # A server's client, and the one that it makes for itself, leave connections open
        # (chromadb 1.5); those of an embedded one have none.
        for part in (client, getattr(client, "_admin_client", None)):
            session = getattr(getattr(part, "_server", None), "_session", None)
            if session is not None:
                session.close()
