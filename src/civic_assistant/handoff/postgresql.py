"""Signals between processes by PostgreSQL's LISTEN and NOTIFY.

NOTIFY goes out with the transaction's commit. One connection a process listens; while it is lost
nothing can be heard, so everybody reads again as soon as it is back.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable

import psycopg
from psycopg import AsyncConnection, sql
from sqlalchemy import Connection, Engine, text

from civic_assistant.handoff.delivery import Subscribers, Subscription
from civic_assistant.handoff.signals import Signal, from_payload, to_payload

logger = logging.getLogger(__name__)

BEAT_SECONDS = 10.0
"""How long a connection may be silent before it is asked whether it still lives."""
_FIRST_WAIT, _LONGEST_WAIT = 0.1, 5.0

# Tests share a database in schemas of their own; so may two towns.
_CHANNEL = "left('civic_listen_' || current_schema(), 63)"


class PostgreSQLDelivery:
    """Signals to every process at the same database and schema."""

    poll_seconds = 20.0

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._subscribers = Subscribers()

    def announce(self, connection: Connection, signals: Iterable[Signal]) -> None:
        """Notify with the transaction; PostgreSQL sends the same signal once."""
        notify = text(f"SELECT pg_notify({_CHANNEL}, :payload)")
        for signal in dict.fromkeys(signals):
            connection.execute(notify, {"payload": to_payload(signal)})

    def committed(self, signals: Iterable[Signal]) -> None:
        """Wake who follows in this process at once, even while listening is interrupted.

        Typing and presence come by NOTIFY alone, or they would come twice.
        """
        for signal in signals:
            if signal.kind == "changed":
                self._subscribers.dispatch(signal)

    def subscribe(self, *topics: str) -> Subscription:
        """Return a subscription to topics, to be entered in an event loop."""
        return self._subscribers.subscribe(*topics)

    async def run(self) -> None:
        """Listen until cancelled; a lost connection is opened again, at first at once."""
        wait = _FIRST_WAIT
        while True:
            try:
                async with await self._connect() as connection:
                    wait = _FIRST_WAIT
                    await self._listen(connection)
            except (psycopg.Error, OSError, TimeoutError) as error:
                logger.warning(
                    "listening for signals was interrupted (%s); again in %.1f s",
                    type(error).__name__,
                    wait,
                )
            await asyncio.sleep(wait)
            wait = min(2 * wait, _LONGEST_WAIT)

    async def _connect(self) -> AsyncConnection[tuple[object, ...]]:
        _, parameters = self._engine.dialect.create_connect_args(self._engine.url)
        parameters = {"connect_timeout": 5, **parameters}
        return await AsyncConnection.connect(autocommit=True, **parameters)

    async def _listen(self, connection: AsyncConnection[tuple[object, ...]]) -> None:
        # The operator sees in pg_stat_activity which connection listens, and for which schema.
        named = f"SELECT set_config('application_name', {_CHANNEL}, false)"
        found = await (await connection.execute(named)).fetchone()
        channel = str(found[0]) if found else ""
        await connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(channel)))
        self._subscribers.wake_all()
        while True:
            async for notice in connection.notifies(timeout=BEAT_SECONDS):
                signal = from_payload(notice.payload)
                if signal is not None:
                    self._subscribers.dispatch(signal)
            async with asyncio.timeout(BEAT_SECONDS):
                await connection.execute("SELECT 1")
