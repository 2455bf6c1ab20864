"""A draft in a language model's words, for staff: each sentence with what it rests on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from civic_assistant.bracketed import bracketed
from civic_assistant.chat.markdown import safe_address
from civic_assistant.citing import cite_guides
from civic_assistant.desk.draft_sources import draft_passages
from civic_assistant.desk.drafting import Suggestion, reply_text, suggestion_of
from civic_assistant.guides import Guide, Passage
from civic_assistant.language_model.drafting import Drafted, WantedDraft
from civic_assistant.language_model.prompt import visible
from civic_assistant.language_model.written import Dropped, Instead
from civic_assistant.messages import PAGE_LANGUAGES
from civic_assistant.outcomes import Answered, AnswerSentence, Citation

if TYPE_CHECKING:
    from civic_assistant.desk.reception import DeskProduct
    from civic_assistant.index import LiveEdition
    from civic_assistant.language_model.drafting import Drafter
    from civic_assistant.language_model.line import Line
    from civic_assistant.turns import Turn

Guides = Mapping[tuple[str, str], Guide]
"""Guides by id and language."""


@dataclass(frozen=True, slots=True)
class NumberedQuote:
    """A quote of a draft, numbered from 1 as it is first rested on, and where it stands."""

    number: int
    quote: str
    language: str
    title: str
    heading: str
    situation: str
    address: str


@dataclass(frozen=True, slots=True)
class WordedSentence:
    """A sentence of a draft that holds, and the quotes it rests on."""

    text: str
    quotes: tuple[NumberedQuote, ...]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A sentence that was written and does not hold: what it said, why, and what about it."""

    text: str
    reason: Dropped
    detail: str


@dataclass(frozen=True, slots=True)
class WordedDraft:
    """What a model drafted in a turn: the text to use, and all that staff judge it by.

    ``is_partial`` says that the model itself found its answer incomplete.
    """

    turn_id: str
    model: str
    language: str
    suggestion: Suggestion
    sentences: tuple[WordedSentence, ...]
    left_out: tuple[LeftOut, ...]
    is_partial: bool


@dataclass(frozen=True, slots=True)
class NotDrafted:
    """That nothing of a draft can be offered, and why."""

    turn_id: str
    reason: Instead
    left_out: tuple[LeftOut, ...] = ()


def worded_draft(
    turn: Turn,
    lines: Sequence[Line],
    before: Sequence[str],
    language: str,
    product: DeskProduct,
    now: datetime,
    excluded: Sequence[str] = (),
) -> WordedDraft | NotDrafted:
    """Return a draft of a reply to what a turn looked up, kept in the journal with the turn.

    ``before`` are ids of passages quoted earlier; ``language`` is the citizen's. Raises
    `RecordsUnusable` when the draft cannot be kept: then it is not shown.
    """
    live = product.index.live().without(excluded)
    passages = draft_passages(turn, before, product.index, live)
    if product.drafter is None or not passages:
        return NotDrafted(turn.id, "none" if product.drafter else "down")
    spoken = language if language in PAGE_LANGUAGES else passages[0].language
    drafted = _drafted(product.drafter, turn, lines, spoken, passages, live)
    product.journal.keep_draft(turn.id, drafted.written)
    left_out = _left_out(drafted)
    if not drafted.sentences:
        return NotDrafted(turn.id, drafted.written.instead or "lost", left_out)
    held = {passage.id: passage for passage in passages}
    guides = {(p.guide_id, p.language): product.index.guide(live.places[p.id]) for p in passages}
    answered = cite_guides(drafted.sentences, held, guides, turn.at.date(), "partial")
    titles = {source.guide_id: source.title for source in answered.sources}
    corrections = product.corrections.of(titles, spoken, now)
    own = suggestion_of(turn)
    return WordedDraft(
        turn_id=turn.id,
        model=drafted.written.model,
        language=spoken,
        suggestion=Suggestion(
            reply_text(answered, corrections, spoken),
            answered.sources,
            own is not None and own.is_sure,
            turn.verdict,
            own.options if own else (),
            own.checked if own else None,
            corrections,
        ),
        sentences=_worded(answered, spoken, held, guides),
        left_out=left_out,
        is_partial=drafted.written.claimed == "partial",
    )


def _drafted(
    drafter: Drafter,
    turn: Turn,
    lines: Sequence[Line],
    language: str,
    passages: Sequence[Passage],
    live: LiveEdition,
) -> Drafted:
    question = turn.searched or turn.question
    return drafter.draft(
        WantedDraft(turn.id, question, lines, language, passages, live, turn.at.date())
    )


def _left_out(drafted: Drafted) -> tuple[LeftOut, ...]:
    """Return what does not hold; what only repeats another sentence is no loss."""
    return tuple(
        LeftOut(visible(judged.given.text), judged.dropped, visible(judged.detail))
        for judged in drafted.written.sentences
        if judged.dropped not in (None, "twice")
    )


def _worded(
    answered: Answered, language: str, passages: Mapping[str, Passage], guides: Guides
) -> tuple[WordedSentence, ...]:
    numbers: dict[Citation, int] = {}

    def quotes(sentence: AnswerSentence) -> tuple[NumberedQuote, ...]:
        return tuple(
            _numbered(numbers.setdefault(c, len(numbers) + 1), c, passages, guides)
            for c in sentence.citations
        )

    return tuple(WordedSentence(bracketed(s, language), quotes(s)) for s in answered.sentences)


def _numbered(
    number: int, citation: Citation, passages: Mapping[str, Passage], guides: Guides
) -> NumberedQuote:
    guide = guides[citation.guide_id, citation.language]
    section = guide.sections[passages[citation.passage_id].section]
    anchor = f"#{section.anchor}" if section.anchor else ""
    return NumberedQuote(
        number=number,
        quote=citation.quote,
        language=citation.language,
        title=guide.title,
        heading=" › ".join(section.path),
        situation=" › ".join(section.situation),
        address=(safe_address(f"{guide.address}{anchor}") or "") if guide.address else "",
    )
