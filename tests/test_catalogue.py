"""The catalogue: guides by content, editions, the log of what was live, older layouts."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from civic_assistant.catalogue import Catalogue, PassagePlace, guide_digest, open_catalogue
from civic_assistant.catalogue_tables import LAYOUT
from civic_assistant.edition_log import NewEdition, Switch
from civic_assistant.errors import EditionMissing, EditionStale, IndexMismatch, IndexUnusable
from civic_assistant.guides import Guide
from ingest.passages import PASSAGE_RULES, passages_of
from tests.guides_by_hand import CANTEEN, section


def test_a_passage_that_two_versions_share_is_read_from_the_one_asked_for(tmp_path: Path) -> None:
    catalogue = open_catalogue(tmp_path, create=True)
    news = section(("paragraph", "La cantine ferme le 24 décembre."), path=("Actualité",))
    versions = [CANTEEN, replace(CANTEEN, sections=(news, *CANTEEN.sections))]
    digests = [guide_digest(version, PASSAGE_RULES) for version in versions]
    for version, digest in zip(versions, digests, strict=True):
        catalogue.keep(version, digest, passages_of(version), digest)
    shared = passages_of(CANTEEN)[-1]
    sections = [
        catalogue.passages_at([PassagePlace(shared.id, digest)])[shared.id].section
        for digest in digests
    ]
    assert sections == [shared.section, shared.section + 1]


def test_passages_come_back_as_they_were_kept(tmp_path: Path) -> None:
    catalogue = open_catalogue(tmp_path, create=True)
    kept = passages_of(CANTEEN)
    catalogue.keep(CANTEEN, "digest", kept, "fingerprint")
    assert tuple(catalogue.passages(["digest"])) == kept
    places = [PassagePlace(p.id, "digest") for p in kept]
    assert catalogue.passages_at(places) == {p.id: p for p in kept}


NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
LAYOUT_1 = """
CREATE TABLE note (key VARCHAR(40) PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE guide_version (digest VARCHAR(64) PRIMARY KEY, guide_id VARCHAR(120) NOT NULL,
  language VARCHAR(8) NOT NULL, source VARCHAR(40) NOT NULL, document VARCHAR(400) NOT NULL,
  title TEXT NOT NULL, valid_from DATE, valid_until DATE, payload TEXT NOT NULL);
CREATE TABLE passage (digest VARCHAR(64) NOT NULL, ordinal INTEGER NOT NULL, id VARCHAR(32)
  NOT NULL, section INTEGER NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL,
  text TEXT NOT NULL, context TEXT NOT NULL, PRIMARY KEY (digest, ordinal));
CREATE TABLE reading (source VARCHAR(40) NOT NULL, document VARCHAR(400) NOT NULL,
  fingerprint VARCHAR(100) NOT NULL, digest VARCHAR(64) NOT NULL, PRIMARY KEY (source, document));
CREATE TABLE edition (number INTEGER PRIMARY KEY, published_at DATETIME NOT NULL);
CREATE TABLE edition_guide (edition INTEGER NOT NULL, digest VARCHAR(64) NOT NULL,
  PRIMARY KEY (edition, digest));
CREATE TABLE live (id INTEGER PRIMARY KEY, edition INTEGER NOT NULL);
INSERT INTO note VALUES ('schema', '1');
INSERT INTO edition VALUES (1, '2026-11-01 08:00:00.000000'), (2, '2026-11-02 08:00:00.000000'),
  (3, '2026-11-03 08:00:00.000000');
INSERT INTO edition_guide VALUES (1, 'a'), (2, 'a'), (2, 'b'), (3, 'b');
INSERT INTO live VALUES (1, 2);
"""


def staged(catalogue: Catalogue, *guides: Guide, base: int | None = None) -> int:
    digests = [guide_digest(guide, PASSAGE_RULES) for guide in guides]
    for guide, digest in zip(guides, digests, strict=True):
        catalogue.keep(guide, digest, passages_of(guide), digest, NOW)
    new = NewEdition("town", "words", "awa", "fees", base, added=len(digests))
    return catalogue.stage(digests, new, NOW)


def test_an_index_of_layout_1_is_brought_up_to_date_in_place(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "catalogue.sqlite")) as written:
        written.executescript(LAYOUT_1)
    catalogue = open_catalogue(tmp_path)
    assert catalogue.note("schema") == LAYOUT
    assert catalogue.live_edition() == 2
    assert [(e.number, e.state, e.base, e.keywords) for e in catalogue.editions()] == [
        (1, "published", None, "1"),
        (2, "published", 1, "2"),
        (3, "staged", 2, "3"),
    ]
    assert [(s.edition, s.before, s.at.day) for s in catalogue.switches()] == [
        (1, None, 1),
        (2, 1, 2),
    ]
    assert open_catalogue(tmp_path).switches() == catalogue.switches()


def test_an_index_of_an_unknown_layout_is_left_alone(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "catalogue.sqlite")) as written:
        written.executescript(LAYOUT_1.replace("'1'", "'9'"))
    with pytest.raises(IndexMismatch, match="layout '9'"):
        open_catalogue(tmp_path)


def test_an_edition_is_staged_then_published_and_the_log_says_by_whom(tmp_path: Path) -> None:
    catalogue = open_catalogue(tmp_path, create=True)
    first = staged(catalogue, CANTEEN)
    assert catalogue.edition(first).state == "staged"
    switch = catalogue.switch(first, NOW, author="awa", reason="fees")
    assert switch == Switch(NOW, first, None, "awa", "fees", "publish")
    assert catalogue.switches() == [switch]
    entry = catalogue.edition(first)
    assert (entry.state, entry.added, entry.author) == ("published", 1, "awa")


def test_what_was_planned_on_another_edition_does_not_go_live(tmp_path: Path) -> None:
    catalogue = open_catalogue(tmp_path, create=True)
    first = staged(catalogue, CANTEEN)
    catalogue.switch(first, NOW)
    both = [staged(catalogue, CANTEEN, base=first) for _ in range(2)]
    catalogue.switch(both[0], NOW)
    with pytest.raises(EditionStale, match="plan again"):
        catalogue.switch(both[1], NOW)
    assert catalogue.live_edition() == both[0]
    with pytest.raises(IndexUnusable, match="live already"):
        catalogue.switch(both[0], NOW)
    with pytest.raises(IndexUnusable, match="was live before"):
        catalogue.switch(first, NOW)


def test_a_staged_edition_can_be_given_up_and_one_that_was_live_cannot(tmp_path: Path) -> None:
    catalogue = open_catalogue(tmp_path, create=True)
    first = staged(catalogue, CANTEEN)
    catalogue.switch(first, NOW)
    second = staged(catalogue, CANTEEN, base=first)
    catalogue.drop_staged(second, NOW)
    assert catalogue.edition(second).state == "dropped"
    assert catalogue.entries(second) == []
    with pytest.raises(EditionMissing, match="not kept any more"):
        catalogue.switch(second, NOW)
    with pytest.raises(IndexUnusable, match="was live"):
        catalogue.drop_staged(first, NOW)
    with pytest.raises(EditionMissing, match="never staged"):
        catalogue.drop_staged(99, NOW)


def test_what_no_kept_edition_holds_is_forgotten(tmp_path: Path) -> None:
    catalogue = open_catalogue(tmp_path, create=True)
    other = replace(CANTEEN, id="market")
    first = staged(catalogue, CANTEEN)
    second = staged(catalogue, other)
    later = NOW + timedelta(days=30)
    forgotten = catalogue.keep_only({second}, later, later)
    assert (forgotten.editions, forgotten.versions) == ((first,), 1)
    assert catalogue.passage_ids() == {p.id for p in passages_of(other)}
    assert catalogue.edition(first).state == "dropped"


def test_what_was_read_lately_stays_for_a_publish_that_goes_on(tmp_path: Path) -> None:
    catalogue = open_catalogue(tmp_path, create=True)
    catalogue.keep(CANTEEN, "digest", passages_of(CANTEEN), "fingerprint", NOW)
    kept = catalogue.keep_only((), NOW - timedelta(days=7), NOW)
    assert kept.versions == 0
    assert catalogue.keep_only((), NOW + timedelta(days=8), NOW).versions == 1


def test_the_same_staged_edition_is_found_again(tmp_path: Path) -> None:
    catalogue = open_catalogue(tmp_path, create=True)
    first = staged(catalogue, CANTEEN)
    digests = [entry.digest for entry in catalogue.entries(first)]
    assert catalogue.staged_alike(digests, None) == first
    assert catalogue.staged_alike(digests, 7) is None
    assert catalogue.staged_alike([], None) is None
