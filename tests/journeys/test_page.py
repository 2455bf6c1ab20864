"""The page itself: twelve languages, narrow screens, accessibility, and what it must never show."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from civic_assistant.messages import PAGE_LANGUAGES, is_right_to_left, messages_for
from tests.chat.live import live_page
from tests.journeys.conftest import Visit, visitor

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("language", PAGE_LANGUAGES)
def test_the_page_speaks_the_language_and_fits_a_small_phone(visit: Visit, language: str) -> None:
    somebody = visit(width=320, locale="fr-FR").open(f"/?lang={language}")
    page = somebody.page
    direction = "rtl" if is_right_to_left(language) else "ltr"
    assert page.evaluate("[document.documentElement.lang, document.documentElement.dir]") == [
        language,
        direction,
    ]
    messages = messages_for(language)
    expect(page.locator("#civic-welcome")).to_contain_text(messages.text("welcome.machine"))
    starters = page.locator("#starters button")
    expect(starters.first).to_have_text(messages.text("starters.canteen.label"))
    box = page.locator("#civic-person").bounding_box()
    assert box is not None and box["x"] >= 0 and box["x"] + box["width"] <= 320
    assert somebody.fits()


def test_the_language_picker_changes_the_page(visit: Visit) -> None:
    somebody = visit().open()
    somebody.page.locator("#civic-languages summary").click()
    somebody.page.get_by_role("link", name="Deutsch").click()
    expect(somebody.page.locator("html")).to_have_attribute("lang", "de")
    somebody.open("/?")
    expect(somebody.page.locator("html")).to_have_attribute("lang", "de")


@pytest.mark.parametrize("width", [1280, 320])
@pytest.mark.parametrize("language", ["fr", "ar"])
def test_axe_finds_nothing_serious(visit: Visit, width: int, language: str) -> None:
    somebody = visit(width=width).open(f"/?lang={language}")
    assert somebody.violations() == []
    answer = somebody.ask("Combien coûte le stationnement résident ?")
    answer.locator("summary").first.click()
    assert somebody.violations() == []
    assert somebody.fits()
    somebody.page.locator("#civic-languages summary").click()
    somebody.page.locator("#civic-person").click()
    expect(somebody.page.locator("#civic-handoff")).to_be_visible()
    assert somebody.violations() == []
    somebody.page.locator('[data-wish="message"]').click()
    somebody.page.locator(".civic-form [type=submit]").click()
    expect(somebody.page.locator(".civic-problem").first).to_be_visible()
    assert somebody.violations() == []
    assert somebody.fits()
    somebody.open(f"/privacy?lang={language}")
    assert somebody.violations() == []
    assert somebody.fits()


def test_a_question_cannot_be_typed_beyond_its_length(visit: Visit) -> None:
    somebody = visit().open()
    expect(somebody.page.locator("#chat-input")).to_have_attribute("maxlength", "1000")


def test_the_text_of_an_exception_is_never_shown(browser: Browser) -> None:
    live = live_page()
    with visitor(browser, live.url, 1280, "fr-FR") as somebody:
        answer = somebody.open().ask("panne")
        expect(answer).to_contain_text("Référence")
        assert "hunter2" not in somebody.page.content()


def test_an_answer_in_another_language_keeps_its_own_direction(browser: Browser) -> None:
    live = live_page()
    with visitor(browser, live.url, 390, "ar") as somebody:
        answer = somebody.open("/?lang=ar").ask("موقف")
        quote = answer.locator("blockquote").first
        expect(quote).to_have_attribute("dir", "ltr")
        expect(quote).to_have_attribute("lang", "fr")
        expect(answer.locator(".message-content").first).to_have_attribute("lang", "ar")
