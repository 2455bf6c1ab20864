from __future__ import annotations

import pytest

from civic_assistant.gate import SIGNALS, Gate, load_gate

GATE = Gate(
    version="t", intercept=-4.0, weights={"dense": 10.0, "support": 2.0}, floor=0.2, threshold=0.5
)


def signals(**values: float) -> dict[str, float]:
    return dict.fromkeys(SIGNALS, 0.0) | values


@pytest.mark.parametrize(
    ("dense", "decision"), [(0.6, "answer"), (0.3, "unsure"), (0.1, "not_covered")]
)
def test_the_confidence_and_the_nearness_decide(dense: float, decision: str) -> None:
    assert GATE.judge(signals(dense=dense)).decision == decision


def test_a_verdict_names_the_weakest_signals() -> None:
    verdict = GATE.judge(signals(dense=0.3, support=0.1))
    assert verdict.reason.startswith("weak: support")
    assert verdict.confidence < verdict.threshold


def test_the_threshold_can_be_set() -> None:
    assert load_gate(0.9).threshold == 0.9


def test_the_shipped_gate_weighs_every_signal_it_is_given() -> None:
    assert set(load_gate().weights) == set(SIGNALS)
