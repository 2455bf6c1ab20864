"""The vectors that questions were searched by, kept beside their turns and as long as they.

A report over thousands of turns need not read their questions with the model again. A vector is
that of the redacted question, and goes with its turn.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import (
    Column,
    Connection,
    ForeignKey,
    LargeBinary,
    String,
    Table,
    delete,
    insert,
    select,
)

from civic_assistant.records import METADATA, TURNS

QUESTION_VECTORS = Table(
    "question_vector",
    METADATA,
    Column("turn_id", String(64), ForeignKey(TURNS.c.id, ondelete="CASCADE"), primary_key=True),
    Column("model", String(200), nullable=False),
    Column("vector", LargeBinary, nullable=False),
)
"""``vector`` is little-endian float16: cosines differ from float32's by less than .001."""

_STORED = "<f2"
_AT_ONCE = 500  # SQLite takes 32,766 variables a statement at most


def vector_model(models: Mapping[str, str]) -> str:
    """Return what decides a question's vector, of the ``models`` of a turn."""
    return f"{models.get('embedding', '')} {models.get('questions', '')}"[:200]


def keep_vectors(
    connection: Connection, vectors: Mapping[str, NDArray[np.float32]], model: str
) -> None:
    """Keep vectors by turn id, instead of those before; a turn that is erased keeps none."""
    for ids in _groups(list(vectors)):
        there = connection.scalars(select(TURNS.c.id).where(TURNS.c.id.in_(ids))).all()
        connection.execute(delete(QUESTION_VECTORS).where(QUESTION_VECTORS.c.turn_id.in_(ids)))
        rows = [
            {"turn_id": id_, "model": model, "vector": vectors[id_].astype(_STORED).tobytes()}
            for id_ in there
        ]
        if rows:
            connection.execute(insert(QUESTION_VECTORS), rows)


def kept_vectors(
    connection: Connection, turn_ids: Iterable[str], model: str
) -> dict[str, NDArray[np.float32]]:
    """Return the unit vectors of those of the turns that have one by this model, by turn id."""
    found: dict[str, NDArray[np.float32]] = {}
    for ids in _groups(sorted(set(turn_ids))):
        query = select(QUESTION_VECTORS.c.turn_id, QUESTION_VECTORS.c.vector).where(
            QUESTION_VECTORS.c.turn_id.in_(ids), QUESTION_VECTORS.c.model == model
        )
        for turn_id, kept in connection.execute(query):
            vector = np.frombuffer(kept, _STORED).astype(np.float32)
            found[turn_id] = vector / np.linalg.norm(vector)
    return found


def _groups(ids: list[str]) -> Iterable[list[str]]:
    return (ids[start : start + _AT_ONCE] for start in range(0, len(ids), _AT_ONCE))
