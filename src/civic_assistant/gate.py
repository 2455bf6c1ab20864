"""The evidence gate: one probability that the drafted answer is right, and what follows from it."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib.resources import files
from typing import TYPE_CHECKING

from civic_assistant.evidence import Decision, Evidence, Verdict

if TYPE_CHECKING:
    from civic_assistant.index import LiveEdition
    from civic_assistant.writing import Draft

TOWN = "town"
SIGNALS = (
    "dense", "score", "margin", "late", "nearness", "answers", "belongs", "support", "weakest",
    "coverage", "same_language", "agreement", "unknown", "known",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Scale:
    """A logistic model over the signals and the confidence from which answers are shown."""

    intercept: float
    weights: Mapping[str, float]
    threshold: float

    def confidence(self, signals: Mapping[str, float]) -> float:
        """Return the probability that an answer from these signals is right, 0 to 1."""
        score = self.intercept + sum(w * signals[name] for name, w in self.weights.items())
        return 1 / (1 + math.exp(-score))

    def weak(self, signals: Mapping[str, float]) -> list[str]:
        """Return the signals that speak least for an answer, worst first, three at most."""
        return sorted(self.weights, key=lambda n: self.weights[n] * signals[n])[:3]


@dataclass(frozen=True, slots=True)
class Gate:
    """One scale for each source of guides; fitted by ``evals.calibrate`` on tuning questions.

    The national guides are many and near each other: the same signals mean less there than among
    the town's few. ``floor`` is the cosine under which no guide counts as near: *not covered*
    rather than *unsure*.
    """

    version: str
    floor: float
    scales: Mapping[str, Scale]

    def judge(self, signals: Mapping[str, float], source: str = TOWN) -> Verdict:
        """Return what the signals of a guide of ``source`` allow: an answer, or which kind of no.

        A source without a scale of its own is judged like the town's.
        """
        scale = self.scales.get(source, self.scales[TOWN])
        confidence = scale.confidence(signals)
        decision: Decision
        if confidence >= scale.threshold:
            decision, reason = "answer", "the confidence reaches the threshold"
        elif signals["dense"] < self.floor:
            decision, reason = "not_covered", "no guide is near the question"
        else:
            decision, reason = "unsure", f"weak: {', '.join(scale.weak(signals))}"
        return Verdict(decision, confidence, scale.threshold, reason, dict(signals))


def signals_of(evidence: Evidence, draft: Draft | None, live: LiveEdition) -> dict[str, float]:
    """Return the signals of a look-up and its draft, all 0 when nothing was found.

    ``dense`` is the best cosine of the first guide, ``score`` that of its best passage after both
    stages, ``margin`` its lead over the next guide. ``late``, ``nearness``, ``answers`` and
    ``belongs`` are the draft's, ``support`` and ``weakest`` say how well the guide supports the
    question's words. ``coverage`` is the share of rare words that stand in the cited sections;
    ``agreement`` says that exact words lead to the same guide; these two are 0 where the quoted
    guide is in another language, which ``same_language`` tells. ``unknown`` is how many of the
    matters that the question names the guide is not about, up to two, as a share; ``known`` says
    that it is about at least one.
    """
    if draft is None or not evidence.found:
        return dict.fromkeys(SIGNALS, 0.0)
    first = evidence.ranked[0]
    own = [f for f in evidence.found if f.passage.guide_id == first]
    others = [f.score for f in evidence.found if f.passage.guide_id != first]
    score = max(f.score for f in own)
    is_same = draft.answered.sources[0].language == evidence.language
    shown = " ".join(f"{s.title} {' '.join(s.path)} {s.text}" for s in draft.answered.sources)
    by_words = [f for f in evidence.found if f.keyword_rank == 1]
    return {
        "dense": max(f.dense or -1.0 for f in own),
        "score": score,
        "margin": score - max(others, default=0.0),
        "late": draft.late,
        "nearness": draft.nearness,
        "answers": draft.answers,
        "belongs": draft.belongs,
        "support": draft.support.mean,
        "weakest": draft.support.weakest,
        "coverage": (
            live.keywords.coverage(evidence.question, evidence.language, shown) if is_same else 0.0
        ),
        "same_language": float(is_same),
        "unknown": min(draft.unknown, 2) / 2,
        "known": float(draft.known > 0),
        "agreement": float(any(f.passage.guide_id == first for f in by_words)),
    }


def load_gate(threshold: float | None = None) -> Gate:
    """Read the shipped gate; ``threshold`` overrides those it was calibrated with."""
    text = files("civic_assistant").joinpath("data", "gate.json").read_text(encoding="utf-8")
    fields = json.loads(text)
    scales = {source: Scale(**scale) for source, scale in fields["scales"].items()}
    if threshold is not None:
        scales = {name: replace(scale, threshold=threshold) for name, scale in scales.items()}
    return Gate(fields["version"], fields["floor"], scales)
