"""A draft is published with the corpus folder: both say the same, or neither has changed."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from civic_assistant.catalogue import open_catalogue
from civic_assistant.embedding import Embedding
from civic_assistant.errors import DraftOutdated, EditionMissing, EditionStale
from civic_assistant.settings import Settings
from ingest.drafts import draft_publishing
from ingest.drafts.draft_publishing import publish_draft
from ingest.drafts.working_copy import WorkingCopy
from ingest.editions.restoring import differing, restore
from ingest.editions.rolling import roll_to
from ingest.folder import FolderSource
from ingest.progress import Progress
from ingest.publish import Prepared, prepare, publish
from ingest.sources import Source

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
NAME = "piscine/fr.md"
TEXT = "# Piscine\n\n## Tarifs\n\nL'entrée coûte {} €.\n"


class Town:
    """A published town of one guide, and an editor's draft."""

    def __init__(self, folder: Path, embedding: Embedding) -> None:
        self.settings = Settings(
            embedding="light", corpus_folder=folder / "corpus", index_folder=folder / "index"
        )
        self._embedding = embedding
        guide = self.settings.corpus_folder / "piscine"
        guide.mkdir(parents=True)
        (guide / "guide.toml").write_text('id = "piscine"\ndepartment = "Sports"\n', "utf-8")
        self.text = guide / "fr.md"
        self.text.write_text(TEXT.format(4), "utf-8")
        self.publish_folder()
        self.draft = WorkingCopy(folder / "draft", self.settings.corpus_folder)
        self.draft.change(NAME, TEXT.format(5).encode())

    def prepare(self, source: Source) -> Prepared:
        return prepare(source, self.settings, self._embedding, Progress(visible=False))

    def publish_folder(self) -> bool:
        """Publish the corpus folder, and return whether that changed anything."""
        source = FolderSource(self.settings.corpus_folder)
        published = publish(source, self.settings, self._embedding, Progress(visible=False))
        return published.plan.is_change

    def live_fee(self) -> str:
        catalogue = open_catalogue(self.settings.index_folder)
        (entry,) = catalogue.entries(catalogue.live_edition())
        return catalogue.guide(entry.digest).sections[0].text


@pytest.fixture
def town(tmp_path: Path, embedder: Embedding) -> Town:
    return Town(tmp_path, embedder)


def test_a_published_draft_is_live_and_in_the_folder(town: Town) -> None:
    staged = town.prepare(town.draft.source()).edition
    assert town.text.read_text("utf-8") == TEXT.format(4)
    assert publish_draft(town.draft, staged, town.settings, author="Zoé") == (NAME,)
    assert town.live_fee() == "L'entrée coûte 5 €."
    assert town.text.read_text("utf-8") == TEXT.format(5)
    assert town.draft.changed() == ()
    assert not town.publish_folder()


def test_a_step_back_is_not_undone_by_the_next_publish_of_the_folder(town: Town) -> None:
    staged = town.prepare(town.draft.source()).edition
    publish_draft(town.draft, staged, town.settings)
    switch = roll_to(1, town.settings)
    assert differing(1, town.settings) == (NAME,)
    restore(switch.edition, switch.before, town.settings, at=NOW)
    assert not town.publish_folder()
    assert town.live_fee() == "L'entrée coûte 4 €."


def test_a_draft_planned_on_an_older_edition_changes_nothing(town: Town) -> None:
    staged = town.prepare(town.draft.source()).edition
    other = town.text.parent.parent / "mairie"
    other.mkdir()
    (other / "guide.toml").write_text('id = "mairie"\ndepartment = "Accueil"\n', "utf-8")
    (other / "fr.md").write_text("# Mairie\n\nElle ouvre à 9 h.\n", "utf-8")
    town.publish_folder()
    with pytest.raises(EditionStale):
        publish_draft(town.draft, staged, town.settings)
    assert town.text.read_text("utf-8") == TEXT.format(4)
    assert town.draft.changed() == (NAME,)


def test_a_draft_whose_edition_was_dropped_changes_nothing(town: Town) -> None:
    staged = town.prepare(town.draft.source()).edition
    assert staged is not None
    open_catalogue(town.settings.index_folder).drop_staged(staged, NOW)
    with pytest.raises(EditionMissing):
        publish_draft(town.draft, staged, town.settings)
    assert town.text.read_text("utf-8") == TEXT.format(4)


def test_a_folder_changed_by_somebody_else_is_not_overwritten(town: Town) -> None:
    staged = town.prepare(town.draft.source()).edition
    town.text.write_text(TEXT.format(6), "utf-8")
    with pytest.raises(DraftOutdated):
        publish_draft(town.draft, staged, town.settings)
    assert town.live_fee() == "L'entrée coûte 4 €."
    assert town.text.read_text("utf-8") == TEXT.format(6)


def test_a_publish_killed_between_folder_and_switch_is_done_again(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    staged = town.prepare(town.draft.source()).edition

    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(draft_publishing, "go_live", killed)
        publish_draft(town.draft, staged, town.settings)
    assert town.text.read_text("utf-8") == TEXT.format(5)
    assert town.live_fee() == "L'entrée coûte 4 €."
    assert town.draft.changed() == (NAME,)
    assert publish_draft(town.draft, staged, town.settings) == ()
    assert town.live_fee() == "L'entrée coûte 5 €."
    assert town.draft.changed() == ()


def test_a_change_that_citizens_do_not_see_is_written_to_the_folder(town: Town) -> None:
    town.draft.discard()
    town.draft.change(NAME, TEXT.format("4").encode() + b"\n\n")
    assert town.prepare(town.draft.source()).edition is None
    assert publish_draft(town.draft, None, town.settings) == (NAME,)
    assert town.text.read_bytes() == TEXT.format(4).encode() + b"\n\n"
