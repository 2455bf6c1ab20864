"""What editors planned, and drafts that they left lying, are erased when their time is over."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import typer
from sqlalchemy import Engine, func, select
from typer.testing import CliRunner

from civic_assistant.desk.editors.drafts import Drafts
from civic_assistant.desk.editors.runs import RunKind, Runs
from civic_assistant.desk.editors.tables import GUIDE_DRAFTS, GUIDE_RUNS
from civic_assistant.desk.sessions import Member
from civic_assistant.records import reading
from civic_assistant.retention import Purged, purge
from civic_assistant.settings import Settings
from ingest.command_line import commands
from ingest.drafts.old_drafts import drafts_folder, drop_old_drafts
from tests.desk.conftest import Clock

EVE = Member("staff-eve", "Ève Vieillemarque", (), ("editor",))
BO = Member("staff-bo", "Bo Marquerecente", (), ("editor",))
DAYS = timedelta(days=1)
NAME = "composteur/fr.md"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(
        data_folder=tmp_path / "data",
        corpus_folder=tmp_path / "corpus",
        guide_run_days=90,
        guide_draft_days=60,
    )


def publishes(runs: Runs, member: Member, mark: str) -> None:
    run = runs.begin("publish", member, reason=f"{mark} " * 60)
    runs.fail(run.id, "broken", f"{mark} " * 60, {"documents": [f"{mark}/{n}" for n in range(90)]})


def drafted(settings: Settings, drafts: Drafts, member: Member, mark: str, at: datetime) -> None:
    """Put documents into a draft, as if the last of them was changed at that moment."""
    draft = drafts.of(member.id)
    draft.change(NAME, f"# Composteur\n\n{mark}\n".encode())
    draft.change("composteur/en.pdf", f"{mark}\n".encode() * 500)
    drafts.touch(member, at)
    for folder in drafts_folder(settings).glob("*"):
        if any(mark.encode() in content for content in _contents(folder)):
            for path in folder.rglob("*"):
                os.utime(path, (at.timestamp(), at.timestamp()))


def test_each_kind_is_kept_for_its_own_time(
    engine: Engine, clock: Clock, settings: Settings
) -> None:
    began = clock.now
    runs, drafts = Runs(engine, clock), Drafts(engine, settings)
    publishes(runs, EVE, "vieux")
    runs.begin("plan", BO)
    drafts.touch(EVE, began)
    assert purge(engine, settings, began + 60 * DAYS) == Purged()
    assert purge(engine, settings, began + 61 * DAYS) == Purged(guide_drafts=1)
    assert purge(engine, settings, began + 90 * DAYS) == Purged()
    assert purge(engine, settings, began + 91 * DAYS) == Purged(runs=2)
    with reading(engine) as connection:
        for table in (GUIDE_DRAFTS, GUIDE_RUNS):
            assert connection.scalar(select(func.count()).select_from(table)) == 0
    assert runs.begin("plan", EVE).author == EVE.name, "a run whose process died bars nobody"


def test_what_a_plan_came_to_goes_with_its_staged_edition_and_the_run_stays(
    engine: Engine, clock: Clock, settings: Settings
) -> None:
    runs, began = Runs(engine, clock), clock.now
    kept: dict[RunKind, str] = {}
    kinds: tuple[RunKind, ...] = ("plan", "review", "publish")
    for kind in kinds:
        run = runs.begin(kind, EVE, edition=4)
        runs.finish(run.id, edition=4, outcome={"asked": "Combien coûte le bac ?"})
        kept[kind] = run.id
    purge(engine, settings, began + settings.staged_days * DAYS)
    assert all(runs.outcome(run_id) is not None for run_id in kept.values())
    purge(engine, settings, began + (settings.staged_days + 1) * DAYS)
    told = [kind for kind, run_id in kept.items() if runs.outcome(run_id) is not None]
    assert told == ["publish"]
    assert all(runs.run(run_id) is not None for run_id in kept.values())


def test_an_old_draft_goes_with_its_files_and_a_recent_one_stays(
    sqlite_engine: Engine, clock: Clock, settings: Settings
) -> None:
    drafts, folder = Drafts(sqlite_engine, settings), drafts_folder(settings)
    drafted(settings, drafts, EVE, "vieillemarque", clock.now - 61 * DAYS)
    drafted(settings, drafts, BO, "marquerecente", clock.now - 59 * DAYS)
    assert drop_old_drafts(settings, clock.now) == 1
    assert b"vieillemarque" not in b"".join(_contents(folder))
    assert [path.is_dir() for path in folder.glob("*")] == [True]
    assert drafts.of(EVE.id).changed() == ()
    assert drafts.of(BO.id).changed() == ("composteur/en.pdf", NAME)
    assert drop_old_drafts(settings, clock.now) == 0


def test_a_draft_that_was_changed_again_is_kept_whole(
    sqlite_engine: Engine, clock: Clock, settings: Settings
) -> None:
    drafts = Drafts(sqlite_engine, settings)
    drafted(settings, drafts, EVE, "vieillemarque", clock.now - 200 * DAYS)
    drafts.of(EVE.id).change("composteur/ar.md", "# سماد\n\nنص\n".encode())
    assert drop_old_drafts(settings, datetime.now(UTC) + 59 * DAYS) == 0
    assert len(drafts.of(EVE.id).changed()) == 3
    assert drop_old_drafts(settings, datetime.now(UTC) + 61 * DAYS) == 1


def test_the_folder_of_a_draft_that_was_given_up_goes_uncounted(
    sqlite_engine: Engine, settings: Settings
) -> None:
    draft = Drafts(sqlite_engine, settings).of(EVE.id)
    draft.change(NAME, b"# Composteur\n\nTexte.\n")
    draft.discard()
    assert drop_old_drafts(settings, datetime.now(UTC) + 30 * DAYS) == 0
    assert len(list(drafts_folder(settings).glob("*"))) == 1
    assert drop_old_drafts(settings, datetime.now(UTC) + 61 * DAYS) == 0
    assert list(drafts_folder(settings).glob("*")) == []


def test_the_command_leaves_nothing_of_old_runs_and_drafts_in_any_file(
    sqlite_engine: Engine,
    sqlite_url: str,
    settings: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in {
        "CIVIC_DATABASE_URL": sqlite_url,
        "CIVIC_DATA_FOLDER": settings.data_folder,
        "CIVIC_CORPUS_FOLDER": settings.corpus_folder,
        "CIVIC_INDEX_FOLDER": tmp_path / "index",
        "CIVIC_GUIDE_RUN_DAYS": 90,
        "CIVIC_GUIDE_DRAFT_DAYS": 90,
    }.items():
        monkeypatch.setenv(name, str(value))
    now = datetime.now(UTC)
    clock = Clock(now - 91 * DAYS)
    runs, drafts = Runs(sqlite_engine, clock), Drafts(sqlite_engine, settings)
    for _ in range(20):
        publishes(runs, EVE, "vieillemarque")
    drafted(settings, drafts, EVE, "vieillemarque", clock.now)
    clock.now = now - 89 * DAYS
    publishes(runs, BO, "marquerecente")
    drafted(settings, drafts, BO, "marquerecente", clock.now)
    assert b"vieillemarque" in b"".join(_contents(tmp_path))

    app = typer.Typer()
    commands(app)
    told = CliRunner().invoke(app, ["purge"], catch_exceptions=False)

    assert told.exit_code == 0, told.output
    assert "20 runs of publishing and 1 editors' drafts" in told.output
    left = b"".join(_contents(tmp_path))
    assert b"vieillemarque" not in left.lower() and "Ève".encode() not in left
    assert left.count(b"marquerecente") > 90


def _contents(folder: Path) -> list[bytes]:
    return [path.read_bytes() for path in folder.rglob("*") if path.is_file()]
