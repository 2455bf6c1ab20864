"""A draft in a model's words at the desk: the real product over real guides, a scripted model."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from bs4 import BeautifulSoup
from fastapi import FastAPI
from starlette.testclient import TestClient

from civic_assistant.assembly import Product, assemble
from civic_assistant.desk.accounts import Accounts
from civic_assistant.desk.application import create_desk
from civic_assistant.embedding import Embedding
from civic_assistant.handoff.entries import Message
from civic_assistant.language_model.calls import Calls
from civic_assistant.language_model.named import NamedEndpoint
from civic_assistant.settings import Settings
from civic_assistant.story import story
from civic_assistant.turns import Question
from tests.desk.conftest import PASSWORD, QUICK, Agent
from tests.desk.editing import ROOT
from tests.language_model.scripted import Behaviour, ScriptedServer, answers, says, serving, status

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
QUESTION = "Combien coûte la carte de stationnement résident ?"
STYLE = "Nous disons vous, la réponse d’abord."
ROW = "Premier véhicule du foyer | 15 € | 150 €"
"""A row of the guide's table of prices: by month, by year."""
WORDED = "Pour le premier véhicule du foyer, la carte coûte 15 € ou 150 €."
WRONG = "Pour le premier véhicule du foyer, la carte coûte 99 €."


@dataclass
class Desk:
    """A member of staff at the desk of a product whose model is scripted."""

    product: Product
    agent: Agent
    model: ScriptedServer

    def waits(self, *said: str, language: str = "fr", name: str | None = None) -> str:
        """Let a citizen write messages to a person, and take the conversation."""
        handoff = self.product.handoff
        cid = handoff.conversations.open(language=language, now=NOW).conversation.id
        handoff.handoffs.wait(
            cid, reason="asked", desk=handoff.desks.default.id, question=said[0], now=NOW
        )
        for number, text in enumerate(said):
            handoff.transcript.hear(cid, client_id=f"c{number}", text=text, now=NOW)
        assert self.agent.post(f"/conversations/{cid}/claim").status_code == 200
        return cid

    def replies(self, cid: str, text: str) -> None:
        """Say something to the citizen."""
        self.agent.post(f"/conversations/{cid}/reply", client_id=f"r{len(text)}", text=text)

    def drafts(self, cid: str, **fields: object) -> BeautifulSoup:
        """Ask for a draft, and return what is shown."""
        answer = self.agent.post(f"/conversations/{cid}/drafted", **fields)
        assert answer.status_code == 200, answer.text
        return BeautifulSoup(answer.text, "html.parser")

    def messages(self, cid: str) -> tuple[Message, ...]:
        return self.product.handoff.transcript.messages(cid, for_staff=True)


OpenDesk = Callable[..., Any]


@pytest.fixture
def open_desk(five_guides: Settings, embedder: Embedding) -> OpenDesk:
    """Return a way to open the desk with a scripted model."""

    @contextmanager
    def opened(*behaviours: Behaviour, **settings: Any) -> Iterator[Desk]:
        with serving(*behaviours) as server:
            named = NamedEndpoint(name="near", address=server.address, model="albert")
            limits = {f"language_model_{name}seconds": 60.0 for name in ("first_", "call_", "")}
            update = {
                "data_folder": ROOT / "var",
                "language_models": (named,),
                "language_model_style": STYLE,
                **limits,
            }
            chosen = five_guides.model_copy(update=update | settings)
            product = assemble(chosen, embedder, clock=lambda: NOW)
            yield Desk(product, _signed_in(product), server)

    return opened


def _signed_in(product: Product) -> Agent:
    accounts = Accounts(product.records, QUICK)
    login = f"awa{datetime.now(UTC).timestamp():.6f}".replace(".", "")
    account = accounts.add(
        login, name="Awa Diop", password=PASSWORD, desks=(), roles=("agent",), now=NOW
    )
    app = FastAPI()
    app.mount("/desk", create_desk(product, clock=lambda: NOW, hasher=QUICK))
    agent = Agent(TestClient(app, base_url="http://desk.example"), account.id)
    assert agent.sign_in(login).status_code == 303
    return agent


def shown(page: BeautifulSoup, selector: str) -> list[str]:
    return [" ".join(part.get_text(" ").split()) for part in page.select(selector)]


def test_a_draft_shows_each_sentence_with_its_quote_and_what_was_left_out(
    open_desk: OpenDesk,
) -> None:
    with open_desk(answers((WORDED, ROW), (WRONG, ROW))) as desk:
        cid = desk.waits(QUESTION)
        page = desk.drafts(cid)
        sent = desk.model.given()
    assert shown(page, ".drafted > li > p") == [WORDED]
    assert shown(page, ".quoted summary") == ["Source 1"]
    assert shown(page, ".quoted blockquote") == [ROW]
    assert "Stationnement" in shown(page, ".quoted p")[0]
    (left_out,) = page.select(".left-out")
    told = " ".join(left_out.get_text(" ").split())
    assert "1 phrase écartée" in told
    assert WRONG in told
    assert "Un de ses chiffres manque dans la citation." in told
    assert "modèle de langage ( albert )" in told or "(albert)" in page.get_text()
    text = page.select_one("#drafted-text")
    assert text is not None
    assert text.get_text().startswith(f"{WORDED}\n\nSource :")
    assert WRONG not in text.get_text()
    assert sent["style"] == STYLE


def test_the_letter_has_the_towns_frame_around_the_drafted_body(open_desk: OpenDesk) -> None:
    with open_desk(answers((WORDED, ROW))) as desk:
        page = desk.drafts(desk.waits(QUESTION))
    letter = page.select_one("#drafted-letter")
    subject = page.select_one("#drafted-subject")
    assert letter is not None and subject is not None
    body = letter.get_text().strip()
    assert body.startswith("Madame, Monsieur,\n\nVous nous avez posé cette question")
    assert WORDED in body
    assert "Awa Diop" in body.split("Cordialement,")[1]
    assert "Vaubreuil" in str(subject["value"])


def test_a_draft_is_in_the_citizens_language(open_desk: OpenDesk) -> None:
    english = "For the first vehicle of the household, the permit costs €15 or €150."
    with open_desk(answers((english, ROW))) as desk:
        cid = desk.waits("How much is a resident parking permit?", language="en")
        page = desk.drafts(cid)
        asked_for = desk.model.given()["write_in"]
    assert asked_for == "English"
    sentence = page.select_one(".drafted > li > p")
    letter = page.select_one("#drafted-letter")
    assert sentence is not None and letter is not None
    assert (sentence["lang"], sentence.get_text()) == ("en", english)
    assert letter.get_text().strip().startswith("Dear Sir or Madam,")


def test_nothing_is_sent_and_no_note_and_no_name_reaches_the_model(open_desk: OpenDesk) -> None:
    with open_desk(answers((WORDED, ROW))) as desk:
        cid = desk.waits(QUESTION, "Écrivez-moi : ada@exemple.fr, ou au 06 39 98 12 34.")
        desk.agent.post(f"/conversations/{cid}/note", client_id="n", text="Très impatiente.")
        desk.replies(cid, "Bonjour, ici Awa Diop, je regarde.")
        before = desk.messages(cid)
        desk.drafts(cid)
        assert desk.messages(cid) == before
        sent = str(desk.model.asked[0])
        conversation = desk.model.given()["conversation"]
    assert [line["from"] for line in conversation] == ["citizen", "citizen", "agent"]
    assert conversation[2]["text"] == "Bonjour, ici [name], je regarde."
    for private in ("ada@exemple.fr", "39 98", "Très impatiente", "Awa", cid):
        assert private not in sent


def test_a_draft_also_rests_on_what_the_assistant_quoted_before(open_desk: OpenDesk) -> None:
    meal = "Combien coûte le portage de repas à domicile ?"
    with open_desk(answers((WORDED, ROW))) as desk:
        turn = desk.product.assistant.answer(Question(meal))
        handoff = desk.product.handoff
        opened = handoff.conversations.open(language="fr", now=NOW)
        cid = opened.conversation.id
        heard = handoff.transcript.hear(cid, client_id="q", text=meal, now=NOW)
        handoff.transcript.say(heard.floor, client_id="a", text="…", turn_id=turn.id, now=NOW)
        handoff.handoffs.wait(
            cid, reason="asked", desk=handoff.desks.default.id, question=QUESTION, now=NOW
        )
        handoff.transcript.hear(cid, client_id="q2", text=QUESTION, now=NOW)
        desk.agent.post(f"/conversations/{cid}/claim")
        desk.drafts(cid)
        under = {passage["under"] for passage in desk.model.given()["passages"]}
    assert any("Stationnement" in each for each in under)
    assert any("repas" in each for each in under)


def test_the_turn_in_the_journal_keeps_what_was_drafted(open_desk: OpenDesk) -> None:
    with open_desk(answers((WORDED, ROW), (WRONG, ROW))) as desk:
        page = desk.drafts(desk.waits(QUESTION))
        number = page.select(".suggestion > p.quiet")[-1].get_text().split()[-1].strip(".")
        stored = desk.product.journal.turn(number)
        calls = Calls(desk.product.records).of_turn(number)
    assert stored.staff_draft is not None
    assert [s.dropped for s in stored.staff_draft.sentences] == [None, "figure"]
    assert [call.prompt for call in calls] == ["drafting-1"]
    told = story(stored)
    assert "drafted for staff" in told
    assert WORDED in told and WRONG in told


@pytest.mark.parametrize(
    ("behaviour", "why"),
    [
        (answers((WRONG, ROW)), "Rien de ce que le modèle a écrit ne tient."),
        (answers(coverage="none"), "Le modèle ne trouve pas de réponse dans les passages."),
        (says("Bien sûr !"), "Le modèle n’a pas donné de brouillon utilisable."),
        (status(500), "Le modèle n’a pas donné de brouillon utilisable."),
    ],
)
def test_where_nothing_holds_the_guides_own_sentences_stand(
    open_desk: OpenDesk, behaviour: Behaviour, why: str
) -> None:
    with open_desk(behaviour) as desk:
        page = desk.drafts(desk.waits(QUESTION))
    assert why in page.get_text()
    assert "Voici les phrases du guide." in page.get_text()
    assert page.select_one("#drafted-text") is None
    own = page.select_one("#proposed")
    assert own is not None
    assert "15 €" in own.get_text()


def test_thanks_at_the_end_do_not_hide_what_was_asked(open_desk: OpenDesk) -> None:
    with open_desk(answers((WORDED, ROW))) as desk:
        page = desk.drafts(desk.waits(QUESTION, "Merci beaucoup !"))
    assert shown(page, ".drafted > li > p") == [WORDED]


def test_what_a_model_writes_is_escaped(open_desk: OpenDesk) -> None:
    script = "<img src=x onerror=alert(1)>"
    with open_desk(answers((f"{WORDED} {script}", ROW), (f"99 € {script}", ROW))) as desk:
        answer = desk.agent.post(f"/conversations/{desk.waits(QUESTION)}/drafted").text
    assert "<img" not in answer
    assert "&lt;img" in answer


def test_ask_mode_drafts_for_the_phone(open_desk: OpenDesk) -> None:
    with open_desk(answers((WORDED, ROW))) as desk:
        page = desk.agent.post("/ask", question=QUESTION).text
        assert 'action="/desk/ask/drafted"' in page
        answer = desk.agent.post("/ask/drafted", question=QUESTION)
    drafted = BeautifulSoup(answer.text, "html.parser")
    assert shown(drafted, ".drafted > li > p") == [WORDED]
    assert drafted.select_one("[data-inserts]") is None


def test_a_conversation_of_another_desk_is_not_drafted_for(open_desk: OpenDesk) -> None:
    with open_desk(answers((WORDED, ROW))) as desk:
        other = desk.product.handoff.desks.all[1]
        cid = desk.waits(QUESTION)
        desk.agent.post(f"/conversations/{cid}/forward", desk=other.id)
        for what in ("drafted", "summary"):
            assert desk.agent.post(f"/conversations/{cid}/{what}").status_code == 404
        assert desk.model.asked == []


@pytest.mark.parametrize(
    "settings", [{"language_models": ()}, {"language_model_helps_staff": False}]
)
def test_without_a_model_for_staff_the_desk_is_as_before(
    open_desk: OpenDesk, settings: Mapping[str, Any]
) -> None:
    with open_desk(answers((WORDED, ROW)), **settings) as desk:
        cid = desk.waits(QUESTION)
        page = desk.agent.page(f"/conversations/{cid}")
        asked = desk.agent.post("/ask", question=QUESTION).text
        suggested = desk.agent.post(f"/conversations/{cid}/suggest").text
        assert "modèle" not in page.get_text() + asked + suggested
        assert page.select_one("#summary") is None
        desk.drafts(cid)
        assert desk.model.asked == []
