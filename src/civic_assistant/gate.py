"""The evidence gate: one probability that the drafted answer is right, and what follows from it."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING

from civic_assistant.evidence import Decision, Evidence, Verdict

if TYPE_CHECKING:
    from civic_assistant.index import LiveEdition
    from civic_assistant.writing import Draft

SIGNALS = ("dense", "margin", "late", "nearness", "coverage", "same_language", "agreement")


@dataclass(frozen=True, slots=True)
class Gate:
    """A logistic model over the signals; fitted by ``evals.calibrate`` on the tuning questions.

    ``floor`` is the cosine under which no guide counts as near: *not covered* rather than
    *unsure*.
    """

    version: str
    intercept: float
    weights: Mapping[str, float]
    floor: float
    threshold: float

    def judge(self, signals: Mapping[str, float]) -> Verdict:
        """Return what the signals allow: an answer, or which kind of no."""
        confidence = self.confidence(signals)
        decision: Decision
        if confidence >= self.threshold:
            decision, reason = "answer", "the confidence reaches the threshold"
        elif signals["dense"] < self.floor:
            decision, reason = "not_covered", "no guide is near the question"
        else:
            decision, reason = "unsure", f"weak: {', '.join(self._weak(signals))}"
        return Verdict(decision, confidence, self.threshold, reason, dict(signals))

    def confidence(self, signals: Mapping[str, float]) -> float:
        """Return the probability that an answer from these signals is right, 0 to 1."""
        score = self.intercept + sum(w * signals[name] for name, w in self.weights.items())
        return 1 / (1 + math.exp(-score))

    def _weak(self, signals: Mapping[str, float]) -> list[str]:
        """Return the signals that speak least for an answer, worst first, three at most."""
        return sorted(self.weights, key=lambda n: self.weights[n] * signals[n])[:3]


def signals_of(evidence: Evidence, draft: Draft | None, live: LiveEdition) -> dict[str, float]:
    """Return the signals of a look-up and its draft.

    ``dense`` is the best cosine of the first guide, ``margin`` its lead over the next guide,
    ``late`` and ``nearness`` are the draft's, ``coverage`` is the share of the question's rare
    words that stand in the cited sections, ``agreement`` says that exact words lead to the same
    guide; the last two are 0 where the edition has no passages in the question's language, which
    ``same_language`` tells.
    """
    best: dict[str, float] = {}
    for found in evidence.found:
        guide_id = found.passage.guide_id
        best[guide_id] = max(best.get(guide_id, -1.0), found.dense or -1.0)
    if draft is None or not evidence.ranked:
        return dict.fromkeys(SIGNALS, 0.0)
    first = evidence.ranked[0]
    others = [score for guide_id, score in best.items() if guide_id != first]
    shown = " ".join(f"{s.title} {' '.join(s.path)} {s.text}" for s in draft.answered.sources)
    is_same = draft.answered.sources[0].language == evidence.language
    by_words = min(
        (f for f in evidence.found if f.keyword_rank),
        key=lambda f: f.keyword_rank or 0,
        default=None,
    )
    return {
        "dense": best[first],
        "margin": best[first] - max(others, default=0.0),
        "late": draft.late,
        "nearness": draft.nearness,
        "coverage": (
            live.keywords.coverage(evidence.question, evidence.language, shown) if is_same else 0.0
        ),
        "same_language": float(is_same),
        "agreement": float(by_words is not None and by_words.passage.guide_id == first),
    }


def load_gate(threshold: float | None = None) -> Gate:
    """Read the shipped gate; ``threshold`` overrides the one it was calibrated with."""
    text = files("civic_assistant").joinpath("data", "gate.json").read_text(encoding="utf-8")
    fields = json.loads(text)
    if threshold is not None:
        fields["threshold"] = threshold
    return Gate(**fields)
