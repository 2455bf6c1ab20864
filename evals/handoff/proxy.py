"""A proxy that keeps a browser on one server, as the README asks for, and breaks connections."""

from __future__ import annotations

import asyncio
import contextlib
import random
import re
import zlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

_STICKY = re.compile(rb"X-Chainlit-Session-id=([^;\s]+)|^x-forwarded-for:\s*(\S+)", re.I | re.M)
_HEAD_LIMIT = 65_536


@dataclass(eq=False)
class _Link:
    """One connection through the proxy; a dumb one swallows what comes from either side."""

    near: asyncio.StreamWriter
    far: asyncio.StreamWriter
    is_dumb: bool = False

    def abort(self) -> None:
        for side in (self.near, self.far):
            side.transport.abort()


class Proxy:
    """Passes connections on by the session's cookie, else by the address that the client names.

    Where the chosen server is down the next one takes it.
    """

    def __init__(self, ports: Sequence[int], chance: random.Random) -> None:
        self.cuts = 0
        self.url = ""
        self._ports = tuple(ports)
        self._chance = chance
        self._links: set[_Link] = set()
        self._later: set[asyncio.Task[None]] = set()
        self._serving: set[asyncio.Task[None]] = set()

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Listen at a free port of this machine while open."""
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0, limit=_HEAD_LIMIT)
        self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        try:
            yield
        finally:
            server.close()
            self._each(list(self._links))
            for task in self._later | self._serving:
                task.cancel()
            await asyncio.gather(*self._later, *self._serving, return_exceptions=True)

    def cut(self, share: float) -> None:
        """Reset a share of the connections, chosen at random."""
        self._each([link for link in self._links if self._chance.random() < share])

    def swallow(self, share: float, seconds: float) -> None:
        """Let a share of the connections seem open and carry nothing, and reset them later."""
        chosen = [link for link in self._links if self._chance.random() < share]
        for link in chosen:
            link.is_dumb = True

        async def end() -> None:
            await asyncio.sleep(seconds)
            self._each(chosen)

        task = asyncio.create_task(end())
        self._later.add(task)
        task.add_done_callback(self._later.discard)

    def _each(self, links: Sequence[_Link]) -> None:
        for link in links:
            if link in self._links:
                self.cuts += 1
                link.abort()

    async def _serve(self, reader: asyncio.StreamReader, near: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._serving.add(task)
        task.add_done_callback(self._serving.discard)
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            far_reader, far = await self._connect(head)
        except (OSError, EOFError, asyncio.CancelledError, asyncio.LimitOverrunError):
            near.transport.abort()
            return
        link = _Link(near, far)
        self._links.add(link)
        far.write(head)
        with contextlib.suppress(asyncio.CancelledError):  # the run is over
            await asyncio.gather(_pump(link, reader, far), _pump(link, far_reader, near))
        self._links.discard(link)
        link.abort()

    async def _connect(self, head: bytes) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        found = _STICKY.search(head)
        key = (found.group(1) or found.group(2)) if found else b""
        first = zlib.crc32(key) % len(self._ports)
        for port in (*self._ports[first:], *self._ports[:first]):
            with contextlib.suppress(OSError):
                return await asyncio.open_connection("127.0.0.1", port)
        raise ConnectionRefusedError("no server is up")


async def _pump(link: _Link, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while chunk := await reader.read(65_536):
            if not link.is_dumb:
                writer.write(chunk)
                await writer.drain()
        if writer.can_write_eof():
            writer.write_eof()
