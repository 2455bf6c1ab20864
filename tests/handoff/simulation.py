"""A simulated office: citizens arrive, wait in one line, and are taken by whoever has a seat free.

It shares nothing with the product but the estimate that it holds against the truth.
"""

from __future__ import annotations

import heapq
import random
from collections.abc import Callable
from dataclasses import dataclass

from civic_assistant.handoff.estimate import (
    MEASURED,
    PICK_UP_SECONDS,
    handling_seconds,
    wait_seconds,
)


@dataclass(frozen=True, slots=True)
class Waited:
    """What one citizen was told on arrival, and how long it took; seconds."""

    ahead: int
    estimated: float
    true: float


def exponential(mean: float) -> Callable[[random.Random], float]:
    """Return lengths without memory."""
    return lambda chance: chance.expovariate(1 / mean)


def human(mean: float) -> Callable[[random.Random], float]:
    """Return lengths as talks have them: a few long ones (log-normal, coefficient 0.8)."""
    return lambda chance: mean * chance.lognormvariate(-0.5 * 0.494, 0.494**0.5)


def simulate(
    citizens: int,
    seats: int,
    load: float,
    length: Callable[[random.Random], float],
    mean: float,
    seed: int,
) -> list[Waited]:
    """Return what citizens were told and what came of it, with seats busy a share of the time.

    ``load`` is that share; the estimate is asked as the queue asks it, with the last 50 lengths
    that were over and a first guess of eight minutes.
    """
    chance = random.Random(seed)
    free_at = [0.0] * seats  # when each seat is free again
    begun: list[float] = []  # when those who wait, or waited, are taken
    over: list[tuple[float, float]] = []  # end and length of conversations
    measured: list[float] = []
    now, waited = 0.0, []
    for _ in range(citizens):
        now += chance.expovariate(load * seats / mean)
        while over and over[0][0] <= now:
            measured.append(heapq.heappop(over)[1])
        begun = [moment for moment in begun if moment > now]
        ahead = len(begun)
        free = sum(moment <= now for moment in free_at) if ahead == 0 else 0
        lengths = handling_seconds(measured[-MEASURED:], prior_seconds=480)
        estimated = wait_seconds(ahead, free, seats, lengths)
        taken = max(now, heapq.heappop(free_at)) + PICK_UP_SECONDS
        takes = length(chance)
        heapq.heappush(free_at, taken + takes)
        heapq.heappush(over, (taken + takes, takes))
        begun.append(taken)
        waited.append(Waited(ahead, estimated, taken - now))
    return waited
