from __future__ import annotations

from dataclasses import replace

import pytest

from civic_assistant.errors import SettingsError
from civic_assistant.gate import ANY_LANGUAGE, SIGNALS, TOWN, Gate, Scale, load_gate

WEIGHTS = {"dense": 10.0, "support": 2.0}
THRESHOLDS = {0.1: {ANY_LANGUAGE: 0.5}, 0.05: {ANY_LANGUAGE: 0.9, "tr": 0.4}}
GATE = Gate(
    "t",
    0.2,
    {
        TOWN: Scale(-4.0, WEIGHTS, {"de": -3.0}, THRESHOLDS),
        "national": Scale(-6.0, WEIGHTS, {}, THRESHOLDS),
    },
    risks={TOWN: 0.1},
)


def signals(**values: float) -> dict[str, float]:
    return dict.fromkeys(SIGNALS, 0.0) | values


@pytest.mark.parametrize(
    ("dense", "decision"), [(0.6, "answer"), (0.3, "unsure"), (0.1, "not_covered")]
)
def test_the_confidence_and_the_nearness_decide(dense: float, decision: str) -> None:
    assert GATE.judge(signals(dense=dense), "fr").decision == decision


def test_a_verdict_names_the_weakest_signals() -> None:
    verdict = GATE.judge(signals(dense=0.3, support=0.1), "fr")
    assert verdict.reason.startswith("weak: support")
    assert verdict.confidence < verdict.threshold


def test_a_threshold_that_is_set_stands_instead_of_the_certified_ones() -> None:
    assert replace(GATE, fixed=0.99).judge(signals(dense=0.6), "fr").decision == "unsure"


def test_a_lower_stated_risk_shows_fewer_answers() -> None:
    near = signals(dense=0.5)
    assert GATE.judge(near, "fr").decision == "answer"
    assert replace(GATE, risks={TOWN: 0.05}).judge(near, "fr").decision == "unsure"


def test_a_language_may_have_its_own_threshold_and_its_own_share_in_the_score() -> None:
    near = signals(dense=0.5)
    assert replace(GATE, risks={TOWN: 0.05}).judge(near, "tr").decision == "answer"
    assert GATE.judge(near, "de").confidence < GATE.judge(near, "fr").confidence


def test_a_source_that_no_threshold_keeps_the_risk_for_is_never_answered_from() -> None:
    assert replace(GATE, risks={TOWN: 0.01}).judge(signals(dense=0.99), "fr").decision == "unsure"


def test_a_risk_that_nothing_was_certified_for_is_refused_with_those_that_were() -> None:
    with pytest.raises(SettingsError, match=r"gate_risk.*0\.0001.*choose one of.*0\.35"):
        load_gate({TOWN: 0.0001})
    with pytest.raises(SettingsError, match="'gate_risk_national'"):
        load_gate({"national": 0.0001})


def test_the_shipped_gate_weighs_every_signal_it_is_given() -> None:
    for scale in load_gate().scales.values():
        assert set(scale.weights) == set(SIGNALS)


def test_each_source_has_its_own_scale_and_an_unknown_one_the_towns() -> None:
    near = signals(dense=0.5)
    assert GATE.judge(near, "fr", "national").decision == "unsure"
    assert GATE.judge(near, "fr").decision == GATE.judge(near, "fr", "region").decision == "answer"
