"""The exact words of an edition, written beside those of the others."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from civic_assistant.catalogue import Catalogue
from civic_assistant.index import keywords_folder
from civic_assistant.keywords import KeywordIndex
from civic_assistant.passage_words import PassageWords


def keep_keywords(
    index_folder: Path, catalogue: Catalogue, ids: Mapping[str, Sequence[str]]
) -> str:
    """Write the exact words of passages, given by language, and return the name of their folder.

    Nothing is written when these very passages have theirs already. The folder gets its name when
    it is whole: a run that dies leaves none that could be read.
    """
    every = [id_ for language in sorted(ids) for id_ in sorted(ids[language])]
    name = hashlib.sha256("".join(every).encode()).hexdigest()[:32]
    _write(index_folder, name, catalogue, ids)
    return name


def keep_keywords_of(index_folder: Path, catalogue: Catalogue, number: int) -> None:
    """Write the exact words of an edition again, under their name, unless they are there."""
    digests = [entry.digest for entry in catalogue.entries(number)]
    name = catalogue.edition(number).keywords
    _write(index_folder, name, catalogue, catalogue.ids_by_language(digests))


def _write(
    index_folder: Path, name: str, catalogue: Catalogue, ids: Mapping[str, Sequence[str]]
) -> None:
    folder = keywords_folder(index_folder, name)
    if folder.is_dir():
        return
    every = [id_ for own in ids.values() for id_ in own]
    words = PassageWords(index_folder)
    unknown = set(every) - words.stored(every)
    words.add(catalogue.passages_with(sorted(unknown)))
    numbers = words.read(every)
    languages = {
        language: (list(own), [numbers[id_] for id_ in own]) for language, own in ids.items()
    }
    for left in folder.parent.glob("*.staged"):
        shutil.rmtree(left)
    staged = folder.with_name(f"{name}.staged")
    staged.mkdir(parents=True)
    KeywordIndex.of_words(languages, words.words()).save(staged)
    staged.rename(folder)
