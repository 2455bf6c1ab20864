"""Passage vectors in a real Chroma: what is near, and how near."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from civic_assistant.errors import CouldNotLook
from civic_assistant.settings import Settings
from civic_assistant.vectors import PassageVectors, open_vectors

UNIT = np.eye(4, dtype=np.float32)


@pytest.fixture
def vectors(tmp_path: Path) -> PassageVectors:
    opened = open_vectors(Settings(), tmp_path)
    opened.add(["a", "b", "c"], UNIT[:3], ["g", "g", "h"])
    return opened


def test_the_nearest_come_first_with_their_cosines(vectors: PassageVectors) -> None:
    found = vectors.nearest(np.array([0.8, 0.6, 0, 0], np.float32), 2)
    assert [id_ for id_, _ in found] == ["a", "b"]
    assert [cosine for _, cosine in found] == pytest.approx([0.8, 0.6], abs=1e-6)


def test_fewer_are_found_than_asked_for_when_there_are_no_more(vectors: PassageVectors) -> None:
    assert len(vectors.nearest(UNIT[0], 10)) == 3


def test_vectors_come_back_in_the_order_asked_for(vectors: PassageVectors) -> None:
    assert vectors.vectors_of(["c", "a"]) == pytest.approx(UNIT[[2, 0]])
    with pytest.raises(CouldNotLook):
        vectors.vectors_of(["a", "z"])


def test_what_chroma_refuses_could_not_be_looked_up(vectors: PassageVectors) -> None:
    with pytest.raises(CouldNotLook):
        vectors.nearest(np.ones(3, np.float32), 2)


def test_nearly_all_of_the_nearest_are_found(tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    every = random.standard_normal((4000, 48), np.float32)
    every /= np.linalg.norm(every, axis=1, keepdims=True)
    vectors = open_vectors(Settings(), tmp_path)
    vectors.add([str(n) for n in range(len(every))], every, ["g"] * len(every))
    shares = []
    for vector in every[:20]:
        nearest = {str(n) for n in np.argsort(-(every @ vector))[:90]}
        shares.append(len(nearest & {id_ for id_, _ in vectors.nearest(vector, 90)}) / 90)
    assert np.mean(shares) > 0.99
