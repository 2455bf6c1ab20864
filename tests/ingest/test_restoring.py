"""After a step back the corpus folder does not bring back, unasked, what was taken back."""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from civic_assistant.errors import IndexBusy, IndexUnusable, SourceError
from civic_assistant.publishing_lock import publishing
from civic_assistant.settings import Settings
from ingest.editions.kept_documents import KeptDocuments
from ingest.editions.restoring import Restored, differing, restore
from ingest.folder import FolderSource
from ingest.sources import DocumentFile, SourceDocument

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
ABOUT = 'id = "{}"\ndepartment = "Accueil"\n'


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(
        embedding="light", corpus_folder=tmp_path / "corpus", index_folder=tmp_path / "index"
    )


def write(settings: Settings, guide: str, text: str) -> Path:
    folder = settings.corpus_folder / guide
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "guide.toml").write_text(ABOUT.format(guide), encoding="utf-8")
    (folder / "fr.md").write_text(text, encoding="utf-8")
    return folder / "fr.md"


def files_of(settings: Settings) -> tuple[DocumentFile, ...]:
    found = FolderSource(settings.corpus_folder).documents()
    return tuple(f for d in found if isinstance(d, SourceDocument) for f in d.files)


def keep(settings: Settings, edition: int, standing: tuple[str, ...] = ()) -> KeptDocuments:
    """Keep the folder's documents as those that an edition was read from."""
    kept, files = KeptDocuments(settings.index_folder), files_of(settings)
    kept.store(files)
    kept.list_edition(edition, edition - 1 or None, "town", files, standing)
    return kept


@pytest.fixture
def two_editions(settings: Settings) -> KeptDocuments:
    """Edition 1: pool and library. Edition 2: another fee, the library gone, the market new."""
    pool, library = write(settings, "piscine", "# 4 €"), write(settings, "livres", "# Livres")
    write(settings, "mairie", "# Mairie")
    keep(settings, 1)
    pool.write_text("# 5 €", encoding="utf-8")
    for path in (library, library.with_name("guide.toml")):
        path.unlink()
    library.parent.rmdir()
    write(settings, "marche", "# Marché")
    return keep(settings, 2)


def texts(settings: Settings) -> dict[str, str]:
    found = settings.corpus_folder.glob("*/fr.md")
    return {path.parent.name: path.read_text("utf-8") for path in found}


def test_the_folder_is_as_it_was_published_before(
    settings: Settings, two_editions: KeptDocuments
) -> None:
    restored = restore(1, 2, settings, at=NOW)
    assert restored == Restored(
        written=("livres/fr.md", "livres/guide.toml", "piscine/fr.md"),
        removed=("marche/fr.md", "marche/guide.toml"),
    )
    assert texts(settings) == {"piscine": "# 4 €", "livres": "# Livres", "mairie": "# Mairie"}
    assert not (settings.corpus_folder / "marche").exists()
    assert differing(1, settings) == ()


def test_what_is_replaced_is_kept_and_comes_back_with_a_step_forward(
    settings: Settings, two_editions: KeptDocuments
) -> None:
    restore(1, 2, settings, at=NOW)
    told = {entry.name: two_editions.content(entry.digest) for entry in two_editions.replaced()}
    assert told["piscine/fr.md"] == "# 5 €".encode()
    restore(2, 1, settings, at=NOW)
    assert texts(settings) == {"piscine": "# 5 €", "marche": "# Marché", "mairie": "# Mairie"}


def test_restoring_twice_changes_nothing_more(
    settings: Settings, two_editions: KeptDocuments
) -> None:
    restore(1, 2, settings, at=NOW)
    assert restore(1, 2, settings, at=NOW) == Restored()


def test_an_editor_s_work_on_other_guides_stays(
    settings: Settings, two_editions: KeptDocuments
) -> None:
    write(settings, "mairie", "# Mairie, nouveaux horaires")
    write(settings, "creche", "# Crèche")
    restore(1, 2, settings, at=NOW)
    assert texts(settings)["mairie"] == "# Mairie, nouveaux horaires"
    assert texts(settings)["creche"] == "# Crèche"
    assert differing(1, settings) == ("creche/fr.md", "creche/guide.toml", "mairie/fr.md")


def test_unpublished_work_on_a_taken_back_text_is_set_aside_not_lost(
    settings: Settings, two_editions: KeptDocuments
) -> None:
    write(settings, "piscine", "# 6 €")
    restore(1, 2, settings, at=NOW)
    assert texts(settings)["piscine"] == "# 4 €"
    (entry,) = (entry for entry in two_editions.replaced() if entry.name == "piscine/fr.md")
    assert two_editions.content(entry.digest) == "# 6 €".encode()


def test_what_was_not_kept_is_not_guessed(settings: Settings) -> None:
    write(settings, "piscine", "# 5 €")
    keep(settings, 2)
    assert restore(1, 2, settings, at=NOW) == Restored(is_known=False)
    assert texts(settings) == {"piscine": "# 5 €"}
    assert differing(1, settings) is None


def test_a_lost_document_stops_before_anything_is_written(
    settings: Settings, two_editions: KeptDocuments
) -> None:
    listed = two_editions.files(1, "town")
    assert listed is not None
    digest = listed["piscine/fr.md"]
    (settings.index_folder / "documents" / digest[:2] / f"{digest}.bytes").write_bytes(b"autre")
    before = texts(settings)
    with pytest.raises(IndexUnusable, match="is damaged"):
        restore(1, 2, settings, at=NOW)
    assert texts(settings) == before


def test_nothing_is_written_while_the_folder_is_published(
    settings: Settings, two_editions: KeptDocuments
) -> None:
    with (
        publishing(settings.index_folder, "town", "Zoé", NOW),
        pytest.raises(IndexBusy, match="Zoé"),
    ):
        restore(1, 2, settings, at=NOW)


def git(settings: Settings, *arguments: str) -> None:
    who = ("-c", "user.name=Zoé", "-c", "user.email=zoe@ville.example")
    subprocess.run(
        ["git", "-C", str(settings.corpus_folder), *who, *arguments],
        check=True,
        capture_output=True,
    )


def test_what_git_has_committed_is_left_to_git(
    settings: Settings, two_editions: KeptDocuments
) -> None:
    git(settings, "init")
    git(settings, "add", "piscine")
    git(settings, "commit", "-m", "Piscine à 5 €")
    restored = restore(1, 2, settings, at=NOW)
    assert restored.left == ("piscine/fr.md",)
    assert texts(settings) == {"piscine": "# 5 €", "livres": "# Livres", "mairie": "# Mairie"}
    assert differing(1, settings) == ("piscine/fr.md",)


def test_what_was_written_over_a_commit_is_given_back(
    settings: Settings, two_editions: KeptDocuments
) -> None:
    git(settings, "init")
    write(settings, "piscine", "# 4 €")
    git(settings, "add", "piscine")
    git(settings, "commit", "-m", "Piscine à 4 €")
    write(settings, "piscine", "# 5 €")
    assert "piscine/fr.md" in restore(1, 2, settings, at=NOW).written
    assert texts(settings)["piscine"] == "# 4 €"


def test_a_refused_document_that_stands_as_published_keeps_its_file(settings: Settings) -> None:
    pool = write(settings, "piscine", "# 4 €")
    write(settings, "mairie", "# Mairie")
    kept = keep(settings, 1)
    (pool.parent / "guide.toml").write_text("id = 3", encoding="utf-8")
    write(settings, "mairie", "# Mairie, nouveaux horaires")
    keep(settings, 2, standing=("piscine/fr.md",))
    first, second = kept.files(1, "town"), kept.files(2, "town")
    assert first is not None and second is not None
    assert {name for name in first if first[name] != second[name]} == {"mairie/fr.md"}
    assert first.keys() == second.keys()


def test_a_file_that_changed_since_it_was_read_is_not_kept_as_published(settings: Settings) -> None:
    pool = write(settings, "piscine", "# 4 €")
    files = files_of(settings)
    pool.write_text("# 5 €", encoding="utf-8")
    with pytest.raises(SourceError, match=r"'piscine/fr\.md' changed while it was read"):
        KeptDocuments(settings.index_folder).store(files)


def test_documents_of_dropped_editions_go_and_recent_replacements_stay(
    settings: Settings, two_editions: KeptDocuments
) -> None:
    restore(1, 2, settings, at=NOW)
    assert two_editions.drop_except({1}, NOW - timedelta(days=1)) == 0
    assert two_editions.files(2, "town") is None
    assert two_editions.drop_except({1}, NOW + timedelta(seconds=1)) == 3
    assert two_editions.replaced() == []
    assert restore(1, 1, settings, at=NOW) == Restored()
    listed = two_editions.files(1, "town")
    assert listed is not None
    assert two_editions.content(listed["piscine/fr.md"]) == "# 4 €".encode()


def test_another_source_s_documents_are_those_of_the_edition_before(
    settings: Settings, two_editions: KeptDocuments
) -> None:
    two_editions.list_edition(3, 2, "national", (), ())
    assert two_editions.files(3, "town") == two_editions.files(2, "town")
    assert two_editions.files(3, "national") == {}
    assert restore(3, 2, settings, at=NOW) == Restored()
