"""Passage vectors in a real Chroma and beside it: what is near, and how near."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from civic_assistant.edition_vectors import EditionVectors, edition_vectors, is_graph_due
from civic_assistant.errors import CouldNotLook, IndexUnusable
from civic_assistant.kept_vectors import KeptVectors
from civic_assistant.settings import Settings
from civic_assistant.vectors import PassageVectors, new_vectors, newest_folder, open_vectors

UNIT = np.eye(4, dtype=np.float32)


@pytest.fixture
def vectors(tmp_path: Path) -> PassageVectors:
    new_vectors(tmp_path, ["a", "b", "c"], UNIT[:3])
    return open_vectors(Settings(), tmp_path)


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
    new_vectors(tmp_path, [str(n) for n in range(len(every))], every)
    vectors = open_vectors(Settings(), tmp_path)
    shares = []
    for vector in every[:20]:
        nearest = {str(n) for n in np.argsort(-(every @ vector))[:90]}
        shares.append(len(nearest & {id_ for id_, _ in vectors.nearest(vector, 90)}) / 90)
    assert np.mean(shares) > 0.99


def test_a_new_chroma_lies_beside_the_one_that_is_being_read(
    vectors: PassageVectors, tmp_path: Path
) -> None:
    new_vectors(tmp_path, ["d"], UNIT[3:])
    assert newest_folder(tmp_path).name == "chroma-2"
    assert vectors.nearest(UNIT[0], 1)[0][0] == "a"
    newer = open_vectors(Settings(), tmp_path, vectors)
    assert newer.ids() == ["d"]
    assert open_vectors(Settings(), tmp_path, newer) is newer
    new_vectors(tmp_path, ["e"], UNIT[3:])
    assert not (tmp_path / "chroma").exists()


def test_what_a_dead_run_left_is_no_chroma_and_goes_with_the_next(tmp_path: Path) -> None:
    left = tmp_path / "chroma.staged"
    left.mkdir()
    (left / "chroma.sqlite3").write_bytes(b"half")
    with pytest.raises(IndexUnusable, match="publish"):
        open_vectors(Settings(), tmp_path)
    new_vectors(tmp_path, ["a"], UNIT[:1])
    assert open_vectors(Settings(), tmp_path).ids() == ["a"]
    assert not left.exists()


def test_passages_apart_are_found_among_those_of_the_graph(
    vectors: PassageVectors, tmp_path: Path
) -> None:
    kept = KeptVectors(tmp_path)
    between = np.array([[0.6, 0.0, 0.0, 0.8], [0.0, 0.0, 0.0, 1.0]], np.float32)
    kept.add(["x", "y"], between)
    edition = edition_vectors(vectors, kept, ["a", "b", "x", "y"])
    assert edition.apart == ["x", "y"]
    found = edition.nearest(np.array([0.8, 0.6, 0, 0], np.float32), 3)
    assert [id_ for id_, _ in found] == ["a", "b", "x"]
    assert found[2][1] == pytest.approx(0.48)
    assert len(edition.nearest(UNIT[0], 9)) == 5


def test_an_edition_without_a_graph_compares_one_by_one() -> None:
    assert EditionVectors(None, ["a", "b"], UNIT[:2]).nearest(UNIT[1], 1) == [("b", 1.0)]


def test_a_passage_without_a_vector_could_not_be_looked_up(tmp_path: Path) -> None:
    kept = KeptVectors(tmp_path)
    kept.add(["a"], UNIT[:1])
    assert kept.read(["a"]).tolist() == UNIT[:1].tolist()
    with pytest.raises(CouldNotLook, match="no vector"):
        kept.read(["a", "z"])


@pytest.mark.parametrize(
    ("held", "apart", "is_due"),
    [(0, 1, True), (100, 2000, False), (100, 2001, True), (40_000, 4000, False)],
)
def test_a_graph_is_made_anew_when_much_lies_beside_it(held: int, apart: int, is_due: bool) -> None:
    assert is_graph_due(held, apart) is is_due
