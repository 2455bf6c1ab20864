"""The rows that the product is judged by: each with its aim, its figure and its interval."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from evals.bootstrap import SAMPLES
from evals.figures import ENOUGH, Figure, Measure, figures, measures_of
from evals.omos import POOL as OMOS
from evals.pool import Pool
from evals.score import Scored

ENOUGH_SHOWN = 20
"""Shown answers from which a language's observed risk is compared with the promised one."""


@dataclass(frozen=True, slots=True)
class AimRow:
    """A figure that something is aimed at, and the pool it was measured on."""

    label: str
    pool: str
    figure: Figure


@dataclass(frozen=True, slots=True)
class Promise:
    """The risk that the gate promised for the answers shown in a language, and what was seen.

    Promised is the mean of one less the confidence.
    """

    language: str
    promised: float
    observed: Figure

    @property
    def kept(self) -> Literal["within", "safer", "riskier"] | None:
        """Where the observed interval lies to the promise; None with too few answers."""
        got = self.observed.interval
        if self.observed.count < ENOUGH_SHOWN:
            return None
        if got.high < self.promised:
            return "safer"
        return "riskier" if got.low > self.promised else "within"


def aim_rows(pools: Sequence[Pool], samples: int = SAMPLES) -> list[AimRow]:
    """Return every row that the pools allow, in the order of the pools."""
    rows: list[AimRow] = []
    for pool in pools:
        if pool.name != OMOS:
            rows += _finding_rows(pool, samples)
        rows += [
            AimRow(figure.measure.label, pool.name, figure)
            for figure in pool.figures
            if figure.measure.aim is not None and figure.measure.section != "finding"
        ]
    return rows


def promises(scored: Scored, samples: int = SAMPLES) -> Iterator[Promise]:
    """Yield promised and observed risk of each language with shown answers, all together first."""
    measure = next((m for m in measures_of(scored) if m.key == "risk"), None)
    if measure is None:  # no answer was shown
        return
    languages = scored.labels["language"]
    yield from _promise("all", scored, measure, samples)
    for language in sorted(set(languages.tolist())):
        yield from _promise(language, scored.where(languages == language), measure, samples)


def _promise(name: str, part: Scored, measure: Measure, samples: int) -> Iterator[Promise]:
    promised = part.columns["promised"]
    if not np.isnan(promised).all():
        (observed,) = figures(part, [measure], samples)
        yield Promise(name, float(np.nanmean(promised)), observed)


def _finding_rows(pool: Pool, samples: int) -> Iterator[AimRow]:
    scored = pool.scored.where(pool.scored.columns["answerable"] == 1)
    languages, registers = scored.labels["language"], scored.labels["register"]
    first, five = (pool.figure(key) for key in ("recall_1", "recall_5"))
    if first is None or five is None:
        return
    yield AimRow("all languages together: right guide first", pool.name, first)
    yield AimRow("all languages together: right guide in the first 5", pool.name, five)
    parts = [
        (language, figures(part, [replace(first.measure, aim=0.55)], samples)[0])
        for language in sorted(set(languages.tolist()))
        if len(part := scored.where(languages == language)) >= ENOUGH
    ]
    if parts:
        worst, figure = min(parts, key=lambda part: part[1].interval.value)
        yield AimRow(f"worst language ({worst}): right guide first", pool.name, figure)
    kinds: tuple[tuple[str, NDArray[np.bool_], float, float], ...] = (
        ("citizens' mails", registers == "mail", 0.55, 0.82),
        ("short French questions", (registers == "short") & (languages == "fr"), 0.82, 0.95),
    )
    for label, mask, aim_first, aim_five in kinds:
        if mask.sum() >= ENOUGH:
            wanted = [replace(first.measure, aim=aim_first), replace(five.measure, aim=aim_five)]
            got = figures(scored.where(mask), wanted, samples)
            yield AimRow(f"{label}: right guide first", pool.name, got[0])
            yield AimRow(f"{label}: right guide in the first 5", pool.name, got[1])
