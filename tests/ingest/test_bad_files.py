"""Bad documents are refused one by one, by name, with what to do; the good ones are read."""

import zipfile
from pathlib import Path

import pytest

from civic_assistant.errors import DocumentRefused
from ingest.bad_files import ARCHIVES, GOOD, write_bad_files
from ingest.bounds import check_archive
from ingest.folder import FolderSource

REASONS = {
    "binaire/fr.md": "binary data",
    "bombe/fr.docx": "grows more than",
    "date-en-lettres/fr.md": "not a date",
    "date-impossible/fr.md": "not TOML",
    "dates-inversees/fr.md": "before valid_from",
    "deux-fois-francais/fr.html": "several files",
    "deux-fois-francais/fr.md": "several files",
    "doublon/fr.md": "has that id",
    "enorme/fr.md": "200 MB",
    "mauvais-encodage/fr.md": "not UTF-8",
    "pdf-chiffre/fr.pdf": "encrypted",
    "pdf-tronque/fr.pdf": "truncated",
    "sans-description/fr.md": "no guide.toml",
    "vide/fr.md": "empty",
    "xml-casse/fr.docx": "damaged",
}


@pytest.fixture(scope="module")
def bad_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("mauvais")
    write_bad_files(folder)
    return folder


def test_each_bad_document_is_refused_by_name_and_the_rest_is_read(bad_files: Path) -> None:
    read, refused = [], {}
    for document in FolderSource(bad_files).documents():
        try:
            if isinstance(document, DocumentRefused):
                raise document
            read.append(document.load().guide.document)
        except DocumentRefused as refusal:
            assert refusal.remedy
            refused[refusal.document] = refusal.reason
    assert sorted(read) == sorted(GOOD)
    assert refused.keys() == REASONS.keys()
    assert [name for name, reason in REASONS.items() if reason not in refused[name]] == []


@pytest.mark.parametrize(
    ("name", "reason"),
    [("archive-bomb.zip", "unpacks to 300 MB"), ("archive-traversal.zip", "leads out")],
)
def test_bad_archives_are_refused_by_their_contents(
    bad_files: Path, name: str, reason: str
) -> None:
    with (
        zipfile.ZipFile(bad_files / ARCHIVES / name) as archive,
        pytest.raises(DocumentRefused, match=reason),
    ):
        check_archive(archive, name)
