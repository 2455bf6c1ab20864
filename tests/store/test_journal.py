from __future__ import annotations

import logging
from dataclasses import replace

import pytest
from sqlalchemy import Engine, select

from civic_assistant.errors import RecordMissing, RecordsUnusable
from civic_assistant.journal import Journal
from civic_assistant.outcomes import Outcome, outcome_name
from civic_assistant.records import TURNS, reading
from civic_assistant.stored import stored_turn
from tests.store.turns import OUTCOMES, a_turn


@pytest.mark.parametrize("outcome", OUTCOMES, ids=outcome_name)
def test_a_recorded_turn_is_read_back_whole(engine: Engine, outcome: Outcome) -> None:
    turn = a_turn(outcome=outcome, evidence=None)
    Journal(engine).record(turn)

    assert Journal(engine).turn("t-1") == stored_turn(turn)


def test_columns_say_what_reports_ask_for(engine: Engine) -> None:
    turn = a_turn()
    Journal(engine).record(turn)

    with reading(engine) as connection:
        row = connection.execute(select(TURNS)).one()
    assert (row.id, row.at, row.conversation) == ("t-1", turn.at, "conv-1")
    assert (row.language, row.outcome, row.edition) == ("fr", "answered", 3)


def test_an_unknown_turn_is_missing(engine: Engine) -> None:
    with pytest.raises(RecordMissing, match="'t-9'"):
        Journal(engine).turn("t-9")


def test_personal_data_is_in_no_column(engine: Engine) -> None:
    turn = a_turn(question="rappelez le 06 12 34 56 78", searched="06 12 34 56 78")
    assert turn.evidence is not None
    evidence = replace(turn.evidence, question="06 12 34 56 78")
    Journal(engine).record(replace(turn, evidence=evidence))

    with reading(engine) as connection:
        row = connection.execute(select(TURNS)).one()
    assert row.question == "rappelez le [phone]"
    assert "34 56" not in str(row)


def test_a_turn_is_kept_once_and_the_error_quotes_no_citizen(
    engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    journal = Journal(engine)
    journal.record(a_turn(question="Ma question très privée"))

    with pytest.raises(RecordsUnusable) as caught:
        journal.record(a_turn(question="Ma question très privée"))
    assert "privée" not in f"{caught.value} {caught.value.__cause__}"
    assert "privée" not in caplog.text
