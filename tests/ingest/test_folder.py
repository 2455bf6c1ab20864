"""The corpus folder: one guide a folder, one document a language, refusals by name."""

from pathlib import Path

import pytest

from civic_assistant.errors import DocumentRefused, SourceError
from civic_assistant.guides import Guide
from ingest.folder import FolderSource
from ingest.sources import SourceDocument

FRENCH = "# Composteur\n\nLa Ville prête un composteur.\n\n## Tarifs\n\nLe prêt coûte 20 €.\n"
ABOUT = """department = "Espaces verts"
authority = "Ville"
audiences = ["individuals", "associations"]
theme = ["Environnement", "Déchets"]
valid_from = 2026-01-01
licence = "Licence Ouverte 2.0"
[addresses]
fr = "https://www.vaubreuil.example/composteur"
[[facts]]
kind = "form"
[facts.text]
fr = "Formulaire CV-01"
"""


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    write(tmp_path, "composteur", "fr.md", FRENCH)
    write(tmp_path, "composteur", "en.html", "<main><h1>Compost bin</h1><p>It costs 20 €.</p>")
    return tmp_path


def write(corpus: Path, folder: str, file: str, text: str, id: str | None = None) -> Path:
    home = corpus / folder
    home.mkdir(exist_ok=True)
    (home / "guide.toml").write_text(f'id = "{id or folder}"\n{ABOUT}', encoding="utf-8")
    (home / file).write_text(text, encoding="utf-8")
    return home / file


def listed(corpus: Path) -> dict[str, SourceDocument | DocumentRefused]:
    found = FolderSource(corpus).documents()
    return {d.document if isinstance(d, DocumentRefused) else d.name: d for d in found}


def guide(corpus: Path, name: str) -> Guide:
    document = listed(corpus)[name]
    assert isinstance(document, SourceDocument)
    return document.load().guide


def refusal(corpus: Path, name: str) -> str:
    document = listed(corpus)[name]
    assert isinstance(document, DocumentRefused)
    assert document.remedy
    return document.reason


def test_a_guide_is_its_text_and_what_its_folder_says(corpus: Path) -> None:
    french = guide(corpus, "composteur/fr.md")
    assert (french.id, french.language, french.source) == ("composteur", "fr", "town")
    assert (french.title, french.document) == ("Composteur", "composteur/fr.md")
    assert french.address == "https://www.vaubreuil.example/composteur"
    assert french.audiences == ("individuals", "associations")
    assert [section.topic for section in french.sections] == [None, "cost"]
    assert [fact.text for fact in french.facts] == ["Formulaire CV-01"]


def test_a_translation_has_the_same_id_and_its_own_words(corpus: Path) -> None:
    english = guide(corpus, "composteur/en.html")
    assert (english.id, english.title, english.facts) == ("composteur", "Compost bin", ())
    assert english.address is None


def test_the_fingerprint_changes_with_the_document_and_with_its_description(corpus: Path) -> None:
    def fingerprints() -> list[str]:
        return [d.fingerprint for d in listed(corpus).values() if isinstance(d, SourceDocument)]

    before = fingerprints()
    assert fingerprints() == before
    (corpus / "composteur" / "fr.md").write_text(FRENCH + "Fin.", encoding="utf-8")
    after = fingerprints()
    assert (after[0] == before[0], after[1] == before[1]) == (True, False)
    description = corpus / "composteur" / "guide.toml"
    description.write_text(description.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert not set(fingerprints()) & set(after)


def test_a_document_that_changes_while_it_is_read_is_refused(corpus: Path) -> None:
    document = listed(corpus)["composteur/fr.md"]
    assert isinstance(document, SourceDocument)
    (corpus / "composteur" / "fr.md").write_text("# Autre\n\nTexte.", encoding="utf-8")
    with pytest.raises(DocumentRefused, match="changed while"):
        document.load()


def test_drafts_hidden_files_and_other_files_are_passed_over(corpus: Path) -> None:
    for folder in ["_brouillons", ".cache"]:
        write(corpus, folder, "fr.md", FRENCH)
    (corpus / "README.md").write_text("À lire", encoding="utf-8")
    (corpus / "composteur" / "photo.jpg").write_bytes(b"\xff")
    (corpus / "composteur" / "~$fr.docx").write_bytes(b"")
    assert list(listed(corpus)) == ["composteur/en.html", "composteur/fr.md"]


def test_an_error_in_the_description_refuses_each_document_of_the_guide(corpus: Path) -> None:
    (corpus / "composteur" / "guide.toml").write_text("id = 3", encoding="utf-8")
    assert all(isinstance(document, DocumentRefused) for document in listed(corpus).values())
    assert list(listed(corpus)) == ["composteur/en.html", "composteur/fr.md"]


def test_two_folders_cannot_have_one_id(corpus: Path) -> None:
    write(corpus, "autre", "fr.md", FRENCH, id="composteur")
    assert "the guide in folder 'composteur' has that id" in refusal(corpus, "autre/fr.md")
    assert guide(corpus, "composteur/fr.md").id == "composteur"


def test_two_files_of_one_language_are_both_refused(corpus: Path) -> None:
    write(corpus, "composteur", "fr.html", "<p>x</p>")
    for name in ["composteur/fr.md", "composteur/fr.html"]:
        assert "several files of one language: fr.html, fr.md" in refusal(corpus, name)


@pytest.mark.parametrize(
    ("file", "reason"),
    [("fr.odt", ".odt files are not read"), ("francais.md", "no language of two letters")],
)
def test_a_file_that_no_reader_takes_is_refused_not_forgotten(
    corpus: Path, file: str, reason: str
) -> None:
    write(corpus, "composteur", file, "x")
    assert reason in refusal(corpus, f"composteur/{file}")


def test_a_document_outside_of_a_folder_is_refused(corpus: Path) -> None:
    (corpus / "perdu.md").write_text(FRENCH, encoding="utf-8")
    assert "outside of a guide's folder" in refusal(corpus, "perdu.md")


def test_a_guide_without_description_or_without_text_is_refused(corpus: Path) -> None:
    (corpus / "composteur" / "guide.toml").unlink()
    assert "has no guide.toml" in refusal(corpus, "composteur/fr.md")
    write(corpus, "vide", "fr.md", "").unlink()
    assert "no text beside" in refusal(corpus, "vide/guide.toml")


def test_a_link_out_of_the_corpus_is_refused(
    corpus: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outside = tmp_path_factory.mktemp("ailleurs") / "secret.md"
    outside.write_text(FRENCH, encoding="utf-8")
    (corpus / "composteur" / "es.md").symlink_to(outside)
    assert "leads out of the corpus folder" in refusal(corpus, "composteur/es.md")
    (corpus / "composteur" / "pt.md").symlink_to(corpus / "composteur" / "fr.md")
    assert guide(corpus, "composteur/pt.md").language == "pt"


def test_a_missing_folder_is_a_source_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="cannot be read"):
        list(FolderSource(tmp_path / "absent").documents())
