"""The process that reads documents: it bounds itself, then answers one request after the other.

Run by `ingest.reading_process` as ``python -m ingest.reading_worker <socket> <bounds>``.
"""

from __future__ import annotations

import faulthandler
import math
import os
import resource
import sys
import time
import traceback
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path

from civic_assistant.errors import DocumentRefused
from ingest.documents import ParsedDocument
from ingest.readers.docx import read_docx
from ingest.readers.html import read_html
from ingest.readers.markdown import read_markdown
from ingest.readers.pdf import read_pdf
from ingest.reading_process import (
    ANSWER,
    BOUNDS,
    LOG_BYTES,
    OUT_OF_MEMORY,
    REQUEST,
    ReadingAnswer,
    ReadingBounds,
    ReadingRefusal,
    ReadingRequest,
)

_READERS: dict[str, Callable[[bytes, str, str], ParsedDocument]] = {
    ".md": read_markdown,
    ".html": read_html,
    ".pdf": read_pdf,
    ".docx": read_docx,
}
_OPEN_FILES = 64
_TRACE = 4000
_REACHING = ("socket.", "subprocess.", "os.exec", "os.fork", "os.posix_spawn", "os.system", "pty.")
_CHANGING = ("os.remove", "os.rename", "os.rmdir", "os.mkdir", "os.truncate", "os.chmod", "shutil.")


def main() -> None:
    """Answer until there is nobody to ask, nothing was asked for long, or memory has grown."""
    connection = Connection(int(sys.argv[1]))
    bounds = BOUNDS.validate_json(sys.argv[2])
    faulthandler.enable()
    _confine(bounds)
    connection.send_bytes(b"!")
    try:
        while connection.poll(bounds.idle_seconds):
            request = REQUEST.validate_json(connection.recv_bytes())
            content = connection.recv_bytes()
            _allow(bounds.seconds)
            connection.send_bytes(ANSWER.dump_json(_answer(request, content)))
            del content
            if _resident_bytes() > bounds.grown_bytes:
                return
    except MemoryError:
        os._exit(OUT_OF_MEMORY)  # an orderly end would need memory
    except (EOFError, OSError):
        return  # the program that asked has ended


def _answer(request: ReadingRequest, content: bytes) -> ReadingAnswer:
    """Read one document; any error of a reader becomes a refusal, so that the rest goes on."""
    read = _READERS[Path(request.document).suffix.lower()]
    try:
        return ReadingAnswer(parsed=read(content, request.document, request.language))
    except DocumentRefused as refusal:
        return ReadingAnswer(refusal=ReadingRefusal(refusal.reason, refusal.remedy))
    except MemoryError:
        raise
    except Exception as error:
        reason = f"it could not be read ({type(error).__name__}); it may be damaged."
        trace = traceback.format_exc()[-_TRACE:]
        remedy = "Save it again from its program."
        return ReadingAnswer(refusal=ReadingRefusal(reason, remedy, trace))


def _confine(bounds: ReadingBounds) -> None:
    """Give up, for the rest of this process, what reading a document does not need.

    The kernel holds memory and what is written; Python's own calls to reach the network, other
    programs or to change files are refused besides.
    """
    _limit(resource.RLIMIT_AS, bounds.memory)
    _limit(resource.RLIMIT_FSIZE, LOG_BYTES)
    _limit(resource.RLIMIT_NOFILE, _OPEN_FILES)
    _limit(resource.RLIMIT_CORE, 0)
    sys.addaudithook(_refuse_to_reach)


def _limit(kind: int, value: int) -> None:
    hard = resource.getrlimit(kind)[1]
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(kind, (value, value))


def _allow(seconds: float) -> None:
    """Let the kernel end this process once it has used so much more processor time."""
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    until = math.ceil(time.process_time() + seconds)
    until = until if hard == resource.RLIM_INFINITY else min(until, hard)
    resource.setrlimit(resource.RLIMIT_CPU, (until, hard))


def _refuse_to_reach(event: str, arguments: tuple[object, ...]) -> None:
    writes = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
    if event == "open":
        flags = arguments[2]
        is_refused = isinstance(flags, int) and bool(flags & writes)
    else:
        is_refused = event.startswith((*_REACHING, *_CHANGING))
    if is_refused:
        raise PermissionError(f"a document's reader wanted {event!r}")


def _resident_bytes() -> int:
    pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
    return int(pages) * resource.getpagesize()


if __name__ == "__main__":
    main()
