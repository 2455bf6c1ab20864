"""What is passed on when a person is wished for: the question, as soon as there is one."""

from __future__ import annotations

from datetime import timedelta

import pytest

from civic_assistant.errors import MessageRefused
from tests.handoff.scene import Scene


def wait_without_question(scene: Scene) -> None:
    scene.arrive("marie")
    scene.handoff.handoffs.wait(
        scene.conversation_id, reason="asked", desk="accueil", question=" ", now=scene.now
    )


def question(scene: Scene) -> str:
    record = scene.handoff.handoffs.current(scene.conversation_id)
    assert record is not None
    return record.question


def test_who_asked_nothing_waits_without_a_question(scene: Scene) -> None:
    wait_without_question(scene)
    assert [record.question for record in scene.handoff.handoffs.waiting()] == [""]


@pytest.mark.parametrize("is_claimed", [False, True])
def test_the_first_message_to_staff_is_the_question_as_it_was_written(
    scene: Scene, is_claimed: bool
) -> None:
    wait_without_question(scene)
    if is_claimed:
        scene.claim()
    scene.hear("Où voter ? Je suis ada@mail.example")
    scene.hear("Merci.")
    assert question(scene) == "Où voter ? Je suis ada@mail.example"


def test_a_question_that_was_passed_on_stays_whatever_is_written_next(scene: Scene) -> None:
    scene.arrive("marie")
    scene.wait()
    scene.hear("Vous êtes là ?")
    assert question(scene) == "Où voter ?"


def test_what_the_bot_is_asked_after_waiting_in_vain_is_no_question_to_staff(scene: Scene) -> None:
    wait_without_question(scene)
    scene.now += timedelta(hours=3)  # the desk has closed
    scene.handoff.upkeep.run(scene.now)
    assert scene.conversation.state == "left_message"
    scene.hear("Et la piscine ?")
    assert question(scene) == ""


def test_a_message_left_has_to_say_something(scene: Scene) -> None:
    wait_without_question(scene)
    with pytest.raises(MessageRefused):
        scene.leave(question="")
