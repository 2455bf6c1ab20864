"""A reply at the desk becomes a verified answer, and the next citizen reads it first."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import WAIT, AtDesk, Visit, Visitor
from tests.journeys.talking import panel, press, writes

pytestmark = pytest.mark.browser

QUESTION = "Puis-je apporter mon accordéon aux répétitions de la chorale municipale ?"
REPLY = "Oui, les instruments personnels sont bienvenus. Prévenez seulement le secrétariat."


def test_a_reply_is_verified_by_keyboard_and_given_to_the_next_citizen(
    visit: Visit, at_desk: AtDesk
) -> None:
    awa, ada = at_desk(), visit().open()
    ada.page.locator("#civic-person").click()
    press(ada.page, "wait")
    expect(panel(ada.page)).to_contain_text("Vous attendez une personne")
    writes(ada, QUESTION)
    awa.takes("Demande une personne").sees(QUESTION)
    awa.writes(REPLY)

    desk = Visitor(awa.page, awa.address, [])
    awa.page.get_by_role("link", name="En faire une réponse vérifiée").focus()
    awa.page.keyboard.press("Enter")
    expect(awa.page.locator("#text")).to_have_value(REPLY, timeout=WAIT)
    expect(awa.page.locator("[name=wording]").first).to_have_value(QUESTION)
    assert desk.violations() == []
    for tick in awa.page.locator("[name=passage]:checked").all():
        tick.uncheck()
    first = awa.page.locator("[name=passage]").first
    first.focus()
    awa.page.keyboard.press("Space")
    expect(first).to_be_checked()
    awa.page.get_by_role("button", name="Voir avant de garder").press("Enter")
    expect(awa.page.locator("h1")).to_have_text("Avant de garder")
    assert desk.violations() == []
    awa.page.get_by_role("button", name="Garder la réponse vérifiée").press("Enter")
    expect(awa.page.locator("h1")).to_contain_text("Réponse vérifiée")
    assert desk.violations() == []

    bob = visit().open()
    answer = bob.ask("Est-ce que je peux apporter mon accordéon aux répétitions de la chorale ?")
    expect(answer).to_contain_text("Réponse vérifiée par la mairie (Accueil)")
    expect(answer).to_contain_text(REPLY)
    expect(answer).not_to_contain_text("Awa")
    expect(bob.page.locator(".civic-source").first).to_be_visible()
    assert bob.violations() == []

    awa.page.keyboard.press("v")
    expect(awa.page.locator("#verified-live")).to_contain_text("En vigueur")
    assert desk.violations() == []
    awa.page.locator(".row", has_text=QUESTION).click()
    awa.page.locator("summary[data-key=x]").press("Enter")
    awa.page.get_by_role("button", name="Oui, la retirer").press("Enter")
    expect(awa.page.locator("h1")).to_contain_text("Retirées")
