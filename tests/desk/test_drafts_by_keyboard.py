"""Drafts and summaries by keyboard, in a real browser, at a desk's and at a telephone's width."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from civic_assistant.desk.model_pages import LONG
from evals.endpoints.scripted import says
from tests.desk.desk_browser import fits, page, served, violations
from tests.desk.drafting_desk import QUESTION, ROW, WORDED, WRONG, OpenDesk, open_desk

__all__ = ["open_desk", "page"]
pytestmark = pytest.mark.browser


def writes(data: Mapping[str, Any]) -> str:
    """Sum a conversation up, or draft a reply, as the prompt asks."""
    if "messages" in data:
        asked = {"text": "L’usager demande le prix de la carte.", "messages": [1]}
        asked["messages"] = [m["number"] for m in data["messages"] if QUESTION in m["text"]][:1]
        return json.dumps({"asked": asked, "told": [], "open": []})
    holder = next(p["id"] for p in data["passages"] if ROW in p["text"])
    sentences = [
        {"text": text, "sources": [{"id": holder, "quote": ROW}]} for text in (WORDED, WRONG)
    ]
    return json.dumps({"coverage": "complete", "sentences": sentences})


def test_a_draft_and_a_summary_by_keyboard(open_desk: OpenDesk, page: Page) -> None:
    with open_desk(says(writes)) as desk, served(desk.app) as address:
        cid = desk.waits(QUESTION, *(f"Message {number}." for number in range(LONG)))
        cookie = desk.agent.client.cookies["civic_desk"]
        page.context.add_cookies(
            [{"name": "civic_desk", "value": cookie, "url": f"{address}/desk"}]
        )
        page.goto(f"{address}/desk/conversations/{cid}")
        summary = page.locator("#summary")
        expect(summary).to_contain_text("L’usager demande le prix de la carte.")
        expect(page.locator("body")).to_be_focused()  # what comes by itself takes no focus
        assert violations(page) == [] and fits(page)

        page.keyboard.press("d")
        expect(page.locator(".drafted")).to_contain_text(WORDED)
        expect(page.get_by_role("button", name="Mettre dans ma réponse")).to_be_focused()
        assert violations(page) == [] and fits(page)
        source = page.locator(".quoted summary")
        page.keyboard.press("Shift+Tab")  # to what was left out
        page.keyboard.press("Enter")
        expect(page.locator(".left-out li")).to_contain_text(WRONG)
        page.keyboard.press("Shift+Tab")
        expect(source).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.locator(".quoted blockquote")).to_be_visible()
        page.locator(".suggestion .fold summary").click()
        expect(page.locator("#drafted-letter")).to_be_visible()
        assert violations(page) == [] and fits(page)

        page.get_by_role("button", name="Mettre dans ma réponse").focus()
        page.keyboard.press("Enter")
        expect(page.locator("#reply")).to_be_focused()
        assert page.locator("#reply").input_value().startswith(WORDED)
        assert not [m for m in desk.messages(cid) if m.role == "agent"]

        summary.locator("a").first.click()
        expect(page.locator(".message:target")).to_contain_text(QUESTION)
        assert violations(page) == []
        page.close()
