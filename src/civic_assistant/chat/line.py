"""The line between one open page and its conversation: what is stored is shown, once, in order."""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import logging
from collections import Counter
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING

from civic_assistant.chat.shown import shown
from civic_assistant.chat.speech import (
    Session,
    ask_reach,
    is_connected,
    serve_session,
    show_stored,
    tell_heard,
    tell_page,
    tell_spoken,
)
from civic_assistant.chat.standing import Facts, in_zone, standing
from civic_assistant.errors import CivicError
from civic_assistant.handoff.entries import Message
from civic_assistant.handoff.following import Here, Typing
from civic_assistant.handoff.reach import Reached
from civic_assistant.messages import messages_for

if TYPE_CHECKING:
    from civic_assistant.chat.product import PageProduct
    from civic_assistant.chat.visits import Visit
    from civic_assistant.handoff import Handoff
    from civic_assistant.handoff.desks import Desk

REPLAYED = 200
"""At most so many of the last messages are shown again when a page comes back."""
BEAT_SECONDS = 15.0
QUEUE_SECONDS = 5.0
"""How often presence is renewed and the panel looked at; and how often at most, besides at once,
because the desk's queue moves."""
_AT_A_DESK = ("offered", "waiting", "left_message")
GONE_SECONDS = 10.0
"""A page away for so long is gone; a short break of the network is not."""
_SHOW_SECONDS = 5.0

_log = logging.getLogger(__name__)
_pages: Counter[str] = Counter()
"""How many pages of this process show a conversation, by its id."""


@dataclass(slots=True)
class Line:
    """One page's socket on one conversation; it shows messages and the panel until it is stopped.

    A new socket of the same page gets a new line, which shows everything again: the page knows
    messages by their id, so that nothing is doubled.
    """

    visit: Visit
    product: PageProduct
    session: Session
    conversation_id: str
    position: int = 0
    _task: asyncio.Task[None] | None = None
    _changed: asyncio.Event = field(default_factory=asyncio.Event)
    _moved: asyncio.Condition = field(default_factory=asyncio.Condition)
    _told: Mapping[str, object] | None = None
    _queue: asyncio.Task[None] | None = None
    _desk: str = ""
    _seen: int = 0

    def start(self) -> None:
        """Begin to show; in a context of its own, else messages would hang below another's step."""
        _pages[self.conversation_id] += 1
        self._task = asyncio.create_task(self._run(), context=contextvars.Context())

    async def stop(self) -> None:
        """Show no more; some seconds later the citizen counts as gone, unless a page came back."""
        if self._task is None:
            return
        self._task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._task
        self._task = None
        _pages[self.conversation_id] -= 1
        if not _pages[self.conversation_id]:
            del _pages[self.conversation_id]
        _later(_leave(self.product.handoff, self.conversation_id))

    def refresh(self) -> None:
        """Look again at what the panel says."""
        self._changed.set()

    async def caught_up(self, position: int) -> None:
        """Wait until the message at this position was shown, or for a few seconds at most."""

        async def wait() -> None:
            async with self._moved:
                await self._moved.wait_for(lambda: self.position >= position)

        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(wait(), _SHOW_SECONDS)

    async def _run(self) -> None:
        serve_session(self.session)
        beat = asyncio.create_task(self._beat())
        try:
            await self._follow()
        except CivicError as error:
            _log.error("a page lost its conversation: %s", type(error).__qualname__)
        finally:
            beat.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await beat

    async def _follow(self) -> None:
        handoff = self.product.handoff
        known = await asyncio.to_thread(handoff.conversations.conversation, self.conversation_id)
        after = max(0, known.last_position - REPLAYED)
        stored = await asyncio.to_thread(
            handoff.transcript.messages, self.conversation_id, after=after, limit=REPLAYED
        )
        self._seen = (await asyncio.to_thread(handoff.reach.reached, self.conversation_id)).seen
        heard_before = [message.client_id for message in stored if message.role == "citizen"]
        await tell_heard(heard_before, is_new_line=True, code=self.visit.code)
        following = handoff.following.follow(self.conversation_id, after=after)
        async with contextlib.aclosing(following):
            async for heard in following:
                match heard:
                    case Message():
                        await self._show(heard)
                    case Typing(who="agent", name=name):
                        await tell_page({"civic": "typing", "name": self._typing(name)})
                    case Typing() | Here() | Reached():
                        pass
        await tell_page({"civic": "erased"})

    async def _show(self, message: Message) -> None:
        left = None
        if (message.role, message.text) == ("event", "leave_message"):
            handoffs = self.product.handoff.handoffs
            left = await asyncio.to_thread(handoffs.latest, self.conversation_id)
        messages = messages_for(self.visit.spoken)
        is_interpreted = self.product.interpreter is not None
        settings = self.product.settings
        said = shown(message, messages, settings, left, is_interpreted=is_interpreted)
        if said is not None and message.client_id not in self.visit.sent:
            await show_stored(said)
            if said.language not in (None, self.visit.page_language):
                await tell_spoken(said)
        if message.role == "citizen":
            await tell_heard([message.client_id])
        else:
            self.refresh()
        async with self._moved:
            self.position = message.position
            self._moved.notify_all()
        if message.role == "agent" and message.position > self._seen:
            await ask_reach(message.position)

    def _typing(self, name: str | None) -> str:
        messages = messages_for(self.visit.spoken)
        return messages.text("handoff.typing", name=name or self.product.settings.town)

    async def _beat(self) -> None:
        try:
            while is_connected(self.session):
                try:
                    await self._renew()
                except CivicError as error:  # the next beat tries again
                    _log.warning("a panel could not be renewed: %s", type(error).__qualname__)
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._changed.wait(), BEAT_SECONDS)
                self._changed.clear()
        finally:
            self._watch("")
        # A button may have dialled for a page whose socket was gone already.
        if self.visit.line is self:
            self.visit.line = None
        _later(self.stop())

    def _watch(self, desk_id: str) -> None:
        """Look at the panel again whenever this desk's queue moves; an empty id: no longer."""
        if desk_id != self._desk and self._queue is not None:
            self._queue.cancel()
            self._queue = None
        if desk_id and self._queue is None:
            self._queue = asyncio.create_task(self._follow_queue(desk_id))
        self._desk = desk_id

    async def _follow_queue(self, desk_id: str) -> None:
        async with contextlib.aclosing(self.product.handoff.following.watch(desk_id)) as watched:
            await anext(watched)  # it says at once that it listens: what came before is looked at
            self.refresh()
            async for _ in watched:
                self.refresh()
                await asyncio.sleep(QUEUE_SECONDS)

    async def _renew(self) -> None:
        now = self.product.handoff.clock()
        facts = await asyncio.to_thread(self._facts, now)
        facts = replace(facts, is_interpreted=self._is_interpreted())
        panel = standing(facts, messages_for(self.visit.spoken), now)
        told = {**panel.told(), "civic": "standing", "code": self.visit.code}
        if told != self._told:
            self._told = told
            await tell_page(told)
        self._watch(facts.desk_id if facts.state in _AT_A_DESK else "")

    def _is_interpreted(self) -> bool:
        """Whether what is said here is likely to be translated, both ways."""
        is_foreign = self.visit.spoken != self.product.settings.town_language
        return is_foreign and self.product.interpreter is not None

    def _facts(self, now: datetime) -> Facts:
        handoff = self.product.handoff
        handoff.conversations.seen(self.conversation_id, now)
        conversation = handoff.conversations.conversation(self.conversation_id)
        record = handoff.handoffs.current(self.conversation_id)
        state = conversation.state
        if state == "closed" and self.visit.asks_again:
            return self._offered(handoff.desks.default, now, asked=())
        if record is None:
            return Facts(state)
        desk = handoff.desks.known(record.desk)
        match state:
            case "offered":
                asked = handoff.transcript.history(self.conversation_id, 1)
                return self._offered(desk, now, asked)
            case "waiting":
                place = handoff.queue.place(self.conversation_id, now)
                ahead, seconds = (place.ahead, place.wait_seconds) if place else (None, None)
                return Facts(state, desk.name, desk.id, ahead=ahead, wait_seconds=seconds)
            case _:
                is_left = state == "left_message"
                return Facts(
                    state,
                    desk.name,
                    desk.id,
                    availability=handoff.queue.availability(desk.id, now) if is_left else None,
                    agent=conversation.owner_name or "",
                    number=record.request_number or "",
                    contact=record.contact or "",
                )

    def _offered(self, desk: Desk, now: datetime, asked: tuple[str, ...]) -> Facts:
        handoff, zone = self.product.handoff, desk.hours.zone
        closes = desk.hours.closes_at(now)
        return Facts(
            "offered",
            desk.name,
            desk.id,
            availability=in_zone(handoff.queue.availability(desk.id, now), zone),
            closes_at=closes.astimezone(zone) if closes else None,
            question="".join(asked),
        )


_tasks: set[asyncio.Task[None]] = set()


def _later(what: Coroutine[None, None, None]) -> None:
    """Do something beside; asyncio itself would forget a task that nobody holds."""
    task = asyncio.create_task(what)
    _tasks.add(task)
    task.add_done_callback(_tasks.discard)


async def _leave(handoff: Handoff, conversation_id: str) -> None:
    await asyncio.sleep(GONE_SECONDS)
    if conversation_id not in _pages:
        with contextlib.suppress(CivicError):
            await asyncio.to_thread(handoff.conversations.gone, conversation_id)
