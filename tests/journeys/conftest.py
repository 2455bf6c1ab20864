"""A real browser in front of the real product, published from the shipped corpus."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, Request, expect, sync_playwright

from tests.journeys.staff import PASSWORD, Agent, desks_around_today, empty_the_desk

ROOT = Path(__file__).parents[2]
PROGRAM = (sys.executable, "-m", "civic_assistant.command_line")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
WAIT = 20_000
"""Milliseconds: the first question of a fresh process warms the models up."""
expect.set_options(timeout=WAIT)


@dataclass
class Visitor:
    """Somebody at the page: the browser's tab and every address it asked for."""

    page: Page
    address: str
    asked: list[str]

    def open(self, path: str = "/?lang=fr") -> Visitor:
        """Go to a page of ours and wait until a question can be asked."""
        self.page.goto(self.address + path)
        if path.startswith("/?"):
            expect(self.page.locator("#civic-notes")).to_be_visible(timeout=WAIT)
            expect(self.page.locator("#chat-input")).to_be_editable()
        return self

    def ask(self, question: str) -> Locator:
        """Type a question, send it, and return the assistant's last message once it is there."""
        before = self.page.locator('[data-step-type="user_message"]').count()
        self.page.locator("#chat-input").fill(question)
        expect(self.page.locator("#chat-submit")).to_be_enabled(timeout=WAIT)
        self.page.keyboard.press("Enter")
        expect(self.page.locator('[data-step-type="user_message"]')).to_have_count(before + 1)
        answer = self.page.locator('[data-step-type="assistant_message"]').last
        expect(answer.locator(".prose").first).not_to_contain_text("…", timeout=WAIT)
        expect(self.page.locator("#stop-button")).to_have_count(0, timeout=WAIT)
        return answer

    def outside(self) -> list[str]:
        """Return the addresses asked for that are not the product's own."""
        own = (self.address, self.address.replace("http", "ws", 1), "data:", "blob:")
        return [address for address in self.asked if not address.startswith(own)]

    def violations(self) -> list[str]:
        """Return what axe-core finds on the page that is serious or critical."""
        found = Axe().run(self.page).response["violations"]
        return [
            f"{rule['id']}: {node['html'][:120]}"
            for rule in found
            if rule["impact"] in ("serious", "critical")
            for node in rule["nodes"]
        ]

    def fits(self) -> bool:
        """Whether nothing has to be scrolled sideways."""
        wide = "document.documentElement.scrollWidth <= innerWidth"
        inner = "document.querySelector('#root').scrollWidth <= innerWidth"
        return bool(self.page.evaluate(f"{wide} && (!document.querySelector('#root') || {inner})"))


Visit = Callable[..., Visitor]


@pytest.fixture(scope="package")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Publish the shipped corpus into an index of its own; return the product's environment."""
    folder = tmp_path_factory.mktemp("product")
    settings = {
        "CIVIC_EMBEDDING": "light",
        "CIVIC_DATA_FOLDER": str(ROOT / "var"),
        "CIVIC_CORPUS_FOLDER": str(ROOT / "corpus"),
        "CIVIC_INDEX_FOLDER": str(folder / "index"),
        "CIVIC_DATABASE_URL": f"sqlite:///{folder / 'civic.sqlite'}",
        "CIVIC_DESKS_FILE": str(desks_around_today(folder / "desks.toml")),
        "CIVIC_QUESTIONS_PER_MINUTE": "600",
    }
    environment = {**os.environ, **settings}
    told = subprocess.run(
        [*PROGRAM, "publish"], cwd=folder, env=environment, capture_output=True, text=True
    )
    assert told.returncode in (0, 3), told.stdout + told.stderr
    return environment


@contextmanager
def serving(environment: dict[str, str], started_in: Path) -> Iterator[str]:
    """Serve the product and yield its address; nothing may be written where it is started."""
    with subprocess.Popen(
        [*PROGRAM, "serve"], cwd=started_in, env=environment, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        line = server.stdout.readline()
        try:
            yield next(word for word in line.split() if word.startswith("http://"))
        finally:
            server.terminate()
            server.wait(20)
    assert list(started_in.iterdir()) == []


@pytest.fixture(scope="package")
def address(environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve the product and return its address."""
    with serving(environment, tmp_path_factory.mktemp("cwd")) as address:
        yield address


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Start Debian's Chromium, or say why these journeys are skipped."""
    if CHROMIUM is None:
        pytest.skip("Chromium is missing: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield browser
        browser.close()


@contextmanager
def visitor(browser: Browser, address: str, width: int, locale: str) -> Iterator[Visitor]:
    """Open a browser profile of its own."""
    context = browser.new_context(
        viewport={"width": width, "height": 800}, locale=locale, reduced_motion="reduce"
    )
    asked: list[str] = []

    def keep(request: Request) -> None:
        asked.append(request.url)

    page = context.new_page()
    page.on("request", keep)
    page.on("websocket", lambda opened: asked.append(opened.url))
    broken: list[str] = []
    page.on("pageerror", lambda error: broken.append(str(error)))
    here = Visitor(page, address, asked)
    yield here
    assert here.outside() == []
    assert broken == []
    context.close()


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Visit]:
    """Return a way to visit the product at a width in CSS pixels, with a browser's language."""
    opened = []

    def visit(width: int = 1280, locale: str = "fr-FR") -> Visitor:
        context = visitor(browser, address, width, locale)
        opened.append(context)
        return context.__enter__()

    yield visit
    for context in reversed(opened):
        context.__exit__(None, None, None)


AtDesk = Callable[..., Agent]


@pytest.fixture(scope="package")
def accounts(environment: dict[str, str]) -> dict[str, str]:
    """Make the accounts of two members of staff; return their names by login."""
    people = {"awa": ("Awa D.", "--lead"), "bo": ("Bo M.", "--desk=accueil", "--desk=etat-civil")}
    for login, (name, *options) in people.items():
        subprocess.run(
            [*PROGRAM, "staff", "add", login, "--name", name, *options],
            env=environment,
            input=PASSWORD,
            text=True,
            check=True,
        )
    return {login: name for login, (name, *_) in people.items()}


@pytest.fixture(scope="package")
def sessions() -> dict[str, str]:
    """Return the session cookies of who is signed in, by login: each signs in once."""
    return {}


@pytest.fixture
def at_desk(
    visit: Visit, environment: dict[str, str], accounts: dict[str, str], sessions: dict[str, str]
) -> AtDesk:
    """Return a way to be at the desk, empty at first, in a browser of one's own."""
    empty_the_desk(environment["CIVIC_DATABASE_URL"])

    def at_desk(login: str = "awa", width: int = 1280) -> Agent:
        agent = Agent(visit(width), accounts[login])
        if login in sessions:
            agent.has_session(sessions[login])
            agent.opens("/")
        else:
            agent.signs_in(login)
            sessions[login] = agent.session()
        return agent

    return at_desk
