from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import Engine, func, select

from civic_assistant.attempts import ATTEMPTS, Attempts, bucket_of
from civic_assistant.records import reading

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


@pytest.fixture
def attempts(engine: Engine) -> Attempts:
    return Attempts(engine, "login", 3)


def test_the_minute_slides(attempts: Attempts) -> None:
    assert [attempts.admits("awa", after(20 * n)) for n in range(3)] == [True] * 3
    assert not attempts.admits("awa", after(59))
    assert attempts.admits("awa", after(60))
    assert not attempts.admits("awa", after(61))
    assert attempts.admits("bo", after(61))


def test_a_login_counts_however_it_is_written(attempts: Attempts) -> None:
    assert [attempts.admits(login, NOW) for login in ("awa", " AWA", "Awa ")] == [True] * 3
    assert not attempts.admits("awa", NOW)


def test_attempts_at_the_same_moment_are_all_counted(attempts: Attempts) -> None:
    with ThreadPoolExecutor(8) as threads:
        admitted = list(threads.map(partial(attempts.admits, now=NOW), ["awa"] * 16))
    assert admitted.count(True) == 3


def test_attempts_are_forgotten_after_a_minute(attempts: Attempts, engine: Engine) -> None:
    for number in range(20):
        attempts.admits(f"login {number}", NOW)
    attempts.admits("later", after(61))
    with reading(engine) as connection:
        assert connection.scalar(select(func.count()).select_from(ATTEMPTS)) == 1


def test_no_address_and_no_login_is_kept(engine: Engine) -> None:
    Attempts(engine, "address", 3).admits("203.0.113.77", NOW)
    Attempts(engine, "login", 3).admits("awa", NOW)
    Attempts(engine, "question", 3).admits("203.0.113.77", NOW)
    with reading(engine) as connection:
        kept = repr(connection.execute(select(ATTEMPTS)).all())
    assert "203" not in kept and "awa" not in kept
    assert kept.count("-") == 3
    assert len(bucket_of("address", "203.0.113.77")) == len("address-") + 5


def test_an_ipv6_network_counts_as_one_address() -> None:
    first, second = "2001:db8:1:2:a::1", "2001:db8:1:2:b::2"
    assert bucket_of("address", first) == bucket_of("address", second)
    assert bucket_of("address", first) != bucket_of("address", "2001:db8:1:3::1")
