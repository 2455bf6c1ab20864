"""How the page says something: stored first, and only on the floor that the question was heard on.

What cannot be stored is shown all the same when it promises nothing (a breakdown, a refusal).
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import uuid
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import TimeoutError as FutureTimeoutError
from functools import wraps
from typing import ParamSpec, TypeVar

from civic_assistant.chat.case_choice import choice_props
from civic_assistant.chat.contact_form import TALK_ACTION
from civic_assistant.chat.element import Props
from civic_assistant.chat.guide_words import words_props
from civic_assistant.chat.line import Line
from civic_assistant.chat.matters import Matter, department_of, matter_of, reason_of
from civic_assistant.chat.plain_button import plain_elements
from civic_assistant.chat.product import PageProduct, served
from civic_assistant.chat.replies import Reply, reply_for
from civic_assistant.chat.shown import payload_of
from civic_assistant.chat.speech import Spoken, button, current_session, tell_heard, tell_unheard
from civic_assistant.chat.talk import talk
from civic_assistant.chat.visits import Visit, current_visit
from civic_assistant.errors import CivicError, FloorLost, MessageRefused
from civic_assistant.handoff.conversations import Floor
from civic_assistant.handoff.transcript import Heard
from civic_assistant.languages import detect_language
from civic_assistant.messages import messages_for
from civic_assistant.outcomes import Answered, CouldNotLook, Refused
from civic_assistant.turns import Stage, Turn

_log = logging.getLogger(__name__)
_Given = ParamSpec("_Given")
_Made = TypeVar("_Made")
Report = Mapping[str, object]
_STAGE_SECONDS = 2.0


def never_fails(
    callback: Callable[_Given, Awaitable[Report | None]],
) -> Callable[_Given, Awaitable[Report | None]]:
    """Turn anything unexpected into a reference number, so that no exception's text is shown."""

    @wraps(callback)
    async def guarded(*args: _Given.args, **kwargs: _Given.kwargs) -> Report | None:
        try:
            return await callback(*args, **kwargs)
        except Exception as error:
            reference = secrets.token_hex(4)
            # The exception's text may hold what the citizen wrote: only its type is logged.
            kind = type(error).__qualname__
            _log.error("the page broke in %s: %s; reference %s", callback.__name__, kind, reference)
            _log.debug("reference %s", reference, exc_info=True)
        try:
            product = served.product()
            await break_off(CouldNotLook(reference), current_visit(product), product)
        except Exception as error:
            _log.error("reference %s could not be shown: %s", reference, type(error).__qualname__)
        return {"problems": {}, "failed": True}

    return guarded


async def hear_and_answer(
    text: str, client_id: str, visit: Visit, product: PageProduct, *, is_shown: bool
) -> None:
    """Take a message of the citizen: it is stored, and answered by the bot if the bot may speak.

    ``client_id`` identifies the message; ``is_shown`` says that the page shows it already.
    """
    async with visit.hearing:
        try:
            stored = await _hear(text, client_id, visit, product, is_shown=is_shown)
        except CivicError:
            await tell_unheard(client_id)
            raise
    if isinstance(stored, Refused):
        await break_off(stored, visit, product)
        await tell_heard([client_id])
        return
    line, heard = stored
    if not is_shown:  # else the answer would stand above it
        await line.caught_up(heard.message.position)
    visit.enter(heard.floor.episode)
    if heard.floor.speaker == "bot" and not heard.is_repeated:
        async with visit.turn:
            await _answer(text, heard.floor, visit, product)
    else:
        visit.last_question = text


async def _hear(
    text: str, client_id: str, visit: Visit, product: PageProduct, *, is_shown: bool
) -> tuple[Line, Heard] | Refused:
    """Store a message on the page's line, or say why it is refused."""
    if len(text) > product.settings.question_length:
        return Refused("too_long")
    if not await asyncio.to_thread(product.limit.admits, visit.address):
        return Refused("too_many")
    line = await talk(current_session(), visit, product)
    if is_shown:
        visit.sent.add(client_id)
    written = await asyncio.to_thread(detect_language, text, page=visit.spoken)
    try:
        heard = await asyncio.to_thread(
            product.handoff.transcript.hear,
            line.conversation_id,
            client_id=client_id,
            text=text,
            now=product.handoff.clock(),
            language=written.written_in,
        )
    except MessageRefused:
        return Refused("empty")
    return line, heard


async def _answer(text: str, floor: Floor, visit: Visit, product: PageProduct) -> None:
    spoken = Spoken()
    await spoken.show(messages_for(visit.spoken).text("waiting.looking"))
    try:
        question = visit.question(text)
        turn = await while_telling(
            spoken, visit, lambda tell: product.assistant.answer(question, tell)
        )
        visit.remember(text, turn)
        reply = reply_for(turn.outcome, visit.spoken, f"source-{turn.id}", product.settings)
        await store(reply, spoken.id, floor, visit, product, turn)
    except asyncio.CancelledError:  # the visitor pressed stop
        await spoken.show(messages_for(visit.spoken).text("waiting.stopped"))
        return
    except FloorLost:  # a person has taken over: they answer, not the bot
        await spoken.take_back()
        return
    except Exception:
        await spoken.take_back()
        raise
    matter = matter_of(turn)
    visit.matter = matter or Matter("asked", department_of(turn.outcome), turn.id)
    if matter is not None:
        await offer(visit.matter, floor, product)


async def while_telling(
    spoken: Spoken, visit: Visit, work: Callable[[Callable[[Stage], None]], _Made]
) -> _Made:
    """Return what comes of work done in another thread; its stages are shown in a message."""
    is_over = asyncio.Event()
    try:
        return await asyncio.to_thread(work, _telling(spoken, visit, is_over))
    finally:
        is_over.set()


def _telling(spoken: Spoken, visit: Visit, is_over: asyncio.Event) -> Callable[[Stage], None]:
    """Return what shows the stage that a turn is at, to be called in another thread than this.

    It comes back once the stage is shown, for one that came late would stand in place of the
    answer; when all is over it shows nothing.
    """
    loop = asyncio.get_running_loop()

    async def show(stage: Stage) -> None:
        if not is_over.is_set():
            await spoken.show(messages_for(visit.spoken).text(f"waiting.{stage}"))

    def tell(stage: Stage) -> None:
        telling = asyncio.run_coroutine_threadsafe(show(stage), loop)
        try:
            telling.result(_STAGE_SECONDS)
        except FutureTimeoutError:
            telling.cancel()
        except Exception as error:  # the page may be gone; the turn goes on
            _log.info("a stage was not shown: %s", type(error).__qualname__)

    return tell


async def break_off(outcome: CouldNotLook | Refused, visit: Visit, product: PageProduct) -> None:
    """Say what came of a message that was not looked at.

    A refusal is shown only; a breakdown is stored where that works, and a person offered.
    """
    reply = reply_for(outcome, visit.spoken, "", product.settings)
    if isinstance(outcome, CouldNotLook) and visit.conversation is not None:
        try:
            known = await asyncio.to_thread(
                product.handoff.conversations.conversation, visit.conversation
            )
            await store(reply, uuid.uuid4().hex, known.floor, visit, product)
            await offer(Matter(reason_of(outcome)), known.floor, product)
            return
        except CivicError as error:
            _log.error("a breakdown could not be stored: %s", type(error).__qualname__)
    talk_button = button(TALK_ACTION, messages_for(visit.spoken).text("person.talk"))
    await Spoken().show(reply.text, [], [talk_button] if reply.offers_person else [])


async def offer(matter: Matter, floor: Floor, product: PageProduct) -> None:
    """Offer a person, unless somebody already speaks or was asked for."""
    desk = product.handoff.desks.for_department(matter.department)
    try:
        await asyncio.to_thread(
            product.handoff.handoffs.offer,
            floor,
            reason=matter.reason,
            desk=desk.id,
            turn_id=matter.turn_id,
            now=product.handoff.clock(),
        )
    except FloorLost:
        _log.info("a person was there before one could be offered")


async def store(
    reply: Reply,
    client_id: str,
    floor: Floor,
    visit: Visit,
    product: PageProduct,
    turn: Turn | None = None,
    elements: Sequence[tuple[str, Props]] = (),
) -> None:
    """Store what the bot says, and wait until the page shows it. Raises `FloorLost`.

    ``elements`` stand below those of the reply and its turn.
    """
    drawn = [*_elements(reply, visit, turn, product), *elements]
    said = await asyncio.to_thread(
        product.handoff.transcript.say,
        floor,
        client_id=client_id,
        text=reply.text,
        turn_id=turn.id if turn else None,
        payload=payload_of(drawn, visit.spoken, _asked(turn)),
        now=product.handoff.clock(),
    )
    language = visit.spoken
    await asyncio.to_thread(
        product.handoff.conversations.set_language, floor.conversation_id, language
    )
    if visit.line is not None:
        await visit.line.caught_up(said.position)


def _asked(turn: Turn | None) -> Props | None:
    """Return what is kept of the question with its answer; nothing where it is no context."""
    if turn is None or not turn.context:
        return None
    return {"question": turn.context, "is_reply": turn.is_reply}


def _elements(
    reply: Reply, visit: Visit, turn: Turn | None, product: PageProduct
) -> list[tuple[str, Props]]:
    messages = messages_for(visit.spoken)
    elements: list[tuple[str, Props]] = []
    turn_id = turn.id if turn else ""
    if reply.detail is not None:
        elements.append(("CaseChoice", choice_props(reply.detail, turn_id, messages)))
    if reply.checked is not None:
        elements.append(("CheckedReply", reply.checked.props()))
    if reply.glosses:
        elements.append(("GuideWords", words_props(reply.glosses, messages)))
    elements += [("CorrectionCard", card.props()) for card in reply.corrections]
    elements += [("SourceCard", card.props()) for card in reply.cards]
    if turn is not None:
        elements += plain_elements(turn, messages, product.settings)
    if turn is not None and isinstance(turn.outcome, Answered) and turn.outcome.signpost is None:
        given = {
            "turn": turn.plain_of or turn_id,  # what did not help is the answer to a question
            "language": messages.language,
            "not_helped": messages.text("handoff.not_helped"),
            "noted": messages.text("handoff.noted"),
            # Not shown: it is kept for who does not find the answer helpful.
            "department": department_of(turn.outcome) or "",
        }
        elements.append(("NotHelped", given))
    return elements
