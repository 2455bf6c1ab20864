"""The command that plans and publishes the national guides, as a timer or an operator types it."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from civic_assistant.catalogue import Catalogue, open_catalogue
from civic_assistant.embedding import Embedding
from civic_assistant.settings import Settings
from ingest.command_line import commands
from ingest.national.commands import WAITING
from ingest.publish_told import REFUSED
from tests.ingest.by_hand import WordEmbedding
from tests.ingest.national_feed import boat_sheet, write_package

FIRST, SHEETS = 90100, 12
app = typer.Typer()
commands(app)


@pytest.fixture
def folder(tmp_path: Path, light_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with a feed and a town's guide that names a sheet of it."""
    for name, value in {
        "CIVIC_DATA_FOLDER": light_settings.data_folder,
        "CIVIC_EMBEDDING": "light",
        "CIVIC_CORPUS_FOLDER": tmp_path / "corpus",
        "CIVIC_INDEX_FOLDER": tmp_path / "index",
        "CIVIC_DATABASE_URL": f"sqlite:///{tmp_path / 'civic.sqlite'}",
        "CIVIC_NATIONAL_AUDIENCES": '["individuals"]',
        "CIVIC_NATIONAL_AUTO_SHARE": "0.1",
    }.items():
        monkeypatch.setenv(name, str(value))
    feed(tmp_path, *range(FIRST, FIRST + SHEETS))
    boats = tmp_path / "corpus" / "barques"
    boats.mkdir(parents=True)
    (boats / "guide.toml").write_text('id = "barques"\ndepartment = "Canal"\n', encoding="utf-8")
    (boats / "fr.md").write_text(f"# Barques\n\nVoir la fiche F{FIRST}.\n", encoding="utf-8")
    return tmp_path


@pytest.fixture
def by_words(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let vectors be made of words: what is asked of the guides does not matter here."""
    opened: Embedding = WordEmbedding()
    for module in ("command_line", "editions.commands", "national.commands"):
        monkeypatch.setattr(f"ingest.{module}.open_embedding", lambda settings: opened)
    return folder


def feed(folder: Path, *numbers: int, fee: str = "25") -> None:
    write_package(folder / "package", dict(boat_sheet(number, fee) for number in numbers))


def run(folder: Path, *options: str, status: int = 0, command: str = "national") -> str:
    own = ["--from", str(folder / "package")] if command == "national" else []
    ran = CliRunner().invoke(app, [command, *own, *options], catch_exceptions=False)
    assert ran.exit_code == status, ran.output
    return ran.output


def catalogue(folder: Path) -> Catalogue:
    return open_catalogue(folder / "index")


def test_the_first_feed_waits_and_is_published_by_its_number(by_words: Path) -> None:
    run(by_words, command="publish")
    told = run(by_words, "--automatic", status=WAITING)
    assert "edition 2 is staged" in told
    assert "a person must look: no such guides were published before" in told
    assert catalogue(by_words).live_edition() == 1
    assert "edition 2 is live" in run(by_words, "--edition", "2", command="publish")
    assert "edition 2 stays: nothing in the feed is new" in run(by_words, "--automatic")


def test_a_small_update_goes_live_alone_and_names_the_town_s_guide(by_words: Path) -> None:
    run(by_words, command="publish")
    run(by_words, "--author", "awa", "--reason", "first feed")
    assert catalogue(by_words).switches()[-1].author == "awa"
    feed(by_words, FIRST, fee="27")
    told = run(by_words, "--automatic")
    assert "national: 0 added, 1 changed, 11 unchanged, 0 withdrawn, 0 refused" in told
    assert "edition 3 is live; 8.3% of the published guides change" in told
    assert f"barques names F{FIRST}" in told and "  Canal" in told
    assert catalogue(by_words).switches()[-1].author == "national routine"


def test_a_large_update_waits_once_however_often_it_is_found(by_words: Path) -> None:
    run(by_words)
    feed(by_words, *range(FIRST, FIRST + 3), fee="27")
    for _ in range(2):
        told = run(by_words, "--automatic", status=WAITING)
        assert "25.0% of the published guides change, not less than" in told
    staged = [e.number for e in catalogue(by_words).editions() if e.state == "staged"]
    assert len(staged) == 1
    assert catalogue(by_words).live_edition() == 1


def test_a_sheet_that_can_suddenly_not_be_read_is_named_with_its_own_status(
    by_words: Path,
) -> None:
    run(by_words)
    name, _ = boat_sheet(FIRST)
    (by_words / "package" / "data" / name).write_text("{", encoding="utf-8")
    feed(by_words, FIRST + 1, fee="27")
    told = run(by_words, "--automatic", status=WAITING)
    assert f"refused, as published before: 'particuliers/F{FIRST}.json'" in told
    feed(by_words, FIRST + 1, fee="25")
    assert "1 refused (1 kept as published)" in run(by_words, "--automatic", status=REFUSED)


def test_a_feed_that_is_half_there_changes_nothing(by_words: Path) -> None:
    run(by_words)
    for number in range(FIRST, FIRST + 6):
        (by_words / "package" / "data" / "particuliers" / f"F{number}.json").unlink()
    assert "--confirm-withdrawals" in run(by_words, "--automatic", status=1)
    assert len(catalogue(by_words).entries(1)) == SHEETS
    assert "6 withdrawn" in run(by_words, "--confirm-withdrawals")


def test_options_that_exclude_each_other_are_refused(by_words: Path) -> None:
    assert "not both" in run(by_words, "--plan", "--automatic", status=2)
    assert "not both" in run(by_words, "--latest", status=2)


def test_a_plan_says_what_changes_and_publishes_nothing(
    folder: Path, embedder: Embedding, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("command_line", "editions.commands", "national.commands"):
        monkeypatch.setattr(f"ingest.{module}.open_embedding", lambda settings: embedder)
    feed(folder, FIRST, FIRST + 1)
    for number in range(FIRST + 2, FIRST + SHEETS):
        (folder / "package" / "data" / "particuliers" / f"F{number}.json").unlink()
    run(folder, command="publish")
    run(folder)
    feed(folder, FIRST, fee="27")
    told = run(folder, "--plan", "--author", "awa")
    assert f"changed: particuliers/F{FIRST}.json" in told
    assert "27 €" in told and "civic-assistant publish --edition 3" in told
    assert f"barques names F{FIRST}" in told
    assert catalogue(folder).live_edition() == 2
    assert "edition 3 is given up" in run(folder, "--drop", "3", command="plan")
