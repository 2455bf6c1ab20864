from __future__ import annotations

from base64 import b64encode
from hashlib import sha256

import pytest
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send

from civic_assistant.security import Guard, client_address, content_policy


def scope(peer: str, *forwarded: str) -> Scope:
    headers = [(b"x-forwarded-for", value.encode()) for value in forwarded]
    return {"type": "http", "client": (peer, 4711), "headers": headers}


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, ("203.0.113.9",), "192.0.2.1"),
        (1, ("203.0.113.9",), "203.0.113.9"),
        (1, ("198.51.100.7, 203.0.113.9",), "203.0.113.9"),
        (2, ("1.1.1.1, 203.0.113.9", "192.0.2.7"), "203.0.113.9"),
        (2, ("203.0.113.9",), "203.0.113.9"),
        (1, (), "192.0.2.1"),
    ],
)
def test_a_visitor_is_known_by_what_the_trusted_proxies_saw(
    proxies: int, forwarded: tuple[str, ...], address: str
) -> None:
    assert client_address(scope("192.0.2.1", *forwarded), proxies) == address


def test_only_the_pages_own_inline_scripts_may_run() -> None:
    script = "const town = 1;"
    page = f"<html><script src='/a.js'></script><script>{script}</script></html>"
    policy = content_policy(page, ("https://www.vaubreuil.example",))
    digest = b64encode(sha256(script.encode()).digest()).decode()
    directives = dict(part.split(" ", 1) for part in policy.split("; "))
    assert directives["script-src"] == f"'self' 'unsafe-eval' 'sha256-{digest}'"
    assert directives["frame-ancestors"] == "'self' https://www.vaubreuil.example"
    assert directives["img-src"] == "'self' data: blob:"


@pytest.mark.parametrize(
    ("path", "size", "status"),
    [
        ("/ask", 10, 200),
        ("/ask", 11, 413),
        ("/desk/guides/a", 99, 200),
        ("/desk/guides/a", 101, 413),
    ],
)
def test_only_editors_pages_take_large_bodies(path: str, size: int, status: int) -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await PlainTextResponse("ok")(scope, receive, send)

    guard = Guard(app, origins=(), policy="", body_limit=10, larger={"/desk/guides/": 100})
    answer = TestClient(guard).post(path, content=b"x" * size)
    assert answer.status_code == status
