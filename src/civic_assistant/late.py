"""Late interaction: how well each part of a passage answers each word of a question.

Every token of the question looks for its nearest token in the part, and the cosines are averaged
(MaxSim, Khattab & Zaharia, SIGIR 2020, https://doi.org/10.1145/3397271.3401075). The passages'
token vectors were kept when they were published; only the question is read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from civic_assistant.guides import Passage

if TYPE_CHECKING:
    from civic_assistant.embedding import TokenVectors
    from civic_assistant.passage_tokens import PassageTokens


@dataclass(frozen=True, slots=True)
class Interaction:
    """Cosines of every question token (rows) with every token of one embedded passage (columns).

    ``asked`` (tokens, 2) are the rows' character offsets into the question, ``spans`` the columns'
    into ``passage.text``; those of its context lie before 0. ``question`` (rows, axes) and
    ``tokens`` (columns, axes) are the unit vectors compared.
    """

    cosines: NDArray[np.float32]
    asked: NDArray[np.int32]
    spans: NDArray[np.int32]
    question: NDArray[np.float32]
    tokens: NDArray[np.float32]

    def whole(self) -> float:
        """Return the MaxSim of the question with the passage and its context, between -1 and 1."""
        return float(self.cosines.max(axis=1).mean()) if self.cosines.size else -1.0

    def score(self, start: int, end: int) -> float:
        """Return the MaxSim of the question with ``passage.text[start:end]``, between -1 and 1."""
        inside = self._inside(start, end)
        if not inside.any():
            return -1.0
        return float(self.cosines[:, inside].max(axis=1).mean())

    def tokens_of(self, start: int, end: int) -> NDArray[np.float32]:
        """Return the unit vectors of the tokens of ``passage.text[start:end]``."""
        return self.tokens[self._inside(start, end)]

    def _inside(self, start: int, end: int) -> NDArray[np.bool_]:
        inside: NDArray[np.bool_] = (self.spans[:, 0] < end) & (self.spans[:, 1] > start)
        return inside


class LateInteraction:
    """Compares a question with published passages token by token."""

    def __init__(self, tokens: PassageTokens) -> None:
        self._tokens = tokens

    def interact(self, asked: TokenVectors, passages: Sequence[Passage]) -> dict[str, Interaction]:
        """Return the interaction of a question's tokens with each passage, by passage id.

        Raises `CouldNotLook` when a passage's tokens were never kept.
        """
        if not passages:
            return {}
        question = self._tokens.basis.turned(asked.vectors)
        kept = self._tokens.read([p.id for p in passages])
        interactions = {}
        for passage in passages:
            tokens = kept[passage.id]
            before = len(passage.embedded_text) - len(passage.text)
            cosines = question @ tokens.vectors.T
            interactions[passage.id] = Interaction(
                cosines, asked.spans, tokens.spans - before, question, tokens.vectors
            )
        return interactions
