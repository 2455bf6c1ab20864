from __future__ import annotations

from datetime import UTC, datetime

import pytest

from civic_assistant.errors import DeskUnavailable, RecordMissing
from civic_assistant.handoff.availability import Availability, Closed, Full, Nobody, Open
from civic_assistant.handoff.estimate import PICK_UP_SECONDS
from civic_assistant.handoff.queue import Place
from tests.handoff.scene import AT, Scene

LUNCH_OVER = datetime(2026, 11, 23, 12, 30, tzinfo=UTC)
EIGHT_MINUTES = 480.0


def available(scene: Scene, desk: str = "accueil") -> Availability:
    return scene.handoff.queue.availability(desk, scene.now)


def queue_up(scene: Scene, number: int, desk: str = "accueil") -> list[str]:
    waiting = []
    for _ in range(number):
        scene.later(seconds=1)
        waiting.append(scene.another())
        scene.wait(waiting[-1], desk)
    return waiting


def test_with_a_free_seat_somebody_comes_at_once(scene: Scene) -> None:
    scene.arrive("marie", seats=2)
    assert available(scene) == Open(0, PICK_UP_SECONDS)


def test_the_wait_grows_with_the_queue(scene: Scene) -> None:
    scene.arrive("marie", seats=2)
    waits = []
    for _ in range(6):
        now = available(scene)
        assert isinstance(now, Open)
        waits.append(now.wait_seconds - PICK_UP_SECONDS)
        queue_up(scene, 1)
    assert waits == [0, 0, 240, 480, 720, 960]


def test_who_waits_sees_their_place_move_up(scene: Scene) -> None:
    scene.arrive("marie", seats=1)
    first, second, third = queue_up(scene, 3)

    def ahead(conversation_id: str) -> int | None:
        place = scene.handoff.queue.place(conversation_id, scene.now)
        return place.ahead if place else None

    assert [ahead(one) for one in (first, second, third)] == [0, 1, 2]
    scene.claim("marie", first)
    assert [ahead(one) for one in (first, second, third)] == [None, 0, 1]
    place = scene.handoff.queue.place(second, scene.now)
    assert place == Place(0, PICK_UP_SECONDS + EIGHT_MINUTES)


def test_more_staff_shorten_the_wait(scene: Scene) -> None:
    scene.arrive("marie", seats=1)
    queue_up(scene, 3)
    alone = available(scene)
    scene.arrive("luc", seats=1)
    two = available(scene)
    assert isinstance(alone, Open) and isinstance(two, Open)
    assert two.wait_seconds < alone.wait_seconds


def test_outside_hours_the_next_opening_is_said(scene: Scene) -> None:
    scene.arrive("marie")
    scene.now = AT.replace(hour=11, minute=30)  # lunch, 12:30 in Paris
    assert available(scene) == Closed(LUNCH_OVER)
    with pytest.raises(DeskUnavailable) as refused:
        scene.wait()
    assert refused.value.availability == Closed(LUNCH_OVER)
    assert scene.conversation.state == "bot"


def test_nobody_there_is_said(scene: Scene) -> None:
    scene.arrive("marie", desks=("etat-civil",))
    assert available(scene) == Nobody(LUNCH_OVER)
    scene.arrive("luc")
    scene.handoff.presence.set_away("luc", True, scene.now)
    assert available(scene) == Nobody(LUNCH_OVER)


def test_a_queue_too_long_is_full(scene: Scene) -> None:
    scene.arrive("marie", seats=1)
    queue_up(scene, 4)
    assert available(scene) == Full(4, LUNCH_OVER)


def test_nobody_waits_past_closing_time(scene: Scene) -> None:
    scene.now = AT.replace(hour=16, minute=24)  # 17:24 in Paris, six minutes before closing
    scene.arrive("marie", seats=1)
    queue_up(scene, 1)
    tomorrow = datetime(2026, 11, 24, 7, 30, tzinfo=UTC)
    assert available(scene) == Full(1, tomorrow)


def test_nobody_is_asked_to_wait_over_lunch_for_less_than_it_takes(scene: Scene) -> None:
    scene.now = AT.replace(hour=10, minute=57)  # three minutes before lunch, which takes 90
    scene.arrive("marie", seats=1)
    assert available(scene) == Open(0, PICK_UP_SECONDS)
    queue_up(scene, 1)
    assert available(scene) == Full(1, LUNCH_OVER)


def test_a_wait_over_lunch_says_so_to_who_waits_already(scene: Scene) -> None:
    scene.now = AT.replace(hour=10, minute=55)
    scene.arrive("marie", seats=1)
    queue_up(scene, 1)
    scene.now = AT.replace(hour=10, minute=57)
    scene.arrive("marie", seats=1)
    second = scene.another()
    scene.handoff.presence.arrive("luc", name="Luc", desks=["accueil"], seats=20, now=scene.now)
    scene.wait(second)
    scene.handoff.presence.leave("luc", scene.now)
    place = scene.handoff.queue.place(second, scene.now)
    # 500 s of work, 180 s of them before lunch, which takes 90 minutes
    assert place is not None
    assert place.wait_seconds == pytest.approx(PICK_UP_SECONDS + EIGHT_MINUTES + 90 * 60)


def test_a_queue_that_shares_its_staff_counts_in_their_share(scene: Scene) -> None:
    scene.arrive("marie", desks=("accueil",), seats=1)
    scene.arrive("luc", desks=("etat-civil",), seats=1)
    queue_up(scene, 2, "etat-civil")
    apart = available(scene)
    scene.arrive("eva", desks=("accueil", "etat-civil"), seats=1)
    shared = available(scene)
    assert apart == Open(0, PICK_UP_SECONDS)
    # half of etat-civil's two seats serve accueil too: one of the two who wait there is ahead
    assert shared == Open(0, PICK_UP_SECONDS)
    queue_up(scene, 1)
    assert available(scene) == Open(1, PICK_UP_SECONDS + EIGHT_MINUTES / 2)


def test_the_length_of_conversations_is_learnt(scene: Scene) -> None:
    scene.arrive("marie", seats=1)
    for _ in range(15):
        one = Scene(scene.handoff, now=scene.now)
        one.arrive("marie", seats=1)
        one.wait()
        one.claim()
        one.later(minutes=2)
        one.handoff.presence.beat("marie", one.now)
        one.close()
        scene.now = one.now
    queue_up(scene, 1)
    now = available(scene)
    assert isinstance(now, Open)
    assert now.wait_seconds - PICK_UP_SECONDS == pytest.approx((15 * 120 + 5 * 480) / 20)


def test_a_desk_that_is_not_in_the_file_is_named(scene: Scene) -> None:
    with pytest.raises(RecordMissing, match="mairie"):
        scene.handoff.queue.availability("mairie", scene.now)
