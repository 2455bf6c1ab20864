from __future__ import annotations

from datetime import timedelta

import pytest

from civic_assistant.handoff.states import Reason
from civic_assistant.outcomes import (
    CouldNotLook,
    HandedOff,
    NotCovered,
    Outcome,
    Refused,
    Signposted,
    SmallTalk,
)
from tests.gaps.conftest import Days
from tests.store.turns import ANSWERED


def test_what_ended_unsure_or_uncovered_is_unanswered_with_what_was_found(days: Days) -> None:
    days.ask("Horaires de la piscine ?", days.open())
    days.ask("Wo ist das Schwimmbad?", days.open("de"), NotCovered(), language="de")
    days.ask("Combien coûte la carte ?", days.open(), ANSWERED)
    found = days.collected()
    assert [(one.text, one.language, one.came_to) for one in found.unanswered] == [
        ("Horaires de la piscine ?", "fr", {"unsure"}),
        ("Wo ist das Schwimmbad?", "de", {"not_covered"}),
    ]
    first = found.unanswered[0]
    assert (first.ranked, first.confidence) == (("stationnement", "parc"), 0.3)
    assert (found.turns, len(found.asked)) == (3, 3)


@pytest.mark.parametrize(
    "outcome",
    [
        SmallTalk("thanks"),
        Refused("abuse"),
        Refused("instruction"),
        Refused("empty"),
        Signposted("emergency"),
        Signposted("personal_file"),
        Signposted("complaint"),
        NotCovered(reason="other_country"),
        NotCovered(reason="off_topic"),
    ],
)
def test_what_was_screened_is_no_gap(days: Days, outcome: Outcome) -> None:
    days.ask("…", days.open(), outcome, is_looked_up=False)
    found = days.collected()
    assert (found.unanswered, found.screened, found.asked) == ([], 1, [])


def test_a_question_near_danger_that_led_elsewhere_is_no_gap(days: Days) -> None:
    days.ask("…", days.open(), Signposted("emergency"))
    assert days.collected().unanswered == []


def test_an_answer_said_again_in_plain_language_is_no_question(days: Days) -> None:
    conversation = days.open()
    turn = days.ask("Combien coûte la carte ?", conversation, ANSWERED)
    days.ask("Combien coûte la carte ?", conversation, ANSWERED, plain_of=turn)
    days.ask("Combien coûte la carte ?", conversation, plain_of=turn)
    found = days.collected()
    assert (found.turns, len(found.asked), found.screened, found.unanswered) == (1, 1, 0, [])


def test_what_broke_is_counted_apart(days: Days) -> None:
    days.ask("Horaires ?", days.open(), CouldNotLook("E-1"), is_looked_up=False)
    found = days.collected()
    assert (found.unanswered, found.could_not_look, found.screened) == ([], 1, 0)


def test_an_answer_that_did_not_help_is_unanswered(days: Days) -> None:
    conversation = days.open()
    turn = days.ask("Combien coûte la carte ?", conversation, ANSWERED)
    days.offer(conversation, "not_helped", turn)
    assert days.unanswered() == {"Combien coûte la carte ?": {"not_helped"}}


def test_who_asks_for_a_person_after_a_question_did_not_get_it(days: Days) -> None:
    conversation = days.open()
    days.ask("Combien coûte la carte ?", conversation, ANSWERED)
    wish = days.ask(
        "Je veux parler à quelqu'un", conversation, HandedOff("asked"), is_looked_up=False
    )
    days.offer(conversation, "asked", wish)
    assert days.unanswered() == {"Combien coûte la carte ?": {"handed_off"}}
    assert days.collected().at_once == 0


def test_who_asks_for_a_person_at_once_or_much_later_names_no_gap(days: Days) -> None:
    first, later = days.open(), days.open()
    wish = days.ask("Un humain svp", first, HandedOff("asked"), is_looked_up=False)
    days.offer(first, "asked", wish)
    days.ask("Combien coûte la carte ?", later, ANSWERED)
    days.now += timedelta(hours=1)
    days.ask("Un humain svp", later, HandedOff("asked"), is_looked_up=False)
    found = days.collected()
    assert (found.unanswered, found.at_once) == ([], 2)


def test_an_offer_that_nobody_took_adds_nothing(days: Days) -> None:
    conversation = days.open()
    turn = days.ask("Horaires de la piscine ?", conversation)
    days.offer(conversation, "unsure", turn)
    assert days.unanswered() == {"Horaires de la piscine ?": {"unsure"}}


def test_a_left_message_belongs_to_its_question(days: Days) -> None:
    conversation = days.open()
    turn = days.ask("Horaires de la piscine ?", conversation)
    days.offer(conversation, "unsure", turn)
    days.leave(conversation, "La piscine, mon 06 12 34 56 78", turn, "unsure")
    assert days.unanswered() == {"Horaires de la piscine ?": {"unsure", "left_message"}}


def test_a_message_left_without_a_question_is_one_itself_and_redacted(days: Days) -> None:
    days.leave(days.open(), "Quand rouvre la piscine ? Écrire à zoe@exemple.fr", None, "asked")
    (one,) = days.collected().unanswered
    assert one.text == "Quand rouvre la piscine ? Écrire à [e-mail]"
    assert (one.is_turn, one.came_to) == (False, {"left_message", "handed_off"})


@pytest.mark.parametrize("reason", ["personal_file", "complaint", "distress", "abuse"])
def test_a_message_about_somebodys_own_file_or_in_danger_is_no_gap(
    days: Days, reason: Reason
) -> None:
    days.leave(days.open(), "Où en est mon dossier 4711 ?", None, reason)
    assert days.collected().unanswered == []


def test_staff_who_ask_the_same_again_ask_for_one_person(days: Days) -> None:
    conversation = days.open()
    days.ask("Horaires de la piscine ?", conversation)
    days.ask("horaires de la  PISCINE ?", None)  # a suggested reply
    days.ask("Prix du bus ?", None)  # on the phone
    days.ask("Prix du bus ?", None)  # again, without a guide
    days.now += timedelta(days=2)
    days.ask("Prix du bus ?", None)
    askers = [(one.text, one.asker) for one in days.collected().unanswered]
    assert askers == [
        ("Horaires de la piscine ?", conversation),
        ("Prix du bus ?", "turn t3"),
        ("Prix du bus ?", "turn t5"),
    ]


def test_what_staff_replied_comes_with_the_question_and_without_contacts(days: Days) -> None:
    conversation = days.open()
    turn = days.ask("Horaires de la piscine ?", conversation)
    days.offer(conversation, "unsure", turn)
    days.leave(conversation, "Horaires ?", turn, "unsure")
    days.reply(conversation, "Bonjour,", "Elle ouvre à 9 h. Je vous écris à zoe@exemple.fr.")
    (replied,) = days.collected().replied
    assert replied.question == turn
    assert replied.text == "Bonjour,\nElle ouvre à 9 h. Je vous écris à [e-mail]."
    assert (replied.is_solved, replied.names) == (True, ("Awa D.", "Zoé Brindejonc"))


def test_only_the_span_asked_for_is_read(days: Days) -> None:
    days.now -= timedelta(days=1)
    days.ask("Avant", days.open())
    days.now += timedelta(days=8)
    days.ask("Après", days.open())
    assert days.collected().turns == 0
