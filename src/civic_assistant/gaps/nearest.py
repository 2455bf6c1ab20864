"""The guide of the live edition that is nearest to a gap."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from civic_assistant.gaps.collecting import Unanswered
from civic_assistant.gaps.gap import NearestGuide

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from civic_assistant.index import Index, LiveEdition

NEAR = 0.2
"""The mean confidence from which the guide is called near. Of the tuning questions that got no
answer, three quarters are above it where the first guide is right, one fifth where none is."""
NEWLY_NEAR = 0.4
"""The cosine from which a guide published since is: one in ten questions that no guide answers
is as near to any (.37), half of those are to the right one."""
PLACES = 3
"""How many of the guides that a question found count, the first one most."""


def nearest_guide(
    members: Sequence[Unanswered], index: Index, live: LiveEdition, language: str
) -> NearestGuide | None:
    """Return the guide that the questions' own searches ranked highest, if it is still live.

    Its title is in ``language`` where it is translated. None when nothing live was found.
    """
    votes: dict[str, float] = {}
    for one in members:
        for place, guide in enumerate(one.ranked[:PLACES], 1):
            if guide in live.versions:
                votes[guide] = votes.get(guide, 0.0) + 1 / place
    if not votes:
        return None
    best = min(votes, key=lambda guide: (-votes[guide], guide))
    searched = [one.confidence for one in members if one.ranked]
    is_near = sum(searched) >= NEAR * len(searched)
    return _named(best, index, live, language, is_near=is_near, is_new=False)


def published_since(
    members: Sequence[Unanswered],
    vectors: NDArray[np.float32],
    index: Index,
    live: LiveEdition,
    language: str,
    today: date,
) -> NearestGuide | None:
    """Return the guide that is nearest now and that none of the questions could find, if any is.

    ``vectors`` are the questions', (questions, dimensions). A left message found nothing: of such
    alone every near guide is returned, without being called new.
    """
    centre = vectors.mean(axis=0)
    near = index.nearest(centre / np.linalg.norm(centre), live, today, 1)
    if not near or near[0][1] < NEWLY_NEAR:
        return None
    guide_id = live.entry(near[0][0]).guide_id
    found = {guide for one in members for guide in one.ranked}
    if guide_id in found:
        return None
    return _named(guide_id, index, live, language, is_near=True, is_new=bool(found))


def _named(
    guide_id: str, index: Index, live: LiveEdition, language: str, *, is_near: bool, is_new: bool
) -> NearestGuide:
    versions = live.versions[guide_id]
    guide = index.guide((versions.get(language) or versions[min(versions)]).digest)
    return NearestGuide(
        guide_id=guide.id,
        title=guide.title,
        language=guide.language,
        department=guide.department,
        theme=guide.theme,
        is_near=is_near,
        is_new=is_new,
    )
