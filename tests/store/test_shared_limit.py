from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, func, select

from civic_assistant.attempts import ATTEMPTS, Attempts
from civic_assistant.limits import RateLimit
from civic_assistant.migrations import migrate
from civic_assistant.records import open_engine, reading
from civic_assistant.shared_limit import SharedRateLimit, open_limit

ADDRESS = "203.0.113.77"


@pytest.fixture
def processes(postgresql_url: str) -> Iterator[list[Engine]]:
    """Two engines at one database, as two server processes have them."""
    engines = [open_engine(postgresql_url) for _ in range(2)]
    migrate(engines[0])
    yield engines
    for each in engines:
        each.dispose()


def test_two_processes_together_admit_no_more_than_one(processes: list[Engine]) -> None:
    limits = [open_limit(engine, 10) for engine in processes]
    with ThreadPoolExecutor(8) as threads:
        admitted = list(threads.map(lambda n: limits[n % 2].admits(ADDRESS), range(30)))
    assert admitted.count(True) == 10
    assert limits[0].admits("198.51.100.1")


def test_after_a_minute_both_processes_admit_again(processes: list[Engine]) -> None:
    now = [datetime(2026, 11, 23, 9, tzinfo=UTC)]
    limits = [
        SharedRateLimit(RateLimit(9), Attempts(engine, "question", 1), lambda: now[0])
        for engine in processes
    ]
    assert [limit.admits(ADDRESS) for limit in limits] == [True, False]
    now[0] += timedelta(seconds=61)
    assert [limit.admits(ADDRESS) for limit in reversed(limits)] == [True, False]


class Counted(Attempts):
    """Counts how often the database is asked."""

    asked = 0

    def admits(self, who: str, now: datetime) -> bool:
        self.asked += 1
        return super().admits(who, now)


def test_who_floods_one_process_costs_the_database_nothing(processes: list[Engine]) -> None:
    shared = Counted(processes[0], "question", 2)
    limit = SharedRateLimit(RateLimit(2), shared)
    assert [limit.admits(ADDRESS) for _ in range(5)] == [True, True, False, False, False]
    assert shared.asked == 2


def test_without_the_database_each_process_counts_for_itself(postgresql_url: str) -> None:
    gone = open_engine(postgresql_url.replace("5432", "9"))
    limit = open_limit(gone, 2)
    assert [limit.admits(ADDRESS) for _ in range(3)] == [True, True, False]
    gone.dispose()


def test_on_sqlite_the_one_process_writes_nothing_for_a_question(sqlite_engine: Engine) -> None:
    limit = open_limit(sqlite_engine, 2)
    assert [limit.admits(ADDRESS) for _ in range(3)] == [True, True, False]
    with reading(sqlite_engine) as connection:
        assert connection.scalar(select(func.count()).select_from(ATTEMPTS)) == 0
