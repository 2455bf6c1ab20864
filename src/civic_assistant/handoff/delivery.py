"""Waking who follows a conversation or a desk: in one process, or across them.

The truth is in the tables. A signal only says *read again*, so that a lost one costs time, not
messages: whoever follows reads on from its own position, and reads anyway every few seconds.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterable
from threading import Lock
from types import TracebackType
from typing import Protocol, Self

from sqlalchemy import Connection, Engine

from civic_assistant.handoff.signals import Signal

PENDING_LIMIT = 64
"""At most so many different signals wait for one follower; beyond it, reading again is enough."""


class Delivery(Protocol):
    """How signals reach those who follow, whatever process they are in."""

    @property
    def poll_seconds(self) -> float:
        """After how many seconds without a signal a follower reads again anyway."""

    def announce(self, connection: Connection, signals: Iterable[Signal]) -> None:
        """Send signals with a transaction: they go out when it is committed, or never."""

    def committed(self, signals: Iterable[Signal]) -> None:
        """Say that the transaction with these signals is durable."""

    def subscribe(self, *topics: str) -> Subscription:
        """Return a subscription to topics, to be entered in an event loop."""

    async def run(self) -> None:
        """Carry signals between processes until cancelled."""


class Subscribers:
    """The followers of this process, by topic; signals may come from any thread."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._by_topic: dict[str, set[Subscription]] = defaultdict(set)

    def subscribe(self, *topics: str) -> Subscription:
        """Return a subscription to topics, to be entered in an event loop."""
        return Subscription(self, topics)

    def dispatch(self, signal: Signal) -> None:
        """Wake who follows the signal's topic."""
        with self._lock:
            woken = tuple(self._by_topic.get(signal.topic, ()))
        for subscription in woken:
            subscription.put(signal)

    def wake_all(self) -> None:
        """Let everybody read again: signals may have been missed."""
        with self._lock:
            everybody = {each for some in self._by_topic.values() for each in some}
        for subscription in everybody:
            subscription.put(None)

    def add(self, subscription: Subscription, topics: Iterable[str]) -> None:
        """Begin to wake a subscription."""
        with self._lock:
            for topic in topics:
                self._by_topic[topic].add(subscription)

    def remove(self, subscription: Subscription, topics: Iterable[str]) -> None:
        """Wake a subscription no more."""
        with self._lock:
            for topic in topics:
                self._by_topic[topic].discard(subscription)
                if not self._by_topic[topic]:
                    del self._by_topic[topic]

    def __len__(self) -> int:
        """How many topics are followed."""
        return len(self._by_topic)


class Subscription:
    """Signals for one follower; the same signal twice before it is taken is one."""

    def __init__(self, subscribers: Subscribers, topics: tuple[str, ...]) -> None:
        self._subscribers = subscribers
        self._topics = topics
        self._lock = Lock()
        self._pending: dict[Signal, None] = {}
        self._woken = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None

    async def __aenter__(self) -> Self:
        """Begin to receive."""
        self._loop = asyncio.get_running_loop()
        self._subscribers.add(self, self._topics)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Receive no more."""
        self._subscribers.remove(self, self._topics)

    def put(self, signal: Signal | None) -> None:
        """Add a signal from any thread; None only wakes."""
        with self._lock:
            if signal is not None and len(self._pending) < PENDING_LIMIT:
                self._pending[signal] = None
        loop = self._loop
        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(self._woken.set)

    async def take(self, seconds: float) -> tuple[Signal, ...]:
        """Wait for signals, at most so long, and return them; perhaps none: read again anyway."""
        try:
            async with asyncio.timeout(seconds):
                await self._woken.wait()
        except TimeoutError:
            return ()
        self._woken.clear()
        with self._lock:
            taken = tuple(self._pending)
            self._pending.clear()
        return taken


class LocalDelivery:
    """Signals within one process, for SQLite.

    Another process at the same file (the command line) is noticed by reading again.
    """

    poll_seconds = 5.0

    def __init__(self) -> None:
        self._subscribers = Subscribers()

    def announce(self, connection: Connection, signals: Iterable[Signal]) -> None:
        """Nothing is sent before the transaction is committed."""

    def committed(self, signals: Iterable[Signal]) -> None:
        """Wake who follows the topics."""
        for signal in signals:
            self._subscribers.dispatch(signal)

    def subscribe(self, *topics: str) -> Subscription:
        """Return a subscription to topics, to be entered in an event loop."""
        return self._subscribers.subscribe(*topics)

    async def run(self) -> None:
        """Wait until cancelled: nothing has to be carried."""
        await asyncio.Event().wait()


def open_delivery(engine: Engine) -> Delivery:
    """Return what fits the database: LISTEN and NOTIFY on PostgreSQL, this process on SQLite."""
    if engine.dialect.name != "postgresql":
        return LocalDelivery()
    from civic_assistant.handoff.postgresql import PostgreSQLDelivery

    return PostgreSQLDelivery(engine)
