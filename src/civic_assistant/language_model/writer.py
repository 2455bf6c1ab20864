"""The answer in a language model's words: only where the gate answers, only what holds."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from civic_assistant.citing import cite_sentences
from civic_assistant.glosses import term_names
from civic_assistant.guides import Guide, Passage
from civic_assistant.language_model.asking import NoAnswer
from civic_assistant.language_model.checked import Judgement, Rules, judge
from civic_assistant.language_model.form import read_answer
from civic_assistant.language_model.official_terms import with_official_terms
from civic_assistant.language_model.prompt import opaque_ids, writing_prompt
from civic_assistant.language_model.written import GivenAnswer, Instead, Written
from civic_assistant.language_model.written_in import is_written_in
from civic_assistant.messages import PAGE_LANGUAGES
from civic_assistant.outcomes import Answered
from civic_assistant.quotes import normalised

if TYPE_CHECKING:
    from civic_assistant.index import Index, LiveEdition
    from civic_assistant.language_model.asking import Endpoints, TurnCalls
    from civic_assistant.language_model.nearness import Nearness
    from civic_assistant.writing import Draft

log = logging.getLogger(__name__)

OFFERED_LENGTH = 6000
"""Characters of passages that a model is given: it reads them in a second or two."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be answered, in which turn, and what may answer it.

    ``calls`` is what the turn may still ask of models, None where nothing is asked. ``question`` is
    the standalone one, without personal data; ``draft`` is what the gate let through; the answer is
    to be in ``language`` where the page has it. ``said`` are the sentences of the answer that was
    given, where they are to be said again in plain language.
    """

    turn_id: str
    calls: TurnCalls | None
    question: str
    language: str
    draft: Draft
    live: LiveEdition
    today: date
    said: tuple[str, ...] | None = None


class ModelWriter:
    """Words answers that the gate let through; the guide's own sentences stand by."""

    def __init__(
        self, index: Index, nearness: Nearness | None, endpoints: Endpoints | None
    ) -> None:
        """Prepare; without ``endpoints`` only what was written before can be judged again."""
        self._index = index
        self._nearness = nearness
        self._endpoints = endpoints

    def for_turn(self, turn_id: str, conversation: str | None) -> TurnCalls | None:
        """Return what a turn may ask of models, or None where there is none to ask."""
        return self._endpoints.for_turn(turn_id, conversation) if self._endpoints else None

    def write(self, asked: Asked) -> tuple[Answered, Written]:
        """Return the answer in the model's words, or the draft's, marked as shown instead.

        Within the calls and seconds that the turn has left. Raises `RecordsUnusable` when calls
        cannot be counted.
        """
        assert self._endpoints is not None and asked.calls is not None
        passages = self._offered(asked.draft, asked.live)
        language = _language_of(asked)
        offered = opaque_ids(passages, asked.turn_id)
        prompted = writing_prompt(
            asked.question, language, asked.draft.guide.title, offered, asked.said
        )
        answer = self._endpoints.ask(
            prompted,
            asked.calls,
            lambda text: read_answer(text, offered) is not None,
        )
        written = Written(prompted.version, language, calls=answer.calls)
        if isinstance(answer, NoAnswer):
            return _instead(asked.draft, replace(written, instead=answer.instead))
        given = read_answer(answer.said.text, offered)
        assert given is not None
        written = replace(written, endpoint=answer.endpoint, model=answer.model)
        try:
            return self._judged(given, written, passages, asked)
        except Exception as error:  # the guide's own sentences are there, whatever a model wrote
            log.error("turn %s: a check broke: %s", asked.turn_id, type(error).__qualname__)
            log.debug("turn %s", asked.turn_id, exc_info=True)
            return _instead(asked.draft, replace(written, instead="failed"))

    def write_again(self, asked: Asked, written: Written) -> tuple[Answered, Written]:
        """Return what comes of what was written in a turn before; no endpoint is asked."""
        given = written.given
        if given is None:
            return _instead(asked.draft, written)
        before = replace(written, instead=None, sentences=())
        return self._judged(given, before, self._offered(asked.draft, asked.live), asked)

    def _judged(
        self, given: GivenAnswer, written: Written, passages: Sequence[Passage], asked: Asked
    ) -> tuple[Answered, Written]:
        held = {passage.id: passage for passage in passages}
        rules = Rules(held, asked.live, asked.today, self._nearness)
        judgement = judge(given, written.language, rules)
        written = replace(written, claimed=given.claimed, sentences=judgement.sentences)
        reason = _reason(given, judgement, written.language)
        if asked.said is not None and reason is None and _is_copied(judgement):
            reason = "copied"
        if reason is not None:
            return _instead(asked.draft, replace(written, instead=reason))
        is_whole = given.claimed == "complete" and not judgement.lost
        kept = with_official_terms(judgement.kept, written.language, term_names(written.language))
        answered = cite_sentences(
            kept, held, asked.draft.guide, asked.today, "full" if is_whole else "partial"
        )
        return replace(answered, author="model", is_plain=asked.said is not None), written

    def _offered(self, draft: Draft, live: LiveEdition) -> list[Passage]:
        """Return the passages to write from: the sections quoted first, then the nearest ones."""
        guide = draft.guide
        by_section: dict[int, list[Passage]] = {}
        for passage in self._index.passages_of(live.versions[guide.id][guide.language]):
            by_section.setdefault(passage.section, []).append(passage)
        return offered_passages(by_section, draft.cited, draft.scores)


def offered_passages(
    by_section: Mapping[int, Sequence[Passage]],
    cited: Sequence[int],
    scores: Mapping[int, float],
) -> list[Passage]:
    """Return the passages of the best sections, as many as a model is given, at least one.

    Only sections with a score count: the others are not for the citizen's case, or not near.
    """
    nearest = sorted(scores, key=lambda section: -scores[section])
    chosen: list[Passage] = []
    length = 0
    for section in dict.fromkeys((*cited, *nearest)):
        for passage in by_section.get(section, ()):
            length += len(passage.text)
            if length > OFFERED_LENGTH and chosen:
                return chosen
            chosen.append(passage)
    return chosen


def _language_of(asked: Asked) -> str:
    """Return the language to write in: one whose figures and negations are known."""
    guide: Guide = asked.draft.guide
    return asked.language if asked.language in PAGE_LANGUAGES else guide.language


def _reason(given: GivenAnswer, judgement: Judgement, language: str) -> Instead | None:
    """Return why an answer is not shown at all, or None."""
    if given.claimed == "none" or not given.sentences:
        return "none"
    if judgement.is_lost:
        return "lost"
    text = " ".join(sentence.text for sentence in judgement.kept)
    return None if is_written_in(text, language) else "language"


def _is_copied(judgement: Judgement) -> bool:
    """Whether every sentence is the guide's own, so that nothing was made plainer."""
    return all(normalised(s.text) == normalised(s.citation.quote) for s in judgement.kept)


def _instead(draft: Draft, written: Written) -> tuple[Answered, Written]:
    return replace(draft.answered, author="instead"), written
