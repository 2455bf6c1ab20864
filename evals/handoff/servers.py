"""Real server processes of the product, which can be killed, started again and measured."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp

from civic_assistant.errors import CivicError

PROGRAM = Path(sys.executable).parent / "civic-assistant"
READY_SECONDS = 600.0
_TICKS = os.sysconf("SC_CLK_TCK")


class ServerFailed(CivicError):
    """A server process ended by itself, or never answered."""


@dataclass
class Server:
    """One ``civic-assistant serve`` at a port; ``log`` receives what it writes."""

    port: int
    environment: Mapping[str, str]
    log: Path
    kills: int = 0
    _process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def start(self) -> None:
        """Start the process; it answers some seconds later."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [PROGRAM, "serve", "--light"],
                env={**os.environ, **self.environment, "CIVIC_PORT": str(self.port)},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    async def ready(self) -> None:
        """Wait until it answers. Raises `ServerFailed`."""
        address = f"http://127.0.0.1:{self.port}/health"
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=5)) as session:
            for _ in range(int(READY_SECONDS / 0.25)):
                if self._process is None or self._process.poll() is not None:
                    break
                try:
                    async with session.get(address) as answer:
                        if answer.status == 200:
                            return
                except (aiohttp.ClientError, TimeoutError):
                    pass
                await asyncio.sleep(0.25)
        tail = self.log.read_text(encoding="utf-8", errors="replace")[-2000:]
        raise ServerFailed(f"the server at port {self.port} does not answer; it wrote:\n{tail}")

    def kill(self) -> None:
        """Kill the process (-9) and wait until it is gone."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None
            self.kills += 1

    @property
    def is_running(self) -> bool:
        """Whether the process is there, ready or not."""
        return self._process is not None and self._process.poll() is None

    def memory_mib(self) -> float:
        """Return the memory that the process holds now, in MiB."""
        status = self._proc("status")
        kib = next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS:"))
        return int(kib) / 1024

    def processor_seconds(self) -> float:
        """Return the processor time that the process took so far, in seconds."""
        fields = self._proc("stat").rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS

    def _proc(self, name: str) -> str:
        if self._process is None:
            raise ServerFailed(f"the server at port {self.port} is not running.")
        return Path(f"/proc/{self._process.pid}/{name}").read_text(encoding="ascii")


def free_port() -> int:
    """Return a port that nothing listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
