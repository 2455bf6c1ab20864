from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import f1_score, precision_score, recall_score, roc_auc_score

from evals import measures as m

NAN = np.nan


def floats(*values: float) -> m.Floats:
    return np.array(values, dtype=np.float64)


@given(st.lists(st.tuples(st.integers(0, 9), st.booleans()), min_size=2, max_size=40))
def test_auroc_is_scikit_learns(pairs: list[tuple[int, bool]]) -> None:
    score = floats(*(value / 10 for value, _ in pairs))
    positive = floats(*(float(is_positive) for _, is_positive in pairs))
    if len(set(positive.tolist())) < 2:
        assert np.isnan(m.auroc(score, positive))
        return
    assert m.auroc(score, positive) == pytest.approx(roc_auc_score(positive, score))


def test_auroc_leaves_out_what_does_not_count() -> None:
    score = floats(0.9, 0.1, 0.99, -1.0)
    assert m.auroc(score, floats(1, 0, NAN, NAN)) == 1.0


@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=30))
def test_precision_recall_and_f1_are_scikit_learns(pairs: list[tuple[bool, bool]]) -> None:
    predicted = floats(*(float(p) for p, _ in pairs))
    actual = floats(*(float(a) for _, a in pairs))
    if actual.any():
        assert m.recall_of(predicted, actual) == pytest.approx(recall_score(actual, predicted))
        assert m.f1_of(predicted, actual) == pytest.approx(f1_score(actual, predicted))
    if predicted.any():
        precision = precision_score(actual, predicted)
        assert m.precision_of(predicted, actual) == pytest.approx(precision)


def test_mean_leaves_out_what_does_not_apply_and_is_nan_for_nothing() -> None:
    assert m.mean(floats(1, 0, NAN, 1)) == pytest.approx(2 / 3)
    assert np.isnan(m.mean(floats(NAN)))


def test_unanswerable_are_counted_where_nine_of_ten_answerable_are_answered() -> None:
    answerable = floats(*[1] * 10, *[0] * 4)
    score = floats(*np.arange(1, 11) / 10, 0.95, 0.25, 0.15, m.SHOWN_NEVER)
    # The threshold is 0.2, the lowest but one of the answerable: two of the four reach it.
    assert m.answered_at(score, answerable, 1 - answerable) == 0.5


def test_what_the_screen_stopped_is_never_answered_at_any_threshold() -> None:
    answerable = floats(1, 1, 0)
    score = floats(m.SHOWN_NEVER, m.SHOWN_NEVER, m.SHOWN_NEVER)
    assert m.answered_at(score, answerable, 1 - answerable) == 0.0


def test_unanswerable_alone_say_nothing_of_that_share() -> None:
    assert np.isnan(m.answered_at(floats(0.9, 0.1), floats(0, 0), floats(1, 1)))


def test_risk_is_averaged_over_every_coverage() -> None:
    # Best first: right, wrong, right; risks 0, 1/2, 1/3. The last is never answered.
    area = m.aurc(floats(0.9, 0.8, 0.7, m.SHOWN_NEVER), floats(1, 0, 1, 0))
    assert area == pytest.approx((0 + 1 / 2 + 1 / 3) / 3)


def test_calibration_error_is_nothing_when_confidence_tells_the_truth() -> None:
    score = np.repeat(floats(0.25, 0.75), 20)
    right = floats(*[1, 0, 0, 0] * 5, *[1, 1, 1, 0] * 5)
    assert m.calibration_error(score, right) == pytest.approx(0.0)
    assert m.calibration_error(np.full(40, 0.9), np.zeros(40)) == pytest.approx(0.9)


@pytest.mark.parametrize("measure", [m.auroc, m.aurc, m.calibration_error, m.f1_of])
def test_many_samples_at_once_give_what_each_alone_gives(
    measure: Callable[[m.Floats, m.Floats], m.Floats],
) -> None:
    generator = np.random.default_rng(3)
    score = generator.integers(0, 5, (6, 30)) / 5
    right = generator.integers(0, 2, (6, 30)).astype(float)
    alone = [float(measure(score[n], right[n])) for n in range(6)]
    assert measure(score, right).tolist() == pytest.approx(alone)
