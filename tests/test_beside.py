"""A new edition is loaded beside the one that answers."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from civic_assistant.beside import BesideLoading
from civic_assistant.errors import IndexUnusable
from civic_assistant.index import LiveEdition
from civic_assistant.keywords import KeywordIndex


def edition(number: int) -> LiveEdition:
    return LiveEdition(number, {}, {}, {}, KeywordIndex({}))


class Slow:
    """Loads an edition when its gate is opened, and counts how often it was asked."""

    def __init__(self) -> None:
        self.gates = {number: threading.Event() for number in range(1, 5)}
        self.asked: list[int] = []
        self.broken: set[int] = set()

    def __call__(self, number: int) -> LiveEdition:
        self.asked.append(number)
        assert self.gates[number].wait(10)
        if number in self.broken:
            raise IndexUnusable("broken")
        return edition(number)


@pytest.fixture
def slow() -> Slow:
    return Slow()


@pytest.fixture
def beside(slow: Slow) -> BesideLoading:
    loading = BesideLoading(slow)
    slow.gates[1].set()
    assert loading.get(1, None).number == 1
    return loading


def eventually(is_so: Callable[[], bool]) -> bool:
    waiting = threading.Event()
    return any(is_so() or waiting.wait(0.01) for _ in range(1000))


def held(beside: BesideLoading) -> int:
    return beside.held.number if beside.held else 0


def test_the_one_before_answers_until_the_new_one_is_there(
    slow: Slow, beside: BesideLoading
) -> None:
    assert [beside.get(2, 0.01).number for _ in range(3)] == [1, 1, 1]
    slow.gates[2].set()
    assert eventually(lambda: held(beside) == 2)
    assert beside.get(2, 0.01).number == 2
    assert slow.asked == [1, 2]


def test_a_quick_one_is_waited_for(slow: Slow, beside: BesideLoading) -> None:
    slow.gates[2].set()
    assert beside.get(2, 10).number == 2


def test_one_that_was_overtaken_does_not_come_back(slow: Slow, beside: BesideLoading) -> None:
    beside.get(2, 0.01)
    slow.gates[3].set()
    assert beside.get(3, 10).number == 3
    slow.gates[2].set()
    assert eventually(lambda: not any(t.name == "edition 2" for t in threading.enumerate()))
    assert held(beside) == 3


def test_one_that_cannot_be_loaded_leaves_the_one_before_and_is_not_tried_at_each_question(
    slow: Slow, beside: BesideLoading, caplog: pytest.LogCaptureFixture
) -> None:
    slow.broken.add(2)
    slow.gates[2].set()
    assert [beside.get(2, 10).number for _ in range(3)] == [1, 1, 1]
    assert slow.asked == [1, 2]
    assert "edition 2 cannot be loaded, 1 answers on" in caplog.text


def test_who_can_only_wait_is_told_why_it_cannot_be_loaded(
    slow: Slow, beside: BesideLoading
) -> None:
    slow.broken.add(2)
    slow.gates[2].set()
    with pytest.raises(IndexUnusable, match="broken"):
        beside.get(2, None)


def test_the_first_one_is_waited_for_by_everybody(slow: Slow) -> None:
    loading = BesideLoading(slow)
    numbers: list[int] = []
    threads = [
        threading.Thread(target=lambda: numbers.append(loading.get(1, None).number))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    slow.gates[1].set()
    for thread in threads:
        thread.join()
    assert (numbers, slow.asked) == ([1, 1, 1, 1], [1])
