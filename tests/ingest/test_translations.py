"""Translations that lag behind their original are told, since when and by which figures."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from civic_assistant.catalogue import Catalogue, guide_digest, open_catalogue
from civic_assistant.edition_log import NewEdition
from civic_assistant.guides import Guide
from ingest.passages import PASSAGE_RULES, passages_of
from ingest.reviewing.translations import Lag, lagging, note_text_dates, text_dates
from tests.guides_by_hand import CANTEEN
from tests.ingest.test_contradictions import ENGLISH, with_text

MONDAY = datetime(2026, 11, 16, 9, tzinfo=UTC)
TUESDAY = datetime(2026, 11, 17, 9, tzinfo=UTC)
DEARER = with_text(CANTEEN, "4,10 €", "4,20 €")
DEARER_ENGLISH = with_text(ENGLISH, "€4.10", "€4.20")


def edition(catalogue: Catalogue, *guides: Guide) -> int:
    for guide in guides:
        catalogue.keep(guide, guide_digest(guide, PASSAGE_RULES), passages_of(guide), "read")
    digests = [guide_digest(guide, PASSAGE_RULES) for guide in guides]
    return catalogue.stage(digests, NewEdition("town", "words"), MONDAY)


def noted(folder: Path, *editions: tuple[datetime, tuple[Guide, ...]]) -> Catalogue:
    catalogue = open_catalogue(folder, create=True)
    for at, guides in editions:
        note_text_dates(catalogue, edition(catalogue, *guides), at)
    return catalogue


def told(lags: tuple[Lag, ...]) -> list[tuple[str, datetime | None, tuple[str, ...]]]:
    return [(lag.language, lag.since, lag.figures) for lag in lags]


def test_an_original_that_changes_alone_leaves_its_translation_behind(tmp_path: Path) -> None:
    catalogue = noted(tmp_path, (MONDAY, (CANTEEN, ENGLISH)), (TUESDAY, (DEARER, ENGLISH)))

    lags = lagging([DEARER, ENGLISH], text_dates(catalogue), "fr")

    assert told(lags) == [("en", TUESDAY, ("4,20 €",))]


def test_a_translation_that_changes_with_its_original_or_after_does_not_lag(tmp_path: Path) -> None:
    catalogue = noted(
        tmp_path,
        (MONDAY, (CANTEEN, ENGLISH)),
        (TUESDAY, (DEARER, DEARER_ENGLISH)),
    )

    assert lagging([DEARER, DEARER_ENGLISH], text_dates(catalogue), "fr") == ()


def test_what_a_publish_would_leave_behind_is_told_before_it_is_live(tmp_path: Path) -> None:
    dates = text_dates(noted(tmp_path, (MONDAY, (CANTEEN, ENGLISH))))
    published = [CANTEEN, ENGLISH]

    assert told(lagging([DEARER, ENGLISH], dates, "fr", published)) == [("en", None, ("4,20 €",))]
    assert lagging([DEARER, DEARER_ENGLISH], dates, "fr", published) == ()
    assert lagging([CANTEEN, DEARER_ENGLISH], dates, "fr", published) == ()


def test_an_index_from_before_dates_were_noted_takes_what_is_live_for_old() -> None:
    published = [CANTEEN, ENGLISH]

    assert lagging(published, {}, "fr", published) == ()
    assert told(lagging([DEARER, ENGLISH], {}, "fr", published)) == [("en", None, ("4,20 €",))]


def test_a_change_of_dates_or_department_leaves_no_translation_behind(tmp_path: Path) -> None:
    dates = text_dates(noted(tmp_path, (MONDAY, (CANTEEN, ENGLISH))))
    renewed = replace(CANTEEN, review_by=date(2027, 6, 30), department="Scolaire")

    assert lagging([renewed, ENGLISH], dates, "fr", [CANTEEN, ENGLISH]) == ()


def test_a_step_back_brings_the_older_text_back_with_its_own_date(tmp_path: Path) -> None:
    catalogue = noted(
        tmp_path,
        (MONDAY, (CANTEEN, ENGLISH)),
        (TUESDAY, (DEARER, ENGLISH)),
        (TUESDAY, (CANTEEN, ENGLISH)),
    )

    assert lagging([CANTEEN, ENGLISH], text_dates(catalogue), "fr") == ()


def test_a_guide_without_a_version_in_the_towns_language_has_no_original() -> None:
    spanish = replace(ENGLISH, language="es", document="cantine/es.md")

    assert lagging([ENGLISH, spanish], {}, "fr") == ()
