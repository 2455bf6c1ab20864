"""How a question and lines of a guide are written out as one text."""

import unicodedata
from pathlib import Path

import pytest
from tokenizers import Tokenizer

from civic_assistant.model_tokenizer import open_tokenizer
from civic_assistant.pairs import (
    BEGIN,
    CONTEXT,
    END,
    QUESTION,
    QUESTION_TOKENS,
    TOKENS,
    joined,
    pair_of,
)


@pytest.fixture(scope="module")
def tokenizer(light_folder: Path) -> Tokenizer:
    return open_tokenizer(light_folder)


def test_every_token_belongs_to_the_question_the_context_or_a_line(tokenizer: Tokenizer) -> None:
    pair = pair_of(
        tokenizer, "Combien ?", "Passeport › Prix", ["Il coûte 86 €.", "Il est gratuit."]
    )
    assert pair.lines == 2
    assert len(pair.owners) == len(pair.ids)
    assert pair.ids[0] == BEGIN
    assert list(dict.fromkeys(pair.owners.tolist())) == [QUESTION, CONTEXT, 0, 1]
    ends = [place for place, id_ in enumerate(pair.ids) if id_ == END]
    assert pair.owners[ends].tolist() == [QUESTION, QUESTION, CONTEXT, 0, 1]


def test_accents_count_the_same_however_they_are_composed(tokenizer: Tokenizer) -> None:
    text = "À la mairie, près du marché."
    composed = pair_of(tokenizer, "Où ?", "", [text])
    apart = pair_of(tokenizer, "Où ?", "", [unicodedata.normalize("NFD", text)])
    assert composed.ids == apart.ids


def test_lines_that_find_no_room_are_not_read() -> None:
    pair = joined([5] * 10, [6], [[7] * 99, [8] * 99, [9] * 99])
    assert pair.lines == 2
    assert len(pair.ids) <= TOKENS


def test_a_long_question_leaves_room_for_the_guide() -> None:
    pair = joined([5] * 400, [6], [[7] * 50])
    assert (pair.owners == QUESTION).sum() == QUESTION_TOKENS + 3
    assert pair.lines == 1
