"""At what rank the guide of a held-out question is found among all national guides."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from rich.table import Table

from evals.training.asked import AskedQuestion
from evals.training.vectors import NationalPassages

ROWS = 64
"""Questions compared with all passages at once; bounds the memory."""
FIRST = (1, 5)

Ranks = NDArray[np.int64]


def guide_ranks(
    vectors: NDArray[np.float32], asked: Sequence[AskedQuestion], national: NationalPassages
) -> Ranks:
    """Return the rank of each question's guide, 1 for the first, by its best passage.

    ``vectors`` are the questions' centred unit vectors, (questions, dimensions).
    """
    starts = np.flatnonzero(np.diff(national.guide_numbers, prepend=-1))
    ranks = []
    for start in range(0, len(asked), ROWS):
        cosines = vectors[start : start + ROWS] @ national.vectors.T
        best = np.maximum.reduceat(cosines, starts, axis=1)  # passages lie guide after guide
        for row, question in zip(best, asked[start : start + ROWS], strict=True):
            own = national.guide_numbers[national.by_guide[question.guide][0]]
            ranks.append(int((row > row[own]).sum()) + 1)
    return np.array(ranks, np.int64)


def ranks_table(measured: Mapping[str, Ranks], asked: Sequence[AskedQuestion]) -> Table:
    """Return the shares of questions whose guide is first or among the first, by group.

    ``measured`` gives the ranks by the name of what found them.
    """
    table = Table(title="held-out questions: share whose guide is first, or among the first five")
    table.add_column("")
    table.add_column("questions", justify="right")
    for first in FIRST:
        for name in measured:
            table.add_column(f"@{first} {name}", justify="right")
    for name, members in _groups(asked):
        shares = [
            f"{(ranks[members] <= first).mean():.3f}"
            for first in FIRST
            for ranks in measured.values()
        ]
        table.add_row(name, str(int(members.sum())), *shares)
    return table


def _groups(asked: Sequence[AskedQuestion]) -> Iterator[tuple[str, NDArray[np.bool_]]]:
    """Yield all, each register and each language that has questions, as masks."""
    spoken = np.array([question.language for question in asked])
    mails = np.array([question.is_mail for question in asked])
    groups = {"all": np.ones(len(asked), bool), "mails": mails, "short": ~mails}
    groups |= {language: spoken == language for language in sorted(set(spoken.tolist()))}
    yield from ((name, members) for name, members in groups.items() if members.any())
