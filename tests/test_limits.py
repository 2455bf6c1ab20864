from __future__ import annotations

from threading import Thread

import pytest

from civic_assistant.limits import RateLimit, bounded_question
from civic_assistant.outcomes import Refused


class Clock:
    """A clock that goes when told."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_an_address_may_ask_so_often_in_any_minute() -> None:
    clock = Clock()
    limit = RateLimit(2, clock)
    asked = []
    for second in (0, 30, 59, 60, 61, 90):
        clock.now = second
        asked.append(limit.admits("192.0.2.1"))
    assert asked == [True, True, False, True, False, True]


def test_whether_an_address_has_asked_enough_can_be_seen_without_counting() -> None:
    clock = Clock()
    limit = RateLimit(1, clock)
    assert [limit.is_spent("192.0.2.1") for _ in range(2)] == [False, False]
    assert limit.admits("192.0.2.1")
    assert limit.is_spent("::ffff:192.0.2.1")
    clock.now = 60
    assert not limit.is_spent("192.0.2.1")


def test_addresses_do_not_count_for_one_another() -> None:
    limit = RateLimit(1, Clock())
    assert [limit.admits(name) for name in ("192.0.2.1", "192.0.2.2", "192.0.2.1")] == [
        True,
        True,
        False,
    ]


def test_a_network_of_ipv6_is_one_address() -> None:
    limit = RateLimit(1, Clock())
    assert limit.admits("2001:db8:1:2::1")
    assert not limit.admits("2001:db8:1:2:ffff::9")
    assert limit.admits("2001:db8:1:3::1")


def test_an_ipv4_address_counts_the_same_in_ipv6_form() -> None:
    limit = RateLimit(1, Clock())
    assert limit.admits("192.0.2.1")
    assert not limit.admits("::ffff:192.0.2.1")


def test_silent_addresses_are_forgotten_and_memory_is_bounded() -> None:
    clock = Clock()
    limit = RateLimit(3, clock, addresses_kept=50)
    for number in range(500):
        limit.admits(f"client {number}")
    assert len(limit) == 50
    clock.now = 61
    limit.admits("client 1")
    assert len(limit) == 1


def test_threads_together_get_no_more_than_the_limit() -> None:
    limit = RateLimit(100, Clock())
    admitted: list[bool] = []
    threads = [
        Thread(target=lambda: admitted.extend(limit.admits("a") for _ in range(50)))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert admitted.count(True) == 100


@pytest.mark.parametrize(
    ("text", "bounded"),
    [
        ("  Où voter ?\r\n", "Où voter ?"),
        ("Ou\u0300 voter", "Où voter"),
        ("a\x00b\x07\ud800c\td\ne", "abc\td\ne"),
        ("办护照", "办护照"),
        ("👍", "👍"),
        ("x" * 50, "x" * 50),
        ("x" * 51, Refused("too_long")),
        ("x" * 100_000, Refused("too_long")),
        ("", Refused("empty")),
        (" \n\t\u200b ", Refused("empty")),
        ("...?!", Refused("empty")),
    ],
)
def test_a_question_is_cleaned_or_refused(text: str, bounded: str | Refused) -> None:
    assert bounded_question(text, 50) == bounded
