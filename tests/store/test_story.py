from __future__ import annotations

import pytest

from civic_assistant.outcomes import Outcome, outcome_name
from civic_assistant.stored import stored_turn
from civic_assistant.story import WIDTH, story
from tests.store.turns import OUTCOMES, QUOTE, a_turn


def test_a_story_tells_question_search_gate_answer_scores_and_times() -> None:
    told = story(stored_turn(a_turn()))

    for fact in (
        "Turn t-1, 22 November 2026, 09:30:00 UTC",
        "Combien coûte la carte de stationnement ?",
        "fr (page: en)",
        "prix carte de stationnement résident",
        "In edition    3",
        "0.930 >= threshold 0.500",
        "close and corroborated",
        "margin  0.31",
        QUOTE,
        "Stationnement résidentiel > Tarifs > Vous habitez le centre",
        "characters 0 to 27",
        "overdue for review since 2026-06-01",
        "0.834 (1)",
        "7.250 (2)",
        "0.770",
        "card",
        "embedding: multilingual-e5-small",
        "25 (retrieve 22, write 3)",
    ):
        assert fact in told, fact


@pytest.mark.parametrize("outcome", OUTCOMES, ids=outcome_name)
def test_every_outcome_has_a_story_that_fits_the_screen(outcome: Outcome) -> None:
    told = story(stored_turn(a_turn(outcome=outcome)))
    assert max(map(len, told.splitlines())) <= WIDTH + 30
    assert told.endswith("\n")


def test_a_turn_without_search_says_so() -> None:
    turn = a_turn(
        outcome=OUTCOMES[-2], searched="", evidence=None, verdict=None, edition=None, models={}
    )
    told = story(stored_turn(turn))
    assert "Nothing was searched" in told
    assert "What the gate decided" not in told
    assert "Passages found" not in told


def test_a_question_in_another_script_is_shown_as_it_is() -> None:
    told = story(stored_turn(a_turn(question="办护照需要多少钱？")))
    assert "Question      办护照需要多少钱？\n" in told


def test_a_question_cannot_command_the_terminal() -> None:
    assert "\x1b" not in story(stored_turn(a_turn(question="\x1b[2Joù voter")))
