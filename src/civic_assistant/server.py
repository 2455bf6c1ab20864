"""The web server: health, privacy, original documents, and the citizen's page mounted last."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from pathlib import PurePath

from fastapi import FastAPI
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp

from civic_assistant.chat.page_folder import prepare_page
from civic_assistant.chat.privacy_page import PRIVACY_POLICY, privacy_page
from civic_assistant.chat.product import PageProduct, served
from civic_assistant.chat.return_code import add_conversation_routes
from civic_assistant.chat.sources import SERVED_DOCUMENTS
from civic_assistant.errors import CivicError
from civic_assistant.security import Guard, content_policy

_BODY_LIMIT = 65_536
# Editors send documents; nothing of a body is read there before they are known.
_LARGER = {"/desk/guides/": 52 * 1024 * 1024}


def create_app(product: PageProduct, desk: ASGIApp | None = None) -> FastAPI:
    """Return the web application that serves a product, and its desk beside it; one a process.

    Chainlit reads its folder when it is imported, so it is imported here, after the folder is made.

    Raises `SettingsError` when the process already serves another data folder.
    """
    settings = product.settings
    prepare_page(settings)
    from civic_assistant.chat.mounting import Page, swept

    served.put(product)
    page = Page(settings)

    @contextlib.asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with product.handoff.running(), swept():
            yield

    app = FastAPI(lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    app.add_middleware(
        Guard,
        origins=settings.public_origins,
        policy=content_policy(page.html, settings.public_origins),
        body_limit=_BODY_LIMIT,
        larger=_LARGER,
    )
    _add_routes(app, product)
    add_conversation_routes(app, product)
    if desk is not None:
        app.add_api_route("/desk", lambda: RedirectResponse("/desk/"), methods=["GET"])
        app.mount("/desk", desk)
    app.mount("/", page)
    return app


def _add_routes(app: FastAPI, product: PageProduct) -> None:
    @app.api_route("/health", methods=["GET", "HEAD"])
    def health() -> Response:
        condition = product.health()
        told = {
            "can_answer": condition.can_answer,
            "edition": condition.edition,
            "guides": condition.guides,
            "detail": condition.detail,
        }
        return JSONResponse(
            told, 200 if condition.can_answer else 503, {"cache-control": "no-store"}
        )

    @app.get("/privacy")
    def privacy(request: Request, lang: str | None = None) -> Response:
        page = privacy_page(product.settings, lang, request.headers)
        headers = {"content-security-policy": PRIVACY_POLICY, "cache-control": "no-cache"}
        return HTMLResponse(page, headers=headers)

    @app.get("/documents/{guide_id}/{name}")
    def document(guide_id: str, name: str) -> Response:
        asked = PurePath(name)
        try:
            path = product.document(guide_id, asked.stem)
        except CivicError:
            path = None
        media = SERVED_DOCUMENTS.get(asked.suffix)
        if path is None or media is None or path.suffix.lower() != asked.suffix:
            return PlainTextResponse("not found", 404)
        place = "inline" if asked.suffix == ".pdf" else "attachment"
        return FileResponse(
            path,
            media_type=media,
            filename=f"{guide_id}{asked.suffix}",
            content_disposition_type=place,
        )
