"""What the panel above the question says: who is there, how long it takes, what can be chosen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from civic_assistant.chat.moments import spoken_moment, whole_minutes
from civic_assistant.chat.page_words import direction
from civic_assistant.handoff.availability import Availability, Closed, Full, Nobody, Open
from civic_assistant.handoff.states import State
from civic_assistant.messages import Messages

Wish = Literal["wait", "message", "alone", "withdraw", "finish"]
"""What the panel's buttons ask for."""
_QUESTION_SHOWN = 300


@dataclass(frozen=True, slots=True)
class Facts:
    """What is so at the moment, as it was read from the store.

    ``availability`` is that of the desk while a person is offered or a message was left,
    ``closes_at`` while one is offered, ``ahead`` and ``wait_seconds`` are those of a citizen who
    waits. ``is_interpreted`` says that messages are translated where it is needed.
    """

    state: State
    desk: str = ""
    desk_id: str = ""
    availability: Availability | None = None
    closes_at: datetime | None = None
    ahead: int | None = None
    wait_seconds: float | None = None
    agent: str = ""
    question: str = ""
    number: str = ""
    contact: str = ""
    is_interpreted: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """A button: what it asks for, and its label."""

    wish: Wish
    label: str


@dataclass(frozen=True, slots=True)
class Standing:
    """What ``handoff.js`` draws; without a title there is no panel. The first choice stands out."""

    state: State
    language: str
    direction: str
    title: str = ""
    lines: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()
    passed_on: tuple[str, ...] = ()

    def told(self) -> Mapping[str, object]:
        """Return the standing as plain dictionaries and lists."""
        return asdict(self)


def standing(facts: Facts, messages: Messages, now: datetime) -> Standing:
    """Return the panel for what is so at the moment, in a page language."""
    title = ""
    lines: tuple[str, ...] = ()
    wishes: tuple[tuple[Wish, str], ...] = ()
    match facts.state:
        case "offered":
            title = messages.text("handoff.offer")
            lines = tuple(_offered(facts, messages, now))
            can_wait = isinstance(facts.availability, Open)
            wishes = (("wait", "handoff.wait"),) if can_wait else ()
            wishes += (("message", "handoff.leave"), ("alone", "handoff.alone"))
        case "waiting":
            title = messages.text("handoff.waiting")
            lines = (*_queue(facts.ahead, facts.wait_seconds, messages),)
            lines += (messages.text("handoff.waiting_hint"), *_interpreted(facts, messages))
            wishes = (("withdraw", "handoff.stop_waiting"), ("message", "handoff.leave"))
        case "with_agent":
            title = messages.text("handoff.with_agent", name=facts.agent)
            lines = (messages.text("handoff.with_agent_hint"), *_interpreted(facts, messages))
            wishes = (("finish", "handoff.finish"),)
        case "left_message":
            title, lines, wishes = _left(facts, messages)
        case "bot" | "closed":
            pass
    return Standing(
        state=facts.state,
        language=messages.language,
        direction=direction(messages.language),
        title=title,
        lines=lines,
        choices=tuple(Choice(wish, messages.text(key)) for wish, key in wishes),
        passed_on=tuple(_passed_on(facts, messages)) if facts.state == "offered" else (),
    )


def in_zone(availability: Availability, zone: ZoneInfo) -> Availability:
    """Return the availability with its next opening on the town hall's clock."""
    if isinstance(availability, Open) or availability.next_opening is None:
        return availability
    return replace(availability, next_opening=availability.next_opening.astimezone(zone))


def _interpreted(facts: Facts, messages: Messages) -> Iterator[str]:
    if facts.is_interpreted:
        yield messages.text("translation.both_ways")


def _left(
    facts: Facts, messages: Messages
) -> tuple[str, tuple[str, ...], tuple[tuple[Wish, str], ...]]:
    lines: tuple[str, ...] = (messages.text("handoff.left_hint"),)
    wishes: tuple[tuple[Wish, str], ...] = (("withdraw", "handoff.withdraw"),)
    if facts.number:
        title = messages.text("handoff.left", number=facts.number)
        lines = (messages.text("handoff.left_contact", contact=facts.contact), *lines)
    else:  # kept by the clock: nobody could come, and there is no contact yet
        title = messages.text("handoff.left_kept")
        wishes = (("message", "handoff.leave"), *wishes)
    if isinstance(facts.availability, Open):  # somebody is there now: one may wait again
        open_now = messages.text("handoff.open_now", desk=facts.desk)
        queue = _queue(facts.availability.ahead, facts.availability.wait_seconds, messages)
        lines = (*lines, open_now, *queue)
        wishes = (("wait", "handoff.wait"), *wishes)
    return title, lines, wishes


def _offered(facts: Facts, messages: Messages, now: datetime) -> Iterator[str]:
    match facts.availability:
        case Open(ahead=ahead, wait_seconds=seconds):
            if facts.closes_at is None:
                yield messages.text("handoff.open_now", desk=facts.desk)
            else:
                closes = spoken_moment(facts.closes_at, now, messages.language)
                yield messages.text("handoff.open_until", desk=facts.desk, closes=closes)
            yield from _queue(ahead, seconds, messages)
            return
        case Closed(next_opening=opening):
            yield messages.text("handoff.closed", desk=facts.desk)
        case Nobody(next_opening=opening):
            yield messages.text("handoff.nobody", desk=facts.desk)
        case Full(ahead=ahead, next_opening=opening):
            yield messages.text("handoff.full", desk=facts.desk, ahead=ahead)
        case None:
            return
    if opening is not None:
        when = spoken_moment(opening, now, messages.language)
        yield messages.text("handoff.next_opening", opening=when)
    yield messages.text("handoff.can_leave")


def _queue(ahead: int | None, seconds: float | None, messages: Messages) -> Iterator[str]:
    if ahead is not None:
        yield (
            messages.text("handoff.ahead", ahead=ahead) if ahead else messages.text("handoff.first")
        )
    if seconds is not None:
        yield messages.text("handoff.estimate", minutes=whole_minutes(seconds))


def _passed_on(facts: Facts, messages: Messages) -> Iterator[str]:
    if facts.question:
        question = facts.question
        if len(question) > _QUESTION_SHOWN:
            question = f"{question[:_QUESTION_SHOWN].rstrip()}…"
        yield messages.text("handoff.passed_on_question", question=question)
    yield messages.text("handoff.passed_on_what")
