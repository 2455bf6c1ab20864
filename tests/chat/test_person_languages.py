"""A talk with a person is told in the page's language, and marks what is in another."""

from __future__ import annotations

from datetime import timedelta

from tests.chat.fakes import MONDAY, town_clock
from tests.chat.live import Chat, Live
from tests.chat.person_page import (
    MARIE,
    conversation_of,
    page,
)

__all__ = ["page"]


async def test_a_talk_in_arabic_is_told_in_arabic(page: Live) -> None:
    async with Chat(page.url, cookie="civic_language=ar") as chat:
        await chat.ask("شك")
        panel = await chat.sees("offered")
        assert (panel["language"], panel["direction"]) == ("ar", "rtl")
        await chat.wish("wait")
        await chat.hears("قائمة الانتظار")
        conversation = conversation_of(page, chat)
        page.product.handoff.handoffs.claim(conversation, staff_id=MARIE, now=MONDAY)
        await chat.hears("انضم")


async def test_the_page_is_told_which_messages_are_in_another_language_than_its_own(
    page: Live,
) -> None:
    async with Chat(page.url, cookie="civic_language=ar") as chat:
        await chat.ask("شك")
        await chat.sees("offered")
        await chat.wish("wait")
        await chat.sees("waiting")
        conversation = conversation_of(page, chat)
        handoff = page.product.handoff
        handoff.handoffs.claim(conversation, staff_id=MARIE, now=town_clock()())
        for number, (language, text) in enumerate((("fr", "Bonjour."), ("ar", "مرحبا"))):
            handoff.transcript.reply(
                conversation,
                staff_id=MARIE,
                client_id=f"in-{language}",
                text=text,
                now=town_clock()() + timedelta(seconds=number),
                language=language,
            )
        await chat.hears("مرحبا")
        told = [one for one in chat.told if one["civic"] == "spoken"]
        assert told == [{"civic": "spoken", "id": "in-fr", "language": "fr"}]
        await chat.ask("Je réponds aussi en français, si vous voulez.")
        stored = handoff.transcript.messages
        await chat.until(lambda: stored(conversation)[-1].role == "citizen")
        kinds = [(m.role, m.language) for m in stored(conversation) if m.role != "event"]
        assert kinds == [
            ("citizen", "ar"), ("bot", "ar"), ("agent", "fr"), ("agent", "ar"), ("citizen", "fr"),
        ]  # fmt: skip
