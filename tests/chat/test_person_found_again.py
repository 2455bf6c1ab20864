"""A page that comes back finds its talk with a person again, and sends what was not stored."""

from __future__ import annotations

import uuid

from tests.chat.fakes import MONDAY
from tests.chat.live import Chat, Live
from tests.chat.person_page import (
    FRENCH,
    MARIE,
    answers,
    claimed,
    heard,
    page,
)

__all__ = ["page"]


async def test_a_page_that_comes_back_finds_everything_once_and_in_order(page: Live) -> None:
    async with Chat(page.url, cookie=FRENCH) as chat:
        await claimed(page, chat)
        code = chat.panel["code"]
        answers(page, chat, "première réponse")
        await chat.hears("première")
    back = f"{FRENCH}; civic_conversation={code}"
    answers_to = page.product.handoff.conversations.resume(code).id
    page.product.handoff.transcript.reply(
        answers_to, staff_id=MARIE, client_id="reply-2", text="pendant ce temps", now=MONDAY
    )
    async with Chat(page.url, cookie=back) as again:
        await again.hears("pendant ce temps")
        texts = [step["output"] for step in again.messages.values()]
        assert [text for text in texts if text == "un doute"] == ["un doute"]
        order = [
            texts.index(next(t for t in texts if word in t))
            for word in (
                "un doute",
                "assez sûre",
                "file d’attente",
                "a rejoint",
                "première",
                "pendant",
            )
        ]
        assert order == sorted(order)
        assert (await again.sees("with_agent"))["code"] == code
        await again.ask("merci")
        handoff = page.product.handoff
        await again.until(lambda: handoff.transcript.messages(answers_to)[-1].text == "merci")


async def test_the_case_buttons_of_a_page_that_comes_back_still_answer(page: Live) -> None:
    async with Chat(page.url, cookie="civic_language=en") as chat:
        await chat.ask("an identity card")
        await chat.until(lambda: bool(chat.panel["code"]) and len(chat.elements) == 3)
        code = chat.panel["code"]
    async with Chat(page.url, cookie=f"civic_conversation={code}") as again:
        await again.until(lambda: len(again.elements) == 3)
        turn = next(e["props"]["turn"] for e in again.elements if e["name"] == "CaseChoice")
        await again.act("choose_case", turn=turn, option=0)
        asked = page.product.assistant.asked[-1]
        assert (asked.text, asked.history) == ("un adulte", ("an identity card",))


async def test_the_page_is_told_what_is_stored_and_sends_the_rest_again_in_order(
    page: Live,
) -> None:
    async with Chat(page.url, cookie=FRENCH) as chat:
        nothing = {"civic": "heard", "ids": [], "again": True, "code": ""}
        await chat.until(lambda: nothing in chat.told)
        conversation = await claimed(page, chat)
        first, second, third = (str(uuid.uuid4()) for _ in range(3))
        await chat.ask("arrivé", id=first)
        await chat.until(lambda: first in heard(chat))
        code = chat.panel["code"]
    back = f"{FRENCH}; civic_conversation={code}"
    async with Chat(page.url, cookie=back) as again:
        await again.until(lambda: first in heard(again))
        for name, text in ((first, "arrivé"), (second, "avalé"), (third, "aussi"), (second, "")):
            await again.io.emit("window_message", {"civic": "again", "id": name, "text": text})
        await again.until(lambda: {second, third} <= set(heard(again)))
        messages = page.product.handoff.transcript.messages(conversation)
        said = [m.text for m in messages if m.role == "citizen"]
        assert said == ["un doute", "arrivé", "avalé", "aussi"]


async def test_messages_sent_at_once_are_stored_in_the_order_they_were_sent(page: Live) -> None:
    async with Chat(page.url, cookie=FRENCH) as chat:
        conversation = await claimed(page, chat)
        for number in range(12):
            await chat.ask(f"{number}")
        await chat.until(lambda: len(set(heard(chat))) == 13)
        messages = page.product.handoff.transcript.messages(conversation)
        written = [m.text for m in messages if m.role == "citizen"][1:]
        assert written == [str(number) for number in range(12)]


async def test_a_refused_message_is_settled_too_and_not_sent_again(page: Live) -> None:
    async with Chat(page.url, cookie=FRENCH) as chat:
        name = str(uuid.uuid4())
        await chat.ask("x" * 301, id=name)
        await chat.until(lambda: name in heard(chat))
        assert chat.panel["code"] == ""


async def test_a_session_that_remembers_an_older_conversation_goes_on_in_the_pages_own(
    page: Live,
) -> None:
    """As when one process opened a conversation, another the next, and the page is back at one."""
    async with Chat(page.url, cookie=FRENCH) as other:
        conversation = await claimed(page, other)
        code = other.panel["code"]
    old = Chat(page.url, cookie=FRENCH)
    async with old:
        await old.ask("piscine ?")
        await old.sees("offered")
        older = old.panel["code"]
    back = Chat(page.url, cookie=FRENCH)
    back.session = old.session
    async with back:
        begun = {"civic": "heard", "again": True, "code": older}
        await back.until(lambda: any(begun.items() <= told.items() for told in back.told))
        await back.io.emit("window_message", {"civic": "code", "code": code})
        await back.until(lambda: back.panel["code"] == code)
        await back.sees("with_agent")
        await back.ask("me voici")
        handoff = page.product.handoff
        await back.until(lambda: handoff.transcript.messages(conversation)[-1].text == "me voici")
