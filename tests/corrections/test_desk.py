"""Staff see what is corrected wherever they see the guide."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from bs4 import BeautifulSoup
from fastapi import FastAPI
from starlette.testclient import TestClient

from civic_assistant.desk.accounts import Accounts
from civic_assistant.desk.application import create_desk
from tests.corrections.made import ENGLISH, FRENCH, correct
from tests.desk.conftest import PASSWORD, QUICK, Agent
from tests.verified.conftest import Shop

FEE = "Quel est le tarif par jour d'un emplacement au marché ?"


@dataclass
class Counter:
    """A member of staff at the desk of the market's town."""

    shop: Shop
    agent: Agent

    def asks(self, question: str = FEE, spoken: str = "") -> BeautifulSoup:
        answer = self.agent.post("/ask", question=question, spoken=spoken)
        assert answer.status_code == 200, answer.text
        return BeautifulSoup(answer.text, "html.parser")


@pytest.fixture
def counter(shop: Shop) -> Counter:
    product, now = shop.product, shop.market.now
    Accounts(product.records, QUICK).add(
        "awa", name="Awa D.", password=PASSWORD, desks=(), roles=("agent",), now=now
    )
    app = FastAPI()
    app.mount("/desk", create_desk(product, clock=lambda: shop.market.now, hasher=QUICK))
    agent = Agent(TestClient(app, base_url="http://desk.example"))
    assert agent.sign_in("awa").status_code == 303
    return Counter(shop, agent)


def text_of(page: BeautifulSoup, where: str) -> str:
    found = page.select_one(where)
    assert found is not None, where
    return found.text


def test_ask_mode_has_it_in_the_answer_the_letter_the_card_and_the_passages(
    counter: Counter,
) -> None:
    correct(counter.shop)
    page = counter.asks()
    answer = text_of(page, "#answer")
    assert answer.startswith("Correction de la mairie, depuis le 23 novembre 2026\n")
    assert answer.index(FRENCH) < answer.index("L'emplacement coûte 12 €")
    letter = text_of(page, "#letter")
    assert letter.index(FRENCH) < letter.index("L'emplacement coûte 12 €")
    words = page.select_one(".card .correction .words")
    assert words is not None and (words.text, words["lang"], words["dir"]) == (FRENCH, "fr", "ltr")
    assert FRENCH in text_of(page, ".ask-passages .correction")
    caution = text_of(page, "#answer-title ~ .no-print .caution")
    assert "Marche" in caution and "2026-11-23" in caution


def test_what_is_printed_and_sent_is_in_the_callers_language(counter: Counter) -> None:
    correct(counter.shop)
    page = counter.asks("How much does a stall at the market cost?", "en")
    answer = text_of(page, "#answer")
    assert answer.startswith("Correction of the town hall, since 23 November 2026\n")
    assert ENGLISH in answer and FRENCH not in answer
    assert text_of(page, ".card .correction .words") == FRENCH


def test_an_overdue_one_says_so_to_staff(counter: Counter) -> None:
    correct(counter.shop, review_by=date(2026, 11, 30))
    assert "À revoir" not in counter.asks().text
    counter.shop.market.now += timedelta(days=8)
    counter.agent.sign_in("awa")
    assert "À revoir : la date est passée" in text_of(counter.asks(), ".card .correction")


def test_what_was_written_in_it_cannot_become_markup(counter: Counter) -> None:
    correct(counter.shop, texts={"fr": "<img src=x onerror=alert(1)> 14 €"})
    page = counter.asks()
    assert "onerror" in page.text and page.select("img[onerror]") == []


def test_the_briefing_tells_what_the_citizen_read_and_what_runs_now(counter: Counter) -> None:
    shop, now = counter.shop, counter.shop.market.now
    first = correct(shop)
    turn = shop.ask(FEE)
    shop.product.corrections.kept.end(first.id, by="Bo", now=now)
    shop.market.now += timedelta(minutes=1)
    correct(shop, texts={"fr": "L'emplacement coûte 15 €."})
    handoff = shop.product.handoff
    counter.agent.page("/")
    cid = handoff.conversations.open(language="fr", now=now).conversation.id
    handoff.transcript.hear(cid, client_id="q1", text=FEE, now=now)
    desk = handoff.desks.default.id
    handoff.handoffs.wait(cid, reason="asked", desk=desk, question=FEE, turn_id=turn.id, now=now)
    page = counter.agent.page(f"/conversations/{cid}")
    assert FRENCH in text_of(page, ".brief-list .correction")
    assert "L'emplacement coûte 15 €." in text_of(page, ".passage .correction")
    again = page.select(".passage:has(.caution-word)")
    assert again and all(each.select_one(".correction") is None for each in again)
    suggested = BeautifulSoup(
        counter.agent.post(f"/conversations/{cid}/suggest").text, "html.parser"
    )
    assert "L'emplacement coûte 15 €." in text_of(suggested, "#proposed")
    assert "Marche" in text_of(suggested, ".caution")


def test_a_suspended_answer_is_checked_again_beside_the_correction(counter: Counter) -> None:
    shop = counter.shop
    answer = shop.verify()
    shop.market.now += timedelta(minutes=1)
    correct(shop)
    assert "La mairie a corrigé un guide." in counter.agent.page("/verified").text
    assert shop.kept.answer(answer.id).reason == "corrected"
    form = counter.agent.page(f"/verified/{answer.id}/renew")
    assert FRENCH in text_of(form, ".beside .correction")
    assert "Guide corrigé" in text_of(form, ".beside h2")
    offered = [field["value"] for field in form.select(".beside input[name=passage]")]
    assert shop.passage().id in offered
