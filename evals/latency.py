"""How long each stage of a turn took."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from evals.run import Given

TOTAL = "total"


@dataclass(frozen=True, slots=True)
class StageTime:
    """Milliseconds of a stage over ``count`` questions: median and 95th percentile."""

    stage: str
    processor_p50: float
    processor_p95: float
    wall_p50: float
    wall_p95: float
    count: int


def stage_times(answers: Sequence[Given]) -> list[StageTime]:
    """Return each stage in the order of a turn, and last the whole turn of what was looked up."""
    stages = list(dict.fromkeys(stage for given in answers for stage in given.milliseconds))
    looked_up = [given for given in answers if len(given.milliseconds) == len(stages)]
    times = []
    for stage in stages:
        passed = [given for given in answers if stage in given.milliseconds]
        processor = [given.processor_milliseconds.get(stage, 0.0) for given in passed]
        times.append(_time(stage, processor, [given.milliseconds[stage] for given in passed]))
    if looked_up:
        processor = [_sum(given.processor_milliseconds) for given in looked_up]
        times.append(_time(TOTAL, processor, [_sum(given.milliseconds) for given in looked_up]))
    return times


def _sum(stages: Mapping[str, float]) -> float:
    return float(sum(stages.values()))


def _time(stage: str, processor: Sequence[float], wall: Sequence[float]) -> StageTime:
    return StageTime(
        stage=stage,
        processor_p50=float(np.percentile(processor, 50)),
        processor_p95=float(np.percentile(processor, 95)),
        wall_p50=float(np.percentile(wall, 50)),
        wall_p95=float(np.percentile(wall, 95)),
        count=len(wall),
    )
