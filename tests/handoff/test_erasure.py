from __future__ import annotations

import logging
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select

from civic_assistant.errors import RecordMissing
from civic_assistant.handoff import open_handoff
from civic_assistant.handoff.erasure import Erased
from civic_assistant.handoff.tables import EVENTS
from civic_assistant.journal import Journal
from civic_assistant.records import METADATA, reading
from civic_assistant.settings import Settings
from tests.handoff.scene import AT, Scene
from tests.store.turns import a_turn

MARK = "vieillemarque"


def whole_story(scene: Scene) -> None:
    """Leave the mark wherever a conversation can leave one."""
    Journal(scene.handoff.store.engine).record(
        a_turn(conversation=scene.conversation_id, question=f"{MARK} ?")
    )
    scene.hear(f"{MARK} un")
    scene.leave(f"{MARK}@exemple.fr", f"{MARK} deux")
    scene.arrive("marie")
    scene.claim()
    scene.reply(f"{MARK} trois " + "x" * 9_000)
    scene.hear(f"{MARK} quatre")
    scene.handoff.transcript.note(
        scene.conversation_id,
        staff_id="luc",
        author="Luc",
        client_id="n",
        text=f"{MARK} cinq",
        now=scene.now,
    )
    scene.handoff.drafts.save(scene.conversation_id, "marie", f"{MARK} six", scene.now)


def counted(engine: Engine) -> dict[str, int]:
    with reading(engine) as connection:
        return {
            table.name: connection.scalar(select(func.count()).select_from(table)) or 0
            for table in METADATA.sorted_tables
        }


def rows_with(engine: Engine, words: list[str]) -> list[str]:
    """Return the tables in which a word stands."""
    with reading(engine) as connection:
        return [
            table.name
            for table in METADATA.sorted_tables
            for row in connection.execute(select(table))
            if any(word in repr(tuple(row)) for word in words)
        ]


def test_an_erased_conversation_leaves_nothing_in_any_table(scene: Scene) -> None:
    engine = scene.handoff.store.engine
    before = counted(engine)
    whole_story(scene)
    number = scene.handoff.handoffs.held_by("marie")[0].request_number or ""
    words = [MARK, scene.conversation_id, number]
    assert {"turn", "request", "conversation", "message", "handoff", "draft"} <= set(
        rows_with(engine, words)
    )

    erased = scene.handoff.erasure.erase(scene.code)

    assert erased == Erased(requests=1, turns=1, is_complete=True)
    assert rows_with(engine, words) == []
    changed = {name for name, count in counted(engine).items() if count != before[name]}
    assert changed == {"conversation", "staff_presence", "handoff_event"}
    with pytest.raises(RecordMissing):
        scene.handoff.conversations.resume(scene.code)


def test_what_was_counted_has_no_way_back_to_a_conversation() -> None:
    assert set(EVENTS.c.keys()) == {
        "id", "at", "day", "hour", "kind", "reason", "language", "desk", "close_reason", "seconds",
    }  # fmt: skip


def test_an_erased_conversation_leaves_nothing_in_files_or_logs(
    sqlite_engine: Engine, settings: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    scenes = [Scene(open_handoff(sqlite_engine, settings, clock=lambda: AT)) for _ in range(4)]
    for number, scene in enumerate(scenes):
        if number != 1:
            scene.hear("marquerecente " + "y" * 900 * number)
        else:
            whole_story(scene)
    erased = scenes[1]
    traces = [MARK, erased.conversation_id, erased.code]
    assert found_in_files(tmp_path, MARK) > 0

    assert erased.handoff.erasure.erase(erased.code).is_complete

    assert [found_in_files(tmp_path, trace) for trace in traces] == [0, 0, 0]
    assert found_in_files(tmp_path, "marquerecente") >= 3
    assert "erased" in caplog.text
    assert [trace for trace in traces if trace in caplog.text] == []


def test_another_conversation_stays_whole(scene: Scene) -> None:
    other = Scene(scene.handoff)
    other.hear("marquerecente")
    before = (other.conversation, other.texts())
    whole_story(scene)
    scene.handoff.erasure.erase(scene.code)
    assert (other.conversation, other.texts()) == before


def test_only_the_code_erases(scene: Scene) -> None:
    for code in ("", "wrong", scene.conversation_id):
        with pytest.raises(RecordMissing):
            scene.handoff.erasure.erase(code)


def found_in_files(folder: Path, word: str) -> int:
    return sum(path.read_bytes().count(word.encode()) for path in folder.iterdir())
