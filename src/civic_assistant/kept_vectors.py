"""The vectors of passages, kept where no crash can hurt them: Chroma's graphs are made of these.

Chroma writes its graph over the old one, and a process that has it open never sees what another
one adds to it (chromadb 1.5); a passage's vector is therefore kept here first.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from civic_assistant.errors import CouldNotLook
from civic_assistant.passage_file import PassageFile

VECTORS_FILE = "vectors.sqlite"


class KeptVectors:
    """Unit vectors by passage id in one SQLite file, float32 as they were embedded and centred."""

    def __init__(self, index_folder: Path) -> None:
        self._file = PassageFile(index_folder / VECTORS_FILE, "passage_vector", "numbers BLOB")

    def add(self, ids: Sequence[str], vectors: NDArray[np.float32]) -> None:
        """Keep ``vectors`` (n, dimensions) under ``ids``; known ids are left alone."""
        numbers = np.ascontiguousarray(vectors, "<f4")
        self._file.add((id_, row.tobytes()) for id_, row in zip(ids, numbers, strict=True))

    def stored(self, ids: Sequence[str]) -> set[str]:
        """Return those of ``ids`` that have a vector."""
        return self._file.stored(ids)

    def ids(self) -> set[str]:
        """Return every id that has a vector."""
        return self._file.ids()

    def drop(self, ids: Iterable[str]) -> None:
        """Forget the vectors of passages."""
        self._file.drop(ids)

    def read(self, ids: Sequence[str]) -> NDArray[np.float32]:
        """Return the vectors of ``ids`` (n, dimensions), in that order; raises `CouldNotLook`."""
        found: dict[str, bytes] = dict(self._file.rows("id, numbers", ids))
        missing = set(ids) - found.keys()
        if missing:
            raise CouldNotLook(
                f"{len(missing)} passages ({sorted(missing)[0]}, …) have no vector: "
                "publish the guides again"
            )
        joined = b"".join(found[id_] for id_ in ids)
        return np.frombuffer(joined, "<f4").reshape(len(ids), -1)
