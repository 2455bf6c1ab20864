from __future__ import annotations

import pytest

from civic_assistant.gate import SIGNALS, TOWN, Gate, Scale, load_gate

WEIGHTS = {"dense": 10.0, "support": 2.0}
GATE = Gate("t", 0.2, {TOWN: Scale(-4.0, WEIGHTS, 0.5), "national": Scale(-6.0, WEIGHTS, 0.5)})


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
    assert {scale.threshold for scale in load_gate(0.9).scales.values()} == {0.9}


def test_the_shipped_gate_weighs_every_signal_it_is_given() -> None:
    for scale in load_gate().scales.values():
        assert set(scale.weights) == set(SIGNALS)


def test_each_source_has_its_own_scale_and_an_unknown_one_the_towns() -> None:
    near = signals(dense=0.5)
    assert GATE.judge(near, "national").decision == "unsure"
    assert GATE.judge(near).decision == GATE.judge(near, "region").decision == "answer"
