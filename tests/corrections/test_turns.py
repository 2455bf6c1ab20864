"""A correction in a turn: above what it overrules, as long as it holds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import text

from civic_assistant.batch import answer_line
from civic_assistant.outcomes import Answered, corrections_of
from civic_assistant.plain import plain_turn
from civic_assistant.records import writing
from civic_assistant.story import story
from tests.corrections.made import FRENCH, correct
from tests.verified.conftest import NOW, PRICE, QUESTION, Shop

FEE = "Quel est le tarif par jour d'un emplacement au marché ?"


@pytest.mark.parametrize("database", ["sqlite_url", "postgresql_url"])
def test_it_stands_with_the_guide_it_corrects_and_is_explained(
    open_shop: Callable[[str], Shop], database: str, request: pytest.FixtureRequest
) -> None:
    shop = open_shop(str(request.getfixturevalue(database)))
    before = shop.ask(FEE)
    correction = correct(shop)
    turn = shop.ask(FEE)
    assert isinstance(before.outcome, Answered) and isinstance(turn.outcome, Answered)
    (shown,) = turn.outcome.corrections
    assert (shown.id, shown.version, shown.guide_id) == (correction.id, 1, "marche")
    assert (shown.text, shown.language, shown.title) == (FRENCH, "fr", "Marche")
    assert replace(turn.outcome, corrections=()) == before.outcome
    stored = shop.product.journal.turn(turn.id)
    assert stored.outcome == turn.outcome
    told = story(stored)
    assert f"Correction {correction.id}, version 1, of marche, from 2026-11-23" in told
    assert told.index(FRENCH) < told.index(PRICE.split(".")[0])


def test_it_begins_and_ends_at_midnight_in_the_town(shop: Shop) -> None:
    day = date(2026, 11, 24)
    correct(shop, starts=day, ends=day)

    def runs(at: str) -> bool:
        shop.market.now = datetime.fromisoformat(f"2026-11-{at}:00+00:00")
        return bool(corrections_of(shop.outcome(FEE)))

    moments = ("23T22:59", "23T23:00", "24T22:59", "24T23:00")
    assert [runs(at) for at in moments] == [False, True, True, False]


def test_an_ended_one_is_not_shown_and_what_was_shown_is_derived_again(shop: Shop) -> None:
    correction = correct(shop)
    shop.market.now = NOW + timedelta(hours=1)
    given = shop.ask(FEE)
    shop.market.now = NOW + timedelta(hours=2)
    shop.product.corrections.kept.end(correction.id, by="Bo", now=shop.market.now)
    assert corrections_of(shop.outcome(FEE)) == ()
    shop.market.now = given.at
    assert shop.outcome(FEE) == given.outcome


def test_another_guides_correction_is_not_shown(shop: Shop) -> None:
    correct(shop, guide_id="chiens")
    assert corrections_of(shop.outcome(FEE)) == ()


def test_json_lines_hold_it(shop: Shop) -> None:
    correction = correct(shop, ends=date(2026, 12, 31))
    assert answer_line(1, shop.ask(FEE))["corrections"] == [
        {
            "id": correction.id,
            "guide": "marche",
            "text": FRENCH,
            "language": "fr",
            "since": "2026-11-23",
            "until": "2026-12-31",
        }
    ]


def test_the_command_line_says_it_before_the_guide(shop: Shop) -> None:
    correct(shop, review_by=date(2026, 11, 23))
    shop.market.now += timedelta(days=1)
    said = plain_turn(shop.ask(FEE), shop.market.settings)
    assert said.index("Correction de la mairie, depuis le 23 novembre 2026") < said.index(FRENCH)
    assert said.index(FRENCH) < said.index("devait être revue avant le 23 novembre 2026")
    assert said.index("devait être revue") < said.index("L'emplacement coûte 12 €")


def test_without_its_corrections_no_guide_is_shown(shop: Shop) -> None:
    with writing(shop.product.records) as connection:
        connection.execute(text("ALTER TABLE correction RENAME TO gone"))
    turn = shop.ask(FEE)
    assert turn.outcome.__class__.__name__ == "CouldNotLook"
    assert turn.drafted is None


def test_a_correction_suspends_the_verified_answer_until_it_is_checked_again(shop: Shop) -> None:
    answer = shop.verify()
    shop.market.now += timedelta(minutes=1)
    correct(shop)
    outcome = shop.outcome(QUESTION)
    assert not (isinstance(outcome, Answered) and outcome.coverage == "verified")
    fallen = shop.kept.answer(answer.id)
    assert (fallen.state, fallen.reason) == ("suspended", "corrected")
    shop.market.now += timedelta(minutes=1)
    renewed = shop.verify(text="Un emplacement coûte 14 € par jour depuis aujourd'hui.")
    again = shop.outcome(QUESTION)
    assert isinstance(again, Answered) and again.checked is not None
    assert (again.checked.id, [c.text for c in again.corrections]) == (renewed.id, [FRENCH])


def test_a_planned_correction_suspends_on_its_first_day_only(shop: Shop) -> None:
    correct(shop, starts=date(2026, 11, 25))
    shop.verify()
    days = {23: True, 24: True, 25: False}
    seen = {}
    for day in days:
        shop.market.now = datetime(2026, 11, day, 12, tzinfo=UTC)
        outcome = shop.outcome(QUESTION)
        seen[day] = isinstance(outcome, Answered) and outcome.coverage == "verified"
    assert seen == days
