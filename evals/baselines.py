"""What simpler systems find for the same question among the same guides."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from evals.default_pipeline import DefaultPipeline
from evals.pinned import ASKED_ON
from evals.run import RANKED

if TYPE_CHECKING:
    from civic_assistant.embedding import Embedding
    from civic_assistant.index import Index, LiveEdition

DEPTH = 60
"""Passages each search contributes, as many as the product's own."""
RRF_K = 60
"""The constant of reciprocal rank fusion (Cormack et al., SIGIR 2009)."""
NAMES = ("bm25", "dense", "rrf", "llama_index")


class Baselines:
    """Ranks the guides of one edition in four plain ways, with the product's own model.

    ``bm25`` is the product's keyword index alone, in the question's language, or in the town's
    where the corpus says nothing in it; ``dense`` the centred vectors alone; ``rrf`` reciprocal
    rank fusion of both; ``llama_index`` llama-index's default pipeline.
    """

    def __init__(self, index: Index, embedding: Embedding, town_language: str, cache: Path) -> None:
        self._index = index
        self._embedding = embedding
        self._town_language = town_language
        self._live = index.live()
        self._default = DefaultPipeline(index, self._live, embedding, cache)

    def rank(self, question: str, language: str) -> dict[str, tuple[str, ...]]:
        """Return each baseline's guides, best first, `RANKED` at most."""
        words = self._by_words(question, language)
        meaning = self._by_meaning(question, language)
        ranked = {
            "bm25": _guides(words, self._live),
            "dense": _guides(meaning, self._live),
            "rrf": _guides(_fused(words, meaning), self._live),
            "llama_index": self._default.rank(question, DEPTH),
        }
        return {name: tuple(guides)[:RANKED] for name, guides in ranked.items()}

    def _by_words(self, question: str, language: str) -> list[str]:
        for spoken in (language, self._town_language):
            if found := self._live.keywords.search(question, spoken, DEPTH):
                return [id_ for id_, _ in found if self._live.may_answer(id_, ASKED_ON)]
        return []

    def _by_meaning(self, question: str, language: str) -> list[str]:
        raw = self._embedding.embed_texts([question], "question")
        vector = self._index.centring.centred(raw, "question", language)[0]
        return [id_ for id_, _ in self._index.nearest(vector, self._live, ASKED_ON, DEPTH)]


def _fused(*rankings: Sequence[str]) -> list[str]:
    """Return the union of rankings, by the sum of their reciprocal ranks."""
    scores: dict[str, float] = {}
    for ranking in rankings:
        for rank, id_ in enumerate(ranking, 1):
            scores[id_] = scores.get(id_, 0.0) + 1 / (RRF_K + rank)
    return sorted(scores, key=lambda id_: -scores[id_])


def _guides(passages: Iterable[str], live: LiveEdition) -> list[str]:
    """Return the guides of ranked passages, each where its best passage stands."""
    return list(dict.fromkeys(live.entry(id_).guide_id for id_ in passages))
