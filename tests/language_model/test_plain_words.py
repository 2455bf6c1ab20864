"""An answer said again in plain language, through the whole product with a scripted endpoint."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from civic_assistant.assembly import Product
from civic_assistant.chat.replies import reply_for
from civic_assistant.derived_again import derive_again
from civic_assistant.language_model.calls import Calls
from civic_assistant.messages import PAGE_LANGUAGES
from civic_assistant.outcomes import Answered
from civic_assistant.plain import plain_turn
from civic_assistant.records import SAID_PLAINLY, TURNS
from civic_assistant.story import story
from civic_assistant.turns import Question, Stage, Turn
from evals.endpoints.scripted import Behaviour, answers, says, serving, status
from evals.pool import pools_of
from evals.questions import QuestionSet, SetCard, SetQuestion
from evals.run import ask_set

QUESTION = "Combien coûte un repas à la cantine ?"
SIMPLE = ("Votre quotient familial dépasse 1 200 € ?", "Alors un repas coûte 4,10 €.")
NOTHING = says('{"coverage": "none", "sentences": []}')


def data_of(body: Mapping[str, Any]) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(body["messages"][-1]["content"])
    return data


def under_the_price(*texts: str) -> Behaviour:
    """Say sentences under the line that has the price."""

    def behave(send: Callable[[bytes], None], body: Mapping[str, Any]) -> None:
        lines = [line for p in data_of(body)["passages"] for line in p["text"].split("\n")]
        quote = next(str(line) for line in lines if "4,10 €" in line)
        answers(*((text or quote, quote) for text in texts))(send, body)

    return behave


def ask(product: Product, text: str = QUESTION) -> Turn:
    turn = product.assistant.answer(
        Question(text, page_language="fr", conversation="plainly", is_worded=True)
    )
    assert isinstance(turn.outcome, Answered), turn.outcome
    return turn


def test_two_plain_sentences_rest_on_the_quote_of_one_long_one_and_are_a_turn_of_their_own(
    open_product: Callable[..., Product],
) -> None:
    with serving(NOTHING, under_the_price(*SIMPLE)) as server:
        product = open_product(server.address)
        turn = ask(product)
        stages: list[Stage] = []
        plain = product.assistant.say_plainly(turn.id, stages.append)
        assert stages == ["simplifying"]
        sent = data_of(server.asked[-1])
        assert "plain language" in server.asked[-1]["messages"][0]["content"]
    assert plain is not None
    assert isinstance(plain.outcome, Answered)
    assert isinstance(turn.outcome, Answered)
    assert sent["answer"] == [s.text for s in turn.outcome.sentences]
    assert (plain.plain_of, plain.outcome.is_plain, plain.outcome.author) == (
        turn.id, True, "model",
    )  # fmt: skip
    assert [s.text for s in plain.outcome.sentences] == list(SIMPLE)
    assert len({s.citation.quote for s in plain.outcome.sentences}) == 1
    assert (plain.searched, plain.conversation, plain.context) == (turn.searched, "plainly", "")
    reply = reply_for(plain.outcome, "fr", "source-1", product.settings)
    assert reply.text.startswith("La même réponse en mots plus simples")
    assert "(#source-1-1)" in reply.text
    assert "mots plus simples" in plain_turn(plain, product.settings)


def test_it_is_explained_and_judged_again_without_the_model(
    open_product: Callable[..., Product],
) -> None:
    with serving(NOTHING, under_the_price(*SIMPLE)) as server:
        product = open_product(server.address)
        turn = ask(product)
        plain = product.assistant.say_plainly(turn.id)
        assert plain is not None
        stored = product.journal.turn(plain.id)
        again = derive_again(stored, product.assistant, product.index)
        assert again.is_same, again.differences
        assert len(server.asked) == 2
    told = story(stored)
    assert f"More simply   the answer of turn {turn.id}" in told
    assert "plain-1" in told
    (call,) = Calls(product.records).of_turn(plain.id)
    assert (call.prompt, call.outcome) == ("plain-1", "said")
    with product.records.connect() as connection:
        outcome = connection.scalar(select(TURNS.c.outcome).where(TURNS.c.id == plain.id))
    assert outcome == SAID_PLAINLY  # whoever counts questions passes over it


@pytest.mark.parametrize(
    ("behaviour", "instead"),
    [
        (status(500), "refused"),
        (under_the_price("Un repas coûte 3,10 €."), "lost"),
        (under_the_price("La piscine ouvre le dimanche matin pour tout le monde."), "lost"),
        (under_the_price(""), "copied"),
        (NOTHING, "none"),
    ],
)
def test_what_cannot_be_said_surely_leaves_the_answer_as_it_is(
    open_product: Callable[..., Product], behaviour: Behaviour, instead: str
) -> None:
    with serving(NOTHING, behaviour) as server:
        product = open_product(server.address)
        turn = ask(product)
        plain = product.assistant.say_plainly(turn.id)
    assert plain is not None
    assert plain.written is not None
    assert plain.written.instead == instead
    assert not (isinstance(plain.outcome, Answered) and plain.outcome.is_plain)
    told = story(product.journal.turn(plain.id))
    assert f"The answer of turn {turn.id} was left as it is" in told


def test_what_is_plain_already_or_no_answer_or_unknown_is_not_said_again(
    open_product: Callable[..., Product],
) -> None:
    with serving(NOTHING, under_the_price(*SIMPLE)) as server:
        product = open_product(server.address)
        plain = product.assistant.say_plainly(ask(product).id)
        assert plain is not None
        greeting = product.assistant.answer(Question("Bonjour", is_worded=True))
        for turn_id in (plain.id, greeting.id, "nowhere"):
            assert product.assistant.say_plainly(turn_id) is None
        assert len(server.asked) == 2


def test_the_page_says_in_every_language_that_it_is_the_same_answer_in_other_words(
    open_product: Callable[..., Product],
) -> None:
    with serving(NOTHING, under_the_price(*SIMPLE)) as server:
        product = open_product(server.address)
        plain = product.assistant.say_plainly(ask(product).id)
    assert plain is not None
    assert isinstance(plain.outcome, Answered)
    usual, leads = replace(plain.outcome, is_plain=False), set()
    for language in PAGE_LANGUAGES:
        said, other = (
            reply_for(outcome, language, "s", product.settings).text
            for outcome in (plain.outcome, usual)
        )
        assert said.split("\n\n")[1:] == other.split("\n\n")[1:]
        leads |= {said.split("\n\n")[0], other.split("\n\n")[0]}
    assert len(leads) == 2 * len(PAGE_LANGUAGES)


def test_the_evaluation_keeps_how_a_model_words_answers_beside_the_guides_own_sentences(
    open_product: Callable[..., Product],
) -> None:
    worded = "Un repas coûte 4,10 € si votre quotient familial dépasse 1 200 €."
    asked = SetQuestion(id="q1", language="fr", question=QUESTION, guides=("cantine-scolaire",))
    card = SetCard(pool="by-hand", corpus="town", is_kept_aside=False)
    with serving(under_the_price(worded), under_the_price(*SIMPLE)) as server:
        run = ask_set(QuestionSet("one", card, (asked,)), open_product(server.address), None)
    (given,) = run.answers
    assert (given.worded, given.plain) == ((worded,), SIMPLE)
    assert {sentence.language for sentence in given.shown} == {"fr"}
    (pool,) = pools_of([run], samples=20)
    values = {figure.measure.key: figure.interval.value for figure in pool.figures}
    assert values["plain_words"] < values["worded_words"]
