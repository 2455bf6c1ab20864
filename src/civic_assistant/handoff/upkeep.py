"""What only time decides: offers nobody took, staff who vanished, citizens whom nobody can reach.

Several processes may do it at once: each case is one locked move, made by whoever is first.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select

from civic_assistant.errors import RecordMissing
from civic_assistant.handoff.conversations import Conversation, locked
from civic_assistant.handoff.desks import Desks
from civic_assistant.handoff.events import count
from civic_assistant.handoff.giving_back import fitting, give_back
from civic_assistant.handoff.ownership import move
from civic_assistant.handoff.presence import present_staff
from civic_assistant.handoff.record import current_record, set_record
from civic_assistant.handoff.store import Change, Store
from civic_assistant.handoff.tables import CONVERSATIONS, HANDOFFS
from civic_assistant.settings import Settings


@dataclass(frozen=True, slots=True)
class Kept:
    """How many offers lapsed, conversations were given back, and waiting questions were kept."""

    lapsed: int
    given_back: int
    kept: int


class Upkeep:
    """Looks after what nobody decides; safe to run in several processes."""

    def __init__(self, store: Store, desks: Desks, settings: Settings) -> None:
        self._store = store
        self._desks = desks
        self._settings = settings

    def run(self, now: datetime) -> Kept:
        """Do what is due at a moment. Raises `RecordsUnusable`.

        An offer lapses after ``offer_minutes``. What a member of staff holds who was not heard of
        for ``staff_absence_minutes`` goes back to the queue, or is set aside when the citizen is
        gone too. Who waits at a desk that has closed for the day, or was away from the page for
        ``citizen_absence_minutes``, waits no more: the question is kept as a left message.
        """
        return Kept(
            lapsed=self._each(self._old_offers(now), lambda c, o: self._lapse(c, o, now)),
            given_back=self._each(self._orphans(now), lambda c, o: self._give_back(c, o, now)),
            kept=self._each(self._overdue(now), lambda c, o: self._keep(c, o, now)),
        )

    def _each(
        self,
        condition: ColumnElement[bool],
        act: Callable[[Change, Conversation], bool],
    ) -> int:
        """Do what is due: found without a lock, and looked at again under one."""
        due = select(CONVERSATIONS.c.id).where(condition).order_by(CONVERSATIONS.c.id)
        with self._store.reading() as connection:
            ids = connection.scalars(due).all()
        return sum(self._one(conversation_id, act) for conversation_id in ids)

    def _one(self, conversation_id: str, act: Callable[[Change, Conversation], bool]) -> bool:
        try:
            with self._store.changing() as change:
                return act(change, locked(change.connection, conversation_id))
        except RecordMissing:  # erased meanwhile
            return False

    def _old_offers(self, now: datetime) -> ColumnElement[bool]:
        begun = now - timedelta(minutes=self._settings.offer_minutes)
        old = select(HANDOFFS.c.conversation_id).where(
            HANDOFFS.c.closed_at.is_(None), HANDOFFS.c.began_at < begun
        )
        return and_(CONVERSATIONS.c.state == "offered", CONVERSATIONS.c.id.in_(old))

    def _lapse(self, change: Change, conversation: Conversation, now: datetime) -> bool:
        if conversation.state != "offered":
            return False
        handoff = current_record(change.connection, conversation.id)
        move(change, conversation, "lapse", now, handoff=handoff)
        return True

    def _orphans(self, now: datetime) -> ColumnElement[bool]:
        with self._store.reading() as connection:
            there = present_staff(connection, now, 60 * self._settings.staff_absence_minutes)
        owners = [one.id for one in there]
        return and_(
            CONVERSATIONS.c.state == "with_agent",
            or_(CONVERSATIONS.c.owner.is_(None), CONVERSATIONS.c.owner.not_in(owners)),
        )

    def _give_back(self, change: Change, conversation: Conversation, now: datetime) -> bool:
        seconds = 60 * self._settings.staff_absence_minutes
        there = {one.id for one in present_staff(change.connection, now, seconds)}
        if conversation.state != "with_agent" or conversation.owner in there:
            return False
        give_back(change, conversation, fitting(conversation, now), now)
        return True

    def _overdue(self, now: datetime) -> ColumnElement[bool]:
        at_closed_desks = select(HANDOFFS.c.conversation_id).where(
            HANDOFFS.c.closed_at.is_(None), HANDOFFS.c.desk.not_in(self._desks_going_on(now))
        )
        seen = func.coalesce(CONVERSATIONS.c.seen_at, CONVERSATIONS.c.changed_at)
        return and_(
            CONVERSATIONS.c.state == "waiting",
            or_(CONVERSATIONS.c.id.in_(at_closed_desks), seen < self._absent_since(now)),
        )

    def _keep(self, change: Change, conversation: Conversation, now: datetime) -> bool:
        handoff = current_record(change.connection, conversation.id)
        if conversation.state != "waiting" or handoff is None:
            return False
        is_over = self._desks.known(handoff.desk).id not in self._desks_going_on(now)
        seen = conversation.seen_at or conversation.changed_at
        if not is_over and seen >= self._absent_since(now):
            return False
        why = "closed" if is_over else "away"
        move(change, conversation, "keep", now, handoff=handoff, payload={"why": why})
        set_record(change.connection, handoff.id, waiting_since=None)
        count(
            change,
            "kept" if is_over else "abandoned",
            handoff,
            now,
            since=handoff.waiting_since,
        )
        return True

    def _desks_going_on(self, now: datetime) -> list[str]:
        """Return the desks that are open, or open again on this day."""
        return [
            desk.id
            for desk in self._desks.all
            if desk.hours.is_open(now) or desk.hours.opens_again_that_day(now)
        ]

    def _absent_since(self, now: datetime) -> datetime:
        return now - timedelta(minutes=self._settings.citizen_absence_minutes)
