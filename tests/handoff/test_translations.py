from __future__ import annotations

from civic_assistant.handoff.tables import MESSAGE_TRANSLATIONS
from civic_assistant.handoff.translations import KeptTranslation
from civic_assistant.records import reading
from tests.handoff.scene import Scene

FIRST = KeptTranslation("Hello", "", "translating-1", "m")
SECOND = KeptTranslation("Hi", "", "translating-1", "m")


def test_the_first_translation_of_a_message_is_the_one_that_everybody_is_shown(
    scene: Scene,
) -> None:
    scene.hear("Bonjour")
    translations, cid = scene.handoff.translations, scene.conversation_id
    assert translations.read(cid, 1, "en") is None
    assert translations.keep(cid, 1, "en", FIRST, scene.now) == FIRST
    assert translations.keep(cid, 1, "en", SECOND, scene.now) == FIRST
    assert translations.keep(cid, 1, "de", SECOND, scene.now) == SECOND
    assert translations.read(cid, 1, "en") == FIRST
    assert [m.text for m in scene.handoff.transcript.messages(cid) if m.role == "citizen"] == [
        "Bonjour"
    ]


def test_a_translation_that_comes_after_its_message_was_erased_is_kept_nowhere(
    scene: Scene,
) -> None:
    scene.hear("Bonjour")
    scene.handoff.erasure.erase(scene.code)
    kept = scene.handoff.translations.keep(scene.conversation_id, 1, "en", FIRST, scene.now)
    assert kept is None
    with reading(scene.handoff.store.engine) as connection:
        assert connection.execute(MESSAGE_TRANSLATIONS.select()).all() == []
