from __future__ import annotations

import json
import math
from dataclasses import replace
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic_assistant.outcomes import Answered, Outcome, outcome_name
from civic_assistant.stored import from_json, stored_turn, to_json
from tests.store.turns import ANSWERED, OUTCOMES, QUOTE, SECTION, UNQUOTED, a_turn

FINITE = st.floats(allow_nan=False, allow_infinity=False)
"""The numbers of an outcome are cosines and counts; only scores of passages may be no number."""


@st.composite
def outcomes(draw: st.DrawFn) -> Outcome:
    """Return any outcome, its numbers finite."""
    outcome: Outcome = draw(st.from_type(Outcome))  # type: ignore[arg-type]
    if isinstance(outcome, Answered) and outcome.checked is not None:
        outcome = replace(outcome, checked=replace(outcome.checked, nearness=draw(FINITE)))
    return outcome


def test_there_is_an_example_of_every_outcome() -> None:
    assert {type(outcome) for outcome in OUTCOMES} == set(get_args(Outcome))


@pytest.mark.parametrize("outcome", OUTCOMES, ids=outcome_name)
def test_a_turn_comes_back_equal_and_its_json_names_the_outcome(outcome: Outcome) -> None:
    stored = stored_turn(a_turn(outcome=outcome, evidence=None, verdict=None))
    written = json.dumps(to_json(stored))

    assert json.loads(written)["outcome"]["outcome"] == outcome_name(outcome)
    assert from_json(json.loads(written)) == stored


@given(outcomes())
def test_any_outcome_comes_back_equal(outcome: Outcome) -> None:
    stored = stored_turn(a_turn(outcome=outcome, evidence=None))

    assert from_json(json.loads(json.dumps(to_json(stored)))) == stored


def test_every_score_comes_back_even_one_that_is_no_number() -> None:
    stored = stored_turn(a_turn())
    evidence = from_json(to_json(stored)).evidence

    assert evidence is not None and stored.evidence is not None
    assert evidence.found[:2] == stored.evidence.found[:2]
    assert math.isnan(evidence.found[2].score)


def test_passages_are_kept_by_id_and_only_cited_text_is_kept_whole() -> None:
    written = json.dumps(to_json(stored_turn(a_turn())), ensure_ascii=False)

    assert QUOTE in written and SECTION in written
    assert "b" * 32 in written
    assert UNQUOTED not in written


def test_citizens_words_are_redacted_again_and_quotes_are_not() -> None:
    mail = "écrivez à jean.dupont@exemple.fr"
    turn = a_turn(question=mail, searched=mail)
    assert turn.evidence is not None
    stored = stored_turn(turn)

    assert stored.question == stored.searched == "écrivez à [e-mail]"
    assert stored.outcome == ANSWERED


def test_text_that_no_database_takes_is_cleaned() -> None:
    assert stored_turn(a_turn(question="a\x00b\ud800c")).question == "abc"
