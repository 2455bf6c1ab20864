"""The whole desk by keyboard, in a real browser, with the citizen's side played by the core."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from threading import Thread

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, Page, expect, sync_playwright
from sqlalchemy import Engine

from tests.desk.conftest import PASSWORD, Town

pytestmark = pytest.mark.browser

WAIT = 20_000
expect.set_options(timeout=WAIT)
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


@pytest.fixture
def engine(sqlite_engine: Engine) -> Engine:
    """Which database there is makes no difference to a browser."""
    return sqlite_engine


@pytest.fixture
def address(town_desk: Town) -> Iterator[str]:
    """Serve the desk on a free port."""
    config = uvicorn.Config(town_desk.app, port=0, log_level="error", ws="none")
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


def test_a_conversation_by_keyboard_from_sign_in_to_close(
    page: Page, address: str, town_desk: Town
) -> None:
    town_desk.agent().post("/sign-out")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    page.goto(f"{address}/desk/")
    assert violations(page) == []
    page.keyboard.press("Tab")  # to the skip link, the brand, and the fields
    page.locator("#login").focus()
    page.keyboard.type("awa")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("#list")).to_contain_text("Personne n’attend.")
    assert violations(page) == [] and fits(page)

    cid = town_desk.citizen_waits("Combien coûte le stationnement ?")
    expect(page.locator("#list .row")).to_have_count(1)
    expect(page).to_have_title("1 en attente · Accueil numérique – Vaubreuil-sur-Sarle")
    page.keyboard.press("n")
    expect(page.locator("#talk-title")).to_contain_text("Demande une personne")
    assert violations(page) == [] and fits(page)

    town_desk.citizen_writes(cid, "Vous êtes là ?")
    expect(page.locator(".message.citizen").last).to_contain_text("Vous êtes là ?")
    page.keyboard.press("s")
    expect(page.locator(".suggestion")).to_contain_text("Elle coûte 30 € par an.")
    assert violations(page) == [] and fits(page)
    assert not any(role == "agent" for role, _ in town_desk.said(cid))
    page.keyboard.press("Enter")  # the button that puts it into the reply has the focus
    expect(page.locator("#reply")).to_be_focused()
    page.keyboard.type("Bonne journée.")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".message.agent")).to_contain_text("Bonne journée.")
    expect(page.locator("#reply")).to_have_value("")
    assert [
        text.endswith("Bonne journée.") for role, text in town_desk.said(cid) if role == "agent"
    ] == [True]

    page.keyboard.press("Escape")
    page.keyboard.press("i")
    page.keyboard.type("Semble content.")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".message.note")).to_contain_text("Semble content.")
    page.keyboard.press("Escape")
    page.keyboard.press("x")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Question résolue")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url(f"{address}/desk/")
    record = town_desk.product.handoff.handoffs.latest(cid)
    assert record is not None and record.close_reason == "solved"
    assert [url for url in asked if not url.startswith((address, "data:"))] == []


def test_shortcuts_can_be_switched_off(page: Page, address: str, town_desk: Town) -> None:
    cookie = town_desk.agent().client.cookies["civic_desk"]
    page.context.add_cookies([{"name": "civic_desk", "value": cookie, "url": f"{address}/desk"}])
    page.goto(f"{address}/desk/")
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    assert violations(page) == []
    page.get_by_label("Raccourcis d’une seule lettre actifs").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("a")
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    assert page.url == f"{address}/desk/"


def test_a_colleague_who_was_first_is_named(page: Page, address: str, town_desk: Town) -> None:
    cookie = town_desk.agent().client.cookies["civic_desk"]
    other = town_desk.agent("bo", "Bo M.")
    page.context.add_cookies([{"name": "civic_desk", "value": cookie, "url": f"{address}/desk"}])
    cid = town_desk.citizen_waits()
    page.goto(f"{address}/desk/conversations/{cid}")
    expect(page.get_by_role("button", name="Prendre cette conversation")).to_be_visible()
    page.route("**/state", lambda route: route.abort())  # the page has not heard of it yet
    csrf = other.csrf()
    other.client.post(
        f"/desk/conversations/{cid}/claim",
        data={"csrf": csrf},
        headers={"accept": "application/json"},
    )
    page.evaluate("document.querySelector('#state form').requestSubmit()")
    expect(page.get_by_role("alert")).to_have_text("Bo M. a déjà pris cette conversation.")
