"""Keeps citizens from waiting for an endpoint that is down: it is left alone for a while."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable


class Breaker:
    """Opens after so many failures in a row; after a pause one call probes. Safe between threads.

    ``clock`` returns seconds that never go back. Every call that was admitted must be told of by
    `succeeded` or `failed`; a probe that is not counts as lost after another pause.
    """

    def __init__(
        self, failures: int, pause: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._most = failures
        self._pause = pause
        self._clock = clock
        self._failures = 0
        self._shut_until: float | None = None
        self._lock = threading.Lock()

    def admits(self) -> bool:
        """Whether the endpoint may be asked now; while it is left alone, one caller a pause may."""
        with self._lock:
            if self._shut_until is None:
                return True
            now = self._clock()
            if now < self._shut_until:
                return False
            self._shut_until = now + self._pause  # this call is the probe
            return True

    def succeeded(self) -> None:
        """Close: the endpoint works."""
        with self._lock:
            self._failures = 0
            self._shut_until = None

    def failed(self) -> None:
        """Count a failure; from so many in a row on the endpoint is left alone."""
        with self._lock:
            self._failures += 1
            if self._failures >= self._most:
                self._shut_until = self._clock() + self._pause

    @property
    def is_open(self) -> bool:
        """Whether the endpoint is being left alone."""
        with self._lock:
            return self._shut_until is not None
