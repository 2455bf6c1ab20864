"""The national guides' passages with their vectors, embedded once and kept in a folder."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from civic_assistant.errors import DocumentRefused
from civic_assistant.guides import Guide, Passage
from evals.training.asked import AskedQuestion, Line, NumberedGuide, numbered
from ingest.national.source import NationalFolder
from ingest.passages import passages_of

if TYPE_CHECKING:
    from civic_assistant.embedding import Embedding

BATCH = 1024
"""Passages embedded between two steps of the progress bar."""


class NationalPassages:
    """The passages of the guides for individuals; a passage is named by its place.

    ``vectors`` are the passages' centred unit vectors, (passages, dimensions); ``by_guide`` gives
    a guide's places, ``guide_numbers`` (passages,) the place of each passage's guide in it.
    """

    def __init__(
        self,
        guides: Mapping[str, Guide],
        passages: Sequence[Passage],
        vectors: NDArray[np.float32],
    ) -> None:
        self.passages = passages
        self.vectors = _centred(vectors)
        self.by_guide: dict[str, list[int]] = {}
        for place, passage in enumerate(self.passages):
            self.by_guide.setdefault(passage.guide_id, []).append(place)
        order = {guide_id: number for number, guide_id in enumerate(self.by_guide)}
        self.guide_numbers = np.array([order[p.guide_id] for p in self.passages])
        self._guides = guides
        self._numbered: dict[str, NumberedGuide] = {}

    def numbered(self, guide_id: str) -> NumberedGuide | None:
        """Return a guide with its lines, or None where there is no such guide."""
        if guide_id not in self._guides:
            return None
        if guide_id not in self._numbered:
            self._numbered[guide_id] = numbered(self._guides[guide_id])
        return self._numbered[guide_id]

    def lines(self, place: int) -> list[tuple[int, Line]]:
        """Return the lines that lie at least partly in a passage, with their numbers."""
        passage = self.passages[place]
        guide = self.numbered(passage.guide_id)
        return [
            (number, line)
            for number, line in enumerate(guide.lines if guide else ())
            if line.section == passage.section
            and line.start < passage.end
            and line.end > passage.start
        ]

    def answering(self, question: AskedQuestion) -> list[int]:
        """Return the places that hold a line which answers."""
        answering = set(question.lines)
        return [
            place
            for place in self.by_guide[question.guide]
            if any(number in answering for number, _ in self.lines(place))
        ]


def open_national(folder: Path, embedding: Embedding, cache: Path) -> NationalPassages:
    """Read the unpacked npm package in ``folder`` and its passages' vectors.

    They are embedded (about 20 minutes on two cores with the light model) unless ``cache`` keeps
    those of the same passages and the same model.
    """
    guides = read_guides(folder)
    passages = [passage for guide in guides.values() for passage in passages_of(guide)]
    names = "\n".join([embedding.identity, *(passage.id for passage in passages)])
    kept = cache / f"passages-{hashlib.sha256(names.encode()).hexdigest()[:12]}.npy"
    if not kept.is_file():
        vectors = _embedded([passage.embedded_text for passage in passages], embedding)
        cache.mkdir(parents=True, exist_ok=True)
        new = kept.with_suffix(".new.npy")
        np.save(new, vectors)
        new.replace(kept)
    return NationalPassages(guides, passages, np.load(kept))


def read_guides(folder: Path) -> dict[str, Guide]:
    """Return the guides for individuals of the unpacked npm package, by id."""
    guides = {}
    for document in NationalFolder(folder, ("individuals",)).documents():
        if isinstance(document, DocumentRefused):
            continue
        try:
            guide = document.load().guide
        except DocumentRefused:
            continue
        guides[guide.id] = guide
    return guides


def _embedded(texts: Sequence[str], embedding: Embedding) -> NDArray[np.float32]:
    vectors = np.empty((len(texts), embedding.dimensions), np.float32)
    for start in tqdm(range(0, len(texts), BATCH), desc="passages", disable=None):
        part = texts[start : start + BATCH]
        vectors[start : start + len(part)] = embedding.embed_texts(part, "passage")
    return vectors


def _centred(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    moved = vectors - vectors.mean(axis=0)
    units: NDArray[np.float32] = moved / np.linalg.norm(moved, axis=1, keepdims=True)
    return units
