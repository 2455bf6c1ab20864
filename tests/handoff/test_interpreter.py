"""What people write to each other is translated once, beside what they wrote."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from civic_assistant.handoff.entries import Message
from civic_assistant.interpreter import Reading, needs_reading
from civic_assistant.language_model.calls import Calls
from evals.endpoints.scripted import says, status
from tests.handoff.scene import Scene
from tests.language_model.interpreting import interpreting, translates

GERMAN = "Ich habe 25 € bezahlt."
FRENCH = "J'ai payé 25 €."


def heard(scene: Scene, text: str = GERMAN) -> Message:
    scene.hear(text)
    messages = scene.handoff.transcript.messages(scene.conversation_id)
    return next(m for m in messages if m.role == "citizen" and m.text == text)


def test_a_message_is_translated_once_however_often_it_is_shown(scene: Scene) -> None:
    message = heard(scene)
    with interpreting(scene.handoff, lambda: scene.now, translates({GERMAN: FRENCH})) as (
        interpreter,
        server,
    ):
        readings: list[Reading] = []

        def read() -> None:
            readings.append(interpreter.reading(message, "de", "fr"))

        both = [threading.Thread(target=read) for _ in range(2)]
        for thread in both:
            thread.start()
        for thread in both:
            thread.join()
        read()
        assert readings == [FRENCH] * 3
        assert len(server.asked) == 1
    kept = scene.handoff.transcript.messages(scene.conversation_id)
    assert [m.text for m in kept if m.role == "citizen"] == [GERMAN]


def test_the_call_is_kept_under_a_name_that_says_nothing_of_the_conversation(scene: Scene) -> None:
    message = heard(scene)
    with interpreting(scene.handoff, lambda: scene.now, translates({GERMAN: FRENCH})) as (
        interpreter,
        _,
    ):
        interpreter.reading(message, "de", "fr")
    with scene.handoff.store.reading() as connection:
        (row,) = connection.exec_driver_sql("SELECT turn_id, prompt FROM language_model_call")
    assert row[0].startswith("talk-") and scene.conversation_id not in row[0]
    assert row[1] == "translating-1"
    assert len(Calls(scene.handoff.store.engine).of_turn(row[0])) == 1


def test_what_is_not_sure_is_kept_as_such_and_what_failed_is_tried_again(scene: Scene) -> None:
    message = heard(scene)
    wrong = translates({GERMAN: "J'ai payé 35 €."})
    with interpreting(scene.handoff, lambda: scene.now, status(500), wrong) as (
        interpreter,
        server,
    ):
        assert interpreter.reading(message, "de", "fr") is None
        assert interpreter.reading(message, "de", "fr") is False
        assert interpreter.reading(message, "de", "fr") is False
        assert len(server.asked) == 2


def test_when_the_conversations_budget_is_spent_nobody_is_asked(scene: Scene) -> None:
    message = heard(scene)
    with interpreting(
        scene.handoff, lambda: scene.now, says("{}"), language_model_conversation_calls=0
    ) as (interpreter, server):
        assert interpreter.reading(message, "de", "fr") is None
        assert server.asked == []


@pytest.mark.parametrize(
    ("role", "written_in", "is_needed"),
    [("agent", "fr", True), ("agent", "de-AT", False), ("note", "fr", False), ("bot", "fr", False)],
)
def test_only_what_people_say_in_another_language_needs_a_translation(
    scene: Scene, role: str, written_in: str, is_needed: bool
) -> None:
    message = replace(heard(scene), role=role)  # type: ignore[arg-type]
    assert needs_reading(message, written_in, "de") is is_needed
