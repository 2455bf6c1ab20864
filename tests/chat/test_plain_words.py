"""*Say it more simply* over the wire: offered once, stored, shown below, never after a takeover."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace

import pytest

from civic_assistant.chat.plain_button import BUTTON, MARK, PLAIN_ACTION, plain_elements
from civic_assistant.language_model.named import NamedEndpoint
from civic_assistant.messages import PAGE_LANGUAGES, messages_for
from civic_assistant.outcomes import Answered
from civic_assistant.settings import Settings
from civic_assistant.turns import Question
from tests.chat.fakes import FixedAssistant, page_settings
from tests.chat.live import Chat, Live
from tests.chat.person_page import FRENCH, MARIE, claimed, conversation_of, names, page

__all__ = ["page"]

ENDPOINT = NamedEndpoint(name="near", address="http://127.0.0.1:9/v1", model="m")


@pytest.fixture
def plain_page(page: Live) -> Iterator[Live]:
    """Return the page of a town that has a language model."""
    before, assistant = page.product.settings, page.product.assistant
    page.product.settings = before.model_copy(update={"language_models": (ENDPOINT,)})
    assistant.asked_plainly.clear()
    assistant.go_on.clear()
    yield page
    page.product.settings = before
    assistant.is_plain_sure, assistant.waits_plainly = True, False
    assistant.go_on.set()


async def offered(chat: Chat) -> str:
    """Ask, and return the turn whose answer can be said more simply."""
    await chat.ask("stationnement")
    await chat.until(lambda: BUTTON in names(chat))
    return next(str(e["props"]["turn"]) for e in chat.elements if e["name"] == BUTTON)


async def test_the_plain_answer_stands_below_with_its_sources_and_has_no_button_of_its_own(
    plain_page: Live,
) -> None:
    async with Chat(plain_page.url, cookie=FRENCH) as chat:
        turn = await offered(chat)
        assert await chat.act(PLAIN_ACTION, turn=turn) == {}
        said = await chat.hears("La même réponse en mots plus simples")
        assert "Comptez 30 € par an." in said
        assert "Elle coûte" in chat.said()[0]  # the answer of before stays
        await chat.until(lambda: names(chat).count("SourceCard") == 2)
        assert names(chat).count(BUTTON) == 1
        await chat.until(lambda: names(chat).count("NotHelped") == 2)
        of_the_question = (MARK, "NotHelped")
        assert {e["props"]["turn"] for e in chat.elements if e["name"] in of_the_question} == {turn}
        stored = plain_page.product.handoff.transcript.messages(conversation_of(plain_page, chat))
        assert [(m.role, m.turn_id) for m in stored] == [
            ("citizen", None),
            ("bot", turn),
            ("bot", f"plainly-{turn}"),
        ]


async def test_it_is_made_once_whoever_presses_and_the_page_that_comes_back_knows(
    plain_page: Live,
) -> None:
    async with Chat(plain_page.url, cookie=FRENCH) as chat:
        turn = await offered(chat)
        await chat.act(PLAIN_ACTION, turn=turn)
        await chat.hears("mots plus simples")
        code = chat.panel["code"]
    async with Chat(plain_page.url, cookie=f"{FRENCH}; civic_conversation={code}") as again:
        await again.hears("mots plus simples")
        await again.until(lambda: MARK in names(again))
        assert await again.act(PLAIN_ACTION, turn=turn) == {}
        await asyncio.sleep(0.2)
        assert len(again.said()) == 2
    assert plain_page.product.assistant.asked_plainly == [turn]


async def test_after_a_reload_the_button_still_works(plain_page: Live) -> None:
    async with Chat(plain_page.url, cookie=FRENCH) as chat:
        turn = await offered(chat)
        await chat.until(lambda: bool(chat.panel["code"]))
        code = chat.panel["code"]
    async with Chat(plain_page.url, cookie=f"{FRENCH}; civic_conversation={code}") as again:
        await again.until(lambda: BUTTON in names(again))
        assert await again.act(PLAIN_ACTION, turn=turn) == {}
        await again.hears("mots plus simples")


async def test_when_it_cannot_be_made_surely_the_page_says_so_and_offers_a_person(
    plain_page: Live,
) -> None:
    plain_page.product.assistant.is_plain_sure = False
    async with Chat(plain_page.url, cookie=FRENCH) as chat:
        turn = await offered(chat)
        assert await chat.act(PLAIN_ACTION, turn=turn) == {}
        await chat.hears("La réponse ci-dessus reste valable")
        assert "Elle coûte" in chat.said()[0]
        await chat.sees("offered")
        record = plain_page.product.handoff.handoffs.current(conversation_of(plain_page, chat))
        assert record is not None
        assert (record.reason, record.turn_id) == ("not_helped", turn)


async def test_an_answer_made_before_a_person_took_over_is_not_shown_after_it(
    plain_page: Live,
) -> None:
    assistant = plain_page.product.assistant
    assistant.waits_plainly = True
    async with Chat(plain_page.url, cookie=FRENCH) as chat:
        turn = await offered(chat)
        pressing = asyncio.create_task(chat.act(PLAIN_ACTION, turn=turn))
        await chat.hears("Je le dis plus simplement")
        handoff, now = plain_page.product.handoff, plain_page.product.handoff.clock()
        conversation = conversation_of(plain_page, chat)
        handoff.handoffs.wait(
            conversation, reason="asked", desk="accueil", question="?", turn_id=None, now=now
        )
        handoff.handoffs.claim(conversation, staff_id=MARIE, now=now)
        assistant.go_on.set()
        assert (await pressing)["failed"]
        await chat.until(lambda: not any("plus simplement et je" in text for text in chat.said()))
        assert not any("mots plus simples" in text for text in chat.said())


async def test_while_a_person_speaks_the_button_leads_to_them(plain_page: Live) -> None:
    async with Chat(plain_page.url, cookie=FRENCH) as chat:
        turn = await offered(chat)
        await claimed(plain_page, chat)
        assert (await chat.act(PLAIN_ACTION, turn=turn))["failed"]
        await chat.hears("Une personne s’occupe de cette conversation")
    assert plain_page.product.assistant.asked_plainly == []


async def test_a_turn_of_another_conversation_is_not_said_again(plain_page: Live) -> None:
    async with Chat(plain_page.url, cookie=FRENCH) as other:
        turn = await offered(other)
    async with Chat(plain_page.url, cookie=FRENCH) as chat:
        await chat.ask("bonjour")
        await chat.hears("Bonjour")
        assert (await chat.act(PLAIN_ACTION, turn=turn))["failed"]
    assert plain_page.product.assistant.asked_plainly == []


async def test_without_a_language_model_it_is_not_offered(page: Live) -> None:
    async with Chat(page.url, cookie=FRENCH) as chat:
        await chat.ask("stationnement")
        await chat.until(lambda: "NotHelped" in names(chat))
        assert BUTTON not in names(chat)
        assert (await chat.act(PLAIN_ACTION, turn="turn-1"))["failed"]


def test_it_is_offered_below_an_answer_in_every_language_and_below_nothing_else() -> None:
    settings: Settings = page_settings().model_copy(update={"language_models": (ENDPOINT,)})
    assistant = FixedAssistant()
    turn = assistant.answer(Question("stationnement"))
    assert isinstance(turn.outcome, Answered)
    labels = set()
    for language in PAGE_LANGUAGES:
        ((name, props),) = plain_elements(turn, messages_for(language), settings)
        assert (name, props["turn"], props["language"]) == (BUTTON, turn.id, language)
        labels.add(props["ask"])
    assert len(labels) == len(PAGE_LANGUAGES)
    words = messages_for("fr")
    unanswered = assistant.answer(Question("doute"))
    assert list(plain_elements(unanswered, words, settings)) == []
    plain = replace(turn, plain_of="t")
    assert list(plain_elements(plain, words, settings)) == [(MARK, {"turn": "t"})]
