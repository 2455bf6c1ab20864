"""The product over the town's own guides: real index, real model, real database."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from civic_assistant.assembly import Product, assemble
from civic_assistant.batch import answer_lines
from civic_assistant.embedding import Embedding
from civic_assistant.errors import IndexMismatch, IndexMissing
from civic_assistant.index import open_index
from civic_assistant.outcomes import (
    Answered,
    CouldNotLook,
    NotCovered,
    Refused,
    Signposted,
    SmallTalk,
    Unsure,
)
from civic_assistant.settings import Settings
from civic_assistant.story import story
from civic_assistant.turns import Question
from civic_assistant.verification import is_quoted


def answered(product: Product, text: str) -> Answered:
    outcome = product.assistant.answer(Question(text)).outcome
    assert isinstance(outcome, Answered), outcome
    return outcome


def test_a_question_is_answered_with_quotes_that_stand_in_the_guide(product: Product) -> None:
    outcome = answered(product, "Combien coûte un repas à la cantine ?")
    live = product.index.live()
    cited = {s.citation.passage_id for s in outcome.sentences}
    held = product.index.passages(cited, live)
    assert outcome.sources[0].guide_id == "cantine-scolaire"
    assert "4,10 €" in " ".join(s.text for s in outcome.sentences)
    assert all(is_quoted(s.citation, held[s.citation.passage_id]) for s in outcome.sentences)


def test_the_marks_of_a_source_are_the_quotes(product: Product) -> None:
    outcome = answered(product, "Quels papiers pour inscrire mon fils à la cantine ?")
    for number, source in enumerate(outcome.sources):
        quoted = {s.text for s in outcome.sentences if s.source == number}
        assert {source.text[a:b] for a, b in source.marks} == quoted


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("How much is a school lunch?", "en"),
        ("¿Cuánto cuesta el comedor escolar?", "es"),
        ("كم ثمن وجبة المطعم المدرسي؟", "ar"),
    ],
)
def test_a_guide_is_quoted_in_the_citizens_language_when_it_exists(
    product: Product, question: str, language: str
) -> None:
    outcome = answered(product, question)
    assert {(s.guide_id, s.language) for s in outcome.sources} == {("cantine-scolaire", language)}


def test_a_guide_that_exists_only_in_french_is_quoted_in_french(product: Product) -> None:
    turn = product.assistant.answer(Question("Wie viel kostet ein Essen in der Schulkantine?"))
    assert turn.language == "de"
    assert isinstance(turn.outcome, Answered)
    assert {s.language for s in turn.outcome.sources} == {"fr"}


def test_an_expired_guide_never_answers(product: Product) -> None:
    turn = product.assistant.answer(Question("Comment s'inscrire au plan canicule 2025 ?"))
    assert turn.evidence is not None
    assert "plan-canicule-2025" in product.index.live().versions
    assert "plan-canicule-2025" not in turn.evidence.ranked


def test_an_overdue_guide_says_so(product: Product) -> None:
    outcome = answered(product, "Combien coûte le portage de repas à domicile ?")
    assert all(s.is_overdue for s in outcome.sources if s.guide_id == "portage-repas")


def test_what_the_guides_do_not_cover_is_not_answered(product: Product) -> None:
    turn = product.assistant.answer(Question("Quelle est la recette de la tarte aux pommes ?"))
    assert isinstance(turn.outcome, NotCovered | Unsure)


def test_a_broken_index_is_not_the_same_as_nothing_found(
    town: Settings, embedder: Embedding, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = assemble(town, embedder)
    graph = broken.index.live().vectors.graph
    assert graph is not None
    monkeypatch.setattr(graph._collection, "query", None)
    turn = broken.assistant.answer(Question("Combien coûte la cantine ?"))
    assert turn.outcome == CouldNotLook(turn.id)
    assert isinstance(broken.journal.turn(turn.id).outcome, CouldNotLook)


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("Bonjour", SmallTalk("greeting")),
        ("   ", Refused("empty")),
        ("a" * 5000, Refused("too_long")),
        ("il y a le feu dans la cage d'escalier", Signposted("emergency")),
    ],
)
def test_what_needs_no_search_is_not_searched(product: Product, text: str, outcome: object) -> None:
    turn = product.assistant.answer(Question(text))
    assert turn.outcome == outcome
    assert turn.evidence is None


def test_a_follow_up_carries_the_question_before(product: Product) -> None:
    turn = product.assistant.answer(
        Question(
            "et le week-end ?", history=("Combien coûte la location de la salle Jean-Moulin ?",)
        )
    )
    assert turn.evidence is not None
    assert turn.evidence.ranked[0] in {"location-salle", "tarifs-municipaux"}


def test_a_recorded_turn_tells_its_story_without_personal_data(product: Product) -> None:
    asked = "Je suis au 06 39 98 12 34, combien coûte la cantine ?"
    turn = product.assistant.answer(Question(asked))
    told = story(product.journal.turn(turn.id))
    assert "39 98" not in told
    assert "cantine-scolaire" in told
    assert isinstance(turn.outcome, Answered)
    assert turn.outcome.sentences[0].text in told


def test_json_lines_carry_offsets_that_slice_back(product: Product) -> None:
    line = json.dumps({"id": 7, "question": "prix de la cantine", "history": []})
    (answer,) = [b.answer for b in answer_lines([line], product.assistant)]
    assert answer is not None
    assert (answer["id"], answer["outcome"], answer["handover"]) == (7, "answered", False)
    live = product.index.live()
    held = product.index.passages([s["passage"] for s in answer["sentences"]], live)
    for sentence in answer["sentences"]:
        passage = held[sentence["passage"]]
        assert passage.text[sentence["start"] : sentence["end"]] == sentence["text"]


def test_a_line_that_is_no_question_is_named_and_the_rest_goes_on(product: Product) -> None:
    lines = ['{"id": 1}', "no json", '{"id": 2, "question": "prix de la cantine"}']
    first, second, third = answer_lines(lines, product.assistant)
    assert first.error is not None
    assert first.error.startswith("line 1: question:")
    assert second.error is not None
    assert third.answer is not None


def test_an_index_of_another_model_is_refused(town: Settings, embedder: Embedding) -> None:
    other = embedder.model_copy(update={"identity": "another/full@000000000000"})
    with pytest.raises(IndexMismatch, match="another/full"):
        open_index(town, other)


def test_an_empty_index_folder_says_what_to_do(town: Settings, embedder: Embedding) -> None:
    nowhere = town.model_copy(update={"index_folder": town.index_folder / "nowhere"})
    with pytest.raises(IndexMissing, match="civic-assistant publish"):
        assemble(nowhere, embedder, clock=lambda: datetime.now(UTC))


def test_a_guide_that_is_excluded_is_not_found(product: Product) -> None:
    first = product.assistant.answer(Question("prix de la cantine"))
    assert isinstance(first.outcome, Answered)
    guide_id = first.outcome.sources[0].guide_id
    again = product.assistant.answer(Question("prix de la cantine", excluded=(guide_id,)))
    assert again.evidence is not None
    assert again.evidence.ranked
    assert guide_id not in again.evidence.ranked


def test_a_draft_that_is_not_shown_is_there_for_staff(product: Product) -> None:
    turn = product.assistant.answer(Question("prix de la cantine"))
    assert turn.drafted == turn.outcome
    unsure = product.assistant.answer(Question("la cantine accepte-t-elle les tortues ?"))
    assert unsure.drafted is not None
    assert unsure.drafted.sources
