from __future__ import annotations

import asyncio

from civic_assistant.desk.recent_lists import LIST_SECONDS, RecentLists
from civic_assistant.desk.waiting_list import WaitingList

EMPTY = WaitingList((), (), ())


class Reader:
    """Counts how often the list is read."""

    def __init__(self) -> None:
        self.read = 0

    def __call__(self) -> WaitingList:
        self.read += 1
        return EMPTY


async def test_tabs_that_are_woken_together_read_the_list_once() -> None:
    lists, reader = RecentLists(), Reader()
    await lists.since_now("awa", reader)
    got = await asyncio.gather(*(lists.since_now("awa", reader) for _ in range(20)))
    assert got == [EMPTY] * 20
    assert reader.read == 2


async def test_a_list_is_never_older_than_the_wish_for_it() -> None:
    lists, reader = RecentLists(), Reader()
    await lists.since_now("awa", reader)
    woken = lists.clock()
    await lists.since_now("awa", reader)
    assert reader.read == 2
    assert LIST_SECONDS / 2 < lists.clock() - woken < 3 * LIST_SECONDS


async def test_colleagues_do_not_wait_for_one_another() -> None:
    lists, reader = RecentLists(), Reader()
    began = lists.clock()
    await asyncio.gather(lists.since_now("awa", reader), lists.since_now("bo", reader))
    assert reader.read == 2
    assert lists.clock() - began < LIST_SECONDS
