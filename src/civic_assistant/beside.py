"""Loading a new edition beside the one that answers meanwhile."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from civic_assistant.index import LiveEdition

log = logging.getLogger(__name__)

RETRY_SECONDS = 10.0
"""After an edition could not be loaded, the one before answers so long before it is tried again."""


class BesideLoading:
    """Holds an edition, and replaces it by another once that one is whole in memory."""

    def __init__(self, load: Callable[[int], LiveEdition]) -> None:
        self._load = load
        self._lock = threading.Lock()
        self._loading: tuple[int, Future[LiveEdition]] | None = None
        self._failed: tuple[int, float] | None = None
        self.held: LiveEdition | None = None

    def get(self, number: int, patience: float | None) -> LiveEdition:
        """Return the edition of this number, or after ``patience`` seconds the one that is held.

        None waits as long as it takes, and raises what loading raises.
        """
        with self._lock:
            held = self.held
            if held is not None and (held.number == number or self._is_hopeless(number, patience)):
                return held
            future = self._begun(number)
        try:
            return future.result(patience)
        except Exception as error:
            if patience is None or held is None:
                raise
            if not isinstance(error, TimeoutError):
                log.error(
                    "edition %d cannot be loaded, %d answers on: %s", number, held.number, error
                )
            return held

    def _is_hopeless(self, number: int, patience: float | None) -> bool:
        if patience is None or self._failed is None or self._failed[0] != number:
            return False
        return time.monotonic() - self._failed[1] < RETRY_SECONDS

    def _begun(self, number: int) -> Future[LiveEdition]:
        """Return the loading of an edition, begun now if it is not under way."""
        if self._loading is not None and self._loading[0] == number:
            return self._loading[1]
        future: Future[LiveEdition] = Future()
        self._loading = (number, future)
        name = f"edition {number}"
        threading.Thread(target=self._run, args=(number, future), name=name, daemon=True).start()
        return future

    def _run(self, number: int, future: Future[LiveEdition]) -> None:
        try:
            loaded = self._load(number)
        except BaseException as error:  # whoever asked for it is told
            with self._lock:
                self._failed = (number, time.monotonic())
                self._end(future)
            future.set_exception(error)
            return
        with self._lock:
            if self._end(future):
                self.held = loaded
        future.set_result(loaded)

    def _end(self, future: Future[LiveEdition]) -> bool:
        """Note that a loading is over, and return whether no other was begun since."""
        is_last = self._loading is not None and self._loading[1] is future
        if is_last:
            self._loading = None
        return is_last
