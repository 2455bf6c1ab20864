"""How well guides are ranked, question by question, by ir-measures (trec_eval's own code)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import ir_measures
from ir_measures import RR, Qrel, ScoredDoc, Success, nDCG

MEASURES = {
    "recall_1": Success @ 1,
    "recall_3": Success @ 3,
    "recall_5": Success @ 5,
    "recall_10": Success @ 10,
    "rr_10": RR @ 10,
    "ndcg_10": nDCG @ 10,
}
"""Any of a question's guides is right, so that recall at k is whether one is among the first k."""


def rank_measures(
    right: Mapping[str, Sequence[str]], ranked: Mapping[str, Sequence[str]]
) -> dict[str, dict[str, float]]:
    """Return question id → measure → value between 0 and 1, of every question of ``right``.

    ``right`` maps a question to the guides of which any is right, ``ranked`` to the guides that
    were found, best first; a question that found nothing scores 0.
    """
    wanted = [Qrel(asked, guide, 1) for asked, guides in right.items() for guide in guides]
    found = [
        ScoredDoc(asked, guide, 1 / place)
        for asked, guides in ranked.items()
        if asked in right
        for place, guide in enumerate(guides, 1)
    ]
    names = {measure: name for name, measure in MEASURES.items()}
    values = {asked: dict.fromkeys(MEASURES, 0.0) for asked in right}
    for metric in ir_measures.iter_calc(list(MEASURES.values()), wanted, found):
        values[metric.query_id][names[metric.measure]] = float(metric.value)
    return values
