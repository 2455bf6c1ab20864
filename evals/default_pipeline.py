"""llama-index's default pipeline over an edition, with the product's own embedding model."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from llama_index.core import (
    Document,
    StorageContext,
    VectorStoreIndex,
    load_index_from_storage,
)
from llama_index.core.node_parser import SentenceSplitter
from llama_index.core.schema import NodeWithScore

from evals.pinned import edition_digest

if TYPE_CHECKING:
    from civic_assistant.embedding import Embedding
    from civic_assistant.guides import Guide
    from civic_assistant.index import Index, LiveEdition

CHUNK_TOKENS = 1024
OVERLAP_TOKENS = 200
"""llama-index's own defaults for `SentenceSplitter`."""
GUIDE = "guide"


class _Retriever(Protocol):
    def retrieve(self, question: str) -> list[NodeWithScore]: ...


class DefaultPipeline:
    """A `VectorStoreIndex` in memory over whole guides cut by `SentenceSplitter`.

    Built once for an edition and a model and kept below ``cache``.
    """

    def __init__(self, index: Index, live: LiveEdition, embedding: Embedding, cache: Path) -> None:
        model = embedding.identity.replace("/", "-").replace("@", "-")
        folder = cache / f"{edition_digest(live)}-{model}"
        self._embedding = embedding
        if not folder.is_dir():
            self._build([index.guide(digest) for digest in sorted(live.guides)], folder)
        storage = StorageContext.from_defaults(persist_dir=str(folder))
        self._index = load_index_from_storage(storage, embed_model=embedding)

    def rank(self, question: str, chunks: int) -> list[str]:
        """Return the guides of the nearest ``chunks``, each where its best chunk stands."""
        retriever: _Retriever = self._index.as_retriever(similarity_top_k=chunks)
        found = retriever.retrieve(question)
        return list(dict.fromkeys(str(near.node.metadata[GUIDE]) for near in found))

    def _build(self, guides: list[Guide], folder: Path) -> None:
        splitter = SentenceSplitter(chunk_size=CHUNK_TOKENS, chunk_overlap=OVERLAP_TOKENS)
        nodes = splitter.get_nodes_from_documents([guide_document(guide) for guide in guides])
        index = VectorStoreIndex(nodes, embed_model=self._embedding)
        staged = folder.with_name(f"{folder.name}.staged")
        shutil.rmtree(staged, ignore_errors=True)
        index.storage_context.persist(str(staged))
        staged.rename(folder)


def guide_document(guide: Guide) -> Document:
    """Return a guide as the plain text that its file would give."""
    texts = [guide.title, guide.description]
    texts += [text for section in guide.sections for text in (section.heading, section.text)]
    return Document(
        text="\n\n".join(text for text in texts if text),
        metadata={GUIDE: guide.id},
        excluded_embed_metadata_keys=[GUIDE],
    )
