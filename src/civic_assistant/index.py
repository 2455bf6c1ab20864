"""The index as a reader sees it: one whole live edition, and what is near a question in it."""

from __future__ import annotations

import json
import threading
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from civic_assistant.beside import BesideLoading
from civic_assistant.catalogue import Catalogue, GuideEntry, PassagePlace, open_catalogue
from civic_assistant.centring import Centring
from civic_assistant.edition_vectors import EditionVectors, edition_vectors
from civic_assistant.errors import EditionMissing, IndexMismatch, IndexUnusable
from civic_assistant.guides import Passage
from civic_assistant.kept_vectors import KeptVectors
from civic_assistant.keywords import KeywordIndex, stems
from civic_assistant.layout_upgrade import take_vectors_out
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
PATIENCE = 1.0
"""Seconds for which a question waits for a new edition before the one before answers it."""
OTHERS_HELD = 2
"""Editions held in memory beside the live one; each takes about as much as that."""


@dataclass(frozen=True, slots=True)
class LiveEdition:
    """One edition in memory: which passages are in it, its exact words, and their vectors.

    ``places`` maps a passage's id to the digest of its guide's version; ``guides`` maps that
    digest to the guide's entry; ``versions`` maps a guide's id to its entries by language.
    """

    number: int
    places: Mapping[str, str]
    guides: Mapping[str, GuideEntry]
    versions: Mapping[str, Mapping[str, GuideEntry]]
    keywords: KeywordIndex
    vectors: EditionVectors = field(default_factory=EditionVectors)

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
    """Reads the live edition, and takes up a new one beside it while the old one answers on."""

    def __init__(self, settings: Settings, catalogue: Catalogue) -> None:
        self._settings = settings
        self._folder = folder = settings.index_folder
        self._catalogue = catalogue
        self._kept = KeptVectors(folder)
        self._graph: PassageVectors | None = None
        self._opening = threading.Lock()
        self._live = BesideLoading(self._load)
        self._others: OrderedDict[int, LiveEdition] = OrderedDict()
        self._others_lock = threading.Lock()
        self.guide = lru_cache(maxsize=256)(catalogue.guide)
        self.subject_of = lru_cache(maxsize=1024)(self._subject_of)
        written = catalogue.note(CENTRING_NOTE)
        if written is None:
            raise _unfinished(folder)
        self.centring = Centring.from_json(json.loads(written))
        self.tokens = open_tokens(folder, catalogue)

    def live(self) -> LiveEdition:
        """Return the live edition; raises `IndexMissing` when nothing is published.

        After a switch the one before answers until the new one is in memory, unless that takes less
        than `PATIENCE` or the one before is not kept any more.
        """
        number = self._catalogue.live_edition()
        held = self._live.held
        if held is not None and held.number == number:
            return held
        may_wait = held is None or not self._is_readable(held)
        return self._live.get(number, None if may_wait else PATIENCE)

    def edition(self, number: int) -> LiveEdition:
        """Return any edition that is kept, live or not; the last ones asked for stay in memory.

        Raises:
            EditionMissing: there is no such edition, or it is not kept any more.
        """
        held = self._live.held
        if held is not None and held.number == number:
            return held
        with self._others_lock:
            found = self._others.pop(number, None) or self._load(number)
            self._others[number] = found
            while len(self._others) > OTHERS_HELD:
                self._others.popitem(last=False)
        return found

    def nearest(
        self, vector: NDArray[np.float32], live: LiveEdition, today: date, count: int
    ) -> list[tuple[str, float]]:
        """Return up to ``count`` (passage id, cosine) of passages that may answer, nearest first.

        Vectors of other editions lie beside the live ones: ask for more until enough are live.
        """
        asked = count + count // 2
        while True:
            found = live.vectors.nearest(vector, asked)
            usable = [(id_, cosine) for id_, cosine in found if live.may_answer(id_, today)]
            if len(usable) >= count or len(found) < asked:
                return usable[:count]
            asked *= 2

    def neighbours(
        self, passage_id: str, live: LiveEdition, today: date, count: int
    ) -> list[tuple[str, float]]:
        """Return up to ``count`` (passage id, cosine) of passages near a passage, itself first."""
        return self.nearest(self._kept.read([passage_id])[0], live, today, count)

    def cosines(self, vector: NDArray[np.float32], ids: Iterable[str]) -> dict[str, float]:
        """Return the cosine of the (centred, unit) vector with each passage's."""
        wanted = list(ids)
        if not wanted:
            return {}
        scores = self._kept.read(wanted) @ vector
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

    def _is_readable(self, edition: LiveEdition) -> bool:
        graph = edition.vectors.graph
        is_there = graph is None or graph.folder is None or graph.folder.is_dir()
        return is_there and self._catalogue.edition(edition.number).state != "dropped"

    def _load(self, number: int) -> LiveEdition:
        about = self._catalogue.edition(number)
        if about.state == "dropped":
            raise EditionMissing(number, is_dropped=True)
        entries = {entry.digest: entry for entry in self._catalogue.entries(number)}
        versions: dict[str, dict[str, GuideEntry]] = {}
        for entry in entries.values():
            versions.setdefault(entry.guide_id, {})[entry.language] = entry
        shared = {digest: digest for digest in entries}  # one string a guide, not one a passage
        places = {p.id: shared[p.digest] for p in self._catalogue.places(number)}
        with self._opening:
            self._graph = graph = open_vectors(self._settings, self._folder, self._graph)
        words = keywords_folder(self._folder, about.keywords)
        return LiveEdition(
            number=number,
            places=places,
            guides=entries,
            versions=versions,
            keywords=KeywordIndex.load(words)
            if words.is_dir()
            else KeywordIndex.build(self._catalogue.passages(entries)),
            vectors=edition_vectors(graph, self._kept, list(places)),
        )


def keywords_folder(index_folder: Path, name: str) -> Path:
    """Return where the exact words of an edition lie that names them so."""
    return index_folder / "keywords" / name


def open_tokens(index_folder: Path, catalogue: Catalogue) -> PassageTokens:
    """Open the token vectors of an index; raises `IndexUnusable` for one that has none."""
    basis = catalogue.note(TOKEN_BASIS_NOTE)
    if basis is None:
        raise _unfinished(index_folder)
    return PassageTokens(index_folder / TOKENS_FILE, TokenBasis.from_json(json.loads(basis)))


def _unfinished(index_folder: Path) -> IndexUnusable:
    return IndexUnusable(
        f"the index {str(index_folder)!r} was never finished, or an earlier version wrote it: "
        "publish again"
    )


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
    take_vectors_out(settings, catalogue)
    return Index(settings, catalogue)
