"""A pool: the sets that are scored together, their figures, and how these changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from civic_assistant.gate import load_gate
from evals.bootstrap import SAMPLES
from evals.figures import ENOUGH, Figure, Measure, baseline_measures, figures, measures_of
from evals.omos import POOL, OmosRun, omos_measures, score_omos
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
from evals.stated import Stated, stated_risks


@dataclass(frozen=True, slots=True)
class Pool:
    """Questions scored together, and what came of it.

    ``mode`` is the embedding mode (``light``, ``full``), ``made_of`` says what else mattered;
    ``runs`` are empty for OMoS-QA, which no index answers. ``changes`` are empty where nothing was
    recorded ``before``. ``stated`` are what the gate's stated risks came to.
    """

    name: str
    mode: str
    made_of: Mapping[str, str]
    runs: tuple[Run, ...]
    scored: Scored
    figures: tuple[Figure, ...]
    before: Recorded | None
    changes: tuple[Change, ...]
    stated: tuple[Stated, ...]

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
        record(path, self.name, self.scored, self.figures, self.made_of)


def pools_of(runs: Sequence[Run], samples: int = SAMPLES) -> list[Pool]:
    """Return the pools of runs, those that are kept aside first."""
    grouped: dict[str, list[Run]] = {}
    for run in sorted(runs, key=lambda run: not run.manifest.is_kept_aside):
        grouped.setdefault(run.manifest.pool, []).append(run)
    pools = []
    for name, members in grouped.items():
        scored = score(members)
        mode = str(members[0].manifest.settings["embedding"])
        measures = list(measures_of(scored))
        pools.append(_pool(name, mode, _made_of(members), members, scored, measures, samples))
    return pools


def omos_pool(run: OmosRun, samples: int = SAMPLES) -> Pool:
    """Return OMoS-QA's questions as a pool."""
    scored = score_omos(run.answers)
    measures = list(omos_measures(scored))
    return _pool(POOL, run.mode, run.made_of, (), scored, measures, samples)


def by_label(
    scored: Scored, label: str, measures: Sequence[Measure], least: int = ENOUGH
) -> Iterator[tuple[str, list[Figure]]]:
    """Yield each language (kind, register) of at least so many questions with its figures."""
    labels = scored.labels[label]
    for value in sorted(set(labels.tolist()) - {""}):
        part = scored.where(labels == value)
        if len(part) >= least:
            yield value, figures(part, measures)


def by_baseline(scored: Scored) -> Iterator[tuple[str, list[Figure]]]:
    """Yield each system's name and its ranking figures, the product's last."""
    answerable = scored.where(scored.columns["answerable"] == 1)
    for label, measures in baseline_measures(scored):
        yield label, figures(answerable, measures)


def _made_of(runs: Sequence[Run]) -> Mapping[str, str]:
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


def _pool(
    name: str,
    mode: str,
    made_of: Mapping[str, str],
    runs: Sequence[Run],
    scored: Scored,
    measures: Sequence[Measure],
    samples: int,
) -> Pool:
    before = read_recorded(recorded_path(name, mode))
    return Pool(
        name=name,
        mode=mode,
        made_of=made_of,
        runs=tuple(runs),
        scored=scored,
        figures=tuple(figures(scored, measures, samples)),
        before=before,
        changes=tuple(compare(scored, measures, before, samples)) if before else (),
        stated=tuple(stated_risks(runs, load_gate(), samples)),
    )
