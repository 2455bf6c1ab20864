"""A town hall for one run: its servers, its desk open around the clock, its staff."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import aiohttp

from civic_assistant.assembly import open_records
from civic_assistant.desk.accounts import Accounts
from civic_assistant.embedding import open_embedding
from civic_assistant.model_folder import ensure_models
from civic_assistant.settings import Settings, load_settings
from evals.handoff.agent import PASSWORD, Agent
from evals.handoff.proxy import Proxy
from evals.handoff.servers import Server, free_port
from evals.pinned import pinned_settings, publish_corpus
from ingest.progress import Progress

SEATS = 20
"""Conversations that an agent holds: the most that the setting allows."""
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_OPEN = '["00:00-23:59"]'


@dataclass(frozen=True, slots=True)
class Town:
    """What is up: the servers, the proxy before them, and the agents, signed in."""

    servers: tuple[Server, ...]
    proxy: Proxy
    agents: tuple[Agent, ...]
    browser: aiohttp.ClientSession


def published_index() -> Path:
    """Return an index of the town's own guides, published (light) when it is not there yet."""
    settings = load_settings(embedding="light")
    ensure_models(settings)
    pinned = pinned_settings("town", settings, None)
    if not (pinned.index_folder / "catalogue.sqlite").is_file():
        publish_corpus("town", pinned, open_embedding(settings), Progress(visible=True))
    return pinned.index_folder


@contextlib.asynccontextmanager
async def open_town(
    database_url: str, scratch: Path, index: Path, processes: int, agents: int, seed: int
) -> AsyncIterator[Town]:
    """Start servers over a database, and sign the agents in; everything is stopped at the end.

    ``scratch`` takes what the servers write. Raises `ServerFailed`.
    """
    environment = _environment(database_url, scratch, index)
    chance = random.Random(seed)
    await asyncio.to_thread(_hire, environment, agents)
    servers = tuple(
        Server(free_port(), environment, scratch / f"server-{number}.log")
        for number in range(processes)
    )
    proxy = Proxy([server.port for server in servers], chance)
    connector = aiohttp.TCPConnector(limit=0)
    async with (
        aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar()) as browser,
        proxy.running(),
    ):
        try:
            for server in servers:
                server.start()
            await asyncio.gather(*(server.ready() for server in servers))
            staff = tuple(
                Agent(number, proxy.url, browser, random.Random(seed * 1000 + number))
                for number in range(agents)
            )
            for agent in staff:
                await agent.sign_in()
            yield Town(servers, proxy, staff, browser)
        finally:
            for server in servers:
                server.kill()


def _environment(database_url: str, scratch: Path, index: Path) -> dict[str, str]:
    settings = load_settings()
    (scratch / "models").symlink_to(settings.models_folder.resolve())
    desks = scratch / "desks.toml"
    today = datetime.now(UTC).date()
    week = "\n".join(f"{day} = {_OPEN}" for day in _DAYS)
    desks.write_text(
        f"[[closure]]\nfrom = {today}\nuntil = {today.replace(year=today.year + 1)}\n"
        f'open = {_OPEN}\n[[desk]]\nid = "accueil"\nname = "Accueil"\n[desk.week]\n{week}\n',
        encoding="utf-8",
    )
    return {
        "CIVIC_SETTINGS_FILE": str(scratch / "none.toml"),
        "CIVIC_DATABASE_URL": database_url,
        "CIVIC_DATA_FOLDER": str(scratch),
        "CIVIC_INDEX_FOLDER": str(index.resolve()),
        "CIVIC_CORPUS_FOLDER": str(settings.corpus_folder.resolve()),
        "CIVIC_DESKS_FILE": str(desks),
        "CIVIC_DESK_SEATS": str(SEATS),
        "CIVIC_HANDLING_MINUTES": "0.5",
        "CIVIC_WAIT_LIMIT_MINUTES": "480",
        "CIVIC_STAFF_ABSENCE_MINUTES": "60",
        "CIVIC_QUESTIONS_PER_MINUTE": "600",
        "CIVIC_TRUSTED_PROXIES": "1",
        "HF_HUB_OFFLINE": "1",
    }


def _hire(environment: dict[str, str], agents: int) -> None:
    """Make the agents' accounts, which also brings the tables up to date."""
    settings = Settings.model_validate({"database_url": environment["CIVIC_DATABASE_URL"]})
    engine = open_records(settings)
    accounts = Accounts(engine)
    for number in range(agents):
        accounts.add(
            f"agent{number}",
            name=f"Agent {number}",
            password=PASSWORD,
            desks=["accueil"],
            roles=["agent"],
            now=datetime.now(UTC),
        )
    engine.dispose()
