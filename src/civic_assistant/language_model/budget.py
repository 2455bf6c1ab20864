"""What language models may cost: calls of a conversation, calls and tokens of a day.

Counted in the database, so that all processes at it share one budget.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, Connection, Engine, and_, insert, select, update
from sqlalchemy.exc import IntegrityError

from civic_assistant.language_model.tables import SPENT
from civic_assistant.records import writing

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Allowance:
    """At most so many calls in a conversation, and calls and tokens in a day of the town's."""

    conversation_calls: int
    day_calls: int
    day_tokens: int


class Budget:
    """Admits calls while there is something left; safe to share between threads and processes."""

    def __init__(self, engine: Engine, allowance: Allowance, zone: ZoneInfo) -> None:
        self._engine = engine
        self._allowance = allowance
        self._zone = zone

    def admits(self, conversation: str | None, now: datetime) -> bool:
        """Whether one more call may be made now; if so, it is counted.

        A turn outside a conversation counts for the day alone. Raises `RecordsUnusable`.
        """
        allowed = self._allowance
        today = and_(SPENT.c.calls < allowed.day_calls, SPENT.c.tokens < allowed.day_tokens)
        own = SPENT.c.calls < allowed.conversation_calls
        with writing(self._engine) as connection, connection.begin_nested() as counting:
            is_left = _count(connection, self._day(now), now, today)
            if is_left and conversation is not None:
                is_left = _count(connection, _scope_of(conversation), now, own)
            if not is_left:
                counting.rollback()
            return is_left

    def spend(self, tokens: int, now: datetime) -> None:
        """Count what an admitted call took in tokens, read and written. Raises `RecordsUnusable`.

        The day's tokens may be overdrawn by the calls that were under way.
        """
        with writing(self._engine) as connection:
            row = update(SPENT).where(SPENT.c.scope == self._day(now))
            connection.execute(row.values(tokens=SPENT.c.tokens + tokens, changed_at=now))

    def _day(self, now: datetime) -> str:
        return f"day {now.astimezone(self._zone).date().isoformat()}"


def _scope_of(conversation: str) -> str:
    return f"conversation {sha256(conversation.encode()).hexdigest()[:32]}"


def _count(connection: Connection, scope: str, now: datetime, is_left: ColumnElement[bool]) -> bool:
    """Count a call in a scope if something is left of it; the row is locked from here on."""
    if connection.scalar(select(SPENT.c.scope).where(SPENT.c.scope == scope)) is None:
        try:
            with connection.begin_nested():
                empty = {"scope": scope, "calls": 0, "tokens": 0, "changed_at": now}
                connection.execute(insert(SPENT).values(empty))
        except IntegrityError:  # another process was first
            pass
    row = update(SPENT).where(SPENT.c.scope == scope, is_left)
    counted = connection.execute(row.values(calls=SPENT.c.calls + 1, changed_at=now))
    return counted.rowcount == 1
