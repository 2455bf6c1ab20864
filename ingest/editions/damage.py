"""Whether the files of an index read as they should: databases, guides, exact words, the graph."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import ValidationError

from civic_assistant.catalogue import Catalogue
from civic_assistant.errors import CouldNotLook, IndexUnusable
from civic_assistant.index import TOKENS_FILE, keywords_folder
from civic_assistant.kept_vectors import VECTORS_FILE, KeptVectors
from civic_assistant.keywords import KeywordIndex
from civic_assistant.passage_words import WORDS_FILE
from civic_assistant.vectors import open_vectors

if TYPE_CHECKING:
    from civic_assistant.settings import Settings

_FILES = ("catalogue.sqlite", VECTORS_FILE, TOKENS_FILE, WORDS_FILE)
# So many passages are looked for in the graph by their own vectors.
_SAMPLE = 50
_SAME = 0.999


def damage(catalogue: Catalogue, settings: Settings, number: int) -> Iterator[str]:
    """Yield what cannot be read as it should of an edition's files, a sentence each."""
    folder = settings.index_folder
    for name in _FILES:
        if not _is_sound(folder / name):
            yield f"{name!r} is damaged"
    for entry in catalogue.entries(number):
        try:
            catalogue.guide(entry.digest)
        except ValidationError:
            yield f"guide {entry.guide_id!r} ({entry.language}) cannot be read"
    ids = {place.id for place in catalogue.places(number)}
    try:
        words = KeywordIndex.load(keywords_folder(folder, catalogue.edition(number).keywords))
    except (OSError, ValueError) as error:
        yield f"the exact words cannot be read: {error}"
    else:
        if words.ids() != ids:
            yield "the exact words are those of other passages"
    try:
        lost = _lost_in_graph(settings, sorted(ids))
    except (CouldNotLook, IndexUnusable) as error:
        yield str(error)
    else:
        if lost:
            yield f"Chroma does not find {lost} of its passages by their own vectors"


def _is_sound(path: Path) -> bool:
    try:
        with closing(sqlite3.connect(path)) as connection:
            (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone()
            return bool(verdict == "ok")
    except sqlite3.DatabaseError:
        return False


def _lost_in_graph(settings: Settings, ids: list[str]) -> int:
    """Return how many of a sample of passages the graph holds and does not find."""
    folder = settings.index_folder
    graph = open_vectors(settings, folder)
    held = set(graph.ids())
    there = [id_ for id_ in ids if id_ in held]
    sample = there[:: max(len(there) // _SAMPLE, 1)]
    if not sample:
        return 0
    vectors = KeptVectors(folder).read(sample)
    return sum(graph.nearest(vector, 1)[0][1] < _SAME for vector in vectors)
