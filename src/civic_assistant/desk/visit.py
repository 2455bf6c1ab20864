"""Who is visiting the desk: the cookie, the member of staff behind it, and their own forms."""

from __future__ import annotations

import secrets
from typing import Annotated

from fastapi import Depends, Form, Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from civic_assistant.desk.reception import Reception
from civic_assistant.desk.sessions import Member, is_own_form
from civic_assistant.desk.words import words_of
from civic_assistant.security import client_address

SESSION_COOKIE = "civic_desk"
VISIT_COOKIE = "civic_desk_visit"
"""The second holds the token of the sign-in form, before anybody is signed in."""


class SignInNeeded(Exception):
    """Nobody is signed in, or no longer."""


class ForeignForm(Exception):
    """A request that changes something did not come from a page of this session."""


class NotAllowed(Exception):
    """The member of staff lacks the role for this page."""


def reception_of(request: Request) -> Reception:
    """Return what the desk works with."""
    reception: Reception = request.app.state.reception
    return reception


def signed_in(request: Request) -> Member:
    """Return who is signed in. Raises `SignInNeeded`."""
    token = request.cookies.get(SESSION_COOKIE, "")
    reception = reception_of(request)
    member = reception.sessions.member(token, reception.clock()) if token else None
    if member is None:
        raise SignInNeeded
    return member


def at_desk(member: Annotated[Member, Depends(signed_in)]) -> Member:
    """Return who is signed in to talk with citizens. Raises `NotAllowed`."""
    if not member.is_at_desk:
        raise NotAllowed
    return member


def editing(member: Annotated[Member, Depends(signed_in)]) -> Member:
    """Return who is signed in to change guides. Raises `NotAllowed`."""
    if not member.is_editor:
        raise NotAllowed
    return member


def own_form(request: Request, csrf: Annotated[str, Form(max_length=128)] = "") -> None:
    """Refuse a form that does not carry the session's token. Raises `ForeignForm`."""
    token = request.cookies.get(SESSION_COOKIE, "")
    if not token or not is_own_form(token, csrf):
        raise ForeignForm


def own_sign_in_form(request: Request, csrf: Annotated[str, Form(max_length=128)] = "") -> None:
    """Refuse a sign-in form that this browser was not given. Raises `ForeignForm`."""
    token = request.cookies.get(VISIT_COOKIE, "")
    if not token or not is_own_form(token, csrf):
        raise ForeignForm


def is_secure(request: Request) -> bool:
    """Whether the page is served over TLS, here or by a trusted proxy in front."""
    if request.url.scheme == "https":
        return True
    forwarded = request.headers.get("x-forwarded-proto", "")
    return bool(reception_of(request).settings.trusted_proxies) and forwarded == "https"


def address_of(request: Request) -> str:
    """Return the visitor's address, as far as it can be trusted."""
    return client_address(request.scope, reception_of(request).settings.trusted_proxies)


def set_session(response: Response, request: Request, token: str) -> None:
    """Give the browser the session's token."""
    response.set_cookie(
        SESSION_COOKIE,
        token,
        max_age=reception_of(request).settings.desk_session_hours * 3600,
        path="/desk",
        secure=is_secure(request),
        httponly=True,
        samesite="lax",
    )
    response.delete_cookie(VISIT_COOKIE, path="/desk")


def visit_token(request: Request) -> str:
    """Return the token of this browser's sign-in form, a new one when it has none."""
    return request.cookies.get(VISIT_COOKIE) or secrets.token_urlsafe(32)


def set_visit(response: Response, request: Request, token: str) -> None:
    """Give the browser the token of its sign-in form."""
    response.set_cookie(
        VISIT_COOKIE,
        token,
        max_age=3600,
        path="/desk",
        secure=is_secure(request),
        httponly=True,
        samesite="strict",
    )


def done(request: Request, location: str, *, stays: bool = False) -> Response:
    """Return where to go after a change; the page's script is told, and ``stays`` if it may."""
    if "text/html" in request.headers.get("accept", ""):
        return RedirectResponse(location, 303)
    return JSONResponse({"location": None if stays else location})


def told(request: Request, key: str, status: int, **values: str) -> Response:
    """Return a refusal (a key of the desk's words under ``error``) as a page or for the script."""
    said = words_of(request).text(f"error.{key}", **values)
    if "text/html" in request.headers.get("accept", ""):
        return RedirectResponse("/desk/", 303)
    return JSONResponse({"said": said}, status)


Staff = Annotated[Member, Depends(signed_in)]
Agent = Annotated[Member, Depends(at_desk)]
Editor = Annotated[Member, Depends(editing)]
At = Annotated[Reception, Depends(reception_of)]
OwnForm = Depends(own_form)
OwnSignInForm = Depends(own_sign_in_form)
