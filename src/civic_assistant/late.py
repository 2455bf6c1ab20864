"""Late interaction: how well each part of a passage answers each word of a question.

Every token of the question looks for its nearest token in the part, and the cosines are averaged
(MaxSim, Khattab & Zaharia, SIGIR 2020, https://doi.org/10.1145/3397271.3401075). The vectors are
those of the embedding model as it is, less the corpus mean of its token vectors, because they
all lean the same way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from civic_assistant.guides import Passage

if TYPE_CHECKING:
    from civic_assistant.embedding import Embedding

# Texts whose token vectors are learnt from at once: a forward pass over many long ones takes
# gigabytes.
BATCH = 8


@dataclass(frozen=True, slots=True)
class Interaction:
    """Cosines of every question token (rows) with every token of one embedded passage (columns).

    ``asked`` (tokens, 2) are the rows' character offsets into the question, ``spans`` the columns'
    into ``passage.text``; those of its context lie before 0.
    """

    cosines: NDArray[np.float32]
    asked: NDArray[np.int32]
    spans: NDArray[np.int32]

    def whole(self) -> float:
        """Return the MaxSim of the question with the passage and its context, between -1 and 1."""
        return float(self.cosines.max(axis=1).mean()) if self.cosines.size else -1.0

    def score(self, start: int, end: int) -> float:
        """Return the MaxSim of the question with ``passage.text[start:end]``, between -1 and 1."""
        inside = (self.spans[:, 0] < end) & (self.spans[:, 1] > start)
        if not inside.any():
            return -1.0
        return float(self.cosines[:, inside].max(axis=1).mean())


class LateInteraction:
    """Compares a question with passages token by token."""

    def __init__(self, embedding: Embedding, token_mean: NDArray[np.float32]) -> None:
        self._embedding = embedding
        self._mean = token_mean

    def interact(self, question: str, passages: Sequence[Passage]) -> dict[str, Interaction]:
        """Return the interaction of the question with each passage, by passage id."""
        if not passages:
            return {}
        question_tokens = self._embedding.token_vectors([question], "question")[0]
        asked = self._unit(question_tokens.vectors)
        read = self._embedding.token_vectors([p.embedded_text for p in passages], "passage")
        interactions = {}
        for passage, tokens in zip(passages, read, strict=True):
            before = len(passage.embedded_text) - len(passage.text)
            cosines = asked @ self._unit(tokens.vectors).T
            interactions[passage.id] = Interaction(
                cosines, question_tokens.spans, tokens.spans - before
            )
        return interactions

    def _unit(self, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        centred = vectors - self._mean
        lengths = np.linalg.norm(centred, axis=1, keepdims=True)
        return np.asarray(centred / np.maximum(lengths, 1e-9), dtype=np.float32)


def learn_token_mean(embedding: Embedding, texts: Sequence[str]) -> NDArray[np.float32]:
    """Return the mean token vector (dimensions,) of passage texts."""
    vectors = [
        tokens.vectors
        for start in range(0, len(texts), BATCH)
        for tokens in embedding.token_vectors(texts[start : start + BATCH], "passage")
    ]
    return np.asarray(np.concatenate(vectors).mean(axis=0), dtype=np.float32)
