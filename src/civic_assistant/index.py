"""The index as a reader sees it: one whole live edition, and what is near a question in it."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from civic_assistant.catalogue import Catalogue, GuideEntry, PassagePlace, open_catalogue
from civic_assistant.centring import Centring
from civic_assistant.errors import IndexMismatch, IndexUnusable
from civic_assistant.guides import Passage
from civic_assistant.keywords import KeywordIndex, stems
from civic_assistant.passage_tokens import PassageTokens, TokenBasis
from civic_assistant.vectors import PassageVectors, open_vectors

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from civic_assistant.embedding import Embedding
    from civic_assistant.settings import Settings

MODEL_NOTE = "embedding"
RULES_NOTE = "passage_rules"
CENTRING_NOTE = "centring"
TOKEN_BASIS_NOTE = "token_basis"
TOKENS_FILE = "tokens.sqlite"


@dataclass(frozen=True, slots=True)
class LiveEdition:
    """One edition in memory: which passages are in it, and its exact words.

    ``places`` maps a passage's id to the digest of its guide's version; ``guides`` maps that
    digest to the guide's entry; ``versions`` maps a guide's id to its entries by language.
    """

    number: int
    places: Mapping[str, str]
    guides: Mapping[str, GuideEntry]
    versions: Mapping[str, Mapping[str, GuideEntry]]
    keywords: KeywordIndex

    def entry(self, passage_id: str) -> GuideEntry:
        """Return the guide of a passage of this edition."""
        return self.guides[self.places[passage_id]]

    def may_answer(self, passage_id: str, today: date) -> bool:
        """Whether the passage is in this edition and its guide in force."""
        digest = self.places.get(passage_id)
        return digest is not None and is_in_force(self.guides[digest], today)

    def without(self, guide_ids: Iterable[str]) -> LiveEdition:
        """Return the edition as if it did not hold the passages of some guides."""
        left_out = {
            entry.digest for id_ in guide_ids for entry in self.versions.get(id_, {}).values()
        }
        places = {id_: digest for id_, digest in self.places.items() if digest not in left_out}
        return replace(self, places=places)


def is_in_force(entry: GuideEntry, today: date) -> bool:
    """Whether the guide has begun and not expired."""
    begun = entry.valid_from is None or entry.valid_from <= today
    return begun and (entry.valid_until is None or today <= entry.valid_until)


@dataclass(frozen=True, slots=True)
class Subject:
    """What a guide is about: stems of title, description and headings, and of each section."""

    heads: frozenset[str]
    sections: tuple[frozenset[str], ...]

    def is_about(self, term: frozenset[str]) -> bool:
        """Whether a term stands in the headings or in two sections: once may be in passing."""
        return term <= self.heads or sum(term <= section for section in self.sections) > 1


class Index:
    """Reads the live edition, and takes up a new one at the first question after the switch."""

    def __init__(self, folder: Path, catalogue: Catalogue, vectors: PassageVectors) -> None:
        self._folder = folder
        self._catalogue = catalogue
        self._vectors = vectors
        self._loading = threading.Lock()
        self._live: LiveEdition | None = None
        self.guide = lru_cache(maxsize=256)(catalogue.guide)
        self.subject_of = lru_cache(maxsize=1024)(self._subject_of)
        written, basis = catalogue.note(CENTRING_NOTE), catalogue.note(TOKEN_BASIS_NOTE)
        if written is None or basis is None:
            raise IndexUnusable(
                f"the index {str(folder)!r} was never finished, or an earlier version wrote it: "
                "publish again"
            )
        self.centring = Centring.from_json(json.loads(written))
        self.tokens = PassageTokens(folder / TOKENS_FILE, TokenBasis.from_json(json.loads(basis)))

    def live(self) -> LiveEdition:
        """Return the live edition; raises `IndexMissing` when nothing is published."""
        number = self._catalogue.live_edition()
        live = self._live
        if live is None or live.number != number:
            with self._loading:
                if self._live is None or self._live.number != number:
                    self._live = self._load(number)
                live = self._live
        return live

    def nearest(
        self, vector: NDArray[np.float32], live: LiveEdition, today: date, count: int
    ) -> list[tuple[str, float]]:
        """Return up to ``count`` (passage id, cosine) of passages that may answer, nearest first.

        Vectors of other editions lie beside the live ones: ask for more until enough are live.
        """
        asked = count + count // 2
        while True:
            found = self._vectors.nearest(vector, asked)
            usable = [(id_, cosine) for id_, cosine in found if live.may_answer(id_, today)]
            if len(usable) >= count or len(found) < asked:
                return usable[:count]
            asked *= 2

    def cosines(self, vector: NDArray[np.float32], ids: Iterable[str]) -> dict[str, float]:
        """Return the cosine of the (centred, unit) vector with each passage's."""
        wanted = list(ids)
        if not wanted:
            return {}
        scores = self._vectors.vectors_of(wanted) @ vector
        return dict(zip(wanted, map(float, scores), strict=True))

    def passages(self, ids: Iterable[str], live: LiveEdition) -> dict[str, Passage]:
        """Return passages of the edition by id."""
        return self._catalogue.passages_at([PassagePlace(i, live.places[i]) for i in ids])

    def passages_of(self, entry: GuideEntry) -> list[Passage]:
        """Return a guide's passages in the order of its text, cards left out."""
        return [p for p in self._catalogue.passages([entry.digest]) if not p.is_card]

    def _subject_of(self, digest: str) -> Subject:
        """Return what a guide's version is about, by its words."""
        guide = self.guide(digest)
        headings = (h for s in guide.sections for h in (*s.path, *s.situation))
        heads = " ".join((guide.title, guide.description, *headings))
        return Subject(
            frozenset(stems(heads, guide.language)),
            tuple(frozenset(stems(s.text, guide.language)) for s in guide.sections),
        )

    def _load(self, number: int) -> LiveEdition:
        entries = {entry.digest: entry for entry in self._catalogue.entries(number)}
        versions: dict[str, dict[str, GuideEntry]] = {}
        for entry in entries.values():
            versions.setdefault(entry.guide_id, {})[entry.language] = entry
        shared = {digest: digest for digest in entries}  # one string a guide, not one a passage
        return LiveEdition(
            number=number,
            places={place.id: shared[place.digest] for place in self._catalogue.places(number)},
            guides=entries,
            versions=versions,
            keywords=KeywordIndex.load(keywords_folder(self._folder, number)),
        )


def keywords_folder(index_folder: Path, edition: int) -> Path:
    """Return where the exact words of an edition lie."""
    return index_folder / "keywords" / str(edition)


def check_model(catalogue: Catalogue, embedding: Embedding) -> None:
    """Refuse an index that another embedding model wrote.

    Raises:
        IndexMismatch: says which model wrote it and which is set.
    """
    written = catalogue.note(MODEL_NOTE)
    if written is not None and written != embedding.identity:
        raise IndexMismatch(
            f"the index was written with embedding {written!r}, the settings say "
            f"{embedding.identity!r}: set CIVIC_EMBEDDING and CIVIC_EMBEDDING_MODEL back, "
            "or publish into another CIVIC_INDEX_FOLDER"
        )


def open_index(settings: Settings, embedding: Embedding) -> Index:
    """Open the index of the settings for reading.

    Raises:
        IndexMissing: nothing is published there.
        IndexMismatch: it was written by another model.
    """
    folder = settings.index_folder
    catalogue = open_catalogue(folder)
    check_model(catalogue, embedding)
    catalogue.live_edition()
    return Index(folder, catalogue, open_vectors(settings, folder))
