"""The guides of two editions, read as a review needs them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING

from civic_assistant.guides import Guide
from ingest.reviewing.contradictions import (
    Contradiction,
    guide_contradictions,
    translation_contradictions,
)
from ingest.reviewing.differences import EditionDifference, edition_difference
from ingest.reviewing.parsing_doubts import Doubt, doubts_of
from ingest.reviewing.parsing_norms import Norms, norms_of
from ingest.reviewing.translations import Lag, lagging, text_dates, translated

if TYPE_CHECKING:
    from civic_assistant.catalogue import Catalogue
    from civic_assistant.index import Index, LiveEdition

TOWN = "town"
# Guides of a feed and language that tell what is usual in it.
_USUAL_GUIDES = 300
# Passages of other feeds near a passage of the town's whose guides may say another figure.
_NEIGHBOURS = 12
_NEAR = 0.3


class ComparedGuides:
    """What changes from one edition's guides to another's, and what is to be seen in it.

    ``original_language`` is the language that translations are made from.
    """

    def __init__(
        self, catalogue: Catalogue, before: int, after: int, original_language: str
    ) -> None:
        self._catalogue = catalogue
        self._original_language = original_language
        self._old, self._new = catalogue.entries(before), catalogue.entries(after)
        self._before = {(e.guide_id, e.language): e.digest for e in self._old}
        self._after = {(e.guide_id, e.language): e.digest for e in self._new}
        self._read: dict[str, Guide] = {}
        self.difference: EditionDifference = edition_difference(self._old, self._new, self._guide)
        changes = (*self.difference.added, *(c for c in self.difference.changed if c.is_text))
        self.changed: list[Guide] = [
            self._guide(self._after[change.guide_id, change.language]) for change in changes
        ]

    def doubts(self) -> Iterator[Doubt]:
        """Yield what speaks for a changed page that parsed badly."""
        norms: dict[tuple[str, str], Norms] = {}
        for guide in self.changed:
            feed = (guide.source, guide.language)
            if feed not in norms:
                norms[feed] = norms_of(self._usual(*feed))
            original = None
            if guide.language != self._original_language:
                original = self._version(self._after, guide.id, self._original_language)
            before = self._version(self._before, guide.id, guide.language)
            yield from doubts_of(guide, norms[feed], before, original)

    def contradictions(
        self, index: Index, live: LiveEdition, today: date
    ) -> Iterator[Contradiction]:
        """Yield where a changed guide says another figure than its translations or another guide.

        The town's guides are compared with all of the town's and with those of other feeds that
        the index finds near; other feeds' with the town's.
        """
        own = {guide.id for guide in self.changed}
        others = [entry.digest for entry in self._new if entry.source == TOWN]
        others += self._neighbours(index, live, today)
        against = [self._guide(digest) for digest in dict.fromkeys(others)]
        yield from guide_contradictions(self.changed, [g for g in against if g.id not in own])
        for entry in self._new:
            if entry.guide_id in own and entry.language != self._original_language:
                original = self._version(self._after, entry.guide_id, self._original_language)
                if original is not None:
                    yield from translation_contradictions(original, self._guide(entry.digest))

    def lags(self) -> tuple[Lag, ...]:
        """Return the translations whose original is newer than they are."""
        guides, published = (
            [self._guide(entry.digest) for entry in translated(entries)]
            for entries in (self._new, self._old)
        )
        dates = text_dates(self._catalogue)
        return lagging(guides, dates, self._original_language, published)

    def _usual(self, source: str, language: str) -> list[Guide]:
        """Return guides of a feed that do not change, evenly out of all."""
        changed = {(guide.id, guide.language) for guide in self.changed}
        digests = [
            entry.digest
            for entry in self._new
            if (entry.source, entry.language) == (source, language)
            and (entry.guide_id, entry.language) not in changed
        ]
        step = max(1, -(-len(digests) // _USUAL_GUIDES))
        return [self._guide(digest) for digest in digests[::step]]

    def _neighbours(self, index: Index, live: LiveEdition, today: date) -> Iterable[str]:
        """Yield the guides of other feeds that are near what the town's changed guides say."""
        if all(entry.source == TOWN for entry in self._new):
            return
        for guide in self.changed:
            if guide.source != TOWN:
                continue
            for passage in index.passages_of(live.versions[guide.id][guide.language]):
                if any(character.isdigit() for character in passage.text):
                    for near, cosine in index.neighbours(passage.id, live, today, _NEIGHBOURS):
                        if cosine >= _NEAR and live.entry(near).source != TOWN:
                            yield live.places[near]

    def _version(
        self, edition: dict[tuple[str, str], str], guide_id: str, language: str
    ) -> Guide | None:
        digest = edition.get((guide_id, language))
        return None if digest is None else self._guide(digest)

    def _guide(self, digest: str) -> Guide:
        if digest not in self._read:
            self._read[digest] = self._catalogue.guide(digest)
        return self._read[digest]
