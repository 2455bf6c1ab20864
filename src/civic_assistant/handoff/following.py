"""Follow a conversation or a desk: first what is stored, then what comes, once and in order.

Whoever follows holds a position. A signal only wakes; what is yielded is read from the tables, so
that a lost signal, a lost connection or another process costs a moment and nothing else.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator
from dataclasses import dataclass

from civic_assistant.errors import RecordMissing, RecordsUnusable
from civic_assistant.handoff.entries import Message
from civic_assistant.handoff.reach import Reached, reached_on
from civic_assistant.handoff.signals import Signal, Typist, conversation_topic, desk_topic
from civic_assistant.handoff.store import Store
from civic_assistant.handoff.transcript import Transcript

logger = logging.getLogger(__name__)

BATCH = 200
"""Messages read at a time."""
_FIRST_WAIT, _LONGEST_WAIT = 0.2, 5.0


@dataclass(frozen=True, slots=True)
class Typing:
    """Somebody writes at the moment; show it for 6 s, or until a message of theirs comes."""

    who: Typist
    name: str | None


@dataclass(frozen=True, slots=True)
class Here:
    """The citizen's page was opened, or closed."""

    is_here: bool


@dataclass(frozen=True, slots=True)
class DeskChanged:
    """A queue, or who is there, may have changed: read it again."""


News = Message | Typing | Here | Reached
"""What comes to who follows a conversation."""


class Following:
    """What pages and desks are woken by."""

    def __init__(self, store: Store, transcript: Transcript) -> None:
        self._store = store
        self._transcript = transcript

    async def follow(
        self, conversation_id: str, *, after: int = 0, for_staff: bool = False
    ) -> AsyncGenerator[News, None]:
        """Yield every message behind a position, in order and once, and go on as more come.

        Typing and presence come between as they happen, and for staff, at first and whenever it
        changes, how far the citizen's page has come. Ends when the conversation is not kept
        (any more). While the database cannot be read nothing comes; then it goes on from where it
        was. Close it with ``contextlib.aclosing`` when leaving early.
        """
        delivery = self._store.delivery
        position, wait = after, _FIRST_WAIT
        reached: Reached | None = None
        async with delivery.subscribe(conversation_topic(conversation_id)) as subscription:
            while True:
                try:
                    batch, now_reached = await asyncio.to_thread(
                        self._read, conversation_id, position, for_staff
                    )
                except RecordMissing:
                    return
                except RecordsUnusable:
                    logger.warning("a conversation could not be read; again in %.1f s", wait)
                    await asyncio.sleep(wait)
                    wait = min(2 * wait, _LONGEST_WAIT)
                    continue
                wait = _FIRST_WAIT
                for message in batch:
                    position = message.position
                    yield message
                if now_reached != reached:
                    reached = now_reached
                    if reached is not None:
                        yield reached
                if len(batch) < BATCH:
                    for signal in await subscription.take(delivery.poll_seconds):
                        shown = _shown(signal)
                        if shown is not None:
                            yield shown

    def _read(
        self, conversation_id: str, after: int, for_staff: bool
    ) -> tuple[tuple[Message, ...], Reached | None]:
        batch = self._transcript.messages(
            conversation_id, after=after, limit=BATCH, for_staff=for_staff
        )
        if not for_staff:
            return batch, None
        with self._store.reading() as connection:
            return batch, reached_on(connection, conversation_id)

    async def watch(self, *desk_ids: str) -> AsyncGenerator[DeskChanged, None]:
        """Yield once now, and then whenever the queues of these desks may have changed.

        It also yields when nothing was heard for a while (5 s on SQLite, 20 s on PostgreSQL).
        """
        delivery = self._store.delivery
        async with delivery.subscribe(*map(desk_topic, desk_ids)) as subscription:
            while True:
                yield DeskChanged()
                await subscription.take(delivery.poll_seconds)


def _shown(signal: Signal) -> Typing | Here | None:
    match signal.kind:
        case "typing" if signal.who is not None:
            return Typing(signal.who, signal.name)
        case "here":
            return Here(signal.is_here)
        case _:
            return None
