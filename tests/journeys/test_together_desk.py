"""Every page of the desk without a barrier, and all of its work without a mouse."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import WAIT, AtDesk, Visit
from tests.journeys.staff import PASSWORD, Agent
from tests.journeys.talking import panel, waits

pytestmark = pytest.mark.browser

QUESTION = "Combien coûte le stationnement résident ?"


@pytest.mark.parametrize("width", [1280, 320])
def test_no_page_of_the_desk_has_a_barrier(visit: Visit, at_desk: AtDesk, width: int) -> None:
    stranger = Agent(visit(width), "")
    stranger.opens("/sign-in").finds_no_fault()
    stranger.page.locator("#login").fill("nobody")
    stranger.page.locator("#password").fill("wrong")
    stranger.presses("Enter")
    expect(stranger.page.get_by_role("alert")).to_be_visible()
    stranger.finds_no_fault()

    awa = at_desk("awa", width)
    page = awa.page
    ada = waits(visit(), "Bonjour, " + QUESTION)
    expect(awa.row("Demande une personne")).to_have_count(1)
    awa.finds_no_fault()
    awa.takes("Demande une personne").sees(QUESTION)
    awa.presses("i", "Escape", "s")
    expect(page.locator(".suggestion")).to_be_visible(timeout=2 * WAIT)
    awa.finds_no_fault()
    for key in ("f", "x"):
        awa.presses("Escape", key)
        expect(page.locator("details.menu[open]")).to_have_count(1)
        awa.finds_no_fault()
    awa.presses("Escape")
    awa.closes()
    expect(panel(ada.page)).to_be_hidden()

    awa.presses("?")
    expect(page.locator("#keys")).to_be_visible()
    awa.finds_no_fault()
    awa.presses("Escape")
    pages = [str(link.get_attribute("href")) for link in page.locator("header nav a").all()]
    assert {"/desk/", "/desk/ask", "/desk/figures"} <= set(pages)
    for path in (*pages, "/desk/conversations/none"):
        awa.opens(path.removeprefix("/desk"))
        page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
        awa.finds_no_fault()
    awa.opens("/ask")
    page.locator("#question").fill(QUESTION)
    awa.presses("Enter")
    expect(page.locator(".ask-passages .passage").first).to_be_visible()
    page.evaluate("document.querySelectorAll('details.fold').forEach(each => each.open = true)")
    awa.finds_no_fault()
    page.get_by_role("button", name="Écarter ce guide").first.click()
    expect(page.locator(".excluded")).to_be_visible()
    awa.finds_no_fault()


@pytest.mark.usefixtures("at_desk")
def test_the_whole_desk_by_keyboard(visit: Visit, accounts: dict[str, str]) -> None:
    bo = Agent(visit(), accounts["bo"])
    page = bo.page
    bo.opens("/sign-in").tabs_to(page.locator("#login"))
    page.keyboard.type("bo")
    bo.tabs_to(page.locator("#password"))
    page.keyboard.type(PASSWORD)
    bo.presses("Enter")
    expect(page.locator("#list")).to_be_visible()

    ada = waits(visit(390), "Sans souris, s’il vous plaît.")
    expect(page.locator("#list .row")).to_have_count(1)
    bo.presses("j", "Enter")
    bo.sees("Sans souris")
    bo.presses("t")
    expect(page.locator("#reply")).to_be_visible()
    bo.presses("r")
    page.keyboard.type("Bonjour.")
    bo.presses("Control+Enter")
    bo.sees("Bonjour.")

    bo.presses("Escape", "c", "ArrowDown", "ArrowDown")
    bo.tabs_to(page.get_by_role("button", name="Insérer"))
    bo.presses("Enter")
    expect(page.locator("#reply")).to_be_focused()
    expect(page.locator("#reply")).to_have_value(re.compile("^Je me renseigne"))
    bo.presses("Control+Enter")
    expect(ada.page.get_by_text("Je me renseigne auprès du service")).to_be_visible()

    bo.presses("Escape", "i")
    page.keyboard.type("Préfère le clavier.")
    bo.presses("Control+Enter")
    expect(page.locator(".message.note")).to_contain_text("Préfère le clavier.")
    expect(ada.page.get_by_text("Préfère le clavier.")).to_have_count(0)

    bo.presses("Escape", "f")
    expect(page.locator("#forward-to")).to_be_focused()
    bo.tabs_to(page.locator("details.menu[open] .primary"))
    bo.presses("Enter")
    expect(page.locator("#empty-title")).to_be_visible()
    expect(panel(ada.page)).to_contain_text("Vous attendez une personne")
    expect(page.locator("#list .row")).to_contain_text("État civil")
    bo.presses("n")
    expect(page.locator("#reply")).to_be_visible()
    bo.presses("x")
    bo.tabs_to(page.get_by_role("button", name="Question résolue"))
    bo.presses("Enter")
    expect(page.locator("#empty-title")).to_be_visible()
    expect(panel(ada.page)).to_be_hidden()

    bo.presses("a")
    expect(page.locator("#question")).to_be_focused()
    page.keyboard.type(QUESTION)
    bo.presses("Enter")
    expect(page.locator("#answer")).to_contain_text("€")
    bo.tabs_to(page.get_by_role("button", name="Écarter ce guide").first)
    bo.presses("Enter")
    left_out = page.locator(".excluded input")
    expect(left_out).to_be_checked()
    expect(page.locator("#answer-title")).to_be_visible()
    bo.tabs_to(left_out)
    bo.presses("Space")
    bo.tabs_to(page.get_by_role("button", name="Chercher"))
    bo.presses("Enter")
    expect(left_out).to_have_count(0)
    expect(page.locator("#answer")).to_contain_text("€")

    bo.tabs_to(page.locator(".me .menu summary"))
    bo.presses("Enter")
    bo.tabs_to(page.get_by_role("button", name="Se déconnecter"))
    bo.presses("Enter")
    expect(page.get_by_role("alert")).to_have_text("Vous êtes déconnecté.")
