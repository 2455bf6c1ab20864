"""The last recorded figures of each pool, and whether today's are worse on the same questions."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import numpy as np
from pydantic import BaseModel, ConfigDict

from evals.bootstrap import SAMPLES, Interval, paired_interval, resampled_rows
from evals.figures import Figure, Measure, count_of
from evals.measures import Floats
from evals.score import Scored

RECORDED = Path(__file__).parent / "recorded"
DIGITS = 4
Direction = Literal["worse", "better", "same"]


class Recorded(BaseModel):
    """A pool as it was recorded: its figures, and the columns they came from, question by question.

    ``made_of`` says what the run was made of. ``figures`` are value, low, high and count; None
    stands for NaN, in ``columns`` too.
    """

    model_config = ConfigDict(frozen=True)

    pool: str
    recorded_at: datetime
    made_of: dict[str, str]
    figures: dict[str, tuple[float | None, float | None, float | None, int]]
    ids: tuple[str, ...]
    prints: tuple[str, ...]
    columns: dict[str, tuple[float | None, ...]]


@dataclass(frozen=True, slots=True)
class Change:
    """How a measure grew since it was recorded, on the ``count`` questions both runs asked.

    The direction is *worse* or *better* only where the paired interval leaves out no growth;
    counts, which must be 0, are exact.
    """

    measure: Measure
    before: float
    after: float
    grown: Interval
    count: int

    @property
    def direction(self) -> Direction:
        """Whether the growth is beyond noise, and good or bad."""
        sign = -1 if self.measure.is_lower_better else 1
        if self.measure.unit == "count":
            ends = (self.grown.value, self.grown.value)
        else:
            ends = (self.grown.low, self.grown.high)
        if all(sign * end > 0 for end in ends):
            return "better"
        return "worse" if all(sign * end < 0 for end in ends) else "same"


def recorded_path(pool: str, mode: str) -> Path:
    """Return where the figures of a pool lie, an embedding mode each."""
    return RECORDED / f"{pool}-{mode}.json"


def record(
    path: Path, pool: str, scored: Scored, figures: Sequence[Figure], made_of: Mapping[str, str]
) -> None:
    """Write the figures that later runs are compared with."""
    kept = Recorded(
        pool=pool,
        recorded_at=datetime.now(UTC).replace(microsecond=0),
        made_of=dict(made_of),
        figures={figure.measure.key: _row(figure) for figure in figures},
        ids=scored.ids,
        prints=scored.prints,
        columns={
            name: tuple(map(_number, column.tolist()))
            for name, column in scored.columns.items()
            if not _is_derived(name)
        },
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    fields = kept.model_dump(mode="json")
    rows = [f" {json.dumps(name)}: {json.dumps(value)}" for name, value in fields.items()]
    path.write_text("{\n" + ",\n".join(rows) + "\n}\n", encoding="utf-8")


def read_recorded(path: Path) -> Recorded | None:
    """Return what was recorded, or None."""
    if not path.is_file():
        return None
    return Recorded.model_validate_json(path.read_text(encoding="utf-8"))


def compare(
    scored: Scored, wanted: Sequence[Measure], before: Recorded, samples: int = SAMPLES
) -> list[Change]:
    """Return how each measure changed on the questions that both runs were asked alike."""
    places = {asked: n for n, asked in enumerate(zip(before.ids, before.prints, strict=True))}
    pairs = [
        (places[asked], n)
        for n, asked in enumerate(zip(scored.ids, scored.prints, strict=True))
        if asked in places
    ]
    if not pairs:
        return []
    old_rows = np.array([old for old, _ in pairs])
    mask = np.zeros(len(scored), dtype=bool)
    mask[[new for _, new in pairs]] = True
    after = _rounded(scored.where(mask))
    columns = {name: _floats(values)[old_rows] for name, values in before.columns.items()}
    columns |= {name: column for name, column in after.columns.items() if _is_derived(name)}
    rows = resampled_rows(after.strata(), samples)
    changes = []
    for measure in wanted:
        try:
            grown = paired_interval(measure.statistic, columns, after.columns, rows)
            value = float(measure.statistic(columns))
        except KeyError:  # a column that the recorded run did not have
            continue
        if not np.isnan(grown.value):
            changes.append(
                Change(measure, value, value + grown.value, grown, count_of(after, measure))
            )
    return changes


def _row(figure: Figure) -> tuple[float | None, float | None, float | None, int]:
    got = figure.interval
    return _number(got.value), _number(got.low), _number(got.high), figure.count


def _rounded(scored: Scored) -> Scored:
    """Return the columns as a file would keep them, so that equal runs compare as equal."""
    columns = {name: np.round(column, DIGITS) for name, column in scored.columns.items()}
    return replace(scored, columns=columns)


def _is_derived(name: str) -> bool:
    """Whether a column follows from the question alone, or is a baseline's."""
    return name.startswith("is_") or "." in name


def _number(value: float) -> float | None:
    return None if np.isnan(value) else round(value, DIGITS)


def _floats(values: Sequence[float | None]) -> Floats:
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)
