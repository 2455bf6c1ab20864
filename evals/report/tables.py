"""The tables of a report, as captions, heads and cells."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from evals.aims import Promise, aim_rows, promises
from evals.failures import WORST_FIRST, failure_counts, failures
from evals.figures import ENOUGH, Figure
from evals.latency import stage_times
from evals.pool import Pool, by_baseline, by_label
from evals.recorded import Change
from evals.report.curves import Bin
from evals.run import Given
from evals.summary import number, written, written_interval

STANDINGS = {
    "met": "met",
    "likely": "met, not surely",
    "unlikely": "missed, not surely",
    "missed": "missed",
    None: "",
}
FAILURES_SHOWN = 60
TEXT_SHOWN = 220
_CHOSEN = (
    "recall_1", "recall_5", "mrr_10", "led_on", "risk", "sentence_f1",
    "unanswerable_answered", "no_answer_f1", "language", "words", "lix", "plain_words",
)  # fmt: skip
_CHOSEN_OF_KINDS = (
    "recall_1", "recall_5", "led_on", "unanswerable_answered", "outcome_right", "language",
)  # fmt: skip
_SHORT = {
    "recall_1": "right first", "recall_3": "in 3", "recall_5": "in 5", "recall_10": "in 10",
    "mrr_10": "MRR@10", "ndcg_10": "nDCG@10", "led_on": "answered or asked", "risk": "shown wrong",
    "sentence_f1": "sentence F1", "unanswerable_answered": "unanswerable answered",
    "no_answer_f1": "no-answer F1", "language": "language", "outcome_right": "right outcome",
    "words": "words a sentence", "lix": "LIX", "plain_words": "in plain language",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell's words; ``style`` is the page's class for it, ``beside`` stands small after them."""

    text: str
    beside: str = ""
    style: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table whose first column names its rows."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    style: str = ""


def aims_table(pools: Sequence[Pool]) -> Table:
    """Return what the product is judged by: aim, figure, interval."""
    rows = []
    for row in aim_rows(pools):
        figure, standing = row.figure, row.figure.standing
        rows.append(
            (
                Cell(row.label),
                Cell(written(figure), written_interval(figure)),
                Cell(_aim(figure), style="whole"),
                Cell(STANDINGS[standing], style=standing or ""),
                Cell(str(figure.count)),
                Cell(row.pool),
            )
        )
    head = ("", "figure", "aim", "aim met?", "questions", "pool")
    caption = "What is aimed at and what was measured, in percent or counts, with 95 % intervals"
    return Table(caption, head, tuple(rows))


def changes_table(pools: Sequence[Pool]) -> Table:
    """Return what changed since the figures were recorded, worse ones first."""
    changes = [
        (pool, change)
        for pool in pools
        for change in pool.changes
        if change.direction != "same" or change.measure.aim is not None
    ]
    order = {"worse": 0, "better": 1, "same": 2}
    rows = [
        (
            Cell(change.measure.label),
            Cell(_direction(change), style=_CHANGED[change.direction]),
            Cell(number(change.after, change.measure)),
            Cell(number(change.before, change.measure)),
            _growth(change),
            Cell(str(change.count)),
            Cell(pool.name),
        )
        for pool, change in sorted(changes, key=lambda pair: order[pair[1].direction])
    ]
    head = ("", "change", "now", "recorded", "growth", "same questions", "pool")
    return Table("Against the last recorded run, on the same questions", head, tuple(rows))


_CHANGED = {"worse": "missed", "better": "met", "same": ""}


def _direction(change: Change) -> str:
    if change.direction == "same":
        return "within noise" if change.grown.value else "none"
    return "WORSE" if change.direction == "worse" else "better"


def _growth(change: Change) -> Cell:
    got = change.grown
    scale = 1.0 if change.measure.unit in ("count", "decimal") else 100.0
    if not got.value:
        return Cell("0")
    interval = "" if got.low == got.high else f"{got.low * scale:+.1f} to {got.high * scale:+.1f}"
    return Cell(f"{got.value * scale:+.1f}", interval)


def systems_table(pool: Pool) -> Table:
    """Return the baselines' rankings beside the product's."""
    rows = list(by_baseline(pool.scored))
    head = ("", *(_SHORT[key] for key in _keys(rows)))
    return Table("Finding, against simpler systems over the same guides", head, _rows(rows))


def groups_table(pool: Pool, label: str, caption: str) -> Table:
    """Return the chosen figures of each language, kind or register."""
    chosen = _CHOSEN_OF_KINDS if label == "kind" else _CHOSEN
    measures = [f.measure for f in pool.figures if f.measure.key in chosen]
    rows = list(by_label(pool.scored, label, measures, 1 if label == "kind" else ENOUGH))
    head = ("", *(_SHORT[measure.key] for measure in measures))
    return Table(caption, head, _rows(rows))


def figures_table(pool: Pool) -> Table:
    """Return every figure of a pool."""
    rows = tuple(
        (
            Cell(figure.measure.label),
            Cell(written(figure), written_interval(figure)),
            Cell(str(figure.count)),
        )
        for figure in pool.figures
    )
    return Table("Every figure", ("", "figure and 95 % interval", "questions"), rows)


def promises_table(pool: Pool) -> Table:
    """Return promised and observed risk, per language."""
    rows = tuple(_promise_row(promise) for promise in promises(pool.scored))
    head = ("", "promised", "observed", "shown answers", "")
    return Table("Promised risk of a shown answer against the observed one", head, rows)


def stated_table(pool: Pool) -> Table:
    """Return each stated risk against the observed one, by language where enough was shown."""
    rows = tuple(
        (
            Cell(f"{100 * stated.risk:.0f} %"),
            Cell(stated.language or "all"),
            Cell(
                f"{100 * stated.observed.value:.1f}",
                f"{100 * stated.observed.low:.1f} to {100 * stated.observed.high:.1f}",
            ),
            Cell(str(stated.shown)),
            Cell(f"{100 * stated.answered:.0f}"),
            Cell("kept" if stated.is_kept else "not kept"),
        )
        for stated in pool.stated
    )
    head = ("stated", "", "observed, %", "shown answers", "answerable shown, %", "")
    return Table("Stated risk against the observed one", head, rows)


def latency_table(pool: Pool) -> Table:
    """Return the stages' times."""
    answers: list[Given] = [given for run in pool.runs for given in run.answers]
    rows = tuple(
        (
            Cell(time.stage),
            *(
                Cell(f"{value:.0f}")
                for value in (
                    time.processor_p50, time.processor_p95, time.wall_p50, time.wall_p95
                )
            ),
            Cell(str(time.count)),
        )
        for time in stage_times(answers)
    )  # fmt: skip
    head = ("", "processor, median", "processor, 95th", "wall, median", "wall, 95th", "questions")
    return Table("Milliseconds a question, per stage", head, rows)


def bins_table(bins: Sequence[Bin]) -> Table:
    """Return the reliability diagram's numbers."""
    rows = tuple(
        (
            Cell(f"{100 * each.confidence:.1f}"),
            Cell(f"{100 * each.right:.1f}", f"{100 * each.low:.1f}–{100 * each.high:.1f}"),
            Cell(str(each.count)),
        )
        for each in bins
    )
    return Table("Confidence against truth", ("mean confidence", "right", "questions"), rows)


def failure_counts_table(pool: Pool) -> Table:
    """Return how often each kind of failure met each language; no texts."""
    counts = failure_counts(pool.runs)
    languages = sorted({language for _, language in counts})
    rows = tuple(
        (
            Cell(what),
            *(Cell(str(counts[what, language] or "")) for language in languages),
            Cell(str(sum(counts[what, language] for language in languages))),
        )
        for what in WORST_FIRST
        if any(counts[what, language] for language in languages)
    )
    return Table("What went wrong, by language", ("", *languages, "all"), rows)


def failures_table(pool: Pool) -> Table | None:
    """Return the worst failures with their texts; None where every set is kept aside."""
    found = failures(pool.runs)
    if not found:
        return None
    rows = tuple(
        (
            Cell(f.asked.question, f"{f.asked.id}, {f.asked.kind.replace('_', ' ')}"),
            Cell(f.what),
            Cell(f"{f.given.confidence:.2f}"),
            Cell(", ".join(f.asked.guides) or "none"),
            Cell(", ".join(f.given.ranked[:3])),
            Cell(_cut(" / ".join(s.text for s in f.given.shown)) or f.given.outcome),
        )
        for f in found[:FAILURES_SHOWN]
    )
    caption = f"Worst questions, {len(rows)} of {len(found)}; sets kept aside are left out"
    head = ("question", "what went wrong", "confidence", "expected", "found first", "shown")
    return Table(caption, head, rows, style="texts")


_KEPT = {"within": "met", "safer": "likely", "riskier": "missed"}


def _promise_row(promise: Promise) -> tuple[Cell, ...]:
    kept = promise.kept
    return (
        Cell(promise.language),
        Cell(f"{100 * promise.promised:.1f}"),
        Cell(written(promise.observed), written_interval(promise.observed)),
        Cell(str(promise.observed.count)),
        Cell(kept or "too few", style=_KEPT.get(kept or "", "")),
    )


def _rows(groups: Iterable[tuple[str, Sequence[Figure]]]) -> tuple[tuple[Cell, ...], ...]:
    return tuple(
        (
            Cell(name.replace("_", " "), f"{max(figure.count for figure in got)}"),
            *(Cell(written(figure), written_interval(figure)) for figure in got),
        )
        for name, got in groups
    )


def _keys(groups: Sequence[tuple[str, Sequence[Figure]]]) -> list[str]:
    return [figure.measure.key for figure in groups[-1][1]]


def _aim(figure: Figure) -> str:
    measure = figure.measure
    sign = "≤" if measure.is_lower_better else "≥"
    return "" if measure.aim is None else f"{sign} {number(measure.aim, measure)}"


def _cut(text: str) -> str:
    return text if len(text) <= TEXT_SHOWN else f"{text[:TEXT_SHOWN]}…"
