"""Signing in with the town's OpenID Connect provider; roles and desks come from a claim.

Authlib reads the provider's discovery document and keys, and checks state, nonce, PKCE and the
ID token's signature, issuer, audience and time.
"""

from __future__ import annotations

import asyncio
import hmac
import logging
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

import httpx2
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.starlette_client import OAuth
from fastapi import APIRouter, FastAPI, Request
from joserfc.errors import JoseError
from starlette.middleware.sessions import SessionMiddleware
from starlette.responses import Response

from civic_assistant.desk.sessions import Member
from civic_assistant.desk.signing_in import sign_in_form, welcome
from civic_assistant.desk.visit import At, address_of, is_secure
from civic_assistant.errors import SettingsError
from civic_assistant.settings import Settings

logger = logging.getLogger(__name__)

routes = APIRouter()

STATE_COOKIE = "civic_desk_oidc"
STATE_SECONDS = 600
"""How long somebody may take at the provider."""
ANSWER_SECONDS = 10.0
"""How long the provider may take to answer a request of ours."""


def open_provider(desk: FastAPI, settings: Settings) -> OAuth | None:
    """Add the provider's routes to the desk, or return None when the settings name none.

    Raises `SettingsError` when they are incomplete.
    """
    if settings.oidc_issuer is None:
        return None
    secret = settings.oidc_client_secret.get_secret_value()
    for name, value in (
        ("oidc_client_id", settings.oidc_client_id),
        ("oidc_client_secret", secret),
        ("oidc_roles", settings.oidc_roles),
    ):
        if not value:
            raise SettingsError(f"setting {name!r}: needed where 'oidc_issuer' is set.")
    provider = OAuth()
    provider.register(
        "staff",
        client_id=settings.oidc_client_id,
        client_secret=secret,
        server_metadata_url=f"{settings.oidc_issuer.rstrip('/')}/.well-known/openid-configuration",
        client_kwargs={
            "scope": "openid profile",
            "code_challenge_method": "S256",
            "timeout": ANSWER_SECONDS,
        },
    )
    desk.include_router(routes)
    # The same in every process: the answer may come to another one than the question.
    key = hmac.new(secret.encode(), b"civic-assistant desk sign-in", sha256).hexdigest()
    desk.add_middleware(
        SessionMiddleware,
        secret_key=key,
        session_cookie=STATE_COOKIE,
        max_age=STATE_SECONDS,
        path="/desk/oidc",
        same_site="lax",
        https_only=settings.oidc_issuer.startswith("https:"),
    )
    return provider


def granted(claims: Mapping[str, Any], settings: Settings) -> Member | None:
    """Return what a person may do by their claims, or None when no role is among them.

    A claim may be one value or a list, and lie deeper: ``realm_access.roles``.
    """
    value: Any = claims
    for step in settings.oidc_roles_claim.split("."):
        value = value.get(step) if isinstance(value, Mapping) else None
    values = [value] if isinstance(value, str) else value if isinstance(value, list) else []
    held = [each for each in values if isinstance(each, str)]
    roles = tuple(dict.fromkeys(settings.oidc_roles[v] for v in held if v in settings.oidc_roles))
    if not roles or not claims.get("sub"):
        return None
    # One subject of one issuer is always the same member of staff, and no local account.
    identity = sha256(f"{claims.get('iss')}\x1f{claims['sub']}".encode()).hexdigest()[:32]
    name = claims.get("name") or claims.get("preferred_username") or claims["sub"]
    desks = tuple(settings.oidc_desks[v] for v in held if v in settings.oidc_desks)
    return Member(f"oidc-{identity}", str(name)[:120], tuple(dict.fromkeys(desks)), roles)


@routes.get("/oidc/start")
async def start(request: Request, reception: At) -> Response:
    """Send the browser to the provider."""
    if not await asyncio.to_thread(reception.may_try, address_of(request)):
        return sign_in_form(request, "too_many", 429)
    scheme = "https" if is_secure(request) else "http"
    back = f"{scheme}://{request.headers.get('host', '')}/desk/oidc/back"
    try:
        response: Response = await request.app.state.provider.staff.authorize_redirect(
            request, back
        )
    except Exception as error:  # what comes instead of its metadata may be anything
        return _down(request, error)
    return response


@routes.get("/oidc/back")
async def back(request: Request, reception: At) -> Response:
    """Take what the provider says of the person, and open a session if a role is theirs."""
    try:
        token = await request.app.state.provider.staff.authorize_access_token(request)
    except httpx2.HTTPError as error:
        return _down(request, error)
    except (AuthlibBaseError, JoseError, ValueError, RuntimeError) as error:
        logger.warning("sign-in provider: refused (%s)", type(error).__name__)
        return sign_in_form(request, "provider_refused", 403)
    person = granted(token.get("userinfo") or {}, reception.settings)
    request.session.clear()
    if person is None:
        return sign_in_form(request, "no_role", 403)
    return await asyncio.to_thread(welcome, request, person)


def _down(request: Request, error: Exception) -> Response:
    logger.error("sign-in provider: cannot be reached (%s)", type(error).__name__)
    return sign_in_form(request, "provider_down", 502)
