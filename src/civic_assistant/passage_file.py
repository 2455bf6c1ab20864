"""A SQLite file of what is kept by passage id, for all editions side by side."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from civic_assistant.errors import IndexUnusable

_IDS = 500
_BUSY_SECONDS = 30


class PassageFile:
    """One table of rows by passage id; what is added is there whole or not at all.

    Safe to read from several threads and processes while one process writes. ``columns`` declares
    what stands beside the id, as SQL.
    """

    def __init__(self, path: Path, table: str, columns: str) -> None:
        self._path = path
        self._table = table
        self._of_thread = threading.local()
        with self.connection() as connection, connection:
            connection.execute(
                f"CREATE TABLE IF NOT EXISTS {table} (id TEXT PRIMARY KEY, {columns}) WITHOUT ROWID"
            )

    def add(self, rows: Iterable[Sequence[object]]) -> None:
        """Add rows, the id first, in one transaction; known ids are left alone."""
        with self.connection() as connection, connection:
            marks = None
            for row in rows:
                marks = marks or ",".join("?" * len(row))
                connection.execute(f"INSERT OR IGNORE INTO {self._table} VALUES ({marks})", row)

    def drop(self, ids: Iterable[str]) -> None:
        """Take rows out, in one transaction; unknown ids are no error."""
        with self.connection() as connection, connection:
            connection.executemany(f"DELETE FROM {self._table} WHERE id = ?", ((i,) for i in ids))

    def ids(self) -> set[str]:
        """Return the id of every row."""
        with self.connection() as connection:
            return {row[0] for row in connection.execute(f"SELECT id FROM {self._table}")}

    def stored(self, ids: Sequence[str]) -> set[str]:
        """Return those of ``ids`` that have a row."""
        return {row[0] for row in self.rows("id", ids)}

    def rows(self, columns: str, ids: Sequence[str]) -> Iterator[tuple[Any, ...]]:
        """Yield these columns of the rows of ``ids``, in no order; unknown ids have none."""
        with self.connection() as connection:
            for start in range(0, len(ids), _IDS):
                part = list(ids[start : start + _IDS])
                marks = ",".join("?" * len(part))
                query = f"SELECT {columns} FROM {self._table} WHERE id IN ({marks})"
                yield from connection.execute(query, part)

    @contextmanager
    def connection(self) -> Iterator[sqlite3.Connection]:
        """Yield the calling thread's connection; one that broke is not kept.

        Raises:
            IndexUnusable: the file cannot be read or written.
        """
        try:
            connection = self._opened()
            yield connection
        except sqlite3.Error as error:
            broken, self._of_thread.connection = self._held(), None
            if broken is not None:
                broken.close()
            raise IndexUnusable(
                f"{str(self._path)!r} cannot be used ({error}): if it is damaged, move it away and "
                "publish again, which makes it anew"
            ) from error

    def _held(self) -> sqlite3.Connection | None:
        return getattr(self._of_thread, "connection", None)

    def _opened(self) -> sqlite3.Connection:
        connection = self._held()
        if connection is None:
            connection = sqlite3.connect(self._path, timeout=_BUSY_SECONDS)
            self._of_thread.connection = connection
            connection.execute("PRAGMA journal_mode=WAL")
        return connection
