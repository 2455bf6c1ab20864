"""One publisher at a time: the lock of an index folder, and who holds it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from civic_assistant.errors import IndexBusy

_LOCK = "publish.lock"
_HOLDER = "publishing.json"


@contextmanager
def publishing(index_folder: Path, source: str, author: str, at: datetime) -> Iterator[None]:
    """Hold the index folder's lock; it falls by itself when the process dies.

    Raises:
        IndexBusy: somebody else holds it; the text says who, what for and since when.
    """
    index_folder.mkdir(parents=True, exist_ok=True)
    try:
        lock = FileLock(index_folder / _LOCK, timeout=0).acquire()
    except Timeout as error:
        message = f"another publish is running in {str(index_folder)!r}{_holder(index_folder)}:"
        raise IndexBusy(f"{message} wait for it and try again") from error
    with lock:
        holder = index_folder / _HOLDER
        about = {"source": source, "author": author, "since": at.isoformat(timespec="seconds")}
        holder.write_text(json.dumps(about, ensure_ascii=False), encoding="utf-8")
        try:
            yield
        finally:
            holder.unlink(missing_ok=True)


def publisher(index_folder: Path) -> str | None:
    """Return who publishes into the index folder now, as far as they say so, or None for nobody."""
    try:
        with FileLock(index_folder / _LOCK, timeout=0):
            return None
    except Timeout:
        return _holder(index_folder).strip(" ()") or "somebody"


def _holder(index_folder: Path) -> str:
    """Return who holds the lock, as far as they have written it down."""
    try:
        about = json.loads((index_folder / _HOLDER).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return ""
    by = f" by {about['author']!r}" if about["author"] else ""
    return f" (source {about['source']!r}{by}, since {about['since']})"
