"""Fits one source's scale of the evidence gate and certifies its thresholds on kept runs.

    python -m evals.calibrate --runs FOLDER --fit tuning tuning-short --certify calibration

The model is scikit-learn's logistic regression with standardised signals and what each language
adds, kept small; what it learnt is written as plain weights to
``src/civic_assistant/data/gate.json``, beside the other sources'. One half of the questions whose
set is to certify is kept from the fit: on it, the thresholds for the stated risks are certified,
for all languages together and for each language that has enough (`evals.certification`).
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.preprocessing import StandardScaler

from civic_assistant.gate import ANY_LANGUAGE, NEVER, SIGNALS, TOWN
from civic_assistant.messages import PAGE_LANGUAGES
from evals.certification import Bools, Floats, beginning, certified_threshold
from evals.questions import SetQuestion
from evals.run import Given, read_runs

GATE = Path(__file__).parent.parent / "src" / "civic_assistant" / "data" / "gate.json"
RISKS = (0.02, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5)
STRENGTH = 0.3
"""Inverse strength of the regularisation."""
LANGUAGE_SIZE = 0.7
"""Of a language's column: the smaller, the less a language may add."""


@dataclass(frozen=True, slots=True)
class Judged:
    """Questions with what the gate saw of each.

    ``signals`` (questions, signals) and ``languages`` (questions,); ``seen`` is false for what a
    screen kept from the gate; ``right`` says that the first guide is a right one.
    """

    signals: Floats
    languages: NDArray[np.str_]
    seen: Bools
    right: Bools
    answerable: Bools

    def where(self, chosen: Bools) -> Judged:
        """Return some of the questions."""
        return Judged(
            self.signals[chosen], self.languages[chosen], self.seen[chosen], self.right[chosen],
            self.answerable[chosen],
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fitted:
    """What was learnt: the score is ``intercept`` + ``weights`` of signals + the language's."""

    intercept: float
    weights: Mapping[str, float]
    languages: Mapping[str, float]

    def confidence(self, judged: Judged) -> Floats:
        """Return each question's confidence, -1 for what the gate did not see."""
        score = judged.signals @ np.array([self.weights[name] for name in SIGNALS])
        score += self.intercept
        score += np.array([self.languages.get(str(language), 0.0) for language in judged.languages])
        return np.where(judged.seen, 1 / (1 + np.exp(-score)), -1.0)


def main() -> None:
    """Fit, certify, write, and print what was reached on the questions nothing was fitted on."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--source", default=TOWN, help="whose guides the runs were answered from")
    parser.add_argument("--runs", type=Path, required=True, help="folder of the runs")
    parser.add_argument("--fit", nargs="*", default=[], help="sets to fit on")
    parser.add_argument("--certify", nargs="+", required=True, help="sets halved: fit and certify")
    parser.add_argument("--floor", type=float, default=0.24)
    parser.add_argument("--version", default="1")
    given = parser.parse_args()
    runs = {run.manifest.set_name: run for run in read_runs(given.runs)}
    pairs = {
        name: [*zip(runs[name].questions, runs[name].answers, strict=True)]
        for name in (*given.fit, *given.certify)
    }
    halved = [pair for name in given.certify for pair in pairs[name]]
    fitting = [pair for name in given.fit for pair in pairs[name]]
    fitting += [pair for pair in halved if not _is_apart(pair[0])]
    to_fit, apart = _judged(fitting), _judged(pair for pair in halved if _is_apart(pair[0]))
    fitted = _fitted(to_fit.where(to_fit.seen))
    thresholds = _certified(fitted, to_fit, apart)
    fields = json.loads(GATE.read_text(encoding="utf-8"))
    fields |= {"version": given.version, "floor": given.floor}
    fields["scales"][given.source] = {
        "intercept": fitted.intercept,
        "weights": fitted.weights,
        "languages": fitted.languages,
        "thresholds": thresholds,
    }
    GATE.write_text(json.dumps(fields, indent=1) + "\n", encoding="utf-8")
    _print_report(fitted, apart, thresholds)


def _is_apart(question: SetQuestion) -> bool:
    """Whether a question is kept to certify with: one half, the same in every run."""
    return crc32(question.id.encode()) % 2 == 1


def _judged(pairs: Iterable[tuple[SetQuestion, Given]]) -> Judged:
    rows = list(pairs)
    return Judged(
        signals=np.array([[a.signals.get(name, 0.0) for name in SIGNALS] for _, a in rows]),
        languages=np.array([a.language for _, a in rows]),
        seen=np.array([bool(a.signals) for _, a in rows]),
        right=np.array([bool(a.ranked) and a.ranked[0] in q.guides for q, a in rows]),
        answerable=np.array([q.is_answerable for q, _ in rows]),
    )


def _fitted(judged: Judged) -> Fitted:
    """Return intercept and weights on the signals as they are, standardisation folded in."""
    scaler = StandardScaler().fit(judged.signals)
    spoken = np.array(PAGE_LANGUAGES)
    columns = LANGUAGE_SIZE * (judged.languages[:, None] == spoken)
    features = np.hstack([scaler.transform(judged.signals), columns])
    model = LogisticRegression(C=STRENGTH, max_iter=1000).fit(features, judged.right)
    learnt = model.coef_[0]
    weights = learnt[: len(SIGNALS)] / scaler.scale_
    intercept = model.intercept_[0] - float((weights * scaler.mean_).sum())
    added = LANGUAGE_SIZE * learnt[len(SIGNALS) :]
    return Fitted(
        round(float(intercept), 4),
        {name: round(float(w), 4) for name, w in zip(SIGNALS, weights, strict=True)},
        {str(name): round(float(w), 4) for name, w in zip(spoken, added, strict=True)},
    )


def _certified(fitted: Fitted, to_fit: Judged, apart: Judged) -> dict[str, dict[str, float]]:
    """Return the thresholds by stated risk and language; what cannot be certified is left out.

    The lower a stated risk is, the fewer languages have questions enough. A language's own
    threshold is stricter than the common one only where that does not keep the risk in it: with
    few questions a strict one is all that can be certified, whatever the language.
    """
    found: dict[str, dict[str, float]] = {}
    ours, others = fitted.confidence(apart), fitted.confidence(to_fit)
    for risk in RISKS:
        by_language: dict[str, float] = {}
        for language in (ANY_LANGUAGE, *PAGE_LANGUAGES):
            chosen = np.full(len(ours), True)
            known = np.full(len(others), True)
            if language != ANY_LANGUAGE:
                chosen, known = apart.languages == language, to_fit.languages == language
            start = beginning(others[known], risk, int(chosen.sum()))
            wrong = ~apart.right[chosen]
            threshold = certified_threshold(ours[chosen], wrong, risk, start)
            common = by_language.get(ANY_LANGUAGE, NEVER)
            is_kept = _share(wrong, ours[chosen] >= common) <= risk
            if threshold is not None and (threshold <= common or not is_kept):
                by_language[language] = threshold
        if ANY_LANGUAGE in by_language:
            found[str(risk)] = by_language
    return found


def _share(wrong: Bools, shown: Bools) -> float:
    """Return the share of the shown that is wrong, 0 where nothing is shown."""
    return float(wrong[shown].mean()) if shown.any() else 0.0


def _print_report(
    fitted: Fitted, apart: Judged, thresholds: Mapping[str, Mapping[str, float]]
) -> None:
    console = Console(width=110)
    confidence = fitted.confidence(apart)
    seen = apart.seen
    console.print(
        f"{len(apart.seen)} questions apart, {seen.sum()} seen by the gate: "
        f"AUROC {roc_auc_score(apart.right[seen], confidence[seen]):.3f}"
    )
    table = Table("risk", "threshold", "wrong of shown", "answerable shown", "unanswerable shown",
                  "languages of their own")  # fmt: skip
    for risk, by_language in thresholds.items():
        limits = [by_language.get(str(s), by_language[ANY_LANGUAGE]) for s in apart.languages]
        shown = confidence >= np.array(limits)
        table.add_row(
            risk,
            f"{by_language[ANY_LANGUAGE]:.2f}",
            f"{100 * (~apart.right[shown]).mean():.1f} %",
            f"{100 * shown[apart.answerable].mean():.1f} %",
            f"{100 * shown[~apart.answerable].mean():.1f} %",
            " ".join(f"{k}:{v:.2f}" for k, v in by_language.items() if k != ANY_LANGUAGE),
        )
    console.print(table)


if __name__ == "__main__":
    main()
