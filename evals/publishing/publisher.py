"""The program's publishing commands in processes that can be killed at any moment.

A command takes seconds to load before it publishes anything, so that its process is a fork of one
that has loaded the program and done nothing else.
"""

from __future__ import annotations

import contextlib
import importlib
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

from tqdm import tqdm

STAGES = ("reading", "documents", "embedding", "graph", "words", "switch", "restoring", "after")
"""What a publish or a step back is at, in order; ``after``: the live pointer has moved."""
ENDED = "ended"
"""What stands after the last stage of a command that ended by itself."""
KILLED = -signal.SIGKILL
"""Exit status of a command that was killed."""
APART = 10
"""Passages beside the graph from which on it is made anew: with the program's own 2,000, a corpus
of a dozen guides would never come to that."""
_BEGINS: tuple[tuple[str, str, str], ...] = (
    ("ingest.publish", "plan_edition", "reading"),
    ("ingest.editions.kept_documents:KeptDocuments", "store", "documents"),
    ("ingest.editions.staging", "store_passages", "embedding"),
    ("ingest.editions.staging", "new_vectors", "graph"),
    ("ingest.editions.staging", "keep_keywords", "words"),
    ("ingest.command_line", "go_live", "switch"),
    ("ingest.publish", "go_live", "switch"),
    ("ingest.editions.commands", "roll_back", "switch"),
    ("ingest.editions.commands", "restore", "restoring"),
)
"""At the call of which function a stage begins."""
_LOADED = (
    "ingest.command_line", "evals.command_line", "civic_assistant.assembly",
    "civic_assistant.embedding_light", "civic_assistant.corrections.command",
    "civic_assistant.desk.staff_command", "evals.publishing.readers",
)  # fmt: skip
_PAUSE = 0.002
_STUCK_SECONDS = 300.0

_context = multiprocessing.get_context("forkserver")


def fork(target: Callable[..., None], *arguments: object) -> ForkServerProcess:
    """Start a function in a process that has the program loaded; it is not waited for."""
    _context.set_forkserver_preload(list(_LOADED))
    process = _context.Process(target=target, args=arguments)
    process.start()
    return process


@dataclass(slots=True)
class Command:
    """One run of the program, ``folder`` takes what it writes and which stage began when."""

    process: ForkServerProcess
    folder: Path

    @property
    def is_running(self) -> bool:
        """Whether it has not ended yet."""
        return self.process.is_alive()

    @property
    def stages(self) -> list[tuple[str, float]]:
        """The stages that began so far, with the monotonic second of each."""
        path = self.folder / "stages"
        lines = path.read_text(encoding="ascii").splitlines() if path.exists() else []
        parts = (line.split() for line in lines)
        return [(name, float(at)) for name, at in parts]

    @property
    def said(self) -> str:
        """The end of what it wrote."""
        path = self.folder / "said"
        said = path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""
        return said.strip()[-1000:]

    def wait_for_stage(self, wanted: str | None = None) -> bool:
        """Wait until a stage begins, the first one unless named; False when it ended before."""
        while not self._has_begun(wanted):
            if not self.process.is_alive():
                return self._has_begun(wanted)
            time.sleep(_PAUSE)
        return True

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Stop it where it is, and let it go on afterwards."""
        pid = self.process.pid
        assert pid is not None
        os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(pid, signal.SIGCONT)

    def ended(self, seconds: float | None = None) -> int | None:
        """Return its exit status once it ends, or None after so many seconds.

        Raises:
            TimeoutError: ``seconds`` is None, and it does not end in minutes.
        """
        self.process.join(_STUCK_SECONDS if seconds is None else seconds)
        status = self.process.exitcode
        if status is None and seconds is None:
            self.kill(with_children=True)
            raise TimeoutError(f"a command does not end; it is at {self.stages[-1:]}: {self.said}")
        return status

    def kill(self, *, with_children: bool) -> None:
        """Kill it (-9), alone or with the processes that it started, and wait until it is gone."""
        pid = self.process.pid
        if pid is None:
            return
        with contextlib.suppress(ProcessLookupError):
            if with_children:
                os.killpg(pid, signal.SIGKILL)
            else:
                os.kill(pid, signal.SIGKILL)
        self.process.join()

    def _has_begun(self, wanted: str | None) -> bool:
        begun = {name for name, _ in self.stages}
        return wanted in begun if wanted is not None else bool(begun)

    def has_left_processes(self) -> bool:
        """Whether a process that it started is still there."""
        try:
            os.killpg(self.process.pid or 0, 0)
        except ProcessLookupError:
            return False
        return True


def start_command(
    arguments: Sequence[str], environment: Mapping[str, str], folder: Path
) -> Command:
    """Start ``civic-assistant`` with these arguments in a process group of its own."""
    folder.mkdir(parents=True)
    return Command(fork(_run, list(arguments), dict(environment), folder), folder)


def _run(arguments: list[str], environment: dict[str, str], folder: Path) -> None:
    os.setsid()
    said = os.open(folder / "said", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for stream in (1, 2):
        os.dup2(said, stream)
    os.environ.update(environment)
    sys.argv = ["civic-assistant", *arguments]
    from civic_assistant import edition_vectors

    edition_vectors.MOST_APART = APART
    # Its own lock would be a semaphore that a killed process leaves behind.
    tqdm.set_lock(threading.RLock())
    stages = os.open(folder / "stages", os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def note(stage: str) -> None:
        os.write(stages, f"{stage} {time.monotonic():.6f}\n".encode("ascii"))

    _note_stages(note)
    from civic_assistant.command_line import main

    try:
        main()
    finally:
        note(ENDED)


def _note_stages(note: Callable[[str], None]) -> None:
    """Have each stage written down as it begins; what a killed process wrote stays."""

    def noting(called: Callable[..., Any], stage: str, *, is_after: bool) -> Callable[..., Any]:
        def noted(*args: Any, **named: Any) -> Any:
            if not is_after:
                note(stage)
            returned = called(*args, **named)
            if is_after:
                note(stage)
            return returned

        return noted

    catalogue = ("civic_assistant.catalogue:Catalogue", "switch", "after")
    for owner, name, stage in (*_BEGINS, catalogue):
        module, _, kind = owner.partition(":")
        found: Any = importlib.import_module(module)
        found = getattr(found, kind) if kind else found
        setattr(found, name, noting(getattr(found, name), stage, is_after=stage == "after"))
