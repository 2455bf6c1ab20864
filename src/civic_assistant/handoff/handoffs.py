"""The way to a person and back: what the citizen and the staff do with a handoff.

Every act is one transaction that locks the conversation, moves it as `states` allows, and is
announced when it is durable. Acts that are repeated because their reply was lost do no harm.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from pydantic import JsonValue
from sqlalchemy import Select, select

from civic_assistant.errors import DeskUnavailable, MoveRefused
from civic_assistant.handoff.availability import Open
from civic_assistant.handoff.claiming import claimed, first_waiting
from civic_assistant.handoff.conversations import Conversation, Floor, locked
from civic_assistant.handoff.desks import Desk, Desks
from civic_assistant.handoff.entries import bounded_text
from civic_assistant.handoff.events import count
from civic_assistant.handoff.giving_back import give_back
from civic_assistant.handoff.ownership import move
from civic_assistant.handoff.presence import locked_staff
from civic_assistant.handoff.queue import Queue
from civic_assistant.handoff.record import (
    HandoffRecord,
    begin_record,
    current_record,
    record_of,
    records,
    set_record,
)
from civic_assistant.handoff.states import MoveName, Reason, StaffCloseReason, State
from civic_assistant.handoff.store import Store
from civic_assistant.handoff.tables import CONVERSATIONS, HANDOFFS
from civic_assistant.handoff.transcript import require_floor
from civic_assistant.handoff.wishes import Wish, wished
from civic_assistant.requests import leave_request, written_number
from civic_assistant.settings import Settings


class Handoffs:
    """Handoffs are offered, asked for, claimed and closed; safe to share between threads.

    Besides what they name, all acts raise `RecordMissing` when there is no such conversation,
    `MoveRefused` when its state does not allow them, and `RecordsUnusable`.
    """

    def __init__(self, store: Store, desks: Desks, queue: Queue, settings: Settings) -> None:
        self._store = store
        self._desks = desks
        self._queue = queue
        self._settings = settings

    def offer(
        self,
        floor: Floor,
        *,
        reason: Reason,
        desk: str,
        now: datetime,
        turn_id: str | None = None,
    ) -> bool:
        """Offer a person after an answer that was said on this floor.

        False when one was offered already, or a message was left. Raises `FloorLost`.
        """
        with self._store.changing() as change:
            conversation = locked(change.connection, floor.conversation_id)
            require_floor(conversation, floor)
            if conversation.state != "bot":
                return False
            handoff = begin_record(
                change.connection,
                conversation,
                reason=reason,
                desk=self._desks.desk(desk).id,
                turn_id=turn_id,
                now=now,
            )
            move(change, conversation, "offer", now, handoff=handoff, payload={"why": reason})
            count(change, "offered", handoff, now)
            return True

    def decline(self, conversation_id: str, now: datetime) -> Conversation:
        """Go on alone after an offer."""
        return self._move(conversation_id, "decline", now)

    def wait(
        self,
        conversation_id: str,
        *,
        reason: Reason,
        desk: str,
        question: str,
        now: datetime,
        turn_id: str | None = None,
    ) -> Conversation:
        """Wait for a person at a desk; ``question`` is what the citizen saw will be passed on.

        It is empty when nothing was asked yet. Raises `DeskUnavailable` when nobody can come: what
        was true when the offer was shown may have changed. Raises `MessageRefused` for a question
        that is too long.
        """
        with self._store.changing() as change:
            conversation = locked(change.connection, conversation_id)
            if conversation.state == "waiting":
                return conversation
            place = self._desks.desk(desk)
            available = self._queue.availability_on(change.connection, place, now)
            if not isinstance(available, Open):
                raise DeskUnavailable(desk, available)
            passed_on = bounded_text(question) if question.strip() else ""
            wish = Wish(reason, place, passed_on, turn_id)
            conversation, handoff = wished(change, conversation, wish, now)
            asked_at = handoff.asked_at or now
            set_record(change.connection, handoff.id, asked_at=asked_at, waiting_since=now)
            count(change, "accepted", handoff, now)
            return move(change, conversation, "wait", now, handoff=handoff, payload=_named(place))

    def leave_message(
        self,
        conversation_id: str,
        *,
        reason: Reason,
        desk: str,
        question: str,
        contact: str,
        now: datetime,
        name: str | None = None,
        turn_id: str | None = None,
    ) -> str:
        """Leave a message with a contact; return its number, such as ``V7K-3QM``, once durable.

        Leaving one again changes the message and keeps the number. Raises `ContactInvalid`,
        `MessageRefused` for an empty question.
        """
        with self._store.changing() as change:
            conversation = locked(change.connection, conversation_id)
            wish = Wish(reason, self._desks.desk(desk), bounded_text(question), turn_id)
            conversation, handoff = wished(change, conversation, wish, now)
            number = leave_request(
                change.connection,
                question=question,
                contact=contact,
                language=conversation.language,
                now=now,
                name=name,
                turn_id=turn_id or handoff.turn_id,
                number=handoff.request_number,
            )
            set_record(change.connection, handoff.id, request_number=number, waiting_since=None)
            if handoff.request_number is None:
                count(change, "left", handoff, now)
            move(change, conversation, "leave_message", now, handoff=handoff)
            return number

    def withdraw(self, conversation_id: str, now: datetime) -> Conversation:
        """Stop waiting, or take a left message back: its contact is erased."""
        return self._move(conversation_id, "withdraw", now)

    def finish(self, conversation_id: str, now: datetime) -> Conversation:
        """End the talk with the person, by the citizen."""
        return self._move(conversation_id, "finish", now)

    def claim(self, conversation_id: str, *, staff_id: str, now: datetime) -> Conversation:
        """Take a conversation that waits or was left: from now on only this person may answer.

        Of several who claim at once one wins. Raises `AlreadyClaimed` with the name of who was
        first, `SeatsTaken`, `NotPresent`.
        """
        with self._store.changing() as change:
            conversation = locked(change.connection, conversation_id)
            seconds = self._settings.presence_seconds
            return claimed(change, conversation, staff_id, now, seconds)

    def claim_next(self, *, staff_id: str, now: datetime) -> Conversation | None:
        """Take whoever has waited longest at this person's desks, or return None.

        People who claim at once get different conversations. Raises `SeatsTaken`, `NotPresent`.
        """
        with self._store.changing() as change:
            seconds = self._settings.presence_seconds
            staff = locked_staff(change.connection, staff_id, now, seconds)
            conversation = first_waiting(change, staff)
            if conversation is None:
                return None
            return claimed(change, conversation, staff_id, now, seconds)

    def release(self, conversation_id: str, *, staff_id: str, now: datetime) -> Conversation:
        """Give a conversation back into the queue, to the place it had."""
        return self._given_back(conversation_id, staff_id, "release", now)

    def set_aside(self, conversation_id: str, *, staff_id: str, now: datetime) -> Conversation:
        """Put a conversation among the left messages, to be answered later."""
        return self._given_back(conversation_id, staff_id, "set_aside", now)

    def forward(
        self, conversation_id: str, *, staff_id: str, desk: str, now: datetime
    ) -> Conversation:
        """Pass a conversation on to another desk: by who holds it, or anybody while nobody does.

        It keeps its place. Raises `NotPresent`.
        """
        place = self._desks.desk(desk)
        with self._store.changing() as change:
            conversation = locked(change.connection, conversation_id)
            if conversation.owner not in (None, staff_id):
                raise MoveRefused("forward", conversation.state, conversation.owner_name)
            seconds = self._settings.presence_seconds
            staff = locked_staff(change.connection, staff_id, now, seconds)
            handoff = current_record(change.connection, conversation_id)
            moved = move(
                change,
                conversation,
                "forward",
                now,
                handoff=handoff,
                agent=(staff.id, staff.name),
                payload=_named(place),
            )
            change.desk_changed(place.id)
            if handoff is not None:
                count(change, "forwarded", handoff, now)
                values: dict[str, object] = {"desk": place.id}
                if conversation.state == "with_agent":
                    values |= {"waiting_since": now, "asked_at": handoff.asked_at or now}
                set_record(change.connection, handoff.id, **values)
            return moved

    def close(
        self, conversation_id: str, *, staff_id: str, reason: StaffCloseReason, now: datetime
    ) -> Conversation:
        """End a handoff and its episode, by who holds it, and say how it ended."""
        with self._store.changing() as change:
            conversation = locked(change.connection, conversation_id)
            agent = _owner(conversation, staff_id, "close")
            handoff = current_record(change.connection, conversation_id)
            return move(
                change,
                conversation,
                "close",
                now,
                handoff=handoff,
                agent=agent,
                close_reason=reason,
            )

    def current(self, conversation_id: str) -> HandoffRecord | None:
        """Return the conversation's open handoff, or None."""
        with self._store.reading() as connection:
            return current_record(connection, conversation_id)

    def latest(self, conversation_id: str) -> HandoffRecord | None:
        """Return the conversation's last handoff, open or closed, or None."""
        query = records().where(HANDOFFS.c.conversation_id == conversation_id)
        query = query.order_by(HANDOFFS.c.began_at.desc(), HANDOFFS.c.episode.desc()).limit(1)
        found = self._all(query)
        return found[0] if found else None

    def waiting(self, *desks: str) -> tuple[HandoffRecord, ...]:
        """Return who waits at these desks, or at all, first come first."""
        query = _open_in("waiting", desks).order_by(HANDOFFS.c.asked_at, HANDOFFS.c.conversation_id)
        return self._all(query)

    def left(self, *desks: str) -> tuple[HandoffRecord, ...]:
        """Return what was left at these desks, or at all, and nobody took, oldest first."""
        return self._all(_open_in("left_message", desks).order_by(HANDOFFS.c.began_at))

    def held_by(self, staff_id: str) -> tuple[HandoffRecord, ...]:
        """Return what a member of staff holds, the longest held first."""
        query = _open_in("with_agent", ()).where(CONVERSATIONS.c.owner == staff_id)
        return self._all(query.order_by(HANDOFFS.c.claimed_at))

    def left_under(self, number: str) -> str | None:
        """Return the conversation in which a message was left under a number, however written."""
        query = select(HANDOFFS.c.conversation_id).where(
            HANDOFFS.c.request_number == written_number(number)
        )
        with self._store.reading() as connection:
            return connection.scalar(query)

    def _all(self, query: Select[tuple[object, ...]]) -> tuple[HandoffRecord, ...]:
        with self._store.reading() as connection:
            return tuple(record_of(row) for row in connection.execute(query))

    def _move(self, conversation_id: str, name: MoveName, now: datetime) -> Conversation:
        with self._store.changing() as change:
            conversation = locked(change.connection, conversation_id)
            handoff = current_record(change.connection, conversation_id)
            return move(change, conversation, name, now, handoff=handoff)

    def _given_back(
        self, conversation_id: str, staff_id: str, name: MoveName, now: datetime
    ) -> Conversation:
        with self._store.changing() as change:
            conversation = locked(change.connection, conversation_id)
            _owner(conversation, staff_id, name)
            return give_back(change, conversation, name, now)


def _owner(conversation: Conversation, staff_id: str, name: MoveName) -> tuple[str, str]:
    """Return the id and name of who holds the conversation, who alone may make the move."""
    if conversation.owner != staff_id:
        raise MoveRefused(name, conversation.state, conversation.owner_name)
    return staff_id, conversation.owner_name or ""


def _named(desk: Desk) -> dict[str, JsonValue]:
    return {"desk": desk.id, "name": desk.name}


def _open_in(state: State, desks: Sequence[str]) -> Select[tuple[object, ...]]:
    query = (
        records()
        .join(CONVERSATIONS, CONVERSATIONS.c.id == HANDOFFS.c.conversation_id)
        .where(CONVERSATIONS.c.state == state, HANDOFFS.c.closed_at.is_(None))
    )
    return query.where(HANDOFFS.c.desk.in_(desks)) if desks else query
