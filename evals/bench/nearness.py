"""Whether the nearest passages are found: Chroma's graph search against comparing with them all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from civic_assistant.kept_vectors import KeptVectors
from civic_assistant.retrieval import DEPTH
from evals.pinned import ASKED_ON

if TYPE_CHECKING:
    from civic_assistant.assembly import Product
    from civic_assistant.embedding import Embedding
    from evals.questions import SetQuestion

ROUNDING = 1e-4
"""Chroma's cosines are a little off: a passage as near as the last one counts as found."""


def found_share(product: Product, embedding: Embedding, questions: Sequence[SetQuestion]) -> float:
    """Return which share of each question's `DEPTH` nearest passages is found, on average."""
    index, settings = product.index, product.settings
    live = index.live()
    ids = [id_ for id_ in live.places if live.may_answer(id_, ASKED_ON)]
    every = KeptVectors(settings.index_folder).read(ids)
    depth = min(DEPTH, len(ids))
    shares = []
    for asked in questions:
        raw = embedding.embed_texts([asked.question], "question")
        vector = index.centring.centred(raw, "question", asked.language)[0]
        least = np.partition(every @ vector, -depth)[-depth] - ROUNDING
        found = index.nearest(vector, live, ASKED_ON, depth)
        shares.append(sum(cosine >= least for _, cosine in found) / depth)
    return float(np.mean(shares))
