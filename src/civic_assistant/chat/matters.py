"""Why a person is offered, and which desk would answer."""

from __future__ import annotations

from dataclasses import dataclass

from civic_assistant.handoff.states import Reason
from civic_assistant.outcomes import (
    Answered,
    AskedDetail,
    CouldNotLook,
    HandedOff,
    NotCovered,
    Outcome,
    Refused,
    Signposted,
    Unsure,
    offers_person,
)
from civic_assistant.turns import Turn


@dataclass(frozen=True, slots=True)
class Matter:
    """What a person would be told: why, by whose guide (a department), and of which turn."""

    reason: Reason
    department: str | None = None
    turn_id: str | None = None


def matter_of(turn: Turn) -> Matter | None:
    """Return why a person is offered after a turn, or None when none is."""
    outcome = turn.outcome
    has_signpost = isinstance(outcome, Answered) and outcome.signpost is not None
    if not offers_person(outcome) and not has_signpost:
        return None
    is_faulty = turn.verdict is not None and turn.verdict.reason.startswith("not verified")
    reason = "not_verified" if is_faulty else reason_of(outcome)
    return Matter(reason, department_of(outcome), turn.id)


def reason_of(outcome: Outcome) -> Reason:
    """Return the reason that an outcome gives for offering a person."""
    match outcome:
        case Unsure():
            return "unsure"
        case NotCovered():
            return "not_covered"
        case CouldNotLook():
            return "could_not_look"
        case HandedOff():
            return "asked"
        case Signposted(topic=topic):
            return topic
        case Answered(signpost=topic) if topic is not None:
            return topic
        case Refused("abuse"):
            return "abuse"
        case _:
            return "asked"


def department_of(outcome: Outcome) -> str | None:
    """Return the department of the nearest guide that an outcome shows, or None."""
    match outcome:
        case Answered(sources=sources) | AskedDetail(common=Answered(sources=sources)) if sources:
            return sources[0].department or None
        case NotCovered(related=related) | Unsure(related=related) if related:
            return related[0].department or None
        case _:
            return None
