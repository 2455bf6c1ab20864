"""The commands about editions, as an operator types them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from civic_assistant.embedding import Embedding
from civic_assistant.settings import Settings
from ingest.command_line import commands

app = typer.Typer()
commands(app)
TEXT = "## Tarifs\n\nL'emplacement coûte {} € par jour.\n"


@pytest.fixture
def town(
    tmp_path: Path,
    light_settings: Settings,
    embedder: Embedding,
    monkeypatch: pytest.MonkeyPatch,
) -> Path:
    """Return a folder with a small corpus, which the settings lead to."""
    for name, value in {
        "CIVIC_DATA_FOLDER": light_settings.data_folder,
        "CIVIC_EMBEDDING": "light",
        "CIVIC_CORPUS_FOLDER": tmp_path / "corpus",
        "CIVIC_INDEX_FOLDER": tmp_path / "index",
        "CIVIC_DATABASE_URL": f"sqlite:///{tmp_path / 'civic.sqlite'}",
    }.items():
        monkeypatch.setenv(name, str(value))
    for module in ("command_line", "editions.commands"):
        monkeypatch.setattr(f"ingest.{module}.open_embedding", lambda settings: embedder)
    for guide in ("marche", "brocante", "terrasse"):
        write(tmp_path, guide, 12)
    return tmp_path


def write(folder: Path, guide: str, euros: int) -> None:
    own = folder / "corpus" / guide
    own.mkdir(parents=True, exist_ok=True)
    (own / "guide.toml").write_text(f'id = "{guide}"\ndepartment = "Commerce"\n', "utf-8")
    (own / "fr.md").write_text(f"# {guide.title()}\n\n{TEXT.format(euros)}", "utf-8")


def run(*arguments: str, status: int = 0) -> str:
    result: Result = CliRunner().invoke(app, list(arguments), catch_exceptions=False)
    assert result.exit_code == status, result.output
    return result.output


def test_what_is_planned_is_published_by_its_number_and_taken_back(town: Path) -> None:
    run("publish", "--author", "awa")
    write(town, "marche", 15)
    told = run("plan", "--author", "awa", "--reason", "council of 20 November")
    assert "changed: marche/fr.md" in told
    assert "civic-assistant publish --edition 2" in told
    assert "edition 1 is live" in run("status")
    assert "staged: edition 2, town: 0 added, 1 changed, 0 withdrawn" in run("status")
    assert "edition 2 is live" in run("publish", "--edition", "2", "--author", "ben")
    told = run("rollback", "--author", "ben", "--reason", "wrong fee")
    assert "edition 1 is live again, 2 was before" in told
    assert "corpus folder: written: marche/fr.md" in told
    assert "12 €" in (town / "corpus" / "marche" / "fr.md").read_text("utf-8")
    assert "edition 2 is live again" in run("rollback", "--forward")
    told = run("history")
    assert "council of 20 November" in told
    assert [line for line in told.splitlines() if "back from edition 2" in line and "ben" in line]


def test_a_step_back_that_was_cut_off_is_ended_by_naming_the_edition(
    town: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(*args: object, **named: object) -> None:
        raise KeyboardInterrupt

    run("publish")
    write(town, "marche", 15)
    write(town, "brocante", 15)
    run("publish")
    with monkeypatch.context() as cut_off:
        cut_off.setattr("ingest.editions.commands.restore", dies)
        CliRunner().invoke(app, ["rollback"])
    assert "the corpus folder differs from it in 2" in run("status")
    write(town, "brocante", 12)
    assert "corpus folder: written: marche/fr.md\n" in run("rollback", "1")
    assert "differs" not in run("status")
    assert "is live again" in run("rollback", "1")
    run("rollback", "2")
    assert "15 €" in (town / "corpus" / "brocante" / "fr.md").read_text("utf-8")


def test_a_plan_is_given_up(town: Path) -> None:
    run("publish")
    write(town, "marche", 15)
    run("plan")
    assert "edition 2 is given up" in run("plan", "--drop", "2")
    assert "staged" not in run("status")
    assert "nothing was changed" not in run("publish")
    run("publish", "--edition", "2", status=1)


def test_the_status_says_what_differs_in_the_folder(town: Path) -> None:
    run("publish")
    assert "differs" not in run("status")
    write(town, "marche", 15)
    assert "the corpus folder differs from it in 1: marche/fr.md" in run("status")


def test_what_is_missing_is_asked_about(town: Path) -> None:
    for number in range(6):
        write(town, f"guide-{number}", number + 1)
    run("publish")
    for number in range(6):
        (town / "corpus" / f"guide-{number}" / "fr.md").unlink()
        (town / "corpus" / f"guide-{number}" / "guide.toml").unlink()
        (town / "corpus" / f"guide-{number}").rmdir()
    run("publish", status=1)
    assert "6 withdrawn" in run("publish", "--confirm-withdrawals")


def test_the_live_edition_is_checked_whole(town: Path) -> None:
    run("publish")
    assert run("check").splitlines()[-1] == "whole"
    ids = next((town / "index" / "keywords").rglob("ids.json"))
    ids.write_text(json.dumps([]), encoding="utf-8")
    assert "the exact words are those of other passages" in run("check", status=1)


def test_the_purge_drops_old_editions_too(town: Path) -> None:
    run("publish")
    assert "dropped 0 editions" in run("purge")
