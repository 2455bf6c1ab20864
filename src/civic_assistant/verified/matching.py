"""Which verified answer was given to the same question: near in meaning, and alike in what counts.

A wrong match is a wrong answer, so that precision is preferred: nearness is asked of a wording in
the question's own language, and then agreement in what the two name. How often that is right is
measured by ``python -m evals.training.same_question``; see docs/verified-answers.md.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from civic_assistant.verified.answers import VerifiedAnswer, Wording
from civic_assistant.verified.meant import Meant, difference, meant_by
from civic_assistant.verified.standing import fall_of, standing

if TYPE_CHECKING:
    from civic_assistant.corrections.showing import RunningCorrections
    from civic_assistant.embedding import Embedding
    from civic_assistant.glossary import Glossary
    from civic_assistant.index import Index, LiveEdition
    from civic_assistant.situations import Situations
    from civic_assistant.verified.store import VerifiedAnswers

NEARNESS = 0.75
"""The least cosine of a question with a wording, both less their language's mean."""


@dataclass(frozen=True, slots=True)
class Match:
    """An answer that stands, the wording that the question matches, and their cosine."""

    answer: VerifiedAnswer
    wording: Wording
    nearness: float


@dataclass(frozen=True, slots=True)
class _Read:
    """A version of an answer with its wordings as they are compared; ``vectors`` (wordings, n)."""

    answer: VerifiedAnswer
    meant: tuple[Meant, ...]
    vectors: NDArray[np.float32]


class Matcher:
    """Compares questions with the wordings of the live answers, which it keeps in memory.

    The tables are asked at every question which answers are live: what another process changed
    counts at once. Safe to call from several threads.
    """

    def __init__(
        self,
        kept: VerifiedAnswers,
        index: Index,
        embedding: Embedding,
        glossary: Glossary,
        situations: Situations,
        corrections: RunningCorrections,
    ) -> None:
        self._kept = kept
        self._index = index
        self._embedding = embedding
        self._glossary = glossary
        self._situations = situations
        self._corrections = corrections
        self._lock = threading.Lock()
        self._read: dict[str, _Read] = {}

    def matches(
        self,
        question: str,
        language: str,
        today: date,
        now: datetime,
        trial: LiveEdition | None = None,
    ) -> list[Match]:
        """Return the answers to the same question that stand, nearest first.

        What no longer stands is suspended on the way, unless it is another edition's ``trial``.
        Raises `RecordsUnusable`.
        """
        with self._lock:
            read = self._live()
        answers = [r.answer for r in read]
        corrected = self._corrections.said_since(now) if answers else {}
        if trial is None:
            upright = standing(self._kept, answers, self._index.live(), today, now, corrected)
        else:
            upright = [a for a in answers if fall_of(a, trial, today, corrected) is None]
        ids = {answer.id for answer in upright}
        spoken = [
            (r, place)
            for r in read
            if r.answer.id in ids
            for place, meant in enumerate(r.meant)
            if meant.language == language
        ]
        if not spoken:
            return []
        cosines = (
            np.stack([r.vectors[n] for r, n in spoken]) @ self._vectors([question], language)[0]
        )
        asked = self._meant(question, language)
        matches = [
            Match(r.answer, r.answer.wordings[place], float(cosines[row]))
            for row, (r, place) in enumerate(spoken)
            if cosines[row] >= NEARNESS and difference(asked, r.meant[place]) is None
        ]
        matches.sort(key=lambda match: -match.nearness)
        return list({m.answer.id: m for m in reversed(matches)}.values())[::-1]

    def _live(self) -> list[_Read]:
        """Return the live answers, those read anew that were not or are another version now."""
        versions = self._kept.live_versions()
        held = {id_: r for id_, r in self._read.items() if versions.get(id_) == r.answer.version}
        missing = [id_ for id_ in versions if id_ not in held]
        for answer in self._kept.read(missing) if missing else ():
            if answer.state == "live":
                held[answer.id] = self._prepared(answer)
        self._read = held
        return list(held.values())

    def _prepared(self, answer: VerifiedAnswer) -> _Read:
        vectors = [self._vectors([w.text], w.language) for w in answer.wordings]
        meant = tuple(self._meant(w.text, w.language) for w in answer.wordings)
        return _Read(answer, meant, np.concatenate(vectors))

    def _meant(self, text: str, language: str) -> Meant:
        return meant_by(text, language, self._glossary, self._situations)

    def _vectors(self, texts: Sequence[str], language: str) -> NDArray[np.float32]:
        raw = self._embedding.embed_texts(texts, "question")
        return self._index.centring.centred(raw, "question", language)
