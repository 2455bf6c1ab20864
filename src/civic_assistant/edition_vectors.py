"""What is near a question in one edition: Chroma's graph, and one by one what it does not hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from civic_assistant.kept_vectors import KeptVectors

if TYPE_CHECKING:
    from civic_assistant.vectors import PassageVectors

# A graph is made anew when more passages than these, and than this share of it, are compared one by
# one: 4,000 take half a millisecond.
MOST_APART = 2000
SHARE_APART = 0.1


@dataclass(frozen=True, slots=True, eq=False)
class EditionVectors:
    """The vectors of an edition's passages: a ``graph`` that may hold others too, and the rest.

    ``apart`` are the ids of those that were published after the graph was made, ``vectors``
    (n, dimensions) theirs in that order.
    """

    graph: PassageVectors | None = None
    apart: Sequence[str] = ()
    vectors: NDArray[np.float32] = field(
        default_factory=lambda: np.empty((0, 0), np.float32), repr=False
    )

    def nearest(self, vector: NDArray[np.float32], count: int) -> list[tuple[str, float]]:
        """Return up to ``count`` (passage id, cosine), nearest first; raises `CouldNotLook`.

        Fewer only when there are no more.
        """
        found = self.graph.nearest(vector, count) if self.graph is not None else []
        if not self.apart:
            return found
        cosines = self.vectors @ vector
        known = {id_ for id_, _ in found}
        best = [(self.apart[n], float(cosines[n])) for n in np.argsort(-cosines)[:count]]
        found += [(id_, cosine) for id_, cosine in best if id_ not in known]
        return sorted(found, key=lambda pair: -pair[1])[:count]


def edition_vectors(graph: PassageVectors, kept: KeptVectors, ids: Sequence[str]) -> EditionVectors:
    """Return the vectors of an edition's passages; raises `CouldNotLook` when one has none."""
    held = set(graph.ids())
    apart = [id_ for id_ in ids if id_ not in held]
    return EditionVectors(graph, apart, kept.read(apart)) if apart else EditionVectors(graph)


def is_graph_due(held: int, apart: int) -> bool:
    """Whether a graph of ``held`` passages is to be made anew for one with so many others."""
    return held == 0 or apart > max(MOST_APART, SHARE_APART * held)
