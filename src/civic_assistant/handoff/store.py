"""A transaction that announces what it changed; every write of the human side goes through it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine

from civic_assistant.handoff.delivery import Delivery
from civic_assistant.handoff.signals import Signal, conversation_topic, desk_topic
from civic_assistant.records import reading, writing


@dataclass(frozen=True, slots=True)
class Change:
    """An open transaction and the signals that go out with it."""

    connection: Connection
    zone: ZoneInfo
    signals: list[Signal] = field(default_factory=list)

    def conversation_changed(self, conversation_id: str) -> None:
        """Wake who follows the conversation, once this is committed."""
        self.signals.append(Signal(conversation_topic(conversation_id)))

    def desk_changed(self, desk_id: str) -> None:
        """Wake who follows the desk's queue, once this is committed."""
        self.signals.append(Signal(desk_topic(desk_id)))


@dataclass(frozen=True, slots=True)
class Store:
    """The database of the human side, how changes are announced, and the town hall's clock."""

    engine: Engine
    delivery: Delivery
    zone: ZoneInfo

    @contextmanager
    def changing(self) -> Iterator[Change]:
        """Open a transaction that writes and announces: both happen, or neither.

        Raises `RecordsUnusable` when the database does not take it.
        """
        with writing(self.engine) as connection:
            change = Change(connection, self.zone)
            yield change
            self.delivery.announce(connection, change.signals)
        self.delivery.committed(change.signals)

    def reading(self) -> AbstractContextManager[Connection]:
        """Open a connection that reads one state. Raises `RecordsUnusable`."""
        return reading(self.engine)

    def signal(self, signal: Signal) -> None:
        """Announce what is kept nowhere. Raises `RecordsUnusable`."""
        with self.reading() as connection:
            self.delivery.announce(connection, [signal])
            connection.commit()
        self.delivery.committed([signal])
