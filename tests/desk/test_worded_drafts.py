"""A draft in a model's words at the desk: the real product over real guides, a scripted model."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from bs4 import BeautifulSoup

from civic_assistant.language_model.calls import Calls
from civic_assistant.story import story
from civic_assistant.turns import Question
from evals.endpoints.scripted import Behaviour, answers, says, status
from tests.desk.drafting_desk import (
    NOW,
    QUESTION,
    ROW,
    STYLE,
    WORDED,
    WRONG,
    OpenDesk,
    open_desk,
)

__all__ = ["open_desk"]


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
    italian = "Per il primo veicolo del nucleo familiare la tessera costa 15 € o 150 €."
    with open_desk(answers((italian, ROW))) as desk:
        cid = desk.waits("Quanto costa la tessera di parcheggio per residenti?", language="it")
        page = desk.drafts(cid)
        asked_for = desk.model.given()["write_in"]
    assert asked_for == "Italian"
    sentence = page.select_one(".drafted > li > p")
    letter = page.select_one("#drafted-letter")
    assert sentence is not None and letter is not None
    assert (sentence["lang"], sentence.get_text()) == ("it", italian)
    assert letter.get_text().strip().startswith("Gentile Signora, gentile Signore,")


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
        assert "avec le modèle" not in page.get_text() + asked + suggested
        assert page.select_one("#summary") is None
        desk.drafts(cid)
        assert desk.model.asked == []
