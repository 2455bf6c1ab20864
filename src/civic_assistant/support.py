"""How well passages support each content word of a question.

A near miss shares a guide's subject and lacks the one word that matters: one unsupported word says
more than the nearness of the whole. On OMoS-QA's development pages (French and English, page given)
the weighted mean of this support told answerable from unanswerable questions with an AUROC of
.87, the cosine with .79, late interaction over the whole question with .82.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from civic_assistant.keywords import KeywordIndex, content_words
from civic_assistant.late import Interaction


@dataclass(frozen=True, slots=True)
class Support:
    """``mean`` is weighted by the words' rarity, ``weakest`` the mean of the two least supported.

    Both are cosines, between -1 and 1; ``words`` counts the content words of the question.
    """

    mean: float
    weakest: float
    words: int


NO_SUPPORT = Support(0.0, 0.0, 0)


@dataclass(frozen=True, slots=True)
class AskedWords:
    """The content words of a question that have tokens of their own.

    ``shares`` (words, tokens) spreads each word evenly over its tokens, ``rarities`` (words,) says
    how rare it is among the passages of the question's language.
    """

    shares: NDArray[np.float32]
    rarities: NDArray[np.float32]

    def support_of(self, read: Iterable[Interaction]) -> Support:
        """Return how well the best of these passages supports each word."""
        nearest = [i.cosines.max(axis=1) for i in read if i.cosines.size]
        if not nearest or not len(self.shares):
            return NO_SUPPORT
        supports = (self.shares @ np.stack(nearest, axis=1)).max(axis=1)
        return Support(
            mean=float(np.average(supports, weights=self.rarities)),
            weakest=float(np.sort(supports)[:2].mean()),
            words=len(supports),
        )


def asked_words(
    question: str, language: str, asked: NDArray[np.int32], keywords: KeywordIndex
) -> AskedWords:
    """Return a question's words; ``asked`` (tokens, 2) are its tokens' offsets into it."""
    spans = np.array(content_words(question, language), np.int32).reshape(-1, 2)
    shares = (asked[None, :, 0] < spans[:, 1:]) & (asked[None, :, 1] > spans[:, :1])
    counts = shares.sum(axis=1)
    spans, shares, counts = spans[counts > 0], shares[counts > 0], counts[counts > 0]
    rarities = keywords.rarities([question[a:b] for a, b in spans.tolist()], language)
    even = shares / np.maximum(counts, 1)[:, None]
    return AskedWords(even.astype(np.float32), np.array(rarities, np.float32))
