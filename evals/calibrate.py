"""Fits one source's scale of the evidence gate: a logistic model over the signals of kept runs.

    python -m evals.calibrate --source town var/evals/runs/light/tuning{,-short}.jsonl

The model is scikit-learn's logistic regression with standardised signals; what it learnt is
written as plain weights to ``src/civic_assistant/data/gate.json``, beside the other sources'. The
threshold is the confidence that refuses a given share of the questions the guides answer. Figures
are cross-validated by question, so that two runs of one question never lie on both sides.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from civic_assistant.gate import SIGNALS, TOWN
from evals.questions import SetQuestion, load_set
from evals.run import Given, read_run

GATE = Path(__file__).parent.parent / "src" / "civic_assistant" / "data" / "gate.json"
Floats = NDArray[np.float64]


def main() -> None:
    """Fit the gate on runs and write it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("runs", nargs="+", type=Path)
    parser.add_argument("--sets", nargs="+", default=["tuning", "tuning-short"])
    parser.add_argument("--source", default=TOWN, help="whose guides the runs were answered from")
    parser.add_argument("--refused", type=float, default=0.08, help="share of answerable refused")
    parser.add_argument("--floor", type=float, default=0.24)
    parser.add_argument("--version", default="1")
    arguments = parser.parse_args()
    asked = {question.id: question for name in arguments.sets for question in load_set(name)}
    pairs = [
        (asked[answer.id], answer)
        for run in arguments.runs
        for answer in read_run(run)
        if answer.signals
    ]
    signals = np.array([[answer.signals[name] for name in SIGNALS] for _, answer in pairs])
    right = np.array([_is_right(question, answer) for question, answer in pairs])
    answerable = np.array([question.is_answerable for question, _ in pairs])
    groups = np.array([question.id for question, _ in pairs])
    held_out = _held_out(signals, right, groups)
    threshold = float(np.quantile(held_out[answerable], arguments.refused))
    fields = json.loads(GATE.read_text(encoding="utf-8"))
    fields |= {"version": arguments.version, "floor": arguments.floor}
    fitted = _fitted(signals, right) | {"threshold": round(threshold, 3)}
    fields["scales"][arguments.source] = fitted
    GATE.write_text(json.dumps(fields, indent=1) + "\n", encoding="utf-8")
    wrong = held_out[~answerable] >= threshold
    lines = (
        f"{len(pairs)} turns, {right.sum()} with the right guide first, threshold {threshold:.3f}",
        f"held out: AUROC {roc_auc_score(right, held_out):.3f}; at the threshold "
        f"{100 * (held_out[answerable] < threshold).mean():.1f} % of the answerable refused, "
        f"{100 * wrong.mean():.1f} % of the unanswerable answered",
    )
    print(*lines, sep="\n")  # noqa: T201


def _is_right(question: SetQuestion, answer: Given) -> bool:
    return bool(answer.ranked) and answer.ranked[0] in question.guides


def _model() -> object:
    return make_pipeline(StandardScaler(), LogisticRegression(C=0.3))


def _held_out(signals: Floats, right: NDArray[np.bool_], groups: NDArray[np.str_]) -> Floats:
    folds = GroupKFold(10, shuffle=True, random_state=0)
    predicted: Floats = cross_val_predict(
        _model(), signals, right, groups=groups, cv=folds, method="predict_proba"
    )
    return predicted[:, 1]


def _fitted(signals: Floats, right: NDArray[np.bool_]) -> dict[str, object]:
    """Return intercept and weights on the signals as they are, standardisation folded in."""
    scaler = StandardScaler().fit(signals)
    model = LogisticRegression(C=0.3).fit(scaler.transform(signals), right)
    weights = model.coef_[0] / scaler.scale_
    intercept = model.intercept_[0] - float((weights * scaler.mean_).sum())
    named = {name: round(float(w), 4) for name, w in zip(SIGNALS, weights, strict=True)}
    return {"intercept": round(float(intercept), 4), "weights": named}


if __name__ == "__main__":
    main()
