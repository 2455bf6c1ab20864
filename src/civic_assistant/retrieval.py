"""Finding passages: dense and exact words, fused, aggregated to guides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from civic_assistant.evidence import Evidence, Found

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from civic_assistant.embedding import Embedding
    from civic_assistant.index import Index, LiveEdition

# How many passages each search contributes, and the constant of reciprocal rank fusion
# (Cormack, Clarke & Büttcher, SIGIR 2009, https://doi.org/10.1145/1571941.1572114).
DEPTH = 60
RRF = 60
# A keyword hit whose cosine is lower shares words with the question, not its subject.
CORROBORATION = 0.12


@dataclass(frozen=True, slots=True)
class Looked:
    """The evidence for a question, with the question's centred vector for the stages after."""

    evidence: Evidence
    vector: NDArray[np.float32]


class Retriever:
    """Looks a question up in the live edition."""

    def __init__(self, index: Index, embedding: Embedding) -> None:
        self._index = index
        self._embedding = embedding
        self.model = embedding.identity

    def look_up(self, question: str, language: str, live: LiveEdition, today: date) -> Looked:
        """Return what the edition holds for a standalone question; raises `CouldNotLook`.

        Exact words count only in passages of the question's own language, and only where the
        meaning corroborates them.
        """
        raw = self._embedding.embed_texts([question], "question")
        vector = self._index.centring.centred(raw, "question", language)[0]
        dense = self._index.nearest(vector, live, today, DEPTH)
        keyword = self._corroborated(
            live.keywords.search(question, language, DEPTH), dict(dense), vector, live, today
        )
        found = self._fused(dense, keyword, vector, live)
        ranked = tuple(dict.fromkeys(live.entry(f.passage.id).guide_id for f in found))
        evidence = Evidence(question, language, live.number, found, ranked)
        return Looked(evidence, vector)

    def _corroborated(
        self,
        hits: list[tuple[str, float]],
        cosines: dict[str, float],
        vector: NDArray[np.float32],
        live: LiveEdition,
        today: date,
    ) -> list[tuple[str, float]]:
        """Drop keyword hits that may not answer or that the dense search does not support."""
        usable = [(id_, score) for id_, score in hits if live.may_answer(id_, today)]
        unknown = [id_ for id_, _ in usable if id_ not in cosines]
        known = cosines | self._index.cosines(vector, unknown)
        return [(id_, score) for id_, score in usable if known[id_] >= CORROBORATION]

    def _fused(
        self,
        dense: list[tuple[str, float]],
        keyword: list[tuple[str, float]],
        vector: NDArray[np.float32],
        live: LiveEdition,
    ) -> tuple[Found, ...]:
        """Order the union of both searches by reciprocal rank fusion, ties by cosine."""
        dense_rank = {id_: rank for rank, (id_, _) in enumerate(dense, 1)}
        keyword_rank = {id_: rank for rank, (id_, _) in enumerate(keyword, 1)}
        keyword_score = dict(keyword)
        ids = list(dense_rank | keyword_rank)
        cosines = dict(dense) | self._index.cosines(vector, [i for i in ids if i not in dense_rank])
        scores = {
            id_: sum(1 / (RRF + r[id_]) for r in (dense_rank, keyword_rank) if id_ in r)
            for id_ in ids
        }
        ids.sort(key=lambda id_: (-scores[id_], -cosines[id_]))
        passages = self._index.passages(ids, live)
        return tuple(
            Found(
                passage=passages[id_],
                score=scores[id_],
                dense=cosines[id_],
                dense_rank=dense_rank.get(id_),
                keyword=keyword_score.get(id_),
                keyword_rank=keyword_rank.get(id_),
            )
            for id_ in ids
        )
