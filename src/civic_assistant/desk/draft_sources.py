"""What a draft may rest on: the guide that the engine would quote, and what was quoted before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from civic_assistant.desk.drafting import shown_answer
from civic_assistant.errors import RecordMissing
from civic_assistant.guides import Passage
from civic_assistant.handoff.entries import Message
from civic_assistant.handoff.record import HandoffRecord
from civic_assistant.language_model.writer import offered_passages
from civic_assistant.outcomes import Answered, AskedDetail
from civic_assistant.turns import Turn

if TYPE_CHECKING:
    from civic_assistant.index import Index, LiveEdition
    from civic_assistant.journal import Journal

BEFORE_LENGTH = 3000
"""Characters of passages that other guides than the engine's may add."""
TURNS_BEFORE = 4
"""How many of the last answers of a conversation count."""


def quoted_before(
    messages: Sequence[Message], record: HandoffRecord, journal: Journal
) -> tuple[str, ...]:
    """Return the ids of the passages that the bot quoted in this episode, the latest first."""
    said = (m.turn_id for m in reversed(messages) if m.episode == record.episode)
    turns = [turn_id for turn_id in dict.fromkeys((*said, record.turn_id)) if turn_id]
    return tuple(
        dict.fromkeys(id_ for turn in turns[:TURNS_BEFORE] for id_ in _quoted_in(turn, journal))
    )


def draft_passages(
    turn: Turn, before: Sequence[str], index: Index, live: LiveEdition
) -> list[Passage]:
    """Return the passages that a draft may be written from, the best sections first.

    Of the engine's guide only what holds for everybody, or in the case of what it quotes.
    """
    today = turn.at.date()
    shown = shown_answer(turn)
    quoted = [c.passage_id for s in shown.sentences for c in s.citations] if shown else []
    usable = [id_ for id_ in quoted if live.may_answer(id_, today)]
    chosen = _of_guide(turn, shown, usable, index, live) if shown and usable else []
    left = BEFORE_LENGTH
    taken = {passage.id for passage in chosen}
    others = [
        id_
        for id_ in dict.fromkeys((*usable, *before))
        if id_ not in taken and live.may_answer(id_, today)
    ]
    held = index.passages(others, live)
    for id_ in others:
        left -= len(held[id_].text)
        if left >= 0:
            chosen.append(held[id_])
    return chosen


def _of_guide(
    turn: Turn, shown: Answered, quoted: Sequence[str], index: Index, live: LiveEdition
) -> list[Passage]:
    entry = live.entry(quoted[0])
    guide = index.guide(entry.digest)
    cases = {source.situation for source in shown.sources}
    by_section: dict[int, list[Passage]] = {}
    for passage in index.passages_of(entry):
        situation = guide.sections[passage.section].situation
        if any(case[: len(situation)] == situation for case in cases):
            by_section.setdefault(passage.section, []).append(passage)
    sections = {p.id: p.section for own in by_section.values() for p in own}
    cited = dict.fromkeys(sections[id_] for id_ in quoted if id_ in sections)
    return offered_passages(by_section, [*cited], _scores(turn, sections))


def _scores(turn: Turn, sections: Mapping[str, int]) -> dict[int, float]:
    """Return the best score of each section of a guide that something was found in."""
    scores: dict[int, float] = {}
    for found in turn.evidence.found if turn.evidence else ():
        section = sections.get(found.passage.id)
        if section is not None:
            scores[section] = max(found.score, scores.get(section, found.score))
    return scores


def _quoted_in(turn_id: str, journal: Journal) -> Iterator[str]:
    try:
        outcome = journal.turn(turn_id).outcome
    except RecordMissing:  # retention took it
        return
    answered = outcome.common if isinstance(outcome, AskedDetail) else outcome
    if isinstance(answered, Answered):
        for sentence in answered.sentences:
            for citation in sentence.citations:
                yield citation.passage_id
