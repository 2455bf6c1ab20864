from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from sqlalchemy import Engine, func, select

from civic_assistant.handoff import open_handoff
from civic_assistant.handoff.tables import EVENTS, HANDOFFS, MESSAGES
from civic_assistant.records import reading
from civic_assistant.retention import Purged, purge
from civic_assistant.settings import Settings
from tests.handoff.scene import AT, Scene


def test_every_kind_is_kept_for_its_own_time(scene: Scene, settings: Settings) -> None:
    limits = settings.model_copy(
        update={"conversation_days": 30, "request_days": 180, "draft_days": 7, "figure_days": 400}
    )
    engine = scene.handoff.store.engine
    scene.talk()
    scene.handoff.drafts.save(scene.conversation_id, "marie", "brouillon", scene.now)
    scene.close()

    def purged_after(days: float) -> Purged:
        return purge(engine, limits, AT + timedelta(days=days))

    assert purged_after(6.9) == Purged()
    assert purged_after(7.1) == Purged(drafts=1)
    assert purged_after(29.9) == Purged()
    assert purged_after(30.1) == Purged(conversations=1)
    with reading(engine) as connection:
        for table in (MESSAGES, HANDOFFS):
            assert connection.scalar(select(func.count()).select_from(table)) == 0
        counted = connection.scalar(select(func.count()).select_from(EVENTS))
    assert purged_after(399.9) == Purged()
    assert purged_after(400.1) == Purged(events=counted or 0)


def test_an_unanswered_message_is_kept_as_long_as_its_contact(
    scene: Scene, settings: Settings
) -> None:
    engine = scene.handoff.store.engine
    scene.leave()
    assert purge(engine, settings, AT + timedelta(days=179)) == Purged()
    assert len(scene.handoff.handoffs.left()) == 1
    assert purge(engine, settings, AT + timedelta(days=181)) == Purged(requests=1, conversations=1)


def test_nothing_of_a_conversation_is_left_in_the_files_when_its_time_is_over(
    sqlite_engine: Engine, settings: Settings, tmp_path: Path
) -> None:
    scene = Scene(open_handoff(sqlite_engine, settings, clock=lambda: AT))
    scene.talk()
    for number in range(40):
        scene.hear(f"vieillemarque {number} " + "z" * 97 * number)
    scene.reply("vieillemarque")
    scene.close()
    recent = Scene(scene.handoff, now=AT + timedelta(days=31))
    recent.hear("marquerecente")

    assert purge(sqlite_engine, settings, recent.now).is_complete

    whole = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert (whole.count(b"vieillemarque"), whole.count(scene.conversation_id.encode())) == (0, 0)
    assert b"marquerecente" in whole
