"""The answer depends on the case: the page asks, with buttons, and remembers."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.chat.live import live_page
from tests.journeys.conftest import WAIT, Visit, Visitor, visitor

pytestmark = pytest.mark.browser
PAPERS = "Quels documents faut-il pour une carte d'identité ou un passeport ?"
MINOR = "carte ou passeport d'un mineur"


def answered(somebody: Visitor, messages: int) -> Locator:
    """Return the assistant's last message once there are so many of the visitor's."""
    expect(somebody.page.locator('[data-step-type="user_message"]')).to_have_count(messages)
    answer = somebody.page.locator('[data-step-type="assistant_message"]').last
    expect(answer.locator("blockquote").first).to_be_visible(timeout=WAIT)
    expect(somebody.page.locator("#stop-button")).to_have_count(0, timeout=WAIT)
    return answer


def test_a_question_without_a_case_is_asked_back_and_the_choice_is_kept(visit: Visit) -> None:
    somebody = visit(width=390).open()
    somebody.ask(PAPERS)
    choice = somebody.page.get_by_role("group", name="Lequel est le vôtre")
    buttons = choice.get_by_role("button")
    expect(buttons).to_have_count(5)
    expect(buttons.nth(2)).to_have_text(MINOR)
    for place in range(5):
        box = buttons.nth(place).bounding_box()
        assert box is not None and box["height"] >= 44 and box["x"] + box["width"] <= 390
    assert somebody.fits()
    assert somebody.violations() == []
    buttons.nth(2).click()
    answer = answered(somebody, 2)
    expect(somebody.page.locator('[data-step-type="user_message"]').last).to_contain_text(MINOR)
    expect(answer).to_contain_text("Pour un mineur")
    said = somebody.page.locator("[data-step-type]")
    spoken = said.evaluate_all("steps => steps.map((step) => step.dataset.stepType[0])")
    assert "".join(spoken) == "uaua"
    expect(answer.locator("blockquote").first).to_be_in_viewport()
    expect(answer.locator(".civic-source").first).to_contain_text(MINOR)
    expect(buttons.nth(2)).to_have_attribute("aria-pressed", "true")
    expect(buttons.nth(0)).to_have_attribute("aria-disabled", "true")
    somebody.ask("et pour mon passeport ?")
    after = answered(somebody, 3)
    expect(after.locator(".civic-source").first).to_contain_text(MINOR)
    expect(after.locator(".civic-choice")).to_have_count(0)
    assert somebody.violations() == []


def test_a_question_that_says_the_age_is_answered_at_once(visit: Visit) -> None:
    somebody = visit(width=390).open()
    answer = somebody.ask("Quels papiers apporter pour le passeport de ma fille de 6 ans ?")
    expect(answer.locator(".civic-choice")).to_have_count(0)
    expect(answer.locator(".civic-source").first).to_contain_text(MINOR)


def test_the_keyboard_chooses_and_not_knowing_is_an_answer(visit: Visit) -> None:
    somebody = visit(width=390).open()
    last = somebody.ask(PAPERS).get_by_role("button", name="je ne sais pas")
    last.focus()
    ring = last.evaluate("element => getComputedStyle(element).outlineStyle")
    somebody.page.keyboard.press("Enter")
    answer = answered(somebody, 2)
    assert ring == "solid"
    expect(answer.locator(".civic-choice")).to_have_count(0)
    expect(answer).to_contain_text("Voici ce que disent les guides")


@pytest.mark.parametrize(("language", "text"), [("ar", "بطاقة"), ("en", "card")])
def test_labels_keep_the_guides_language_on_a_page_in_another(
    browser: Browser, language: str, text: str
) -> None:
    live = live_page()
    with visitor(browser, live.url, 320, language) as somebody:
        asked = somebody.open(f"/?lang={language}").ask(text)
        buttons = asked.locator(".civic-choice button")
        expect(buttons.first).to_have_attribute("lang", "fr")
        expect(buttons.first).to_have_attribute("dir", "ltr")
        expect(buttons.last).to_have_attribute("lang", language)
        expect(asked.locator(".message-content").first).to_have_attribute("lang", language)
        assert somebody.fits()
        assert somebody.violations() == []
