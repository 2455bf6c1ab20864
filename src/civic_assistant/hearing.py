"""What a message says of the citizen's case, and whether it answers a detail asked back."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from civic_assistant.known import MOST_IN_A_ROW, Known, is_same_label
from civic_assistant.messages import PAGE_LANGUAGES, messages_for
from civic_assistant.outcomes import AskedDetail
from civic_assistant.situations import AGE, CHILD, Facts, Situations

# A longer message is a question of its own, not the answer to one.
_REPLY_WORDS = 8


@dataclass(frozen=True, slots=True)
class Heard:
    """What a message came to: what is known, what it says of the case itself, what it answers.

    ``question`` is the question to look up when the message answers a detail asked back, and None
    when it is a question of its own.
    """

    known: Known
    said: Facts
    question: str | None = None


def hear(message: str, language: str, known: Known, situations: Situations) -> Heard:
    """Return what a message adds to what is known, and what it answers.

    A message that answers the pending detail gives the pending question back, with the label it
    chooses if it leaves one only; one that says "I do not know" gives it back to be answered over
    all cases.
    """
    said = situations.read(message, language)
    if known.pending is not None:
        question, settled = known.question, known.after_answering()
        if _is_unsure(message, language, situations):
            return Heard(replace(settled, in_a_row=MOST_IN_A_ROW), {}, question)
        settled = replace(settled, in_a_row=known.in_a_row)
        options = _left_by(message, said, known.pending, situations)
        if len(options) == 1:
            (option,) = options
            said = {**said, **situations.read_label(option, known.pending.language)}
            chosen = settled.with_label(option, said, situations)
            return Heard(chosen, said, f"{question} ({option})")
        if options:
            return Heard(settled.with_facts(said, situations), said, question)
    if AGE not in said and situations.turns_to_self(message, language):
        known = known.without(CHILD, AGE)
    return Heard(known.after_answering().with_facts(said, situations), said)


def with_childs_age(facts: Facts) -> Facts:
    """Return the facts with a child's age, where no other is known."""
    if CHILD not in facts or AGE in facts:
        return facts
    return {**facts, AGE: frozenset(map(str, range(18)))}


def _is_unsure(message: str, language: str, situations: Situations) -> bool:
    """Whether a message is the button for no case, in whatever language, or says as much."""
    buttons = (messages_for(spoken).text("detail.other") for spoken in PAGE_LANGUAGES)
    return any(is_same_label(message, button) for button in buttons) or (
        situations.is_unsure(message, language)
    )


def _left_by(
    message: str, said: Facts, detail: AskedDetail, situations: Situations
) -> Sequence[str]:
    """Return the options that a message leaves: by label, by number, or by what it says.

    Empty when it says nothing about them: then it is no answer.
    """
    for option in detail.options:
        if is_same_label(message, option):
            return (option,)
    if len(message.split()) > _REPLY_WORDS:
        return ()
    if number := re.fullmatch(r"\s*([1-9])\s*[.)]?\s*", message):
        place = int(number.group(1)) - 1
        return detail.options[place : place + 1]
    facts = with_childs_age(said)
    readings = ((o, situations.read_label(o, detail.language)) for o in detail.options)
    return [option for option, read in readings if _agree(facts, read)]


def _agree(said: Facts, read: Facts) -> bool:
    shared = said.keys() & read.keys()
    return bool(shared) and not any(said[kind].isdisjoint(read[kind]) for kind in shared)
