"""A citizen leaves a contact for a person, and erases everything by the code."""

from __future__ import annotations

import httpx

from civic_assistant.chat.contact_form import (
    CANCEL_ACTION,
    SEND_ACTION,
    TALK_ACTION,
)
from tests.chat.live import Chat, Live
from tests.chat.person_page import (
    FRENCH,
    conversation_of,
    page,
)

__all__ = ["page"]


async def test_a_contact_is_kept_and_its_number_said(page: Live) -> None:
    async with Chat(page.url, cookie=FRENCH) as chat:
        await chat.ask("piscine ?")
        await chat.sees("offered")
        await chat.wish("message")
        await chat.wish("message")
        await chat.until(lambda: bool(chat.elements))
        assert [e["props"]["question"] for e in chat.elements] == ["piscine ?"]
        form = {"question": "piscine ?", "name": "", "consent": True}
        wrong = await chat.act(SEND_ACTION, **form, contact="nulle part")
        assert list(wrong["problems"]) == ["contact"]
        kept = await chat.act(SEND_ACTION, **form, contact="ada@mail.example")
        assert kept["number"] in await chat.hears("ada@mail.example")
        panel = await chat.sees("left_message")
        assert kept["number"] in panel["title"]
        assert "ada@mail.example" in panel["lines"][0]
        assert (await chat.act(SEND_ACTION, **form, contact="ada@mail.example"))["failed"]
        await chat.ask("stationnement")
        await chat.hears("Elle coûte")
        await chat.wish("withdraw")
        await chat.sees("bot")


async def test_the_form_can_be_cancelled_and_nothing_odd_opens_it(page: Live) -> None:
    async with Chat(page.url, cookie=FRENCH) as chat:
        posted: tuple[object, ...] = ({"civic": "message"}, "x", None, {"civic": []}, {"civic": 1})
        for message in posted:
            await chat.io.emit("window_message", message)
        await chat.act(TALK_ACTION)
        await chat.sees("offered")
        assert chat.elements == []
        await chat.wish("message")
        await chat.until(lambda: bool(chat.elements))
        await chat.act(CANCEL_ACTION)
        await chat.hears("Rien n")
        await chat.act(CANCEL_ACTION)
        assert chat.panel["state"] == "offered"


async def test_a_code_is_kept_out_of_reach_of_scripts_and_erases_everything(page: Live) -> None:
    async with Chat(page.url, cookie=FRENCH) as chat:
        await chat.ask("un doute")
        await chat.sees("offered")
        code = chat.panel["code"]
        conversation = conversation_of(page, chat)
        async with httpx.AsyncClient(base_url=page.url) as browser:
            typed = {"code": code.lower().replace("-", " ")}
            kept = await browser.post("/conversation", json=typed)
            assert kept.status_code == 204
            assert "httponly" in kept.headers["set-cookie"].lower()
            assert code in kept.headers["set-cookie"]
            wrong = await browser.post("/conversation", json={"code": "CCCC-CCCC"})
            assert wrong.status_code == 404
            assert (await browser.post("/conversation", json={"code": "C" * 65})).status_code == 422
            erased = await browser.post("/conversation/erase", json={"code": code})
            assert erased.status_code == 204
            assert (await browser.post("/conversation", json=typed)).status_code == 404
            page.product.limit.is_open = False
            assert (await browser.post("/conversation", json=typed)).status_code == 429
            assert (await browser.post("/conversation/forget")).status_code == 204
        await chat.until(lambda: {"civic": "erased"} in chat.told)
        assert page.product.handoff.handoffs.latest(conversation) is None
