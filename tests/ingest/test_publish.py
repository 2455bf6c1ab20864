"""Publishing into a real index: real catalogue, real Chroma, real model."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from civic_assistant.embedding import Embedding, TextVectors
from civic_assistant.errors import IndexMismatch, IndexUnusable, SourceError
from civic_assistant.index import Index, open_index
from civic_assistant.settings import Settings
from ingest.folder import FolderSource
from ingest.progress import Progress
from ingest.publish import Published, publish

TODAY = date(2026, 11, 22)
TEXT = "## Tarifs\n\nL'emplacement coûte 12 € par jour.\n"


@pytest.fixture
def guides(tmp_path: Path) -> Path:
    folder = tmp_path / "guides"
    for name in ("marche", "brocante", "terrasse"):
        write_guide(folder, name, TEXT)
    return folder


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(embedding="light", index_folder=tmp_path / "index")


def write_guide(folder: Path, name: str, text: str, extra: str = "") -> None:
    (folder / name).mkdir(parents=True, exist_ok=True)
    toml = f'id = "{name}"\ndepartment = "Commerce"\n{extra}'
    (folder / name / "guide.toml").write_text(toml, encoding="utf-8")
    (folder / name / "fr.md").write_text(f"# {name.title()}\n\n{text}", encoding="utf-8")


def run(guides: Path, settings: Settings, embedder: Embedding, source: str = "town") -> Published:
    return publish(FolderSource(guides, source), settings, embedder, Progress(visible=False))


def guides_near(index: Index, embedder: Embedding, question: str) -> list[str]:
    vector = index.centring.centred(embedder.embed_texts([question], "question"), "question", "fr")
    live = index.live()
    return [live.entry(id_).guide_id for id_, _ in index.nearest(vector[0], live, TODAY, 20)]


def test_the_same_text_in_three_guides_is_three_passages(
    guides: Path, settings: Settings, embedder: Embedding
) -> None:
    run(guides, settings, embedder)
    found = guides_near(open_index(settings, embedder), embedder, "prix d'un emplacement")
    assert set(found) == {"marche", "brocante", "terrasse"}


def test_publishing_again_without_a_change_keeps_the_edition(
    guides: Path, settings: Settings, embedder: Embedding
) -> None:
    first, second = run(guides, settings, embedder), run(guides, settings, embedder)
    assert (second.edition, second.embedded) == (first.edition, 0)
    assert len(second.plan.unchanged) == 3


def test_only_changed_passages_are_embedded(
    guides: Path, settings: Settings, embedder: Embedding
) -> None:
    run(guides, settings, embedder)
    write_guide(guides, "marche", TEXT + "\n## Horaires\n\nLe marché ouvre à 8 h.\n")
    second = run(guides, settings, embedder)
    assert second.plan.changed == ("marche/fr.md",)
    assert second.embedded == 1


def test_a_change_of_dates_alone_embeds_nothing(
    guides: Path, settings: Settings, embedder: Embedding
) -> None:
    run(guides, settings, embedder)
    write_guide(guides, "marche", TEXT, "review_by = 2027-01-31\n")
    second = run(guides, settings, embedder)
    assert second.plan.changed == ("marche/fr.md",)
    assert second.embedded == 0


def test_a_withdrawn_guide_is_never_found_and_its_twin_stays(
    guides: Path, settings: Settings, embedder: Embedding
) -> None:
    run(guides, settings, embedder)
    reader = open_index(settings, embedder)
    shutil.rmtree(guides / "marche")
    assert run(guides, settings, embedder).plan.withdrawn == ("marche/fr.md",)
    assert set(guides_near(reader, embedder, "emplacement")) == {"brocante", "terrasse"}


def test_an_expired_guide_is_not_found(
    guides: Path, settings: Settings, embedder: Embedding
) -> None:
    write_guide(guides, "marche", TEXT, "valid_until = 2026-01-31\n")
    run(guides, settings, embedder)
    assert "marche" not in guides_near(open_index(settings, embedder), embedder, "emplacement")


def test_an_empty_folder_changes_nothing_and_is_refused(
    guides: Path, settings: Settings, embedder: Embedding
) -> None:
    run(guides, settings, embedder)
    shutil.rmtree(guides)
    guides.mkdir()
    with pytest.raises(SourceError):
        run(guides, settings, embedder)
    assert len(open_index(settings, embedder).live().guides) == 3


def test_a_document_that_breaks_keeps_what_was_published(
    guides: Path, settings: Settings, embedder: Embedding
) -> None:
    run(guides, settings, embedder)
    (guides / "marche" / "fr.md").write_bytes(b"")
    second = run(guides, settings, embedder)
    assert [refusal.document for refusal in second.plan.refused] == ["marche/fr.md"]
    assert second.plan.kept == ("marche/fr.md",)
    assert len(open_index(settings, embedder).live().guides) == 3


def test_a_second_source_is_published_beside_the_first(
    guides: Path, settings: Settings, embedder: Embedding, tmp_path: Path
) -> None:
    run(guides, settings, embedder)
    other = tmp_path / "other"
    write_guide(other, "chasse", TEXT)
    second = run(other, settings, embedder, "region")
    assert second.guides == 4
    assert run(guides, settings, embedder).edition == second.edition


def test_two_sources_cannot_carry_the_same_guide(
    guides: Path, settings: Settings, embedder: Embedding, tmp_path: Path
) -> None:
    run(guides, settings, embedder)
    other = tmp_path / "other"
    write_guide(other, "marche", TEXT)
    write_guide(other, "chasse", TEXT)
    second = run(other, settings, embedder, "region")
    assert "'marche'" in str(second.plan.refused[0])
    assert second.guides == 4


class Interrupted(Exception):
    pass


def test_a_publish_that_dies_leaves_the_old_edition_and_the_next_goes_on(
    guides: Path, settings: Settings, embedder: Embedding, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = run(guides, settings, embedder)
    for number in range(40):
        write_guide(guides, f"guide-{number}", f"## Tarifs\n\nLa place coûte {number + 20} €.\n")
    calls = 0
    read = type(embedder).read_texts

    def dies(self: Embedding, texts: Sequence[str], role: Any) -> TextVectors:
        nonlocal calls
        calls += 1
        if calls == 2:
            raise Interrupted
        return read(self, texts, role)

    monkeypatch.setattr("ingest.editions.storing.BATCH", 30)
    monkeypatch.setattr(type(embedder), "read_texts", dies)
    with pytest.raises(Interrupted):
        run(guides, settings, embedder)
    assert open_index(settings, embedder).live().number == first.edition
    monkeypatch.undo()
    again = run(guides, settings, embedder)
    assert again.guides == 43
    assert again.embedded == again.passages - first.passages - 30


def test_a_second_publisher_is_refused_while_one_runs(
    guides: Path, settings: Settings, embedder: Embedding
) -> None:
    settings.index_folder.mkdir(parents=True)
    with FileLock(settings.index_folder / "publish.lock"), pytest.raises(IndexUnusable):
        run(guides, settings, embedder)


def test_an_index_refuses_another_model_and_other_passage_rules(
    guides: Path, settings: Settings, embedder: Embedding, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(guides, settings, embedder)
    with pytest.raises(IndexMismatch, match="embedding"):
        run(guides, settings, embedder.model_copy(update={"identity": "another"}))
    monkeypatch.setattr("ingest.publish.PASSAGE_RULES", "0")
    with pytest.raises(IndexMismatch, match="passage rules"):
        run(guides, settings, embedder)


def test_each_passage_of_a_new_index_is_embedded_once(
    guides: Path, settings: Settings, embedder: Embedding, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(8):
        write_guide(guides, f"guide-{number}", f"## Tarifs\n\nLa place coûte {number + 20} €.\n")
    texts: list[str] = []
    read = type(embedder)._read

    def counts(self: Embedding, given: list[str], role: Any, *, is_by_token: bool) -> TextVectors:
        texts.extend(text for text in given if "\n" in text)
        return read(self, given, role, is_by_token=is_by_token)

    monkeypatch.setattr("ingest.editions.storing.BATCH", 4)
    monkeypatch.setattr("ingest.editions.storing.SAMPLE", 10)
    monkeypatch.setattr("ingest.editions.storing.TOKEN_SAMPLE", 3)
    monkeypatch.setattr(type(embedder), "_read", counts)
    published = run(guides, settings, embedder)
    assert len(texts) == len(set(texts)) == published.guides
    index = open_index(settings, embedder)
    assert index.tokens.stored(list(index.live().places)) == index.live().places.keys()


def test_an_index_without_token_vectors_is_left_to_the_version_that_wrote_it(
    guides: Path, settings: Settings, embedder: Embedding
) -> None:
    run(guides, settings, embedder)
    with sqlite3.connect(settings.index_folder / "catalogue.sqlite") as catalogue:
        catalogue.execute("DELETE FROM note WHERE key = 'token_basis'")
    write_guide(guides, "chasse", TEXT)
    with pytest.raises(IndexMismatch, match="without token vectors"):
        run(guides, settings, embedder)
    with pytest.raises(IndexUnusable, match="earlier version"):
        open_index(settings, embedder)
