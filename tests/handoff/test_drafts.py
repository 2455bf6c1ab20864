from __future__ import annotations

import pytest

from civic_assistant.errors import RecordMissing
from tests.handoff.scene import Scene


def test_a_draft_is_its_authors_and_the_last_one_counts(scene: Scene) -> None:
    drafts = scene.handoff.drafts
    drafts.save(scene.conversation_id, "marie", "Bonj", scene.now)
    drafts.save(scene.conversation_id, "marie", "Bonjour,\n", scene.now)
    drafts.save(scene.conversation_id, "luc", "Salut", scene.now)

    assert drafts.read(scene.conversation_id, "marie") == "Bonjour,\n"
    assert drafts.read(scene.conversation_id, "luc") == "Salut"
    assert drafts.read(scene.conversation_id, "eva") == ""


def test_an_emptied_draft_is_gone(scene: Scene) -> None:
    drafts = scene.handoff.drafts
    drafts.save(scene.conversation_id, "marie", "Bonjour", scene.now)
    drafts.save(scene.conversation_id, "marie", " ", scene.now)
    assert drafts.read(scene.conversation_id, "marie") == ""


def test_there_is_no_draft_without_a_conversation(scene: Scene) -> None:
    with pytest.raises(RecordMissing):
        scene.handoff.drafts.save("none", "marie", "Bonjour", scene.now)
