"""The national feed as a routine: real sheets, a real index, a real model."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from civic_assistant.catalogue import Catalogue, open_catalogue
from civic_assistant.embedding import Embedding
from civic_assistant.errors import WithdrawalsUnconfirmed
from civic_assistant.settings import Settings
from ingest.editions.rolling import roll_back
from ingest.folder import FolderSource
from ingest.national.routine import RoutineRun, RunMode, run_routine
from ingest.national.source import NationalFolder
from ingest.national.told import told_run
from ingest.progress import Progress
from ingest.publish import go_live, publish
from tests.ingest.national_feed import boat_sheet, write_package

SILENT = Progress(visible=False)
NOW = datetime(2026, 11, 22, 6, tzinfo=UTC)
SHEETS = 24


@pytest.fixture
def package(tmp_path: Path) -> Path:
    return write_package(tmp_path / "package", dict(map(boat_sheet, range(90100, 90100 + SHEETS))))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(embedding="light", index_folder=tmp_path / "index", national_auto_share=0.1)


@pytest.fixture
def town(tmp_path: Path) -> FolderSource:
    folder = tmp_path / "corpus" / "barques"
    folder.mkdir(parents=True)
    (folder / "guide.toml").write_text('id = "barques"\ndepartment = "Canal"\n', encoding="utf-8")
    (folder / "fr.md").write_text(
        "# Barques\n\nLe permis est celui de la fiche F90100.\n", encoding="utf-8"
    )
    return FolderSource(tmp_path / "corpus")


def change(package: Path, *numbers: int, fee: str = "27") -> None:
    write_package(package, dict(boat_sheet(number, fee) for number in numbers))


def run(
    package: Path, settings: Settings, embedder: Embedding, mode: RunMode = "automatic"
) -> RoutineRun:
    source = NationalFolder(package, ("individuals",))
    return run_routine(source, settings, embedder, SILENT, mode, clock=lambda: NOW)


def staged(settings: Settings) -> list[int]:
    return [e.number for e in catalogue(settings).editions() if e.state == "staged"]


def catalogue(settings: Settings) -> Catalogue:
    return open_catalogue(settings.index_folder)


def test_the_first_national_guides_wait_for_a_person(
    package: Path, settings: Settings, embedder: Embedding
) -> None:
    first = run(package, settings, embedder)
    assert (first.state, first.hindrances) == ("waiting", ("first",))
    assert first.edition is not None
    go_live(first.edition, settings)
    again = run(package, settings, embedder)
    assert (again.state, again.edition) == ("unchanged", first.edition)


def test_a_small_update_is_published_alone_and_says_what_the_town_s_guides_refer_to(
    package: Path, settings: Settings, embedder: Embedding, town: FolderSource
) -> None:
    publish(town, settings, embedder, SILENT)
    run(package, settings, embedder, "publish")
    change(package, 90100, 90101)
    update = run(package, settings, embedder)
    assert (update.state, update.hindrances) == ("published", ())
    assert update.share == pytest.approx(2 / SHEETS)
    assert catalogue(settings).live_edition() == update.edition
    assert catalogue(settings).switches()[-1].author == "national routine"
    (touched,) = update.news.touched
    assert (touched.reference.guide_id, touched.change.guide_id) == ("barques", "F90100")
    told = list(told_run(update, settings))
    assert "  Canal" in told
    assert any(line.startswith("    barques names F90100: F90100 «Permis") for line in told)
    assert any("27 € par an" in line for line in told if line.startswith("      +"))


def test_a_large_update_waits_and_the_next_run_stages_nothing_twice(
    package: Path, settings: Settings, embedder: Embedding
) -> None:
    live = run(package, settings, embedder, "publish").edition
    change(package, 90100, 90101, 90102)
    first = run(package, settings, embedder)
    assert (first.state, first.hindrances) == ("waiting", ("share",))
    assert catalogue(settings).live_edition() == live
    again = run(package, settings, embedder)
    assert (again.state, again.edition) == ("waiting", first.edition)
    assert staged(settings) == [first.edition]


def test_of_several_updates_only_the_last_waits(
    package: Path, settings: Settings, embedder: Embedding
) -> None:
    run(package, settings, embedder, "publish")
    change(package, 90100, 90101, 90102)
    run(package, settings, embedder)
    change(package, 90103)
    last = run(package, settings, embedder)
    assert staged(settings) == [last.edition]
    assert last.edition is not None
    go_live(last.edition, settings)
    assert run(package, settings, embedder).state == "unchanged"


def test_an_update_that_was_taken_back_is_not_published_again_alone(
    package: Path, settings: Settings, embedder: Embedding
) -> None:
    before = run(package, settings, embedder, "publish").edition
    change(package, 90100)
    assert run(package, settings, embedder).state == "published"
    roll_back(settings, author="Awa")
    change(package, 90101)
    again = run(package, settings, embedder)
    assert (again.state, again.hindrances) == ("waiting", ("taken_back",))
    assert again.taken_back == ("particuliers/F90100.json",)
    assert catalogue(settings).live_edition() == before
    assert again.edition is not None
    go_live(again.edition, settings, author="Awa")
    change(package, 90102)
    assert run(package, settings, embedder).state == "published"


def test_guides_that_can_no_longer_be_read_count_as_changed(
    package: Path, settings: Settings, embedder: Embedding
) -> None:
    run(package, settings, embedder, "publish")
    broken = dict.fromkeys((f"particuliers/F{n}.json" for n in range(90100, 90106)), b"{}")
    write_package(package, broken)
    (package / "data" / "particuliers" / "F90120.json").unlink()
    update = run(package, settings, embedder)
    assert update.hindrances == ("share",)
    assert update.share == pytest.approx(7 / SHEETS)


def test_a_feed_that_is_half_there_changes_nothing(
    package: Path, settings: Settings, embedder: Embedding
) -> None:
    live = run(package, settings, embedder, "publish").edition
    for number in range(90110, 90100 + SHEETS):
        (package / "data" / "particuliers" / f"F{number}.json").unlink()
    with pytest.raises(WithdrawalsUnconfirmed):
        run(package, settings, embedder)
    assert catalogue(settings).live_edition() == live
    assert staged(settings) == []


def test_a_plan_is_staged_and_publishes_nothing(
    package: Path, settings: Settings, embedder: Embedding
) -> None:
    live = run(package, settings, embedder, "publish").edition
    change(package, 90100)
    plan = run(package, settings, embedder, "plan")
    assert (plan.state, plan.hindrances) == ("waiting", ())
    assert catalogue(settings).live_edition() == live
    assert plan.prepared.plan.changed == ("particuliers/F90100.json",)
