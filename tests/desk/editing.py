"""Editors at the desk, over five guides of the shipped corpus that were really published."""

from __future__ import annotations

import shutil
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bs4 import BeautifulSoup
from fastapi import FastAPI
from httpx2 import Client, Response
from pydantic import SecretStr
from starlette.testclient import TestClient

from civic_assistant.assembly import Product, assemble
from civic_assistant.desk.application import create_desk
from civic_assistant.desk.editors.workshop import Workshop
from civic_assistant.desk.sessions import Member, Sessions
from civic_assistant.embedding import Embedding
from civic_assistant.settings import Settings, StaffRole
from ingest.drafts.working_copy import WorkingCopy
from ingest.folder import FolderSource
from ingest.progress import Progress
from ingest.publish import publish
from tests.desk.conftest import QUICK

ROOT = Path(__file__).parents[2]
GUIDES = (
    "stationnement-resident", "portage-repas", "pacs", "plan-canicule-2025", "composteur",
)  # fmt: skip
FEE = "| Premier véhicule du foyer | 15 € | 150 € |"
NEW_FEE = "| Premier véhicule du foyer | 16 € | 160 € |"
SECONDS = 120.0
"""How long a test waits for what is planned or published."""


@dataclass
class Moment:
    """The day that the corpus was written for."""

    now: datetime = datetime(2026, 11, 22, 10, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Editor:
    """A browser at the editors' pages."""

    client: Client
    staff_id: str

    def page(self, path: str = "", status: int = 200) -> BeautifulSoup:
        answer = self.client.get(f"/desk/guides{path}", headers={"accept": "text/html"})
        assert answer.status_code == status, answer.text
        return BeautifulSoup(answer.text, "html.parser")

    def csrf(self) -> str:
        found = self.page("/new").select_one("input[name=csrf]")
        assert found is not None
        return str(found["value"])

    def send(
        self,
        path: str,
        fields: Mapping[str, object] | None = None,
        file: tuple[str, bytes] | None = None,
    ) -> Response:
        """Send a form as a browser without scripts does."""
        body = {"csrf": self.csrf(), **(fields or {})}
        answer: Response = self.client.post(
            f"/desk/guides{path}",
            data=body,
            files={"file": file} if file else None,
            headers={"accept": "text/html"},
            follow_redirects=False,
        )
        return answer

    def sends(self, path: str, fields: Mapping[str, object] | None = None) -> str:
        """Send a form that is taken, and return where it leads."""
        answer = self.send(path, fields)
        assert answer.status_code == 303, answer.text
        return str(answer.headers["location"])

    def writes(self, guide_id: str, language: str, text: str) -> None:
        """Keep a text in the draft, as the page showed it before."""
        shown = self.page(f"/{guide_id}/{language}").select_one("#text-form [name=based_on]")
        assert shown is not None
        self.sends(f"/{guide_id}/{language}", {"text": text, "based_on": str(shown["value"])})

    def plans(self, **fields: object) -> BeautifulSoup:
        """See what the draft would change, and return the page once it is known."""
        self.sends("/plan", fields)
        return self.waits()

    def publishes(self, reason: str = "Délibération du 28 mai", **fields: object) -> BeautifulSoup:
        """Publish what the page shows, everything ticked as seen, and wait until it is done."""
        page = self.page("/plan")
        plan = page.select_one("#publish-form [name=plan]")
        assert plan is not None, page.get_text(" ", strip=True)
        seen = [str(box["value"]) for box in page.select("#publish-form [name=seen]")]
        sent = {"plan": str(plan["value"]), "reason": reason, "seen": seen, **fields}
        self.sends("/publish", sent)
        return self.waits()

    def waits(self) -> BeautifulSoup:
        """Wait until nothing is planned or published any more."""
        until = time.monotonic() + SECONDS
        while time.monotonic() < until:
            page = self.page("/plan")
            if page.select_one("[data-run]") is None:
                return page
            time.sleep(0.1)
        raise AssertionError("it goes on and on")


@dataclass
class Office:
    """The desk's application over a product of its own, and the folder that it publishes."""

    app: FastAPI
    product: Product
    clock: Moment

    @property
    def corpus(self) -> Path:
        return self.product.settings.corpus_folder

    @property
    def workshop(self) -> Workshop:
        workshop: Workshop = self.app.state.desk.state.workshop
        return workshop

    def editor(
        self, login: str = "eve", name: str = "Ève E.", roles: tuple[StaffRole, ...] = ("editor",)
    ) -> Editor:
        """Sign somebody in, in a browser of their own."""
        staff_id = f"staff-{login}"
        token = Sessions(self.product.records, 12).open(
            Member(staff_id, name, (), roles), self.clock()
        )
        client = TestClient(self.app, base_url="http://desk.example")
        client.cookies.set("civic_desk", token, path="/desk")
        return Editor(client, staff_id)

    def draft(self, editor: Editor) -> WorkingCopy:
        """Return what somebody has changed and not published."""
        return self.workshop.drafts.of(editor.staff_id)

    def published(self, guide_id: str, language: str = "fr") -> str:
        """Return what the live edition says."""
        index = self.product.index
        live = index.live()
        entry = live.versions[guide_id].get(language)
        assert entry is not None
        return "\n".join(section.text for section in index.guide(entry.digest).sections)


def publish_guides(folder: Path, embedder: Embedding) -> Settings:
    """Publish the five guides into a folder, with a database beside the index."""
    for guide_id in GUIDES:
        shutil.copytree(ROOT / "corpus" / guide_id, folder / "corpus" / guide_id)
    settings = settings_in(folder)
    earlier = Moment(datetime(2026, 11, 20, 10, tzinfo=UTC))
    source = FolderSource(settings.corpus_folder)
    publish(source, settings, embedder, Progress(visible=False), earlier)
    return settings


def settings_in(folder: Path) -> Settings:
    """Return settings that lead to a folder and write nowhere else."""
    (folder / "data").mkdir(exist_ok=True)
    return Settings(
        embedding="light",
        data_folder=folder / "data",
        corpus_folder=folder / "corpus",
        index_folder=folder / "index",
        database_url=SecretStr(f"sqlite:///{folder / 'civic.sqlite'}"),
    )


def open_office(published: Settings, folder: Path, embedder: Embedding) -> Office:
    """Open the desk over a copy of what was published."""
    source = published.index_folder.parent
    for part in ("corpus", "index"):
        shutil.copytree(source / part, folder / part)
    settings = settings_in(folder)
    (settings.models_folder).symlink_to(ROOT / "var" / "models")
    clock = Moment()
    product = assemble(settings, embedder, clock=clock)
    desk = create_desk(product, clock=clock, hasher=QUICK)
    app = FastAPI()
    app.mount("/desk", desk)
    app.state.desk = desk
    return Office(app, product, clock)
