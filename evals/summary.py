"""A run's main figures on the terminal: a table a pool, and one line at the end."""

from __future__ import annotations

import math
from collections.abc import Sequence

from rich.table import Table

from evals.figures import Figure, Measure
from evals.pool import Pool

MARKS = {"met": "✓", "likely": "(✓)", "unlikely": "(✗)", "missed": "✗", None: ""}
_LINE = (
    ("recall_1", "right guide first"),
    ("recall_5", "in five"),
    ("answered_at_90", "unanswerable answered at 90 %"),
    ("no_answer_f1", "no-answer F1"),
    ("risk", "shown wrong"),
    ("sentence_f1", "sentence F1"),
    ("citations_invalid", "citations invalid"),
    ("words", "words a sentence"),
    ("worded_words", "worded by a model"),
    ("plain_words", "in plain language"),
    ("lix", "LIX"),
    ("worded_lix", "worded"),
    ("plain_lix", "plain"),
    ("de.sentence_f1", "German sentence F1"),
    ("de.no_answer_f1", "no-answer F1"),
    ("en.sentence_f1", "English sentence F1"),
    ("en.no_answer_f1", "no-answer F1"),
)


def written(figure: Figure) -> str:
    """Return the value as people read it: percent, three decimals, or a count."""
    return number(figure.interval.value, figure.measure)


def written_interval(figure: Figure) -> str:
    """Return the 95 % interval, empty where nothing is left to chance."""
    got = figure.interval
    if figure.measure.unit == "count" or math.isnan(got.low) or got.low == got.high:
        return ""
    return f"{number(got.low, figure.measure)}–{number(got.high, figure.measure)}"


def number(value: float, measure: Measure) -> str:
    """Return a value in the unit of a measure."""
    if math.isnan(value):
        return "–"
    match measure.unit:
        case "percent":
            return f"{100 * value:.1f}"
        case "number":
            return f"{value:.3f}"
        case "decimal":
            return f"{value:.1f}"
        case "count":
            return f"{value:.0f}"


def pool_table(pool: Pool) -> Table:
    """Return the figures of a pool, with how they changed since they were recorded."""
    questions = f"{len(pool.scored)} questions, embedding {pool.mode}"
    table = Table(title=f"{pool.name}: {questions}", title_justify="left")
    for name in ("", "n", "figure", "95 %", "aim", "", "recorded", ""):
        table.add_column(name, justify="left" if not name else "right")
    changes = {change.measure.key: change for change in pool.changes}
    for figure in pool.figures:
        measure = figure.measure
        aim = "" if measure.aim is None else number(measure.aim, measure)
        change = changes.get(measure.key)
        table.add_row(
            measure.label,
            str(figure.count),
            written(figure),
            written_interval(figure),
            f"{'≤' if measure.is_lower_better else '≥'} {aim}" if aim else "",
            MARKS[figure.standing],
            number(change.before, measure) if change else "",
            change.direction.upper() if change and change.direction != "same" else "",
        )
    return table


def line(pools: Sequence[Pool]) -> str:
    """Return the main figures in one line."""
    return "evals: " + " | ".join(_pool_line(pool) for pool in pools)


def _pool_line(pool: Pool) -> str:
    parts = [f"{pool.name} ({pool.mode}) {len(pool.scored)} questions"]
    for key, label in _LINE:
        figure = pool.figure(key)
        if figure is not None and not math.isnan(figure.interval.value):
            parts.append(f"{label} {written(figure)}")
    if pool.worse:
        parts.append(f"WORSE: {', '.join(change.measure.key for change in pool.worse)}")
    elif pool.before is None:
        parts.append("nothing recorded to compare with")
    else:
        parts.append("nothing worse than recorded")
    return ", ".join(parts)
