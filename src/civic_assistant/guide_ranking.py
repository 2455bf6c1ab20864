"""Guides for a question, best first: what several of their passages say together.

The best passage alone puts the guide first that has one passage like the question; its nearest
passage by meaning, the official terms and the support of each of the question's words, looked for
in all its passages, say whether the guide is about the matter. The weights were chosen on the
tuning questions of both sources: see docs/decisions/0002.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from civic_assistant.evidence import Found
from civic_assistant.late import Interaction
from civic_assistant.support import AskedWords

# Guides, best first by their best passages, that are weighed by all of these.
WEIGHED = 8
# What a guide's second passage adds to its first.
SECOND_PASSAGE = 0.1
# Beside the best passages' 1: the nearest passage by meaning, the words' support, exact words in
# another language than the question's, which are official terms.
DENSE_WEIGHT = 2.0
SUPPORT_WEIGHT = 2.0
TERMS_WEIGHT = 1.0


def ranked_guides(
    found: Sequence[Found],
    language: str,
    words: AskedWords,
    interactions: Mapping[str, Interaction],
) -> tuple[tuple[str, ...], dict[str, float]]:
    """Return the guides of the passages found, best first, and what the first came to.

    ``language`` is the question's, ``words`` are its words, ``interactions`` those of the passages
    that were read closely, by passage id. Of the second, totals by guide, there are `WEIGHED`.
    """
    guides: dict[str, list[Found]] = {}
    for f in found:
        guides.setdefault(f.passage.guide_id, []).append(f)
    totals = {guide_id: _by_best(own) for guide_id, own in guides.items()}
    ordered = sorted(totals, key=lambda guide_id: -totals[guide_id])
    weighed = {
        guide_id: totals[guide_id] + _together(guides[guide_id], language, words, interactions)
        for guide_id in ordered[:WEIGHED]
    }
    first = sorted(weighed, key=lambda guide_id: -weighed[guide_id])
    return (*first, *ordered[WEIGHED:]), {guide_id: weighed[guide_id] for guide_id in first}


def _by_best(own: Sequence[Found]) -> float:
    best, second, *_ = [*sorted((f.score for f in own), reverse=True), 0.0]
    return best + SECOND_PASSAGE * second


def _together(
    own: Sequence[Found],
    language: str,
    words: AskedWords,
    interactions: Mapping[str, Interaction],
) -> float:
    """Return what a guide's passages say beside its best ones' scores."""
    dense = max(f.dense or 0.0 for f in own)
    terms = max((f.keyword or 0.0 for f in own if f.passage.language != language), default=0.0)
    support = words.support_of(interactions[i] for f in own if (i := f.passage.id) in interactions)
    return DENSE_WEIGHT * dense + TERMS_WEIGHT * terms + SUPPORT_WEIGHT * support.mean
