from __future__ import annotations

import re

import pytest

from civic_assistant.errors import ContactInvalid, MessageRefused, MoveRefused, RecordMissing
from civic_assistant.requests import Requests
from tests.handoff.scene import Scene


def test_a_message_is_left_with_a_contact_and_a_number(scene: Scene) -> None:
    scene.offer()
    number = scene.leave("06 12 34 56 78", "Ma carte ? Je suis Ana, ana@exemple.fr")

    (left,) = scene.handoff.handoffs.left("accueil")
    assert re.fullmatch(r"[A-Z0-9]{3}-[A-Z0-9]{3}", number)
    assert (left.request_number, left.contact, left.name) == (number, "+33 6 12 34 56 78", "Ana")
    assert left.question == "Ma carte ? Je suis Ana, ana@exemple.fr"
    assert left.reason == "unsure"
    assert Requests(scene.handoff.store.engine).request(number).question == left.question


def test_a_contact_nobody_is_reached_by_leaves_everything_as_it_was(scene: Scene) -> None:
    before = scene.conversation
    with pytest.raises(ContactInvalid):
        scene.leave("06 12")
    assert scene.conversation == before
    assert scene.handoff.handoffs.current(scene.conversation_id) is None
    with pytest.raises(MessageRefused):
        scene.leave(question=" ")


def test_leaving_a_message_again_changes_it_under_its_number(scene: Scene) -> None:
    first = scene.leave("ana@exemple.fr")
    assert scene.leave("eva@exemple.fr") == first
    assert [left.contact for left in scene.handoff.handoffs.left()] == ["eva@exemple.fr"]
    assert len(Requests(scene.handoff.store.engine).open_requests()) == 1


def test_the_bot_goes_on_answering_after_a_message_was_left(scene: Scene) -> None:
    scene.leave()
    assert scene.say(scene.hear("Et la piscine ?")).role == "bot"


def test_an_answer_is_written_later_and_found_by_the_code(scene: Scene) -> None:
    number = scene.leave()
    scene.later(days=1)
    scene.arrive("marie")
    scene.claim()
    scene.reply("Votre bureau est à l’école.")
    scene.close()

    back = scene.handoff.conversations.resume(scene.code)
    texts = [message.text for message in scene.handoff.transcript.messages(back.id)]
    assert "Votre bureau est à l’école." in texts
    assert scene.handoff.handoffs.left() == ()
    assert Requests(scene.handoff.store.engine).request(number).status == "closed"


def test_who_left_a_message_may_still_wait(scene: Scene) -> None:
    scene.leave()
    scene.arrive("marie")
    assert scene.wait().state == "waiting"
    (waiting,) = scene.handoff.handoffs.waiting()
    assert waiting.contact == "ana@exemple.fr"


def test_a_message_that_is_taken_back_takes_its_contact_along(scene: Scene) -> None:
    number = scene.leave()
    assert scene.handoff.handoffs.withdraw(scene.conversation_id, scene.now).state == "bot"
    with pytest.raises(RecordMissing):
        Requests(scene.handoff.store.engine).request(number)


def test_no_message_is_left_while_a_person_is_there(scene: Scene) -> None:
    scene.talk()
    with pytest.raises(MoveRefused):
        scene.leave()
