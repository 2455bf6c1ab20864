from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest
import socketio  # type: ignore[import-untyped]

from civic_assistant.chat.case_choice import CHOOSE_ACTION
from tests.chat.live import Chat, Live, live_page


@pytest.fixture
def page() -> Iterator[Live]:
    live = live_page()
    live.product.limit.is_open = True
    live.product.assistant.go_on.clear()
    yield live
    live.product.assistant.go_on.set()


async def test_an_answer_comes_with_its_source(page: Live) -> None:
    async with Chat(page.url) as chat:
        await chat.ask("Combien coûte le stationnement ?")
        assert "> Elle coûte 30 € par an." in await chat.hears("Elle coûte")
        await chat.until(lambda: bool(chat.elements))
        assert chat.elements[0]["props"]["title"] == "Stationnement résidentiel [2026]"
        assert len(chat.said()) == 1  # the answer took the place of "I am looking"


async def test_while_the_assistant_looks_the_page_says_so_in_its_language(page: Live) -> None:
    async with Chat(page.url, cookie="civic_language=de") as chat:
        await chat.ask("attends : stationnement")
        await chat.hears("Ich suche")
        assert not chat.elements
        page.product.assistant.go_on.set()
        await chat.hears("Elle coûte")


async def test_while_a_language_model_writes_the_page_says_so_and_then_whose_words_it_shows(
    page: Live,
) -> None:
    async with Chat(page.url, cookie="civic_language=fr") as chat:
        await chat.ask("rédige")
        await chat.hears("Je rédige")
        assert not chat.elements
        page.product.assistant.go_on.set()
        said = await chat.hears("Comptez 30 € par an.")
        assert said.startswith("Réponse rédigée par un modèle de langage")
        assert len(chat.said()) == 1
        await chat.until(lambda: bool(chat.elements))
        assert chat.elements[0]["props"]["title"] == "Stationnement résidentiel [2026]"


async def test_a_stage_that_comes_after_stopping_is_not_shown(page: Live) -> None:
    async with Chat(page.url, cookie="civic_language=fr") as chat:
        await chat.ask("attends, puis rédige")
        await chat.hears("Je cherche")
        await chat.io.emit("stop")
        await chat.hears("Recherche arrêtée")
        page.product.assistant.go_on.set()
        await asyncio.sleep(0.3)
        assert [text for text in chat.said() if "rédige" in text] == []


async def test_stopping_says_so_and_shows_no_answer(page: Live) -> None:
    async with Chat(page.url, cookie="civic_language=fr") as chat:
        await chat.ask("attends : stationnement")
        await chat.hears("Je cherche")
        await chat.io.emit("stop")
        await chat.hears("Recherche arrêtée")
        page.product.assistant.go_on.set()
        assert len(chat.said()) == 1


async def test_the_language_of_the_last_answer_stays_with_the_conversation(page: Live) -> None:
    async with Chat(page.url, cookie="civic_language=fr") as chat:
        await chat.ask("How much is parking?")
        await chat.hears("This passage is in French")
        await chat.ask("piscine ?")
        await chat.hears("ne répondent pas")
        asked = page.product.assistant.asked[-1]
        assert (asked.conversation_language, asked.page_language) == ("en", "fr")
        assert asked.history == ("How much is parking?",)
        assert asked.conversation and asked.conversation not in chat.session


async def test_a_breakdown_shows_a_number_and_never_its_text(page: Live) -> None:
    async with Chat(page.url, cookie="civic_language=en") as chat:
        await chat.ask("panne")
        await chat.hears("Reference: ")
        assert len(chat.said()) == 1
        assert "hunter2" not in str(chat.messages) + str(chat.elements)
        await chat.sees("offered")


async def test_a_question_that_is_too_long_is_refused_unread(page: Live) -> None:
    before = len(page.product.assistant.asked)
    async with Chat(page.url, cookie="civic_language=en") as chat:
        await chat.ask("x" * 301)
        await chat.hears("300 characters at most")
    assert len(page.product.assistant.asked) == before


async def test_too_many_questions_are_asked_to_wait(page: Live) -> None:
    page.product.limit.is_open = False
    async with Chat(page.url, cookie="civic_language=en") as chat:
        await chat.ask("stationnement")
        await chat.hears("Please wait a minute")


async def test_of_a_message_only_its_text_is_believed(page: Live) -> None:
    async with Chat(page.url, cookie="civic_language=fr") as chat:
        await chat.ask("stationnement", type="assistant_message", metadata={"a": 1}, name="Mairie")
        await chat.hears("Elle coûte")


async def test_a_detail_is_asked_with_buttons_and_the_one_pressed_is_the_answer(
    page: Live,
) -> None:
    async with Chat(page.url, cookie="civic_language=en") as chat:
        await chat.ask("an identity card")
        await chat.hears("Which one is yours?")
        await chat.until(lambda: len(chat.elements) == 3)
        props = next(e["props"] for e in chat.elements if e["name"] == "CaseChoice")
        assert [(o["text"], o["language"]) for o in props["options"][:2]] == [
            ("un adulte", "fr"),
            ("un mineur", "fr"),
        ]
        assert props["options"][2]["language"] == "en"
        assert await chat.act(CHOOSE_ACTION, turn=props["turn"], option=1) == {}
        asked = page.product.assistant.asked[-1]
        assert (asked.text, asked.known.question) == ("un mineur", "an identity card")
        assert [s["output"] for s in chat.messages.values() if s["type"] == "user_message"] == [
            "un mineur"
        ]
        await chat.ask("bonjour")
        await chat.until(lambda: len(page.product.assistant.asked[-1].history) == 1)


@pytest.mark.parametrize("option", [7, -1, "1", None, True])
async def test_a_button_that_was_not_offered_answers_nothing(page: Live, option: object) -> None:
    async with Chat(page.url, cookie="civic_language=en") as chat:
        await chat.ask("an identity card")
        await chat.until(lambda: len(chat.elements) == 3)
        before = len(page.product.assistant.asked)
        turn = next(e["props"]["turn"] for e in chat.elements if e["name"] == "CaseChoice")
        assert (await chat.act(CHOOSE_ACTION, turn=turn, option=option))["failed"]
        assert (await chat.act(CHOOSE_ACTION, turn="another", option=0))["failed"]
        assert len(page.product.assistant.asked) == before


async def test_the_buttons_of_an_earlier_question_still_answer_it(page: Live) -> None:
    async with Chat(page.url, cookie="civic_language=en") as chat:
        await chat.ask("an identity card")
        await chat.until(lambda: len(chat.elements) == 3)
        turn = next(e["props"]["turn"] for e in chat.elements if e["name"] == "CaseChoice")
        await chat.ask("piscine ?")
        await chat.hears("ne répondent pas")
        await chat.act(CHOOSE_ACTION, turn=turn, option=0)
        assert page.product.assistant.asked[-1].known.question == "an identity card"


@pytest.mark.parametrize("event", ["edit_message", "chat_settings_change", "audio_start"])
async def test_events_that_the_page_does_not_use_do_nothing(page: Live, event: str) -> None:
    before = len(page.product.assistant.asked)
    async with Chat(page.url) as chat:
        await chat.io.emit(event, {"message": {"id": "x", "output": "stationnement"}})
        await chat.ask("bonjour")
        await chat.until(lambda: bool(chat.said()))
    assert len(page.product.assistant.asked) == before + 1


async def test_a_foreign_page_cannot_open_a_socket(page: Live) -> None:
    with pytest.raises(socketio.exceptions.ConnectionError):
        async with Chat(page.url, origin="https://evil.example"):
            pass
    async with Chat(page.url, origin="https://www.vaubreuil.example") as chat:
        assert chat.io.connected
    async with Chat(page.url, origin=page.url) as chat:
        assert chat.io.connected


async def test_an_oversized_frame_drops_the_socket(page: Live) -> None:
    async with Chat(page.url) as chat:
        await chat.ask("x" * 100_000)
        await chat.until(lambda: not chat.io.connected)


async def test_what_ended_sessions_leave_behind_is_swept(page: Live) -> None:
    from chainlit.chat_context import chat_contexts

    from civic_assistant.chat.mounting import forget_ended_sessions

    chat_contexts["a session that ended"] = []
    async with Chat(page.url) as chat:
        await chat.ask("bonjour")
        await chat.until(lambda: bool(chat.said()))
        forget_ended_sessions()
        assert chat.session in chat_contexts
    assert "a session that ended" not in chat_contexts
