from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from markdown_it import MarkdownIt

from civic_assistant.chat.matters import Matter, matter_of
from civic_assistant.chat.shown import element_props, payload_of, shown, written
from civic_assistant.handoff.entries import PAYLOAD_LIMIT, Message
from civic_assistant.handoff.record import HandoffRecord
from civic_assistant.handoff.states import MOVES
from civic_assistant.messages import PAGE_LANGUAGES, messages_for
from civic_assistant.outcomes import (
    CouldNotLook,
    HandedOff,
    NotCovered,
    Outcome,
    Refused,
    Signposted,
    SmallTalk,
    Unsure,
)
from civic_assistant.settings import Settings
from civic_assistant.turns import Question
from tests.chat.fakes import ANSWER, RELATED, FixedAssistant

STORED = Message(
    conversation_id="c",
    position=1,
    client_id="m1",
    at=datetime(2026, 11, 23, 9, tzinfo=UTC),
    role="bot",
    episode=1,
    author_id=None,
    author=None,
    text="bonjour",
    turn_id=None,
    payload=None,
)
FRENCH = messages_for("fr")
SETTINGS = Settings()
LEFT = HandoffRecord(
    id="h",
    conversation_id="c",
    episode=1,
    desk="accueil",
    reason="unsure",
    language="fr",
    question="?",
    turn_id=None,
    began_at=STORED.at,
    asked_at=None,
    waiting_since=None,
    claimed_at=None,
    answered_at=None,
    closed_at=None,
    close_reason=None,
    request_number="V7K-3QM",
    contact="a_b@mail.example",
    name=None,
)


def told(message: Message, language: str = "fr", left: HandoffRecord | None = None) -> str:
    said = shown(message, messages_for(language), SETTINGS, left)
    assert said is not None
    return said.text


def test_a_stored_answer_is_drawn_again_with_its_elements_under_the_same_names() -> None:
    payload = payload_of([("CaseChoice", {"turn": "t"}), ("SourceCard", {"number": 1})], "fr")
    said = shown(replace(STORED, payload=payload), FRENCH, SETTINGS)
    assert said is not None
    assert [(e.id, e.name) for e in said.elements] == [
        ("m1-0", "CaseChoice"),
        ("m1-1", "SourceCard"),
    ]
    assert element_props(replace(STORED, payload=payload), "CaseChoice") == {"turn": "t"}


def test_contexts_are_left_out_from_the_last_source_on_when_they_are_too_much() -> None:
    long = {"groups": ["é" * 8_000]}
    payload = payload_of([("SourceCard", {"number": n, **long}) for n in (1, 2)], "fr")
    assert isinstance(payload, dict)
    assert len(json.dumps(payload)) <= PAYLOAD_LIMIT
    cards = payload["elements"]
    assert isinstance(cards, list)
    assert [bool(card["props"]["groups"]) for card in cards] == [True, False]  # type: ignore[index,call-overload]


def test_what_an_agent_writes_is_shown_as_written_under_their_name() -> None:
    html = MarkdownIt("commonmark").render(
        told(replace(STORED, role="agent", author="Marie [x]", text="*un*\ndeux\n\n<b>trois</b>"))
    )
    assert "<strong>Marie [x]</strong>" in html
    assert "<p>*un*\ndeux</p>" in html
    assert "<b>" not in html


def test_an_address_that_an_agent_writes_is_a_link() -> None:
    html = MarkdownIt("commonmark").render(written("Voir https://ville.example/a_b_c, merci."))
    assert 'href="https://ville.example/a_b_c"' in html
    assert html.strip().endswith("</a>, merci.</p>")


def test_notes_and_moves_that_only_change_the_panel_are_not_shown() -> None:
    assert shown(replace(STORED, role="note"), FRENCH, SETTINGS) is None
    for move in ("offer", "decline", "lapse", "begin"):
        assert shown(replace(STORED, role="event", text=move), FRENCH, SETTINGS) is None


@pytest.mark.parametrize("language", PAGE_LANGUAGES)
def test_every_other_move_is_told_in_every_language(language: str) -> None:
    silent = {"offer", "decline", "lapse", "begin"}
    for name in MOVES:
        if name not in silent:
            assert told(replace(STORED, role="event", text=name, author="Marie"), language)


def test_a_left_message_is_told_with_its_number_and_contact_as_long_as_it_is_kept() -> None:
    event = replace(STORED, role="event", text="leave_message")
    assert "V7K-3QM" in told(event, left=LEFT)
    assert r"a\_b@mail.example" in told(event, left=LEFT)
    assert "V7K-3QM" not in told(event, left=replace(LEFT, contact=None))


@pytest.mark.parametrize(
    ("reason", "said"),
    [("solved", "a terminé"), ("not_reached", "joindre"), ("passed_on", "autre service")],
)
def test_how_a_talk_ended_is_said(reason: str, said: str) -> None:
    event = replace(STORED, role="event", text="close", author="Marie", payload={"reason": reason})
    assert said in told(event)
    assert "prochaine question" in told(event)


@pytest.mark.parametrize(
    ("outcome", "matter"),
    [
        (Unsure((RELATED,)), Matter("unsure", "Sports", "turn-1")),
        (NotCovered(), Matter("not_covered", None, "turn-1")),
        (CouldNotLook("x"), Matter("could_not_look", None, "turn-1")),
        (HandedOff("asked"), Matter("asked", None, "turn-1")),
        (Signposted("distress"), Matter("distress", None, "turn-1")),
        (Signposted("personal_file"), Matter("personal_file", None, "turn-1")),
        (
            replace(ANSWER, signpost="emergency"),
            Matter("emergency", "Service de la voirie", "turn-1"),
        ),
        (Refused("abuse"), Matter("abuse", None, "turn-1")),
        (ANSWER, None),
        (SmallTalk("thanks"), None),
        (Refused("empty"), None),
    ],
)
def test_a_weak_outcome_says_why_a_person_is_offered(
    outcome: Outcome, matter: Matter | None
) -> None:
    turn = replace(FixedAssistant().answer(Question("bonjour")), outcome=outcome)
    assert matter_of(turn) == matter
