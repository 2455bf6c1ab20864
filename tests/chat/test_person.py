"""The way to a person over the wire: offered, chosen, live in both directions, found again."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import timedelta

import httpx
import pytest

from civic_assistant.chat.contact_form import (
    CANCEL_ACTION,
    NOT_HELPED_ACTION,
    SEND_ACTION,
    TALK_ACTION,
)
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
    for record in handoff.handoffs.waiting():
        handoff.handoffs.withdraw(record.conversation_id, MONDAY)
    handoff.presence.leave(MARIE, MONDAY)


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


async def test_a_person_can_be_asked_for_before_any_question(page: Live) -> None:
    async with Chat(page.url, cookie=FRENCH) as chat:
        await chat.wish("person")
        await chat.sees("offered")
        await chat.wish("person")
        await chat.wish("wait")
        await chat.sees("waiting")


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
        await chat.sees("offered")
        await chat.wish("wait")
        await chat.sees("waiting")


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


def heard(chat: Chat) -> list[str]:
    return [one for told in chat.told if told["civic"] == "heard" for one in told["ids"]]


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
