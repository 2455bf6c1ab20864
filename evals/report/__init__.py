"""One self-contained page: the figures of a run, what changed, and what went wrong."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from evals.figures import Figure, Measure
from evals.pool import Pool, by_baseline, by_label
from evals.report.curves import Bin, as_it_is_set, reliability, risk_and_coverage
from evals.report.plots import Plot, Point, Row, curve_plot, dot_plot
from evals.report.tables import (
    Table,
    aims_table,
    bins_table,
    changes_table,
    failure_counts_table,
    failures_table,
    figures_table,
    groups_table,
    latency_table,
    promises_table,
    stated_table,
    systems_table,
)
from evals.stated import Stated
from evals.summary import line

FEW = 5
"""Questions from which a language is drawn; its interval says how little they tell."""


@dataclass(frozen=True, slots=True)
class PoolPage:
    """What the page shows of one pool."""

    pool: Pool
    tables: tuple[Table, ...]
    plots: tuple[Plot, ...]
    details: tuple[Table, ...]
    stale: tuple[str, ...]


def write_report(path: Path, pools: Sequence[Pool]) -> None:
    """Write the report of pools; the page asks for nothing outside itself."""
    environment = Environment(
        loader=PackageLoader("evals.report", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    text = environment.get_template("page.html").render(
        line=line(pools),
        made_at=datetime.now(UTC),
        aims=aims_table(pools),
        changes=changes_table(pools),
        unrecorded=[pool.name for pool in pools if pool.before is None],
        pages=[_page_of(pool) for pool in pools],
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _page_of(pool: Pool) -> PoolPage:
    if not pool.runs:
        return PoolPage(pool, (figures_table(pool),), (), (), ())
    bins = reliability(pool.scored)
    tables = [
        *([systems_table(pool)] if pool.figure("recall_1") else []),
        groups_table(pool, "language", "By language"),
        groups_table(pool, "kind", "By kind"),
        groups_table(pool, "register", "By register"),
        promises_table(pool),
        stated_table(pool),
        latency_table(pool),
        failure_counts_table(pool),
    ]
    worst = failures_table(pool)
    details = [figures_table(pool), bins_table(bins), *([worst] if worst else [])]
    return PoolPage(
        pool=pool,
        tables=tuple(table for table in tables if table.rows),
        plots=tuple(_plots(pool, bins)),
        details=tuple(details),
        stale=tuple(stale for run in pool.runs for stale in run.manifest.stale),
    )


def _plots(pool: Pool, bins: Sequence[Bin]) -> Iterator[Plot]:
    if (first := pool.figure("recall_1")) is not None:
        yield from _finding_plots(pool, first.measure)
    coverage, risk = as_it_is_set(pool.scored)
    yield curve_plot(
        "Risk and coverage",
        "How many of the answers would be wrong, for each share of the questions answered; "
        "the dot is the gate as it is set.",
        ("questions answered, %", "of these wrong, %"),
        [(risk_and_coverage(pool.scored), "curve")],
        [Point(coverage, risk, f"{100 * coverage:.1f} % answered, {100 * risk:.1f} % wrong")],
    )
    yield curve_plot(
        "Stated and observed risk",
        "Of the answers shown at a stated risk, how many were wrong; under the dashed line the "
        "promise is kept.",
        ("stated risk, %", "wrong of the answers shown, %"),
        [([(0.0, 0.0), (1.0, 1.0)], "ideal")],
        [_stated_point(stated) for stated in pool.stated if not stated.language],
    )
    yield curve_plot(
        "Confidence and truth",
        "Ten bins of equally many questions; on the dashed line, confidence tells the truth.",
        ("mean confidence, %", "right, %"),
        [([(0.0, 0.0), (1.0, 1.0)], "ideal")],
        [Point(b.confidence, b.right, f"{b.count} questions", b.low, b.high) for b in bins],
    )


def _stated_point(stated: Stated) -> Point:
    got = stated.observed
    label = f"{stated.shown} shown, {100 * stated.answered:.0f} % of the answerable"
    return Point(stated.risk, got.value, label, got.low, got.high)


def _finding_plots(pool: Pool, measure: Measure) -> Iterator[Plot]:
    yield dot_plot(
        "Right guide first, by system",
        "Percent of the questions that the guides answer; lines are 95 % intervals.",
        [_row(name, got[0]) for name, got in by_baseline(pool.scored)],
    )
    rings = "llama_index.recall_1" in pool.scored.columns
    yield dot_plot(
        "Right guide first, by language",
        "Rings: llama-index's default pipeline with the same model."
        if rings
        else "Lines are 95 % intervals.",
        list(_language_rows(pool, measure)),
    )


def _language_rows(pool: Pool, measure: Measure) -> Iterator[Row]:
    answerable = pool.scored.where(pool.scored.columns["answerable"] == 1)
    others = answerable.columns.get("llama_index.recall_1")
    for language, (figure,) in by_label(answerable, "language", [measure], FEW):
        spoken = answerable.labels["language"] == language
        other = None if others is None else float(others[spoken].mean())
        yield _row(f"{language} ({figure.count})", figure, other)


def _row(name: str, figure: Figure, other: float | None = None) -> Row:
    got = figure.interval
    return Row(name, got.value, got.low, got.high, other)
