"""What was said in a language that the other does not read: its translation, below the original."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from civic_assistant.desk.pages import page
from civic_assistant.desk.visit import Agent, At
from civic_assistant.desk.words import words_of
from civic_assistant.errors import RecordMissing
from civic_assistant.handoff.entries import Message
from civic_assistant.handoff.record import HandoffRecord
from civic_assistant.interpreter import Reading, needs_reading
from civic_assistant.messages import page_language

routes = APIRouter()


@routes.get("/conversations/{conversation_id}/messages/{position}/translation")
def translation(
    request: Request, reception: At, member: Agent, conversation_id: str, position: int
) -> Response:
    """Return a citizen's message in the desk's language, or a reply as the citizen reads it."""
    _, record = reception.shown(conversation_id, member)
    stored = reception.handoff.transcript.messages(
        conversation_id, after=max(0, position - 1), limit=1
    )
    message = next((m for m in stored if m.position == position), None)
    language = None if message is None else read_in(message, record, words_of(request).language)
    interpreter = reception.product.interpreter
    if message is None or language is None or interpreter is None:
        raise RecordMissing(f"message {position}: nothing of it is translated at this desk.")
    reading: Reading = interpreter.reading(message, written_in(message, record), language)
    return page(
        request,
        "translation.html",
        member,
        message=message,
        translated_into=language,
        reading=reading,
    )


def read_in(message: Message, record: HandoffRecord, desk_language: str) -> str | None:
    """Return the language that a message is translated into, or None where that is not needed.

    What a citizen wrote is read at the desk, in its language; a reply is read by the citizen.
    """
    language = desk_language if message.role == "citizen" else page_language(record.language)
    if language is None or not needs_reading(message, written_in(message, record), language):
        return None
    return language


def written_in(message: Message, record: HandoffRecord) -> str:
    """Return the language of a message; the citizen's where its own was not recognised."""
    return message.language or record.language
