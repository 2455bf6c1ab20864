from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from civic_assistant.handoff.hours import Hours, Span

PARIS = ZoneInfo("Europe/Paris")
MORNING, AFTERNOON = Span(time(8, 30), time(12)), Span(time(13, 30), time(17, 30))
WEEK = ((MORNING, AFTERNOON),) * 5 + ((), ())
HOURS = Hours(PARIS, WEEK, {date(2026, 12, 24): (MORNING,), date(2026, 12, 28): ()})


def paris(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=PARIS)


@pytest.mark.parametrize(
    ("at", "closes"),
    [
        ("2026-11-23T08:29:59", None),
        ("2026-11-23T08:30", "2026-11-23T12:00"),
        ("2026-11-23T11:59:59", "2026-11-23T12:00"),
        ("2026-11-23T12:00", None),
        ("2026-11-23T17:29", "2026-11-23T17:30"),
        ("2026-11-28T10:00", None),  # a Saturday
        ("2026-12-24T11:00", "2026-12-24T12:00"),
        ("2026-12-24T14:00", None),
        ("2026-12-25T10:00", None),  # Noël
        ("2026-12-28T10:00", None),
    ],
)
def test_a_desk_is_open_within_its_spans(at: str, closes: str | None) -> None:
    expected = paris(closes) if closes else None
    assert HOURS.closes_at(paris(at)) == expected
    assert HOURS.is_open(paris(at)) is (closes is not None)


@pytest.mark.parametrize(
    ("at", "opens"),
    [
        ("2026-11-23T07:00", "2026-11-23T08:30"),
        ("2026-11-23T10:00", "2026-11-23T13:30"),
        ("2026-11-27T18:00", "2026-11-30T08:30"),  # over the weekend
        ("2026-12-24T12:30", "2026-12-29T08:30"),  # Noël, a weekend and an exception
        ("2026-05-07T18:00", "2026-05-11T08:30"),  # 8 mai
    ],
)
def test_the_next_opening_passes_breaks_holidays_and_exceptions(at: str, opens: str) -> None:
    assert HOURS.next_opening(paris(at)) == paris(opens)


def test_a_desk_that_never_opens_says_so() -> None:
    assert Hours(PARIS, ((),) * 7, {}).next_opening(paris("2026-11-23T10:00")) is None


def test_summer_time_moves_the_opening_by_an_hour_of_utc() -> None:
    assert HOURS.next_opening(paris("2026-03-28T10:00")) == datetime(2026, 3, 30, 6, 30, tzinfo=UTC)
    assert HOURS.next_opening(paris("2026-10-24T10:00")) == datetime(
        2026, 10, 26, 7, 30, tzinfo=UTC
    )


def test_any_offset_means_the_same_moment() -> None:
    at = datetime(2026, 11, 23, 16, 45, tzinfo=ZoneInfo("Asia/Tokyo"))  # 8:45 in Paris
    assert HOURS.is_open(at)


def test_public_holidays_are_those_of_the_region() -> None:
    friday = date(2026, 4, 3)
    moselle = Hours(PARIS, WEEK, {}, region="57")
    assert (HOURS.holiday(friday), moselle.holiday(friday)) == (None, "Vendredi saint")
    assert HOURS.holiday(date(2026, 7, 14)) == "Fête nationale"
    assert HOURS.holiday(date(2026, 4, 6)) == "Lundi de Pâques"


def test_an_exception_opens_a_public_holiday() -> None:
    market = Hours(PARIS, WEEK, {date(2026, 7, 14): (MORNING,)})
    assert market.is_open(paris("2026-07-14T09:00"))


@pytest.mark.parametrize(
    ("at", "minutes", "served"),
    [
        ("2026-11-23T11:50", 5, "2026-11-23T11:55"),
        ("2026-11-23T11:50", 15, "2026-11-23T13:35"),  # over lunch
        ("2026-11-23T12:30", 10, "2026-11-23T13:40"),
        ("2026-11-23T17:20", 15, None),  # past closing
        ("2026-11-23T18:00", 1, None),
    ],
)
def test_open_time_passes_only_while_the_desk_is_open(
    at: str, minutes: int, served: str | None
) -> None:
    assert HOURS.after_open_seconds(paris(at), 60 * minutes) == (paris(served) if served else None)


def test_a_lunch_break_is_not_the_end_of_the_day() -> None:
    assert HOURS.opens_again_that_day(paris("2026-11-23T12:30"))
    assert not HOURS.opens_again_that_day(paris("2026-11-23T14:00"))
