"""What was found for a question, with every score that led there, and what the gate made of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from civic_assistant.guides import Passage

Decision = Literal["answer", "unsure", "not_covered"]


@dataclass(frozen=True, slots=True)
class Found:
    """A passage found for a question.

    ``dense`` is the cosine between mean-centred question and passage vectors, ``keyword`` the
    BM25 score as a share of what the question's words could reach, each with its rank from 1;
    ``late`` is the late-interaction score of the second stage. ``None`` where that search or stage
    did not have the passage. ``score`` is what it was ordered by.
    """

    passage: Passage
    score: float
    dense: float | None = None
    dense_rank: int | None = None
    keyword: float | None = None
    keyword_rank: int | None = None
    late: float | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """Passages found for a question in one edition, best first, and the guides they rank.

    ``totals`` are what the first guides were ranked by: all that their passages say together.
    """

    question: str
    language: str
    edition: int
    found: tuple[Found, ...]
    ranked: tuple[str, ...]
    totals: Mapping[str, float] = field(default_factory=dict)

    def lead(self) -> float:
        """Return what the first guide's total has more than the next; all of it without one."""
        first = self.ranked[0]
        others = [total for guide_id, total in self.totals.items() if guide_id != first]
        return self.totals.get(first, 0.0) - max(others, default=0.0)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the gate decided, how sure it is (0 to 1), and the signals it decided on.

    ``source`` is the source of the guide judged, whose scale was used.
    """

    decision: Decision
    confidence: float
    threshold: float
    reason: str
    signals: Mapping[str, float]
    source: str = "town"
