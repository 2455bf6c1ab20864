import numpy as np
import pytest

from evals.bootstrap import interval, paired_interval, resampled_rows
from evals.measures import Columns, Floats, mean

STRATA = np.array(["a"] * 60 + ["b"] * 40)


def average(columns: Columns) -> Floats:
    return mean(columns["x"])


def test_each_stratum_is_drawn_from_itself_and_always_alike() -> None:
    rows = resampled_rows(STRATA, samples=50)
    assert rows.shape == (50, 100)
    assert (rows[:, :60] < 60).all()
    assert (rows[:, 60:] >= 60).all()
    assert (rows == resampled_rows(STRATA, samples=50)).all()


def test_interval_of_a_share_is_about_the_binomial_one() -> None:
    columns = {"x": np.array([1.0] * 50 + [0.0] * 50)}
    got = interval(average, columns, resampled_rows(np.array(["a"] * 100)))
    assert got.value == 0.5
    assert (got.low, got.high) == pytest.approx((0.40, 0.60), abs=0.02)


def test_paired_interval_sees_through_noise_that_both_runs_share() -> None:
    before = np.random.default_rng(1).normal(size=100)
    got = paired_interval(average, {"x": before}, {"x": before + 0.01}, resampled_rows(STRATA))
    assert (got.value, got.low, got.high) == pytest.approx((0.01, 0.01, 0.01))
