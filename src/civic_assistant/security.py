"""What stands between the network and the page: origins, sizes, headers, the visitor's address."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Mapping
from hashlib import sha256
from urllib.parse import urlsplit

from bs4 import BeautifulSoup
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
_SOCKET_PATH = "/ws/socket.io"


def content_policy(page: str, origins: Iterable[str]) -> str:
    """Return the Content-Security-Policy of a page of ours.

    Inline scripts run only when they stand in ``page`` (by SHA-256). ``'unsafe-eval'`` is needed by
    the source cards: Chainlit compiles their JSX in the browser. ``origins`` may frame the page.
    """
    scripts = " ".join(
        f"'sha256-{b64encode(sha256(script.string.encode()).digest()).decode()}'"
        for script in BeautifulSoup(page, "html.parser").find_all("script")
        if script.string
    )
    directives = (
        "default-src 'self'",
        f"script-src 'self' 'unsafe-eval' {scripts}".rstrip(),
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "worker-src 'self' blob:",
        " ".join(("frame-ancestors 'self'", *origins)),
        "base-uri 'self'",
        "form-action 'self'",
        "object-src 'none'",
    )
    return "; ".join(directives)


def client_address(scope: Scope, trusted_proxies: int) -> str:
    """Return the address a request comes from, as far as it can be trusted.

    Each trusted proxy appends the address it saw to ``X-Forwarded-For``; with *n* of them the
    n-th entry from the right is the visitor's, and everything left of it is the visitor's claim.
    """
    peer = str((scope.get("client") or ("unknown", 0))[0])
    if not trusted_proxies:
        return peer
    forwarded = ",".join(Headers(scope=scope).getlist("x-forwarded-for"))
    hops = [hop.strip() for hop in forwarded.split(",") if hop.strip()]
    if not hops:
        return peer
    return hops[-trusted_proxies] if len(hops) >= trusted_proxies else hops[0]


class Guard:
    """ASGI middleware: refuses foreign origins and large bodies, and sets the security headers.

    A request without an ``Origin`` passes: browsers always send one with a WebSocket, and other
    programs could write any. The page's own origin is the one whose host is the request's
    ``Host``, so a proxy in front must pass that header on.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        origins: tuple[str, ...],
        policy: str,
        body_limit: int,
        larger: Mapping[str, int] | None = None,
    ) -> None:
        """Guard ``app``; ``body_limit`` is in bytes, ``larger`` that below some paths."""
        self.app = app
        self.origins = frozenset(origin.rstrip("/").lower() for origin in origins)
        self.body_limit = body_limit
        self.larger = dict(larger or {})
        self.headers: Mapping[str, str] = {
            "content-security-policy": policy,
            "x-content-type-options": "nosniff",
            "referrer-policy": "strict-origin-when-cross-origin",
            "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
            "cross-origin-opener-policy": "same-origin",
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or refuse it."""
        if scope["type"] == "websocket" and not self._is_welcome(scope):
            await receive()
            await send({"type": "websocket.close", "code": 1008})
        elif scope["type"] == "http":
            await self._guarded(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _guarded(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self.headers.items():
                    headers.setdefault(name, value)
            await send(message)

        changes = scope["method"] not in _SAFE_METHODS
        if (changes or scope["path"].startswith(_SOCKET_PATH)) and not self._is_welcome(scope):
            response = PlainTextResponse("origin refused", 403)
            await response(scope, receive, send_with_headers)
        elif changes and not self._fits(Headers(scope=scope), scope["path"]):
            response = PlainTextResponse("too large", 413)
            await response(scope, receive, send_with_headers)
        else:
            await self.app(scope, receive, send_with_headers)

    def _is_welcome(self, scope: Scope) -> bool:
        headers = Headers(scope=scope)
        origin = headers.get("origin")
        if origin is None:
            return True
        own = urlsplit(origin).netloc.lower() == headers.get("host", "").lower()
        return own or origin.lower() in self.origins

    def _fits(self, headers: Headers, path: str) -> bool:
        length = headers.get("content-length", "")
        if length.isdigit():
            own = (limit for below, limit in self.larger.items() if path.startswith(below))
            return int(length) <= next(own, self.body_limit)
        return "transfer-encoding" not in headers
