"""Editions: staged, live, gone back to, asked, dropped; real catalogue, Chroma and files."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from civic_assistant.catalogue import open_catalogue
from civic_assistant.errors import (
    EditionBroken,
    EditionMissing,
    EditionStale,
    IndexBusy,
    IndexUnusable,
    SourceError,
    WithdrawalsUnconfirmed,
)
from civic_assistant.index import Index, LiveEdition, open_index
from civic_assistant.kept_vectors import VECTORS_FILE
from civic_assistant.publishing_lock import publisher, publishing
from civic_assistant.settings import Settings
from ingest.editions.damage import damage
from ingest.editions.old_editions import READERS, drop_old_editions, editions_at_hand
from ingest.editions.rolling import roll_back, roll_forward, roll_to
from ingest.editions.wholeness import wholeness
from ingest.publish import go_live
from tests.ingest.by_hand import Town, fee, fees

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)


@pytest.fixture
def town(tmp_path: Path) -> Town:
    return Town(tmp_path)


def reader(town: Town) -> Index:
    return open_index(town.settings, town.embedding)


def euros(edition: LiveEdition, index: Index, guide_id: str) -> str:
    entry = edition.versions[guide_id]["fr"]
    return index.guide(entry.digest).sections[0].text.split()[-2]


def test_a_staged_edition_is_seen_by_nobody_before_it_goes_live(town: Town) -> None:
    town.publish(*fees(3))
    index = reader(town)
    prepared = town.prepare(*fees(2), fee("guide-02", 12))
    assert prepared.edition is not None
    assert euros(index.live(), index, "guide-02") == "10"
    assert euros(index.edition(prepared.edition), index, "guide-02") == "12"
    go_live(prepared.edition, town.settings, author="ben", reason="fees")
    assert euros(index.live(), index, "guide-02") == "12"
    assert open_catalogue(town.settings.index_folder).switches()[-1].author == "ben"


def test_nothing_is_staged_when_nothing_changes(town: Town) -> None:
    first = town.publish(*fees(3))
    prepared = town.prepare(*fees(3))
    assert (prepared.edition, prepared.base, prepared.passages) == (None, first.edition, 6)


def test_what_is_staged_twice_is_one_edition(town: Town) -> None:
    assert town.prepare(*fees(3)).edition == town.prepare(*fees(3)).edition


def test_of_two_plans_on_the_same_edition_the_second_must_be_made_again(town: Town) -> None:
    town.publish(*fees(3))
    plans = [town.prepare(*fees(2), fee("guide-02", price)).edition for price in (12, 14)]
    assert plans[0] is not None and plans[1] is not None
    go_live(plans[0], town.settings)
    with pytest.raises(EditionStale, match="plan again"):
        go_live(plans[1], town.settings)


def test_back_and_forward_embed_nothing_and_are_in_the_history(town: Town) -> None:
    first = town.publish(*fees(3))
    second = town.publish(*fees(2), fee("guide-02", 12))
    index = reader(town)
    assert roll_back(town.settings, author="ben", reason="wrong fee").edition == first.edition
    assert euros(index.live(), index, "guide-02") == "10"
    with pytest.raises(IndexUnusable, match="no edition was live before"):
        roll_back(town.settings)
    assert roll_forward(town.settings).edition == second.edition
    assert euros(index.live(), index, "guide-02") == "12"
    with pytest.raises(IndexUnusable, match="no step back"):
        roll_forward(town.settings)
    kinds = [switch.kind for switch in open_catalogue(town.settings.index_folder).switches()]
    assert kinds == ["publish", "publish", "back", "forward"]


def test_only_an_edition_that_was_live_is_gone_back_to(town: Town) -> None:
    first = town.publish(*fees(3))
    staged = town.prepare(*fees(4)).edition
    assert first.edition is not None and staged is not None
    with pytest.raises(IndexUnusable, match="publish it instead"):
        roll_to(staged, town.settings)
    with pytest.raises(IndexUnusable, match="live already"):
        roll_to(first.edition, town.settings)
    with pytest.raises(EditionMissing, match="never staged"):
        roll_to(99, town.settings)


def test_publishing_after_a_step_back_goes_on_from_there(town: Town) -> None:
    town.publish(*fees(3))
    town.publish(*fees(4))
    roll_back(town.settings)
    third = town.publish(*fees(3), fee("new", 5))
    assert third.guides == 4
    assert roll_back(town.settings).edition == 1


def test_a_source_that_lacks_many_documents_stops_and_asks(town: Town) -> None:
    first = town.publish(*fees(10))
    with pytest.raises(WithdrawalsUnconfirmed, match="lacks 4 of 10") as stopped:
        town.publish(*fees(6))
    assert len(stopped.value.withdrawn) == 4
    assert open_catalogue(town.settings.index_folder).live_edition() == first.edition
    assert town.publish(*fees(6), is_confirmed=True).guides == 6


def test_a_few_withdrawals_are_not_asked_about(town: Town) -> None:
    town.publish(*fees(4))
    assert town.publish(*fees(1)).plan.withdrawn == tuple(f"guide-0{n}/fr.md" for n in (1, 2, 3))


def test_an_empty_source_is_refused_even_when_confirmed(town: Town) -> None:
    town.publish(*fees(3))
    with pytest.raises(SourceError, match="no readable guide"):
        town.publish(is_confirmed=True)


def test_a_publisher_is_refused_by_the_name_of_the_other(town: Town) -> None:
    town.publish(*fees(1))
    folder = town.settings.index_folder
    with publishing(folder, "national", "routine", NOW):
        assert (
            publisher(folder) == "source 'national' by 'routine', since 2026-11-22T10:00:00+00:00"
        )
        with pytest.raises(IndexBusy, match="source 'national' by 'routine'"):
            town.publish(*fees(2))
    assert publisher(folder) is None


def test_a_step_back_does_not_wait_for_a_publisher(town: Town) -> None:
    town.publish(*fees(1))
    town.publish(*fees(2))
    with publishing(town.settings.index_folder, "national", "routine", NOW):
        assert roll_back(town.settings).edition == 1


def test_an_edition_that_lacks_something_does_not_go_live_and_is_made_whole(town: Town) -> None:
    town.publish(*fees(2))
    staged = town.prepare(*fees(3)).edition
    assert staged is not None
    with closing(sqlite3.connect(town.settings.index_folder / VECTORS_FILE)) as kept, kept:
        kept.execute("DELETE FROM passage_vector")
    with pytest.raises(EditionBroken, match="6 without vector"):
        go_live(staged, town.settings)
    healed = town.publish(*fees(3))
    assert healed.embedded == 6
    catalogue = open_catalogue(town.settings.index_folder)
    assert wholeness(catalogue, town.settings, catalogue.live_edition()).is_whole


def test_a_whole_edition_is_found_whole_and_damage_is_named(town: Town) -> None:
    number = town.publish(*fees(3)).edition
    assert number is not None
    settings, catalogue = town.settings, open_catalogue(town.settings.index_folder)
    assert list(damage(catalogue, settings, number)) == []
    for part in ("", "-wal"):  # the log holds every page for as long as anybody has the file open
        (settings.index_folder / f"{VECTORS_FILE}{part}").write_bytes(b"no database" * 1000)
    ids = (
        settings.index_folder / "keywords" / catalogue.edition(number).keywords / "fr" / "ids.json"
    )
    ids.write_text("[]", encoding="utf-8")
    found = " ".join(damage(catalogue, settings, number))
    assert "'vectors.sqlite' is damaged" in found
    assert "words are those of other passages" in found


def kept_settings(town: Town, **changed: int) -> Settings:
    return town.settings.model_copy(update=changed)


def test_old_editions_are_dropped_with_what_only_they_held(town: Town) -> None:
    for price in (10, 12, 14, 16):
        town.publish(*fees(3), fee("market", price))
    later = datetime.now(UTC) + READERS
    dropped = drop_old_editions(kept_settings(town, editions_kept=2), {1}, later)
    assert (dropped.editions, dropped.guides, dropped.passages) == ((2,), 1, 1)
    catalogue = open_catalogue(town.settings.index_folder)
    assert [e.state for e in catalogue.editions()] == [
        "published", "dropped", "published", "published"
    ]  # fmt: skip
    with pytest.raises(EditionMissing, match="not kept any more"):
        roll_to(2, town.settings)
    index = reader(town)
    assert euros(index.edition(1), index, "market") == "10"
    assert index.edition(1).keywords.ids() == index.edition(1).places.keys()
    for number in (1, 3, 4):
        assert wholeness(catalogue, town.settings, number).without_vector == 0
    assert drop_old_editions(kept_settings(town, editions_kept=2), {1}, later).editions == ()


def test_what_a_killed_publish_did_not_write_to_the_end_is_purged(town: Town) -> None:
    town.publish(*fees(3))
    index = town.settings.index_folder
    (index / "chroma-2.staged").mkdir()
    (index / "keywords" / "0.staged").mkdir()
    (index / "documents" / "ab").mkdir(parents=True)
    (index / "documents" / "ab" / ".abc.bytes.part").write_bytes(b"# 4")
    drop_old_editions(town.settings, [], datetime.now(UTC))
    assert [*index.rglob("*.staged"), *index.rglob("*.part")] == []


def test_an_edition_the_journal_needed_loses_its_words_and_gets_them_again(town: Town) -> None:
    for price in (10, 12, 14):
        town.publish(fee("market", price))
    later = datetime.now(UTC) + READERS
    drop_old_editions(kept_settings(town, editions_kept=1), {1}, later)
    assert len(list((town.settings.index_folder / "keywords").iterdir())) == 1
    assert roll_to(1, town.settings).edition == 1
    index = reader(town)
    assert index.live().keywords.search("coûte 10 €", "fr", 3)


def test_nothing_is_dropped_that_somebody_may_still_read(town: Town) -> None:
    for price in (10, 12, 14):
        town.publish(fee("market", price))
    settings = kept_settings(town, editions_kept=1)
    assert drop_old_editions(settings, (), datetime.now(UTC)).editions == ()
    switches = open_catalogue(settings.index_folder).switches()
    assert editions_at_hand(switches, 1, switches[-1].at + READERS) == {3}


def test_a_staged_edition_is_given_up_after_its_days(town: Town) -> None:
    town.publish(*fees(2))
    staged = town.prepare(*fees(3)).edition
    later = datetime.now(UTC)
    assert drop_old_editions(town.settings, (), later + timedelta(days=6)).editions == ()
    dropped = drop_old_editions(town.settings, (), later + timedelta(days=8))
    assert dropped.editions == (staged,)
    assert dropped.guides == 1


def test_a_change_of_one_guide_makes_no_new_graph_and_is_found(town: Town) -> None:
    town.publish(*fees(5))
    index = reader(town)
    folder = index.live().vectors.graph
    town.publish(*fees(4), fee("guide-04", 77))
    live = index.live()
    assert live.vectors.graph is folder
    assert len(live.vectors.apart) == 1
    vector = index.centring.centred(
        town.embedding.embed_texts(["La démarche guide-04 coûte 77 €."], "passage"), "passage", "fr"
    )[0]
    found = [id_ for id_, _ in index.nearest(vector, live, NOW.date(), 5)]
    assert live.vectors.apart[0] in found


def test_an_edition_that_is_not_held_any_more_is_refused_by_name(town: Town) -> None:
    town.publish(*fees(2))
    with pytest.raises(EditionMissing, match="edition 9 was never staged"):
        reader(town).edition(9)
