"""What staff see of a reply's way to the citizen, and how a code leads them to a conversation."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import WAIT, AtDesk, Visit
from tests.journeys.staff import Agent
from tests.journeys.talking import in_order, panel, return_code, waits

pytestmark = pytest.mark.browser

NONE, DELIVERED, SEEN = "Pas encore reçu par la page de l’usager", "Reçu", "Lu"


def mark(agent: Agent, text: str) -> Locator:
    """Return what stands under a reply about its way."""
    return agent.page.locator(".message.agent", has_text=text).locator(".reach")


def puts(page: Page, state: str) -> None:
    """Put the page behind another window, or in front again: no browser in tests has windows."""
    page.evaluate(
        """state => {
            const now = { value: state, configurable: true };
            Object.defineProperty(document, "visibilityState", now);
            document.dispatchEvent(new Event("visibilitychange"));
        }""",
        state,
    )


def test_a_reply_is_marked_as_received_when_the_page_has_it_and_as_read_when_in_sight(
    visit: Visit, at_desk: AtDesk
) -> None:
    awa = at_desk()
    ada = waits(visit(390), "Mon dossier est-il complet ?")
    awa.takes("Mon dossier").sees("Mon dossier est-il complet ?")
    expect(panel(ada.page)).to_contain_text("Awa D. parle avec vous.")
    awa.writes("Oui, il l’est.")
    expect(mark(awa, "il l’est")).to_have_text(SEEN)

    puts(ada.page, "hidden")
    awa.writes("Vous recevrez une lettre.")
    expect(ada.page.get_by_text("une lettre")).to_be_visible()
    expect(mark(awa, "une lettre")).to_have_text(DELIVERED)
    expect(mark(awa, "il l’est")).to_have_text(SEEN)
    puts(ada.page, "visible")
    expect(mark(awa, "une lettre")).to_have_text(SEEN)

    ada.page.context.set_offline(True)
    awa.writes("Bonne journée.")
    expect(mark(awa, "Bonne journée")).to_have_text(NONE)
    awa.page.reload()
    expect(mark(awa, "Bonne journée")).to_have_text(NONE)
    expect(mark(awa, "une lettre")).to_have_text(SEEN)
    assert awa.visitor.violations() == []
    ada.page.context.set_offline(False)
    expect(ada.page.get_by_text("Bonne journée.")).to_be_visible(timeout=2 * WAIT)
    expect(mark(awa, "Bonne journée")).to_have_text(SEEN)
    awa.closes()


def test_the_code_that_a_citizen_says_at_the_counter_opens_their_conversation(
    visit: Visit, at_desk: AtDesk
) -> None:
    awa = at_desk()
    ada = waits(visit(), "Je passe au guichet.")
    code = return_code(ada.page)
    expect(awa.row("Je passe au guichet.")).to_have_count(1)
    awa.presses("o")
    field = awa.page.get_by_label("Code de retour ou numéro")
    expect(field).to_be_focused()
    awa.page.keyboard.type("CCCC CCCC")
    awa.presses("Enter")
    expect(awa.page.get_by_role("alert")).to_contain_text("Aucune conversation n’a ce code")
    field.fill(code.lower().replace("-", " "))
    awa.presses("Enter")
    awa.sees("Je passe au guichet.")
    assert code.split("-")[0].lower() not in awa.page.url.lower()
    awa.presses("t")
    expect(awa.page.locator("#reply")).to_be_visible()
    awa.writes("Bonjour, je vous vois.")
    expect(ada.page.get_by_text("je vous vois")).to_be_visible()
    assert in_order(ada.page, "Je passe au guichet.", "a rejoint", "je vous vois")
    awa.closes()
    ada.ask("Combien coûte le stationnement résident ?")
    awa.presses("o")
    field.fill(code)
    awa.presses("Enter")
    alert = awa.page.get_by_role("alert")
    expect(alert).to_contain_text("l’usager parle avec l’assistant")
    awa.finds_no_fault()
