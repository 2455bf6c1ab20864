"""Every call to a language model: counted, timed and kept, without a word of what was said."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from statistics import median
from typing import Literal

from sqlalchemy import Engine, insert, select

from civic_assistant.language_model.failure import Failing
from civic_assistant.language_model.tables import CALLS
from civic_assistant.records import reading, writing

CallOutcome = Literal["said"] | Failing


@dataclass(frozen=True, slots=True)
class Call:
    """One call: of which turn, to whom, with which prompt, what came of it and what it took.

    ``first_milliseconds`` is the time to the first token, None when none came.
    """

    at: datetime
    turn_id: str
    endpoint: str
    model: str
    prompt: str
    outcome: CallOutcome
    tokens_read: int
    tokens_written: int
    first_milliseconds: float | None
    milliseconds: float


@dataclass(frozen=True, slots=True)
class CallFigures:
    """What an endpoint was asked since a moment: calls, those without an answer, tokens, times.

    ``milliseconds`` is the median of a call.
    """

    endpoint: str
    calls: int
    failed: int
    tokens: int
    milliseconds: float


class Calls:
    """Calls are added and read; only retention takes any out."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def record(self, call: Call) -> None:
        """Keep a call. Raises `RecordsUnusable`."""
        with writing(self._engine) as connection:
            connection.execute(insert(CALLS).values(id=uuid.uuid4().hex, **asdict(call)))

    def of_turn(self, turn_id: str) -> Sequence[Call]:
        """Return the calls that a turn made, in order. Raises `RecordsUnusable`."""
        columns = [column for column in CALLS.c if column.name != "id"]
        asked = select(*columns).where(CALLS.c.turn_id == turn_id).order_by(CALLS.c.at)
        with reading(self._engine) as connection:
            return [Call(**row._mapping) for row in connection.execute(asked)]

    def figures(self, since: datetime) -> Sequence[CallFigures]:
        """Return what each endpoint was asked since then, by name. Raises `RecordsUnusable`."""
        tokens = CALLS.c.tokens_read + CALLS.c.tokens_written
        asked = select(CALLS.c.endpoint, CALLS.c.outcome, tokens, CALLS.c.milliseconds)
        rows = defaultdict(list)
        with reading(self._engine) as connection:
            for row in connection.execute(asked.where(CALLS.c.at >= since)):
                rows[row[0]].append(row)
        return [
            CallFigures(
                endpoint,
                len(made),
                sum(row[1] != "said" for row in made),
                sum(row[2] for row in made),
                median(row[3] for row in made),
            )
            for endpoint, made in sorted(rows.items())
        ]
