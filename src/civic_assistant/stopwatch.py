"""Durations of a turn's stages."""

from __future__ import annotations

import time


class Stopwatch:
    """Laps in milliseconds, by stage; each lap begins where the one before ended."""

    def __init__(self) -> None:
        self._last = time.perf_counter()
        self.laps: dict[str, float] = {}

    def lap(self, stage: str) -> None:
        """Close a stage under its name."""
        now = time.perf_counter()
        self.laps[stage] = round((now - self._last) * 1000, 1)
        self._last = now
