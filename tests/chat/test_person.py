"""The way to a person over the wire: offered, chosen, live in both directions."""

from __future__ import annotations

from civic_assistant.chat.contact_form import (
    NOT_HELPED_ACTION,
)
from civic_assistant.handoff.record import HandoffRecord
from tests.chat.fakes import MONDAY, town_clock
from tests.chat.live import Chat, Live
from tests.chat.person_page import (
    FRENCH,
    MARIE,
    SUNDAY,
    answers,
    claimed,
    conversation_of,
    heard,
    names,
    page,
    passed_on,
    waiting,
)

__all__ = ["page"]


async def test_an_unsure_answer_offers_a_person_and_says_who_is_there(page: Live) -> None:
    async with Chat(page.url, cookie=FRENCH) as chat:
        await chat.ask("un doute")
        panel = await chat.sees("offered")
        assert chat.choices() == ["wait", "message", "alone"]
        assert "quelqu’un est là" in panel["lines"][0]
        assert panel["lines"][1] == "Personne n’attend avant vous."
        assert "un doute" in panel["passed_on"][0]
        await chat.wish("alone")
        await chat.sees("bot")
        await chat.ask("stationnement")
        await chat.hears("Elle coûte")


async def test_outside_hours_the_next_opening_is_said_first_and_nobody_can_be_waited_for(
    page: Live,
) -> None:
    town_clock().at = SUNDAY
    async with Chat(page.url, cookie=FRENCH) as chat:
        await chat.ask("un doute")
        panel = await chat.sees("offered")
        assert chat.choices() == ["message", "alone"]
        assert "fermé" in panel["lines"][0]
        assert panel["lines"][1] == (
            "Prochaine ouverture\N{NO-BREAK SPACE}: lundi 23 novembre 2026, 08:30."
        )
        await chat.wish("wait")
        await chat.wish("message")
        await chat.until(lambda: bool(chat.elements))
        assert chat.panel["state"] == "offered"


async def test_with_nobody_there_the_message_is_offered(page: Live) -> None:
    page.product.handoff.presence.leave(MARIE, MONDAY)
    async with Chat(page.url, cookie=FRENCH) as chat:
        await chat.ask("un doute")
        assert "personne n’est disponible" in (await chat.sees("offered"))["lines"][0]
        assert chat.choices() == ["message", "alone"]


async def test_an_answer_that_did_not_help_leads_to_a_person(page: Live) -> None:
    async with Chat(page.url, cookie=FRENCH) as chat:
        await chat.ask("stationnement")
        await chat.until(lambda: "NotHelped" in names(chat))
        button = next(e["props"] for e in chat.elements if e["name"] == "NotHelped")
        assert await chat.act(NOT_HELPED_ACTION, turn=button["turn"]) == {}
        await chat.sees("offered")
        record = page.product.handoff.handoffs.current(conversation_of(page, chat))
        assert record is not None
        assert (record.reason, record.turn_id) == ("not_helped", button["turn"])


async def offered_after_pressing(page: Live, chat: Chat, turn: object) -> HandoffRecord:
    await chat.act(NOT_HELPED_ACTION, turn=turn)
    await chat.sees("offered")
    record = page.product.handoff.handoffs.current(conversation_of(page, chat))
    assert record is not None
    return record


async def test_what_did_not_help_goes_to_the_desk_of_the_guide_that_was_cited(page: Live) -> None:
    async with Chat(page.url, cookie=FRENCH) as chat:
        await chat.ask("la cantine")
        await chat.until(lambda: names(chat).count("NotHelped") == 1)
        turn = next(e["props"]["turn"] for e in chat.elements if e["name"] == "NotHelped")
        await chat.ask("stationnement")
        await chat.until(lambda: names(chat).count("NotHelped") == 2)
        later = [e["props"]["turn"] for e in chat.elements if e["name"] == "NotHelped"][-1]
        record = await offered_after_pressing(page, chat, turn)
        assert (record.desk, record.reason, record.turn_id) == ("enfance", "not_helped", turn)
        assert chat.panel["lines"][0].startswith("Enfance et écoles")
        await chat.wish("alone")
        await chat.sees("bot")
        record = await offered_after_pressing(page, chat, later)
        assert (record.desk, record.turn_id) == ("accueil", later)  # no desk has its department
        code = chat.panel["code"]
        await chat.wish("alone")
        await chat.sees("bot")
    async with Chat(page.url, cookie=f"{FRENCH}; civic_conversation={code}") as again:
        await again.hears("Elle coûte")
        record = await offered_after_pressing(page, again, turn)
        assert (record.desk, record.turn_id) == ("enfance", turn)


async def test_a_turn_of_another_conversation_is_not_passed_on(page: Live) -> None:
    async with Chat(page.url, cookie=FRENCH) as other:
        await other.ask("la cantine")
        await other.until(lambda: "NotHelped" in names(other))
        turn = next(e["props"]["turn"] for e in other.elements if e["name"] == "NotHelped")
    async with Chat(page.url, cookie=FRENCH) as chat:
        await chat.ask("bonjour")
        await chat.hears("Bonjour")
        record = await offered_after_pressing(page, chat, turn)
        assert (record.desk, record.reason, record.turn_id) == ("accueil", "not_helped", None)


async def test_who_asks_for_a_person_after_an_answer_is_led_to_its_guides_desk(page: Live) -> None:
    async with Chat(page.url, cookie=FRENCH) as chat:
        await chat.ask("la cantine")
        await chat.hears("Elle coûte")
        await chat.wish("person")
        assert (await chat.sees("offered"))["lines"][0].startswith("Enfance et écoles")


async def test_a_person_can_be_asked_for_before_any_question(page: Live) -> None:
    async with Chat(page.url, cookie=FRENCH) as chat:
        await chat.wish("person")
        await chat.sees("offered")
        await chat.wish("person")
        await chat.wish("wait")
        await chat.sees("waiting")
        conversation = conversation_of(page, chat)
        assert passed_on(page, conversation) == ""
        await chat.ask("Où voter ? Je suis ada@mail.example")
        await chat.ask("C’est urgent.")
        await chat.until(lambda: len(set(heard(chat))) == 2)
        assert passed_on(page, conversation) == "Où voter ? Je suis ada@mail.example"


async def test_who_waits_sees_their_place_and_can_stop(page: Live) -> None:
    async with Chat(page.url, cookie=FRENCH) as first, Chat(page.url, cookie=FRENCH) as second:
        await waiting(page, first)
        await waiting(page, second)
        assert "Personnes avant vous\N{NO-BREAK SPACE}: 1." in second.panel["lines"]
        await first.wish("withdraw")
        await first.hears("Votre demande est retirée")
        await second.until(lambda: "Personne n’attend avant vous." in second.panel["lines"])
        await first.ask("stationnement")
        await first.hears("Elle coûte")
        await second.wish("withdraw")
        await second.sees("bot")


async def test_messages_go_both_ways_and_the_bot_is_silent(page: Live) -> None:
    async with Chat(page.url, cookie=FRENCH) as chat:
        conversation = await claimed(page, chat)
        assert await chat.hears("Marie a rejoint")
        asked = len(page.product.assistant.asked)
        await chat.ask("stationnement ? mon mail est ada@mail.example")
        handoff = page.product.handoff
        await chat.until(lambda: "ada@mail" in handoff.transcript.messages(conversation)[-1].text)
        answers(page, chat, "Voir https://ville.example/a_b\n\n*ici* [x](y)")
        text = await chat.hears("Voir")
        assert text.startswith("**Marie**")
        assert r"\*ici\* \[x\](y)" in text
        assert len(page.product.assistant.asked) == asked
        handoff.conversations.typing(conversation, who="agent", name="Marie")
        await chat.until(lambda: {"civic": "typing", "name": "Marie écrit…"} in chat.told)


async def test_an_answer_made_before_a_person_came_is_never_shown(page: Live) -> None:
    async with Chat(page.url, cookie=FRENCH) as chat:
        await chat.ask("attends : stationnement")
        await chat.hears("Je cherche")
        await chat.wish("person")
        await chat.sees("offered")
        await chat.wish("wait")
        await chat.sees("waiting")
        page.product.assistant.go_on.set()
        await chat.until(lambda: not any("Je cherche" in text for text in chat.said()))
        conversation = conversation_of(page, chat)
        roles = [m.role for m in page.product.handoff.transcript.messages(conversation)]
        assert "bot" not in roles


async def test_after_the_talk_the_next_question_begins_anew_with_the_bot(page: Live) -> None:
    async with Chat(page.url, cookie=FRENCH) as chat:
        conversation = await claimed(page, chat)
        page.product.handoff.handoffs.close(
            conversation, staff_id=MARIE, reason="solved", now=town_clock()()
        )
        await chat.hears("Marie a terminé l’échange. L’échange est terminé.")
        await chat.ask("stationnement")
        await chat.hears("Elle coûte")
        asked = page.product.assistant.asked[-1]
        assert (asked.history, asked.conversation) == ((), conversation)


async def test_after_the_talk_a_person_can_be_asked_for_again(page: Live) -> None:
    async with Chat(page.url, cookie=FRENCH) as chat:
        await claimed(page, chat)
        await chat.wish("finish")
        await chat.hears("Vous avez terminé")
        await chat.wish("person")
        panel = await chat.sees("offered")
        assert len(panel["passed_on"]) == 1  # nothing of the talk before
        await chat.wish("wait")
        await chat.sees("waiting")
        conversation = conversation_of(page, chat)
        assert passed_on(page, conversation) == ""
        handoffs = page.product.handoff.handoffs
        handoffs.claim(conversation, staff_id=MARIE, now=town_clock()())
        handoffs.close(conversation, staff_id=MARIE, reason="solved", now=town_clock()())
        await chat.sees("closed")
