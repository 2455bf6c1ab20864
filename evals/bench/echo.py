"""An embedding that gives varied passages the vectors of those they were varied from."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from pydantic import PrivateAttr

from civic_assistant.embedding import Embedding, Role, TextVectors, TokenVectors
from evals.bench.variation import outline

TURN = (0.5, 1.0)
"""How much of another origin's vector is added to a passage's: a cosine of .9 to .7 once centred.

So the copies fill the space between the guides; noise would put each into a ball of its own, which
no graph search likes and no corpus looks like.
"""
_BATCH = 64


class EchoEmbedding(Embedding):
    """Answers for the ``real`` model, which it asks only for texts that it has no origin of.

    A passage varied by `Vocabulary` is known by its outline. Its vector is its origin's, turned
    towards another's; its tokens' are its origin's. An origin itself keeps its vector.
    """

    _real: Embedding = PrivateAttr()
    _rows: dict[str, int] = PrivateAttr()
    _origins: list[str] = PrivateAttr()
    _vectors: NDArray[np.float32] = PrivateAttr()
    _tokens: list[TokenVectors] = PrivateAttr()

    def __init__(self, real: Embedding, texts: Sequence[str]) -> None:
        """Embed ``texts``, the origins, with the real model."""
        super().__init__(
            model_name=real.model_name, identity=real.identity, dimensions=real.dimensions
        )
        self._real = real
        self._origins = list({outline(text): text for text in texts}.values())
        self._rows = {outline(text): row for row, text in enumerate(self._origins)}
        self._vectors = np.empty((len(self._origins), real.dimensions), np.float32)
        self._tokens = []
        for start in range(0, len(self._origins), _BATCH):
            read = real.read_texts(self._origins[start : start + _BATCH], "passage")
            self._vectors[start : start + _BATCH] = read.vectors
            self._tokens += read.tokens

    def _read(self, texts: list[str], role: Role, *, is_by_token: bool) -> TextVectors:
        rows = [self._rows.get(outline(t)) if role == "passage" else None for t in texts]
        unknown = [text for text, row in zip(texts, rows, strict=True) if row is None]
        read = iter(self._real_vectors(unknown, role, is_by_token))
        vectors, tokens = np.empty((len(texts), self.dimensions), np.float32), []
        for place, (text, row) in enumerate(zip(texts, rows, strict=True)):
            if row is None:
                vectors[place], own = next(read)
            else:
                vectors[place], own = self._turned(row, text), self._tokens[row]
            if is_by_token and own is not None:
                tokens.append(own)
        return TextVectors(vectors, tokens)

    def _real_vectors(
        self, texts: list[str], role: Role, is_by_token: bool
    ) -> list[tuple[NDArray[np.float32], TokenVectors | None]]:
        if not texts:
            return []
        if not is_by_token:
            return [(vector, None) for vector in self._real.embed_texts(texts, role)]
        read = self._real.read_texts(texts, role)
        return list(zip(read.vectors, read.tokens, strict=True))

    def _turned(self, row: int, text: str) -> NDArray[np.float32]:
        if text == self._origins[row]:
            return np.asarray(self._vectors[row], np.float32)
        chance = zlib.crc32(text.encode())
        share = TURN[0] + chance / 2**32 * (TURN[1] - TURN[0])
        turned = self._vectors[row] + share * self._vectors[chance % len(self._origins)]
        return np.asarray(turned / np.linalg.norm(turned), np.float32)
