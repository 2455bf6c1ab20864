"""A run's scores as a table: French, each other language, all together."""

from __future__ import annotations

from collections.abc import Sequence

from rich.table import Table

from evals.score import Pair, Scores, score

_COLUMNS = (
    "", "n", "R@1", "R@3", "R@5", "MRR", "section", "over-refused", "wrong guide",
    "must not", "answered wrongly", "refusal P", "refusal R", "language",
)  # fmt: skip


def scores_table(pairs: Sequence[Pair], title: str) -> Table:
    """Return the table: one row a language, then French, the others together, and all."""
    table = Table(*_COLUMNS, title=title)
    for language in sorted({asked.language for asked, _ in pairs}):
        _row(table, language, score([p for p in pairs if p[0].language == language]))
    table.add_section()
    _row(table, "French", score([p for p in pairs if p[0].language == "fr"]))
    _row(table, "others", score([p for p in pairs if p[0].language != "fr"]))
    _row(table, "all", score(pairs))
    return table


def _row(table: Table, name: str, scores: Scores) -> None:
    table.add_row(
        name,
        str(scores.answerable),
        _percent(scores.recall_1),
        _percent(scores.recall_3),
        _percent(scores.recall_5),
        "-" if scores.mrr is None else f"{scores.mrr:.3f}",
        _percent(scores.section),
        _percent(scores.over_refused),
        str(scores.wrong_guide),
        str(scores.unanswerable),
        str(scores.answered_wrongly),
        _percent(scores.refusal_precision),
        _percent(scores.refusal_recall),
        _percent(scores.language_found),
    )


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{100 * share:.1f}"
