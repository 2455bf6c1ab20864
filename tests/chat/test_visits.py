"""What a page keeps of a turn for the next one."""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module

import pytest

from civic_assistant.language_model.rewritten import Rewritten
from civic_assistant.outcomes import (
    HandedOff,
    NotCovered,
    Outcome,
    Refused,
    Signposted,
    SmallTalk,
    Unsure,
)
from civic_assistant.turns import Question, Turn
from tests.chat.fakes import ANSWER, FixedAssistant
from tests.chat.live import live_page

SCREENED: tuple[Outcome, ...] = (
    Signposted("distress"),
    Signposted("personal_file"),
    Signposted("advice"),
    Refused("instruction"),
    Refused("abuse"),
    NotCovered(reason="other_country"),
    SmallTalk("greeting"),
    HandedOff("asked"),
)


def turn_of(text: str, outcome: Outcome, *, searched: str | None = None) -> Turn:
    turn = FixedAssistant().answer(Question(text))
    return replace(turn, outcome=outcome, searched=text if searched is None else searched)


def history_after(*turns: Turn) -> tuple[str, ...]:
    live_page()  # it imports Chainlit, once its folder is made
    visits = import_module("civic_assistant.chat.visits")
    visit = visits.Visit(address="", page_language="fr")
    for turn in turns:
        visit.remember(turn.question, turn)
    history: tuple[str, ...] = visit.history
    return history


@pytest.mark.parametrize("outcome", SCREENED)
def test_what_was_screened_is_no_context_for_the_next_question(outcome: Outcome) -> None:
    parking = turn_of("Combien coûte la carte ?", ANSWER)
    screened = turn_of("Je veux en finir", outcome, searched="")
    assert history_after(parking, screened) == ("Combien coûte la carte ?",)


def test_what_was_looked_up_and_led_to_whom_to_call_is_no_context_either() -> None:
    assert history_after(turn_of("Il me frappe, où aller ?", Signposted("distress"))) == ()


def test_what_was_looked_up_is_context_answered_or_not() -> None:
    answered, unsure = turn_of("Combien coûte la carte ?", ANSWER), turn_of("Et où ?", Unsure())
    assert history_after(answered, unsure) == ("Combien coûte la carte ?", "Et où ?")


def test_a_question_that_a_model_completed_is_context_as_it_was_completed() -> None:
    turn = turn_of("Et pour deux ?", ANSWER, searched="Combien coûte la carte pour deux ?")
    used = replace(turn, rewritten=Rewritten("standalone-1", turn.searched))
    unused = replace(turn, rewritten=Rewritten("standalone-1", "Quoi ?", unused="word"))
    assert history_after(used) == ("Combien coûte la carte pour deux ?",)
    assert history_after(unused) == ("Et pour deux ?",)


def test_an_answer_said_again_adds_nothing() -> None:
    parking = turn_of("Combien coûte la carte ?", ANSWER)
    again = replace(parking, plain_of=parking.id)
    assert history_after(parking, again) == ("Combien coûte la carte ?",)
