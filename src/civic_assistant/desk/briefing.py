"""What a person reads first: what was asked, searched and found, and why nothing was shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from civic_assistant.corrections.showing import RunningCorrections
from civic_assistant.desk.found_passages import ShownPassage, shown_stored
from civic_assistant.desk.reception import DeskProduct
from civic_assistant.errors import CivicError, RecordMissing
from civic_assistant.evidence import Verdict
from civic_assistant.handoff.record import HandoffRecord
from civic_assistant.index import Index
from civic_assistant.keywords import content_words, stems
from civic_assistant.outcomes import (
    NotCovered,
    ShownCorrection,
    corrections_of,
    outcome_name,
)
from civic_assistant.stored import StoredTurn
from civic_assistant.verified.offering import REASON as OFFERED

PASSAGES = 6
"""How many of the nearest passages a briefing shows."""


@dataclass(frozen=True, slots=True)
class Why:
    """Why the bot answered or not: keys of the desk's words under ``why`` and ``signal``.

    ``detail`` is the gate's own reason where no key says it; ``confidence`` and ``threshold`` are
    None when nothing was looked up.
    """

    key: str
    signals: tuple[str, ...]
    detail: str
    confidence: float | None
    threshold: float | None


@dataclass(frozen=True, slots=True)
class Briefing:
    """What the journal holds of the turn that led to a handoff.

    ``missing`` are words of the question that the nearest guide does not say; empty where question
    and guide are in different languages. ``corrections`` are those that the citizen was shown.
    """

    turn_id: str
    at: datetime
    question: str
    language: str
    searched: str
    cases: tuple[str, ...]
    outcome: str
    why: Why
    passages: tuple[ShownPassage, ...]
    missing: tuple[str, ...]
    corrections: tuple[ShownCorrection, ...]


def briefing_of(record: HandoffRecord, product: DeskProduct, now: datetime) -> Briefing | None:
    """Return the briefing of a handoff; None when no turn led to it, or retention took it."""
    if record.turn_id is None:
        return None
    try:
        turn = product.journal.turn(record.turn_id)
    except RecordMissing:
        return None
    return briefed(turn, product.index, product.corrections, now)


def briefed(
    turn: StoredTurn, index: Index, corrections: RunningCorrections, now: datetime
) -> Briefing:
    """Return the briefing of a kept turn; passages are read from the live edition."""
    passages: tuple[ShownPassage, ...] = ()
    if turn.evidence is not None:
        try:
            passages = shown_stored(turn.evidence, index, PASSAGES, corrections, now)
        except CivicError:  # nothing is published just now: the rest still helps
            passages = ()
    return Briefing(
        turn_id=turn.id,
        at=turn.at,
        question=turn.question,
        language=turn.language,
        searched=turn.searched,
        cases=turn.situations,
        outcome=outcome_name(turn.outcome),
        why=why_of(
            turn.verdict,
            turn.outcome.reason if isinstance(turn.outcome, NotCovered) else None,
        ),
        passages=passages,
        missing=missing_words(turn.searched, turn.language, passages),
        corrections=corrections_of(turn.outcome),
    )


def why_of(verdict: Verdict | None, not_covered: str | None = None) -> Why:
    """Return what a verdict rests on, as keys; ``not_covered`` is the outcome's own reason."""
    if verdict is None:
        key = not_covered if not_covered not in (None, "no_guide") else "not_searched"
        return Why(str(key), (), "", None, None)
    key, detail = "other", verdict.reason
    signals: tuple[str, ...] = ()
    if verdict.reason.startswith("weak: "):
        signals = tuple(verdict.reason.removeprefix("weak: ").split(", "))
        key, detail = "weak", ""
    elif verdict.reason.startswith("not verified"):
        key = "not_verified"
    elif verdict.reason == "names another town":
        key, detail = "other_town", ""
    elif verdict.decision == "not_covered":
        key, detail = "no_guide", ""
    elif verdict.reason == OFFERED:
        key, detail = "verified", ""
    elif verdict.decision == "answer":
        key, detail = "sure", ""
    return Why(key, signals, detail, verdict.confidence, verdict.threshold)


def missing_words(
    question: str, language: str, passages: tuple[ShownPassage, ...]
) -> tuple[str, ...]:
    """Return the question's content words that the first guide's passages do not have."""
    if not passages or passages[0].language != language:
        return ()
    first = [p for p in passages if p.guide_id == passages[0].guide_id]
    said = " ".join(f"{p.title} {p.heading} {p.situation} {p.text}" for p in first)
    known = set(stems(said, language))
    words = [question[start:end] for start, end in content_words(question, language)]
    return tuple(dict.fromkeys(word for word in words if not set(stems(word, language)) <= known))
