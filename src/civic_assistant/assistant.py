"""One turn, top to bottom: a citizen's question comes in, an outcome goes out."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from civic_assistant.followups import standalone
from civic_assistant.gate import signals_of
from civic_assistant.languages import detect_language
from civic_assistant.limits import bounded_question
from civic_assistant.outcomes import CouldNotLook, NotCovered, Outcome, Refused, Unsure
from civic_assistant.places import load_places
from civic_assistant.redaction import redact
from civic_assistant.related import related_guides
from civic_assistant.screening import screen
from civic_assistant.stopwatch import Stopwatch
from civic_assistant.turns import Question, Turn
from civic_assistant.verification import is_verified

if TYPE_CHECKING:
    from civic_assistant.gate import Gate
    from civic_assistant.index import Index, LiveEdition
    from civic_assistant.journal import Journal
    from civic_assistant.retrieval import Retriever
    from civic_assistant.settings import Settings
    from civic_assistant.writing import Draft, Writer

log = logging.getLogger(__name__)


class Assistant:
    """Answers questions from the live edition; safe to call from several threads."""

    def __init__(
        self,
        index: Index,
        retriever: Retriever,
        writer: Writer,
        gate: Gate,
        journal: Journal | None,
        settings: Settings,
        clock: Callable[[], datetime],
        new_id: Callable[[], str],
    ) -> None:
        self._index = index
        self._retriever = retriever
        self._writer = writer
        self._gate = gate
        self._journal = journal
        self._settings = settings
        self._clock = clock
        self._new_id = new_id

    def answer(self, question: Question) -> Turn:
        """Return the turn, recorded; whatever breaks becomes `CouldNotLook`, nothing is raised.

        A turn that cannot be recorded is not shown: an answer must be explainable later.
        """
        turn = self._opened(question)
        try:
            turn = self._answered(turn, question)
            self._record(turn)
        except Exception as error:  # the citizen sees a reference, whatever the cause
            # The exception's text may hold the question: only its type is logged.
            log.error("turn %s could not be looked up: %s", turn.id, type(error).__qualname__)
            log.debug("turn %s", turn.id, exc_info=True)
            turn = replace(turn, outcome=CouldNotLook(turn.id), evidence=None, verdict=None)
            with contextlib.suppress(Exception):
                self._record(turn)
        return turn

    def _opened(self, question: Question) -> Turn:
        """Return the turn as it stands before anything is looked at, without personal data."""
        turn_id = self._new_id()
        return Turn(
            id=turn_id,
            at=self._clock(),
            conversation=question.conversation,
            question="",
            language=question.conversation_language
            or question.page_language
            or self._settings.town_language,
            page_language=question.page_language,
            searched="",
            outcome=CouldNotLook(turn_id),
            evidence=None,
            verdict=None,
            edition=None,
            models={"embedding": self._retriever.model, "gate": self._gate.version},
        )

    def _answered(self, turn: Turn, question: Question) -> Turn:
        """Read, screen, look up, judge, write, verify."""
        watch = Stopwatch()
        bounded = bounded_question(question.text, self._settings.question_length)
        if isinstance(bounded, Refused):
            return replace(turn, outcome=bounded)
        asked = redact(bounded).text
        language = detect_language(
            asked,
            conversation=question.conversation_language,
            page=question.page_language,
            town=self._settings.town_language,
        ).language
        turn = replace(turn, question=asked, language=language)
        screened = screen(asked, language)
        watch.lap("read")
        if screened is not None:
            return replace(
                turn,
                outcome=screened,
                milliseconds=watch.laps,
                processor_milliseconds=watch.processor_laps,
            )
        searched = standalone(asked, [redact(text).text for text in question.history])
        return self._looked_up(replace(turn, searched=searched), watch)

    def _looked_up(self, turn: Turn, watch: Stopwatch) -> Turn:
        live, today = self._index.live(), turn.at.date()
        looked = self._retriever.look_up(turn.searched, turn.language, live, today)
        watch.lap("retrieve")
        draft = self._writer.draft(looked, live, today)
        watch.lap("write")
        verdict = self._gate.judge(signals_of(looked.evidence, draft, live))
        if draft is not None and self._is_elsewhere(turn.searched, draft, live):
            verdict = replace(verdict, decision="not_covered", reason="names another town")
        related = related_guides(looked.evidence, live, self._index, turn.language)
        outcome: Outcome = NotCovered(related)
        if verdict.decision == "unsure" or draft is None:
            outcome = Unsure(related)
        elif verdict.decision == "answer":
            cited = {sentence.citation.passage_id for sentence in draft.answered.sentences}
            held = self._index.passages(cited, live)
            is_sound = is_verified(draft.answered, held, live, today)
            outcome = draft.answered if is_sound else Unsure(related)
        watch.lap("judge")
        return replace(
            turn,
            outcome=outcome,
            evidence=looked.evidence,
            verdict=verdict,
            edition=live.number,
            milliseconds=watch.laps,
            processor_milliseconds=watch.processor_laps,
        )

    def _is_elsewhere(self, question: str, draft: Draft, live: LiveEdition) -> bool:
        """Whether the town's guide would answer for a town that is neither ours nor in its text."""
        guide_id = draft.answered.sources[0].guide_id
        if any(entry.source == "national" for entry in live.versions[guide_id].values()):
            return False
        texts = [text for s in draft.answered.sources for text in (s.title, s.text)]
        return load_places().other_town(question, [self._settings.town, *texts]) is not None

    def _record(self, turn: Turn) -> None:
        if self._journal is not None:
            self._journal.record(turn)
