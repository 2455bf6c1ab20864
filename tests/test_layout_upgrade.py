"""An index that an earlier version of the program wrote goes on without being embedded again."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from civic_assistant.catalogue import open_catalogue
from civic_assistant.index import open_index
from civic_assistant.kept_vectors import KeptVectors
from ingest.editions.damage import damage
from ingest.editions.rolling import roll_back
from ingest.editions.wholeness import wholeness
from tests.ingest.by_hand import Town, fee, fees

BACK_TO_LAYOUT_1 = """
DROP TABLE switch;
ALTER TABLE reading DROP COLUMN read_at;
ALTER TABLE edition RENAME COLUMN staged_at TO published_at;
UPDATE note SET value = '1' WHERE key = 'schema';
DELETE FROM note WHERE key = 'vectors';
"""
NEW_COLUMNS = ("source", "keywords", "author", "reason", "base", "added", "changed", "withdrawn",
               "dropped_at")  # fmt: skip


@pytest.fixture
def town(tmp_path: Path) -> Town:
    """Return a town whose index is as layout 1 had it: vectors in Chroma, words by number."""
    town = Town(tmp_path)
    number = town.publish(*fees(3)).edition
    assert number is not None
    folder = town.settings.index_folder
    name = open_catalogue(folder).edition(number).keywords
    (folder / "keywords" / name).rename(folder / "keywords" / str(number))
    for left in (*folder.glob("vectors.sqlite*"), *folder.glob("words.sqlite*")):
        left.unlink()
    with closing(sqlite3.connect(folder / "catalogue.sqlite")) as catalogue:
        catalogue.executescript(BACK_TO_LAYOUT_1)
        for column in NEW_COLUMNS:
            catalogue.execute(f"ALTER TABLE edition DROP COLUMN {column}")
        catalogue.commit()
    return town


def test_it_is_read_as_it_was(town: Town) -> None:
    index = open_index(town.settings, town.embedding)
    live = index.live()
    vector = town.embedding.embed_texts(["La démarche guide-01 coûte 10 €."], "passage")[0]
    assert len(index.nearest(vector, live, town.day, 6)) == 6
    assert index.cosines(vector, live.places).keys() == live.places.keys()
    assert live.keywords.search("coûte", "fr", 3)
    assert KeptVectors(town.settings.index_folder).ids() == live.places.keys()


def test_a_change_embeds_what_changed_and_can_be_taken_back(town: Town) -> None:
    changed = town.publish(*fees(2), fee("guide-02", 12))
    assert (changed.embedded, changed.edition) == (1, 2)
    assert roll_back(town.settings).edition == 1
    catalogue = open_catalogue(town.settings.index_folder)
    for number in (1, 2):
        assert wholeness(catalogue, town.settings, number).is_whole
        assert list(damage(catalogue, town.settings, number)) == []


def test_nothing_changed_changes_nothing(town: Town) -> None:
    again = town.publish(*fees(3))
    assert (again.embedded, again.edition) == (0, 1)
