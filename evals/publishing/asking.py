"""Everybody who asks during a run: reader processes, and a real server that is asked over HTTP."""

from __future__ import annotations

import asyncio
import json
import threading
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from civic_assistant.errors import CivicError
from evals.handoff.servers import Server, free_port
from evals.publishing.publisher import fork
from evals.publishing.readers import Seen, note_answered, read_until, reported
from evals.publishing.town import CHECKED_QUESTION, Town
from evals.publishing.versions import ALWAYS, STANDING, town_questions

_HEALTH_SECONDS = 0.2
_HEALTH_LATE_SECONDS = 30.0
_START_SECONDS = 300.0
_FEWEST = 5
"""Questions that must be answered in every version, or the run would show nothing."""


class ReadersFailed(CivicError):
    """The readers cannot begin, or one of them ended by itself."""


@dataclass(slots=True)
class Asking:
    """Who asks, what, and what they saw."""

    town: Town
    _questions: list[str] = field(default_factory=list)
    _readers: list[tuple[ForkServerProcess, Path]] = field(default_factory=list)
    _checks: list[Seen] = field(default_factory=list)
    _watching: threading.Thread | None = None
    _server: Server | None = None

    def __post_init__(self) -> None:
        guides = (*ALWAYS, STANDING)
        self._questions = [a["question"] for g in guides for a in town_questions().get(g, ())]

    def keep_answered(self) -> None:
        """Keep those questions that the live edition answers, too. Raises `ReadersFailed`."""
        report = self.town.scratch / "answered.json"
        process = fork(note_answered, self.town.environment, self._questions, report)
        process.join()
        if process.exitcode != 0:
            raise ReadersFailed(f"a reader ended with {process.exitcode} at its first questions")
        answered = set(json.loads(report.read_text(encoding="utf-8")))
        self._questions = [question for question in self._questions if question in answered]
        if len(self._questions) < _FEWEST:
            raise ReadersFailed(f"only {len(self._questions)} questions are answered at all")

    def start(self, readers: int, *, is_served: bool, seed: int) -> None:
        """Start so many readers, and a server; return when all have been answered once."""
        for number in range(readers):
            report = self.town.scratch / f"reader-{number}.jsonl"
            arguments = (self._questions, CHECKED_QUESTION, report, self._stop, seed + number)
            process = fork(read_until, self.town.environment, *arguments)
            self._readers.append((process, report))
        if is_served:
            log = self.town.scratch / "server.log"
            self._server = Server(free_port(), self.town.environment, log)
            self._server.start()
            asyncio.run(self._server.ready())
            self._watching = threading.Thread(target=self._watch, args=(self._server.port,))
            self._watching.start()
        until = time.monotonic() + _START_SECONDS
        while not all(any(reported(report)) for _, report in self._readers):
            if time.monotonic() > until or not all(p.is_alive() for p, _ in self._readers):
                raise ReadersFailed("a reader did not begin")
            time.sleep(_HEALTH_SECONDS)

    def stop(self) -> tuple[list[Seen], list[Seen]]:
        """Stop everybody; return what the readers saw, and what the server said of itself."""
        self._stop.touch()
        if self._watching is not None:
            self._watching.join()
        if self._server is not None:
            self._server.kill()
        seen: list[Seen] = []
        for process, report in self._readers:
            process.join(_START_SECONDS)
            seen += reported(report)
            if process.exitcode != 0:
                note = f"a reader ended by itself ({process.exitcode})"
                seen.append(Seen(time.monotonic(), None, None, "empty", note))
        return seen, self._checks

    @property
    def _stop(self) -> Path:
        return self.town.scratch / "stop"

    def _watch(self, port: int) -> None:
        while not self._stop.exists():
            self._checks.append(_health(port))
            time.sleep(_HEALTH_SECONDS)


def _health(port: int) -> Seen:
    """Ask a server whether it can answer."""
    address = f"http://127.0.0.1:{port}/health"
    try:
        with urllib.request.urlopen(address, timeout=_HEALTH_LATE_SECONDS) as answer:
            told = json.loads(answer.read())
    except (OSError, ValueError) as error:
        note = f"the server cannot answer: {error}"
        if isinstance(error, urllib.error.HTTPError):
            note = f"the server cannot answer: {error.read().decode(errors='replace')[:300]}"
            error.close()
        return Seen(time.monotonic(), None, None, "empty", note)
    return Seen(time.monotonic(), told["edition"], None)
