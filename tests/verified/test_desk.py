"""Staff make, check again and withdraw verified answers at the desk."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from bs4 import BeautifulSoup
from fastapi import FastAPI
from sqlalchemy import select
from starlette.testclient import TestClient

from civic_assistant.desk.accounts import Accounts
from civic_assistant.desk.application import create_desk
from civic_assistant.outcomes import Answered
from civic_assistant.records import reading
from civic_assistant.verified.tables import HISTORY, PASSAGES, VERIFIED, WORDINGS
from tests.desk.conftest import PASSWORD, QUICK, Agent
from tests.verified.conftest import QUESTION, REPLY, Shop

EDITED = "L'emplacement coûte 13 € par jour. Le paiement se fait à la régie."


@dataclass
class Counter:
    """A member of staff at the desk of the market's town."""

    shop: Shop
    agent: Agent

    def replied(self, text: str = REPLY) -> str:
        """Let a citizen ask and the member of staff reply; return the reply's own page."""
        handoff, now = self.shop.product.handoff, self.shop.market.now
        self.agent.page("/")
        cid = handoff.conversations.open(language="fr", now=now).conversation.id
        handoff.transcript.hear(cid, client_id="q1", text=QUESTION, now=now)
        desk = handoff.desks.default.id
        handoff.handoffs.wait(cid, reason="asked", desk=desk, question=QUESTION, now=now)
        assert self.agent.post(f"/conversations/{cid}/claim").status_code == 200
        sent = self.agent.post(f"/conversations/{cid}/reply", client_id="r1", text=text)
        assert sent.status_code == 200
        link = self.agent.page(f"/conversations/{cid}").select_one(".message.agent .verify a")
        assert link is not None
        return str(link["href"]).removeprefix("/desk")

    def send(self, form: BeautifulSoup, path: str, **changed: object) -> BeautifulSoup:
        """Send a page's form as a browser without scripts does."""
        answer = self.agent.client.post(
            f"/desk{path}",
            data={**fields(form), **changed},
            headers={"accept": "text/html"},
        )
        assert answer.status_code in (200, 422), answer.text
        return BeautifulSoup(answer.text, "html.parser")


def fields(page: BeautifulSoup) -> dict[str, object]:
    """Return what the page's main form holds."""
    form = page.select_one("main form.stack")
    assert form is not None
    values: dict[str, list[str]] = {}
    for field in form.select("input[name], textarea[name]"):
        if field.get("type") != "checkbox" or field.has_attr("checked"):
            text = field.text if field.name == "textarea" else str(field.get("value", ""))
            values.setdefault(str(field["name"]), []).append(text)
    for choice in form.select("select[name]"):
        chosen = choice.select_one("option[selected]") or choice.select_one("option")
        assert chosen is not None
        values.setdefault(str(choice["name"]), []).append(str(chosen["value"]))
    return {name: held if len(held) > 1 else held[0] for name, held in values.items()}


@pytest.fixture
def counter(shop: Shop) -> Counter:
    product = shop.product
    Accounts(product.records, QUICK).add(
        "awa", name="Awa D.", password=PASSWORD, desks=(), roles=("agent",), now=shop.market.now
    )
    app = FastAPI()
    app.mount("/desk", create_desk(product, clock=lambda: shop.market.now, hasher=QUICK))
    agent = Agent(TestClient(app, base_url="http://desk.example"))
    assert agent.sign_in("awa").status_code == 303
    return Counter(shop, agent)


def test_a_reply_becomes_a_verified_answer_once_its_preview_is_confirmed(counter: Counter) -> None:
    form = counter.agent.page(counter.replied())
    assert QUESTION in str(form) and "12 € par jour" in form.text
    ticked = [counter.shop.passage().id]
    seen = counter.send(form, "/verified/preview", passage=ticked)
    assert counter.shop.kept.counts() == {}
    shown = counter.send(seen, "/verified")
    assert "Réponse vérifiée" in shown.text and "Awa D., Accueil" in shown.text
    (answer,) = counter.shop.kept.answers("live")
    assert (answer.text, answer.wordings[0].text) == (REPLY, QUESTION)
    outcome = counter.shop.outcome()
    assert isinstance(outcome, Answered) and outcome.coverage == "verified"


def test_nothing_personal_and_nothing_of_the_conversation_is_kept(counter: Counter) -> None:
    path = counter.replied("Madame, je vous réponds à claire@example.org : 12 € par jour.")
    seen = counter.send(
        counter.agent.page(path), "/verified/preview", passage=[counter.shop.passage().id]
    )
    assert "Données personnelles retirées" in seen.text
    counter.send(seen, "/verified")
    (answer,) = counter.shop.kept.answers("live")
    conversation = path.split("/")[2]
    assert "claire" not in str(answer) and "[e-mail]" in answer.text
    with reading(counter.shop.product.records) as connection:
        for table in (VERIFIED, WORDINGS, PASSAGES, HISTORY):
            assert conversation not in str(connection.execute(select(table)).all())


def test_figures_without_a_passage_must_be_confirmed(counter: Counter) -> None:
    form = counter.agent.page(counter.replied("Un emplacement coûte 50 € par mois."))
    seen = counter.send(form, "/verified/preview", passage=[counter.shop.passage().id])
    assert "50 €" in seen.select_one(".caution").text  # type: ignore[union-attr]
    counter.send(seen, "/verified")
    assert counter.shop.kept.counts() == {}
    counter.send(seen, "/verified", confirmed="true")
    (answer,) = counter.shop.kept.answers("live")
    assert answer.has_doubts


def test_without_a_passage_the_form_comes_back_with_what_was_written(counter: Counter) -> None:
    form = counter.agent.page(counter.replied())
    again = counter.send(form, "/verified/preview", passage=[], text="Ce que j'ai écrit")
    problem = again.select_one("#problem")
    assert problem is not None and "Cochez au moins un passage" in problem.text
    assert "Ce que j'ai écrit" in again.text


def test_other_passages_can_be_looked_for(counter: Counter) -> None:
    form = counter.agent.page(counter.replied())
    found = counter.send(form, "/verified/find", find="chien tenu en laisse", text="Mon texte")
    assert "Les chiens sont tenus en laisse" in found.text and "Mon texte" in found.text


def test_a_suspended_answer_is_counted_and_checked_again_beside_what_changed(
    counter: Counter,
) -> None:
    answer = counter.shop.verify()
    counter.shop.market.rewrite(EDITED)
    page = counter.agent.page("/verified")
    assert "Un passage a changé." in page.text
    head = page.select_one("header nav a[href='/desk/verified'] .count")
    assert head is not None and head.text.startswith("1")
    form = counter.agent.page(f"/verified/{answer.id}/renew")
    beside = form.select_one(".beside")
    assert beside is not None and "12 €" in beside.text and "13 €" in beside.text
    new = counter.shop.passage("13 €").id
    text = "Un emplacement coûte 13 € par jour."
    seen = counter.send(form, "/verified/preview", passage=[new], text=text)
    shown = counter.send(seen, "/verified")
    assert "Revérifiée (version 2)" in shown.text and "Awa D." in shown.text
    outcome = counter.shop.outcome()
    assert isinstance(outcome, Answered) and outcome.checked is not None
    assert (outcome.checked.version, outcome.checked.text) == (2, text)
    assert counter.agent.page("/verified").select_one("header .count:not([hidden])") is None


def test_what_is_withdrawn_is_listed_and_cannot_be_withdrawn_twice(counter: Counter) -> None:
    answer = counter.shop.verify()
    assert counter.agent.post(f"/verified/{answer.id}/withdraw").status_code == 200
    again = counter.agent.post(f"/verified/{answer.id}/withdraw")
    assert again.status_code == 409 and "retirée" in again.json()["said"]
    assert counter.shop.kept.counts() == {"withdrawn": 1}


def test_ask_mode_shows_it_first_and_offers_to_make_one(counter: Counter) -> None:
    made = counter.agent.post("/verified/new", question=QUESTION, spoken="fr")
    assert QUESTION in made.text
    answer = counter.shop.verify()
    page = counter.agent.post("/ask", question=QUESTION).text
    assert "Réponse vérifiée par Accueil" in page and f"/desk/verified/{answer.id}" in page
    assert REPLY.split("\n", maxsplit=1)[0] in page.replace("&#39;", "'")


def test_a_strangers_answer_and_a_foreign_form_are_refused(counter: Counter) -> None:
    refused = counter.agent.client.get("/desk/verified/nothing", headers={"accept": "text/html"})
    assert refused.status_code == 409 and "n’est plus là" in refused.text
    answer = counter.shop.verify()
    foreign = counter.agent.client.post(f"/desk/verified/{answer.id}/withdraw", data={"csrf": "x"})
    assert foreign.status_code == 403
