from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from civic_assistant.errors import RecordMissing
from civic_assistant.handoff.codes import LENGTH, SIGNS, digest, new_code
from civic_assistant.handoff.tables import CONVERSATIONS
from tests.handoff.scene import Scene


def test_a_citizen_comes_back_with_the_code_as_they_write_it(scene: Scene) -> None:
    scene.hear("Où voter ?")
    typed = scene.code.lower().replace("-", " ")

    found = scene.handoff.conversations.resume(f" {typed}. ")
    assert found == scene.conversation
    assert found.last_position == 1


@pytest.mark.parametrize("code", ["", "AAAA", "é" * 20, "'; --", "x" * 10_000, "\x00"])
def test_any_other_code_finds_nothing(scene: Scene, code: str) -> None:
    with pytest.raises(RecordMissing) as missing:
        scene.handoff.conversations.resume(code)
    assert not code or code not in str(missing.value)


def test_a_code_has_eighty_bits_and_no_vowels() -> None:
    codes = {new_code() for _ in range(500)}
    assert len(codes) == 500
    assert len(set(SIGNS)) ** LENGTH > 2**80
    assert all(re.fullmatch(rf"([{SIGNS}]{{4}}-){{4}}[{SIGNS}]{{4}}", code) for code in codes)


def test_only_the_digest_of_a_code_is_kept(scene: Scene) -> None:
    with scene.handoff.store.reading() as connection:
        (row,) = connection.execute(select(CONVERSATIONS))
    assert row.code == digest(scene.code)
    kept = str(tuple(row)).upper()
    assert scene.code not in kept and scene.code.replace("-", "") not in kept


def test_a_citizen_is_here_while_the_page_is_heard_of(scene: Scene) -> None:
    conversations = scene.handoff.conversations
    assert scene.conversation.is_here(scene.later(seconds=44))
    assert not scene.conversation.is_here(scene.later(seconds=2))
    conversations.seen(scene.conversation_id, scene.now)
    assert scene.conversation.is_here(scene.now)
    conversations.gone(scene.conversation_id)
    assert not scene.conversation.is_here(scene.now)


def test_a_handoff_is_in_the_language_that_the_citizen_writes_now(scene: Scene) -> None:
    scene.handoff.conversations.set_language(scene.conversation_id, "ar")
    scene.arrive("marie")
    scene.wait()
    assert scene.handoff.handoffs.waiting()[0].language == "ar"
