from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from civic_assistant.assembly import Product
from civic_assistant.desk.accounts import Accounts
from civic_assistant.desk.application import create_desk
from civic_assistant.desk.briefing import briefed
from civic_assistant.desk.procedure_card import procedure_card
from civic_assistant.stored import stored_turn
from civic_assistant.turns import Question
from tests.desk.conftest import PASSWORD, QUICK, Agent

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


@pytest.fixture(scope="session")
def counter(product: Product) -> Agent:
    """A member of staff signed in at the desk of the whole product."""
    Accounts(product.records, QUICK).add(
        "awa", name="Awa D.", password=PASSWORD, desks=(), roles=("agent",), now=NOW
    )
    app = FastAPI()
    app.mount("/desk", create_desk(product, clock=lambda: NOW, hasher=QUICK))
    agent = Agent(TestClient(app, base_url="http://desk.example"))
    assert agent.sign_in("awa").status_code == 303
    return agent


def test_the_counter_gets_answer_passages_scores_card_and_letter(counter: Agent) -> None:
    answer = counter.post("/ask", question="Comment inscrire mon enfant à la cantine ?")
    page = answer.text
    assert answer.status_code == 200
    assert "Passages trouvés (" in page and "Lecture fine" in page
    assert "Fiche :" in page and "Pièces" in page
    assert "Vous nous avez posé cette question" in page and "Awa D." in page
    assert "Confiance" in page


def test_a_guide_that_is_left_out_is_not_searched_again(counter: Agent, product: Product) -> None:
    question = "Comment inscrire mon enfant à la cantine ?"
    first = product.assistant.answer(Question(question))
    assert first.evidence is not None
    guide = first.evidence.ranked[0]
    again = counter.post("/ask", question=question, excluded=guide)
    assert f'value="{guide}" checked' in again.text
    assert f'name="excluded" value="{guide}" class="small"' not in again.text


def test_the_letter_is_in_the_callers_language(counter: Agent) -> None:
    answer = counter.post(
        "/ask", question="How do I register my child for the school canteen?", spoken="en"
    )
    assert "You asked us this question" in answer.text


@pytest.mark.parametrize("question", ["", "x" * 1001])
def test_a_question_that_is_none_is_refused_without_a_fault(counter: Agent, question: str) -> None:
    answer = counter.post("/ask", question=question)
    assert answer.status_code == 200
    assert "Un refus" in answer.text


def test_a_briefing_says_what_was_searched_and_why_nothing_was_shown(product: Product) -> None:
    turn = product.assistant.answer(Question("Puis-je amener mon cheval à la piscine municipale ?"))
    briefing = briefed(stored_turn(turn), product.index, product.corrections, NOW)
    assert briefing.question == turn.question and briefing.searched == turn.searched
    assert briefing.outcome in ("unsure", "not_covered")
    assert briefing.why.confidence is not None and briefing.why.threshold is not None
    assert [p.place for p in briefing.passages] == [1, 2, 3, 4, 5, 6]
    assert all(p.title for p in briefing.passages)
    assert "cheval" in briefing.missing


def test_a_passage_that_the_edition_no_longer_holds_is_left_out(product: Product) -> None:
    turn = stored_turn(product.assistant.answer(Question("Combien coûte la cantine ?")))
    assert turn.evidence is not None
    gone = replace(turn.evidence.found[0], passage_id="0" * 32)
    changed = replace(turn, evidence=replace(turn.evidence, found=(gone, *turn.evidence.found[1:])))
    shown = briefed(changed, product.index, product.corrections, NOW).passages
    assert len(shown) == 6 and shown[0].guide_id == turn.evidence.found[1].guide_id


def test_a_card_is_made_of_the_guides_own_words_only(product: Product) -> None:
    languages = ("en", "fr")
    card = procedure_card(product.index, "cantine-scolaire", languages, product.corrections, NOW)
    assert card is not None and card.fields
    live = product.index.live()
    guide = product.index.guide(live.versions["cantine-scolaire"][card.language].digest)
    own = " ".join((*(s.text for s in guide.sections), *(f.text for f in guide.facts)))
    for _, entries in card.fields:
        for entry in entries:
            for line in entry.lines:
                assert line.removeprefix("– ").split(" : ")[0] in own


def test_a_guide_that_is_not_published_has_no_card(product: Product) -> None:
    card = procedure_card(product.index, "nowhere", ("fr",), product.corrections, NOW)
    assert card is None
