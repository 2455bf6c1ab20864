"""A document that was refused is named at every publish, and read again only when it changed."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from civic_assistant.catalogue import open_catalogue
from civic_assistant.errors import DocumentRefused
from ingest import folder as folder_source
from ingest.documents import ParsedDocument
from ingest.editions.old_editions import drop_old_editions
from ingest.folder import FolderSource
from ingest.national.source import NationalFolder
from ingest.plan import Plan
from ingest.progress import Progress
from ingest.publish import publish
from ingest.readers.service_public import parse_json
from ingest.reading_process import ReadingProcess, shared_reading_process
from ingest.sources import Source
from tests.ingest.by_hand import Town
from tests.ingest.national_feed import boat_sheet, write_package

SILENT = Progress(visible=False)
GOOD = "# Composteur\n\nLe prêt coûte 20 €.\n"
UNTITLED = "Le prêt coûte 20 €.\n"


class NotedReading(ReadingProcess):
    """Reads in the program's worker, and notes what it was asked for; may fail for a moment."""

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []
        self.is_failing = False

    def read(self, content: bytes, document: str, language: str) -> ParsedDocument:
        self.names.append(document)
        if self.is_failing:
            raise DocumentRefused(document, "its reader broke down (SIGKILL).", "Publish again.")
        return shared_reading_process().read(content, document, language)


@pytest.fixture
def town(tmp_path: Path) -> Town:
    write(tmp_path, "composteur", GOOD)
    write(tmp_path, "broyeur", UNTITLED)
    return Town(tmp_path)


@pytest.fixture
def reading() -> NotedReading:
    return NotedReading()


def write(folder: Path, guide: str, text: str) -> None:
    own = folder / "corpus" / guide
    own.mkdir(parents=True, exist_ok=True)
    (own / "guide.toml").write_text(f'id = "{guide}"\ndepartment = "Accueil"\n', encoding="utf-8")
    (own / "fr.md").write_text(text, encoding="utf-8")


def published(town: Town, source: Source) -> Plan:
    return publish(source, town.settings, town.embedding, SILENT).plan


def corpus(town: Town, reading: NotedReading) -> FolderSource:
    reading.names.clear()
    return FolderSource(town.folder / "corpus", reading=reading)


def told(plan: Plan) -> list[tuple[str, str, str]]:
    return [(r.document, r.reason, r.remedy) for r in plan.refused]


def test_an_unchanged_refused_document_is_named_again_and_not_read(
    town: Town, reading: NotedReading
) -> None:
    first = told(published(town, corpus(town, reading)))
    assert reading.names == ["broyeur/fr.md", "composteur/fr.md"]
    assert [(name, reason) for name, reason, _ in first] == [("broyeur/fr.md", "it has no title.")]
    assert told(published(town, corpus(town, reading))) == first
    assert reading.names == []


def test_a_changed_document_is_read_again(town: Town, reading: NotedReading) -> None:
    published(town, corpus(town, reading))
    write(town.folder, "broyeur", UNTITLED + "\nEncore.\n")
    assert [name for name, _, _ in told(published(town, corpus(town, reading)))] == [
        "broyeur/fr.md"
    ]
    assert reading.names == ["broyeur/fr.md"]
    write(town.folder, "broyeur", GOOD)
    plan = published(town, corpus(town, reading))
    assert (plan.added, plan.refused) == (("broyeur/fr.md",), ())


def test_a_published_guide_that_is_refused_now_stays_at_every_publish(
    town: Town, reading: NotedReading
) -> None:
    write(town.folder, "salle", GOOD)
    published(town, corpus(town, reading))
    write(town.folder, "composteur", UNTITLED)
    for _ in range(2):
        plan = published(town, corpus(town, reading))
        assert plan.kept == ("composteur/fr.md",)
    assert reading.names == []


def test_another_version_of_the_reader_reads_everything_again(
    town: Town, reading: NotedReading, monkeypatch: pytest.MonkeyPatch
) -> None:
    published(town, corpus(town, reading))
    monkeypatch.setattr(folder_source, "READER_VERSION", "next")
    assert len(published(town, corpus(town, reading)).refused) == 1
    assert reading.names == ["broyeur/fr.md", "composteur/fr.md"]


def test_a_refusal_that_may_pass_is_not_remembered(town: Town, reading: NotedReading) -> None:
    published(town, corpus(town, reading))
    write(town.folder, "broyeur", GOOD)
    reading.is_failing = True
    assert "broke down" in told(published(town, corpus(town, reading)))[0][1]
    reading.is_failing = False
    assert published(town, corpus(town, reading)).added == ("broyeur/fr.md",)


def test_a_refusal_is_forgotten_after_its_days_and_looked_at_again(
    town: Town, reading: NotedReading
) -> None:
    first = told(published(town, corpus(town, reading)))
    drop_old_editions(town.settings, (), datetime.now(UTC) + timedelta(days=8))
    assert told(published(town, corpus(town, reading))) == first
    assert reading.names == ["broyeur/fr.md"]


def test_a_sheet_that_is_no_guide_is_not_parsed_at_every_run(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    parsed: list[str] = []

    def noted(content: bytes, document: str) -> object:
        parsed.append(document)
        return parse_json(content, document)

    monkeypatch.setattr("ingest.national.source.parse_json", noted)
    package = write_package(town.folder / "package", dict(map(boat_sheet, (90100, 90101))))
    (package / "data" / "particuliers" / "F90102.json").write_text("{", encoding="utf-8")
    feed = NationalFolder(package, ("individuals",))
    first = told(published(town, feed))
    assert [name for name, _, _ in first] == ["particuliers/F90102.json"]
    parsed.clear()
    assert told(published(town, feed)) == first
    assert parsed == []


def test_an_index_that_remembered_no_refusals_begins_to(town: Town, reading: NotedReading) -> None:
    published(town, corpus(town, reading))
    with closing(sqlite3.connect(town.settings.index_folder / "catalogue.sqlite")) as catalogue:
        catalogue.executescript(
            "DROP TABLE refusal; UPDATE note SET value = '2' WHERE key = 'schema';"
        )
    assert len(published(town, corpus(town, reading)).refused) == 1
    assert reading.names == ["broyeur/fr.md"]
    assert open_catalogue(town.settings.index_folder).refused_before("town").keys() == {
        "broyeur/fr.md"
    }
