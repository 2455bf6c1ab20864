"""An endpoint that is down is left alone, and tried again by one call at a time."""

from __future__ import annotations

from civic_assistant.language_model.breaker import Breaker


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def opened(clock: Clock) -> Breaker:
    breaker = Breaker(3, 60.0, clock)
    for _ in range(3):
        assert breaker.admits()
        breaker.failed()
    return breaker


def test_it_opens_after_so_many_failures_in_a_row() -> None:
    breaker = Breaker(3, 60.0, Clock())
    for failures in range(2):
        breaker.failed()
        assert breaker.admits(), failures
    breaker.failed()
    assert not breaker.admits()


def test_a_success_between_failures_starts_the_count_again() -> None:
    breaker = Breaker(2, 60.0, Clock())
    breaker.failed()
    breaker.succeeded()
    breaker.failed()
    assert breaker.admits()


def test_after_the_pause_one_call_probes_and_the_others_wait() -> None:
    clock = Clock()
    breaker = opened(clock)
    clock.now = 59.0
    assert not breaker.admits()
    clock.now = 60.0
    assert [breaker.admits() for _ in range(3)] == [True, False, False]


def test_a_probe_that_succeeds_closes_it() -> None:
    clock = Clock()
    breaker = opened(clock)
    clock.now = 60.0
    assert breaker.admits()
    breaker.succeeded()
    assert breaker.admits()
    assert not breaker.is_open


def test_a_probe_that_fails_leaves_it_alone_for_another_pause() -> None:
    clock = Clock()
    breaker = opened(clock)
    clock.now = 60.0
    assert breaker.admits()
    clock.now = 75.0
    breaker.failed()
    clock.now = 134.0
    assert not breaker.admits()
    clock.now = 135.0
    assert breaker.admits()


def test_a_probe_that_was_never_told_of_counts_as_lost_after_a_pause() -> None:
    clock = Clock()
    breaker = opened(clock)
    clock.now = 60.0
    assert breaker.admits()
    clock.now = 120.0
    assert breaker.admits()
