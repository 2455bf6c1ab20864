"""The whole product with a scripted endpoint: what a citizen gets, and what is kept of it."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from civic_assistant.assembly import Product, assemble
from civic_assistant.batch import answer_line
from civic_assistant.chat.replies import reply_for
from civic_assistant.derived_again import derive_again
from civic_assistant.embedding import Embedding
from civic_assistant.language_model.calls import Calls
from civic_assistant.outcomes import Answered
from civic_assistant.plain import plain_turn
from civic_assistant.settings import Settings
from civic_assistant.story import story
from civic_assistant.turns import Question, Stage, Turn
from civic_assistant.verification import faults_of
from evals.endpoints.scripted import Behaviour, answers, drips, says, serving, status
from tests.language_model.conftest import publish_guide

QUESTION = "Wie viel kostet ein Essen in der Schulkantine?"
SENTENCE = "Bei einem Familienquotienten über 1 200 € kostet ein Essen 4,10 €."
NOON = datetime(2026, 11, 22, 10, tzinfo=UTC)


@pytest.fixture(scope="module")
def quoted(small_town: Settings, embedder: Embedding) -> Answered:
    """Return what is answered without a model: the guide's own sentences, in French."""
    product = assemble(small_town, embedder, clock=lambda: NOON)
    outcome = product.assistant.answer(Question(QUESTION, is_worded=True)).outcome
    assert isinstance(outcome, Answered)
    assert outcome.author == "guide"
    return outcome


def asked(product: Product, stages: list[Stage] | None = None) -> Turn:
    tell = stages.append if stages is not None else lambda stage: None
    return product.assistant.answer(Question(QUESTION, conversation="c", is_worded=True), tell)


def price(data: Mapping[str, Any]) -> str:
    """Return a line of the guide's passages that has the price."""
    lines = [line for p in data["passages"] for line in p["text"].split("\n")]
    return next(str(line) for line in lines if "4,10 €" in line)


def wording(text: str, *more: str) -> Behaviour:
    """Say sentences under the quote that has the price."""

    def behave(send: Callable[[bytes], None], body: Mapping[str, Any]) -> None:
        quote = price(json.loads(body["messages"][-1]["content"]))
        answers(*((sentence, quote) for sentence in (text, *more)))(send, body)

    return behave


@pytest.fixture(scope="module")
def worded(open_product: Callable[..., Product]) -> Iterator[tuple[Product, Turn, list[Stage]]]:
    with serving(wording(SENTENCE)) as server:
        product = open_product(server.address)
        stages: list[Stage] = []
        yield product, asked(product, stages), stages


def test_a_models_sentences_are_shown_in_the_citizens_language_with_their_quotes(
    worded: tuple[Product, Turn, list[Stage]],
) -> None:
    product, turn, stages = worded
    outcome = turn.outcome
    assert isinstance(outcome, Answered), outcome
    assert (outcome.author, turn.language, stages) == ("model", "de", ["writing"])
    assert [s.text for s in outcome.sentences] == [SENTENCE]
    assert "4,10 €" in outcome.sentences[0].citation.quote
    live = product.index.live()
    held = product.index.passages([s.citation.passage_id for s in outcome.sentences], live)
    assert faults_of(outcome, held, live, NOON.date(), "de") == ()
    source = outcome.sources[outcome.sentences[0].source]
    marked = {source.text[a:b] for a, b in source.marks}
    assert outcome.sentences[0].citation.quote in marked


def test_the_page_says_whose_words_they_are_and_leads_to_the_original(
    worded: tuple[Product, Turn, list[Stage]],
) -> None:
    product, turn, _ = worded
    reply = reply_for(turn.outcome, "de", "source-1", product.settings)
    assert reply.text.startswith("Antwort eines Sprachmodells")
    assert "maschinell übersetzt" in reply.text
    assert "(#source-1-1)" in reply.text
    assert reply.cards[0].number == 1
    told = plain_turn(turn, product.settings)
    assert "Antwort eines Sprachmodells" in told
    assert answer_line(1, turn)["author"] == "model"


def test_the_answer_is_explained_and_judged_again_without_the_model(
    worded: tuple[Product, Turn, list[Stage]],
) -> None:
    product, turn, _ = worded
    stored = product.journal.turn(turn.id)
    told = story(stored)
    assert "writing-2, to be written in de" in told
    assert "m at near" in told
    (call,) = Calls(product.records).of_turn(turn.id)
    assert (call.outcome, call.prompt, call.tokens_read) == ("said", "writing-2", 70)
    again = derive_again(stored, product.assistant, product.index)
    assert again.is_same, again.differences
    assert len(Calls(product.records).of_turn(turn.id)) == 1


def test_on_any_database_the_answer_and_what_was_written_are_kept_and_derived_again(
    open_product: Callable[..., Product], url: str
) -> None:
    with serving(wording(SENTENCE)) as server:
        product = open_product(server.address, database_url=SecretStr(url))
        turn = asked(product)
    stored = product.journal.turn(turn.id)
    again = derive_again(stored, product.assistant, product.index)
    calls = Calls(product.records).of_turn(turn.id)
    product.records.dispose()
    assert stored.written == turn.written
    assert again.is_same, again.differences
    assert [call.outcome for call in calls] == ["said"]


def test_official_terms_stand_behind_their_names_and_come_out_the_same_again(
    open_product: Callable[..., Product],
) -> None:
    text = "Bei einem Einkommen je Familienmitglied über 1 200 € kostet ein Essen 4,10 €."
    with serving(wording(text)) as server:
        product = open_product(server.address)
        turn = asked(product)
        told = server.given()["terms"]
    assert {term.lower(): name for term, name in told.items()}["quotient familial"].startswith(
        "Einkommen je Familienmitglied"
    )
    assert isinstance(turn.outcome, Answered)
    (sentence,) = turn.outcome.sentences
    assert (sentence.text, [term.term.lower() for term in sentence.terms]) == (
        text,
        ["quotient familial"],
    )
    shown = reply_for(turn.outcome, "de", "s", product.settings).text
    assert "Einkommen je Familienmitglied (*Quotient familial*) über" in shown
    assert "Einkommen je Familienmitglied (Quotient familial) über" in plain_turn(
        turn, product.settings
    )
    again = derive_again(product.journal.turn(turn.id), product.assistant, product.index)
    assert again.is_same, again.differences


def test_where_the_guide_is_in_the_citizens_language_that_version_is_quoted_and_nothing_translated(
    open_product: Callable[..., Product], embedder: Embedding, tmp_path: Path
) -> None:
    town = publish_guide(tmp_path, embedder, "fr", "en")
    quote = "Family income ratio above €1,200 | €4.10"
    with serving(answers(("A meal costs €4.10 above a ratio of €1,200.", quote))) as server:
        product = open_product(
            server.address, index_folder=town.index_folder, database_url=town.database_url
        )
        question = Question("How much is a school meal?", page_language="en", is_worded=True)
        turn = product.assistant.answer(question)
        given = server.given()
    assert (given["answer_in"], given["terms"]) == ("English", {})
    assert not any("Un repas" in passage["text"] for passage in given["passages"])
    assert isinstance(turn.outcome, Answered)
    assert turn.outcome.author == "model"
    assert turn.outcome.sources[0].language == "en"
    reply = reply_for(turn.outcome, "en", "s", product.settings)
    assert "machine translation" not in reply.text


def test_personal_data_and_the_conversation_never_reach_the_endpoint(
    open_product: Callable[..., Product],
) -> None:
    with serving(status(500)) as server:
        product = open_product(server.address)
        text = f"{QUESTION} Meine Nummer ist 06 39 98 12 34."
        product.assistant.answer(Question(text, conversation="c0ffee", is_worded=True))
        assert len(server.asked) == 1
        sent = str(server.asked[0])
    assert "39 98" not in sent
    assert "c0ffee" not in sent


@pytest.mark.parametrize(
    ("behaviour", "instead"),
    [
        (status(500), "refused"),
        (says("Ein Essen kostet 4,10 €."), "garbage"),
        (wording(SENTENCE.replace("4,10", "3,10")), "lost"),
        (wording("Un repas à la cantine coûte 4,10 €, quel que soit le jour de la semaine."), None),
        (answers(("Alles kostenlos.", "das steht nirgends")), "lost"),
        (answers(coverage="none"), "none"),
    ],
)
def test_when_the_model_is_wrong_the_guides_own_sentences_are_shown_and_marked(
    open_product: Callable[..., Product],
    quoted: Answered,
    behaviour: Behaviour,
    instead: str | None,
) -> None:
    with serving(behaviour) as server:
        turn = asked(open_product(server.address))
    assert turn.outcome == replace(quoted, author="instead")
    assert turn.written is not None
    if instead is not None:
        assert turn.written.instead == instead
    reply = reply_for(turn.outcome, "de", "s", Settings())
    assert reply.text.startswith("Das Sprachmodell konnte")


def test_a_slow_model_costs_no_more_than_the_setting(
    open_product: Callable[..., Product], quoted: Answered
) -> None:
    with serving(drips(0.2)) as server:
        product = open_product(server.address, language_model_seconds=2.0)
        begun = time.monotonic()
        turn = asked(product)
        spent = turn.milliseconds["word"]
    assert turn.outcome == replace(quoted, author="instead")
    assert spent < 2000 + 4000
    assert time.monotonic() - begun < 60


def test_what_the_gate_does_not_let_through_is_never_asked_of_a_model(
    open_product: Callable[..., Product],
) -> None:
    with serving(says("{}")) as server:
        strict = open_product(server.address, gate_threshold=1.0)
        assert not isinstance(asked(strict).outcome, Answered)
        strict.assistant.answer(Question("Bonjour", is_worded=True))
        assert server.asked == []


def test_staff_read_the_guides_own_sentences(
    open_product: Callable[..., Product], quoted: Answered
) -> None:
    with serving(says("{}")) as server:
        turn = open_product(server.address).assistant.answer(Question(QUESTION))
        assert server.asked == []
    assert turn.outcome == quoted


def test_without_an_endpoint_nothing_of_its_client_is_loaded() -> None:
    code = (
        "import sys; import civic_assistant.assembly, civic_assistant.language_model.opening as o;"
        "from civic_assistant.settings import Settings; assert o.open_endpoints(Settings()) == ();"
        "print([m for m in sys.modules if m.split('.')[0] == 'openai' or 'llms.openai' in m])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
