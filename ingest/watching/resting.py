"""Guides that nobody is writing at: a folder whose files came to rest, a checkout's HEAD."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from watchfiles import watch as watch_files

from civic_assistant.errors import DocumentRefused, SourceError
from ingest.folder import FolderSource
from ingest.formats import FORMATS, UNREAD
from ingest.guide_file import GUIDE_FILE
from ingest.sources import Source, SourceDocument
from ingest.watching.checkout import Checkout

LOOK_SECONDS = 10
"""How often a folder is looked at without being told: network drives tell nothing."""
_Standing = dict[str, tuple[int, int, int]]


@dataclass(frozen=True, slots=True)
class RestingState:
    """Guides that nobody is writing at: who made them and why, as far as that is known.

    ``is_unit`` says that they are published whole or not at all, as a commit is. ``is_current``
    tells whether they still stand as they came to rest: what changed meanwhile comes again.
    """

    source: Source
    author: str
    reason: str
    is_unit: bool = False
    is_current: Callable[[], bool] = lambda: True


def resting_folder(
    folder: Path, stop: threading.Event, settle_seconds: float, author: str, name: str = "town"
) -> Generator[RestingState, None, None]:
    """Yield the folder as it stands, and again whenever its documents changed and came to rest.

    At rest means that no document changed its size or time for ``settle_seconds``, so that a file
    that is still being copied waits. Ends when ``stop`` is set.

    Raises:
        SourceError: There is no such folder.
    """
    if not folder.is_dir():
        raise SourceError(f"there is no folder {str(folder)!r} to watch: check the path")
    seen: _Standing | None = None
    for _ in _signs(folder, stop):
        found = _at_rest(folder, stop, settle_seconds)
        if stop.is_set():
            return
        if found == seen:
            continue
        seen = found
        is_current = partial(_stands, folder, found)
        source = FolderSource(folder, name)
        yield RestingState(source, author, "", is_current=is_current)


def resting_commits(
    checkout: Checkout, stop: threading.Event, settle_seconds: float, every_seconds: float
) -> Generator[RestingState, None, None]:
    """Yield what the checkout's HEAD holds, and again whenever it stays on another commit.

    HEAD is looked at every ``every_seconds``, and must stand still for ``settle_seconds``. Of
    commits that come together only the last is published, by its author and with its message.
    What Git cannot read is yielded too, once, as a source that says so when it is read.
    """
    seen: str | None = None
    complaint = ""
    while not stop.is_set():
        try:
            head = checkout.head()
            if head is not None and head != seen:
                if stop.wait(settle_seconds):
                    return
                if checkout.head() != head:
                    continue
                seen, commit = head, checkout.commit(head)
                with checkout.exported(commit) as folder:
                    source = FolderSource(folder)
                    yield RestingState(source, commit.author, commit.reason, is_unit=True)
        except SourceError as error:
            if str(error) != complaint:
                complaint = str(error)
                yield RestingState(_Unreadable(error), "", "", is_unit=True)
        stop.wait(every_seconds)


@dataclass(frozen=True, slots=True)
class _Unreadable:
    """A source that could not be read."""

    error: SourceError
    name: str = "town"

    def documents(self) -> Iterator[SourceDocument | DocumentRefused]:
        raise self.error


def _signs(folder: Path, stop: threading.Event) -> Iterator[None]:
    """Yield now, whenever something moves in a folder, and every ``LOOK_SECONDS``."""
    yield
    try:
        for _ in watch_files(
            folder,
            watch_filter=None,
            stop_event=stop,
            rust_timeout=LOOK_SECONDS * 1000,
            yield_on_timeout=True,
            raise_interrupt=False,
        ):
            yield
    except OSError:  # the machine allows no more watches, or the folder is gone
        while not stop.wait(LOOK_SECONDS):
            yield


def _at_rest(folder: Path, stop: threading.Event, settle_seconds: float) -> _Standing:
    """Return the folder's documents once they did not change for so many seconds."""
    found = _standing(folder)
    while not stop.wait(settle_seconds):
        now = _standing(folder)
        if now == found:
            break
        found = now
    return found


def _stands(folder: Path, as_found: _Standing) -> bool:
    return _standing(folder) == as_found


def _standing(folder: Path) -> _Standing:
    """Return size and times of every file that would be read or refused, by its name."""
    found: _Standing = {}
    for path in folder.glob("[!._]*/[!.~]*"):
        if path.name == GUIDE_FILE or path.suffix.lower() in FORMATS.keys() | UNREAD:
            try:
                about = path.stat()
            except OSError:  # gone meanwhile, or a link that leads nowhere
                continue
            name = path.relative_to(folder).as_posix()
            found[name] = (about.st_size, about.st_mtime_ns, about.st_ctime_ns)
    return found
