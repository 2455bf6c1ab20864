"""Signing in with a local account, and signing out."""

from __future__ import annotations

import asyncio
import logging
from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from civic_assistant.desk.pages import page
from civic_assistant.desk.sessions import Member, form_token
from civic_assistant.desk.visit import (
    SESSION_COOKIE,
    At,
    OwnForm,
    OwnSignInForm,
    Staff,
    address_of,
    reception_of,
    set_session,
    set_visit,
    visit_token,
)
from civic_assistant.desk.words import DESK_LANGUAGES, LANGUAGE_COOKIE

logger = logging.getLogger(__name__)

routes = APIRouter()


@routes.get("/sign-in")
def sign_in_page(request: Request, said: str = "") -> Response:
    """Show the form; ``said`` is the key of a note above it."""
    return sign_in_form(request, said if said in ("ended", "signed_out") else "")


@routes.post("/sign-in", dependencies=[OwnSignInForm])
async def sign_in(
    request: Request,
    reception: At,
    login: Annotated[str, Form(max_length=200)] = "",
    password: Annotated[str, Form(max_length=1000)] = "",
) -> Response:
    """Open a session for the right password; a wrong one costs time and is counted."""
    if not await asyncio.to_thread(reception.may_try, address_of(request), login):
        logger.warning("sign-in: too many attempts")
        return sign_in_form(request, "too_many", 429)
    account = await asyncio.to_thread(reception.accounts.check, login, password)
    if account is None:
        logger.info("sign-in: refused")
        return sign_in_form(request, "wrong", 403)
    member = Member(account.id, account.name, account.desks, account.roles)
    return await asyncio.to_thread(welcome, request, member)


@routes.post("/sign-out", dependencies=[OwnForm])
def sign_out(request: Request, reception: At, member: Staff) -> Response:
    """End the session; what the person holds goes back to the queue."""
    reception.handoff.presence.leave(member.id, reception.clock())
    reception.sessions.end(request.cookies.get(SESSION_COOKIE, ""))
    response = RedirectResponse("/desk/sign-in?said=signed_out", 303)
    response.delete_cookie(SESSION_COOKIE, path="/desk")
    return response


@routes.post("/language", dependencies=[OwnForm])
def choose_language(
    request: Request, member: Staff, language: Annotated[str, Form(max_length=8)] = ""
) -> Response:
    """Keep the language of the desk's own words in a cookie."""
    response = RedirectResponse("/desk/", 303)
    if language in DESK_LANGUAGES:
        response.set_cookie(
            LANGUAGE_COOKIE, language, max_age=31_536_000, path="/desk", samesite="lax"
        )
    return response


def welcome(request: Request, member: Member) -> Response:
    """Open a session of somebody who proved who they are, and lead them to their place."""
    reception = reception_of(request)
    reception.arrive(member)
    token = reception.sessions.open(member, reception.clock())
    response = RedirectResponse("/desk/", 303)
    set_session(response, request, token)
    return response


def sign_in_form(request: Request, said: str, status: int = 200) -> Response:
    """Return the sign-in page with a note (a key under ``sign_in``), and its cookie."""
    token = visit_token(request)
    response = page(
        request,
        "sign_in.html",
        None,
        status,
        said=said,
        csrf=form_token(token),
        has_provider=request.app.state.provider is not None,
    )
    set_visit(response, request, token)
    return response
