"""The away switch, and taking the next who waits."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import Response

from civic_assistant.desk.visit import Agent, At, OwnForm, done, told

routes = APIRouter()


@routes.post("/away", dependencies=[OwnForm])
def set_away(
    request: Request, reception: At, member: Agent, away: Annotated[bool, Form()] = False
) -> Response:
    """Take no new conversations for a while, or take them again."""
    reception.be_present(member)
    reception.handoff.presence.set_away(member.id, away, reception.clock())
    return done(request, "/desk/")


@routes.post("/claim-next", dependencies=[OwnForm])
def claim_next(request: Request, reception: At, member: Agent) -> Response:
    """Take the conversation that has waited longest."""
    reception.be_present(member)
    claimed = reception.handoff.handoffs.claim_next(staff_id=member.id, now=reception.clock())
    if claimed is None:
        return told(request, "nobody_waits", 409)
    return done(request, f"/desk/conversations/{claimed.id}")
