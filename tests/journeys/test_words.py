"""A guide in another language: its own words are explained below what is quoted of it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.chat import fakes
from tests.chat.live import live_page
from tests.journeys.conftest import visitor

pytestmark = pytest.mark.browser
NAMES = {
    "tr": ("Rehberdeki sözcükler", ["ikamet belgesi", "araç ruhsatı"]),
    "ar": ("كلمات الدليل", ["وثيقة إثبات السكن", "البطاقة الرمادية للسيارة"]),
}


def edges(box: Locator) -> tuple[float, float, float, float]:
    """Return where a box begins and ends, from left to right and from top to bottom."""
    found = box.bounding_box()
    assert found is not None
    left, top = found["x"], found["y"]
    return left, left + found["width"], top, top + found["height"]


@pytest.mark.parametrize("width", [1280, 320])
@pytest.mark.parametrize(("language", "question"), [("tr", "otopark"), ("ar", "موقف")])
def test_the_words_of_a_french_guide_are_explained_below_the_quote(
    browser: Browser, monkeypatch: pytest.MonkeyPatch, language: str, question: str, width: int
) -> None:
    monkeypatch.setitem(fakes.WORDS, "otopark", ("tr", fakes.ANSWER))
    heading, names = NAMES[language]
    is_arabic = language == "ar"
    with visitor(browser, live_page().url, width, language) as somebody:
        answer = somebody.open(f"/?lang={language}").ask(question)
        words = answer.locator(".civic-words")
        expect(words).to_have_count(1)
        expect(words).to_have_attribute("lang", language)
        expect(words).to_have_attribute("dir", "rtl" if is_arabic else "ltr")
        expect(words.locator("p")).to_have_text(heading)
        expect(words.locator("dt")).to_have_text(["justificatif de domicile", "carte grise"])
        expect(words.locator("dt bdi[lang=fr][dir=ltr]")).to_have_count(2)
        expect(words.locator("dd")).to_have_text(names)
        below, above = edges(answer.locator("blockquote").last), edges(words)
        assert below[3] <= above[2] <= above[3] <= edges(answer.locator(".civic-source").first)[2]
        term, name = edges(words.locator("dt").first), edges(words.locator("dd").first)
        if width == 320:
            assert term[3] <= name[2]
        else:
            assert name[1] <= term[0] if is_arabic else term[1] <= name[0]
        assert somebody.fits()
        assert somebody.violations() == []


def test_a_guide_in_the_citizens_own_language_needs_no_words(browser: Browser) -> None:
    with visitor(browser, live_page().url, 390, "fr-FR") as somebody:
        answer = somebody.open().ask("stationnement")
        expect(answer.locator(".civic-source")).to_have_count(1)
        expect(answer.locator(".civic-words")).to_have_count(0)
