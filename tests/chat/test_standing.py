from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from civic_assistant.chat.moments import spoken_moment, whole_minutes
from civic_assistant.chat.standing import Facts, in_zone, standing
from civic_assistant.handoff.availability import Availability, Closed, Full, Nobody, Open
from civic_assistant.handoff.states import STATES
from civic_assistant.messages import PAGE_LANGUAGES, messages_for

PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TOMORROW = datetime(2026, 11, 24, 8, 30, tzinfo=PARIS)
FRENCH = messages_for("fr")


def offered(availability: Availability, question: str = "") -> Facts:
    closes = datetime(2026, 11, 23, 17, 30, tzinfo=PARIS)
    return Facts("offered", "Accueil", "accueil", availability, closes_at=closes, question=question)


def test_who_is_offered_somebody_reads_until_when_and_how_long() -> None:
    panel = standing(offered(Open(2, 400.0)), FRENCH, NOW)
    assert panel.lines == (
        "Accueil\N{NO-BREAK SPACE}: quelqu’un est là, jusqu’à 17:30.",
        "Personnes avant vous\N{NO-BREAK SPACE}: 2.",
        "Attente estimée\N{NO-BREAK SPACE}: 7 min environ.",
    )
    assert [choice.wish for choice in panel.choices] == ["wait", "message", "alone"]


@pytest.mark.parametrize(
    ("availability", "said"),
    [
        (Closed(TOMORROW), "fermé"),
        (Nobody(TOMORROW), "personne n’est disponible"),
        (Full(31, TOMORROW), "(31)"),
    ],
)
def test_when_nobody_can_come_it_is_said_first_and_a_message_is_what_is_left(
    availability: Availability, said: str
) -> None:
    panel = standing(offered(availability), FRENCH, NOW)
    assert said in panel.lines[0]
    assert panel.lines[1] == "Prochaine ouverture\N{NO-BREAK SPACE}: mardi 24 novembre 2026, 08:30."
    assert "laisser un message" in panel.lines[2]
    assert [choice.wish for choice in panel.choices] == ["message", "alone"]


def test_a_desk_that_never_opens_again_has_no_next_opening() -> None:
    assert len(standing(offered(Closed(None)), FRENCH, NOW).lines) == 2


def test_what_will_be_passed_on_is_shown_before_the_choice_and_bounded() -> None:
    panel = standing(offered(Open(0, 10.0), "x" * 900), FRENCH, NOW)
    assert "x" * 300 + "…\N{NO-BREAK SPACE}»" in panel.passed_on[0]
    assert "cette conversation" in panel.passed_on[1]


def test_a_message_is_shown_with_the_number_and_the_contact_that_are_stored() -> None:
    left = Facts("left_message", "Accueil", number="V7K-3QM", contact="a@b.example")
    panel = standing(left, FRENCH, NOW)
    assert "V7K-3QM" in panel.title
    assert "a@b.example" in panel.lines[0]
    assert [choice.wish for choice in panel.choices] == ["withdraw"]


def test_a_question_kept_by_the_clock_has_no_number_and_asks_for_a_contact() -> None:
    panel = standing(Facts("left_message", "Accueil"), FRENCH, NOW)
    assert [choice.wish for choice in panel.choices] == ["message", "withdraw"]


@pytest.mark.parametrize("number", ["", "V7K-3QM"])
def test_who_left_a_message_may_wait_when_somebody_is_there(number: str) -> None:
    left = Facts("left_message", "Accueil", "accueil", Open(1, 90.0), number=number)
    panel = standing(left, FRENCH, NOW)
    assert panel.choices[0].wish == "wait" and panel.choices[-1].wish == "withdraw"
    assert panel.lines[-3:] == (
        "Accueil\N{NO-BREAK SPACE}: quelqu’un est là.",
        "Personnes avant vous\N{NO-BREAK SPACE}: 1.",
        "Attente estimée\N{NO-BREAK SPACE}: 2 min environ.",
    )
    closed = standing(Facts("left_message", "Accueil", "", Closed(TOMORROW)), FRENCH, NOW)
    assert "wait" not in [choice.wish for choice in closed.choices]


def test_while_the_bot_speaks_there_is_no_panel() -> None:
    assert [standing(Facts(state), FRENCH, NOW).title for state in ("bot", "closed")] == ["", ""]


@pytest.mark.parametrize("language", PAGE_LANGUAGES)
@pytest.mark.parametrize("state", STATES)
def test_every_state_can_be_told_in_every_language(state: str, language: str) -> None:
    facts = Facts(state, "Accueil", "", Open(1, 90.0), ahead=1, wait_seconds=90.0, agent="Marie")  # type: ignore[arg-type]
    told = json.loads(json.dumps(standing(facts, messages_for(language), NOW).told()))
    assert (told["language"], told["state"]) == (language, state)


def test_a_moment_of_today_is_an_hour_and_another_day_is_named() -> None:
    today = datetime(2026, 11, 23, 14, 0, tzinfo=PARIS)
    assert spoken_moment(today, NOW, "fr") == "14:00"
    assert spoken_moment(TOMORROW, NOW, "de") == "Dienstag, 24. November 2026, 08:30"
    late = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)  # already Tuesday in the town hall
    assert spoken_moment(TOMORROW, late, "fr") == "08:30"


def test_an_opening_is_said_on_the_town_halls_clock() -> None:
    said = in_zone(Closed(TOMORROW.astimezone(UTC)), PARIS)
    assert isinstance(said, Closed)
    assert said.next_opening is not None
    assert said.next_opening.hour == 8


def test_a_wait_is_never_said_shorter_than_it_is() -> None:
    assert [whole_minutes(seconds) for seconds in (0, 60, 61)] == [1, 1, 2]
    assert timedelta(minutes=whole_minutes(125.0)) >= timedelta(seconds=125)
