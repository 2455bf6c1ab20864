from __future__ import annotations

import pytest

from civic_assistant.errors import RecordMissing
from civic_assistant.handoff.reach import Reached
from tests.handoff.scene import Scene


def test_what_an_agent_says_is_not_there_until_a_page_says_so(scene: Scene) -> None:
    scene.talk()
    position = scene.reply("Bonjour.").position
    reach, conversation = scene.handoff.reach, scene.conversation_id
    assert reach.reached(conversation).delivered < position
    assert reach.note(conversation, position, is_seen=False) == Reached(position, 0)
    assert reach.note(conversation, position, is_seen=True) == Reached(position, position)
    assert reach.reached(conversation) == Reached(position, position)


def test_a_page_never_goes_back_and_never_beyond_what_was_said(scene: Scene) -> None:
    reach, conversation = scene.handoff.reach, scene.conversation_id
    last = [scene.hear(f"{number}").message.position for number in range(3)][-1]
    assert reach.note(conversation, 1_000_000, is_seen=True) == Reached(last, last)
    assert reach.note(conversation, 1, is_seen=False) == Reached(last, last)


def test_being_read_does_not_prolong_how_long_a_conversation_is_kept(scene: Scene) -> None:
    position = scene.hear().message.position
    changed_at = scene.conversation.changed_at
    scene.later(days=3)
    scene.handoff.reach.note(scene.conversation_id, position, is_seen=True)
    assert scene.conversation.changed_at == changed_at


def test_of_an_erased_conversation_nothing_is_noted(scene: Scene) -> None:
    scene.handoff.erasure.erase(scene.code)
    with pytest.raises(RecordMissing):
        scene.handoff.reach.note(scene.conversation_id, 1, is_seen=True)
