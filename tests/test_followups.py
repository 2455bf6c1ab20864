from __future__ import annotations

import pytest

from civic_assistant.followups import standalone

FIRST = "Combien coûte un passeport pour un adulte ?"


@pytest.mark.parametrize(
    "question",
    ["et pour un mineur ?", "And for a child?", "Y para un menor?", "و للقاصر؟", "那孩子呢？"],
)
def test_a_short_question_that_continues_carries_the_one_before(question: str) -> None:
    assert standalone(question, [FIRST]) == f"{FIRST} {question}"


@pytest.mark.parametrize(
    "question",
    [
        "Où déposer les encombrants ?",
        "Etat civil : quels horaires ?",
        "Allô, y a-t-il une piscine ?",
    ],
)
def test_a_question_of_its_own_stays_as_it_is(question: str) -> None:
    assert standalone(question, [FIRST]) == question


def test_without_history_nothing_is_added() -> None:
    assert standalone("et pour un mineur ?", []) == "et pour un mineur ?"
