"""Documents are read in a process of their own: what breaks or floods a reader is one refusal.

The process is a fresh interpreter, not a fork: it shares no memory, no connection and no secret of
its parent's environment. It is asked through a pair of sockets, and answers with plain JSON that
is checked against types; nothing that it says is unpickled.
"""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import tempfile
import weakref
from dataclasses import dataclass
from functools import cache
from multiprocessing.connection import Connection, Pipe
from threading import Lock, Timer
from typing import IO

from pydantic import TypeAdapter, ValidationError

from civic_assistant.errors import ContentRefused, DocumentRefused, SourceError
from ingest.bounds import (
    DOCUMENT_MEMORY,
    DOCUMENT_SECONDS,
    DOCUMENT_WAIT_SECONDS,
    MEGABYTE,
)
from ingest.documents import ParsedDocument

OUT_OF_MEMORY = 71
"""Exit status of a worker that needed more memory than it may have."""
ANSWER_BYTES = 32 * MEGABYTE
"""Most bytes of an answer; a guide of the most characters and blocks needs about 12 MB."""
LOG_BYTES = MEGABYTE
"""Most bytes that a worker may write, which it does to its log only."""
_START_SECONDS = 240.0
_END_SECONDS = 30.0
_LOGGED = 4000
_PASSED_ON = ("PATH", "LANG", "LC_ALL", "PYTHONPATH", "VIRTUAL_ENV")
"""What a worker is told of its parent's environment: where Python is; no setting, no password."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ReadingBounds:
    """What one document may cost: processor seconds, wall-clock seconds, bytes of memory.

    A worker that was asked nothing for ``idle_seconds``, or whose resident memory has grown beyond
    ``grown_bytes`` (it begins with about 70 MB), ends, and the next document gets a fresh one.
    """

    seconds: float = DOCUMENT_SECONDS
    wait_seconds: float = DOCUMENT_WAIT_SECONDS
    memory: int = DOCUMENT_MEMORY
    idle_seconds: float = 300.0
    grown_bytes: int = 256 * MEGABYTE


@dataclass(frozen=True, slots=True)
class ReadingRequest:
    """What is asked of a worker; the document's bytes follow."""

    document: str
    language: str


@dataclass(frozen=True, slots=True)
class ReadingRefusal:
    """Why a document is refused; ``trace`` is for the log, where a reader failed."""

    reason: str
    remedy: str
    trace: str = ""


@dataclass(frozen=True, slots=True)
class ReadingAnswer:
    """What a worker says: the document as it was read, or why not."""

    parsed: ParsedDocument | None = None
    refusal: ReadingRefusal | None = None


BOUNDS = TypeAdapter(ReadingBounds)
REQUEST = TypeAdapter(ReadingRequest)
ANSWER = TypeAdapter(ReadingAnswer)


class _Ended(Exception):
    """The worker is no more: ``status`` as `subprocess.Popen.returncode` has it."""

    def __init__(self, status: int, *, is_late: bool, log: str) -> None:
        super().__init__(status)
        self.status = status
        self.is_late = is_late
        self.log = log


class _Worker:
    """One process that reads documents, until it ends or is ended."""

    def __init__(self, bounds: ReadingBounds) -> None:
        self._seconds = bounds.wait_seconds
        self._connection, far = Pipe()
        self._is_late = False
        self._said = tempfile.TemporaryFile()  # noqa: SIM115 - closed when the worker ends
        told = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
        with far:
            self._process = subprocess.Popen(
                [
                    *(sys.executable, "-P", "-m", "ingest.reading_worker"),
                    *(str(far.fileno()), BOUNDS.dump_json(bounds).decode()),
                ],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self._said,
                pass_fds=[far.fileno()],
                env=told | {"PYTHONDONTWRITEBYTECODE": "1"},
            )
        parts = (self._process, self._connection, self._said)
        self.end = weakref.finalize(self, _end, *parts)

    def wait_until_ready(self) -> None:
        """Return once it has loaded its readers.

        Raises:
            SourceError: It does not start.
        """
        try:
            if self._connection.poll(_START_SECONDS):
                self._connection.recv_bytes(1)
                return
        except (EOFError, OSError):
            pass
        said = self._log_end()
        self.end()
        raise SourceError(f"the process that reads documents does not start: {said or 'too slow'}")

    def ask(self, request: bytes, content: bytes) -> bytes:
        """Return its answer to a request; it is killed when that takes too long.

        Raises:
            _Ended: It ended without an answer.
        """
        late = Timer(self._seconds, self._end_late)
        late.start()
        try:
            self._connection.send_bytes(request)
            self._connection.send_bytes(content)
            return self._connection.recv_bytes(ANSWER_BYTES)
        except (EOFError, OSError) as error:
            status = self._ended_status()
            raise _Ended(status, is_late=self._is_late, log=self._log_end()) from error
        finally:
            late.cancel()
            late.join()

    def has_ended(self) -> bool:
        """Whether it is of no use any more."""
        return self._is_late or self._process.poll() is not None

    def _ended_status(self) -> int:
        """Return how it ended; it closes its connection a moment before it is gone."""
        try:
            return self._process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            return self._process.wait()

    def _end_late(self) -> None:
        self._is_late = True
        self._process.kill()

    def _log_end(self) -> str:
        self._said.seek(0, os.SEEK_END)
        self._said.seek(max(0, self._said.tell() - _LOGGED))
        return self._said.read().decode("utf-8", "replace").strip()


def _end(process: subprocess.Popen[bytes], connection: Connection, said: IO[bytes]) -> None:
    connection.close()
    process.kill()
    process.wait()
    said.close()


class ReadingProcess:
    """Reads documents one after the other in a worker, which is replaced when it has ended."""

    def __init__(self, bounds: ReadingBounds | None = None) -> None:
        self._bounds = bounds or ReadingBounds()
        self._lock = Lock()
        self._worker: _Worker | None = None

    def read(self, content: bytes, document: str, language: str) -> ParsedDocument:
        """Return what a document says; ``document`` is its name, whose ending tells the format.

        Raises:
            ContentRefused: Its reader refuses it, or needs more processor time or memory than the
                bounds allow.
            DocumentRefused: Its reader fails or dies, or does not answer in time.
            SourceError: No worker can be started, so that no document can be read.
        """
        request = REQUEST.dump_json(ReadingRequest(document, language))
        with self._lock:
            try:
                said = self._asked(request, content)
                answer = ANSWER.validate_json(said)
            except _Ended as ended:
                raise self._refusal(document, ended) from ended
            except ValidationError as error:
                self._drop()
                raise _unreadable(document, "its reader said what nobody understands") from error
        if answer.parsed is not None:
            return answer.parsed
        if answer.refusal is None:
            raise _unreadable(document, "its reader said nothing")
        if answer.refusal.trace:
            _log.error("reader failed on %r\n%s", document, answer.refusal.trace)
            raise DocumentRefused(document, answer.refusal.reason, answer.refusal.remedy)
        raise ContentRefused(document, answer.refusal.reason, answer.refusal.remedy)

    def close(self) -> None:
        """End the worker; the next document gets another."""
        with self._lock:
            self._drop()

    def _asked(self, request: bytes, content: bytes) -> bytes:
        """Ask the worker, or its successor when it had ended by itself (status 0)."""
        while True:
            if self._worker is not None and self._worker.has_ended():
                self._drop()
            is_fresh = self._worker is None
            if self._worker is None:
                self._worker = _Worker(self._bounds)
                self._worker.wait_until_ready()
            try:
                return self._worker.ask(request, content)
            except _Ended as ended:
                self._drop()
                if ended.status != 0 or is_fresh:
                    raise

    def _drop(self) -> None:
        if self._worker is not None:
            self._worker.end()
            self._worker = None

    def _refusal(self, document: str, ended: _Ended) -> DocumentRefused:
        _log.warning("the reader of %r ended (%d)\n%s", document, ended.status, ended.log)
        bounds, remedy = self._bounds, "Split it or simplify its layout."
        if ended.is_late:
            reason = f"reading it took more than {bounds.wait_seconds:.0f} seconds."
            return DocumentRefused(document, reason, remedy)
        if ended.status == -signal.SIGXCPU:
            reason = f"reading it took more than {bounds.seconds:.0f} seconds."
        elif ended.status == OUT_OF_MEMORY:
            reason = f"reading it needs more than {bounds.memory // MEGABYTE} MB of memory."
        else:
            return _unreadable(document, f"its reader broke down ({_told(ended.status)})")
        return ContentRefused(document, reason, remedy)


@cache
def shared_reading_process() -> ReadingProcess:
    """Return the program's worker: started with its first document, ended with the program.

    There is one for all sources, since starting it costs as much as reading some fifty documents.
    """
    return ReadingProcess()


def _unreadable(document: str, what: str) -> DocumentRefused:
    reason = f"{what}; it may be damaged."
    return DocumentRefused(document, reason, "Save it again from its program.")


def _told(status: int) -> str:
    return signal.Signals(-status).name if status < 0 else f"status {status}"
