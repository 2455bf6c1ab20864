"""The human side: a person in the same conversation, and everything that leads there and back."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Engine

from civic_assistant.errors import CivicError
from civic_assistant.handoff.conversations import Conversations
from civic_assistant.handoff.delivery import open_delivery
from civic_assistant.handoff.desks import Desks, load_desks
from civic_assistant.handoff.drafts import Drafts
from civic_assistant.handoff.erasure import Erasure
from civic_assistant.handoff.figures import Figures
from civic_assistant.handoff.following import Following
from civic_assistant.handoff.handoffs import Handoffs
from civic_assistant.handoff.presence import Presence
from civic_assistant.handoff.queue import Queue
from civic_assistant.handoff.reach import Reach
from civic_assistant.handoff.store import Store
from civic_assistant.handoff.transcript import Transcript
from civic_assistant.handoff.translations import Translations
from civic_assistant.handoff.upkeep import Upkeep
from civic_assistant.settings import Settings

__all__ = ["UPKEEP_SECONDS", "Handoff", "open_handoff"]

logger = logging.getLogger(__name__)

UPKEEP_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Handoff:
    """The parts of the human side, put together; the pages talk to these."""

    conversations: Conversations
    transcript: Transcript
    translations: Translations
    handoffs: Handoffs
    presence: Presence
    queue: Queue
    desks: Desks
    drafts: Drafts
    figures: Figures
    following: Following
    reach: Reach
    upkeep: Upkeep
    erasure: Erasure
    store: Store
    clock: Callable[[], datetime]

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """While open, carry signals between processes and do what only time decides."""
        tasks = (
            asyncio.create_task(self.store.delivery.run()),
            asyncio.create_task(self._look_after()),
        )
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _look_after(self) -> None:
        while True:
            try:
                await asyncio.to_thread(self.upkeep.run, self.clock())
            except CivicError as error:
                logger.warning("upkeep has to wait: %s", type(error).__name__)
            await asyncio.sleep(UPKEEP_SECONDS)


def open_handoff(
    engine: Engine,
    settings: Settings,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Handoff:
    """Put the human side together over a database whose tables are there.

    Raises `SettingsError` when the file of desks cannot be used.
    """
    desks = load_desks(settings.desks_file)
    store = Store(engine, open_delivery(engine), desks.zone)
    queue = Queue(store, desks, settings)
    transcript = Transcript(store)
    return Handoff(
        conversations=Conversations(store),
        transcript=transcript,
        translations=Translations(store),
        handoffs=Handoffs(store, desks, queue, settings),
        presence=Presence(store, settings),
        queue=queue,
        desks=desks,
        drafts=Drafts(store),
        figures=Figures(store),
        following=Following(store, transcript),
        reach=Reach(store),
        upkeep=Upkeep(store, desks, settings),
        erasure=Erasure(store),
        store=store,
        clock=clock,
    )
