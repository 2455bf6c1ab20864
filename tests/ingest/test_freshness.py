"""Guides that are out of date are listed, most urgent first, to their departments."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from ingest.reviewing.freshness import by_department, stale_guides
from tests.guides_by_hand import CANTEEN

TODAY = date(2026, 11, 22)
DAY = timedelta(days=1)


def test_the_day_itself_still_counts_as_in_time() -> None:
    ends_today = replace(CANTEEN, valid_until=TODAY, review_by=TODAY)

    assert [g.staleness for g in stale_guides([ends_today], TODAY)] == ["expiring", "due"]
    assert [g.staleness for g in stale_guides([ends_today], TODAY + DAY)] == ["expired"]


def test_a_review_date_that_is_past_makes_a_guide_overdue_and_no_longer_due() -> None:
    overdue = replace(CANTEEN, review_by=TODAY - DAY)

    (told,) = stale_guides([overdue], TODAY)

    assert (told.staleness, told.day) == ("overdue", TODAY - DAY)


def test_what_is_far_off_or_without_dates_is_not_listed() -> None:
    far = replace(CANTEEN, valid_until=TODAY + 31 * DAY, review_by=TODAY + 31 * DAY)

    assert stale_guides([CANTEEN, far], TODAY) == ()
    assert len(stale_guides([far], TODAY, soon_days=31)) == 2


def test_language_versions_are_one_entry_and_expired_guides_come_first() -> None:
    french = replace(CANTEEN, review_by=TODAY - DAY)
    english = replace(french, language="en", title="School canteen")
    expired = replace(CANTEEN, id="canicule", valid_until=TODAY - 90 * DAY)

    told = stale_guides([french, english, expired], TODAY)

    assert [(g.guide_id, g.languages) for g in told] == [
        ("canicule", ("fr",)),
        ("cantine", ("fr", "en")),
    ]
    assert told[1].title == "Cantine scolaire"


def test_each_department_gets_its_own_list() -> None:
    first = replace(CANTEEN, review_by=TODAY - DAY, department="Scolaire")
    second = replace(CANTEEN, id="port", review_by=TODAY - 2 * DAY, department="CCAS")

    listed = by_department(stale_guides([first, second], TODAY))

    assert {name: [g.guide_id for g in guides] for name, guides in listed.items()} == {
        "CCAS": ["port"],
        "Scolaire": ["cantine"],
    }
