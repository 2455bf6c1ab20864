"""A verified answer as an outcome: what staff wrote, with the passages it rests on as sources."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from civic_assistant.citing import cite
from civic_assistant.errors import RecordsUnusable
from civic_assistant.evidence import Verdict
from civic_assistant.guides import Guide, Passage, blocks_of
from civic_assistant.outcomes import Answered, AnswerSentence, Checked, Source
from civic_assistant.units import Span
from civic_assistant.verification import faults_of
from civic_assistant.verified.matching import NEARNESS, Match, Matcher

if TYPE_CHECKING:
    from civic_assistant.index import Index, LiveEdition
    from civic_assistant.verified.store import VerifiedAnswers

logger = logging.getLogger(__name__)

REASON = "a verified answer to the same question"
"""The reason of the verdict; its confidence is the cosine of the two questions."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What a verified answer comes to in a turn."""

    answered: Answered
    verdict: Verdict


class Offers:
    """Finds the verified answer that a question may be given first, and counts what was shown."""

    def __init__(self, kept: VerifiedAnswers, matcher: Matcher, index: Index) -> None:
        self._kept = kept
        self._matcher = matcher
        self._index = index

    def offer(
        self,
        question: str,
        language: str,
        live: LiveEdition,
        now: datetime,
        excluded_in: Callable[[Guide], frozenset[int]],
        *,
        is_trial: bool = False,
    ) -> Offer | None:
        """Return the answer to the same question, or None.

        ``live`` may lack guides that staff left out. ``excluded_in`` tells the sections of a guide
        that are not for the citizen's case: an answer that rests on one of them is not offered.
        A trial suspends nothing: ``live`` is another edition than citizens see, or ``now`` is past.
        Raises `RecordsUnusable`.
        """
        trial = live if is_trial else None
        for match in self._matcher.matches(question, language, now.date(), now, trial):
            offer = self._made(match, live, now.date(), excluded_in)
            if offer is not None:
                return offer
        return None

    def shown(self, answered: Answered, now: datetime) -> None:
        """Count that a turn with this answer was shown; a count that fails breaks no turn."""
        if answered.checked is None:
            return
        try:
            self._kept.count_offer(answered.checked.id, now)
        except RecordsUnusable as error:
            logger.warning("an offer could not be counted: %s", type(error).__name__)

    def _made(
        self,
        match: Match,
        live: LiveEdition,
        today: date,
        excluded_in: Callable[[Guide], frozenset[int]],
    ) -> Offer | None:
        ids = [support.passage_id for support in match.answer.supports]
        if not all(live.may_answer(id_, today) for id_ in ids):
            return None
        held = self._index.passages(ids, live)
        passages = [held[id_] for id_ in dict.fromkeys(ids)]
        guides = {p.id: self._index.guide(live.places[p.id]) for p in passages}
        if any(p.section in excluded_in(guides[p.id]) for p in passages):
            return None
        answer = match.answer
        checked = Checked(
            id=answer.id,
            version=answer.version,
            text=answer.text,
            language=answer.language,
            desk=answer.desk,
            on=answer.checked_at.date(),
            wording=match.wording.text,
            nearness=round(match.nearness, 4),
        )
        answered = replace(_cited(passages, guides, live.number, today), checked=checked)
        if faults_of(answered, held, live, today):
            return None
        signals = {"same_question": match.nearness}
        return Offer(answered, Verdict("answer", match.nearness, NEARNESS, REASON, signals))


def _cited(
    passages: Sequence[Passage], guides: dict[str, Guide], edition: int, today: date
) -> Answered:
    """Return whole passages as quotes, one source a section, in the order of the passages."""
    sentences: list[AnswerSentence] = []
    sources: list[Source] = []
    for digest in dict.fromkeys((guides[p.id].id, guides[p.id].language) for p in passages):
        own = [p for p in passages if (guides[p.id].id, guides[p.id].language) == digest]
        guide = guides[own[0].id]
        spans = [span for passage in own for span in _spans(guide, passage)]
        cited = cite(spans, guide, edition, today, "verified")
        sentences += [replace(s, source=s.source + len(sources)) for s in cited.sentences]
        sources += cited.sources
    return Answered("verified", tuple(sentences), tuple(sources))


def _spans(guide: Guide, passage: Passage) -> Iterator[Span]:
    """Yield the paragraphs, items and rows of a passage, as far as it holds them."""
    for block in blocks_of(guide.sections[passage.section], passage):
        start = max(block.start - passage.start, 0)
        text = passage.text[start : block.end - passage.start]
        end = start + len(text.rstrip())
        start += len(text) - len(text.lstrip())
        if start < end:
            yield Span(block.kind, passage, start, end)
