"""Addresses of a live edition, asked of a server on this machine and told by department."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from civic_assistant.catalogue import open_catalogue
from civic_assistant.embedding import Embedding
from civic_assistant.settings import Settings
from ingest.addresses.report import AddressReport, report_addresses
from ingest.addresses.told import told_addresses
from ingest.editions.kept_documents import KeptDocuments
from ingest.folder import FolderSource
from ingest.progress import Progress
from ingest.publish import publish
from tests.ingest.web_server import WebServer, web_server

SILENT = Progress(visible=False)
TODAY = date(2026, 11, 22)


@pytest.fixture
def server() -> Iterator[WebServer]:
    with web_server() as running:
        yield running


@pytest.fixture
def settings(tmp_path: Path, server: WebServer, embedder: Embedding) -> Settings:
    corpus, at = tmp_path / "corpus", server.address
    write(corpus, "marche", "Commerce", f"Voir {at}/gone, ou le [site]({at}/moved).")
    write(corpus, "salle", "Accueil", f"Voir {at}/page#tarifs.")
    write(corpus, "ancien", "Accueil", f"Voir {at}/gone.", "valid_until = 2026-01-31\n")
    settings = Settings(embedding="light", index_folder=tmp_path / "index")
    publish(FolderSource(corpus), settings, embedder, SILENT)
    return settings


def write(corpus: Path, name: str, department: str, text: str, more: str = "") -> None:
    (corpus / name).mkdir(parents=True)
    toml = f'id = "{name}"\ndepartment = "{department}"\n{more}'
    (corpus / name / "guide.toml").write_text(toml, encoding="utf-8")
    (corpus / name / "fr.md").write_text(f"# {name.title()}\n\n{text}\n", encoding="utf-8")


def report(settings: Settings, *, is_local: bool) -> AddressReport:
    folder = settings.index_folder
    catalogue, documents = open_catalogue(folder), KeptDocuments(folder)
    return report_addresses(catalogue, documents, SILENT, TODAY, is_loopback_allowed=is_local)


def test_dead_and_moved_addresses_are_told_with_department_and_place(
    settings: Settings, server: WebServer
) -> None:
    at = server.address
    found = report(settings, is_local=True)
    assert (found.asked, found.left_out) == (3, 0)
    assert list(told_addresses(found)) == [
        "Commerce",
        "  marche",
        f"    dead (404): {at}/gone",
        "      in its text (marche/fr.md)",
        f"    moved to {at}/new: {at}/moved",
        "      in a link (marche/fr.md)",
        "edition 1: 3 addresses asked, 1 dead, 1 moved",
    ]


def test_without_leave_nothing_reaches_this_machine(settings: Settings, server: WebServer) -> None:
    found = report(settings, is_local=False)
    assert {one.answer.state for one in found.findings} == {"not_asked"}
    assert server.asked == []
