"""The return code: how a browser keeps it, and how a conversation is opened or erased with it."""

from __future__ import annotations

import asyncio
import re
from http.cookies import CookieError, SimpleCookie

from fastapi import FastAPI
from pydantic import BaseModel, ConfigDict, Field
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response

from civic_assistant.chat.product import PageProduct
from civic_assistant.errors import RecordMissing
from civic_assistant.security import client_address

CODE_COOKIE = "civic_conversation"
"""Out of reach of scripts, and gone with the browser: at a shared computer the next person must
not find the conversation of the one before. The code itself leads back on another day."""
CODE_LENGTH = 64


class _Code(BaseModel):
    """What a browser sends: the code as somebody wrote it."""

    model_config = ConfigDict(extra="forbid")
    code: str = Field(max_length=CODE_LENGTH)


def written_code(code: str) -> str:
    """Return a code as it was first shown, from what somebody typed: capitals, groups of four."""
    signs = re.sub(r"[^A-Z0-9]", "", code.upper())
    return "-".join(signs[at : at + 4] for at in range(0, len(signs), 4))


def cookie_code(headers: Headers) -> str:
    """Return the return code that a browser brings, or an empty text."""
    try:
        cookie = SimpleCookie(headers.get("cookie", "")).get(CODE_COOKIE)
    except CookieError:
        return ""
    return cookie.value[:CODE_LENGTH] if cookie else ""


def add_conversation_routes(app: FastAPI, product: PageProduct) -> None:
    """Add the routes that keep, forget and erase by a return code.

    Every try counts as a question of its address, so that codes cannot be tried out.
    """
    conversations = product.handoff.conversations

    async def admits(request: Request) -> bool:
        address = client_address(request.scope, product.settings.trusted_proxies)
        return await asyncio.to_thread(product.limit.admits, address)

    @app.post("/conversation")
    async def keep(request: Request, sent: _Code) -> Response:
        if not await admits(request):
            return Response(status_code=429)
        try:
            await asyncio.to_thread(conversations.resume, sent.code)
        except RecordMissing:
            return Response(status_code=404)
        response = Response(status_code=204)
        secure = request.url.scheme == "https"
        kept = written_code(sent.code)
        response.set_cookie(CODE_COOKIE, kept, httponly=True, samesite="lax", secure=secure)
        return response

    @app.post("/conversation/forget")
    async def forget() -> Response:
        return _forgotten()

    @app.post("/conversation/erase")
    async def erase(request: Request, sent: _Code) -> Response:
        if not await admits(request):
            return Response(status_code=429)
        try:
            await asyncio.to_thread(product.handoff.erasure.erase, sent.code)
        except RecordMissing:
            return Response(status_code=404)
        return _forgotten()


def _forgotten() -> Response:
    response = Response(status_code=204)
    response.delete_cookie(CODE_COOKIE, httponly=True, samesite="lax")
    return response
