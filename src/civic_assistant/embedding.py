"""Texts become vectors: one interface for both modes, which is also llama-index's."""

from __future__ import annotations

import asyncio
import hashlib
import unicodedata
from abc import abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from llama_index.core.embeddings import BaseEmbedding
from numpy.typing import NDArray
from pydantic import PrivateAttr

from civic_assistant.errors import SettingsError
from civic_assistant.model_folder import model_folder
from civic_assistant.settings import Settings

Role = Literal["question", "passage"]
PROMPT_NAMES: dict[Role, tuple[str, ...]] = {
    "question": ("query",),
    "passage": ("passage", "document"),
}
"""Names under which sentence-transformers folders keep a role's prefix, the first found counts."""
LLAMA_BATCH = 256
"""Texts llama-index hands over at once: enough for sorting by length to pay."""
SPACE = 32


@dataclass(frozen=True, slots=True)
class TokenVectors:
    """The vectors of one text's tokens, without special tokens and without the role's prefix.

    ``vectors`` is (tokens, dimensions), as the model gives them, not normalised; ``spans`` is
    (tokens, 2): character offsets into the text in NFC, without the space before a word.
    """

    vectors: NDArray[np.float32]
    spans: NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class TextVectors:
    """Unit ``vectors`` (texts, dimensions) and the ``tokens`` of each text, in the texts' order."""

    vectors: NDArray[np.float32]
    tokens: Sequence[TokenVectors]


class Embedding(BaseEmbedding):
    """A model that turns questions and passages into vectors; safe to call from several threads.

    ``identity`` names the model, the mode and the bytes they were read from: an index remembers
    it and refuses vectors of another.
    """

    identity: str
    dimensions: int
    _question_means: Mapping[str, NDArray[np.float32]] = PrivateAttr(default_factory=dict)

    @property
    def question_means(self) -> Mapping[str, NDArray[np.float32]]:
        """What to subtract from questions' vectors by language; empty when it must be learnt."""
        return self._question_means

    def embed_texts(self, texts: Sequence[str], role: Role) -> NDArray[np.float32]:
        """Return unit vectors, (texts, dimensions), in the order of ``texts``.

        Texts are brought to NFC and given the role's prefix; what is longer than the model reads
        (512 tokens) is cut.
        """
        return self._read([_composed(text) for text in texts], role, is_by_token=False).vectors

    def token_vectors(self, texts: Sequence[str], role: Role) -> Sequence[TokenVectors]:
        """Return one `TokenVectors` per text, in the order of ``texts``."""
        return self.read_texts(texts, role).tokens

    def read_texts(self, texts: Sequence[str], role: Role) -> TextVectors:
        """Return the vectors of texts and of their tokens, from one pass through the model."""
        return self._read([_composed(text) for text in texts], role, is_by_token=True)

    @abstractmethod
    def _read(self, texts: list[str], role: Role, *, is_by_token: bool) -> TextVectors:
        """Embed NFC texts; without ``is_by_token`` there are no token vectors to return."""

    def _get_query_embedding(self, query: str) -> list[float]:
        return self._as_list(query, "question")

    def _get_text_embedding(self, text: str) -> list[float]:
        return self._as_list(text, "passage")

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        vectors: list[list[float]] = self.embed_texts(texts, "passage").tolist()
        return vectors

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return await asyncio.to_thread(self._get_query_embedding, query)

    async def _aget_text_embedding(self, text: str) -> list[float]:
        return await asyncio.to_thread(self._get_text_embedding, text)

    async def _aget_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        return await asyncio.to_thread(self._get_text_embeddings, texts)

    def _as_list(self, text: str, role: Role) -> list[float]:
        vector: list[float] = self.embed_texts([text], role)[0].tolist()
        return vector


def open_embedding(settings: Settings, *, threads: int | None = None) -> Embedding:
    """Open the model that ``settings`` name.

    ``threads`` is how many a long call may use (``settings.threads`` when not given); a single
    text always takes one.

    Raises:
        SettingsError: the model's folder is missing.
    """
    folder = model_folder(settings)
    if not folder.is_dir():
        raise SettingsError(
            f"setting 'embedding_model': no folder {str(folder)!r}; "
            "`civic-assistant model` builds it"
        )
    workers = threads or settings.threads
    if settings.embedding == "light":
        from civic_assistant.embedding_light import LightEmbedding

        return LightEmbedding(folder, workers)
    # Only here: importing torch takes seconds and 300 MB, which the light mode must not pay.
    from civic_assistant.embedding_full import FullEmbedding

    return FullEmbedding(folder, workers)


def prompt_for(prompts: Mapping[str, str | None], role: Role) -> str:
    """Return the prefix a model wants before texts of ``role``; empty when it wants none."""
    return next((prompts[name] or "" for name in PROMPT_NAMES[role] if name in prompts), "")


def identity_of(name: str, mode: str, paths: Iterable[Path]) -> str:
    """Return ``name/mode@digest``; the digest covers the bytes of ``paths``."""
    digest = hashlib.sha256()
    for path in sorted(paths):
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return f"{name}/{mode}@{digest.hexdigest()[:12]}"


def tokens_of_text(
    text: str,
    prefix: str,
    offsets: Sequence[tuple[int, int]],
    special: Sequence[int],
    states: NDArray[np.float32],
) -> TokenVectors:
    """Keep the text's own tokens of ``prefix + text`` and count their offsets from the text.

    ``offsets`` and ``special`` (1 for begin, end and padding) are the tokenizer's, one per row
    of ``states``.
    """
    spans = np.asarray(offsets, np.int32).reshape(-1, 2)
    own = (np.asarray(special) == 0) & (spans[:, 1] > len(prefix))
    spans = np.maximum(spans[own] - len(prefix), 0)
    characters = np.frombuffer(text.encode("utf-32-le"), np.uint32)
    spans[:, 0] += (characters[spans[:, 0]] == SPACE) & (spans[:, 1] - spans[:, 0] > 1)
    return TokenVectors(np.ascontiguousarray(states[own]), spans)


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)
