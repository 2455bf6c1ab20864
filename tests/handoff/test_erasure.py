from __future__ import annotations

import logging
import time
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select, text

from civic_assistant.errors import RecordMissing
from civic_assistant.handoff import open_handoff
from civic_assistant.handoff.erasure import Erased
from civic_assistant.handoff.tables import EVENTS
from civic_assistant.handoff.translations import KeptTranslation
from civic_assistant.journal import Journal
from civic_assistant.migrations import migrate
from civic_assistant.records import METADATA, open_engine, reading
from civic_assistant.retention import purge
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
    made = KeptTranslation(f"{MARK} one", "", "translating-1", "m")
    scene.handoff.translations.keep(scene.conversation_id, 1, "en", made, scene.now)


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
    assert {
        "turn", "request", "conversation", "message", "message_translation", "handoff", "draft",
    } <= set(rows_with(engine, words))  # fmt: skip

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


def test_a_purge_leaves_nothing_of_what_was_erased_in_the_files_of_postgresql(
    postgresql_url: str, settings: Settings
) -> None:
    engine = open_engine(postgresql_url)
    migrate(engine)
    scenes = [Scene(open_handoff(engine, settings, clock=lambda: AT)) for _ in range(4)]
    for number, scene in enumerate(scenes):
        if number != 1:
            scene.hear("marquerecente " + "y" * 900 * number)
        else:
            whole_story(scene)
    erased = scenes[1]
    traces = [MARK, erased.conversation_id]
    assert all(found_in_tables(engine, trace) > 5 for trace in traces)

    assert erased.handoff.erasure.erase(erased.code).is_complete
    # A transaction that began earlier, in any database of the server, keeps rows for itself.
    for _ in range(20):
        assert purge(engine, settings, AT).is_complete
        found = [found_in_tables(engine, trace) for trace in traces]
        if found == [0, 0]:
            break
        time.sleep(0.5)

    assert found == [0, 0]
    assert found_in_tables(engine, "marquerecente") > 0  # long texts are compressed
    engine.dispose()


def test_a_purge_that_a_reader_blocks_on_postgresql_says_so_and_can_be_run_again(
    postgresql_url: str, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("civic_assistant.records.BUSY_MILLISECONDS", 100)
    engine = open_engine(postgresql_url)
    migrate(engine)
    with reading(engine) as held:
        held.execute(select(EVENTS)).all()
        assert not purge(engine, settings, AT).is_complete
    assert purge(engine, settings, AT).is_complete
    engine.dispose()


def test_what_a_reader_holds_is_cleared_by_the_next_purge(
    sqlite_engine: Engine, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("civic_assistant.records.BUSY_MILLISECONDS", 100)
    quick = open_engine(sqlite_engine.url.render_as_string())
    scene = Scene(open_handoff(quick, settings, clock=lambda: AT))
    whole_story(scene)
    with reading(sqlite_engine) as held:
        held.execute(select(EVENTS)).all()
        assert not scene.handoff.erasure.erase(scene.code).is_complete
    assert purge(quick, settings, AT).is_complete
    assert found_in_files(tmp_path, MARK) == 0
    quick.dispose()


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


def found_in_tables(engine: Engine, word: str) -> int:
    """Count a word in the files of all tables and indexes, their oversized values included."""
    paths = text(
        "SELECT pg_relation_filepath(each.oid) FROM pg_class each "
        "LEFT JOIN pg_class main ON main.reltoastrelid = each.oid "
        "WHERE coalesce(main.relnamespace, each.relnamespace) = current_schema()::regnamespace "
        "AND pg_relation_filepath(each.oid) IS NOT NULL"
    )
    content = text("SELECT pg_read_binary_file(:path)")
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("CHECKPOINT"))
        found = connection.scalars(paths).all()
        files = [connection.scalar(content, {"path": path}) for path in found]
    return sum(bytes(file or b"").count(word.encode()) for file in files)


def found_in_files(folder: Path, word: str) -> int:
    return sum(path.read_bytes().count(word.encode()) for path in folder.iterdir())
