"""The summaries that were made last, so that a page that is opened again costs no call."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from civic_assistant.language_model.summary import Summary

MOST = 64
"""How many are kept, each process its own."""
KEPT = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class KeptSummary:
    """A summary, up to which position of the conversation it goes, and when it was made.

    ``summary`` is None where none could be relied on.
    """

    summary: Summary | None
    position: int
    at: datetime


@dataclass(slots=True)
class KeptSummaries:
    """Summaries by episode of a conversation and language, in memory only.

    Safe to share between threads.
    """

    _kept: OrderedDict[tuple[str, str], KeptSummary] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def find(self, episode: str, language: str, *, after: int, now: datetime) -> KeptSummary | None:
        """Return the summary that goes beyond a position, or None; what is old is forgotten."""
        with self._lock:
            for key in [key for key, kept in self._kept.items() if kept.at < now - KEPT]:
                del self._kept[key]
            kept = self._kept.get((episode, language))
        return kept if kept is not None and kept.position > after else None

    def keep(self, episode: str, language: str, summary: KeptSummary) -> None:
        """Keep a summary instead of the one before."""
        with self._lock:
            self._kept[episode, language] = summary
            self._kept.move_to_end((episode, language))
            while len(self._kept) > MOST:
                self._kept.popitem(last=False)
