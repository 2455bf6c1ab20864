"""A verified answer in a turn: offered first, and never once its passages are others."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from civic_assistant.outcomes import Answered
from civic_assistant.story import story
from civic_assistant.verified.standing import suspend_fallen
from tests.verified.conftest import NOW, PRICE, QUESTION, REPLY, Shop


def is_verified(shop: Shop, text: str = QUESTION, **given: object) -> bool:
    outcome = shop.outcome(text, **given)
    return isinstance(outcome, Answered) and outcome.coverage == "verified"


@pytest.mark.parametrize("database", ["sqlite_url", "postgresql_url"])
def test_it_is_offered_first_with_its_passages_as_sources(
    open_shop: Callable[[str], Shop], database: str, request: pytest.FixtureRequest
) -> None:
    shop = open_shop(str(request.getfixturevalue(database)))
    answer = shop.verify()
    turn = shop.ask("C'est combien, un emplacement au marché ?")
    outcome = turn.outcome
    assert isinstance(outcome, Answered) and outcome.checked is not None
    assert (outcome.checked.id, outcome.checked.version) == (answer.id, 1)
    assert (outcome.checked.text, outcome.checked.desk) == (REPLY, "Accueil")
    assert [s.citation.quote for s in outcome.sentences] == [PRICE]
    assert outcome.sources[0].title == "Marche"
    assert "Awa" not in str(outcome)
    assert shop.kept.answer(answer.id).offered == 1
    stored = shop.product.journal.turn(turn.id)
    assert stored.outcome == outcome
    told = story(stored)
    assert f"Verified answer {answer.id}, version 1" in told and "0.7" in told


@pytest.mark.parametrize(
    "question",
    [
        "Quand faut-il payer un emplacement au marché ?",
        "Combien coûte un emplacement à la brocante ?",
        "Qui peut avoir un emplacement au marché ?",
        "Combien coûtent trois emplacements au marché ?",
        "How much is a stall at the market?",
    ],
)
def test_another_question_is_not_taken_for_it(shop: Shop, question: str) -> None:
    shop.verify()
    assert not is_verified(shop, question)


def test_another_language_needs_a_wording_of_its_own(shop: Shop) -> None:
    shop.verify((QUESTION, "fr"), ("How much is a stall at the market?", "en"))
    turn = shop.ask("How much does a stall at the market cost?")
    assert isinstance(turn.outcome, Answered) and turn.outcome.checked is not None
    assert (turn.language, turn.outcome.checked.language) == ("en", "fr")
    assert not is_verified(shop, "¿Cuánto cuesta un puesto en el mercado?")


def test_a_changed_passage_suspends_it_and_only_a_person_brings_it_back(shop: Shop) -> None:
    answer = shop.verify()
    old = shop.passage()
    shop.market.rewrite("L'emplacement coûte 13 € par jour.")
    assert not is_verified(shop)
    fallen = shop.kept.answer(answer.id)
    assert (fallen.state, fallen.reason) == ("suspended", "changed")
    assert shop.kept.history(answer.id)[-1].passage_id == old.id
    shop.market.rewrite(PRICE)
    assert not is_verified(shop)
    assert shop.kept.answer(answer.id).state == "suspended"


def test_what_the_table_says_does_not_count_against_the_edition(shop: Shop) -> None:
    shop.verify()
    shop.market.rewrite("L'emplacement coûte 13 € par jour.")
    product = shop.market.open()  # a process that never suspended anything
    assert shop.kept.counts() == {"live": 1}
    outcome = Shop(shop.market, product).outcome()
    assert not (isinstance(outcome, Answered) and outcome.coverage == "verified")


def test_an_expired_guide_suspends_it(shop: Shop) -> None:
    shop.market.rewrite(PRICE, "valid_until = 2026-11-30\n")
    answer = shop.verify()
    assert is_verified(shop)
    shop.market.now += timedelta(days=20)
    assert not is_verified(shop)
    assert shop.kept.answer(answer.id).reason == "expired"


def test_it_ends_after_its_last_day(shop: Shop) -> None:
    answer = shop.verify(ends_on=NOW.date())
    assert is_verified(shop)
    shop.market.now += timedelta(days=1)
    assert not is_verified(shop)
    assert shop.kept.answer(answer.id).reason == "ended"


def test_a_publish_can_suspend_what_nobody_asks_for(shop: Shop) -> None:
    answer = shop.verify()
    shop.market.rewrite("L'emplacement coûte 13 € par jour.")
    now = shop.market.now
    assert suspend_fallen(shop.kept, shop.product.index.live(), now.date(), now, {}) == 1
    assert shop.kept.answer(answer.id).state == "suspended"


def test_a_guide_that_staff_left_out_suspends_nothing(shop: Shop) -> None:
    answer = shop.verify()
    assert not is_verified(shop, excluded=("marche",))
    assert shop.kept.answer(answer.id).state == "live"


def test_what_is_withdrawn_is_offered_no_more(shop: Shop) -> None:
    answer = shop.verify()
    assert is_verified(shop)
    shop.kept.withdraw(answer.id, by="Awa D.", now=shop.market.now)
    assert not is_verified(shop)
