"""How sure a figure is: stratified bootstrap over questions (Efron & Tibshirani, 1993)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evals.measures import Columns, Floats

SEED = 0
SAMPLES = 1000
OUTSIDE = 2.5
"""Percent left out at each end: 95 % intervals."""

Statistic = Callable[[Columns], Floats]


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure and its 95 % interval; all NaN where there was nothing to measure."""

    value: float
    low: float
    high: float


class _Resampled(Mapping[str, Floats]):
    """Columns of (samples, questions), each drawn only when a statistic asks for it."""

    def __init__(self, columns: Columns, rows: NDArray[np.int_]) -> None:
        self._columns = columns
        self._rows = rows

    def __getitem__(self, name: str) -> Floats:
        return self._columns[name][self._rows]

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __len__(self) -> int:
        return len(self._columns)


def resampled_rows(strata: NDArray[np.str_], samples: int = SAMPLES) -> NDArray[np.int_]:
    """Return row numbers (samples, questions): each stratum drawn from itself, with replacement.

    The same strata always give the same rows.
    """
    generator = np.random.default_rng(SEED)
    drawn = []
    for stratum in np.unique(strata):
        members = np.flatnonzero(strata == stratum)
        drawn.append(members[generator.integers(0, len(members), (samples, len(members)))])
    return np.concatenate(drawn, axis=1) if drawn else np.empty((samples, 0), dtype=int)


def interval(statistic: Statistic, columns: Columns, rows: NDArray[np.int_]) -> Interval:
    """Return the statistic over all questions with its percentile interval."""
    value = float(statistic(columns))
    return Interval(value, *_ends(statistic(_Resampled(columns, rows))))


def paired_interval(
    statistic: Statistic, before: Columns, after: Columns, rows: NDArray[np.int_]
) -> Interval:
    """Return how much the statistic grew on the same questions, both resampled alike."""
    grown = statistic(_Resampled(after, rows)) - statistic(_Resampled(before, rows))
    return Interval(float(statistic(after)) - float(statistic(before)), *_ends(grown))


def _ends(spread: Floats) -> tuple[float, float]:
    known = spread[~np.isnan(spread)]
    if not known.size:
        return float("nan"), float("nan")
    low, high = np.percentile(known, [OUTSIDE, 100 - OUTSIDE])
    return float(low), float(high)
