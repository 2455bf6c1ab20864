from __future__ import annotations

from datetime import timedelta

import numpy as np
from sqlalchemy import Engine, func, select

from civic_assistant.journal import Journal
from civic_assistant.question_vectors import (
    QUESTION_VECTORS,
    keep_vectors,
    kept_vectors,
    vector_model,
)
from civic_assistant.records import reading, writing
from civic_assistant.retention import purge
from civic_assistant.settings import Settings
from tests.store.turns import AT, a_turn

MODEL = vector_model(a_turn().models)
VECTOR = np.array([0.6, 0.0, 0.8], np.float32)


def kept(engine: Engine, *turn_ids: str, model: str = MODEL) -> dict[str, list[float]]:
    with reading(engine) as connection:
        found = kept_vectors(connection, turn_ids, model)
    return {turn_id: [round(float(x), 2) for x in vector] for turn_id, vector in found.items()}


def test_a_turn_is_kept_with_the_vector_it_was_searched_by(engine: Engine) -> None:
    Journal(engine).record(a_turn(vector=VECTOR))
    assert kept(engine, "t-1", "t-2") == {"t-1": [0.6, 0.0, 0.8]}


def test_a_turn_that_was_not_looked_up_has_no_vector(engine: Engine) -> None:
    Journal(engine).record(a_turn())
    assert kept(engine, "t-1") == {}


def test_a_vector_of_another_model_is_not_mixed_in_and_is_replaced(engine: Engine) -> None:
    Journal(engine).record(a_turn(vector=VECTOR))
    assert kept(engine, "t-1", model="another") == {}
    with writing(engine) as connection:
        keep_vectors(connection, {"t-1": np.array([1.0, 0.0], np.float32)}, "another")
    assert kept(engine, "t-1") == {}
    assert kept(engine, "t-1", model="another") == {"t-1": [1.0, 0.0]}


def test_a_turn_that_was_erased_meanwhile_keeps_no_vector(engine: Engine) -> None:
    with writing(engine) as connection:
        keep_vectors(connection, {"erased": VECTOR}, MODEL)
    assert kept(engine, "erased") == {}


def test_a_vector_goes_with_its_turn(engine: Engine) -> None:
    Journal(engine).record(a_turn(vector=VECTOR))
    purge(engine, Settings(journal_days=1), AT + timedelta(days=2))
    with reading(engine) as connection:
        assert connection.scalar(select(func.count()).select_from(QUESTION_VECTORS)) == 0
