"""Vectors: the same interface in both modes, right prefixes, offsets that fit the text."""

from __future__ import annotations

import subprocess
import sys
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from civic_assistant.embedding import (
    Embedding,
    Role,
    open_embedding,
    prompt_for,
    tokens_of_text,
)
from civic_assistant.errors import SettingsError
from civic_assistant.model_folder import ensure_models
from civic_assistant.settings import Settings

TEXTS = [
    "Comment refaire mon passeport ?",
    "My ID card was stolen.",
    "هل يجب أن يحضر طفلي معي؟",
    "孩子必须到场吗？",
    "Les enfants de moins de douze ans paient demi-tarif à la cantine scolaire. " * 5,
]


@pytest.fixture(scope="module")
def full(light_settings: Settings) -> Embedding:
    settings = light_settings.model_copy(update={"embedding": "full"})
    ensure_models(settings)
    return open_embedding(settings)


def test_vectors_are_unit_and_in_the_order_of_the_texts(embedder: Embedding) -> None:
    together = embedder.embed_texts(TEXTS, "passage")
    assert together.shape == (len(TEXTS), embedder.dimensions) == (5, 384)
    assert np.allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)
    for text, vector in zip(TEXTS, together, strict=True):
        assert np.array_equal(embedder.embed_texts([text], "passage")[0], vector)


def test_many_texts_over_several_threads_give_the_same_vectors(embedder: Embedding) -> None:
    many = [f"{text} {number}" for number in range(8) for text in TEXTS]
    one_by_one = np.stack([embedder.embed_texts([text], "passage")[0] for text in many])
    assert np.array_equal(embedder.embed_texts(many, "passage"), one_by_one)


def test_a_question_and_a_passage_have_their_own_prefix(embedder: Embedding) -> None:
    question, passage = (
        embedder.embed_texts(TEXTS[:1], role)[0] for role in ("question", "passage")
    )
    assert question @ passage < 0.99
    assert np.allclose(embedder.get_query_embedding(TEXTS[0]), question)
    assert np.allclose(embedder.get_text_embedding(TEXTS[0]), passage)
    assert np.allclose(embedder.get_text_embedding_batch(TEXTS[:1])[0], passage)


async def test_llama_index_may_ask_asynchronously(embedder: Embedding) -> None:
    question = await embedder.aget_query_embedding(TEXTS[0])
    passages = await embedder.aget_text_embedding_batch(TEXTS[:2])
    assert np.allclose(question, embedder.embed_texts(TEXTS[:1], "question")[0])
    assert np.allclose(passages, embedder.embed_texts(TEXTS[:2], "passage"))


def test_decomposed_accents_make_no_difference(embedder: Embedding) -> None:
    text = "Où déposer un dossier à l'école ?"
    vectors = embedder.embed_texts([text, unicodedata.normalize("NFD", text)], "question")
    assert np.array_equal(vectors[0], vectors[1])


def test_an_empty_list_gives_no_rows(embedder: Embedding) -> None:
    assert embedder.embed_texts([], "passage").shape == (0, 384)
    assert embedder.token_vectors([], "passage") == []


def test_empty_and_endless_texts_are_embedded_too(embedder: Embedding) -> None:
    vectors = embedder.embed_texts(["", "mairie " * 5000], "passage")
    assert np.isfinite(vectors).all()
    assert embedder.token_vectors([""], "passage")[0].vectors.shape == (0, 384)


def test_spans_cover_every_word_of_the_text(embedder: Embedding) -> None:
    for text, tokens in zip(TEXTS, embedder.token_vectors(TEXTS, "passage"), strict=True):
        assert tokens.vectors.shape == (len(tokens.spans), 384)
        covered = {i for start, end in tokens.spans for i in range(start, end)}
        assert covered >= {i for i, character in enumerate(text) if not character.isspace()}


def test_spans_leave_out_prefix_specials_and_the_space_before_a_word() -> None:
    offsets = [(0, 0), (0, 5), (5, 6), (6, 9), (9, 12), (0, 0)]
    states = np.arange(12, dtype=np.float32).reshape(6, 2)
    tokens = tokens_of_text("où là", "query: ", offsets, [1, 0, 0, 0, 0, 1], states)
    assert tokens.spans.tolist() == [[0, 2], [3, 5]]
    assert tokens.vectors.tolist() == [[6, 7], [8, 9]]


def test_models_with_other_names_for_their_prefixes_are_understood() -> None:
    assert prompt_for({"query": "q: ", "document": "d: "}, "passage") == "d: "
    assert prompt_for({}, "question") == ""


def test_calls_from_several_threads_do_not_mix(embedder: Embedding) -> None:
    expected = embedder.embed_texts(TEXTS, "question")
    with ThreadPoolExecutor(4) as pool:
        found = list(
            pool.map(lambda i: embedder.embed_texts([TEXTS[i % 5]], "question")[0], range(40))
        )
    assert all(np.array_equal(vector, expected[i % 5]) for i, vector in enumerate(found))


def test_light_and_full_mean_the_same(embedder: Embedding, full: Embedding) -> None:
    assert full.dimensions == embedder.dimensions
    floors: dict[Role, float] = {"passage": 0.995, "question": 0.99}
    for role, least in floors.items():
        cosines = (full.embed_texts(TEXTS, role) * embedder.embed_texts(TEXTS, role)).sum(axis=1)
        assert cosines.min() > least
    for one, other in zip(
        full.token_vectors(TEXTS, "question"),
        embedder.token_vectors(TEXTS, "question"),
        strict=True,
    ):
        assert np.array_equal(one.spans, other.spans)


def test_full_mode_gives_the_same_vectors_alone_and_among_many(full: Embedding) -> None:
    many = full.embed_texts(TEXTS * 5, "passage")
    alone = full.embed_texts(TEXTS[:1], "passage")[0]
    assert many[::5] @ alone == pytest.approx(np.ones(5), abs=1e-3)


def test_identity_tells_the_modes_apart(embedder: Embedding, full: Embedding) -> None:
    assert embedder.identity.startswith("multilingual-e5-small/light@")
    assert full.identity.startswith("multilingual-e5-small/full@")


def test_a_missing_folder_says_which_command_builds_it(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="`civic-assistant model` builds it"):
        open_embedding(Settings(data_folder=tmp_path))


def test_light_mode_never_imports_torch() -> None:
    script = (
        "import sys, civic_assistant.embedding_light, civic_assistant.centring;"
        "sys.exit('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
