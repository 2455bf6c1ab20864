"""Language versions that lag behind: their original changed later than they did."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from civic_assistant.catalogue import Catalogue, GuideEntry
from civic_assistant.guides import Guide
from ingest.reviewing.contradictions import missing_figures

TextDates = Mapping[str, Mapping[str, datetime]]
"""By guide and language (``composteur/fr``), when each text of it, by digest, first went live."""

_NOTE = "text_dates"
# Texts of one language of a guide whose dates are kept: as far as anybody rolls back.
_TEXTS_KEPT = 12


@dataclass(frozen=True, slots=True)
class Lag:
    """A translation whose original has changed since.

    ``since`` is when the original's text went live, None when it does so with this publish.
    ``figures`` are those of the original that the translation does not have.
    """

    guide_id: str
    title: str
    language: str
    original_language: str
    document: str
    since: datetime | None
    figures: tuple[str, ...]


def lagging(
    guides: Iterable[Guide],
    dates: TextDates,
    original_language: str,
    published: Iterable[Guide] = (),
) -> tuple[Lag, ...]:
    """Return the translations among ``guides`` whose original is newer than they are.

    ``published`` are the guides of the live edition: what of them has no date is older than all
    dates, what is in neither is new. A guide without a version in ``original_language`` has no
    original.
    """
    versions: dict[str, dict[str, Guide]] = defaultdict(dict)
    for guide in guides:
        versions[guide.id][guide.language] = guide
    old = {text_digest(guide) for guide in published}
    lags = []
    for of_guide in versions.values():
        original = of_guide.pop(original_language, None)
        for translation in of_guide.values() if original else ():
            assert original is not None
            age = _age(original, dates, old)
            if age.is_newer(_age(translation, dates, old)):
                lags.append(_lag(original, translation, age.at))
    return tuple(lags)


def text_dates(catalogue: Catalogue) -> TextDates:
    """Return when the texts of translated guides first went live."""
    noted: dict[str, dict[str, str]] = json.loads(catalogue.note(_NOTE) or "{}")
    return {
        name: {digest: datetime.fromisoformat(at) for digest, at in own.items()}
        for name, own in noted.items()
    }


def note_text_dates(catalogue: Catalogue, edition: int, at: datetime) -> None:
    """Remember of an edition that goes live which texts of translated guides are new with it."""
    noted = {name: dict(own) for name, own in text_dates(catalogue).items()}
    is_new = False
    for entry in translated(catalogue.entries(edition)):
        own = noted.setdefault(_name(entry.guide_id, entry.language), {})
        digest = text_digest(catalogue.guide(entry.digest))
        if digest not in own:
            own[digest] = at
            is_new = True
        for oldest in sorted(own, key=lambda d: own[d])[:-_TEXTS_KEPT]:
            del own[oldest]
    if is_new:
        told = {name: {d: day.isoformat() for d, day in own.items()} for name, own in noted.items()}
        catalogue.set_notes({_NOTE: json.dumps(told)})


def translated(entries: Iterable[GuideEntry]) -> list[GuideEntry]:
    """Return the entries of guides that are there in more than one language."""
    versions: dict[str, list[GuideEntry]] = defaultdict(list)
    for entry in entries:
        versions[entry.guide_id].append(entry)
    return [entry for of_guide in versions.values() if len(of_guide) > 1 for entry in of_guide]


def text_digest(guide: Guide) -> str:
    """Return the identity of what a guide says, dates and addresses left out: 32 hex digits."""
    parts = [guide.title, guide.description]
    for section in guide.sections:
        parts += [*section.path, *section.situation, section.text]
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:32]


def _name(guide_id: str, language: str) -> str:
    return f"{guide_id}/{language}"


@dataclass(frozen=True, slots=True)
class _Age:
    """Since when a text is live; without ``at`` it is new, or older than all dates."""

    at: datetime | None
    is_new: bool

    def is_newer(self, other: _Age) -> bool:
        if self.at is not None and other.at is not None:
            return self.at > other.at
        return (self.is_new and not other.is_new) or (
            self.at is not None and other.at is None and not other.is_new
        )


def _age(guide: Guide, dates: TextDates, old: set[str]) -> _Age:
    digest = text_digest(guide)
    at = dates.get(_name(guide.id, guide.language), {}).get(digest)
    return _Age(at, is_new=at is None and digest not in old)


def _lag(original: Guide, translation: Guide, since: datetime | None) -> Lag:
    return Lag(
        guide_id=translation.id,
        title=translation.title,
        language=translation.language,
        original_language=original.language,
        document=translation.document,
        since=since,
        figures=missing_figures(original, translation),
    )
