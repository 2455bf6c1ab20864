"""What a citizen does and reads on the page while a person is offered, awaited or talked with."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import WAIT, Visitor


def panel(page: Page) -> Locator:
    return page.locator("#civic-handoff")


def press(page: Page, wish: str) -> None:
    page.locator(f'#civic-handoff [data-wish="{wish}"]').click()


def said(page: Page) -> list[str]:
    return page.locator("[data-step-type$=_message] .message-content").all_inner_texts()


def writes(somebody: Visitor, text: str) -> None:
    page = somebody.page
    page.locator("#chat-input").fill(text)
    expect(page.locator("#chat-submit")).to_be_enabled(timeout=WAIT)
    page.keyboard.press("Enter")


def in_order(page: Page, *words: str) -> bool:
    texts = said(page)
    places = [[at for at, text in enumerate(texts) if word in text] for word in words]
    assert [len(found) for found in places] == [1] * len(words), texts
    return places == sorted(places)


def waits(somebody: Visitor, words: str) -> Visitor:
    """Ask for a person straight away, wait, and say what it is about."""
    page = somebody.open().page
    page.locator("#civic-person").click()
    press(page, "wait")
    expect(panel(page)).to_contain_text("Vous attendez une personne")
    writes(somebody, words)
    expect(page.get_by_text(words)).to_be_visible()
    return somebody


def return_code(page: Page) -> str:
    """Return the code that leads back, as the panel shows it to who waits."""
    return panel(page).locator(".civic-code").inner_text()
