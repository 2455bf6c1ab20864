"""The desk over a real database and the real handoff; a browser's cookies and forms."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from argon2 import PasswordHasher
from bs4 import BeautifulSoup
from fastapi import FastAPI
from httpx2 import Client, Response
from sqlalchemy import Engine
from starlette.testclient import TestClient

from civic_assistant.assembly import open_corrections
from civic_assistant.chat.product import Answers
from civic_assistant.corrections.showing import RunningCorrections
from civic_assistant.desk.accounts import Accounts
from civic_assistant.desk.application import create_desk
from civic_assistant.embedding import Embedding
from civic_assistant.gaps.report import GapReports
from civic_assistant.handoff import Handoff, open_handoff
from civic_assistant.index import Index
from civic_assistant.interpreter import Interpreter
from civic_assistant.journal import Journal
from civic_assistant.language_model.drafting import Drafter
from civic_assistant.language_model.summary import Summariser
from civic_assistant.retrieval import Retriever
from civic_assistant.settings import Settings, StaffRole, load_settings
from tests.chat.fakes import FixedAssistant
from tests.store.conftest import engine, sqlite_engine, sqlite_url, url
from tests.store.emptied import emptied_url, postgresql_url

__all__ = ["emptied_url", "engine", "postgresql_url", "sqlite_engine", "sqlite_url", "url"]

PASSWORD = "une phrase de passe"
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
"""Hashes that take no time: the parameters are kept with each hash."""


@dataclass
class Clock:
    """A Monday morning in the office; tests move it on."""

    now: datetime = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def pass_minutes(self, minutes: float) -> None:
        self.now += timedelta(minutes=minutes)


@dataclass
class DeskOnly:
    """A product whose assistant knows a few fixed turns, without an index."""

    settings: Settings
    records: Engine
    handoff: Handoff
    journal: Journal
    corrections: RunningCorrections
    assistant: Answers = field(default_factory=FixedAssistant)
    drafter: Drafter | None = None
    summariser: Summariser | None = None
    interpreter: Interpreter | None = None

    @property
    def embedding(self) -> Embedding:
        raise AssertionError("nothing here needs the model")

    @property
    def retriever(self) -> Retriever:
        raise AssertionError("nothing here looks anything up")

    @property
    def index(self) -> Index:
        raise AssertionError("nothing here needs the index")

    @property
    def gaps(self) -> GapReports:
        raise AssertionError("nothing here needs the gap report")


@dataclass
class Agent:
    """A browser at the desk."""

    client: Client
    staff_id: str = ""

    def page(self, path: str) -> BeautifulSoup:
        answer = self.client.get(f"/desk{path}", headers={"accept": "text/html"})
        assert answer.status_code == 200, answer.text
        return BeautifulSoup(answer.text, "html.parser")

    def csrf(self, path: str = "/") -> str:
        found = self.page(path).select_one("input[name=csrf]")
        assert found is not None
        return str(found["value"])

    def post(self, path: str, **values: object) -> Response:
        """Send a form as the page's script does."""
        body = {"csrf": self.csrf(), **values}
        answer: Response = self.client.post(
            f"/desk{path}", data=body, headers={"accept": "application/json"}
        )
        return answer

    def sign_in(self, login: str, password: str = PASSWORD) -> Response:
        body = {"csrf": self.csrf("/sign-in"), "login": login, "password": password}
        answer: Response = self.client.post("/desk/sign-in", data=body, follow_redirects=False)
        return answer


@dataclass
class Town:
    """The desk's application with what stands behind it."""

    app: FastAPI
    product: DeskOnly
    clock: Clock
    accounts: Accounts

    def browser(self) -> Agent:
        return Agent(TestClient(self.app, base_url="http://desk.example"))

    def agent(
        self,
        login: str = "awa",
        name: str = "Awa D.",
        desks: tuple[str, ...] = (),
        roles: tuple[StaffRole, ...] = ("agent",),
    ) -> Agent:
        """Make an account and sign it in."""
        account = self.accounts.add(
            login, name=name, password=PASSWORD, desks=desks, roles=roles, now=self.clock()
        )
        agent = self.browser()
        assert agent.sign_in(login).status_code == 303
        agent.staff_id = account.id
        return agent

    def citizen_waits(
        self, question: str = "Où faire ma carte ?", language: str = "fr", desk: str | None = None
    ) -> str:
        """Open a conversation in which a citizen waits; somebody must be present."""
        handoff = self.product.handoff
        opened = handoff.conversations.open(language=language, now=self.clock())
        cid = opened.conversation.id
        if question:
            handoff.transcript.hear(cid, client_id=f"q-{cid[:8]}", text=question, now=self.clock())
        handoff.handoffs.wait(
            cid,
            reason="asked",
            desk=desk or handoff.desks.default.id,
            question=question,
            now=self.clock(),
        )
        return cid

    def citizen_writes(self, cid: str, text: str) -> None:
        client_id = f"c-{abs(hash(text))}"
        self.product.handoff.transcript.hear(cid, client_id=client_id, text=text, now=self.clock())

    def said(self, cid: str) -> list[tuple[str, str]]:
        """Return (role, text) of what the citizen can read."""
        messages = self.product.handoff.transcript.messages(cid)
        return [(message.role, message.text) for message in messages]


@pytest.fixture
def clock() -> Clock:
    return Clock()


def town_over(engine: Engine, clock: Clock, **settings: object) -> Town:
    """Open the desk over a database as one process does."""
    chosen = load_settings(**settings)
    handoff = open_handoff(engine, chosen, clock)
    product = DeskOnly(
        chosen, engine, handoff, Journal(engine), open_corrections(engine, handoff.desks)
    )

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with handoff.running():
            yield

    app = FastAPI(lifespan=lifespan)
    app.mount("/desk", create_desk(product, clock=clock, hasher=QUICK))
    return Town(app, product, clock, Accounts(engine, QUICK))


@pytest.fixture
def open_town(engine: Engine, clock: Clock) -> Callable[..., Town]:
    """Return a way to open the desk with settings."""
    return partial(town_over, engine, clock)


@pytest.fixture
def town_desk(open_town: Callable[..., Town]) -> Town:
    """The desk with the shipped settings."""
    return open_town()


@pytest.fixture(scope="session")
def five_guides(embedder: Embedding, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Publish five guides of the shipped corpus once, for editors to change copies of."""
    from tests.desk.editing import publish_guides

    return publish_guides(tmp_path_factory.mktemp("guides"), embedder)
