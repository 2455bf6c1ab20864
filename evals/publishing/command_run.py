"""A command of the program in a process of its own, and what it took."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from civic_assistant.errors import CivicError
from ingest.publish_told import REFUSED

if TYPE_CHECKING:
    from civic_assistant.settings import Settings

_TOLD = 2000
_REFUSED = re.compile(r"(\d+) refused \((\d+) kept as published\)")


class StepFailed(CivicError):
    """A step of a run did not come to what must come of it; the text says which and why."""


@dataclass(frozen=True, slots=True)
class CommandRun:
    """What a command took.

    ``began_at`` is the monotonic second of its start. ``seconds`` are wall-clock from there to its
    end, of which ``start_seconds`` passed before it touched the index: Python, imports, the model.
    ``processor_s`` and ``peak_mib`` are the process's own; processor time also that of processes it
    waited for. ``refused`` and ``kept`` are documents, as the command tells them.
    """

    began_at: float
    seconds: float
    start_seconds: float
    processor_s: float
    peak_mib: float
    refused: int
    kept: int


class BegunCommand:
    """A command that runs; `ended` waits for it."""

    def __init__(self, arguments: Sequence[str], settings: Settings, folder: Path) -> None:
        """Start ``civic-assistant`` with arguments and settings; ``folder`` keeps its output."""
        self._name = " ".join(arguments)
        self._figures = folder / "measured.json"
        self._output = folder / "output.txt"
        self._figures.unlink(missing_ok=True)
        index = str(settings.index_folder.absolute())
        module = [sys.executable, "-m", "evals.publishing.measured_command"]
        with self._output.open("wb") as output:
            self.began_at = time.monotonic()
            process = subprocess.Popen(
                [*module, str(self._figures), index, *arguments],
                env=_environment(settings),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        waiting = ThreadPoolExecutor(1)
        self._left: Future[tuple[int, float, float]] = waiting.submit(_left, process)
        waiting.shutdown(wait=False)

    @property
    def has_failed(self) -> bool:
        """Whether it has left with a status that `ended` takes for a failure."""
        return self._left.done() and self._left.result()[0] not in (0, REFUSED)

    def ended(self) -> CommandRun:
        """Wait until it leaves, and return what it took.

        Raises:
            StepFailed: it left with another status than done, or done but for what was refused.
        """
        status, at, processor = self._left.result()
        output = self._output.read_text(encoding="utf-8", errors="replace")
        if status not in (0, REFUSED):
            told = output.strip()[-_TOLD:]
            raise StepFailed(f"`civic-assistant {self._name}` left with status {status}: {told}")
        measured = json.loads(self._figures.read_text(encoding="utf-8"))
        touched = at if measured["touched"] is None else float(measured["touched"])
        refused = _REFUSED.search(output)
        return CommandRun(
            began_at=self.began_at,
            seconds=at - self.began_at,
            start_seconds=touched - self.began_at,
            processor_s=processor,
            peak_mib=float(measured["peak_mib"]),
            refused=int(refused[1]) if refused else 0,
            kept=int(refused[2]) if refused else 0,
        )


def _environment(settings: Settings) -> dict[str, str]:
    """Return this environment with the settings in which a run differs from the town's."""
    own = {
        "CIVIC_DATA_FOLDER": str(settings.data_folder.absolute()),
        "CIVIC_CORPUS_FOLDER": str(settings.corpus_folder.absolute()),
        "CIVIC_INDEX_FOLDER": str(settings.index_folder.absolute()),
        "CIVIC_DATABASE_URL": settings.database_url.get_secret_value(),
        "CIVIC_EMBEDDING": settings.embedding,
        "CIVIC_NATIONAL_AUDIENCES": json.dumps(settings.national_audiences),
    }
    return {**os.environ, **own}


def _left(process: subprocess.Popen[bytes]) -> tuple[int, float, float]:
    """Wait for a process; return its status, the monotonic second, and its processor seconds."""
    _, status, usage = os.wait4(process.pid, 0)
    at = time.monotonic()
    process.returncode = os.waitstatus_to_exitcode(status)
    return process.returncode, at, usage.ru_utime + usage.ru_stime
