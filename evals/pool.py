"""A pool: the sets that are scored together, their figures, and how these changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from evals.bootstrap import SAMPLES
from evals.figures import ENOUGH, Figure, Measure, baseline_measures, figures, measures_of
from evals.recorded import (
    Change,
    Recorded,
    compare,
    read_recorded,
    record,
    recorded_path,
)
from evals.run import Run
from evals.score import Scored, score


@dataclass(frozen=True, slots=True)
class Pool:
    """Questions scored together, and what came of it.

    ``mode`` is the embedding mode (``light``, ``full``); ``changes`` are empty where nothing was
    recorded before, as ``before`` says.
    """

    name: str
    mode: str
    runs: tuple[Run, ...]
    scored: Scored
    figures: tuple[Figure, ...]
    before: Recorded | None
    changes: tuple[Change, ...]

    @property
    def worse(self) -> list[Change]:
        """What got worse beyond noise."""
        return [change for change in self.changes if change.direction == "worse"]

    def figure(self, key: str) -> Figure | None:
        """Return a figure by its measure's key, or None where there was nothing to measure."""
        return next((figure for figure in self.figures if figure.measure.key == key), None)

    def record(self) -> None:
        """Make these the figures that later runs are compared with."""
        path = recorded_path(self.name, self.mode)
        record(path, self.name, self.scored, self.figures, made_of(self.runs))


def pools_of(runs: Sequence[Run], samples: int = SAMPLES) -> list[Pool]:
    """Return the pools of runs, in the order in which their first sets come."""
    grouped: dict[str, list[Run]] = {}
    for run in runs:
        grouped.setdefault(run.manifest.pool, []).append(run)
    return [_pool(name, members, samples) for name, members in grouped.items()]


def by_label(
    scored: Scored, label: str, measures: Sequence[Measure], samples: int = SAMPLES
) -> Iterator[tuple[str, list[Figure]]]:
    """Yield each language (kind, register) of enough questions with its figures."""
    labels = scored.labels[label]
    for value in sorted(set(labels.tolist()) - {""}):
        part = scored.where(labels == value)
        if len(part) >= ENOUGH:
            yield value, figures(part, measures, samples)


def by_baseline(scored: Scored, samples: int = SAMPLES) -> Iterator[tuple[str, list[Figure]]]:
    """Yield each system's name and its ranking figures, the product's last."""
    answerable = scored.where(scored.columns["answerable"] == 1)
    for label, measures in baseline_measures(scored):
        yield label, figures(answerable, measures, samples)


def made_of(runs: Sequence[Run]) -> Mapping[str, str]:
    """Return what runs were made of, in a few words each."""
    manifests = [run.manifest for run in runs]
    return {
        "sets": ", ".join(m.set_name for m in manifests),
        "embedding": _each(m.embedding for m in manifests),
        "gate": _each(m.gate for m in manifests),
        "commit": _each(m.commit for m in manifests),
        "edition": _each(m.edition_digest for m in manifests),
        "passages": _each(str(m.passages) for m in manifests),
    }


def _each(values: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(values))


def _pool(name: str, runs: Sequence[Run], samples: int) -> Pool:
    mode = str(runs[0].manifest.settings["embedding"])
    scored = score(runs)
    measures = list(measures_of(scored))
    before = read_recorded(recorded_path(name, mode))
    return Pool(
        name=name,
        mode=mode,
        runs=tuple(runs),
        scored=scored,
        figures=tuple(figures(scored, measures, samples)),
        before=before,
        changes=tuple(compare(scored, measures, before, samples)) if before else (),
    )
