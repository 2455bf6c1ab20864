"""The bytes between us and an endpoint: bounded, never redirected, cut at the deadline.

Calls run on one event loop in a thread of its own, so that a deadline cuts whatever is being waited
for: a name, a connection, headers, or an answer that drips.
"""

from __future__ import annotations

import asyncio
import ssl
import threading
from collections.abc import AsyncIterator, Coroutine
from concurrent.futures import TimeoutError as FutureTimeoutError
from functools import cache
from typing import TypeVar

import httpx

GRACE_SECONDS = 1.0
"""What a call may take beyond its deadline to be cut, before it is left to itself."""

_Result = TypeVar("_Result")


class TooMuch(Exception):
    """More bytes came than an answer can need."""


class Disguised(Exception):
    """The answer came compressed, which was not asked for: its size cannot be bounded."""


class Loop:
    """An event loop in a thread of its own; the thread ends with the program, or when closed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None

    def run(self, work: Coroutine[None, None, _Result], seconds: float) -> _Result:
        """Run to the end and return what comes of it; what it raises is raised here.

        Raises:
            TimeoutError: it did not end within ``seconds`` and the grace; it is cancelled.
        """
        future = asyncio.run_coroutine_threadsafe(work, self._started())
        try:
            return future.result(seconds + GRACE_SECONDS)
        except FutureTimeoutError:
            future.cancel()
            raise

    def close(self) -> None:
        """End the thread; the next call would start another."""
        with self._lock:
            loop, thread = self._loop, self._thread
            self._loop = self._thread = None
        if loop is not None and thread is not None:
            loop.call_soon_threadsafe(loop.stop)
            thread.join(GRACE_SECONDS)
            if not thread.is_alive():
                loop.close()

    def _started(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                self._thread = threading.Thread(
                    target=self._loop.run_forever, name="language-model", daemon=True
                )
                self._thread.start()
            return self._loop


def open_client(most_bytes: int) -> httpx.AsyncClient:
    """Return a client for one call that reads at most so many bytes.

    It follows no redirect, and takes neither a proxy nor a password from the environment: nobody
    but the endpoint is talked to.
    """
    transport = _Bounded(httpx.AsyncHTTPTransport(verify=_certificates(), retries=0), most_bytes)
    return httpx.AsyncClient(
        transport=transport,
        follow_redirects=False,
        trust_env=False,
        headers={"Accept-Encoding": "identity"},
    )


class _Bounded(httpx.AsyncBaseTransport):
    def __init__(self, inner: httpx.AsyncBaseTransport, most_bytes: int) -> None:
        self._inner = inner
        self._most_bytes = most_bytes

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        response = await self._inner.handle_async_request(request)
        if response.headers.get("Content-Encoding", "identity").strip().lower() != "identity":
            await response.aclose()
            raise Disguised
        assert isinstance(response.stream, httpx.AsyncByteStream)
        response.stream = _Counted(response.stream, self._most_bytes)
        return response

    async def aclose(self) -> None:
        await self._inner.aclose()


class _Counted(httpx.AsyncByteStream):
    def __init__(self, inner: httpx.AsyncByteStream, most_bytes: int) -> None:
        self._inner = inner
        self._left = most_bytes

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for piece in self._inner:
            self._left -= len(piece)
            if self._left < 0:
                raise TooMuch
            yield piece

    async def aclose(self) -> None:
        await self._inner.aclose()


@cache
def _certificates() -> ssl.SSLContext:
    # Making one reads every certificate there is: 20 ms.
    return ssl.create_default_context()
