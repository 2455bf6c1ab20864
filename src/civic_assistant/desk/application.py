"""The desk's application, mounted under ``/desk`` beside the citizens' page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path

from argon2 import PasswordHasher
from fastapi import FastAPI, Request
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from civic_assistant.desk import (
    asking,
    conversation_page,
    figures_page,
    finding,
    gaps_page,
    model_pages,
    presence,
    signing_in,
    stream,
    translations,
    verified_pages,
)
from civic_assistant.desk.accounts import Accounts
from civic_assistant.desk.canned import load_canned
from civic_assistant.desk.editors.routes import add_editors
from civic_assistant.desk.pages import page
from civic_assistant.desk.provider import open_provider
from civic_assistant.desk.reception import DeskProduct, Reception
from civic_assistant.desk.sessions import Sessions
from civic_assistant.desk.visit import ForeignForm, NotAllowed, SignInNeeded
from civic_assistant.desk.words import words_of
from civic_assistant.errors import (
    AlreadyClaimed,
    AnswerMoved,
    CivicError,
    CorrectionMoved,
    FloorLost,
    GuideGone,
    GuidesBusy,
    MessageRefused,
    MoveRefused,
    NotPresent,
    RecordMissing,
    SeatsTaken,
)

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""Nothing inline, nothing from outside, and no page may frame the desk."""


def create_desk(
    product: DeskProduct,
    *,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    hasher: PasswordHasher | None = None,
) -> FastAPI:
    """Return the application of the desk.

    Raises `SettingsError` for canned replies or a provider that cannot be used.
    """
    settings = product.settings
    desk = FastAPI(
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        middleware=[Middleware(_Headers)],
        redirect_slashes=False,
    )
    desk.state.reception = Reception(
        product=product,
        accounts=Accounts(product.records, hasher),
        sessions=Sessions(product.records, settings.desk_session_hours),
        canned=load_canned(settings.canned_replies_file),
        clock=clock,
    )
    desk.state.provider = open_provider(desk, settings)
    for part in (
        signing_in,
        presence,
        conversation_page,
        model_pages,
        stream,
        translations,
        asking,
        finding,
        figures_page,
        gaps_page,
        verified_pages,
    ):
        desk.include_router(part.routes)
    add_editors(desk, desk.state.reception)
    static = Path(str(resources.files(__package__) / "static"))
    desk.mount("/static", StaticFiles(directory=static))
    desk.add_exception_handler(SignInNeeded, _sign_in_first)
    desk.add_exception_handler(ForeignForm, _told("foreign_form", 403))
    desk.add_exception_handler(NotAllowed, _told("not_allowed", 403))
    for kind, key, status in (
        (RecordMissing, "missing", 404),
        (AlreadyClaimed, "already_claimed", 409),
        (MoveRefused, "moved", 409),
        (FloorLost, "floor_lost", 409),
        (SeatsTaken, "seats_taken", 409),
        (NotPresent, "not_present", 409),
        (MessageRefused, "message_refused", 422),
        (AnswerMoved, "answer_moved", 409),
        (GuideGone, "guide_gone", 404),
        (GuidesBusy, "guides_busy", 409),
        (CorrectionMoved, "correction_moved", 409),
        (CivicError, "broken", 500),
    ):
        desk.add_exception_handler(kind, _told(key, status))
    return desk


async def _sign_in_first(request: Request, _: Exception) -> Response:
    if request.method == "GET" and "text/html" in request.headers.get("accept", ""):
        said = "?said=ended" if request.cookies.get("civic_desk") else ""
        return RedirectResponse(f"/desk/sign-in{said}", 303)
    return JSONResponse({"said": words_of(request).text("error.signed_out")}, 401)


def _told(key: str, status: int) -> Callable[[Request, Exception], Response]:
    """Return what tells a refusal: as a page, or as JSON to the page's own script."""

    def tell(request: Request, error: Exception) -> Response:
        by = getattr(error, "by", None) or getattr(error, "owner_name", None) or "?"
        said = words_of(request).text(f"error.{key}", by=by)
        if "text/html" in request.headers.get("accept", ""):
            return page(request, "refused.html", None, status, said=said)
        return JSONResponse({"said": said}, status)

    return tell


class _Headers:
    """ASGI middleware: the desk's own policy, and nothing of it in any cache but static files."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request with the headers."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["content-security-policy"] = POLICY
                headers["referrer-policy"] = "same-origin"
                is_static = "/static/" in scope["path"]
                headers["cache-control"] = (
                    "public, max-age=31536000, immutable" if is_static else "no-store"
                )
            await send(message)

        await self.app(scope, receive, send_with_headers)
