"""A kept turn's question, to be asked again as it was then."""

from __future__ import annotations

from dataclasses import replace

from civic_assistant.known import NOTHING_KNOWN, known_from
from civic_assistant.outcomes import Answered
from civic_assistant.situations import load_situations
from civic_assistant.stored import StoredTurn
from civic_assistant.turns import Plainer, Question


def asked_again(stored: StoredTurn) -> Question:
    """Return the question, made to stand alone as it was, with what was known before it."""
    before = stored.before
    if before is None and stored.situations:
        before = known_from(stored.situations, load_situations())
    return Question(
        text=stored.question,
        page_language=stored.page_language,
        conversation_language=stored.language,
        known=before or NOTHING_KNOWN,
        searched=stored.searched,
        plainer=Plainer(stored.plain_of) if stored.plain_of else None,
    )


def asked_plainly(stored: StoredTurn) -> Question | None:
    """Return the question whose answer is to be said more simply; None where there is none.

    What staff wrote stays in their words, and what is in plain language already is as plain as it
    gets.
    """
    outcome = stored.outcome
    if not isinstance(outcome, Answered) or outcome.checked is not None or stored.plain_of:
        return None
    sentences = tuple(sentence.text for sentence in outcome.sentences)
    return replace(
        asked_again(stored),
        conversation=stored.conversation,
        is_worded=True,
        plainer=Plainer(stored.id, sentences),
    )
