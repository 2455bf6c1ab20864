from __future__ import annotations

import pytest

from civic_assistant.errors import NotPresent
from tests.handoff.scene import Scene


def names(scene: Scene, desk: str | None = None) -> list[str]:
    return [staff.name for staff in scene.handoff.presence.present(scene.now, desk)]


def test_staff_are_there_while_they_are_heard_of(scene: Scene) -> None:
    presence = scene.handoff.presence
    scene.arrive("marie", "luc")
    scene.later(seconds=40)
    assert presence.beat("marie", scene.now)
    scene.later(seconds=10)
    assert names(scene) == ["Marie"]
    assert not presence.beat("nobody", scene.now)


def test_staff_are_there_for_their_own_desks(scene: Scene) -> None:
    scene.arrive("marie", desks=("accueil", "etat-civil"))
    scene.arrive("luc", desks=("accueil",))
    assert names(scene, "etat-civil") == ["Marie"]
    assert names(scene, "accueil") == ["Luc", "Marie"]


def test_arriving_again_changes_desks_and_seats(scene: Scene) -> None:
    presence = scene.handoff.presence
    scene.arrive("marie", seats=1)
    staff = presence.arrive("marie", name="Marie D.", desks=["etat-civil"], now=scene.now)
    assert (staff.name, staff.desks, staff.seats) == ("Marie D.", ("etat-civil",), 2)
    assert presence.present(scene.now) == (staff,)


def test_who_is_away_stays_present_and_holds_what_they_hold(scene: Scene) -> None:
    scene.talk()
    assert scene.handoff.presence.set_away("marie", True, scene.now).is_away
    assert scene.conversation.owner == "marie"
    with pytest.raises(NotPresent):
        scene.handoff.presence.set_away("nobody", True, scene.now)


def test_who_leaves_gives_back_what_they_hold(scene: Scene) -> None:
    scene.talk()
    asleep = scene.another()
    scene.wait(asleep)
    scene.claim("marie", asleep)
    scene.handoff.conversations.gone(asleep)

    assert scene.handoff.presence.leave("marie", scene.now) == 2
    assert scene.conversation.state == "waiting"
    assert scene.handoff.conversations.conversation(asleep).state == "left_message"
    assert names(scene) == []
