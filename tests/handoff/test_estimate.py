"""The wait that is told, against the wait that came, over simulated days."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from random import Random
from statistics import fmean

import pytest

from civic_assistant.handoff.estimate import PICK_UP_SECONDS, wait_seconds
from tests.handoff.simulation import Waited, exponential, human, simulate

MEAN = 420.0
LENGTHS = {"without memory": exponential(MEAN), "as people talk": human(MEAN)}


def ratio(waited: list[Waited]) -> float:
    """Return the mean wait told over the mean wait that came."""
    return fmean(one.estimated for one in waited) / fmean(one.true for one in waited)


@pytest.mark.parametrize("length", LENGTHS.values(), ids=LENGTHS)
@pytest.mark.parametrize(("seats", "load"), [(1, 0.7), (2, 0.85), (6, 0.9), (9, 0.95)])
def test_the_wait_told_is_right_on_average(
    length: Callable[[Random], float], seats: int, load: float
) -> None:
    waited = simulate(20_000, seats, load, length, MEAN, seed=seats)
    assert ratio(waited) == pytest.approx(1, abs=0.12)


def test_the_wait_told_is_right_for_short_and_long_queues() -> None:
    waited = simulate(60_000, 4, 0.9, exponential(MEAN), MEAN, seed=3)
    for low, high in ((1, 2), (3, 5), (6, 10), (11, 20)):
        some = [one for one in waited if low <= one.ahead <= high]
        assert len(some) > 500
        assert ratio(some) == pytest.approx(1, abs=0.12), (low, high)


def test_the_wait_told_grows_with_everybody_ahead() -> None:
    waits = [wait_seconds(ahead, 0, 3, MEAN) for ahead in range(20)]
    assert all(longer > shorter for shorter, longer in pairwise(waits))


def test_a_free_seat_means_no_wait_but_being_seen() -> None:
    assert wait_seconds(1, 2, 3, MEAN) == PICK_UP_SECONDS
    assert wait_seconds(2, 2, 3, MEAN) == PICK_UP_SECONDS + MEAN / 3
