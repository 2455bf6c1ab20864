from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest

from evals.handoff.proxy import Proxy


@asynccontextmanager
async def servers(*names: bytes) -> AsyncIterator[list[asyncio.Server]]:
    """Serve each name to whoever sends a head, and echo what follows."""
    started = []
    serving: set[asyncio.Task[None] | None] = set()
    for name in names:

        async def serve(
            reader: asyncio.StreamReader, writer: asyncio.StreamWriter, name: bytes = name
        ) -> None:
            serving.add(asyncio.current_task())
            with suppress(OSError):
                await reader.readuntil(b"\r\n\r\n")
                writer.write(name + b"\n")
                while line := await reader.readline():
                    writer.write(line)
            writer.transport.abort()

        started.append(await asyncio.start_server(serve, "127.0.0.1", 0))
    yield started
    for server in started:
        server.close()
    await asyncio.gather(*(task for task in serving if task))


def ports(started: list[asyncio.Server]) -> list[int]:
    return [server.sockets[0].getsockname()[1] for server in started]


@asynccontextmanager
async def dialled(
    proxy: Proxy, session: str
) -> AsyncIterator[tuple[bytes, asyncio.StreamReader, asyncio.StreamWriter]]:
    """Yield which server answered, and the connection."""
    port = int(proxy.url.rsplit(":", 1)[1])
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"GET / HTTP/1.1\r\nCookie: X-Chainlit-Session-id={session}\r\n\r\n".encode())
    yield (await reader.readline()).strip(), reader, writer
    writer.close()
    with suppress(OSError):
        await reader.read()
        await writer.wait_closed()


async def serving(proxy: Proxy, session: str) -> bytes:
    """Return the name of the server that a session is led to."""
    async with dialled(proxy, session) as (name, _, _):
        return name


async def test_a_session_stays_on_its_server_and_moves_when_that_is_down() -> None:
    async with servers(b"one", b"two") as started:
        proxy = Proxy(ports(started), random.Random(1))
        async with proxy.running():
            by_session = {name: await serving(proxy, name) for name in "abcdefgh"}
            assert set(by_session.values()) == {b"one", b"two"}
            again = {name: await serving(proxy, name) for name in by_session}
            assert again == by_session
            started[0].close()
            await started[0].wait_closed()
            assert {await serving(proxy, name) for name in by_session} == {b"two"}


async def test_a_swallowed_connection_carries_nothing_and_is_reset_later() -> None:
    async with servers(b"one") as started:
        proxy = Proxy(ports(started), random.Random(1))
        async with proxy.running(), dialled(proxy, "a") as (_, reader, writer):
            writer.write(b"heard\n")
            assert await reader.readline() == b"heard\n"
            proxy.swallow(1.0, 0.2)
            writer.write(b"lost\n")
            with pytest.raises(ConnectionResetError):
                assert await reader.readline() == b""
                raise ConnectionResetError
            assert proxy.cuts == 1
