"""The evidence gate: one probability that the drafted answer is right, and what follows from it."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from civic_assistant.errors import SettingsError
from civic_assistant.evidence import Decision, Evidence, Verdict

if TYPE_CHECKING:
    from civic_assistant.index import LiveEdition
    from civic_assistant.writing import Draft

TOWN = "town"
ANY_LANGUAGE = "any"
NEVER = 1.0
"""A confidence that no answer has."""
RISKS: Mapping[str, float] = {TOWN: 0.35, "national": 0.4}
"""The stated risks of the shipped settings, by source."""
LEAD = 2.0
"""The most that a guide's lead counts; where only one guide was found it is the whole total."""
SIGNALS = (
    "dense", "score", "margin", "late", "nearness", "answers", "belongs", "support", "weakest",
    "coverage", "same_language", "agreement", "unknown", "known", "doubt", "settles", "answering",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Scale:
    """A logistic model over the signals, and the confidences from which answers are shown.

    ``languages`` are what a question's language adds to the score. ``thresholds`` gives for each
    stated risk the threshold by language, `ANY_LANGUAGE` for those without one of their own.
    """

    intercept: float
    weights: Mapping[str, float]
    languages: Mapping[str, float]
    thresholds: Mapping[float, Mapping[str, float]]

    def confidence(self, signals: Mapping[str, float], language: str) -> float:
        """Return the probability that an answer from these signals is right, 0 to 1."""
        score = self.intercept + self.languages.get(language, 0.0)
        score += sum(weight * signals[name] for name, weight in self.weights.items())
        return 1 / (1 + math.exp(-score))

    def threshold(self, risk: float, language: str) -> float:
        """Return the confidence from which an answer is shown at a stated risk.

        `NEVER` where nothing was certified to keep it.
        """
        by_language = self.thresholds.get(risk, {ANY_LANGUAGE: NEVER})
        return by_language.get(language, by_language[ANY_LANGUAGE])

    def weak(self, signals: Mapping[str, float]) -> list[str]:
        """Return the signals that speak least for an answer, worst first, three at most."""
        return sorted(self.weights, key=lambda n: self.weights[n] * signals[n])[:3]


@dataclass(frozen=True, slots=True)
class Gate:
    """One scale for each source of guides; fitted and certified by ``evals.calibrate``.

    The national guides are many and near each other: the same signals mean less there than among
    the town's few. ``risks`` are the stated risks by source: the share of its answers shown that
    may be wrong.
    ``fixed`` is a threshold that stands instead of the certified ones. ``floor`` is the cosine
    under which no guide counts as near: *not covered* rather than *unsure*.
    """

    version: str
    floor: float
    scales: Mapping[str, Scale]
    risks: Mapping[str, float]
    fixed: float | None = None

    def judge(self, signals: Mapping[str, float], language: str, source: str = TOWN) -> Verdict:
        """Return what the signals of a guide of ``source`` allow: an answer, or which kind of no.

        A source without a scale of its own is judged like the town's.
        """
        scale = self.scales.get(source, self.scales[TOWN])
        risk = self.risks.get(source, self.risks[TOWN])
        confidence = scale.confidence(signals, language)
        threshold = scale.threshold(risk, language) if self.fixed is None else self.fixed
        decision: Decision
        if confidence >= threshold:
            decision, reason = "answer", "the confidence reaches the threshold"
        elif signals["dense"] < self.floor:
            decision, reason = "not_covered", "no guide is near the question"
        else:
            decision, reason = "unsure", f"weak: {', '.join(scale.weak(signals))}"
        return Verdict(decision, confidence, threshold, reason, dict(signals), source)


def signals_of(
    evidence: Evidence, draft: Draft | None, live: LiveEdition, doubt: float = 0.0
) -> dict[str, float]:
    """Return the signals of a look-up and its draft, all 0 when nothing was found.

    ``dense`` is the best cosine of the first guide, ``score`` that of its best passage after both
    stages, ``margin`` its lead over the next guide in all that guides are ranked by, at most
    `LEAD`. ``late``, ``nearness``, ``answers`` and ``belongs`` are the draft's, ``support`` and
    ``weakest`` say how well the guide supports the question's words. ``coverage`` is the share of
    rare words that stand in the cited sections; ``agreement`` says that exact words lead to the
    same guide; these two are 0 where the quoted guide is in another language, which
    ``same_language`` tells. ``unknown`` is how many of the
    matters that the question names the guide is not about, up to two, as a share; ``known`` says
    that it is about at least one. ``doubt`` is the screener's: that it is no question at all.
    ``settles`` and ``answering`` are log-odds of what the reader makes of question and guide.
    """
    if draft is None or not evidence.found:
        return dict.fromkeys(SIGNALS, 0.0)
    first = evidence.ranked[0]
    own = [f for f in evidence.found if f.passage.guide_id == first]
    is_same = draft.answered.sources[0].language == evidence.language
    shown = " ".join(f"{s.title} {' '.join(s.path)} {s.text}" for s in draft.answered.sources)
    by_words = [f for f in evidence.found if f.keyword_rank == 1]
    return {
        "dense": max(f.dense or -1.0 for f in own),
        "score": max(f.score for f in own),
        "margin": min(evidence.lead(), LEAD),
        "late": draft.late,
        "nearness": draft.nearness,
        "answers": draft.answers,
        "belongs": draft.belongs,
        "settles": _logit(draft.settles),
        "answering": _logit(draft.answering),
        "support": draft.support.mean,
        "weakest": draft.support.weakest,
        "coverage": (
            live.keywords.coverage(evidence.question, evidence.language, shown) if is_same else 0.0
        ),
        "same_language": float(is_same),
        "unknown": min(draft.unknown, 2) / 2,
        "known": float(draft.known > 0),
        "doubt": doubt,
        "agreement": float(any(f.passage.guide_id == first for f in by_words)),
    }


def _logit(probability: float) -> float:
    """Return the log-odds, between -6 and 6."""
    bounded = min(max(probability, 0.0025), 0.9975)
    return math.log(bounded / (1 - bounded))


def load_gate(risks: Mapping[str, float] = RISKS, fixed: float | None = None) -> Gate:
    """Read the shipped gate for stated risks; ``fixed`` replaces the certified thresholds.

    Raises:
        SettingsError: no threshold was certified for a source's risk; it names those that were.
    """
    text = files("civic_assistant").joinpath("data", "gate.json").read_text(encoding="utf-8")
    fields = json.loads(text)
    scales = {source: _scale(scale) for source, scale in fields["scales"].items()}
    for source, risk in risks.items():
        if risk not in scales[source].thresholds:
            certified = ", ".join(map(str, sorted(scales[source].thresholds)))
            setting = "gate_risk" if source == TOWN else f"gate_risk_{source}"
            raise SettingsError(
                f"setting {setting!r}: nothing was certified for {risk}; choose one of {certified}"
            )
    return Gate(fields["version"], fields["floor"], scales, risks, fixed)


def _scale(fields: Mapping[str, Any]) -> Scale:
    thresholds = {float(risk): found for risk, found in fields["thresholds"].items()}
    return Scale(fields["intercept"], fields["weights"], fields["languages"], thresholds)
