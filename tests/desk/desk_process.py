"""A process that serves the desk over a database, and says its port; started with the address."""

from __future__ import annotations

import sys

import uvicorn

from civic_assistant.records import open_engine
from tests.desk.conftest import Clock, town_over


class _Server(uvicorn.Server):
    async def startup(self, sockets: object = None) -> None:
        """Say the port once requests are taken."""
        await super().startup()
        sys.stdout.write(f"{self.servers[0].sockets[0].getsockname()[1]}\n")
        sys.stdout.flush()


def main() -> None:
    """Serve until terminated."""
    town = town_over(open_engine(sys.argv[1]), Clock())
    _Server(uvicorn.Config(town.app, port=0, log_level="error", ws="none")).run()


if __name__ == "__main__":
    main()
