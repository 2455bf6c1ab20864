"""A page that slept, or wrote while nothing could be stored: nothing is lost, nothing doubled."""

from __future__ import annotations

import asyncio
import uuid
from datetime import timedelta

import pytest

from civic_assistant.errors import RecordsUnusable
from civic_assistant.handoff.reach import Reached
from civic_assistant.handoff.transcript import Transcript
from tests.chat.fakes import MONDAY, town_clock
from tests.chat.live import Chat, Live
from tests.chat.person_page import FRENCH, MARIE, answers, claimed, heard, page, waiting

__all__ = ["page"]


async def end_session(chat: Chat) -> None:
    """Do what Chainlit does to a page that was away for too long."""
    from chainlit.session import ws_sessions_id
    from chainlit.user_session import user_sessions

    from civic_assistant.chat.mounting import forget_ended_sessions

    visit = user_sessions[chat.session]["visit"]
    await chat.until(lambda: visit.line is None)  # the server has noticed that it is away
    ws_sessions_id.pop(chat.session, None)
    forget_ended_sessions()


def citizen_texts(page: Live, conversation: str) -> list[str]:
    messages = page.product.handoff.transcript.messages(conversation)
    return [message.text for message in messages if message.role == "citizen"]


@pytest.mark.parametrize("has_cookie", [True, False], ids=["cookie", "code only"])
async def test_a_telephone_that_slept_for_hours_finds_its_conversation(
    page: Live, has_cookie: bool
) -> None:
    async with Chat(page.url, cookie=FRENCH) as chat:
        conversation = await claimed(page, chat)
        code = chat.panel["code"]
    await end_session(chat)
    answers(page, chat, "pendant la nuit")
    cookie = f"{FRENCH}; civic_conversation={code}" if has_cookie else FRENCH
    woken = Chat(page.url, cookie=cookie)
    woken.session = chat.session
    async with woken:
        if not has_cookie:
            await woken.until(lambda: {"civic": "new"} in woken.told)
            await woken.io.emit("window_message", {"civic": "code", "code": code})
        await woken.hears("pendant la nuit")
        assert (await woken.sees("with_agent"))["code"] == code
        assert any(told["again"] for told in woken.told if told["civic"] == "heard")
        await woken.ask("me revoilà")
        await woken.until(lambda: "me revoilà" in citizen_texts(page, conversation))
    assert citizen_texts(page, conversation) == ["un doute", "me revoilà"]


async def test_codes_cannot_be_tried_out_by_a_page_and_an_erased_one_is_told(page: Live) -> None:
    async with Chat(page.url, cookie=FRENCH) as chat:
        posted: tuple[object, ...] = ("x" * 65, 3, None, ["x"])
        for code in posted:
            await chat.io.emit("window_message", {"civic": "code", "code": code})
        page.product.limit.is_open = False
        await chat.io.emit("window_message", {"civic": "code", "code": "CCCC-CCCC"})
        await chat.ask("x")
        await chat.hears("beaucoup de messages")
        assert {"civic": "erased"} not in chat.told
        page.product.limit.is_open = True
        await chat.io.emit("window_message", {"civic": "code", "code": "CCCC-CCCC"})
        await chat.until(lambda: {"civic": "erased"} in chat.told)


async def test_the_desk_knows_what_the_page_has_and_what_was_in_sight(page: Live) -> None:
    async with Chat(page.url, cookie=FRENCH) as chat:
        conversation = await claimed(page, chat)
        reach = page.product.handoff.reach
        answers(page, chat, "Bonjour")
        await chat.until(lambda: any(told["civic"] == "reach" for told in chat.told))
        position = next(told["position"] for told in chat.told if told["civic"] == "reach")
        assert reach.reached(conversation) == Reached(0, 0)
        for claim in (position + 50, -1, "x", None):  # nobody believes these
            told = {"civic": "reached", "position": claim, "seen": True}
            await chat.io.emit("window_message", told)
        for seen in (False, True):
            told = {"civic": "reached", "position": position, "seen": seen}
            await chat.io.emit("window_message", told)
            wanted = Reached(position, position if seen else 0)
            await chat.until(lambda wanted=wanted: reach.reached(conversation) == wanted)  # type: ignore[misc]


async def test_a_message_that_cannot_be_stored_is_said_and_sent_again_without_doubling(
    page: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RecordsUnusable("database 'x': OperationalError; see that it can be reached.")

    async with Chat(page.url, cookie=FRENCH) as chat:
        conversation = await claimed(page, chat)
        name = str(uuid.uuid4())
        with monkeypatch.context() as breaking:
            breaking.setattr(Transcript, "hear", broken)
            await chat.ask("perdu ?", id=name)
            await chat.until(lambda: {"civic": "unheard", "id": name} in chat.told)
        assert name not in heard(chat)
        again = {"civic": "again", "id": name, "text": "perdu ?"}
        for _ in range(3):
            await chat.io.emit("window_message", again)
        await chat.until(lambda: heard(chat).count(name) >= 1)
        await chat.ask("ensuite")
        await chat.until(lambda: "ensuite" in citizen_texts(page, conversation))
    assert citizen_texts(page, conversation) == ["un doute", "perdu ?", "ensuite"]


async def test_who_waited_in_vain_can_wait_again_with_the_same_question(page: Live) -> None:
    async with Chat(page.url, cookie=FRENCH) as chat:
        conversation = await waiting(page, chat)
        handoff = page.product.handoff
        handoff.upkeep.run(town_clock()() + timedelta(minutes=20))  # the page was not heard of
        await chat.sees("left_message")
        await chat.until(lambda: chat.choices() == ["wait", "message", "withdraw"])
        await chat.wish("wait")
        await chat.sees("waiting")
        record = handoff.handoffs.current(conversation)
        assert record is not None and record.question == "un doute"


async def test_a_place_in_the_queue_follows_what_happens_at_the_desk(page: Live) -> None:
    async with Chat(page.url, cookie=FRENCH) as chat:
        await chat.ask("un doute")
        await chat.sees("offered")
        await chat.until(lambda: chat.choices()[0] == "wait")
        await asyncio.sleep(0.5)
        page.product.handoff.presence.leave(MARIE, MONDAY)
        async with asyncio.timeout(4):  # sooner than by looking again anyway
            await chat.until(lambda: chat.choices() == ["message", "alone"])
