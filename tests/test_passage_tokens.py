"""The token vectors of passages: kept small, read back nearly as they were."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from civic_assistant.embedding import Embedding, TokenVectors
from civic_assistant.errors import CouldNotLook
from civic_assistant.passage_tokens import AXES, PassageTokens, TokenBasis, learn_token_basis

TEXTS = [
    "Le passeport d'un mineur de 15 ans coûte 42 €.",
    "La piscine ouvre à 10 h et ferme à 19 h, sauf les jours fériés.",
    "Présentez-vous à la mairie avec un justificatif de domicile de moins d'un an.",
]


@pytest.fixture(scope="module")
def basis(embedder: Embedding) -> TokenBasis:
    return learn_token_basis(embedder, TEXTS)


@pytest.fixture
def tokens(basis: TokenBasis, tmp_path: Path) -> PassageTokens:
    return PassageTokens(tmp_path / "tokens.sqlite", basis)


def test_kept_vectors_point_where_they_pointed(tokens: PassageTokens, embedder: Embedding) -> None:
    read = embedder.token_vectors(TEXTS, "passage")
    tokens.add(["a", "b", "c"], read)
    kept = tokens.read(["c", "a"])
    assert set(kept) == {"a", "c"}
    turned = tokens.basis.turned(read[2].vectors)
    assert turned.shape == (len(read[2].spans), AXES)
    assert (kept["c"].vectors * turned).sum(axis=1).min() > 0.97
    assert np.array_equal(kept["c"].spans, read[2].spans)


def test_a_basis_is_read_back_bit_for_bit(basis: TokenBasis) -> None:
    again = TokenBasis.from_json(basis.to_json())
    assert np.array_equal(again.mean, basis.mean)
    assert np.array_equal(again.axes, basis.axes)


def test_known_passages_are_left_alone(tokens: PassageTokens, embedder: Embedding) -> None:
    first, second = embedder.token_vectors(TEXTS[:2], "passage")
    tokens.add(["a"], [first])
    tokens.add(["a"], [second])
    assert np.array_equal(tokens.read(["a"])["a"].spans, first.spans)


def test_a_passage_without_tokens_is_not_taken_for_one_that_says_nothing(
    tokens: PassageTokens,
) -> None:
    with pytest.raises(CouldNotLook, match=r"1 passages \(gone, …\).*publish"):
        tokens.read(["gone"])


def test_a_passage_of_no_tokens_is_kept(tokens: PassageTokens) -> None:
    empty = TokenVectors(np.empty((0, 384), np.float32), np.empty((0, 2), np.int32))
    tokens.add(["empty"], [empty])
    assert len(tokens.read(["empty"])["empty"].spans) == 0
    assert tokens.stored(["empty", "gone"]) == {"empty"}
