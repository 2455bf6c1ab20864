"""An editor's draft: laid over the corpus, published with it, and never a way out of it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from civic_assistant.errors import DocumentRefused, DraftOutdated
from ingest.bounds import MEGABYTE
from ingest.drafts import working_copy
from ingest.drafts.working_copy import WorkingCopy
from ingest.editions.kept_documents import KeptDocuments, digest_of
from ingest.folder import FolderSource
from ingest.sources import SourceDocument

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
FRENCH = "# Composteur\n\nLe prêt coûte 20 €.\n".encode()
DEARER = "# Composteur\n\nLe prêt coûte 25 €.\n".encode()
ENGLISH = b"# Compost bin\n\nIt costs 20 euros.\n"
ABOUT = b'id = "composteur"\ndepartment = "Espaces verts"\n'


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus" / "composteur"
    folder.mkdir(parents=True)
    (folder / "fr.md").write_bytes(FRENCH)
    (folder / "en.md").write_bytes(ENGLISH)
    (folder / "guide.toml").write_bytes(ABOUT)
    return folder.parent


@pytest.fixture
def draft(corpus: Path, tmp_path: Path) -> WorkingCopy:
    return WorkingCopy(tmp_path / "draft", corpus)


@pytest.fixture
def kept(tmp_path: Path) -> KeptDocuments:
    return KeptDocuments(tmp_path / "index")


def listed(draft: WorkingCopy) -> dict[str, str]:
    """Return the title of each document that would be published, or why it is refused."""
    found = {}
    for document in draft.source().documents():
        if isinstance(document, SourceDocument):
            found[document.name] = document.load().guide.title
        else:
            found[document.document] = document.reason
    return found


def test_a_change_stands_over_the_corpus_which_stays_as_it_is(
    draft: WorkingCopy, corpus: Path
) -> None:
    draft.change("composteur/fr.md", b"# Bac \xc3\xa0 compost\n\nTexte.\n")
    assert listed(draft) == {
        "composteur/en.md": "Compost bin",
        "composteur/fr.md": "Bac à compost",
    }
    assert (corpus / "composteur" / "fr.md").read_bytes() == FRENCH


def test_a_new_guide_is_published_from_the_draft_alone(draft: WorkingCopy) -> None:
    draft.change("piscine/guide.toml", b'id = "piscine"\ndepartment = "Sports"\n')
    draft.change("piscine/fr.md", "# Piscine\n\nElle ouvre à 9 h.\n".encode())
    assert listed(draft)["piscine/fr.md"] == "Piscine"


def test_a_removed_document_is_not_listed(draft: WorkingCopy) -> None:
    draft.remove("composteur/en.md")
    assert list(listed(draft)) == ["composteur/fr.md"]
    assert draft.changes() == {"composteur/en.md": None}
    assert draft.content("composteur/en.md") is None


def test_a_document_has_the_same_fingerprint_in_the_draft_and_once_written(
    draft: WorkingCopy, corpus: Path, kept: KeptDocuments
) -> None:
    draft.change("composteur/fr.md", DEARER)
    drafted = [d.fingerprint for d in draft.source().documents() if isinstance(d, SourceDocument)]
    draft.apply(kept, NOW)
    found = FolderSource(corpus).documents()
    assert [d.fingerprint for d in found if isinstance(d, SourceDocument)] == drafted


def test_applying_writes_the_folder_and_keeps_what_was_there(
    draft: WorkingCopy, corpus: Path, kept: KeptDocuments
) -> None:
    draft.change("composteur/fr.md", DEARER)
    draft.remove("composteur/en.md")
    assert draft.apply(kept, NOW) == ("composteur/en.md", "composteur/fr.md")
    assert (corpus / "composteur" / "fr.md").read_bytes() == DEARER
    assert not (corpus / "composteur" / "en.md").exists()
    replaced = [(entry.name, kept.content(entry.digest)) for entry in kept.replaced()]
    assert replaced == [("composteur/en.md", ENGLISH), ("composteur/fr.md", FRENCH)]


def test_applying_again_after_a_stop_changes_nothing_more(
    draft: WorkingCopy, corpus: Path, kept: KeptDocuments
) -> None:
    draft.change("composteur/fr.md", DEARER)
    draft.apply(kept, NOW)
    again = WorkingCopy(corpus.parent / "draft", corpus)
    assert again.apply(kept, NOW) == ()
    assert len(kept.replaced()) == 1
    again.discard()
    assert again.changed() == ()


def test_a_guide_removed_whole_leaves_no_folder(
    draft: WorkingCopy, corpus: Path, kept: KeptDocuments
) -> None:
    for name in ("fr.md", "en.md", "guide.toml"):
        draft.remove(f"composteur/{name}")
    draft.apply(kept, NOW)
    assert not (corpus / "composteur").exists()


def test_what_somebody_else_changed_meanwhile_is_not_overwritten(
    draft: WorkingCopy, corpus: Path, kept: KeptDocuments
) -> None:
    draft.change("composteur/fr.md", DEARER)
    draft.change("composteur/en.md", b"# Compost bin\n\nIt costs 25 euros.\n")
    (corpus / "composteur" / "fr.md").write_text("# Autre\n\nTexte.\n", encoding="utf-8")
    assert draft.outdated() == ("composteur/fr.md",)
    with pytest.raises(DraftOutdated, match=r"'composteur/fr\.md'"):
        draft.apply(kept, NOW)
    assert (corpus / "composteur" / "en.md").read_bytes() == ENGLISH
    draft.take_back("composteur/fr.md")
    assert draft.apply(kept, NOW) == ("composteur/en.md",)


def test_a_text_begun_from_an_older_one_is_not_taken(draft: WorkingCopy) -> None:
    begun_from = draft.digest("composteur/fr.md")
    draft.change("composteur/fr.md", DEARER, based_on=begun_from)
    with pytest.raises(DraftOutdated):
        draft.change("composteur/fr.md", FRENCH, based_on=begun_from)
    assert draft.content("composteur/fr.md") == DEARER


def test_a_change_back_is_no_change(draft: WorkingCopy, tmp_path: Path) -> None:
    draft.change("composteur/fr.md", DEARER)
    draft.change("composteur/fr.md", FRENCH)
    draft.change("neuf/fr.md", FRENCH)
    draft.remove("neuf/fr.md")
    assert draft.changed() == ()
    assert list((tmp_path / "draft" / "contents").iterdir()) == []


def test_a_draft_outlives_the_program(draft: WorkingCopy, corpus: Path, tmp_path: Path) -> None:
    draft.change("composteur/fr.md", DEARER)
    again = WorkingCopy(tmp_path / "draft", corpus)
    assert again.changes() == {"composteur/fr.md": DEARER}
    assert again.digest("composteur/fr.md") == digest_of(DEARER)


@pytest.mark.parametrize(
    "name",
    [
        "../composteur/fr.md",
        "composteur/../../etc/fr.md",
        "/etc/fr.md",
        "composteur/fr.md/..",
        "composteur//fr.md",
        "composteur\\fr.md",
        "..\\fr.md",
        "composteur/fr.md\n",
        "composteur/fr.md\x00.pdf",
        "\x1b[31mrouge/fr.md",
        "composteur/\u202efr.md",
        "c:/fr.md",
        "composteur/francais.md",
        "composteur/fr.exe",
        "composteur/fr.md.exe",
        "composteur/.fr.md",
        "_brouillon/fr.md",
        "fr.md",
        "",
        "a" * 101 + "/fr.md",
    ],
)
def test_a_name_that_leads_elsewhere_or_is_no_document_is_refused(
    draft: WorkingCopy, name: str
) -> None:
    with pytest.raises(DocumentRefused, match="no name of a guide's document") as caught:
        draft.change(name, FRENCH)
    assert caught.value.document.isprintable()
    with pytest.raises(DocumentRefused):
        draft.remove(name)
    with pytest.raises(DocumentRefused):
        draft.content(name)
    assert draft.changed() == ()


def test_a_guide_folder_that_is_a_link_elsewhere_is_never_written(
    draft: WorkingCopy, corpus: Path, kept: KeptDocuments, tmp_path: Path
) -> None:
    outside = tmp_path / "ailleurs"
    outside.mkdir()
    (corpus / "lien").symlink_to(outside)
    draft.change("lien/fr.md", FRENCH)
    with pytest.raises(DocumentRefused, match="leads out of the corpus"):
        draft.apply(kept, NOW)
    assert list(outside.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "size", "told"),
    [
        ("a/guide.toml", 33 * 1024, "it has 33 kB; at most 32 kB"),
        ("a/fr.md", 21 * MEGABYTE, "it has 21 MB; at most 20 MB"),
        ("a/fr.PDF", 51 * MEGABYTE, "it has 51 MB; at most 50 MB"),
    ],
)
def test_a_document_beyond_its_size_is_refused(
    draft: WorkingCopy, name: str, size: int, told: str
) -> None:
    with pytest.raises(DocumentRefused, match=told):
        draft.change(name, b"x" * size)
    assert draft.changed() == ()


def test_an_empty_document_is_refused(draft: WorkingCopy) -> None:
    with pytest.raises(DocumentRefused, match="it is empty"):
        draft.change("composteur/fr.md", b" \n")


def test_a_draft_does_not_fill_the_disk(
    draft: WorkingCopy, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(working_copy, "DRAFT_BYTES", 100)
    draft.change("composteur/fr.md", b"x" * 60)
    with pytest.raises(DocumentRefused, match="the draft would hold more"):
        draft.change("composteur/en.md", b"y" * 60)
    assert draft.changes() == {"composteur/fr.md": b"x" * 60}
    draft.change("composteur/fr.md", b"z" * 60)
    assert [path.read_bytes() for path in (tmp_path / "draft" / "contents").iterdir()] == [
        b"z" * 60
    ]


def test_one_document_is_read_as_it_would_be_published(draft: WorkingCopy) -> None:
    draft.change("composteur/fr.md", DEARER)
    assert draft.loaded("composteur/fr.md").guide.sections[0].text == "Le prêt coûte 25 €."
    draft.change("composteur/fr.md", b"Sans titre.\n")
    with pytest.raises(DocumentRefused, match="it has no title"):
        draft.loaded("composteur/fr.md")
    with pytest.raises(DocumentRefused, match="no such document"):
        draft.loaded("composteur/de.md")


def test_a_draft_with_two_formats_of_one_language_is_refused_by_name(draft: WorkingCopy) -> None:
    draft.change("composteur/fr.html", b"<h1>Composteur</h1><p>Texte.</p>")
    assert "several files of one language" in listed(draft)["composteur/fr.html"]
    draft.remove("composteur/fr.md")
    assert listed(draft)["composteur/fr.html"] == "Composteur"
