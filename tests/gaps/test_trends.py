from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from civic_assistant.gaps.trends import by_week, trend_of, weeks_of

PARIS = ZoneInfo("Europe/Paris")
UNTIL = datetime(2026, 11, 23, tzinfo=UTC)
STEADY = [UNTIL - timedelta(days=n) for n in range(60, -1, -1)]


def ago(*days: float) -> list[datetime]:
    return sorted(UNTIL - timedelta(days=each) for each in days)


def test_weeks_begin_on_the_towns_mondays() -> None:
    sunday = datetime(2026, 11, 1, 22, tzinfo=UTC)
    monday = datetime(2026, 11, 1, 23, 30, tzinfo=UTC)  # already Monday in Paris
    weeks = weeks_of(sunday, datetime(2026, 11, 10, tzinfo=UTC), PARIS)
    assert weeks == (date(2026, 10, 26), date(2026, 11, 2), date(2026, 11, 9))
    assert by_week([sunday, monday, monday], weeks, PARIS) == (1, 2, 0)


def test_a_gap_asked_about_more_and_more_rises_and_one_forgotten_falls() -> None:
    assert trend_of(ago(50, 20, 18, 12, 9, 3), STEADY, UNTIL) == "steady"
    assert trend_of(ago(20, 18, 12, 9), STEADY, UNTIL) == "rising"
    assert trend_of(ago(58, 55, 50, 41), STEADY, UNTIL) == "falling"


def test_what_began_this_week_is_new_unless_everything_did() -> None:
    assert trend_of(ago(5, 1), STEADY, UNTIL) == "new"
    assert trend_of(ago(5, 1), ago(6, 5, 4, 3, 2, 1), UNTIL) == "steady"


def test_a_gap_that_grows_no_more_than_all_that_is_asked_is_steady() -> None:
    growing = sorted([*STEADY, *ago(*(n / 4 for n in range(100)))])
    assert trend_of(ago(20, 18, 12, 9), growing, UNTIL) == "steady"
