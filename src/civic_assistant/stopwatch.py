"""Durations of a turn's stages."""

from __future__ import annotations

import time


class Stopwatch:
    """Laps in milliseconds, by stage; each lap begins where the one before ended.

    ``laps`` are wall-clock; ``processor_laps`` are the processor time of the whole process, which
    is a turn's own only where no other turn runs beside it, as when a question set is asked.
    """

    def __init__(self) -> None:
        self._last, self._last_processor = time.perf_counter(), time.process_time()
        self.laps: dict[str, float] = {}
        self.processor_laps: dict[str, float] = {}

    def lap(self, stage: str) -> None:
        """Close a stage under its name."""
        now, processor = time.perf_counter(), time.process_time()
        self.laps[stage] = round((now - self._last) * 1000, 1)
        self.processor_laps[stage] = round((processor - self._last_processor) * 1000, 1)
        self._last, self._last_processor = now, processor
