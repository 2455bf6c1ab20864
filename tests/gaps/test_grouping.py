from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from civic_assistant.gaps import grouping
from civic_assistant.gaps.grouping import grouped


def directions(*degrees: float) -> NDArray[np.float32]:
    """Return unit vectors of a plane: their cosines can be read off their angles."""
    angles = np.radians(degrees)
    return np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)


def test_near_questions_are_one_group_and_far_ones_another() -> None:
    assert grouped(directions(0, 90, 10, 100, 5)) == [[0, 2, 4], [1, 3]]


def test_nothing_makes_no_group_and_one_question_one() -> None:
    assert grouped(np.empty((0, 2), np.float32)) == []
    assert grouped(directions(30)) == [[0]]


def test_the_same_question_many_times_draws_no_other_into_its_group() -> None:
    # 55° and 85° are one group, too far from 0° on average; 55° alone would be near enough.
    assert grouped(directions(0, 55, 85, 55, 55, 55)) == [[1, 2, 3, 4, 5], [0]]


def test_grouping_again_gives_the_same_groups() -> None:
    drawn = np.random.default_rng(3).normal(size=(200, 8)).astype(np.float32)
    vectors = drawn / np.linalg.norm(drawn, axis=1, keepdims=True)
    assert grouped(vectors) == grouped(vectors.copy())


def test_older_questions_join_the_groups_of_the_newest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grouping, "MOST", 3)
    assert grouped(directions(12, 200, 0, 10, 95)) == [[0, 2, 3], [1], [4]]
