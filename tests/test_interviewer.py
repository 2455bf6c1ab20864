"""Asking the one detail, over the town's own guides."""

from __future__ import annotations

import json

import pytest

from civic_assistant.assembly import Product
from civic_assistant.batch import answer_lines
from civic_assistant.known import NOTHING_KNOWN
from civic_assistant.messages import messages_for
from civic_assistant.outcomes import Answered, AskedDetail
from civic_assistant.plain import plain_turn
from civic_assistant.story import story
from civic_assistant.turns import Question, Turn

PAPERS = "Quels documents faut-il pour une carte d'identité ou un passeport ?"
MINOR = "carte ou passeport d'un mineur"


def ask(product: Product, text: str, before: Turn | None = None) -> Turn:
    """Ask as the page does, after an earlier turn when there is one."""
    if before is None:
        return product.assistant.answer(Question(text))
    question = Question(
        text,
        conversation_language=before.language,
        history=(before.searched,),
        known=before.known,
    )
    return product.assistant.answer(question)


def situations(turn: Turn) -> set[str]:
    assert isinstance(turn.outcome, Answered), turn.outcome
    return {label for source in turn.outcome.sources for label in source.situation}


def test_where_the_answer_depends_on_the_case_it_is_asked_in_the_guides_words(
    product: Product,
) -> None:
    outcome = ask(product, PAPERS).outcome
    assert isinstance(outcome, AskedDetail)
    assert outcome.guide_id == "carte-identite-passeport"
    assert outcome.options == (
        "première demande d'un adulte",
        "renouvellement d'un adulte",
        MINOR,
        "titre perdu ou volé",
    )
    assert outcome.common is not None
    assert all(not source.situation for source in outcome.common.sources)


def test_the_case_chosen_is_quoted_and_kept_for_what_follows(product: Product) -> None:
    asked = ask(product, PAPERS)
    chosen = ask(product, MINOR, asked)
    assert chosen.is_reply
    assert situations(chosen) == {MINOR}
    assert "age=0-17" in chosen.known.cases
    after = ask(product, "et pour mon passeport ?", chosen)
    assert situations(after) == {MINOR}


def test_a_case_that_was_said_is_not_asked(product: Product) -> None:
    said = ask(product, "Quels papiers apporter pour le passeport de ma fille de 6 ans ?")
    assert MINOR in situations(said)


def test_an_answer_that_leaves_several_cases_is_asked_once_more_and_no_more(
    product: Product,
) -> None:
    first = ask(product, PAPERS)
    second = ask(product, "je suis adulte", first)
    assert isinstance(second.outcome, AskedDetail)
    assert MINOR not in second.outcome.options
    third = ask(product, "je ne sais pas", second)
    assert isinstance(third.outcome, Answered)
    assert third.searched == PAPERS


def test_the_same_detail_is_never_asked_twice(product: Product) -> None:
    first = ask(product, PAPERS)
    waived = ask(product, messages_for("fr").text("detail.other"), first)
    again = ask(product, PAPERS, waived)
    assert isinstance(waived.outcome, Answered)
    assert isinstance(again.outcome, Answered)


def test_what_holds_for_everybody_is_answered(product: Product) -> None:
    for text in ("Combien coûte un passeport ?", "Quels papiers pour se marier à la mairie ?"):
        assert isinstance(ask(product, text).outcome, Answered)


def test_a_contrary_statement_replaces_the_case(product: Product) -> None:
    minor = ask(product, MINOR, ask(product, PAPERS))
    adult = ask(product, "et pour le renouvellement d'un adulte ?", minor)
    assert situations(adult) == {"renouvellement d'un adulte"}
    assert MINOR not in adult.known.cases


@pytest.mark.parametrize("language", ["en", "uk"])
def test_the_labels_are_those_of_the_guide_in_the_citizens_language(
    product: Product, language: str
) -> None:
    question = {"en": "Which documents do I need for an identity card?", "uk": "паспорт документи"}
    outcome = ask(product, question[language]).outcome
    assert isinstance(outcome, AskedDetail)
    assert outcome.language == language


def test_the_journal_tells_what_was_asked_and_what_was_known(product: Product) -> None:
    asked = ask(product, PAPERS)
    chosen = ask(product, MINOR, asked)
    told = story(product.journal.turn(asked.id))
    assert f"- {MINOR}" in told and "Asked which case" in told
    assert "age=0-17" in story(product.journal.turn(chosen.id))


def test_the_command_line_lists_the_cases(product: Product) -> None:
    text = plain_turn(ask(product, PAPERS), product.settings)
    assert "  3. carte ou passeport d'un mineur" in text
    assert "  5. Un autre cas, ou je ne sais pas" in text


def test_json_lines_take_cases_and_give_the_options(product: Product) -> None:
    lines = [
        json.dumps({"id": 1, "question": PAPERS}),
        json.dumps({"id": 2, "question": PAPERS, "situations": ["a minor"]}),
    ]
    asked, answered = (line.answer for line in answer_lines(lines, product.assistant))
    assert asked is not None and answered is not None
    assert (asked["outcome"], asked["handover"], len(asked["options"])) == (
        "asked_detail",
        False,
        4,
    )
    assert (answered["outcome"], answered["options"]) == ("answered", [])
    assert "age=0-17" in answered["situations"]


def test_a_conversation_without_cases_knows_nothing(product: Product) -> None:
    assert ask(product, "Bonjour").known == NOTHING_KNOWN
