"""The waiting list of a member of staff, read once for all the tabs that they have open.

Every message at a desk may change its list, and everybody who has the desk open is woken by it:
read by each tab each time, the lists alone would take the whole server.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from civic_assistant.desk.waiting_list import WaitingList

LIST_SECONDS = 1.0
"""A list is read again after so long at the earliest."""


@dataclass(frozen=True, slots=True)
class _Reading:
    began: float
    task: asyncio.Task[WaitingList]


@dataclass(slots=True)
class RecentLists:
    """The last reading of each member's list, within one event loop; ``clock`` counts seconds."""

    clock: Callable[[], float] = time.monotonic
    _readings: dict[str, _Reading] = field(default_factory=dict)

    async def since_now(self, member_id: str, read: Callable[[], WaitingList]) -> WaitingList:
        """Return a list that was begun to be read after this call, perhaps for another tab."""
        called = self.clock()
        while True:
            last = self._readings.get(member_id)
            if last is not None and last.began > called:
                return await asyncio.shield(last.task)
            pause = last.began + LIST_SECONDS - self.clock() if last is not None else 0.0
            if pause > 0:
                await asyncio.sleep(pause)
                continue
            self._forget_old()
            reading = _Reading(self.clock(), asyncio.create_task(asyncio.to_thread(read)))
            self._readings[member_id] = reading
            return await asyncio.shield(reading.task)

    def _forget_old(self) -> None:
        before = self.clock() - LIST_SECONDS
        for member_id in [name for name, one in self._readings.items() if one.began < before]:
            del self._readings[member_id]
