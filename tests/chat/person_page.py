"""A citizen's page before a real desk where Marie sits, and what the two do on it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.chat.fakes import MONDAY, town_clock
from tests.chat.live import Chat, Live, live_page

FRENCH = "civic_language=fr"
SUNDAY = MONDAY - timedelta(days=1)
MARIE = "marie"


@pytest.fixture
def page() -> Iterator[Live]:
    live = live_page()
    live.product.limit.is_open = True
    live.product.assistant.go_on.clear()
    town_clock().at = MONDAY
    handoff = live.product.handoff
    handoff.presence.arrive(MARIE, name="Marie", desks=("accueil",), now=MONDAY, seats=20)
    yield live
    live.product.assistant.go_on.set()
    handoff.presence.leave(MARIE, MONDAY)  # what she holds goes back to the queue
    for record in handoff.handoffs.waiting():
        handoff.handoffs.withdraw(record.conversation_id, MONDAY)


def conversation_of(page: Live, chat: Chat) -> str:
    return page.product.handoff.conversations.resume(chat.panel["code"]).id


def answers(page: Live, chat: Chat, text: str, number: int = 1) -> None:
    page.product.handoff.transcript.reply(
        conversation_of(page, chat),
        staff_id=MARIE,
        client_id=f"reply-{number}",
        text=text,
        now=town_clock()(),
    )


def passed_on(page: Live, conversation: str) -> str:
    record = page.product.handoff.handoffs.current(conversation)
    assert record is not None
    return record.question


def names(chat: Chat) -> list[str]:
    return [element["name"] for element in chat.elements]


async def waiting(page: Live, chat: Chat) -> str:
    town_clock().at += timedelta(seconds=1)  # nobody begins to wait at the same moment
    await chat.ask("un doute")
    await chat.sees("offered")
    await chat.wish("wait")
    await chat.sees("waiting")
    return conversation_of(page, chat)


async def claimed(page: Live, chat: Chat) -> str:
    conversation = await waiting(page, chat)
    page.product.handoff.handoffs.claim(conversation, staff_id=MARIE, now=town_clock()())
    await chat.sees("with_agent")
    return conversation


def heard(chat: Chat) -> list[str]:
    return [one for told in chat.told if told["civic"] == "heard" for one in told["ids"]]
