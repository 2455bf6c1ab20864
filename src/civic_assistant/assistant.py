"""One turn, top to bottom: a citizen's question comes in, an outcome goes out."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from civic_assistant.asked_again import asked_plainly
from civic_assistant.errors import RecordMissing
from civic_assistant.followups import may_continue, standalone
from civic_assistant.gate import TOWN, signals_of
from civic_assistant.known import NOTHING_KNOWN
from civic_assistant.language_model.writer import Asked
from civic_assistant.languages import detect_language
from civic_assistant.limits import bounded_question
from civic_assistant.outcomes import (
    Answered,
    CouldNotLook,
    NotCovered,
    Outcome,
    Refused,
    Unsure,
    signposted,
)
from civic_assistant.places import load_places
from civic_assistant.redaction import redact
from civic_assistant.related import related_guides
from civic_assistant.screening import Screening
from civic_assistant.stopwatch import Stopwatch
from civic_assistant.turns import Question, Stage, Turn, silent
from civic_assistant.verification import faults_of

if TYPE_CHECKING:
    from civic_assistant.corrections.showing import RunningCorrections
    from civic_assistant.evidence import Evidence, Verdict
    from civic_assistant.gate import Gate
    from civic_assistant.hearing import Heard
    from civic_assistant.index import Index, LiveEdition
    from civic_assistant.interviewer import Interviewer
    from civic_assistant.journal import Journal
    from civic_assistant.known import Known
    from civic_assistant.language_model.asking import TurnCalls
    from civic_assistant.language_model.rewriter import Rewriter
    from civic_assistant.language_model.writer import ModelWriter
    from civic_assistant.retrieval import Looked, Retriever
    from civic_assistant.screening import Screener
    from civic_assistant.settings import Settings
    from civic_assistant.verified.offering import Offer, Offers
    from civic_assistant.writing import Draft, Writer

log = logging.getLogger(__name__)


class Assistant:
    """Answers questions from the live edition; safe to call from several threads."""

    def __init__(
        self,
        index: Index,
        screener: Screener,
        retriever: Retriever,
        writer: Writer,
        model_writer: ModelWriter,
        rewriter: Rewriter | None,
        gate: Gate,
        interviewer: Interviewer,
        journal: Journal | None,
        offers: Offers | None,
        corrections: RunningCorrections,
        models: Mapping[str, str],
        settings: Settings,
        clock: Callable[[], datetime],
        new_id: Callable[[], str],
    ) -> None:
        self._index = index
        self._screener = screener
        self._retriever = retriever
        self._writer = writer
        self._model_writer = model_writer
        self._rewriter = rewriter
        self._gate = gate
        self._interviewer = interviewer
        self._journal = journal
        self._offers = offers
        self._corrections = corrections
        self.models = models
        self._settings = settings
        self._clock = clock
        self._new_id = new_id

    def answer(self, question: Question, tell: Callable[[Stage], None] = silent) -> Turn:
        """Return the turn, recorded; whatever breaks becomes `CouldNotLook`, nothing is raised.

        A turn that cannot be recorded is not shown: an answer must be explainable later. ``tell``
        is told when a stage begins that takes seconds.
        """
        turn = self._opened(question)
        try:
            turn = self._answered(turn, question, tell)
            turn = self._corrections.shown_with(turn)
            self._record(turn, question)
        except Exception as error:  # the citizen sees a reference, whatever the cause
            # The exception's text may hold the question: only its type is logged.
            log.error("turn %s could not be looked up: %s", turn.id, type(error).__qualname__)
            log.debug("turn %s", turn.id, exc_info=True)
            outcome = CouldNotLook(turn.id)
            turn = replace(
                turn,
                outcome=outcome,
                evidence=None,
                verdict=None,
                drafted=None,
                written=None,
                rewritten=None,
            )
            with contextlib.suppress(Exception):
                self._record(turn, question)
        return turn

    def say_plainly(self, turn_id: str, tell: Callable[[Stage], None] = silent) -> Turn | None:
        """Return what a turn's answer comes to in plain language, as a turn of its own.

        Only where its outcome ``is_plain`` is there anything to show: otherwise the answer of then
        stays. None when the turn gave no answer of the guides, or is not kept any more. Nothing is
        raised.
        """
        if self._journal is None:
            return None
        try:
            question = asked_plainly(self._journal.turn(turn_id))
        except RecordMissing:
            return None
        except Exception as error:  # the answer of then is there, whatever the cause
            log.error("turn %s could not be read: %s", turn_id, type(error).__qualname__)
            return None
        return None if question is None else self.answer(question, tell)

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
            models=self.models,
            known=question.known,
            before=question.known,
            plain_of=question.plainer.turn_id if question.plainer else None,
        )

    def _answered(self, turn: Turn, question: Question, tell: Callable[[Stage], None]) -> Turn:
        """Read, screen, look up, judge, write, verify; or ask the one detail back."""
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
        history = [redact(text).text for text in question.history]
        if turn.before == NOTHING_KNOWN and history:
            turn = replace(turn, before=self._interviewer.recall(history, language))
        heard = self._interviewer.hear(asked, language, turn.before)
        if heard.question is not None:
            language = turn.language
        turn = replace(turn, question=asked, language=language)
        screening = Screening(None)
        if heard.question is None:
            screening = self._screener.screening(asked, language)
        watch.lap("read")
        if screening.outcome is not None:
            return replace(
                turn,
                outcome=screening.outcome,
                milliseconds=watch.laps,
                processor_milliseconds=watch.processor_laps,
            )
        calls = None
        if question.is_worded and question.written is None:
            calls = self._model_writer.for_turn(turn.id, turn.conversation)
        if heard.question is not None:
            turn = replace(turn, searched=heard.question, is_reply=True)
        else:
            turn = self._standing_alone(turn, question, history, calls)
            if turn.rewritten is not None:
                watch.lap("complete")
        live = self._index.live()
        if question.edition is not None:
            live = self._index.edition(question.edition)
        if question.excluded:
            live = live.without(question.excluded)
        return self._looked_up(turn, question, heard, screening, live, watch, tell, calls)

    def _standing_alone(
        self, turn: Turn, question: Question, history: Sequence[str], calls: TurnCalls | None
    ) -> Turn:
        """Return the turn with what to search: completed by a model if there is one, or by rule."""
        if question.searched:
            return replace(turn, searched=question.searched)
        by_rule = standalone(turn.question, history)
        if self._rewriter is None or calls is None or not history:
            return replace(turn, searched=by_rule)
        if not may_continue(turn.question):
            return replace(turn, searched=by_rule)
        rewritten = self._rewriter.rewrite(turn.question, turn.language, history, calls)
        searched = rewritten.question if rewritten.unused is None else by_rule
        return replace(turn, searched=searched, rewritten=rewritten)

    def _looked_up(
        self,
        turn: Turn,
        question: Question,
        heard: Heard,
        screening: Screening,
        live: LiveEdition,
        watch: Stopwatch,
        tell: Callable[[Stage], None],
        calls: TurnCalls | None,
    ) -> Turn:
        today = turn.at.date()
        looked = self._retriever.look_up(turn.searched, turn.language, live, today)
        ranked = self._interviewer.ranked(looked.evidence, live, heard)
        looked = replace(looked, evidence=replace(looked.evidence, ranked=ranked))
        watch.lap("retrieve")
        if (offer := self._offer(turn, question, heard, live)) is not None:
            watch.lap("match")
            answered = replace(offer.answered, signpost=screening.danger)
            return replace(
                turn,
                outcome=answered,
                known=self._interviewer.remember(heard, answered.sources[0].guide_id),
                evidence=looked.evidence,
                vector=looked.vector,
                verdict=offer.verdict,
                edition=live.number,
                milliseconds=watch.laps,
                processor_milliseconds=watch.processor_laps,
            )
        draft = self._writer.draft(
            looked,
            live,
            today,
            lambda guide: self._interviewer.applying(guide, heard, turn.searched, turn.language),
        )
        watch.lap("write")
        verdict, outcome = self._judged(turn, screening, looked, draft, live)
        outcome, known = self._asked_back(turn, heard, draft, outcome)
        watch.lap("judge")
        if draft is not None and outcome is draft.answered:
            turn = self._worded(turn, question, draft, live, tell, calls)
            outcome = turn.outcome
            if turn.written is not None:
                watch.lap("word")
        if screening.danger is not None:
            outcome = signposted(outcome, screening.danger)
        return replace(
            turn,
            outcome=outcome,
            known=known,
            evidence=looked.evidence,
            vector=looked.vector,
            verdict=verdict,
            drafted=draft.answered if draft is not None else None,
            edition=live.number,
            milliseconds=watch.laps,
            processor_milliseconds=watch.processor_laps,
        )

    def _judged(
        self,
        turn: Turn,
        screening: Screening,
        looked: Looked,
        draft: Draft | None,
        live: LiveEdition,
    ) -> tuple[Verdict, Outcome]:
        """Return what the gate decides of a draft, and the outcome that stands the last check."""
        verdict = self._gate.judge(
            signals_of(looked.evidence, draft, live, screening.doubt),
            turn.language,
            _source(looked.evidence, live),
        )
        related = related_guides(looked.evidence, live, self._index, turn.language)
        if draft is None:
            return verdict, Unsure(related)
        if self._is_elsewhere(turn.searched, draft.answered, live):
            verdict = replace(verdict, decision="not_covered", reason="names another town")
        if verdict.decision == "answer":
            cited = {sentence.citation.passage_id for sentence in draft.answered.sentences}
            held = self._index.passages(cited, live)
            faults = faults_of(draft.answered, held, live, turn.at.date())
            if not faults:
                return verdict, draft.answered
            verdict = replace(verdict, decision="unsure", reason=f"not verified: {faults[0]}")
        return verdict, Unsure(related) if verdict.decision == "unsure" else NotCovered(related)

    def _asked_back(
        self, turn: Turn, heard: Heard, draft: Draft | None, outcome: Outcome
    ) -> tuple[Outcome, Known]:
        """Return the outcome, or the detail that it depends on, and what is known from now on."""
        if draft is None or not isinstance(outcome, Answered):
            return outcome, heard.known.after_answering()
        known = self._interviewer.remember(heard, draft.guide.id)
        detail = self._interviewer.detail(draft, heard, turn.searched, turn.language)
        if detail is None:
            return outcome, known
        known = replace(known, in_a_row=heard.known.in_a_row)
        return detail.asked, known.after_asking(detail.asked, detail.keys, turn.searched)

    def _worded(
        self,
        turn: Turn,
        question: Question,
        draft: Draft,
        live: LiveEdition,
        tell: Callable[[Stage], None],
        calls: TurnCalls | None,
    ) -> Turn:
        """Return the turn with the answer worded by a language model, if there is one to ask."""
        writer = self._model_writer
        asked = Asked(
            turn.id,
            calls,
            turn.searched,
            turn.language,
            draft,
            live,
            turn.at.date(),
            question.plainer.sentences if question.plainer else None,
        )
        if question.written is not None:
            answered, written = writer.write_again(asked, question.written)
        elif calls is not None:
            tell("writing" if question.plainer is None else "simplifying")
            answered, written = writer.write(asked)
        else:
            return replace(turn, outcome=draft.answered)
        return replace(turn, outcome=answered, written=written)

    def _offer(
        self, turn: Turn, question: Question, heard: Heard, live: LiveEdition
    ) -> Offer | None:
        """Return what staff have answered to the same question, if it is for the citizen's case."""
        if self._offers is None or turn.is_reply or question.plainer is not None:
            return None
        asked, language = turn.searched, turn.language
        offer = self._offers.offer(
            asked,
            language,
            live,
            turn.at,
            lambda guide: self._interviewer.applying(guide, heard, asked, language).excluded,
            is_trial=question.edition is not None,
        )
        if offer is None or self._is_elsewhere(asked, offer.answered, live):
            return None
        return offer

    def _is_elsewhere(self, question: str, answered: Answered, live: LiveEdition) -> bool:
        """Whether the town's guide would answer for a town that is neither ours nor in its text."""
        guide_id = answered.sources[0].guide_id
        if any(entry.source == "national" for entry in live.versions[guide_id].values()):
            return False
        texts = [text for s in answered.sources for text in (s.title, s.text)]
        return load_places().other_town(question, [self._settings.town, *texts]) is not None

    def _record(self, turn: Turn, question: Question) -> None:
        """Keep a citizen's turn and count a verified answer; one on another edition is no such."""
        if question.edition is not None:
            return
        if self._journal is not None:
            self._journal.record(turn)
        if self._offers is not None and isinstance(turn.outcome, Answered):
            self._offers.shown(turn.outcome, turn.at)


def _source(evidence: Evidence, live: LiveEdition) -> str:
    """Return the source of the first guide; the town's when none was found."""
    versions = live.versions[evidence.ranked[0]] if evidence.ranked else {}
    return next((entry.source for entry in versions.values()), TOWN)
