"""The desk of the real product over five guides, with a scripted language model."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from fastapi import FastAPI
from pydantic import SecretStr
from starlette.testclient import TestClient

from civic_assistant.assembly import Product, assemble
from civic_assistant.desk.accounts import Accounts
from civic_assistant.desk.application import create_desk
from civic_assistant.embedding import Embedding
from civic_assistant.handoff.entries import Message
from civic_assistant.language_model.named import NamedEndpoint
from civic_assistant.settings import Settings
from evals.endpoints.scripted import Behaviour, ScriptedServer, serving
from tests.desk.conftest import PASSWORD, QUICK, Agent
from tests.desk.editing import ROOT

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
QUESTION = "Combien coûte la carte de stationnement résident ?"
STYLE = "Nous disons vous, la réponse d’abord."
ROW = "Premier véhicule du foyer | 15 € | 150 €"
"""A row of the guide's table of prices: by month, by year."""
WORDED = "Pour le premier véhicule du foyer, la carte coûte 15 € ou 150 €."
WRONG = "Pour le premier véhicule du foyer, la carte coûte 99 €."


@dataclass
class Desk:
    """A member of staff at the desk of a product whose model is scripted."""

    app: FastAPI
    product: Product
    agent: Agent
    model: ScriptedServer

    def waits(self, *said: str, language: str = "fr", name: str | None = None) -> str:
        """Let a citizen write messages to a person, and take the conversation."""
        handoff = self.product.handoff
        cid = handoff.conversations.open(language=language, now=NOW).conversation.id
        handoff.handoffs.wait(
            cid, reason="asked", desk=handoff.desks.default.id, question=said[0], now=NOW
        )
        for number, text in enumerate(said):
            handoff.transcript.hear(cid, client_id=f"c{number}", text=text, now=NOW)
        assert self.agent.post(f"/conversations/{cid}/claim").status_code == 200
        return cid

    def replies(self, cid: str, text: str) -> None:
        """Say something to the citizen."""
        self.agent.post(f"/conversations/{cid}/reply", client_id=f"r{len(text)}", text=text)

    def drafts(self, cid: str, **fields: object) -> BeautifulSoup:
        """Ask for a draft, and return what is shown."""
        answer = self.agent.post(f"/conversations/{cid}/drafted", **fields)
        assert answer.status_code == 200, answer.text
        return BeautifulSoup(answer.text, "html.parser")

    def messages(self, cid: str) -> tuple[Message, ...]:
        return self.product.handoff.transcript.messages(cid, for_staff=True)


OpenDesk = Callable[..., Any]


@pytest.fixture
def open_desk(five_guides: Settings, embedder: Embedding, tmp_path: Path) -> OpenDesk:
    """Return a way to open the desk with a scripted model."""

    @contextmanager
    def opened(*behaviours: Behaviour, **settings: Any) -> Iterator[Desk]:
        with serving(*behaviours) as server:
            named = NamedEndpoint(name="near", address=server.address, model="albert")
            limits = {f"language_model_{name}seconds": 60.0 for name in ("first_", "call_", "")}
            update = {
                "data_folder": ROOT / "var",
                "database_url": SecretStr(f"sqlite:///{tmp_path / 'civic.sqlite'}"),
                "language_models": (named,),
                "language_model_style": STYLE,
                **limits,
            }
            chosen = five_guides.model_copy(update=update | settings)
            product = assemble(chosen, embedder, clock=lambda: NOW)
            app = FastAPI()
            app.mount("/desk", create_desk(product, clock=lambda: NOW, hasher=QUICK))
            yield Desk(app, product, _signed_in(app, product), server)

    return opened


def _signed_in(app: FastAPI, product: Product) -> Agent:
    accounts = Accounts(product.records, QUICK)
    account = accounts.add(
        "awa", name="Awa Diop", password=PASSWORD, desks=(), roles=("agent",), now=NOW
    )
    agent = Agent(TestClient(app, base_url="http://desk.example"), account.id)
    assert agent.sign_in("awa").status_code == 303
    return agent
