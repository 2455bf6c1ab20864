"""How often an address may ask in a minute, whichever of the server processes it asks."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime

from sqlalchemy import Engine

from civic_assistant.attempts import Attempts
from civic_assistant.errors import RecordsUnusable
from civic_assistant.limits import RateLimit

logger = logging.getLogger(__name__)


class SharedRateLimit:
    """A sliding minute for each address, over all processes at one database.

    Synchronous, for it asks the database; safe to share between threads. Who floods one process is
    turned away by that process alone. While the database cannot be used each process counts for
    itself.
    """

    def __init__(
        self,
        own: RateLimit,
        shared: Attempts,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._own = own
        self._shared = shared
        self._clock = clock

    def admits(self, address: str) -> bool:
        """Whether the address may ask now; if so, this counts as a question.

        What is turned away does not count, so that waiting always helps.
        """
        if self._own.is_spent(address):
            return False
        try:
            if not self._shared.admits(address, self._clock()):
                return False
        except RecordsUnusable:
            logger.warning("questions are counted by this process alone for now")
        return self._own.admits(address)


def open_limit(records: Engine, per_minute: int) -> RateLimit | SharedRateLimit:
    """Return the limit that fits the database.

    Several processes share PostgreSQL, and count there; SQLite serves one process, whose memory is
    enough.
    """
    own = RateLimit(per_minute)
    if records.dialect.name != "postgresql":
        return own
    return SharedRateLimit(own, Attempts(records, "question", per_minute))
