"""Passages as staff read them: where they stand, what they say, and every score."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from civic_assistant.chat.markdown import safe_address
from civic_assistant.corrections.showing import RunningCorrections
from civic_assistant.evidence import Evidence
from civic_assistant.guides import Passage
from civic_assistant.index import Index, LiveEdition
from civic_assistant.outcomes import ShownCorrection
from civic_assistant.stored import StoredEvidence


@dataclass(frozen=True, slots=True)
class ShownPassage:
    """A passage found, best first from ``place`` 1; scores are those of `Found`.

    ``text`` is empty for the card of a whole guide, and where the edition no longer holds it.
    ``corrections`` are those of its guide that run now, told with the guide's first passage;
    the others say that it ``is_corrected``.
    """

    place: int
    guide_id: str
    title: str
    language: str
    heading: str
    situation: str
    text: str
    address: str
    score: float
    dense: float | None
    keyword: float | None
    late: float | None
    corrections: tuple[ShownCorrection, ...]
    is_corrected: bool


def shown_evidence(
    evidence: Evidence, index: Index, corrections: RunningCorrections, now: datetime
) -> tuple[ShownPassage, ...]:
    """Return what was just found, in its order."""
    live = index.live()
    found = (f for f in evidence.found if f.passage.id in live.places)
    rows = [(f.passage, f.score, f.dense, f.keyword, f.late) for f in found]
    corrected = _corrected(rows, live, corrections, now)
    return tuple(_shown(rows, index, live, corrected))


def shown_stored(
    evidence: StoredEvidence,
    index: Index,
    count: int,
    corrections: RunningCorrections,
    now: datetime,
) -> tuple[ShownPassage, ...]:
    """Return the first passages of a kept turn that the live edition still holds."""
    live = index.live()
    kept = [found for found in evidence.found if found.passage_id in live.places][:count]
    passages = index.passages([found.passage_id for found in kept], live)
    rows = [(passages[f.passage_id], f.score, f.dense, f.keyword, f.late) for f in kept]
    corrected = _corrected(rows, live, corrections, now)
    return tuple(_shown(rows, index, live, corrected))


_Row = tuple[Passage, float, float | None, float | None, float | None]


def _corrected(
    rows: Iterable[_Row], live: LiveEdition, corrections: RunningCorrections, now: datetime
) -> tuple[ShownCorrection, ...]:
    """Return the corrections of the guides found, each in the language of its first passage."""
    spoken: dict[str, dict[str, str]] = {}
    known: set[str] = set()
    for passage, *_ in rows:
        if passage.guide_id not in known:
            known.add(passage.guide_id)
            titles = spoken.setdefault(passage.language, {})
            titles[passage.guide_id] = live.entry(passage.id).title
    return tuple(
        correction
        for language, titles in spoken.items()
        for correction in corrections.of(titles, language, now)
    )


def _shown(
    rows: Iterable[_Row],
    index: Index,
    live: LiveEdition,
    corrected: tuple[ShownCorrection, ...],
) -> Iterator[ShownPassage]:
    told: set[str] = set()
    for place, (passage, score, dense, keyword, late) in enumerate(rows, 1):
        guide = index.guide(live.places[passage.id])
        section = None if passage.is_card else guide.sections[passage.section]
        anchor = f"#{section.anchor}" if section is not None and section.anchor else ""
        address = safe_address(f"{guide.address}{anchor}") if guide.address else None
        own = tuple(c for c in corrected if c.guide_id == passage.guide_id)
        yield ShownPassage(
            place=place,
            guide_id=passage.guide_id,
            title=guide.title,
            language=passage.language,
            heading=" › ".join(section.path) if section else "",
            situation=" › ".join(section.situation) if section else "",
            text=passage.text,
            address=address or "",
            score=score,
            dense=dense,
            keyword=keyword,
            late=late,
            corrections=() if passage.guide_id in told else own,
            is_corrected=bool(own),
        )
        told.add(passage.guide_id)
