"""A reply to a citizen, drafted for staff out of the conversation: only what holds is offered."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from pydantic import JsonValue

from civic_assistant.glosses import term_names
from civic_assistant.guides import Passage
from civic_assistant.language_model.asking import NoAnswer
from civic_assistant.language_model.checked import Judgement, Rules, judge
from civic_assistant.language_model.form import read_answer
from civic_assistant.language_model.instructions import instructions
from civic_assistant.language_model.line import Line, latest
from civic_assistant.language_model.official_terms import told_terms, with_official_terms
from civic_assistant.language_model.prompt import SCHEMA, opaque_ids, visible
from civic_assistant.language_model.said import Prompted
from civic_assistant.language_model.written import GivenAnswer, Instead, Written
from civic_assistant.language_model.written_in import is_written_in
from civic_assistant.messages import language_name
from civic_assistant.outcomes import AnswerSentence

if TYPE_CHECKING:
    from civic_assistant.index import LiveEdition
    from civic_assistant.language_model.asking import Endpoints
    from civic_assistant.language_model.nearness import Nearness

log = logging.getLogger(__name__)

CONVERSATION_LENGTH = 6000
"""Characters of the last messages that a model is given."""


@dataclass(frozen=True, slots=True)
class WantedDraft:
    """What is to be answered, in a page's ``language``, and the passages that may answer it.

    ``turn_id`` is the turn in which the engine looked it up; ``question``, without personal data,
    is what it searched for. ``lines`` are what citizen and staff said, in order.
    """

    turn_id: str
    question: str
    lines: Sequence[Line]
    language: str
    passages: Sequence[Passage]
    live: LiveEdition
    today: date


@dataclass(frozen=True, slots=True)
class Drafted:
    """The sentences that hold, in order, and all that was written; none when none does."""

    sentences: tuple[AnswerSentence, ...]
    written: Written


class Drafter:
    """Drafts replies in the town's ``style``, in its own words; safe to share between threads."""

    def __init__(self, endpoints: Endpoints, nearness: Nearness | None, style: str) -> None:
        self._endpoints = endpoints
        self._nearness = nearness
        self._style = style

    def draft(self, wanted: WantedDraft) -> Drafted:
        """Return what holds of a draft, each sentence with its quotes.

        Who reads it is told what was left out: unlike for a citizen, one sentence that holds is
        enough. The calls count for the day alone. Raises `RecordsUnusable` when they cannot be
        counted.
        """
        offered = opaque_ids(wanted.passages, wanted.turn_id)
        prompted = drafting_prompt(wanted, self._style, offered)
        answer = self._endpoints.ask(
            prompted,
            self._endpoints.for_turn(wanted.turn_id, None),
            lambda text: read_answer(text, offered) is not None,
        )
        written = Written(prompted.version, wanted.language, calls=answer.calls)
        if isinstance(answer, NoAnswer):
            return Drafted((), replace(written, instead=answer.instead))
        given = read_answer(answer.said.text, offered)
        assert given is not None
        written = replace(written, endpoint=answer.endpoint, model=answer.model)
        try:
            return self._judged(given, written, wanted)
        except Exception as error:  # the guide's own sentences are there, whatever a model wrote
            log.error("draft %s: a check broke: %s", wanted.turn_id, type(error).__qualname__)
            log.debug("draft %s", wanted.turn_id, exc_info=True)
            return Drafted((), replace(written, instead="failed"))

    def _judged(self, given: GivenAnswer, written: Written, wanted: WantedDraft) -> Drafted:
        held = {passage.id: passage for passage in wanted.passages}
        rules = Rules(held, wanted.live, wanted.today, self._nearness)
        judgement = judge(given, wanted.language, rules)
        written = replace(written, claimed=given.claimed, sentences=judgement.sentences)
        reason = _reason(given, judgement, wanted.language)
        if reason is not None:
            return Drafted((), replace(written, instead=reason))
        names = term_names(wanted.language)
        return Drafted(with_official_terms(judgement.kept, wanted.language, names), written)


def drafting_prompt(wanted: WantedDraft, style: str, offered: Mapping[str, Passage]) -> Prompted:
    """Return the prompt for a draft; all of it but the rules stands in one JSON value."""
    terms = told_terms(wanted.passages, wanted.language)
    data: dict[str, JsonValue] = {
        "write_in": language_name(wanted.language, "en"),
        "style": visible(style),
        "terms": {visible(term): visible(name) for term, name in terms.items()},
        "question": visible(wanted.question),
        "conversation": [
            {"from": line.speaker, "text": visible(line.text)}
            for line in latest(wanted.lines, CONVERSATION_LENGTH)
        ],
        "passages": [
            {"id": id_, "under": visible(passage.context), "text": visible(passage.text)}
            for id_, passage in offered.items()
        ],
    }
    told = instructions("drafting")
    return Prompted(told.version, told.system, json.dumps(data, ensure_ascii=False), SCHEMA)


def _reason(given: GivenAnswer, judgement: Judgement, language: str) -> Instead | None:
    """Return why nothing of a draft is offered, or None."""
    if given.claimed == "none" or not given.sentences:
        return "none"
    if not judgement.kept:
        return "lost"
    text = " ".join(sentence.text for sentence in judgement.kept)
    return None if is_written_in(text, language) else "language"
