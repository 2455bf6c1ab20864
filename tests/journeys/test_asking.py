"""A citizen asks, reads the answer, opens its source, and is not left alone without one."""

from __future__ import annotations

import subprocess

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import PROGRAM, Visit

pytestmark = pytest.mark.browser


def test_a_question_in_french_is_answered_and_its_source_opened(visit: Visit) -> None:
    somebody = visit().open()
    answer = somebody.ask("Combien coûte le stationnement résident ?")
    quote = answer.locator("blockquote").first
    expect(quote).to_contain_text("€")
    expect(quote).to_have_attribute("lang", "fr")
    card = answer.locator(".civic-source").first
    expect(card).to_contain_text("Stationnement résident")
    expect(card.locator("mark").first).to_be_hidden()
    card.locator("summary").click()
    marked = card.locator("mark").first
    expect(marked).to_be_visible()
    assert " ".join(marked.inner_text().split()) in " ".join(answer.inner_text().split())
    link = card.get_by_role("link").first
    assert (link.get_attribute("href") or "").startswith("https://www.vaubreuil.example/")
    expect(somebody.page.get_by_role("status").filter(has_text="€")).to_have_count(1)


def test_the_number_at_a_quote_leads_to_its_source(visit: Visit) -> None:
    somebody = visit().open()
    answer = somebody.ask("Combien coûte le stationnement résident ?")
    answer.locator("blockquote a").first.click()
    expect(answer.locator(".civic-source mark").first).to_be_visible()
    assert somebody.page.evaluate("document.activeElement.tagName") == "SUMMARY"


def test_a_question_in_english_on_an_english_page(visit: Visit) -> None:
    somebody = visit(locale="en-GB").open("/?lang=en")
    assert somebody.page.evaluate("document.documentElement.lang") == "en"
    answer = somebody.ask("How much does resident parking cost?")
    expect(answer).to_contain_text("This is what the official guides say")
    expect(answer.locator("blockquote").first).to_contain_text("€")


def test_a_question_in_arabic_reads_from_right_to_left(visit: Visit) -> None:
    somebody = visit(width=390, locale="ar-MA").open("/")
    assert somebody.page.evaluate("document.documentElement.dir") == "rtl"
    answer = somebody.ask("كيف أسجل طفلي في المطعم المدرسي؟")
    content = answer.locator(".message-content").first
    assert content.evaluate("element => getComputedStyle(element).direction") == "rtl"
    expect(answer.locator(".civic-source").first).to_be_visible()


def test_a_question_in_another_language_than_the_page_is_answered_in_its_own(
    visit: Visit,
) -> None:
    somebody = visit().open("/?lang=fr")
    answer = somebody.ask("How much does resident parking cost?")
    expect(answer).to_contain_text("This is what the official guides say")


def test_a_starter_asks_its_question(visit: Visit) -> None:
    somebody = visit().open()
    expect(somebody.page.locator("#starters button")).to_have_count(6)
    somebody.page.locator("#starters button").nth(1).click()
    expect(somebody.page.locator(".civic-source").first).to_be_visible(timeout=20_000)


def test_what_no_guide_covers_leads_to_a_person_and_a_number(
    visit: Visit, environment: dict[str, str]
) -> None:
    somebody = visit(width=390).open()
    question = "Quelle est la capitale de l'Australie ?"
    answer = somebody.ask(question)
    expect(answer.locator(".civic-source")).to_have_count(0)
    somebody.page.locator('[data-wish="message"]').click()
    form = somebody.page.locator(".civic-form")
    expect(form.locator("textarea")).to_be_focused()
    assert form.locator("textarea").input_value() == question
    form.locator("[type=submit]").click()
    expect(form.locator("[aria-invalid=true]")).to_have_count(2)
    contact = form.locator("[name=contact]")
    expect(contact).to_be_focused()
    told = form.locator(f"#{contact.get_attribute('aria-describedby')}")
    expect(told).to_be_visible()
    contact.fill("ada@mail.example")
    form.locator("[type=checkbox]").check()
    form.locator("[type=submit]").click()
    saved = somebody.page.locator('[data-step-type="assistant_message"]').last
    expect(saved).to_contain_text("ada@mail.example")
    expect(form).to_have_count(0)
    listed = subprocess.run(
        [*PROGRAM, "requests"], env=environment, capture_output=True, text=True, check=True
    )
    assert "ada@mail.example" in listed.stdout


def test_the_header_always_leads_to_a_person(visit: Visit) -> None:
    somebody = visit().open("/?lang=en")
    somebody.page.locator("#civic-person").click()
    somebody.page.locator('[data-wish="message"]').click()
    form = somebody.page.locator(".civic-form")
    expect(form.locator("textarea")).to_be_focused()
    somebody.page.locator("#civic-person").click()
    expect(form).to_have_count(1)
    form.get_by_role("button", name="Cancel").click()
    expect(form).to_have_count(0)
    expect(somebody.page.locator("#chat-input")).to_be_focused()


def test_a_new_conversation_starts_afresh(visit: Visit) -> None:
    somebody = visit().open()
    somebody.ask("Bonjour")
    somebody.page.locator("#civic-new").click()
    expect(somebody.page.locator("#civic-welcome")).to_be_visible()
    expect(somebody.page.locator("[data-step-type]")).to_have_count(0)


def test_the_keyboard_alone_is_enough(visit: Visit) -> None:
    somebody = visit().open()
    press = somebody.page.keyboard.press
    somebody.page.locator(".civic-skip").focus()
    press("Enter")
    expect(somebody.page.locator("#chat-input")).to_be_focused()
    somebody.page.keyboard.type("Combien coûte le stationnement résident ?")
    expect(somebody.page.locator("#chat-submit")).to_be_enabled(timeout=20_000)
    press("Enter")
    summary = somebody.page.locator(".civic-source summary").first
    expect(summary).to_be_visible(timeout=20_000)
    summary.focus()
    press("Enter")
    expect(somebody.page.locator(".civic-source mark").first).to_be_visible()
    ring = summary.evaluate("element => getComputedStyle(element).outlineStyle")
    assert ring == "solid"
