"""The whole desk by keyboard, in a real browser, with the citizen's side played by the core."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import APIResponse, Page, Route, expect
from sqlalchemy import Engine

from tests.desk.conftest import PASSWORD, Town
from tests.desk.desk_browser import fits, page, served, violations

__all__ = ["page"]
pytestmark = pytest.mark.browser


@pytest.fixture
def engine(sqlite_engine: Engine) -> Engine:
    """Which database there is makes no difference to a browser."""
    return sqlite_engine


@pytest.fixture
def address(town_desk: Town, page: Page) -> Iterator[str]:
    """Serve the desk; the page is closed before the server, whose end it would complain of."""
    with served(town_desk.app) as address:
        yield address
        page.close()


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
    expect(page.locator("#note")).to_have_value("")
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


def test_a_field_that_was_left_does_not_take_the_focus_back_when_its_text_has_arrived(
    page: Page, address: str, town_desk: Town
) -> None:
    cookie = town_desk.agent().client.cookies["civic_desk"]
    page.context.add_cookies([{"name": "civic_desk", "value": cookie, "url": f"{address}/desk"}])
    town_desk.citizen_waits()
    page.goto(f"{address}/desk/")
    page.keyboard.press("n")
    expect(page.locator("#talk-title")).to_contain_text("Demande une personne")
    held: list[tuple[Route, APIResponse]] = []
    page.route("**/note", lambda route: held.append((route, route.fetch())))
    page.keyboard.press("i")
    page.keyboard.type("Semble content.")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".message.note")).to_contain_text("Semble content.")
    page.keyboard.press("Escape")
    (route, response), *_ = held
    route.fulfill(response=response)
    expect(page.locator("#note")).to_have_value("")
    page.keyboard.press("x")
    expect(page.get_by_role("button", name="Question résolue")).to_be_visible()
    expect(page.locator("#note")).to_have_value("")


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
