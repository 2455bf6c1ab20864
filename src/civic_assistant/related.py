"""The guides nearest to a question that could not be answered, shown as *possibly related*."""

from __future__ import annotations

from typing import TYPE_CHECKING

from civic_assistant.evidence import Evidence
from civic_assistant.outcomes import RelatedGuide

if TYPE_CHECKING:
    from civic_assistant.index import Index, LiveEdition

MOST = 3
# Under this cosine a guide shares nothing with the question that a citizen would recognise.
NEAR = 0.24


def related_guides(
    evidence: Evidence, live: LiveEdition, index: Index, language: str
) -> tuple[RelatedGuide, ...]:
    """Return up to three guides that are near, nearest first, in the citizen's language if there.

    Empty when nothing is near: an unrelated link sends somebody the wrong way.
    """
    near = dict.fromkeys(
        found.passage.guide_id
        for found in evidence.found
        if found.dense is not None and found.dense >= NEAR
    )
    related = []
    for guide_id in list(near)[:MOST]:
        versions = live.versions[guide_id]
        found_in = next(
            f.passage.language for f in evidence.found if f.passage.guide_id == guide_id
        )
        guide = index.guide(versions.get(language, versions[found_in]).digest)
        related.append(
            RelatedGuide(
                guide_id=guide.id,
                title=guide.title,
                language=guide.language,
                address=guide.address,
                department=guide.department,
                attribution=guide.attribution,
            )
        )
    return tuple(related)
