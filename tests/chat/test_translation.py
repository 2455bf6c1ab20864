"""What an agent writes in another language has its translation below it on the citizen's page."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest
from pydantic import JsonValue

from civic_assistant.chat.shown import shown
from civic_assistant.messages import messages_for
from civic_assistant.settings import Settings
from evals.endpoints.scripted import ScriptedServer, silent
from tests.chat.fakes import town_clock
from tests.chat.live import Chat, Live
from tests.chat.person_page import MARIE, conversation_of, page
from tests.chat.test_shown import STORED
from tests.language_model.interpreting import interpreting, translates

__all__ = ["page"]

SAID = "Votre carte n'est pas encore arrivée."
HEARD = "Ihre Karte ist noch nicht da."


@pytest.fixture
def server(page: Live) -> Iterator[ScriptedServer]:
    handoff = page.product.handoff
    with interpreting(handoff, town_clock(), translates({SAID: HEARD})) as (interpreter, scripted):
        page.product.interpreter = interpreter
        yield scripted
        page.product.interpreter = None


async def answered(page: Live, chat: Chat) -> str:
    """Let Marie answer a German page in French, and return the conversation's id."""
    await chat.ask("Zweifel")
    await chat.sees("offered")
    await chat.wish("wait")
    await chat.sees("waiting")
    cid = conversation_of(page, chat)
    handoff = page.product.handoff
    handoff.handoffs.claim(cid, staff_id=MARIE, now=town_clock()())
    handoff.transcript.reply(
        cid, staff_id=MARIE, client_id="r-1", text=SAID, now=town_clock()(), language="fr"
    )
    await chat.hears("carte")
    return cid


async def test_an_agents_reply_is_shown_as_written_and_read_in_the_citizens_language(
    page: Live, server: ScriptedServer
) -> None:
    async with Chat(page.url, cookie="civic_language=de") as chat:
        page.product.assistant.asked.clear()
        cid = await answered(page, chat)
        await chat.until(lambda: any(e["name"] == "MachineTranslation" for e in chat.elements))
        (element,) = [e for e in chat.elements if e["name"] == "MachineTranslation"]
        assert element["props"]["spoken"] == "de"
        assert element["props"]["labels"]["mark"] == "Maschinelle Übersetzung"
        position = element["props"]["position"]
        assert server.asked == []
        told = await chat.act("translate_message", position=position)
        assert told == {"state": "made", "text": HEARD}
        assert await chat.act("translate_message", position=position) == told
        assert len(server.asked) == 1
        stored = page.product.handoff.transcript.messages(cid)
        assert [m.text for m in stored if m.role == "agent"] == [SAID]
        assert any("maschinell übersetzt" in line for line in chat.panel["lines"])


async def test_translations_that_are_waited_for_hold_up_no_message(page: Live) -> None:
    handoff = page.product.handoff
    with interpreting(handoff, town_clock(), silent(6.0)) as (interpreter, server):
        page.product.interpreter = interpreter
        try:
            async with Chat(page.url, cookie="civic_language=de") as chat:
                cid = await answered(page, chat)
                for number in range(2, 14):
                    text = f"Il y a {number} personnes."
                    handoff.transcript.reply(
                        cid,
                        staff_id=MARIE,
                        client_id=f"r-{number}",
                        text=text,
                        now=town_clock()(),
                        language="fr",
                    )
                stored = handoff.transcript.messages(cid)
                places = [m.position for m in stored if m.role == "agent"]
                waiting = [
                    asyncio.create_task(chat.act("translate_message", position=place))
                    for place in places
                ]
                await chat.until(lambda: len(server.asked) > 1)
                begun = time.monotonic()
                handoff.transcript.reply(
                    cid, staff_id=MARIE, client_id="r-z", text="Merci.", now=town_clock()()
                )
                await chat.hears("Merci.")
                assert time.monotonic() - begun < 4
                for task in waiting:
                    task.cancel()
                await asyncio.gather(*waiting, return_exceptions=True)
        finally:
            page.product.interpreter = None


@pytest.mark.parametrize("position", [None, "1", True, 0, -3, 1, 10**9])
async def test_a_page_is_told_only_what_an_agent_said_in_its_own_conversation(
    page: Live, server: ScriptedServer, position: object
) -> None:
    async with Chat(page.url, cookie="civic_language=de") as chat:
        assert (await chat.act("translate_message", position=position))["state"] == "later"
        await answered(page, chat)
        assert (await chat.act("translate_message", position=position))["state"] == "later"
    assert server.asked == []


@pytest.mark.parametrize(
    ("written_in", "is_interpreted", "below"),
    [
        ("fr", True, ["MachineTranslation"]),
        ("de", True, []),
        (None, True, []),
        ("fr", False, []),
    ],
)
def test_only_a_reply_in_another_language_has_a_translation_below_it(
    written_in: str | None, is_interpreted: bool, below: list[str]
) -> None:
    payload: JsonValue = {"language": written_in} if written_in else None
    message = replace(STORED, role="agent", author="Marie", text=SAID, payload=payload)
    said = shown(message, messages_for("de"), Settings(), is_interpreted=is_interpreted)
    assert said is not None
    assert [element.name for element in said.elements] == below
