"""The queue of each desk: whether a person can come, who is ahead, and how long it takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from civic_assistant.handoff.availability import Availability, Closed, Full, Nobody, Open
from civic_assistant.handoff.desks import Desk, Desks
from civic_assistant.handoff.estimate import MEASURED, handling_seconds, wait_seconds
from civic_assistant.handoff.presence import Staff, present_staff
from civic_assistant.handoff.store import Store
from civic_assistant.handoff.tables import CONVERSATIONS, EVENTS, HANDOFFS
from civic_assistant.settings import Settings


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody stands: how many wait before them at their desk, and about how long.

    ``wait_seconds`` is None when nobody is there now or the wait would not end today.
    """

    ahead: int
    wait_seconds: float | None


@dataclass(frozen=True, slots=True)
class _Scene:
    """What a wait depends on, read at one moment: staff present and free, and who waits where.

    ``waiting`` lists the conversations of each desk, first come first.
    """

    staff: tuple[Staff, ...]
    held: Mapping[str, int]
    waiting: Mapping[str, tuple[tuple[datetime, str], ...]]


class Queue:
    """What a citizen can expect at a desk; safe to share between threads."""

    def __init__(self, store: Store, desks: Desks, settings: Settings) -> None:
        self._store = store
        self._desks = desks
        self._settings = settings

    def availability(self, desk_id: str, now: datetime) -> Availability:
        """Return whether a newcomer at a desk can be answered now, and how long they would wait.

        Raises `RecordMissing` for a desk that the file does not have.
        """
        desk = self._desks.desk(desk_id)
        with self._store.reading() as connection:
            return self.availability_on(connection, desk, now)

    def availability_on(self, connection: Connection, desk: Desk, now: datetime) -> Availability:
        """Return the same as a transaction sees it."""
        next_opening = desk.hours.next_opening(now)
        if not desk.hours.is_open(now):
            return Closed(next_opening)
        scene = self._scene(connection, now)
        ahead = len(scene.waiting.get(desk.id, ()))
        wait = self._wait(connection, desk, scene, None, now)
        if wait is None:
            return Nobody(next_opening)
        shown = self._shown(desk, wait, now)
        if shown is None or shown > 60 * self._settings.wait_limit_minutes:
            return Full(ahead, next_opening)
        return Open(ahead, shown)

    def place(self, conversation_id: str, now: datetime) -> Place | None:
        """Return the place of a conversation that waits, or None when it does not wait."""
        with self._store.reading() as connection:
            scene = self._scene(connection, now)
            for desk_id, line in scene.waiting.items():
                for ahead, (asked_at, waiting_id) in enumerate(line):
                    if waiting_id == conversation_id:
                        desk = self._desks.known(desk_id)
                        mark = (asked_at, waiting_id)
                        wait = self._wait(connection, desk, scene, mark, now)
                        return Place(ahead, self._shown(desk, wait, now))
        return None

    def _shown(self, desk: Desk, wait: float | None, now: datetime) -> float | None:
        """Return the wait with a break in between, or None when it does not end that day."""
        if wait is None:
            return None
        served = desk.hours.after_open_seconds(now, wait)
        return None if served is None else (served - now).total_seconds()

    def _wait(
        self,
        connection: Connection,
        desk: Desk,
        scene: _Scene,
        mark: tuple[datetime, str] | None,
        now: datetime,
    ) -> float | None:
        """Return the seconds that the one at the mark, or a newcomer, waits; None: nobody there."""
        staff = [one for one in scene.staff if desk.id in one.desks and not one.is_away]
        if not staff:
            return None
        seats = sum(one.seats for one in staff)
        free = sum(max(0, one.seats - scene.held.get(one.id, 0)) for one in staff)
        ahead = sum(
            _shared(scene.staff, desk.id, other)
            * sum(1 for waiting in line if mark is None or waiting < mark)
            for other, line in scene.waiting.items()
        )
        length = handling_seconds(
            _measured(connection, desk.id), 60 * self._settings.handling_minutes
        )
        return wait_seconds(ahead, free, seats, length)

    def _scene(self, connection: Connection, now: datetime) -> _Scene:
        held = (
            select(CONVERSATIONS.c.owner, func.count().label("held"))
            .where(CONVERSATIONS.c.owner.is_not(None))
            .group_by(CONVERSATIONS.c.owner)
        )
        lines = (
            select(HANDOFFS.c.desk, HANDOFFS.c.asked_at, HANDOFFS.c.conversation_id)
            .join(CONVERSATIONS, CONVERSATIONS.c.id == HANDOFFS.c.conversation_id)
            .where(CONVERSATIONS.c.state == "waiting", HANDOFFS.c.closed_at.is_(None))
            .order_by(HANDOFFS.c.asked_at, HANDOFFS.c.conversation_id)
        )
        waiting: dict[str, list[tuple[datetime, str]]] = {}
        for desk_id, asked_at, conversation_id in connection.execute(lines):
            line = waiting.setdefault(self._desks.known(desk_id).id, [])
            line.append((asked_at, conversation_id))
        return _Scene(
            staff=present_staff(connection, now, self._settings.presence_seconds),
            held={row.owner: row.held for row in connection.execute(held)},
            waiting={desk: tuple(line) for desk, line in waiting.items()},
        )


def _shared(staff: tuple[Staff, ...], desk: str, other: str) -> float:
    """Return how much of another desk's queue comes before one's own.

    That is the share of its seats that serve both: 1 for the own desk, 0 where nobody serves both.
    """
    if desk == other:
        return 1.0
    there = [one for one in staff if other in one.desks and not one.is_away]
    both = sum(one.seats for one in there if desk in one.desks)
    return both / sum(one.seats for one in there) if there else 0.0


def _measured(connection: Connection, desk: str) -> list[float]:
    query = (
        select(EVENTS.c.seconds)
        .where(EVENTS.c.kind == "closed", EVENTS.c.desk == desk, EVENTS.c.seconds.is_not(None))
        .order_by(EVENTS.c.id.desc())
        .limit(MEASURED)
    )
    return [float(seconds) for seconds in connection.scalars(query)]
