"""Finding a conversation by what the citizen says at the counter: a return code, or a number.

The code is no key for staff: they read what is at their own desks, as ever.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import Response

from civic_assistant.desk.reception import Reception
from civic_assistant.desk.visit import Agent, At, OwnForm, done, told
from civic_assistant.errors import RecordMissing

routes = APIRouter()


@routes.post("/find", dependencies=[OwnForm])
def find(
    request: Request,
    reception: At,
    member: Agent,
    code: Annotated[str, Form(max_length=64)] = "",
) -> Response:
    """Open the conversation of a return code or of a left message's number, or say where it is."""
    conversation_id = _found(reception, code)
    if conversation_id is None:
        return told(request, "not_found", 404)
    try:
        reception.shown(conversation_id, member)
    except RecordMissing:
        desk = reception.desk_of(conversation_id)
        if desk is None:
            return told(request, "not_passed_on", 409)
        return told(request, "at_other_desk", 409, desk=desk.name)
    return done(request, f"/desk/conversations/{conversation_id}")


def _found(reception: Reception, code: str) -> str | None:
    """Return the id of the conversation; the number is shorter than any code, so both are tried."""
    try:
        return reception.handoff.conversations.resume(code).id
    except RecordMissing:
        return reception.handoff.handoffs.left_under(code)
