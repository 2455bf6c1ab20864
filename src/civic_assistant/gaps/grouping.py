"""Questions near in meaning, put together whatever their language: average linkage of vectors."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

NEARNESS = 0.38
"""The least mean cosine of two groups' questions to be one; see evals/training/gap_groups.py."""
MOST = 5000
"""Different questions that are grouped with one another, the newest: takes 1.1 s and 200 MB. Older
ones join the group that is nearest by the same measure."""

Groups = list[list[int]]


def grouped(vectors: NDArray[np.float32]) -> Groups:
    """Return the places of unit vectors (questions, dimensions), group by group.

    Given in the order of time. The same vector twice counts once in a group's mean. The same
    vectors give the same groups: the largest first, then that whose first question came first;
    within a group in the given order. Average linkage (Sokal and Michener, 1958) as SciPy has it.
    """
    if not len(vectors):
        return []
    distinct, first, places = np.unique(vectors, axis=0, return_index=True, return_inverse=True)
    order = np.argsort(first)
    older, newest = order[:-MOST], order[-MOST:]
    labels = np.empty(len(distinct), np.int64)
    labels[newest] = _linked(distinct[newest])
    _join(distinct, older, newest, labels)
    members: dict[int, list[int]] = {}
    for place, label in enumerate(labels[places.reshape(-1)].tolist()):
        members.setdefault(label, []).append(place)
    return sorted(members.values(), key=lambda group: (-len(group), group[0]))


def _linked(vectors: NDArray[np.float32]) -> NDArray[np.int64]:
    """Return the group of each vector, counted from 0."""
    if len(vectors) == 1:
        return np.zeros(1, np.int64)
    # Only here: who never opens the report need not load it.
    from scipy.cluster.hierarchy import fcluster, linkage

    distances = np.empty(len(vectors) * (len(vectors) - 1) // 2)
    start = 0
    for place in range(len(vectors) - 1):
        end = start + len(vectors) - 1 - place
        distances[start:end] = 1 - vectors[place + 1 :] @ vectors[place]
        start = end
    tree = linkage(distances, "average")
    labels: NDArray[np.int64] = fcluster(tree, 1 - NEARNESS, "distance").astype(np.int64) - 1
    return labels


def _join(
    vectors: NDArray[np.float32],
    older: NDArray[np.int64],
    newest: NDArray[np.int64],
    labels: NDArray[np.int64],
) -> None:
    """Give each older vector the label of the nearest group, or one of its own."""
    if not len(older):
        return
    count = int(labels[newest].max()) + 1
    means = np.zeros((count, vectors.shape[1]), np.float32)
    np.add.at(means, labels[newest], vectors[newest])
    means /= np.bincount(labels[newest], minlength=count)[:, None]
    nearness = vectors[older] @ means.T
    labels[older] = np.where(
        nearness.max(axis=1) >= NEARNESS,
        nearness.argmax(axis=1),
        count + np.arange(len(older)),
    )
