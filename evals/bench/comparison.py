"""What a measurement came to: ratios to llama-index's default pipeline, and the aims."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from evals.bench.asking import Asked
from evals.bench.growth import Changed, Grown
from evals.bench.ingestion import BASELINE, BASELINE_OUR_PASSAGES, Ingested

INGESTION_RATIO = 5.0
QUESTION_MS = 100.0
QUESTION_PASSAGES = 30_000
MEMORY_MIB = 1536.0


@dataclass(frozen=True, slots=True)
class Bench:
    """Everything that was measured in one run.

    ``asked`` begins with the town's own index in both modes; the others were asked over ``grown``
    indexes. ``sheets`` are national ones among the guides; ``cores`` are the machine's, and
    ``load`` how many programs wanted one when the run began.
    """

    began_at: str
    commit: str
    cores: int
    load: float
    sheets: int
    ingested: tuple[Ingested, ...]
    grown: tuple[Grown, ...]
    changed: tuple[Changed, ...]
    asked: tuple[Asked, ...]


@dataclass(frozen=True, slots=True)
class Ratio:
    """How many times the baseline's rate a mode reaches, in each of the ways of counting.

    ``words`` compares the words of the guides that a processor second makes searchable,
    ``read_words`` the words that the model read, as it cuts off what is too long, ``passages`` the
    units that were stored, of which the baseline's are larger; ``same_passages`` compares with a
    baseline that is given the product's passages. ``clock`` is ``words`` by wall-clock.
    """

    system: str
    words: float
    read_words: float
    passages: float
    same_passages: float
    clock: float


@dataclass(frozen=True, slots=True)
class Aim:
    """One figure that something is aimed at; ``is_met`` says whether this run reached it."""

    label: str
    value: str
    wanted: str
    is_met: bool


def ratios(ingested: Sequence[Ingested]) -> list[Ratio]:
    """Return each mode's ratios to the baseline, which counts with its better number of threads."""
    baselines = [one for one in ingested if one.system == BASELINE]
    given_ours = [one for one in ingested if one.system == BASELINE_OUR_PASSAGES]
    return [
        Ratio(
            system=own.system,
            words=_ratio(own, baselines, lambda one: one.words / one.processor_s),
            read_words=_ratio(own, baselines, lambda one: one.read_words / one.processor_s),
            passages=_ratio(own, baselines, lambda one: one.passages / one.processor_s),
            same_passages=_ratio(own, given_ours, lambda one: one.passages / one.processor_s),
            clock=_ratio(own, baselines, lambda one: one.words / one.seconds),
        )
        for own in ingested
        if own not in baselines and own not in given_ours
    ]


def _ratio(
    own: Ingested, baselines: Sequence[Ingested], rate: Callable[[Ingested], float]
) -> float:
    return rate(own) / max(map(rate, baselines))


def aims(bench: Bench) -> Iterator[Aim]:
    """Yield the aims that this run can judge."""
    for ratio in ratios(bench.ingested):
        if ratio.system == "light":
            yield Aim(
                "light ingestion, guides' words per processor second",
                f"{ratio.words:.1f} × llama-index",
                f"≥ {INGESTION_RATIO:.0f} ×",
                ratio.words >= INGESTION_RATIO,
            )
    for asked in bench.asked:
        if asked.passages >= QUESTION_PASSAGES:
            where = f"over {asked.passages:,} passages, {asked.embedding}"
            yield Aim(
                f"question {where}",
                f"{asked.total.p50:.0f} ms in the median, {asked.total.p95:.0f} in 95 of 100",
                f"≤ {QUESTION_MS:.0f} ms of processor time in 95 of 100",
                asked.total.p95 <= QUESTION_MS,
            )
            yield Aim(
                f"memory {where}",
                f"{asked.peak_mib:,.0f} MiB at the peak",
                f"≤ {MEMORY_MIB:,.0f} MiB",
                asked.peak_mib <= MEMORY_MIB,
            )


def line(bench: Bench) -> str:
    """Return the ratios and the aims in one line."""
    parts = [
        f"{r.system} {r.words:.1f} × llama-index (words read {r.read_words:.1f} ×, "
        f"passages {r.passages:.1f} ×, same passages {r.same_passages:.1f} ×, "
        f"clock {r.clock:.1f} ×)"
        for r in ratios(bench.ingested)
    ]
    parts += [
        f"{aim.label}: {aim.value} ({'met' if aim.is_met else 'MISSED'}: {aim.wanted})"
        for aim in aims(bench)
    ]
    return "bench: " + " | ".join(parts)
