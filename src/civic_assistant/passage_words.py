"""The stems of passages, kept from publishing on: a change of one guide stems no other again."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from civic_assistant.guides import Passage
from civic_assistant.keywords import STEMMING, stems
from civic_assistant.passage_file import PassageFile

WORDS_FILE = "words.sqlite"
_BATCH = 1000


class PassageWords:
    """The stems of each passage, as numbers of one vocabulary, in one SQLite file.

    Written by one process at a time. Stems that another version of the rules made are forgotten.
    """

    def __init__(self, index_folder: Path) -> None:
        self._file = PassageFile(index_folder / WORDS_FILE, "passage_words", "numbers BLOB")
        with self._file.connection() as connection, connection:
            connection.execute(
                "CREATE TABLE IF NOT EXISTS word (number INTEGER PRIMARY KEY, word TEXT UNIQUE)"
            )
            connection.execute("CREATE TABLE IF NOT EXISTS stemming (rules TEXT PRIMARY KEY)")
            if connection.execute("SELECT rules FROM stemming").fetchall() != [(STEMMING,)]:
                for table in ("passage_words", "word", "stemming"):
                    connection.execute(f"DELETE FROM {table}")
                connection.execute("INSERT INTO stemming VALUES (?)", (STEMMING,))

    def add(self, passages: Iterable[Passage]) -> None:
        """Keep the stems of passages' texts and contexts; known ids are left alone."""
        batch: list[tuple[str, list[str]]] = []
        for passage in passages:
            batch.append((passage.id, stems(passage.embedded_text, passage.language)))
            if len(batch) == _BATCH:
                self._keep(batch)
                batch = []
        self._keep(batch)

    def stored(self, ids: Sequence[str]) -> set[str]:
        """Return those of ``ids`` whose stems are kept."""
        return self._file.stored(ids)

    def ids(self) -> set[str]:
        """Return every id whose stems are kept."""
        return self._file.ids()

    def drop(self, ids: Iterable[str]) -> None:
        """Forget the stems of passages; the vocabulary stays."""
        self._file.drop(ids)

    def read(self, ids: Sequence[str]) -> dict[str, NDArray[np.int32]]:
        """Return the numbers of each passage's stems, as often as they occur, by id."""
        rows = self._file.rows("id, numbers", ids)
        return {id_: np.frombuffer(numbers, "<i4") for id_, numbers in rows}

    def words(self) -> dict[int, str]:
        """Return the vocabulary: stems by number."""
        with self._file.connection() as connection:
            return dict(connection.execute("SELECT number, word FROM word"))

    def _keep(self, batch: Sequence[tuple[str, list[str]]]) -> None:
        with self._file.connection() as connection, connection:
            numbers = _numbered(connection, {word for _, words in batch for word in words})
        self._file.add(
            (id_, np.array([numbers[word] for word in words], "<i4").tobytes())
            for id_, words in batch
        )


def _numbered(connection: sqlite3.Connection, words: set[str]) -> dict[str, int]:
    """Return each word's number; new words get one."""
    ordered = sorted(words)
    connection.executemany(
        "INSERT OR IGNORE INTO word (word) VALUES (?)", ((word,) for word in ordered)
    )
    numbers: dict[str, int] = {}
    for start in range(0, len(ordered), _BATCH):
        part = ordered[start : start + _BATCH]
        query = f"SELECT word, number FROM word WHERE word IN ({','.join('?' * len(part))})"
        numbers.update(connection.execute(query, part))
    return numbers
