"""The desk on a real server in a real browser, for tests that walk through it by keyboard."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from fastapi import FastAPI
from playwright.sync_api import ConsoleMessage, Page, expect, sync_playwright

WAIT = 20_000
expect.set_options(timeout=WAIT)
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


@contextmanager
def served(app: FastAPI) -> Iterator[str]:
    """Serve an application with the desk on a free port, and yield its address."""
    config = uvicorn.Config(app, port=0, log_level="error", ws="none")
    config.timeout_graceful_shutdown = 1  # the page's stream never ends by itself
    server = uvicorn.Server(config)
    thread = Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join(20)


@pytest.fixture(params=[1280, 390])
def page(request: pytest.FixtureRequest) -> Iterator[Page]:
    """Open Debian's Chromium at a desk's and at a telephone's width."""
    if CHROMIUM is None:
        pytest.skip("Chromium is missing: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--headless", "--no-sandbox", "--disable-gpu"]
        )
        context = browser.new_context(
            viewport={"width": request.param, "height": 800},
            locale="fr-FR",
            reduced_motion="reduce",
        )
        opened = context.new_page()
        broken: list[str] = []

        def keep(told: ConsoleMessage) -> None:
            if told.type == "error" and not told.text.startswith("Failed to load resource"):
                broken.append(told.text)

        opened.on("pageerror", lambda error: broken.append(str(error)))
        opened.on("console", keep)
        yield opened
        assert broken == []
        browser.close()


def violations(page: Page) -> list[str]:
    """Return what axe-core finds that is serious or critical."""
    return [
        f"{rule['id']}: {node['html'][:120]}"
        for rule in Axe().run(page).response["violations"]
        if rule["impact"] in ("serious", "critical")
        for node in rule["nodes"]
    ]


def fits(page: Page) -> bool:
    """Whether nothing has to be scrolled sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))
