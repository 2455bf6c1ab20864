"""What an agent wrote, in the citizen's language, below it: asked for when the page shows it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator, Mapping
from typing import Literal

from civic_assistant.chat.element import Element
from civic_assistant.chat.page_words import direction
from civic_assistant.chat.product import PageProduct
from civic_assistant.errors import CivicError
from civic_assistant.handoff.entries import Message
from civic_assistant.interpreter import needs_reading
from civic_assistant.messages import Messages

TRANSLATE_ACTION = "translate_message"
Told = Mapping[str, str]
State = Literal["made", "unsure", "later"]

_log = logging.getLogger(__name__)


def translation_below(message: Message, messages: Messages) -> Iterator[Element]:
    """Yield the element below an agent's message in another language than the page's."""
    if message.language and needs_reading(message, message.language, messages.language):
        identity = f"{message.client_id}-translation"
        yield Element(identity, "MachineTranslation", _props(message, messages))


async def told_translation(
    position: object, conversation_id: str | None, language: str, product: PageProduct
) -> Told:
    """Return what ``MachineTranslation.jsx`` shows: a ``state``, and the ``text`` that was made.

    The browser is not trusted: only what an agent said in the page's own conversation is read.
    """
    interpreter = product.interpreter
    if interpreter is None or conversation_id is None or not _is_place(position):
        return _told("later")
    assert isinstance(position, int)
    messages = product.handoff.transcript.messages
    try:
        stored = await asyncio.to_thread(messages, conversation_id, after=position - 1, limit=1)
        message = next((m for m in stored if (m.position, m.role) == (position, "agent")), None)
        if message is None or not needs_reading(message, message.language or language, language):
            return _told("later")
        written_in = message.language or language
        reading = await interpreter.reading_apart(message, written_in, language)
    except CivicError as error:  # the original is there
        _log.warning("a message could not be translated: %s", type(error).__qualname__)
        return _told("later")
    if reading is None:
        return _told("later")
    return _told("made", reading) if reading else _told("unsure")


def _props(message: Message, messages: Messages) -> Mapping[str, object]:
    return {
        "position": message.position,
        "at": message.at.isoformat(),
        "spoken": messages.language,
        "direction": direction(messages.language),
        "labels": {
            "mark": messages.text("translation.mark"),
            "making": messages.text("translation.making"),
            "unsure": messages.text("translation.unsure"),
            "later": messages.text("translation.later"),
            "again": messages.text("translation.again"),
        },
    }


def _told(state: State, text: str = "") -> Told:
    return {"state": state, "text": text}


def _is_place(position: object) -> bool:
    return isinstance(position, int) and not isinstance(position, bool) and position > 0
