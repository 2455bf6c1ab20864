"""An older index, whose vectors lay in Chroma alone: they are taken out of it once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from filelock import FileLock

from civic_assistant.catalogue import Catalogue
from civic_assistant.kept_vectors import KeptVectors
from civic_assistant.vectors import BATCH, newest_folder, open_vectors

if TYPE_CHECKING:
    from civic_assistant.settings import Settings

_NOTE = "vectors"
_KEPT = "kept"


def take_vectors_out(settings: Settings, catalogue: Catalogue) -> None:
    """Keep the vectors of an older index beside its Chroma; nothing is done where they are.

    A run that dies is gone on with by the next one. Raises `IndexUnusable` when Chroma cannot be
    opened.
    """
    if catalogue.note(_NOTE) == _KEPT:
        return
    folder = settings.index_folder
    with FileLock(folder / "upgrade.lock"):
        if catalogue.note(_NOTE) == _KEPT:
            return
        if settings.chroma_host is not None or newest_folder(folder).is_dir():
            kept, vectors = KeptVectors(folder), open_vectors(settings, folder)
            ids = vectors.ids()
            for start in range(0, len(ids), BATCH):
                part = ids[start : start + BATCH]
                kept.add(part, vectors.vectors_of(part))
        catalogue.set_notes({_NOTE: _KEPT})
