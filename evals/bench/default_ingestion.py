"""Making guides searchable with llama-index's default pipeline, timed."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

import chromadb
import torch
from llama_index.core import Document
from llama_index.core.embeddings import BaseEmbedding
from llama_index.core.ingestion import IngestionPipeline
from llama_index.core.node_parser import SentenceSplitter
from llama_index.core.schema import MetadataMode, TransformComponent
from llama_index.core.storage.docstore import SimpleDocumentStore
from llama_index.vector_stores.chroma import ChromaVectorStore
from pydantic import PrivateAttr
from sentence_transformers import SentenceTransformer

from civic_assistant.guides import Guide
from evals.bench.apart import disk_mib, peak_mib
from evals.bench.ingestion import BASELINE, BASELINE_OUR_PASSAGES, Ingested, unread_share
from evals.default_pipeline import CHUNK_TOKENS, OVERLAP_TOKENS, guide_document
from ingest.passages import passages_of, word_count


class SentenceTransformerEmbedding(BaseEmbedding):
    """A sentence-transformers folder as llama-index's ``HuggingFaceEmbedding`` 0.8.0 uses one.

    In its defaults: float32, ten texts a batch, no prefix, unit vectors.
    """

    _model: SentenceTransformer = PrivateAttr()

    def __init__(self, folder: Path) -> None:
        super().__init__(model_name=str(folder))
        self._model = SentenceTransformer(str(folder), device="cpu", local_files_only=True)

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        vectors: list[list[float]] = self._model.encode(
            texts,
            batch_size=self.embed_batch_size,
            normalize_embeddings=True,
            show_progress_bar=False,
        ).tolist()
        return vectors

    def _get_text_embedding(self, text: str) -> list[float]:
        return self._get_text_embeddings([text])[0]

    def _get_query_embedding(self, query: str) -> list[float]:
        return self._get_text_embeddings([query])[0]

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_query_embedding(query)


def ingest_by_default(
    model: Path, guides: Sequence[Guide], words: float, target: Path, threads: int | None = None
) -> Ingested:
    """Cut, embed and store guides, read already, in a Chroma collection and a docstore.

    ``threads`` are PyTorch's; None leaves it what it chooses.
    """
    cut = SentenceSplitter(chunk_size=CHUNK_TOKENS, chunk_overlap=OVERLAP_TOKENS)
    documents = [guide_document(guide) for guide in guides]
    return _ingest(BASELINE, model, guides, words, target, threads, documents, [cut])


def ingest_our_passages(
    model: Path, guides: Sequence[Guide], words: float, target: Path, threads: int | None = None
) -> Ingested:
    """Do as `ingest_by_default` with the product's passages, of which nothing is cut."""
    passages = {p.id: p for guide in guides for p in passages_of(guide)}.values()
    documents = [Document(text=p.embedded_text) for p in passages]
    return _ingest(BASELINE_OUR_PASSAGES, model, guides, words, target, threads, documents, [])


def run_default(
    embedding: BaseEmbedding,
    documents: Sequence[Document],
    cut: Sequence[TransformComponent],
    target: Path,
) -> Sequence[str]:
    """Run llama-index's ingestion pipeline and return the texts that were embedded."""
    client = chromadb.PersistentClient(path=str(target / "chroma"))
    collection = client.get_or_create_collection("default")
    pipeline = IngestionPipeline(
        transformations=[*cut, embedding],
        docstore=SimpleDocumentStore(),
        vector_store=ChromaVectorStore.from_collection(collection),
    )
    nodes = pipeline.run(documents=list(documents))
    pipeline.persist(str(target / "pipeline"))
    return [node.get_content(MetadataMode.EMBED) for node in nodes]


def _ingest(
    system: str,
    model: Path,
    guides: Sequence[Guide],
    words: float,
    target: Path,
    threads: int | None,
    documents: Sequence[Document],
    cut: Sequence[TransformComponent],
) -> Ingested:
    if threads is not None:
        torch.set_num_threads(threads)
    start = time.perf_counter()
    embedding = SentenceTransformerEmbedding(model)
    opened = time.perf_counter() - start
    wall, processor = time.perf_counter(), time.process_time()
    texts = run_default(embedding, documents, cut, target)
    wall, processor = time.perf_counter() - wall, time.process_time() - processor
    memory = peak_mib()
    return Ingested(
        system=system,
        threads=torch.get_num_threads(),
        guides=len(guides),
        passages=len(texts),
        words=words,
        handed_words=sum(map(word_count, texts)),
        unread=unread_share(texts, model),
        opened_s=opened,
        seconds=wall,
        processor_s=processor,
        memory_mib=memory,
        disk_mib=disk_mib(target),
    )
